"""Single pictures: PNG, BMP and JPEG files."""

import io
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image, ImageOps
from PIL.TiffImagePlugin import TiffImageFile

from cases.clip import ClipHead, Codec, Colour, Container, Encoding
from cases.decoding import frame_encoding, jpeg_markers
from cases.decoding.frame_decoders import PASSED_THROUGH
from cases.decoding.source import Findings, RefusedError, Wishes, check_size, raise_if_out_of_memory
from cases.decoding.unscaled import unscaled_head
from cases.frame_timing import STILL_TIMING
from cases.sentences import Refusal, Remark

_FORMATS = {Container.PNG: ("PNG", Codec.PNG), Container.BMP: ("BMP", Codec.BMP)}
_ORIENTATION = 0x0112
_PHOTOMETRIC = 0x0106
_ANNOUNCED_WITHIN = 4096
PICTURE_ERRORS = (
    *(OSError, ValueError, SyntaxError, EOFError, TypeError, LookupError, ArithmeticError, AttributeError),
    *(struct.error, Image.DecompressionBombError),
)
"""What Pillow raises on damaged files."""


class PictureSource:
    """One picture file, opened.

    Parameters
    ----------
    path : Path
        The file.
    wishes : Wishes
        What the caller knows and asks for.
    findings : Findings
        Filled while the file is read.

    Raises
    ------
    RefusedError
        If the picture is damaged or too large.
    """

    def __init__(self, path: Path, wishes: Wishes, findings: Findings) -> None:
        self.findings, self.wishes = findings, wishes
        self._path = path
        findings.frames_declared = 1
        self.encoding, self.colour = Encoding.PNG, Colour.GREY8

    def frames(self) -> Iterator[bytes]:
        """Encode the one picture; its metadata, which may name a person, is left out."""
        is_jpeg = self.findings.container is Container.JPEG
        encoded = self._jpeg() if is_jpeg else self._lossless()
        self.findings.frames_decoded = 1
        yield encoded

    def head(self) -> ClipHead:
        """Say what the picture is."""
        stored_as = (self.encoding, self.colour)
        return unscaled_head(self.findings, self.wishes, STILL_TIMING, frames=1, stored_as=stored_as)

    def close(self) -> None:
        """Nothing stays open."""

    def _jpeg(self) -> bytes:
        stream = self._path.read_bytes()
        shape = jpeg_markers.read_shape(stream)
        if shape is None:
            raise RefusedError(Refusal.PICTURE_DAMAGED)
        if shape.codec not in PASSED_THROUGH:
            raise RefusedError(Refusal.UNSUPPORTED_CODEC, codec=shape.codec.label)
        if shape.precision != 8:
            raise RefusedError(Refusal.UNSUPPORTED_BITS, bits=shape.precision)
        if len(shape.component_ids) not in (1, 3):
            raise RefusedError(Refusal.UNSUPPORTED_COLOUR, colour=f"{len(shape.component_ids)} components")
        self._note(shape.rows, shape.columns, shape.codec)
        self.encoding = Encoding.JPEG
        self.colour = Colour.GREY8 if len(shape.component_ids) == 1 else Colour.RGB8
        stripped = jpeg_markers.without_metadata(stream)
        try:
            simplejpeg.decode_jpeg(stripped, colorspace="GRAY")
            return self._upright(stream, stripped)
        except PICTURE_ERRORS as error:
            raise_if_out_of_memory(error)
            raise RefusedError(Refusal.PICTURE_DAMAGED) from error

    def _upright(self, stream: bytes, stripped: bytes) -> bytes:
        with Image.open(io.BytesIO(stream), formats=["JPEG"]) as picture:
            pictures = int(getattr(picture, "n_frames", 1))
            if pictures > 1:  # several in one file (MPO): previews, depth maps, the other eye
                self.findings.remark(Remark.OTHER_PICTURES_LEFT_OUT, count=pictures)
            if picture.getexif().get(_ORIENTATION, 1) in (0, 1):
                return stripped
            turned = np.asarray(ImageOps.exif_transpose(picture))
        self.findings.remark(Remark.ROTATED)
        self.findings.rows, self.findings.columns = turned.shape[:2]
        self.encoding = Encoding.PNG
        return frame_encoding.png(turned)

    def _lossless(self) -> bytes:
        name, codec = _FORMATS[self.findings.container]
        try:
            with Image.open(self._path, formats=[name]) as picture:
                self._note(picture.height, picture.width, codec)
                frame = pixels_of(picture)
        except PICTURE_ERRORS as error:
            raise_if_out_of_memory(error)
            raise RefusedError(Refusal.PICTURE_DAMAGED) from error
        self.colour = frame_encoding.colour_of(frame)
        if self.colour is Colour.UINT16:
            self.encoding = Encoding.SAMPLES16
            return frame_encoding.samples16(frame)
        return frame_encoding.png(frame)

    def _note(self, rows: int, columns: int, codec: Codec) -> None:
        check_size(rows, columns, self.wishes.limits)
        self.findings.rows, self.findings.columns, self.findings.codec = rows, columns, codec


def is_animated(path: Path) -> bool:
    """Whether a PNG announces several pictures (its acTL chunk stands before the first of them)."""
    with path.open("rb") as stream:
        head = stream.read(_ANNOUNCED_WITHIN)
    return head.startswith(b"\x89PNG") and b"acTL" in head.split(b"IDAT")[0]


def pixels_of(picture: Image.Image) -> NDArray[Any]:
    """Return the pixels of an opened picture, what is transparent on black.

    Returns
    -------
    ndarray of uint8 or uint16, shape (rows, columns) or (rows, columns, 3)
        Grey or RGB.
    """
    if picture.mode.startswith("I;16"):
        grey = np.asarray(picture).astype(np.uint16)
        is_white_zero = isinstance(picture, TiffImageFile) and picture.tag_v2.get(_PHOTOMETRIC) == 0
        return np.uint16(65_535) - grey if is_white_zero else grey
    if picture.mode in ("I", "F"):  # to make 8 bits of these would cut all that is brighter than 255
        raise RefusedError(Refusal.UNSUPPORTED_BITS, bits="signed or 32")
    if picture.mode in ("1", "L"):
        return np.asarray(picture.convert("L"))
    if picture.mode in ("LA", "PA", "RGBA") or "transparency" in picture.info:
        on_black = Image.new("RGBA", picture.size, (0, 0, 0, 255))
        on_black.alpha_composite(picture.convert("RGBA"))
        return np.asarray(on_black.convert("RGB"))
    return np.asarray(picture.convert("RGB"))
