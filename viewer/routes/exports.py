"""``…/exports``: what can be taken out of a clip, the work with its progress, and the file.

The work runs in a thread. Its answer is a stream of lines; a browser that goes
away, or stops it, ends the work, and nothing of it stays.
"""

import asyncio
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse

from annotations.document import AnnotationDocument
from annotations.errors import AnnotationError, ExportCancelledError, ExportError
from annotations.exporting import IN_DICOM, PRODUCTS, Order, export, hindrance, left_out, title_of
from annotations.part import Identifier
from cases.errors import CaseError
from viewer.export_source import ALL_LAYERS, VISIT, Source, case_source, visit_source
from viewer.exports import Export
from viewer.house import house
from viewer.routes.progress import Say, in_percent, told_lines
from viewer.routes.refusals import FRESH, RefusedError, body_within, in_one_sentence
from viewer.routes.visits import visit_with_clip

MAX_WISH_BYTES = 8 * 1024 * 1024
NOBODY = "Who was examined is not in it; other programs find the clip by the identifiers of its file."
PICTURES = ("png", "mp4", "webm", "gif")
_TOO_LARGE = (
    f"Marks of more than {MAX_WISH_BYTES // 2**20} MiB are not exported at once; export them layer by layer."
)


class Wish(BaseModel):
    """What a browser asks for; its own marks come with it only where they shall be in the file, and are not kept."""

    model_config = ConfigDict(strict=True, frozen=True)

    clip: Identifier = "clip"
    layer: str = ALL_LAYERS
    product: str = PRODUCTS[0]
    frame_index: Annotated[int, Field(ge=0)] = 0
    scale: int = 1
    frame_time_ms: Annotated[float, Field(gt=0, le=60_000)] | None = None
    own: AnnotationDocument | None = None


@in_one_sentence
async def offer(request: Request) -> Response:
    """Answer with every product: what it leaves out, or why it cannot be made."""
    wish = await _wish(request)
    return JSONResponse(await asyncio.to_thread(_offer, request.path_params, wish), headers=FRESH)


def _offer(place: dict[str, Any], wish: Wish) -> dict[str, Any]:
    source = _source(place, wish)
    document = source.document(wish.layer)
    layers = [{"id": each.layer.id, "title": each.layer.title or each.layer.id} for each in source.documents]
    products = [
        {
            "id": product,
            "title": title_of(product),
            "left_out": _left_out(source, document, product),
            "hindrance": _hindrance(source, document, wish, product),
        }
        for product in PRODUCTS
    ]
    return {"layers": layers, "products": products}


def _left_out(source: Source, document: AnnotationDocument, product: str) -> tuple[str, ...]:
    nobody = (NOBODY,) if source.case == VISIT and product in IN_DICOM else ()
    return (*nobody, *left_out(document, source.facts, product))


def _hindrance(source: Source, document: AnnotationDocument, wish: Wish, product: str) -> str | None:
    if product in ("mp4", "webm", "gif") and wish.frame_time_ms is not None:
        return None
    return hindrance(document, source.facts, product)


@in_one_sentence
async def make(request: Request) -> Response:
    """Make one product; answer line by line with the progress, then with the address of the file or a sentence."""
    visitor = request.headers.get("x-visitor", "")
    if not 16 <= len(visitor) <= 64:
        raise RefusedError(400, "The export was not asked for by the player; reload the page.")
    wish = await _wish(request)
    source = await asyncio.to_thread(_source, request.path_params, wish)
    order = _order(wish)
    name = order.file_name(source.case, source.facts.clip, source.document(wish.layer).layer.id)
    try:
        begun = house().exports.begin(visitor, name)
    except ExportError as busy:
        raise RefusedError(429, str(busy)) from busy
    lines = told_lines(
        lambda say: house().exports.run(begun, lambda: _work(begun, source, wish, say)), begun.stopped
    )
    return StreamingResponse(lines, media_type="text/event-stream", headers=FRESH)


def _work(begun: Export, source: Source, wish: Wish, say: Say) -> None:
    try:
        if begun.stopped.is_set():
            raise ExportCancelledError("The export was stopped; nothing of it was kept.")
        layer = source.document(wish.layer).layer.id if wish.product not in PICTURES else wish.layer
        export(
            source.annotated(layer),
            _order(wish),
            begun.target,
            progress=in_percent(say),
            cancel=begun.stopped.is_set,
        )
        say({"ready": f"/api/exports/{begun.ticket}", "name": begun.target.name})
    except (AnnotationError, CaseError) as error:
        house().exports.end(begun)
        say({"error": str(error)})
    except Exception:  # whatever an encoder fails with, the reader gets a sentence; the log gets the rest
        house().exports.end(begun)
        say({"error": "The export failed on the server; try another format."})
        raise


@in_one_sentence
async def fetch(request: Request) -> Response:
    """Answer with a complete file, to be saved under its name."""
    target = house().exports.find(request.path_params["ticket"])
    if target is None:
        raise RefusedError(404, "The file is not there any more; export it again.")
    return FileResponse(target, filename=target.name, media_type="application/octet-stream", headers=FRESH)


def _order(wish: Wish) -> Order:
    return Order(wish.product, wish.frame_index, wish.scale, wish.frame_time_ms)


def _source(place: dict[str, Any], wish: Wish) -> Source:
    return source_of(place, wish.clip).with_own(wish.own)


def source_of(place: dict[str, Any], clip_id: str) -> Source:
    """Return the clip that a path names: one of a case, or one of a visit, called as the player calls it.

    Raises
    ------
    RefusedError
        If the visit has ended, or has no such clip.
    """
    if "case_id" in place:
        return case_source(place["case_id"], place["clip_id"])
    return visit_source(visit_with_clip(place), place["sha256"], clip_id)


async def _wish(request: Request) -> Wish:
    try:
        return Wish.model_validate_json(await body_within(request, MAX_WISH_BYTES, _TOO_LARGE) or b"{}")
    except ValidationError as error:
        raise RefusedError(
            422, "The export was asked for in a way that is not understood; reload the page."
        ) from error
