"""``…/carry``: a mark followed by the tissue of a clip, with its progress.

The mark comes with the request and goes back with the answer; nothing is
written, so readers may have their own marks followed. A browser that goes
away, or stops it, ends the work.
"""

import asyncio
import threading
from concurrent.futures import Future
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from annotations.document import content_of
from annotations.errors import AnnotationError, FollowingError
from annotations.following import follow_mark
from annotations.mark import Mark
from annotations.motion.grey_frames import Frames
from cases.errors import CaseError
from viewer.export_source import opened_case_of
from viewer.house import house
from viewer.routes.progress import Say, in_percent, told_lines
from viewer.routes.refusals import FRESH, RefusedError, body_within, in_one_sentence

MAX_MARK_BYTES = 8 * 1024 * 1024
_TOO_LARGE = f"A mark has at most {MAX_MARK_BYTES // 2**20} MiB; draw it with fewer points."
_SLICES = "Slices are places, not moments; nothing moves from one to the next. Draw on a clip of ultrasound."
STOPPED = "The following was stopped; the mark stays as it was."


class Wish(BaseModel):
    """A mark, and the frame on which it is looked at."""

    model_config = ConfigDict(strict=True, frozen=True)

    mark: Mark
    frame_index: Annotated[int, Field(ge=0)] = 0


@in_one_sentence
async def carry(request: Request) -> Response:
    """Follow one mark; answer line by line with the progress, then with the mark on its track or a sentence."""
    visitor = request.headers.get("x-visitor", "")
    if not 16 <= len(visitor) <= 64:
        raise RefusedError(400, "The following was not asked for by the player; reload the page.")
    wish = await _wish(request)
    case_id, clip_id = request.path_params["case_id"], request.path_params["clip_id"]
    if wish.mark.clip != clip_id:
        raise RefusedError(422, f"This mark is on the clip “{wish.mark.clip}”, not on “{clip_id}”.")
    frames = await asyncio.to_thread(_frames, case_id, clip_id)
    stopped = threading.Event()
    lines = told_lines(lambda say: _begun(visitor, frames, wish, stopped, say), stopped)
    return StreamingResponse(lines, media_type="text/event-stream", headers=FRESH)


def _begun(visitor: str, frames: Frames, wish: Wish, stopped: threading.Event, say: Say) -> Future[None]:
    """Begin as late as somebody listens, so that who left before holds no place."""
    try:
        return house().followings.run(visitor, stopped, lambda: _work(frames, wish, stopped, say))
    except FollowingError as busy:
        say({"error": str(busy)})
        refused: Future[None] = Future()
        refused.set_result(None)
        return refused


def _work(frames: Frames, wish: Wish, stopped: threading.Event, say: Say) -> None:
    tell = in_percent(say)

    def progress(done: int, of: int) -> None:
        if stopped.is_set():
            raise FollowingError(STOPPED)
        tell(done, of)

    try:
        progress(0, 1)
        say({"mark": content_of(follow_mark(frames, wish.mark, wish.frame_index, progress=progress))})
    except (AnnotationError, CaseError) as error:
        say({"error": str(error)})
    except Exception:  # whatever the tracker fails with, the reader gets a sentence; the log gets the rest
        say({"error": "The following failed on the server; the mark stays as it was."})
        raise


def _frames(case_id: str, clip_id: str) -> Frames:
    if clip_id in {view.id for view in house().catalogue.manifest(case_id).static_views}:
        raise RefusedError(422, _SLICES)
    opened = opened_case_of(case_id)
    opened.case.manifest_clip(clip_id)  # refuses a clip that is not there
    return opened.cine(clip_id).frames


async def _wish(request: Request) -> Wish:
    body = await body_within(request, MAX_MARK_BYTES, _TOO_LARGE)
    try:
        return await asyncio.to_thread(Wish.model_validate_json, body)
    except ValidationError as error:
        raise RefusedError(422, "This mark is not one that can be followed; reload the page.") from error
