"""DICOM RLE, lossless.

References
----------
DICOM PS3.5 Annex G.
"""

import struct
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rle.utils import decode_frame  # type: ignore[attr-defined]

from cases.decoding.dicom_header import PixelLayout

_HEADER_BYTES = 64
_MAX_SEGMENTS = 15


def looks_like(stream: bytes) -> bool:
    """Whether the bytes begin with an RLE header: a count of segments, the first of them right behind it."""
    if len(stream) < _HEADER_BYTES:
        return False
    segments, first = struct.unpack("<II", stream[:8])
    return bool(1 <= segments <= _MAX_SEGMENTS and first == _HEADER_BYTES)


def is_header(start: bytes) -> bool:
    """Whether these are the 64 bytes of a whole RLE header: offsets that rise, and zeros behind the last of them."""
    if not looks_like(start):
        return False
    count, *offsets = struct.unpack("<16I", start[:_HEADER_BYTES])
    used, unused = offsets[:count], offsets[count:]
    return not any(unused) and all(earlier < later for earlier, later in pairwise(used))


def decode(stream: bytes, layout: PixelLayout) -> NDArray[Any]:
    """Decode one frame, by the protocol of ``FrameDecoder``; the samples come out as they are stored."""
    planes = layout.samples_per_pixel
    if struct.unpack("<I", stream[:4])[0] != planes * layout.bits_allocated // 8:
        raise ValueError("the number of segments is not that of the samples")
    raw = decode_frame(stream, layout.rows * layout.columns, layout.bits_allocated, "<")
    samples = np.frombuffer(raw, dtype=f"<u{layout.bits_allocated // 8}")
    by_plane = samples.reshape(planes, layout.rows, layout.columns)
    return by_plane[0] if planes == 1 else np.ascontiguousarray(np.moveaxis(by_plane, 0, -1))
