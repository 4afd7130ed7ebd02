"""The player's modules, answered before Streamlit is asked.

A cold browser asks for some sixty small files. Streamlit reads each in a
thread, compresses it anew and passes it through four layers; here it is read
and sent.
"""

from pathlib import Path

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from viewer import intake, player

_PREFIX = "/_stcore/bidi-components/"
_MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css"}
_FOLDERS = {player.COMPONENT_NAME: player.WEB_FOLDER, intake.COMPONENT_NAME: intake.WEB_FOLDER}


def module_files() -> dict[str, Path]:
    """Return the file behind each address: the modules and style sheets of our components, and nothing else."""
    return {
        f"{_PREFIX}{component}/{path.relative_to(folder).as_posix()}": path
        for component, folder in _FOLDERS.items()
        for path in folder.rglob("*")
        if path.suffix in _MEDIA_TYPES
    }


class Modules:
    """ASGI middleware: answers the addresses of `module_files`, and passes everything else on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._files = module_files()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a module from its file."""
        path = (
            self._files.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "GET" else None
        )
        if path is None:
            await self._app(scope, receive, send)
            return
        # A few kilobytes from the page cache: a thread for it would cost more than it saves.
        answer = Response(
            path.read_bytes(), media_type=_MEDIA_TYPES[path.suffix], headers={"Cache-Control": "no-cache"}
        )
        await answer(scope, receive, send)
