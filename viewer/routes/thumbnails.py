"""``/api/cases/{case_id}/still.webp`` and ``…/loop.webp``: the pictures on the cards of the library."""

import asyncio
import functools

from starlette.requests import Request
from starlette.responses import Response

from cases.errors import CaseError
from viewer.house import house
from viewer.thumbnails import Thumbnail, clip_on_card, thumbnail


async def still(request: Request) -> Response:
    """Answer with the still picture of a case."""
    made = await asyncio.to_thread(_thumbnail, request.path_params["case_id"])
    return _picture(made.still if made else None)


async def loop(request: Request) -> Response:
    """Answer with the moving picture of a case."""
    made = await asyncio.to_thread(_thumbnail, request.path_params["case_id"])
    return _picture(made.loop if made else None)


def _thumbnail(case_id: str) -> Thumbnail | None:
    try:
        sha256 = clip_on_card(house().catalogue.case(case_id))
        return None if sha256 is None else _made(sha256)
    except CaseError:
        return None  # the card itself says what is wrong with the case


@functools.lru_cache(maxsize=64)
def _made(sha256: str) -> Thumbnail:
    return thumbnail(house().store.cine(sha256))


def _picture(webp: bytes | None) -> Response:
    if webp is None:
        return Response(status_code=404)
    return Response(webp, media_type="image/webp", headers={"Cache-Control": "private, max-age=60"})
