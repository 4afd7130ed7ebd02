"""Which modules of the player a browser needs before the first picture."""

import functools
import re

from viewer.player import WEB_FOLDER

ENTRY = "player.js"
BUILT_FROM = ("session.js", "frames.js")
"""What the entry asks for as soon as it runs; it imports nothing itself, so that nothing waits for it."""

_IMPORT = re.compile(r'^import [^"]*"(\.{1,2}/[\w./]+\.js)";$', re.MULTILINE)


@functools.cache
def needed_at_once() -> tuple[str, ...]:
    """Return the modules that the player is built from, by their paths below the folder; the entry comes first.

    Found one by one as each names the next, they would come in six waves. What is fetched only when
    somebody asks for it (drawing, keeping, exports, …) is not among them.
    """
    found: list[str] = []
    waiting = [ENTRY, *BUILT_FROM]
    while waiting:
        name = waiting.pop(0)
        if name in found:
            continue
        found.append(name)
        path = WEB_FOLDER / name
        others = [
            (path.parent / other).resolve() for other in _IMPORT.findall(path.read_text(encoding="utf-8"))
        ]
        waiting += [other.relative_to(WEB_FOLDER.resolve()).as_posix() for other in others]
    return tuple(found)
