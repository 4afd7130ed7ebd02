"""Where the frames of a DICOM file are stored, uncompressed or compressed, and how to read one of them."""

import struct
from dataclasses import dataclass, replace
from typing import Protocol

from cases.clip import Codec
from cases.decoding.dicom_file import DicomFile
from cases.decoding.dicom_fragments import EmptyFrameError, Encapsulated, Fragment, read_fragments, read_frame
from cases.decoding.dicom_frame_groups import group_by_frame
from cases.decoding.dicom_header import PIXEL_DATA, UNDEFINED_LENGTH, PixelLayout, value
from cases.decoding.frame_decoders import shape_of
from cases.decoding.source import Findings, RefusedError
from cases.sentences import Refusal, Remark

_LONG_TYPES = (b"OB", b"OW", b"UN", b"OF", b"OD", b"OL", b"OV")
_UNCOMPRESSED = {
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2.2",
    "1.2.840.10008.1.2.1.99",
}
_FLOATING_POINT_BITS = {(0x7FE0, 0x0008): 32, (0x7FE0, 0x0009): 64}
_ONLY_COMPRESSED = frozenset({"YBR_PARTIAL_420", "YBR_PARTIAL_422", "XYB"})
CODEC_OF_SYNTAX = {
    "1.2.840.10008.1.2.5": Codec.RLE,
    "1.2.840.10008.1.2.4.50": Codec.JPEG_BASELINE,
    "1.2.840.10008.1.2.4.51": Codec.JPEG_EXTENDED,
    "1.2.840.10008.1.2.4.57": Codec.JPEG_LOSSLESS,
    "1.2.840.10008.1.2.4.70": Codec.JPEG_LOSSLESS,
    "1.2.840.10008.1.2.4.80": Codec.JPEG_LS,
    "1.2.840.10008.1.2.4.81": Codec.JPEG_LS,
    "1.2.840.10008.1.2.4.90": Codec.JPEG_2000,
    "1.2.840.10008.1.2.4.91": Codec.JPEG_2000,
    "1.2.840.10008.1.2.4.110": Codec.JPEG_XL,
    "1.2.840.10008.1.2.4.111": Codec.JPEG_XL,
    "1.2.840.10008.1.2.4.112": Codec.JPEG_XL,
    "1.2.840.10008.1.2.4.201": Codec.HTJ2K,
    "1.2.840.10008.1.2.4.202": Codec.HTJ2K,
    "1.2.840.10008.1.2.4.203": Codec.HTJ2K,
}


class StoredFrames(Protocol):
    """The frames of one file as they stand in it."""

    @property
    def codec(self) -> Codec:
        """How the transfer syntax says that they are compressed."""
        ...

    @property
    def count(self) -> int:
        """Frames found."""
        ...

    @property
    def is_cut(self) -> bool:
        """Whether the file ends before its frames do."""
        ...

    def read(self, frame_index: int) -> bytes:
        """Return the bytes of one frame."""
        ...


@dataclass(slots=True)
class NativeFrames:
    """Uncompressed frames, one after the other.

    Parameters
    ----------
    file : DicomFile
        The file.
    layout : PixelLayout
        Layout of the samples.
    position : int
        Where the first frame begins.
    present_bytes : int
        Bytes of pixel data that are in the file.
    swaps_bytes : bool
        Whether 8-bit samples stand in big-endian 16-bit words.
    """

    file: DicomFile
    layout: PixelLayout
    position: int
    present_bytes: int
    swaps_bytes: bool
    codec: Codec = Codec.UNCOMPRESSED

    @property
    def count(self) -> int:
        """Frames whose bytes are all there; a single missing last byte is filled in."""
        return (self.present_bytes + 1) // self.layout.frame_bytes

    @property
    def is_cut(self) -> bool:
        """Whether bytes are missing."""
        return self.present_bytes + 1 < self.layout.frame_bytes * self.layout.frames

    def read(self, frame_index: int) -> bytes:
        """Return the bytes of one frame."""
        size = self.layout.frame_bytes
        start = self.position + frame_index * size
        if not self.swaps_bytes:
            self.file.stream.seek(start)
            return self.file.stream.read(size).ljust(size, b"\0")
        odd = (start - self.position) % 2
        self.file.stream.seek(start - odd)
        words = self.file.stream.read(size + odd + (size + odd) % 2)
        swapped = bytearray(words.ljust(len(words) + len(words) % 2, b"\0"))
        swapped[0::2], swapped[1::2] = swapped[1::2], swapped[0::2]
        return bytes(swapped[odd : odd + size]).ljust(size, b"\0")


@dataclass(slots=True)
class CompressedFrames:
    """Compressed frames, each in one or more fragments."""

    file: DicomFile
    codec: Codec
    grouped: list[list[Fragment]]
    is_cut: bool

    @property
    def count(self) -> int:
        """Frames found."""
        return len(self.grouped)

    def read(self, frame_index: int) -> bytes:
        """Return the bytes of one frame."""
        return read_frame(self.file.stream, self.grouped[frame_index])


def stored_frames(file: DicomFile, layout: PixelLayout, findings: Findings) -> StoredFrames:
    """Find the frames of a file.

    Parameters
    ----------
    file : DicomFile
        The file, with its stream at the pixel data.
    layout : PixelLayout
        Layout of the samples.
    findings : Findings
        Takes the remarks.

    Returns
    -------
    StoredFrames
        The frames.

    Raises
    ------
    RefusedError
        If there is no pixel data, or its compression is not known.
    """
    type_of_element, length = pixel_element(file)
    syntax = file.transfer_syntax
    codec = CODEC_OF_SYNTAX.get(syntax)
    if codec is None and syntax not in _UNCOMPRESSED:
        raise RefusedError(Refusal.UNKNOWN_TRANSFER_SYNTAX, uid=_speakable(syntax))
    if length != UNDEFINED_LENGTH:
        if codec is not None and not _holds(length, layout.frame_bytes * layout.frames):
            raise RefusedError(Refusal.FRAGMENTS_DAMAGED)
        if codec is not None:
            _note_other_codec(codec, Codec.UNCOMPRESSED, findings)
        if layout.photometric in _ONLY_COMPRESSED:
            raise RefusedError(Refusal.UNSUPPORTED_COLOUR, colour=f"uncompressed {layout.photometric}")
        return _native(file, layout, length, type_of_element, findings)
    found = read_fragments(file.stream, file.file_bytes)
    grouped = group_by_frame(found, layout.frames, _extended_offsets(file), file.stream, findings)
    compressed = CompressedFrames(file, codec or Codec.UNCOMPRESSED, grouped, _is_cut(found))
    return compressed if codec is not None else _by_first_frame(compressed, findings)


def _by_first_frame(frames: CompressedFrames, findings: Findings) -> CompressedFrames:
    """Tell the codec of fragments by the first frame, where the label says that nothing is compressed."""
    try:
        shape = shape_of(frames.read(0))
    except (EmptyFrameError, EOFError):
        shape = None
    if shape is None:
        raise RefusedError(Refusal.FRAGMENTS_DAMAGED)
    _note_other_codec(Codec.UNCOMPRESSED, shape.codec, findings)
    return replace(frames, codec=shape.codec)


def _note_other_codec(labelled: Codec, found: Codec, findings: Findings) -> None:
    findings.remark(Remark.DATA_NOT_AS_LABELLED, label=labelled.label, codec=found.label)


def as_stored(file: DicomFile, layout: PixelLayout, findings: Findings) -> PixelLayout:
    """Return the layout by the length of the pixel data, where that shows that no chroma is shared.

    Programs that decompress a clip often leave YBR_FULL_422 in its header.
    """
    length = pixel_element(file)[1]
    whole = replace(layout, photometric="YBR_FULL")
    if layout.photometric != "YBR_FULL_422" or length == UNDEFINED_LENGTH:
        return layout
    if not _holds(length, whole.frame_bytes * layout.frames):
        return layout
    findings.remark(Remark.COLOUR_NOT_AS_LABELLED)
    return whole


def _holds(length: int, needed: int) -> bool:
    """Whether pixel data of this length, which is even, are that many bytes."""
    return length in (needed, needed + 1) and needed > 0


def is_several_frames(frames: StoredFrames) -> bool:
    """Whether there is more than one frame, and no byte that is not of one."""
    if isinstance(frames, NativeFrames) and frames.present_bytes % frames.layout.frame_bytes > 1:
        return False
    return frames.count > 1


def _native(
    file: DicomFile, layout: PixelLayout, length: int, type_of_element: bytes, findings: Findings
) -> NativeFrames:
    position = file.stream.tell()
    present = min(length, file.file_bytes - position)
    needed = layout.frame_bytes * layout.frames
    if present == needed - 1:
        findings.remark(Remark.LAST_BYTE_MISSING)
    swaps = not file.encoding.is_little_endian and layout.bits_allocated == 8 and type_of_element == b"OW"
    return NativeFrames(file, layout, position, present, swaps)


def pixel_element(file: DicomFile) -> tuple[bytes, int]:
    """Read type and length of the pixel data element; the stream is then at its value.

    Raises
    ------
    RefusedError
        If the file has no pixel data.
    """
    order = "<" if file.encoding.is_little_endian else ">"
    file.stream.seek(file.pixels_at)
    prefix = file.stream.read(8)
    if len(prefix) < 8 or struct.unpack(f"{order}HH", prefix[:4]) != PIXEL_DATA:
        is_cut = 0 < len(prefix) < 8
        raise RefusedError(Refusal.CUT_IN_HEADER if is_cut else Refusal.NO_PICTURE)
    if file.encoding.is_implicit:
        return b"OW", int(struct.unpack(f"{order}I", prefix[4:])[0])
    if prefix[4:6] not in _LONG_TYPES:
        raise RefusedError(Refusal.HEADER_DAMAGED)
    rest = file.stream.read(4)
    if len(rest) < 4:
        raise RefusedError(Refusal.CUT_IN_HEADER)
    return prefix[4:6], int(struct.unpack(f"{order}I", rest)[0])


def refuse_floating_point(file: DicomFile) -> None:
    """Refuse Float and Double Float Pixel Data (7FE0,0008), (7FE0,0009), saying that it is these.

    Raises
    ------
    RefusedError
        If the pixel data is one of them.
    """
    order = "<" if file.encoding.is_little_endian else ">"
    file.stream.seek(file.pixels_at)
    tag = file.stream.read(4)
    bits = _FLOATING_POINT_BITS.get(struct.unpack(f"{order}HH", tag)) if len(tag) == 4 else None
    if bits is not None:
        raise RefusedError(Refusal.UNSUPPORTED_BITS, bits=f"{bits} floating-point")


def _extended_offsets(file: DicomFile) -> tuple[int, ...]:
    raw = value(file.dataset, "ExtendedOffsetTable")  # (7FE0,0001)
    if not isinstance(raw, bytes) or len(raw) % 8:
        return ()
    return struct.unpack(f"<{len(raw) // 8}Q", raw)


def _is_cut(found: Encapsulated) -> bool:
    return not found.is_complete


def _speakable(uid: str) -> str:
    is_uid = 0 < len(uid) <= 64 and set(uid) <= set("0123456789.")
    return uid if is_uid else "of this file"
