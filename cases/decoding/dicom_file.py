"""A DICOM file opened up to its pixel data: with or without preamble, plain or deflated.

The skeleton of the header is walked first; only then does pydicom read its values.
"""

import io
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filereader import read_dataset
from pydicom.tag import BaseTag

from cases.decoding.dicom_structure import PIXEL_ELEMENTS, TYPES, Encoding, StructureWalk
from cases.decoding.resting_file import RestingFile
from cases.decoding.source import RefusedError
from cases.sentences import Refusal
from cases.settings import Limits

IMPLICIT = "1.2.840.10008.1.2"
BIG_ENDIAN = "1.2.840.10008.1.2.2"
DEFLATED = "1.2.840.10008.1.2.1.99"
_PREAMBLE_BYTES = 132
_META_GROUP = b"\x02\x00"
_LARGEST_VALUE_BYTES = 1 << 24
"""Larger values, which no field that we read has, are passed over unread: scanners keep raw data in private ones."""

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, eq=False)
class DicomFile:
    """One DICOM file, opened.

    Parameters
    ----------
    dataset : Dataset
        Everything before the pixel data.
    stream : binary file
        The file, or what it was inflated to.
    pixels_at : int
        Position of the pixel data element.
    file_bytes : int
        Length of the stream.
    encoding : Encoding
        How its elements are written, told by the data.
    transfer_syntax : str
        UID of the transfer syntax.
    resting : RestingFile or None
        The stream, where it is a file that can be closed for a while.
    """

    dataset: Dataset
    stream: BinaryIO
    pixels_at: int
    file_bytes: int
    encoding: Encoding
    transfer_syntax: str
    resting: RestingFile | None = None

    def rest(self) -> None:
        """Close the file until it is read again."""
        if self.resting is not None:
            self.resting.rest()

    @property
    def is_as_labelled(self) -> bool:
        """Whether the header is written as its transfer syntax says."""
        is_labelled_little = self.transfer_syntax != BIG_ENDIAN
        is_labelled_implicit = self.transfer_syntax == IMPLICIT
        return (is_labelled_implicit, is_labelled_little) == (
            self.encoding.is_implicit,
            self.encoding.is_little_endian,
        )


def open_dicom(path: Path, limits: Limits) -> DicomFile:
    """Read a header up to the pixel data.

    Parameters
    ----------
    path : Path
        The file.
    limits : Limits
        Elements, depth, and how far a deflated file may expand.

    Returns
    -------
    DicomFile
        The file, open.

    Raises
    ------
    RefusedError
        If the header cannot be read.
    """
    resting = RestingFile(path)
    stream = cast(BinaryIO, resting)
    try:
        opened = _opened(stream, path.stat().st_size, limits)
        return replace(opened, resting=resting) if opened.stream is stream else opened
    except RefusedError:
        stream.close()
        raise
    except (RecursionError, MemoryError):
        stream.close()
        raise
    except Exception as error:
        # pydicom raises nearly every built-in error on damaged headers; all mean the same to the person.
        stream.close()
        raise RefusedError(Refusal.HEADER_DAMAGED) from error


def _opened(stream: BinaryIO, size: int, limits: Limits) -> DicomFile:
    meta, body_at = _read_meta(stream, size, limits)
    syntax = str(meta.get("TransferSyntaxUID", "")).strip()
    if not syntax and len(meta):
        raise RefusedError(Refusal.NO_TRANSFER_SYNTAX)
    if syntax == DEFLATED:
        stream, size, body_at = _inflated(stream, size, body_at, limits)
    encoding = _encoding(stream, body_at, syntax)
    stream.seek(body_at)
    pixels_at = StructureWalk(stream, size, encoding, limits).walk()
    stream.seek(body_at)
    dataset = read_dataset(
        stream,
        is_implicit_VR=encoding.is_implicit,
        is_little_endian=encoding.is_little_endian,
        stop_when=_at_pixel_data,
        defer_size=_LARGEST_VALUE_BYTES,
    )
    dataset.file_meta = meta
    return DicomFile(dataset, stream, pixels_at, size, encoding, syntax or _syntax_of(encoding))


def _read_meta(stream: BinaryIO, size: int, limits: Limits) -> tuple[FileMetaDataset, int]:
    start = _PREAMBLE_BYTES if stream.read(_PREAMBLE_BYTES)[128:] == b"DICM" else 0
    stream.seek(start)
    first = stream.read(6)
    stream.seek(start)
    group = first[:2]
    if start and not group:
        raise RefusedError(Refusal.CUT_IN_HEADER)
    if group != _META_GROUP:
        return FileMetaDataset(), start
    is_implicit = first[4:6] not in TYPES  # against the standard, as some older scanners write it
    end = _end_of_meta(stream, size, limits, is_implicit=is_implicit)
    stream.seek(start)
    raw = io.BytesIO(stream.read(end - start))
    return FileMetaDataset(read_dataset(raw, is_implicit_VR=is_implicit, is_little_endian=True)), end


def _end_of_meta(stream: BinaryIO, size: int, limits: Limits, *, is_implicit: bool) -> int:
    """Find the first element that is not of group 2; the stated group length is often wrong."""
    for _ in range(limits.max_elements):
        position = stream.tell()
        prefix = stream.read(8)
        if prefix[:2] != _META_GROUP:
            return position
        if len(prefix) < 8:
            raise RefusedError(Refusal.CUT_IN_HEADER)
        is_long = not is_implicit and prefix[4:6] in (b"OB", b"OW", b"UN", b"SQ", b"UT")
        stated = prefix[4:8] if is_implicit else stream.read(4) if is_long else prefix[6:8]
        length = int.from_bytes(stated, "little")
        if stream.tell() + length > size:
            raise RefusedError(Refusal.CUT_IN_HEADER)
        stream.seek(length, 1)
    raise RefusedError(Refusal.TOO_MANY_ELEMENTS, limit=limits.max_elements)


def _encoding(stream: BinaryIO, body_at: int, syntax: str) -> Encoding:
    """Tell by the first element how all are written; the transfer syntax is often copied from elsewhere."""
    stream.seek(body_at)
    first = stream.read(8)
    if len(first) < 8:
        raise RefusedError(Refusal.CUT_IN_HEADER)
    is_implicit = first[4:6] not in TYPES
    is_big = first[0] == 0 and first[1] != 0
    if is_implicit and not is_big and int.from_bytes(first[:2], "little") > 0x7FE0:
        is_big = syntax == BIG_ENDIAN
    return Encoding(is_implicit, not is_big)


def _syntax_of(encoding: Encoding) -> str:
    if encoding.is_implicit:
        return IMPLICIT
    return "1.2.840.10008.1.2.1" if encoding.is_little_endian else BIG_ENDIAN


def _inflated(stream: BinaryIO, size: int, body_at: int, limits: Limits) -> tuple[BinaryIO, int, int]:
    allowed = min(size * limits.max_archive_ratio, limits.max_memory_bytes // 2)
    inflater, whole = zlib.decompressobj(-zlib.MAX_WBITS), io.BytesIO()
    stream.seek(body_at)
    try:
        while piece := stream.read(_CHUNK_BYTES):
            whole.write(inflater.decompress(piece, allowed - whole.tell() + 1))
            if whole.tell() > allowed:
                raise RefusedError(Refusal.DEFLATED_TOO_FAR, ratio=limits.max_archive_ratio)
    except zlib.error as error:
        raise RefusedError(Refusal.HEADER_DAMAGED) from error
    finally:
        stream.close()
    if not inflater.eof:
        raise RefusedError(Refusal.CUT_IN_HEADER)
    return whole, whole.tell(), 0


def _at_pixel_data(tag: BaseTag, _type: str | None, _length: int) -> bool:
    return (tag.group, tag.element) in PIXEL_ELEMENTS
