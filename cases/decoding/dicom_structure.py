"""The skeleton of a DICOM header, walked without reading its values, before a library is trusted with it.

A header may claim sequences three thousand deep, elements of gigabytes or a million elements. All of that is refused
here, by looking at tags and lengths only.

References
----------
DICOM PS3.5 chapter 7, The Data Set.
"""

import struct
from dataclasses import dataclass
from typing import BinaryIO

from cases.decoding.source import RefusedError
from cases.sentences import Refusal
from cases.settings import Limits

UNDEFINED = 0xFFFFFFFF
ITEM, ITEM_END, SEQUENCE_END = (0xFFFE, 0xE000), (0xFFFE, 0xE00D), (0xFFFE, 0xE0DD)
PIXEL_ELEMENTS = frozenset({(0x7FE0, 0x0008), (0x7FE0, 0x0009), (0x7FE0, 0x0010)})
LONG_TYPES = frozenset(
    {b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"}
)
SHORT_TYPES = frozenset(
    {b"AE", b"AS", b"AT", b"CS", b"DA", b"DS", b"DT", b"FD", b"FL", b"IS", b"LO", b"LT", b"PN", b"SH", b"SL"}
    | {b"SS", b"ST", b"TM", b"UI", b"UL", b"US"}
)
TYPES = LONG_TYPES | SHORT_TYPES
_OF_FRAGMENTS = frozenset({b"OB", b"OW"})
"""Types whose values of undefined length are compressed bytes in fragments, and no sequence."""

_LONG = 65_536
"""Shorter elements that do not end inside the file were cut off; longer ones lie about their length."""

_ITEM_START = b"\xfe\xff\x00\xe0"
_ITEM_START_BIG = b"\xff\xfe\xe0\x00"


@dataclass(frozen=True, slots=True)
class Encoding:
    """How elements are written.

    Parameters
    ----------
    is_implicit : bool
        Whether elements leave out their type.
    is_little_endian : bool
        Whether numbers begin with their lowest byte.
    """

    is_implicit: bool
    is_little_endian: bool

    @property
    def order(self) -> str:
        """Byte order as `struct` writes it."""
        return "<" if self.is_little_endian else ">"


@dataclass(slots=True)
class _Open:
    """A sequence or an item whose end has not come; ``end`` is None where only a delimiter will tell."""

    end: int | None
    is_sequence: bool
    encoding: Encoding


class StructureWalk:
    """One walk over the elements of a data set, from the stream's position to the pixel data.

    Parameters
    ----------
    stream : binary file
        At the first element.
    size : int
        Length of the stream.
    encoding : Encoding
        How the elements are written.
    limits : Limits
        Elements and depth.
    """

    def __init__(self, stream: BinaryIO, size: int, encoding: Encoding, limits: Limits) -> None:
        self._stream, self._size, self._limits = stream, size, limits
        self._encoding = encoding
        self._open: list[_Open] = []
        self._elements = 0

    def walk(self) -> int:
        """Walk to the pixel data.

        Returns
        -------
        int
            Position of the pixel data element, or the length of the stream where there is none.

        Raises
        ------
        RefusedError
            If the header is cut off, too deep, too long, or an element is longer than the file.
        """
        while True:
            position = self._stream.tell()
            self._leave_what_ended(position)
            prefix = self._stream.read(8)
            if not prefix and not self._open:
                return position
            if len(prefix) < 8:
                raise RefusedError(Refusal.CUT_IN_HEADER)
            tag: tuple[int, int] = struct.unpack(f"{self._now.order}HH", prefix[:4])
            if not self._open and tag in PIXEL_ELEMENTS:
                return position
            self._step(tag, prefix)

    @property
    def _now(self) -> Encoding:
        return self._open[-1].encoding if self._open else self._encoding

    def _leave_what_ended(self, position: int) -> None:
        while self._open and self._open[-1].end is not None and position >= self._open[-1].end:
            self._open.pop()

    def _step(self, tag: tuple[int, int], prefix: bytes) -> None:
        if tag[0] == 0xFFFE:
            self._delimiter(tag, struct.unpack(f"{self._now.order}I", prefix[4:])[0])
            return
        self._count_element()
        kind, length = self._type_and_length(tag, prefix)
        if length == UNDEFINED and kind in _OF_FRAGMENTS:
            self._pass_fragments()
            return
        start = self._stream.tell()
        inside = self._inside(kind, length)
        if length != UNDEFINED and start + length > self._size:
            if length < _LONG:
                raise RefusedError(Refusal.CUT_IN_HEADER)
            raise RefusedError(Refusal.ELEMENT_TOO_LONG, tag=f"({tag[0]:04X},{tag[1]:04X})")
        if inside is None:
            self._stream.seek(start + length)
            return
        self._enter(_Open(None if length == UNDEFINED else start + length, True, inside))

    def _type_and_length(self, tag: tuple[int, int], prefix: bytes) -> tuple[bytes, int]:
        now = self._now
        if now.is_implicit:
            return b"", struct.unpack(f"{now.order}I", prefix[4:])[0]
        kind = prefix[4:6]
        if kind in SHORT_TYPES:
            return kind, struct.unpack(f"{now.order}H", prefix[6:])[0]
        if kind not in LONG_TYPES:
            raise RefusedError(Refusal.HEADER_DAMAGED_AT, tag=f"({tag[0]:04X},{tag[1]:04X})")
        rest = self._stream.read(4)
        if len(rest) < 4:
            raise RefusedError(Refusal.CUT_IN_HEADER)
        return kind, struct.unpack(f"{now.order}I", rest)[0]

    def _inside(self, kind: bytes, length: int) -> Encoding | None:
        """Say how the elements inside are written, where there are any."""
        now = self._now
        if kind == b"SQ":
            return now
        if length == UNDEFINED:  # an unknown type of undefined length is a sequence in implicit encoding
            return now if now.is_implicit else Encoding(True, now.is_little_endian)
        if not now.is_implicit:
            return None
        start = self._stream.read(4)
        self._stream.seek(-len(start), 1)
        return now if start == (_ITEM_START if now.is_little_endian else _ITEM_START_BIG) else None

    def _pass_fragments(self) -> None:
        """Pass over compressed bytes, such as those of a small picture (icon) inside a sequence."""
        while True:
            prefix = self._stream.read(8)
            if len(prefix) < 8:
                raise RefusedError(Refusal.CUT_IN_HEADER)
            group, number, length = struct.unpack(f"{self._now.order}HHI", prefix)
            if (group, number) == SEQUENCE_END:
                return
            if (group, number) != ITEM or length == UNDEFINED:
                raise RefusedError(Refusal.HEADER_DAMAGED)
            self._count_element()
            end = self._stream.tell() + length
            if end > self._size:
                raise RefusedError(Refusal.ELEMENT_TOO_LONG, tag="(FFFE,E000)")
            self._stream.seek(end)

    def _count_element(self) -> None:
        self._elements += 1
        if self._elements > self._limits.max_elements:
            raise RefusedError(Refusal.TOO_MANY_ELEMENTS, limit=self._limits.max_elements)

    def _delimiter(self, tag: tuple[int, int], length: int) -> None:
        if not self._open:
            raise RefusedError(Refusal.HEADER_DAMAGED)
        position = self._stream.tell()
        if tag == ITEM:
            if length != UNDEFINED and position + length > self._size:
                raise RefusedError(Refusal.ELEMENT_TOO_LONG, tag="(FFFE,E000)")
            self._enter(_Open(None if length == UNDEFINED else position + length, False, self._now))
        elif tag in (ITEM_END, SEQUENCE_END):
            while self._open:
                if self._open.pop().is_sequence == (tag == SEQUENCE_END):
                    break
        else:
            raise RefusedError(Refusal.HEADER_DAMAGED)

    def _enter(self, opened: _Open) -> None:
        self._open.append(opened)
        self._elements += 1
        if len(self._open) > 2 * self._limits.max_nesting:
            raise RefusedError(Refusal.TOO_DEEP, limit=self._limits.max_nesting)
