"""``/api/visits/{token}/files/{number}``: files that are being sent; streamed to disk, never held in memory."""

import asyncio
import logging
import shutil
from collections.abc import AsyncIterable
from pathlib import Path
from urllib.parse import unquote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from cases.sentences import Refusal
from viewer.arriving import ArrivalRefusedError
from viewer.house import house
from viewer.routes.packs import NOT_AT_ALL
from viewer.routes.visits import GONE, refusal, visit_of
from viewer.visits import Visit, VisitEndedError

IDLE_LIMIT_S = 60.0
_GIB = 2**30
SPARE_BYTES = _GIB
"""Never taken by what arrives, so that marks can still be kept."""

_MEASURED_EACH_BYTES = 64 << 20
_log = logging.getLogger(__name__)


async def receive_file(request: Request) -> Response:
    """Take one file; ``X-File-Name`` holds its path, percent-encoded, with the folders that it lies in."""
    visit = visit_of(request)
    if visit is None:
        return refusal(GONE, 404)
    try:
        with visit.at_work():
            received_bytes = await _receive(visit, request)
    except VisitEndedError:
        return refusal(GONE, 404)
    except ArrivalRefusedError as error:
        _log.info("arrival refused: status=%d", error.status_code)
        return refusal(str(error), error.status_code)
    except OSError as error:
        _log.warning("arrival failed: %s", error.strerror)
        return refusal(f"The file could not be kept on the server: {error.strerror}.", 507)
    return JSONResponse({"received_bytes": received_bytes}, headers={"Cache-Control": NOT_AT_ALL})


async def cancel_file(request: Request) -> Response:
    """Delete what has arrived under a number, and take no more of it."""
    visit = visit_of(request)
    if visit is None:
        return refusal(GONE, 404)
    await asyncio.to_thread(visit.arrivals.cancel, request.path_params["number"])
    return Response(status_code=204)


async def _receive(visit: Visit, request: Request) -> int:
    number, text = request.path_params["number"], unquote(request.headers.get("x-file-name", "")) or "clip"
    limit_bytes = house().settings.limits.max_file_bytes
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit_bytes:
        raise too_large(limit_bytes)
    needed_bytes = int(announced) if announced.isdecimal() else 0
    if shutil.disk_usage(visit.folder).free < needed_bytes + SPARE_BYTES:
        raise ArrivalRefusedError("The server has no room for this file; close clips and drop it again.", 507)
    if await asyncio.to_thread(visit.disk.left_bytes) <= needed_bytes:
        raise _visit_full(visit)
    part, place = visit.arrivals.begin(number, text)
    try:
        received_bytes = await stream_to(part, _until_ended(visit, request), limit_bytes)
        await asyncio.to_thread(visit.arrivals.keep, number, part, place)
    except BaseException:  # also where the connection was cut
        part.unlink(missing_ok=True)
        visit.arrivals.give_up(number, text)
        raise
    return received_bytes


async def _until_ended(visit: Visit, request: Request) -> AsyncIterable[bytes]:
    unmeasured_bytes = 0
    try:
        async for chunk in request.stream():
            if visit.has_ended.is_set():
                raise VisitEndedError
            yield chunk
            unmeasured_bytes += len(chunk)
            if unmeasured_bytes > _MEASURED_EACH_BYTES:  # others may be sent beside it
                unmeasured_bytes = 0
                if not await asyncio.to_thread(visit.disk.left_bytes):
                    raise _visit_full(visit)
    except ClientDisconnect:
        raise ArrivalRefusedError("The upload was broken off.", 400) from None


def _visit_full(visit: Visit) -> ArrivalRefusedError:
    return ArrivalRefusedError(str(visit.disk.full_error()), 413)


def too_large(limit_bytes: int) -> ArrivalRefusedError:
    """Make the refusal of a file of more bytes than the limit."""
    return ArrivalRefusedError(Refusal.FILE_TOO_LARGE.say({"limit_gib": round(limit_bytes / _GIB, 2)}), 413)


async def stream_to(
    part: Path, chunks: AsyncIterable[bytes], limit_bytes: int, *, idle_limit_s: float = IDLE_LIMIT_S
) -> int:
    """Write what comes to a file, chunk by chunk.

    Parameters
    ----------
    part : Path
        The file to write.
    chunks : async iterable of bytes
        What comes.
    limit_bytes : int
        How much is taken.
    idle_limit_s : float
        How long nothing may come.

    Returns
    -------
    int
        How many bytes came.

    Raises
    ------
    ArrivalRefusedError
        If too much comes, or nothing for too long.
    """
    received_bytes, coming = 0, aiter(chunks)
    with part.open("wb") as file:
        while True:
            try:
                async with asyncio.timeout(idle_limit_s):
                    chunk = await anext(coming)
            except StopAsyncIteration:
                return received_bytes
            except TimeoutError:
                sentence = (
                    f"Nothing came for {idle_limit_s:g} s; check the connection and drop the file again."
                )
                raise ArrivalRefusedError(sentence, 408) from None
            received_bytes += len(chunk)
            if received_bytes > limit_bytes:
                raise too_large(limit_bytes)
            await asyncio.to_thread(file.write, chunk)
