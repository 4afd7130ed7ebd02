"""How a pack goes out: streamed from disk, by ranges on request, never compressed again."""

import re
from pathlib import Path

from starlette.responses import FileResponse, Response

PACK_MEDIA_TYPE = "video/vnd.msus.pack"
"""A `video/…` type, because Streamlit compresses every other type anew on each request."""

FOR_EVER = "private, max-age=31536000, immutable"
NOT_AT_ALL = "no-store"

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
        return Response("There is no such clip.", status_code=404, media_type="text/plain")
    return FileResponse(path, media_type=PACK_MEDIA_TYPE, headers={"Cache-Control": cache_control})
