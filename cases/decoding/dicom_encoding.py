"""From one stored DICOM frame to one of the pack: passed through where possible, else encoded once."""

from typing import Protocol

import numpy as np
import simplejpeg

from cases.clip import Codec, Colour, Encoding
from cases.decoding import frame_encoding, jpeg_markers
from cases.decoding.dicom_header import PixelLayout
from cases.decoding.dicom_samples import for_display, native_samples
from cases.decoding.frame_decoders import DECODERS, LOSSY, DamagedFrameError, FrameShape, shape_of
from cases.decoding.source import Findings, RefusedError, check_size
from cases.sentences import Refusal, Remark
from cases.settings import Limits

_LABELS = {codec: codec.value.replace("_", " ") for codec in Codec}


class FrameEncoder(Protocol):
    """Makes frames of the pack; all frames of a clip by the same one."""

    encoding: Encoding
    colour: Colour

    def encode(self, stored: bytes) -> bytes:
        """Encode one frame; any exception means that it is damaged."""
        ...


class PassThrough:
    """Keeps 8-bit JPEG frames bit by bit, after each was decoded once to know that it is whole.

    Parameters
    ----------
    shape : JpegShape
        What the first frame says about itself.
    layout : PixelLayout
        What the header says.
    """

    encoding = Encoding.JPEG

    def __init__(self, shape: jpeg_markers.JpegShape, layout: PixelLayout) -> None:
        self._shape, self._layout = shape, layout
        self._needs_marker = shape.is_rgb(layout.photometric == "RGB") and not shape.is_read_as_rgb
        self.colour = Colour.GREY8 if len(shape.component_ids) == 1 else Colour.RGB8

    def encode(self, stored: bytes) -> bytes:
        """Check one frame and return it as it is; red, green and blue components get their Adobe marker."""
        shape = jpeg_markers.read_shape(stored)
        if shape is None or shape.component_ids != self._shape.component_ids or shape.precision != 8:
            raise DamagedFrameError
        if (shape.rows, shape.columns) != (self._layout.rows, self._layout.columns):
            raise DamagedFrameError
        # An eighth of the size reads every code of the stream and saves the arithmetic behind them.
        simplejpeg.decode_jpeg(stored, colorspace="GRAY", min_height=1, min_width=1, min_factor=8)
        return jpeg_markers.with_rgb_marker(stored) if self._needs_marker else stored


class Reencoder:
    """Decodes each frame and stores it losslessly: PNG for 8 bits, samples for more.

    Parameters
    ----------
    codec : Codec
        How the frames are compressed.
    layout : PixelLayout
        What the header says.
    is_little_endian : bool
        Byte order of uncompressed samples.
    findings : Findings
        Takes the remarks.
    """

    def __init__(self, codec: Codec, layout: PixelLayout, is_little_endian: bool, findings: Findings) -> None:
        self._codec, self._layout, self._findings = codec, layout, findings
        self._is_little_endian = is_little_endian
        self.encoding, self.colour = _target(layout)

    def encode(self, stored: bytes) -> bytes:
        """Decode one frame and encode it losslessly."""
        if self._codec is Codec.UNCOMPRESSED:
            samples = native_samples(stored, self._layout, is_little_endian=self._is_little_endian)
        else:
            shape = shape_of(stored, self._codec)
            if shape is None or shape.codec is not self._codec or not _fits(shape, self._layout):
                raise DamagedFrameError
            samples = DECODERS[self._codec](stored, self._layout)
        frame = for_display(samples, self._layout, self._codec, self._findings)
        if frame_encoding.colour_of(frame) is not self.colour:
            raise DamagedFrameError
        if self.encoding is Encoding.SAMPLES16:
            return frame_encoding.samples16(frame)
        return frame_encoding.png(np.asarray(frame, np.uint8))


def choose_encoder(
    first: bytes,
    labelled: Codec,
    layout: PixelLayout,
    *,
    is_little_endian: bool,
    findings: Findings,
    limits: Limits,
) -> FrameEncoder:
    """Choose by the bytes of the first frame how all are stored.

    Parameters
    ----------
    first : bytes
        The first frame as it stands in the file.
    labelled : Codec
        What the transfer syntax says.
    layout : PixelLayout
        What the header says.
    is_little_endian : bool
        Byte order of uncompressed samples.
    findings : Findings
        Takes the codec found and the remarks.
    limits : Limits
        Largest picture.

    Returns
    -------
    FrameEncoder
        The encoder.

    Raises
    ------
    RefusedError
        If the frames are compressed in a way that cannot be shown, or larger than the limit.
    """
    findings.codec = labelled
    if labelled is Codec.UNCOMPRESSED:
        return Reencoder(labelled, layout, is_little_endian, findings)
    shape = shape_of(first, labelled)
    if shape is None:
        raise RefusedError(Refusal.NO_GOOD_FRAME)
    findings.codec = shape.codec
    if shape.codec is not labelled and not {shape.codec, labelled} <= LOSSY:
        findings.remark(Remark.DATA_NOT_AS_LABELLED, label=_LABELS[labelled], codec=_LABELS[shape.codec])
    _check_shape(shape, layout, limits)
    if shape.codec in LOSSY and shape.precision == 8:
        encoder = _pass_through(first, layout, findings)
        if encoder is not None:
            return encoder
    if shape.codec not in DECODERS or (shape.codec in LOSSY and shape.precision != 8):
        raise RefusedError(Refusal.UNSUPPORTED_CODEC, codec=_speak(shape))
    return Reencoder(shape.codec, layout, is_little_endian, findings)


def _pass_through(first: bytes, layout: PixelLayout, findings: Findings) -> PassThrough | None:
    shape = jpeg_markers.read_shape(first)
    if shape is None or layout.photometric in ("MONOCHROME1", "PALETTE COLOR"):
        return None
    if len(shape.component_ids) not in (1, 3):
        raise RefusedError(Refusal.UNSUPPORTED_COLOUR, colour=f"{len(shape.component_ids)} components")
    is_labelled_grey = layout.samples_per_pixel == 1
    is_labelled_rgb = layout.photometric == "RGB"
    is_grey = len(shape.component_ids) == 1
    if is_grey != is_labelled_grey or (not is_grey and shape.is_rgb(is_labelled_rgb) != is_labelled_rgb):
        findings.remark(Remark.COLOUR_NOT_AS_LABELLED)
    return PassThrough(shape, layout)


def _check_shape(shape: FrameShape, layout: PixelLayout, limits: Limits) -> None:
    if shape.rows is None or shape.columns is None:
        return
    check_size(shape.rows, shape.columns, limits)
    if not _fits(shape, layout):
        raise RefusedError(Refusal.FRAME_SIZE_DIFFERS, frame=1, rows=shape.rows, columns=shape.columns)


def _fits(shape: FrameShape, layout: PixelLayout) -> bool:
    return shape.rows is None or (shape.rows, shape.columns) == (layout.rows, layout.columns)


def _target(layout: PixelLayout) -> tuple[Encoding, Colour]:
    if layout.samples_per_pixel > 1:
        return Encoding.PNG, Colour.RGB8
    if layout.bits_allocated == 8 and not layout.is_signed:
        return Encoding.PNG, Colour.GREY8
    return Encoding.SAMPLES16, Colour.INT16 if layout.is_signed else Colour.UINT16


def _speak(shape: FrameShape) -> str:
    bits = f" with {shape.precision} bits" if shape.codec in LOSSY else ""
    return _LABELS[shape.codec] + bits
