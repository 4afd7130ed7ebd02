"""From one stored DICOM frame to one of the pack: passed through where possible, else encoded once."""

from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from cases.clip import Codec, Colour, Encoding
from cases.decoding import frame_encoding, jpeg_markers
from cases.decoding.colour_evidence import shows_rgb
from cases.decoding.damage import thumbnail_of
from cases.decoding.dicom_header import PixelLayout
from cases.decoding.dicom_samples import RGB_LABELS, Display, native_samples, to_8_bits
from cases.decoding.frame_decoders import (
    DECODERS,
    PASSED_THROUGH,
    DamagedFrameError,
    FrameShape,
    gives_rgb,
    shape_of,
)
from cases.decoding.source import Findings, RefusedError, check_size
from cases.sentences import Refusal, Remark
from cases.settings import Limits

_STATES_TRANSFORM = frozenset({Codec.JPEG_2000, Codec.HTJ2K})
_NEVER_TRANSFORMED = frozenset({"RGB", "YBR_FULL", "YBR_FULL_422"})
_ALWAYS_TRANSFORMED = frozenset({"YBR_RCT", "YBR_ICT"})


@dataclass(frozen=True, slots=True, eq=False)
class EncodedFrame:
    """One frame of the pack, and a small picture of it.

    Parameters
    ----------
    content : bytes
        The frame.
    thumbnail : ndarray, shape (rows, columns)
        About an eighth of its size, grey.
    """

    content: bytes
    thumbnail: NDArray[Any]


class FrameEncoder(Protocol):
    """Makes frames of the pack; all frames of a clip by the same one."""

    @property
    def encoding(self) -> Encoding:
        """How each frame is stored."""
        ...

    @property
    def colour(self) -> Colour:
        """What a pixel is."""
        ...

    def encode(self, stored: bytes) -> EncodedFrame:
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
    is_rgb : bool
        Whether the components are red, green and blue.
    """

    encoding = Encoding.JPEG

    def __init__(self, shape: jpeg_markers.JpegShape, layout: PixelLayout, *, is_rgb: bool) -> None:
        self._shape, self._layout = shape, layout
        self._needs_marker = is_rgb and not shape.is_read_as_rgb
        self.colour = Colour.GREY8 if len(shape.component_ids) == 1 else Colour.RGB8

    def encode(self, stored: bytes) -> EncodedFrame:
        """Check one frame and return it as it is; red, green and blue components get their Adobe marker."""
        shape = jpeg_markers.read_shape(stored)
        if shape is None or shape.component_ids != self._shape.component_ids or shape.precision != 8:
            raise DamagedFrameError
        if (shape.rows, shape.columns) != (self._layout.rows, self._layout.columns):
            raise DamagedFrameError
        # An eighth of the size reads every code of the stream and saves the arithmetic behind them.
        small = simplejpeg.decode_jpeg(stored, colorspace="GRAY", min_height=1, min_width=1, min_factor=8)
        content = jpeg_markers.with_rgb_marker(stored) if self._needs_marker else stored
        return EncodedFrame(content, np.asarray(small[..., 0]))


class Reencoder:
    """Decodes each frame and stores it losslessly: PNG for 8 bits, samples for more.

    Parameters
    ----------
    display : Display
        Codec, layout and colours of the samples.
    is_little_endian : bool
        Byte order of uncompressed samples.
    """

    def __init__(self, display: Display, *, is_little_endian: bool) -> None:
        self._display, self._is_little_endian = display, is_little_endian
        self._colour: Colour | None = None
        self._shows_rgb: bool | None = None

    @property
    def colour(self) -> Colour:
        """What a pixel is, by the first frame that was decoded."""
        return self._colour or Colour.GREY8

    @property
    def encoding(self) -> Encoding:
        """How each frame is stored."""
        return Encoding.SAMPLES16 if self.colour in (Colour.UINT16, Colour.INT16) else Encoding.PNG

    def encode(self, stored: bytes) -> EncodedFrame:
        """Decode one frame and encode it losslessly."""
        frame = self._decoded(stored)
        colour = frame_encoding.colour_of(frame)
        self._colour = self._colour or colour
        if colour is not self._colour:
            raise DamagedFrameError
        is_deep = self.encoding is Encoding.SAMPLES16
        content = frame_encoding.samples16(frame) if is_deep else frame_encoding.png(frame)
        return EncodedFrame(content, thumbnail_of(frame))

    def _decoded(self, stored: bytes) -> NDArray[Any]:
        codec, layout = self._display.codec, self._display.layout
        if codec is Codec.UNCOMPRESSED:
            samples = native_samples(stored, layout, is_little_endian=self._is_little_endian)
            return self._display.show(samples, is_rgb=self._is_rgb(samples))
        shape = shape_of(stored)
        if shape is None or shape.codec is not codec or not _fits(shape, layout):
            raise DamagedFrameError
        samples = DECODERS[codec](stored, layout)
        return self._display.show(samples, is_rgb=gives_rgb(codec, stored) or self._is_rgb(samples))

    def _is_rgb(self, samples: NDArray[Any]) -> bool:
        """Whether stored samples are red, green and blue, by the first frame that tells it, else by the label."""
        is_labelled_rgb = self._display.layout.photometric in RGB_LABELS
        if self._shows_rgb is None and samples.ndim == 3:
            self._shows_rgb = shows_rgb(to_8_bits(samples, self._display.layout))
            if self._shows_rgb not in (None, is_labelled_rgb):
                self._display.findings.remark(Remark.COLOUR_NOT_AS_LABELLED)
        return is_labelled_rgb if self._shows_rgb is None else self._shows_rgb


def choose_encoder(
    first: bytes, labelled: Codec, display: Display, *, is_little_endian: bool, limits: Limits
) -> FrameEncoder:
    """Choose by the bytes of the first frame how all are stored.

    Parameters
    ----------
    first : bytes
        The first frame as it stands in the file.
    labelled : Codec
        What the transfer syntax says.
    display : Display
        Layout and colours of the samples; its findings take the codec found and the remarks.
    is_little_endian : bool
        Byte order of uncompressed samples.
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
    layout, findings = display.layout, display.findings
    findings.codec = labelled
    if labelled is Codec.UNCOMPRESSED:
        return Reencoder(display, is_little_endian=is_little_endian)
    shape = shape_of(first)
    if shape is None:
        refusal = Refusal.NO_GOOD_FRAME if first else Refusal.FRAME_EMPTY
        raise RefusedError(refusal, frame=1, good=0, declared=layout.frames)
    findings.codec = shape.codec
    if shape.codec is not labelled and not {shape.codec, labelled} <= PASSED_THROUGH:
        findings.remark(Remark.DATA_NOT_AS_LABELLED, label=labelled.label, codec=shape.codec.label)
    _check_shape(shape, layout, limits)
    if shape.codec in PASSED_THROUGH and shape.precision == 8:
        encoder = _pass_through(first, layout, findings)
        if encoder is not None:
            return encoder
    if shape.codec not in DECODERS:
        raise RefusedError(Refusal.UNSUPPORTED_CODEC, codec=shape.codec.label)
    _note_colour(first, shape, layout, findings)
    as_stored = replace(display, codec=shape.codec, layout=_of_stream(shape, layout, findings))
    return Reencoder(as_stored, is_little_endian=is_little_endian)


def _of_stream(shape: FrameShape, layout: PixelLayout, findings: Findings) -> PixelLayout:
    """Take the depth of the samples from the stream where the header leaves no room for it."""
    if shape.precision is None or shape.precision <= layout.bits_allocated:
        return layout
    findings.remark(Remark.BITS_NOT_AS_LABELLED, label=layout.bits_stored, bits=shape.precision)
    bits = shape.precision
    return replace(layout, bits_allocated=16, bits_stored=bits, high_bit=bits - 1)


def _note_colour(first: bytes, shape: FrameShape, layout: PixelLayout, findings: Findings) -> None:
    """Remark a colour label that the stream contradicts; the stream decides."""
    is_other_count = shape.components is not None and (shape.components == 1) != (
        layout.samples_per_pixel == 1
    )
    is_other_colour = shape.components == 3 and layout.photometric in (
        _NEVER_TRANSFORMED if gives_rgb(shape.codec, first) else _ALWAYS_TRANSFORMED
    )
    if is_other_count or (is_other_colour and shape.codec in _STATES_TRANSFORM):
        findings.remark(Remark.COLOUR_NOT_AS_LABELLED)


def _pass_through(first: bytes, layout: PixelLayout, findings: Findings) -> PassThrough | None:
    shape = jpeg_markers.read_shape(first)
    if shape is None or layout.photometric in ("MONOCHROME1", "PALETTE COLOR"):
        return None
    if len(shape.component_ids) not in (1, 3):
        raise RefusedError(Refusal.UNSUPPORTED_COLOUR, colour=f"{len(shape.component_ids)} components")
    is_labelled_grey = layout.samples_per_pixel == 1
    is_labelled_rgb = layout.photometric == "RGB"
    is_grey = len(shape.component_ids) == 1
    shown = _components_show_rgb(first) if shape.leaves_colour_open else None
    is_rgb = shape.is_rgb(is_labelled_rgb) if shown is None else shown
    if is_grey != is_labelled_grey or (not is_grey and is_rgb != is_labelled_rgb):
        findings.remark(Remark.COLOUR_NOT_AS_LABELLED)
    return PassThrough(shape, layout, is_rgb=is_rgb)


def _components_show_rgb(stream: bytes) -> bool | None:
    """Look at the components of a JPEG stream as they are; None where they do not tell, or are damaged."""
    try:
        untouched = simplejpeg.decode_jpeg(jpeg_markers.with_rgb_marker(stream), colorspace="RGB")
    except ValueError:
        return None  # encoding the frame will say that it is damaged
    return shows_rgb(np.asarray(untouched))


def _check_shape(shape: FrameShape, layout: PixelLayout, limits: Limits) -> None:
    if shape.rows is None or shape.columns is None:
        return
    check_size(shape.rows, shape.columns, limits)
    if not _fits(shape, layout):
        raise RefusedError(Refusal.FRAME_SIZE_DIFFERS, frame=1, rows=shape.rows, columns=shape.columns)


def _fits(shape: FrameShape, layout: PixelLayout) -> bool:
    return shape.rows is None or (shape.rows, shape.columns) == (layout.rows, layout.columns)
