"""``/api/visits/{token}/…``: files that are opened without making a case, and their packs.

The token in the path is unguessable and known to the visitor's page alone; it
is what guards these routes. Nothing of a visit may be cached anywhere.
"""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from cases.errors import CaseError
from cases.intake import open_files
from viewer.house import house
from viewer.routes.packs import NOT_AT_ALL, is_sha256, pack_response
from viewer.visits import Visit

MAX_FILES_PER_VISIT = 2_000
MAX_NAME_LENGTH = 400
_GONE = "This visit has ended. Reload the page to begin a new one."


def _visit(request: Request) -> Visit | None:
    return house().visits.find(request.path_params["token"])


def _refusal(sentence: str, status_code: int) -> Response:
    return JSONResponse({"error": sentence}, status_code=status_code, headers={"Cache-Control": NOT_AT_ALL})


async def visit_clip(request: Request) -> Response:
    """Answer with a pack of the visit, never to be kept by the browser."""
    visit, sha256 = _visit(request), request.path_params["sha256"]
    if visit is None or not is_sha256(sha256):
        return _refusal(_GONE, 404)
    return pack_response(visit.store.path(sha256), cache_control=NOT_AT_ALL)


async def receive_file(request: Request) -> Response:
    """Stream one file to the visit's folder of arriving files; nothing is held in memory."""
    visit = _visit(request)
    if visit is None:
        return _refusal(_GONE, 404)
    number = request.path_params["number"]
    if number >= MAX_FILES_PER_VISIT:
        return _refusal(f"At most {MAX_FILES_PER_VISIT} files can be opened in one visit.", 413)
    place = visit.arriving / str(number) / arriving_name(unquote(request.headers.get("x-file-name", "")))
    limit_bytes = house().settings.limits.max_file_bytes
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        received_bytes = await _stream_to(place, request, limit_bytes)
    except ClientDisconnect:
        place.unlink(missing_ok=True)
        return _refusal("The upload was broken off.", 400)
    except OSError as error:
        place.unlink(missing_ok=True)
        return _refusal(f"The file could not be kept on the server: {error.strerror}.", 507)
    if received_bytes is None:
        place.unlink(missing_ok=True)
        return _refusal(f"The file is larger than {limit_bytes // 2**30} GiB; export a shorter clip.", 413)
    return JSONResponse({"received_bytes": received_bytes}, headers={"Cache-Control": NOT_AT_ALL})


def arriving_name(name: str) -> str:
    """Return a file name that is safe to use on disk, without any folder of the sender's.

    >>> arriving_name("thigh/../../clip 1.dcm")
    'clip 1.dcm'
    >>> arriving_name("..")
    'clip'
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(letter for letter in last if letter.isprintable() and letter not in '<>:"|?*')
    return kept.strip(". ")[-MAX_NAME_LENGTH // 4 :] or "clip"


async def _stream_to(place: Path, request: Request, limit_bytes: int) -> int | None:
    received_bytes = 0
    with place.open("wb") as file:
        async for chunk in request.stream():
            received_bytes += len(chunk)
            if received_bytes > limit_bytes:
                return None
            await asyncio.to_thread(file.write, chunk)
    return received_bytes


async def open_arrived(request: Request) -> Response:
    """Read the files that have arrived; answer line by line (JSON) with progress, then with the outcome."""
    visit = _visit(request)
    if visit is None:
        return _refusal(_GONE, 404)
    return StreamingResponse(
        _open_lines(visit), media_type="text/event-stream", headers={"Cache-Control": NOT_AT_ALL}
    )


async def _open_lines(visit: Visit) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
    cancelled = threading.Event()

    def say(line: dict[str, Any] | None) -> None:
        loop.call_soon_threadsafe(lines.put_nowait, line)

    work = loop.run_in_executor(None, _open_all, visit, say, cancelled)
    try:
        while (line := await lines.get()) is not None:
            yield json.dumps(line) + "\n"
        await work
    finally:
        cancelled.set()


def _open_all(visit: Visit, say: Callable[[dict[str, Any] | None], None], cancelled: threading.Event) -> None:
    try:
        paths = sorted(visit.arriving.glob("*/*"), key=lambda path: int(path.parent.name))
        opened = open_files(
            paths,
            visit.store,
            house().decoder,
            progress=lambda name, done, total: say({"name": name, "done": done, "total": total}),
            cancel=cancelled.is_set,
        )
        visit.opened.extend(opened)
        say({"opened": len(opened)})
    except CaseError as error:
        say({"error": str(error)})
    except OSError as error:
        say({"error": f"The files could not be read on the server: {error.strerror}."})
    finally:
        _forget_arrived(visit)
        say(None)


def _forget_arrived(visit: Visit) -> None:
    for path in visit.arriving.glob("*/*"):
        path.unlink(missing_ok=True)


async def leave(request: Request) -> Response:
    """End the visit; the page says so when it is closed."""
    visit = _visit(request)
    if visit is not None:
        await asyncio.to_thread(house().visits.end, visit)
    return Response(status_code=204)
