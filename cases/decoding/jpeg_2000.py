"""JPEG 2000, lossless and lossy.

References
----------
ITU-T T.800 Annex A (SIZ) and T.814 (the CAP marker of HTJ2K).
"""

import struct
from io import BytesIO
from typing import Any

import numpy as np
import openjpeg
from numpy.typing import NDArray

from cases.clip import Codec
from cases.decoding.dicom_header import PixelLayout

_START = b"\xff\x4f\xff\x51"
_CAPABILITIES = b"\xff\x50"
_CODING_STYLE = b"\xff\x52"


def read_shape(stream: bytes) -> tuple[Codec, int, int, int, int] | None:
    """Read the SIZ marker.

    Returns
    -------
    tuple or None
        Codec, rows, columns, components and precision in bits; None where there is no such marker or
        components differ in size.
    """
    start = stream.find(_START, 0, 4096)
    if start < 0 or len(stream) < start + 45:
        return None
    siz = stream[start + 4 :]
    right, bottom, left, top = struct.unpack(">IIII", siz[4:20])
    (components,) = struct.unpack(">H", siz[36:38])
    sizes = [siz[38 + 3 * k : 41 + 3 * k] for k in range(components)]
    if any(len(size) < 3 or size[1:] != b"\x01\x01" for size in sizes) or right <= left or bottom <= top:
        return None
    (siz_bytes,) = struct.unpack(">H", siz[:2])
    has_capabilities = siz[siz_bytes : siz_bytes + 2] == _CAPABILITIES
    codec = Codec.HTJ2K if has_capabilities else Codec.JPEG_2000
    return codec, bottom - top, right - left, components, (siz[38] & 0x7F) + 1


def has_colour_transform(stream: bytes) -> bool:
    """Whether the COD marker says that the components were transformed, so that decoding gives RGB."""
    at = stream.find(_CODING_STYLE, 0, 65536)
    return at >= 0 and len(stream) > at + 8 and stream[at + 8] == 1


def decode(stream: bytes, layout: PixelLayout) -> NDArray[Any]:
    """Decode one frame, by the protocol of ``FrameDecoder``; the stream's own colour transform is undone."""
    return np.asarray(openjpeg.decode(BytesIO(stream)))  # type: ignore[attr-defined]
