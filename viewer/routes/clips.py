"""``/api/clips/{sha256}``: the packs of cases, immutable under the hash of their content."""

from starlette.requests import Request
from starlette.responses import Response

from viewer.house import house
from viewer.routes.packs import FOR_EVER, is_sha256, pack_response


async def kept_clip(request: Request) -> Response:
    """Answer with the pack of that hash; it may be cached for ever, since the hash names its bytes."""
    sha256 = request.path_params["sha256"]
    if not is_sha256(sha256):
        return Response("A clip is named by 64 hexadecimal digits.", status_code=404, media_type="text/plain")
    return pack_response(house().store.path(sha256), cache_control=FOR_EVER)
