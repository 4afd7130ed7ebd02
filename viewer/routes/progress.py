"""Long work told line by line (JSON): it runs in a thread, and stops when nobody listens any more."""

import asyncio
import json
import threading
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import Future
from typing import Any

Line = dict[str, Any]
Say = Callable[[Line], None]


async def told_lines(
    start: Callable[[Say], "Future[None]"], stopped: threading.Event
) -> AsyncGenerator[str, None]:
    """Yield what the work says, and set an event as soon as the listener is gone.

    Parameters
    ----------
    start : callable
        Given where to say lines, begins the work in another thread and returns its future.
    stopped : threading.Event
        Set when nobody listens, or when all is said.

    Yields
    ------
    str
        A line of JSON with its end of line.
    """
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[Line | None] = asyncio.Queue()

    def put(line: Line | None) -> None:
        loop.call_soon_threadsafe(lines.put_nowait, line)

    try:
        start(put).add_done_callback(lambda _work: put(None))
        while (line := await lines.get()) is not None:
            yield json.dumps(line, ensure_ascii=False) + "\n"
    finally:
        stopped.set()


def in_percent(say: Say) -> Callable[[int, int], None]:
    """Return a listener of progress that says a line for each per cent, and no more."""
    said = -1

    def progress(done: int, of: int) -> None:
        nonlocal said
        percent = done * 100 // max(of, 1)
        if percent > said:
            said = percent
            say({"done": done, "of": of})

    return progress
