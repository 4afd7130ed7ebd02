"""``/api/visits/{token}/…``: a person's opened clips, read, kept or given up, and gone when she leaves.

The token in the path is unguessable and known to the visitor's page alone; it
is what guards these routes. Nothing of a visit may be cached anywhere.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from viewer.house import house
from viewer.reading import Reading, in_own_thread
from viewer.results import State
from viewer.routes.packs import NO_CLIP, NOT_AT_ALL, is_sha256, map_response, pack_response
from viewer.routes.progress import Say, told_lines
from viewer.routes.refusals import RefusedError
from viewer.visits import Visit

GONE = "This visit has ended. Reload the page to begin a new one."


def visit_of(request: Request) -> Visit | None:
    """Return the visit that the path names, or ``None`` where there is none (any more)."""
    return house().visits.find(request.path_params["token"])


def visit_with_clip(place: dict[str, Any]) -> Visit:
    """Return the visit whose clip a path names.

    Raises
    ------
    RefusedError
        If the visit has ended, or has no such clip.
    """
    visit, sha256 = house().visits.find(place["token"]), place["sha256"]
    if visit is None or not is_sha256(sha256):
        raise RefusedError(404, GONE)
    if not visit.store.has(sha256):
        raise RefusedError(404, NO_CLIP)
    return visit


def refusal(sentence: str, status_code: int) -> Response:
    """Answer with one sentence for the person."""
    return JSONResponse({"error": sentence}, status_code=status_code, headers={"Cache-Control": NOT_AT_ALL})


async def visit_clip(request: Request) -> Response:
    """Answer with a pack of the visit, never to be kept by the browser."""
    visit, sha256 = visit_of(request), request.path_params["sha256"]
    if visit is None or not is_sha256(sha256):
        return refusal(GONE, 404)
    return pack_response(visit.store.path(sha256), cache_control=NOT_AT_ALL)


async def visit_tissue_map(request: Request) -> Response:
    """Answer with the map of an opened clip's tissue, to who opened it, never to be kept by the browser."""
    visit = visit_of(request)
    if visit is None:
        return refusal(GONE, 404)
    return await map_response(visit.tissue, request.path_params["sha256"], cache_control=NOT_AT_ALL)


async def open_arrived(request: Request) -> Response:
    """Read the files that have arrived; answer line by line (JSON) with the plan, progress and outcomes."""
    visit = visit_of(request)
    if visit is None:
        return refusal(GONE, 404)
    visit.stop_reading.clear()

    def order(reading: Reading) -> None:
        reading.all_arrived()

    return _lines_of(visit, order, visit.stop_reading.is_set)


async def stop_opening(request: Request) -> Response:
    """Cancel all that is still to be read; the answer to the order itself says what came of it."""
    visit = visit_of(request)
    if visit is None:
        return refusal(GONE, 404)
    visit.stop_reading.set()
    return Response(status_code=204)


async def keep_good_frames(request: Request) -> Response:
    """Read a clip again without its damaged or missing frames, as the person decided; answer line by line."""
    visit, row_id = visit_of(request), request.path_params["row_id"]
    if visit is None:
        return refusal(GONE, 404)
    if visit.results.of(row_id).state is not State.UNDECIDED:
        return refusal("There is nothing to decide about this file any more.", 409)

    def order(reading: Reading) -> None:
        reading.good_frames_of(row_id)

    return _lines_of(visit, order, lambda: False)


async def give_up(request: Request) -> Response:
    """Stop reading one file, or leave it out; nothing of it is kept."""
    visit = visit_of(request)
    if visit is None:
        return refusal(GONE, 404)
    given_up = await asyncio.to_thread(visit.results.give_up, request.path_params["row_id"])
    if given_up is None:
        return refusal("This file is no longer being read.", 409)
    return JSONResponse({"row": given_up.row()}, headers={"Cache-Control": NOT_AT_ALL})


async def leave(request: Request) -> Response:
    """End the visit; the page says so when it is closed."""
    visit = visit_of(request)
    if visit is not None:
        await asyncio.to_thread(house().end_visit, visit)
    return Response(status_code=204)


def _lines_of(visit: Visit, order: Callable[[Reading], None], is_cancelled: Callable[[], bool]) -> Response:
    """Carry out an order and answer with its lines; it stops when nobody listens any more."""
    gone = threading.Event()

    def start(say: Say) -> "Future[None]":
        reading = Reading(visit, house().decoder, say, lambda: gone.is_set() or is_cancelled())
        return in_own_thread(lambda: order(reading), say)

    # The type of event streams, because Streamlit would hold back and compress any other.
    return StreamingResponse(
        told_lines(start, gone), media_type="text/event-stream", headers={"Cache-Control": NOT_AT_ALL}
    )
