"""``/api/clips/{sha256}``: the packs of cases, immutable under the hash of their content.

``/api/clips/{sha256}/tissue``: where the tissue of a clip goes, where somebody has measured it.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from viewer.house import house
from viewer.routes.packs import ASK_AGAIN, FOR_EVER, NOT_AT_ALL, is_sha256, map_response, pack_response


async def kept_clip(request: Request) -> Response:
    """Answer with the pack of that hash; it may be cached for ever, since the hash names its bytes."""
    sha256 = request.path_params["sha256"]
    if not is_sha256(sha256):
        return Response("A clip is named by 64 hexadecimal digits.", status_code=404, media_type="text/plain")
    return pack_response(house().store.path(sha256), cache_control=FOR_EVER)


async def tissue_map(request: Request) -> Response:
    """Answer with the map of a clip's tissue; it may be measured anew, so the browser asks again."""
    return await map_response(house().tissue, request.path_params["sha256"], cache_control=ASK_AGAIN)


async def no_export(_request: Request) -> Response:
    """Say where a clip of a case is exported: beside opened clips nothing tells which case it belongs to."""
    sentence = "This clip belongs to a case; open the case in Compare and export it there."
    return JSONResponse({"error": sentence}, status_code=404, headers={"Cache-Control": NOT_AT_ALL})
