"""``/api/cases/{case_id}/…``: the layers of a case, the gestures that change them, and their history.

A gesture is answered with 200 only after its commit. Everyone may read the
layers as they stand; what stood there before is for authors alone, for a note
that was taken back was taken back with reason.
"""

import asyncio
import functools
import gzip
import hashlib
import json
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from annotations.clip_chapters import ClipChapters
from annotations.document import AnnotatedFrame
from annotations.layers import layer_states
from annotations.mark import Mark
from annotations.part import ItemId, Label
from annotations.revision import Gesture
from annotations.store import AnnotationStore
from viewer.authors import READERS_ONLY, may_write
from viewer.house import house
from viewer.layer_json import kept_json, layer_json, revision_json
from viewer.routes.refusals import FRESH, RefusedError, body_within, in_one_sentence

MAX_GESTURE_BYTES = 8 * 1024 * 1024
"""A tissue of a hundred points, carried over a thousand frames, has a fifth of it."""

Part = TypeVar("Part", bound=BaseModel)


class Restoration(BaseModel):
    """Which revision is to be the present one again, under which new id."""

    model_config = ConfigDict(strict=True, frozen=True)

    revision_id: ItemId
    new_id: ItemId
    author: Label = ""


@in_one_sentence
async def layers(request: Request) -> Response:
    """Answer with every layer of a case as it stands: the bundled seeds, and the edits over them."""
    case_id = request.path_params["case_id"]
    etag, packed = await asyncio.to_thread(_packed_layers, case_id)
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(gzip.decompress(packed), media_type="application/json", headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(packed, media_type="application/json", headers=headers)


def _packed_layers(case_id: str) -> tuple[str, bytes]:
    _look_up(case_id)
    store = house().marks.open()
    # The place in the order is read first: what is kept meanwhile is told again, and never passed over.
    return _packed(case_id, store, store.newest(case_id))


@functools.lru_cache(maxsize=16)
def _packed(case_id: str, store: AnnotationStore, sequence: int) -> tuple[str, bytes]:
    said = {"sequence": sequence, "layers": [layer_json(state) for state in layer_states(case_id, store)]}
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    return f'W/"{hashlib.sha256(text).hexdigest()[:32]}"', gzip.compress(text, compresslevel=5, mtime=0)


@in_one_sentence
async def since(request: Request) -> Response:
    """Answer with the items that changed after a place in the order, as they stand now."""
    case_id, after = request.path_params["case_id"], request.path_params["sequence"]
    return JSONResponse(await asyncio.to_thread(_since, case_id, after), headers=FRESH)


def _since(case_id: str, after: int) -> dict[str, Any]:
    store = house().marks.open()
    newest = store.newest(case_id)
    changed = store.changed_since(case_id, after) if newest > after else {}
    items = [
        {"layer": layer, "item": item, "heads": [revision_json(head) for head in heads]}
        for (layer, item), heads in changed.items()
    ]
    return {"sequence": newest, "items": items}


@in_one_sentence
async def keep_gesture(request: Request) -> Response:
    """Keep one gesture, and answer once it is committed."""
    _only_authors(request)
    gesture = _parsed(Gesture, await _body(request))
    case_id = request.path_params["case_id"]
    if gesture.case != case_id:
        raise RefusedError(422, f"This gesture is about the case “{gesture.case}”, not about “{case_id}”.")
    store = await asyncio.to_thread(_store_for, gesture)
    kept = await asyncio.wrap_future(store.submit(gesture))
    return JSONResponse(kept_json(kept), headers=FRESH)


@in_one_sentence
async def history(request: Request) -> Response:
    """Answer with every revision of one item, the oldest first."""
    _only_authors(request)
    case_id, layer, item = (request.path_params[name] for name in ("case_id", "layer", "item"))
    revisions = await asyncio.to_thread(lambda: house().marks.open().history(case_id, layer, item))
    return JSONResponse({"revisions": [revision_json(each) for each in revisions]}, headers=FRESH)


@in_one_sentence
async def restore(request: Request) -> Response:
    """Make an earlier revision the present one."""
    _only_authors(request)
    asked = _parsed(Restoration, await _body(request))
    kept = await asyncio.to_thread(_restored, request.path_params["case_id"], asked)
    return JSONResponse(kept, headers=FRESH)


def _restored(case_id: str, asked: Restoration) -> dict[str, Any]:
    store = house().marks.open()
    if store.revision(asked.revision_id).case != case_id:
        raise RefusedError(404, f"There is no such revision in the case “{case_id}”.")
    return kept_json(store.restore(asked.revision_id, new_id=asked.new_id, author=asked.author))


def _only_authors(request: Request) -> None:
    if not may_write(request):
        raise RefusedError(403, READERS_ONLY)


async def _body(request: Request) -> bytes:
    too_large = f"A gesture has at most {MAX_GESTURE_BYTES // 2**20} MiB; draw with fewer points."
    return await body_within(request, MAX_GESTURE_BYTES, too_large)


def _parsed(model: type[Part], body: bytes) -> Part:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise RefusedError(422, f"The gesture cannot be kept: {_first_problem(error)}.") from error


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_context=False, include_input=False)[0]
    key = ".".join(str(part) for part in problem["loc"])
    message = problem["msg"].removeprefix("Value error, ")
    return f"{key}: {message}" if key else message


def _store_for(gesture: Gesture) -> AnnotationStore:
    """Return the store, if the case has the clip that the gesture is about."""
    clips = _look_up(gesture.case)
    content = gesture.content
    if isinstance(content, Mark | AnnotatedFrame | ClipChapters) and content.clip not in clips:
        raise RefusedError(422, f"The case “{gesture.case}” has no clip “{content.clip}”.")
    return house().marks.open()


def _look_up(case_id: str) -> set[str]:
    """Return the ids of the clips and static views of a case."""
    manifest = house().catalogue.manifest(case_id)
    return {clip.id for clip in manifest.clips} | {view.id for view in manifest.static_views}
