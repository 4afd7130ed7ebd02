"""JPEG XL, lossless, lossy, or a recompressed JPEG.

References
----------
ISO/IEC 18181-1 Annex D (SizeHeader), 18181-2 (the boxes around a code stream).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cases.decoding.dicom_header import PixelLayout

BARE, BOXED = b"\xff\x0a", b"\x00\x00\x00\x0cJXL "
_HEADER_BYTES = 32
_MAX_BOXES = 64
_PART_NUMBER_BYTES = 4
_SIDE_BITS = (9, 13, 18, 30)
_WIDTH_TO_HEIGHT = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))


class _Bits:
    """Bits of a header, the lowest of each byte first."""

    def __init__(self, header: bytes) -> None:
        self._left = int.from_bytes(header, "little")

    def take(self, count: int) -> int:
        found = self._left & ((1 << count) - 1)
        self._left >>= count
        return found


def read_size(stream: bytes) -> tuple[int, int] | None:
    """Read the size of the picture, before anything is decoded.

    Returns
    -------
    tuple or None
        Rows and columns; None where the stream has no header.
    """
    header = _code_stream(stream)
    if not header.startswith(BARE):
        return None
    bits = _Bits(header[len(BARE) :])
    is_small = bool(bits.take(1))
    rows = _side(bits, is_small)
    ratio = bits.take(3)
    if ratio == 0:
        return rows, _side(bits, is_small)
    across, down = _WIDTH_TO_HEIGHT[ratio - 1]
    return rows, rows * across // down


def decode(stream: bytes, layout: PixelLayout) -> NDArray[Any]:
    """Decode the first picture, by the protocol of ``FrameDecoder``; colour comes out as RGB whatever the stream holds."""
    from imagecodecs import jpegxl_decode  # a tenth of a second that most files never need

    samples = np.asarray(jpegxl_decode(stream, index=0, numthreads=1))
    if samples.dtype.kind != "u" or samples.shape[2:] not in ((), (3,)):
        raise ValueError("a layout that we do not know")
    return samples


def _side(bits: _Bits, is_small: bool) -> int:
    if is_small:
        return 8 * (bits.take(5) + 1)
    return bits.take(_SIDE_BITS[bits.take(2)]) + 1


def _code_stream(stream: bytes) -> bytes:
    """Return the beginning of the code stream, out of its boxes where there are any; nothing where it is missing."""
    if stream.startswith(BARE):
        return stream[:_HEADER_BYTES]
    at = 0
    for _ in range(_MAX_BOXES):
        length, kind = int.from_bytes(stream[at : at + 4], "big"), stream[at + 4 : at + 8]
        start = at + 8
        if length == 1:
            length, start = int.from_bytes(stream[start : start + 8], "big"), start + 8
        if kind == b"jxlp":
            start += _PART_NUMBER_BYTES
        if kind in (b"jxlc", b"jxlp"):
            return stream[start : start + _HEADER_BYTES]
        if length < 8 or at + length >= len(stream):
            break
        at += length
    return b""
