"""Decoders of one compressed frame: one small function a codec, found by the frame's own bytes.

A decoder is given a frame only after its size was compared with the header's.
"""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cases.clip import Codec
from cases.decoding import jpeg_2000, jpeg_markers, rle
from cases.decoding.dicom_header import PixelLayout


class DamagedFrameError(Exception):
    """One frame cannot be decoded."""


@dataclass(frozen=True, slots=True)
class FrameShape:
    """What a compressed frame says about itself; None where it says nothing."""

    codec: Codec
    rows: int | None = None
    columns: int | None = None
    components: int | None = None
    precision: int | None = None


class FrameDecoder(Protocol):
    """Turns one compressed frame into samples.

    The result is ``[row, column]`` or ``[row, column, 3]``, of uint8, uint16 or int16, in the colours that
    the stream itself holds once its own colour transform is undone.
    """

    def __call__(self, stream: bytes, layout: PixelLayout) -> NDArray[Any]:
        """Decode one frame; any exception means that it is damaged."""
        ...


def shape_of(stream: bytes, labelled: Codec) -> FrameShape | None:
    """Tell codec and size of a compressed frame by its bytes.

    Parameters
    ----------
    stream : bytes
        One frame.
    labelled : Codec
        What the transfer syntax says, for codecs without a mark of their own.

    Returns
    -------
    FrameShape or None
        None where the bytes are nothing that we know.
    """
    if stream.startswith(b"\xff\xd8\xff"):
        jpeg = jpeg_markers.read_shape(stream)
        if jpeg is None:
            return None
        return FrameShape(jpeg.codec, jpeg.rows, jpeg.columns, len(jpeg.component_ids), jpeg.precision)
    if stream.startswith((b"\xff\x4f\xff\x51", b"\x00\x00\x00\x0cjP  ")):
        size = jpeg_2000.read_shape(stream)
        return None if size is None else FrameShape(*size)
    if rle.looks_like(stream):
        return FrameShape(Codec.RLE)
    return FrameShape(labelled) if labelled is Codec.JPEG_XL else None


def _decode_rle(stream: bytes, layout: PixelLayout) -> NDArray[Any]:
    return rle.decode(stream, layout)


def _decode_jpeg_2000(stream: bytes, layout: PixelLayout) -> NDArray[Any]:
    return jpeg_2000.decode(stream)


def _decode_jpeg(stream: bytes, layout: PixelLayout) -> NDArray[Any]:
    import simplejpeg

    shape = jpeg_markers.read_shape(stream)
    if shape is None or shape.precision != 8:
        raise DamagedFrameError
    if len(shape.component_ids) == 1:
        return np.asarray(simplejpeg.decode_jpeg(stream, colorspace="GRAY")[..., 0])
    labelled_rgb = layout.photometric == "RGB"
    marked = jpeg_markers.with_rgb_marker(stream) if shape.is_rgb(labelled_rgb) else stream
    return np.asarray(simplejpeg.decode_jpeg(marked, colorspace="RGB"))


DECODERS: dict[Codec, FrameDecoder] = {
    Codec.RLE: _decode_rle,
    Codec.JPEG_BASELINE: _decode_jpeg,
    Codec.JPEG_EXTENDED: _decode_jpeg,
    Codec.JPEG_PROGRESSIVE: _decode_jpeg,
    Codec.JPEG_2000: _decode_jpeg_2000,
}
LOSSY = frozenset({Codec.JPEG_BASELINE, Codec.JPEG_EXTENDED, Codec.JPEG_PROGRESSIVE})
"""Codecs whose frames pass through as they are, where they have 8 bits."""

OWN_COLOUR_TRANSFORM = frozenset(
    {Codec.JPEG_BASELINE, Codec.JPEG_EXTENDED, Codec.JPEG_PROGRESSIVE, Codec.JPEG_2000, Codec.HTJ2K}
)
"""Codecs whose decoders give RGB whatever the Photometric Interpretation says."""
