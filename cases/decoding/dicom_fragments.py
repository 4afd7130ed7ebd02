"""The compressed bytes of a DICOM file: its fragments, and the tables that say where its frames begin.

References
----------
DICOM PS3.5 A.4, Transfer Syntaxes for Encapsulation of Encoded Pixel Data.
"""

import struct
from dataclasses import dataclass
from typing import BinaryIO

from cases.decoding.source import RefusedError
from cases.sentences import Refusal

_ITEM = (0xFFFE, 0xE000)
_DELIMITER = (0xFFFE, 0xE0DD)
_MAX_FRAGMENTS = 1_000_000
_OFFSET_BYTES = 4
START_BYTES = 64
"""As many as an RLE header has, the longest mark of a codec."""


class EmptyFrameError(Exception):
    """A frame of no bytes."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A stretch of compressed bytes in the file.

    Parameters
    ----------
    position, length : int
        Where it lies; what of it is in the file.
    start : bytes
        Its first bytes.
    is_short : bool
        Whether the file ends before the fragment does.
    """

    position: int
    length: int
    start: bytes
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class Encapsulated:
    """Fragments of a file in their order.

    Parameters
    ----------
    offsets : tuple of int
        Basic Offset Table: start of each frame relative to the first fragment; empty where there is none.
    fragments : tuple of Fragment
        The fragments; the last one may be shorter than it claims.
    first_at : int
        Position of the first fragment's item tag in the file.
    is_complete : bool
        Whether the sequence is closed by its delimiter.
    """

    offsets: tuple[int, ...]
    fragments: tuple[Fragment, ...]
    first_at: int
    is_complete: bool


def read_fragments(stream: BinaryIO, file_bytes: int) -> Encapsulated:
    """Walk the items from the stream's position, without reading the compressed bytes.

    Parameters
    ----------
    stream : binary file
        At the item of the Basic Offset Table.
    file_bytes : int
        Length of the file.

    Returns
    -------
    Encapsulated
        The table and the fragments.

    Raises
    ------
    RefusedError
        If there is not a single fragment.
    """
    table = _item(stream, file_bytes)
    if table is None or table.length > _OFFSET_BYTES * _MAX_FRAGMENTS:
        raise RefusedError(Refusal.FRAGMENTS_DAMAGED)
    stream.seek(table.position)
    raw = stream.read(min(table.length, file_bytes - table.position) // 4 * 4)
    offsets = struct.unpack(f"<{len(raw) // 4}I", raw)
    stream.seek(table.position + table.length)
    first_at = stream.tell()
    fragments: list[Fragment] = []
    while (fragment := _item(stream, file_bytes)) is not None:
        fragments.append(fragment)
        if len(fragments) > _MAX_FRAGMENTS:
            raise RefusedError(Refusal.FRAGMENTS_DAMAGED)
        stream.seek(fragment.position + fragment.length)
    if not fragments:
        raise RefusedError(Refusal.FRAGMENTS_DAMAGED)
    return Encapsulated(
        offsets, tuple(fragments), first_at, _ended_properly(stream, fragments[-1], file_bytes)
    )


def read_frame(stream: BinaryIO, fragments: list[Fragment]) -> bytes:
    """Join the fragments of one frame.

    Raises
    ------
    EOFError
        If the file ends before the last of them does.
    EmptyFrameError
        If there is not a byte.
    """
    if fragments[-1].is_short:
        raise EOFError
    if sum(fragment.length for fragment in fragments) == 0:
        raise EmptyFrameError
    pieces = []
    for fragment in fragments:
        stream.seek(fragment.position)
        pieces.append(stream.read(fragment.length))
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _item(stream: BinaryIO, file_bytes: int) -> Fragment | None:
    prefix = stream.read(8)
    if len(prefix) < 8:
        return None
    group, element, length = struct.unpack("<HHI", prefix)
    if (group, element) != _ITEM:
        stream.seek(-8, 1)
        return None
    position = stream.tell()
    present = min(length, file_bytes - position)
    return Fragment(position, present, stream.read(min(present, START_BYTES)), is_short=present < length)


def _ended_properly(stream: BinaryIO, last: Fragment, file_bytes: int) -> bool:
    stream.seek(last.position + last.length)
    prefix = stream.read(4)
    return len(prefix) == 4 and struct.unpack("<HH", prefix) == _DELIMITER
