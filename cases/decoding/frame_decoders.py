"""Decoders of one compressed frame: one small module a codec, found by the frame's own bytes.

A decoder is given a frame only after its size was compared with the header's.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from numpy.typing import NDArray

from cases.clip import Codec
from cases.decoding import jpeg, jpeg_2000, jpeg_ls, jpeg_markers, jpeg_xl, rle
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

    It takes the bytes of the frame and what the header says of the samples, for what the stream leaves open. The result
    is ``[row, column]`` or ``[row, column, 3]``, of uint8, uint16 or int16, in the colours that the stream itself
    holds once its own colour transform is undone. Any exception means that the frame is damaged.
    """

    def __call__(self, stream: bytes, layout: PixelLayout) -> NDArray[Any]:
        """Decode one frame."""
        ...


DECODERS: dict[Codec, FrameDecoder] = {
    Codec.RLE: rle.decode,
    Codec.JPEG_BASELINE: jpeg.decode,
    Codec.JPEG_EXTENDED: jpeg.decode,
    Codec.JPEG_PROGRESSIVE: jpeg.decode,
    Codec.JPEG_LOSSLESS: jpeg.decode,
    Codec.JPEG_LS: jpeg_ls.decode,
    Codec.JPEG_2000: jpeg_2000.decode,
    Codec.HTJ2K: jpeg_2000.decode,
    Codec.JPEG_XL: jpeg_xl.decode,
}

PASSED_THROUGH = frozenset({Codec.JPEG_BASELINE, Codec.JPEG_EXTENDED, Codec.JPEG_PROGRESSIVE})
"""Codecs whose frames pass through as they are, where they have 8 bits."""

_JPEG_2000 = frozenset({Codec.JPEG_2000, Codec.HTJ2K})
_ALWAYS_RGB = PASSED_THROUGH | {Codec.JPEG_XL}

NEVER_ZEROS = PASSED_THROUGH | _JPEG_2000 | {Codec.JPEG_LS}
"""Codecs whose intact frames hardly ever hold a long run of zero bytes."""


def gives_rgb(codec: Codec, stream: bytes) -> bool:
    """Whether the decoder undoes a colour transform, so that RGB comes out whatever the header says."""
    return codec in _ALWAYS_RGB or (codec in _JPEG_2000 and jpeg_2000.has_colour_transform(stream))


def shape_of(stream: bytes) -> FrameShape | None:
    """Tell codec and size of a compressed frame by its bytes.

    Parameters
    ----------
    stream : bytes
        One frame.

    Returns
    -------
    FrameShape or None
        None where the bytes are nothing that we know.
    """
    if stream.startswith(b"\xff\xd8\xff"):
        found = jpeg_markers.read_shape(stream)
        if found is None:
            return None
        components = len(found.component_ids)
        return FrameShape(found.codec, found.rows, found.columns, components, found.precision)
    if stream.startswith((b"\xff\x4f\xff\x51", b"\x00\x00\x00\x0cjP  ")):
        size = jpeg_2000.read_shape(stream)
        return None if size is None else FrameShape(*size)
    if stream.startswith((jpeg_xl.BARE, jpeg_xl.BOXED)):
        found_size = jpeg_xl.read_size(stream)
        return None if found_size is None else FrameShape(Codec.JPEG_XL, *found_size)
    return FrameShape(Codec.RLE) if rle.looks_like(stream) else None
