"""``…/carry``: a mark followed by the tissue of a clip, of a case or opened for a visit, with its progress.

The mark comes with the request and goes back with the answer; nothing is
written, so readers may have their own marks followed. A browser that goes
away, or stops it, ends the work; so does the end of the visit.
"""

import asyncio
import threading
from collections.abc import AsyncGenerator
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from annotations.document import content_of
from annotations.errors import AnnotationError, FollowingError
from annotations.following import follow_mark
from annotations.mark import Mark
from annotations.motion.grey_frames import Frames
from cases.cine import Cine
from cases.clip import ClipKind
from cases.errors import CaseError
from viewer.export_source import opened_case_of
from viewer.house import house
from viewer.routes.packs import NO_CLIP, is_sha256
from viewer.routes.progress import Say, in_percent, told_lines
from viewer.routes.refusals import FRESH, RefusedError, body_within, in_one_sentence
from viewer.routes.visits import GONE, visit_with_clip
from viewer.visits import Visit, VisitEndedError

MAX_MARK_BYTES = 8 * 1024 * 1024
_TOO_LARGE = f"A mark has at most {MAX_MARK_BYTES // 2**20} MiB; draw it with fewer points."
_SLICES = "Slices are places, not moments; nothing moves from one to the next. Draw on a clip of ultrasound."
STOPPED = "The following was stopped; the mark stays as it was."


class Wish(BaseModel):
    """A mark, and the frame on which it is looked at."""

    model_config = ConfigDict(strict=True, frozen=True)

    mark: Mark
    frame_index: Annotated[int, Field(ge=0)] = 0


@dataclass(frozen=True, slots=True, eq=False)
class Footage:
    """What a mark is followed over.

    Parameters
    ----------
    frames : Frames
        The frames of the clip.
    visit : Visit, optional
        Whose clip it is, where it goes with her visit.
    """

    frames: Frames
    visit: Visit | None = None

    def held(self) -> AbstractContextManager[None]:
        """Hold the frames while they are read; of an ended visit there are none."""
        return nullcontext() if self.visit is None else self.visit.at_work()

    @property
    def is_gone(self) -> bool:
        """Whether the visit has ended."""
        return self.visit is not None and self.visit.has_ended.is_set()


@in_one_sentence
async def carry(request: Request) -> Response:
    """Follow one mark; answer line by line with the progress, then with the mark on its track or a sentence."""
    visitor = request.headers.get("x-visitor", "")
    if not 16 <= len(visitor) <= 64:
        raise RefusedError(400, "The following was not asked for by the player; reload the page.")
    wish = await _wish(request)
    place = request.path_params
    clip_id = place.get("clip_id", wish.mark.clip)  # an opened clip is known by its pixels, not by its place
    if wish.mark.clip != clip_id:
        raise RefusedError(422, f"This mark is on the clip “{wish.mark.clip}”, not on “{clip_id}”.")
    footage = await asyncio.to_thread(_footage, place)
    return StreamingResponse(
        followed_lines(visitor, footage, wish), media_type="text/event-stream", headers=FRESH
    )


def followed_lines(visitor: str, footage: Footage, wish: Wish) -> AsyncGenerator[str, None]:
    """Follow a mark, and yield what is said of it, line by line; it stops when nobody listens any more."""
    stopped = threading.Event()
    return told_lines(lambda say: _begun(visitor, footage, wish, stopped, say), stopped)


def _begun(visitor: str, footage: Footage, wish: Wish, stopped: threading.Event, say: Say) -> Future[None]:
    """Begin as late as somebody listens, so that who left before holds no place."""
    try:
        return house().followings.run(visitor, stopped, lambda: _work(footage, wish, stopped, say))
    except FollowingError as busy:
        say({"error": str(busy)})
        refused: Future[None] = Future()
        refused.set_result(None)
        return refused


def _work(footage: Footage, wish: Wish, stopped: threading.Event, say: Say) -> None:
    tell = in_percent(say)

    def progress(done: int, of: int) -> None:
        if footage.is_gone:
            raise VisitEndedError
        if stopped.is_set():
            raise FollowingError(STOPPED)
        tell(done, of)

    try:
        with footage.held():
            progress(0, 1)
            mark = follow_mark(footage.frames, wish.mark, wish.frame_index, progress=progress)
        say({"mark": content_of(mark)})
    except VisitEndedError:
        say({"error": GONE})
    except (AnnotationError, CaseError) as error:
        say({"error": str(error)})
    except Exception:  # whatever the tracker fails with, the reader gets a sentence; the log gets the rest
        say({"error": "The following failed on the server; the mark stays as it was."})
        raise


def _footage(place: dict[str, Any]) -> Footage:
    if "case_id" in place:
        return _of_case(place["case_id"], place["clip_id"])
    if "token" in place:
        return _of_visit(visit_with_clip(place), place["sha256"])
    sha256 = place["sha256"]
    if not is_sha256(sha256) or not house().store.has(sha256):
        raise RefusedError(404, NO_CLIP)
    return Footage(_moving(house().store.cine(sha256)))


def _of_visit(visit: Visit, sha256: str) -> Footage:
    try:
        with visit.at_work():
            return Footage(_moving(visit.store.cine(sha256)), visit)
    except VisitEndedError as ended:
        raise RefusedError(404, GONE) from ended


def _moving(cine: Cine) -> Frames:
    if cine.head.kind is ClipKind.SERIES:
        raise RefusedError(422, _SLICES)
    return cine.frames


def _of_case(case_id: str, clip_id: str) -> Footage:
    if clip_id in {view.id for view in house().catalogue.manifest(case_id).static_views}:
        raise RefusedError(422, _SLICES)
    opened = opened_case_of(case_id)
    opened.case.manifest_clip(clip_id)  # refuses a clip that is not there
    return Footage(opened.cine(clip_id).frames)


async def _wish(request: Request) -> Wish:
    body = await body_within(request, MAX_MARK_BYTES, _TOO_LARGE)
    try:
        return await asyncio.to_thread(Wish.model_validate_json, body)
    except ValidationError as error:
        raise RefusedError(422, "This mark is not one that can be followed; reload the page.") from error
