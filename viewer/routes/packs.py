"""How a pack and the map of its tissue go out: streamed from disk, by ranges on request, never compressed again."""

import asyncio
import re
from pathlib import Path

from starlette.responses import FileResponse, Response

from annotations.motion.tissue_map_store import TissueMapStore

PACK_MEDIA_TYPE = "video/vnd.msus.pack"
"""A `video/…` type, because Streamlit compresses every other type anew on each request."""

FOR_EVER = "private, max-age=31536000, immutable"
NOT_AT_ALL = "no-store"
ASK_AGAIN = "private, no-cache"
TISSUE_MEDIA_TYPE = "application/octet-stream"
NO_CLIP = "There is no such clip."

_SHA256 = re.compile(r"[0-9a-f]{64}")


def is_sha256(text: str) -> bool:
    """Say whether a text is a SHA-256 in lower-case hexadecimal digits.

    >>> is_sha256("../../etc/passwd")
    False
    """
    return _SHA256.fullmatch(text) is not None


def pack_response(path: Path, *, cache_control: str) -> Response:
    """Answer with one pack, or with 404 where it is not (any more)."""
    if not path.is_file():
        return Response(NO_CLIP, status_code=404, media_type="text/plain")
    return FileResponse(path, media_type=PACK_MEDIA_TYPE, headers={"Cache-Control": cache_control})


async def map_response(maps: TissueMapStore, sha256: str, *, cache_control: str) -> Response:
    """Answer with where the tissue of one clip goes, or with 404 where nobody has followed it."""
    path = await asyncio.to_thread(maps.path, sha256) if is_sha256(sha256) else None
    if path is None:
        return Response(
            "Nobody has measured the tissue of this clip.", status_code=404, media_type="text/plain"
        )
    return FileResponse(path, media_type=TISSUE_MEDIA_TYPE, headers={"Cache-Control": cache_control})
