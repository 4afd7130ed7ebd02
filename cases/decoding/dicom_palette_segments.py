"""A colour table that is stored in segments: runs of entries, straight lines between two, and repeats of these.

References
----------
DICOM PS3.3 C.7.9.2, Segmented Palette Color Lookup Tables.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cases.decoding.source import RefusedError
from cases.sentences import Refusal

_DISCRETE, _LINEAR, _INDIRECT = 0, 1, 2
_OFFSET_BYTES = 4


@dataclass(frozen=True, slots=True)
class _Segment:
    """Entries that follow those before it: as they are, or on a line from the last one to ``values[0]``."""

    is_linear: bool
    length: int
    values: NDArray[np.uint16]


def expanded(raw: bytes, entries: int, bits: int, *, is_big_endian: bool) -> NDArray[np.uint16]:
    """Expand a table, never beyond the entries that it declares.

    Parameters
    ----------
    raw : bytes
        The segments.
    entries : int
        Entries of the table.
    bits : int
        Bits of an entry; the numbers of segments of 8 bits are single bytes, the others are words.
    is_big_endian : bool
        Order of the bytes of a word.

    Returns
    -------
    ndarray of uint16, shape (entries,)
        The table.

    Raises
    ------
    RefusedError
        If it does not come out at the entries that it declares.
    """
    table = np.zeros(entries, np.uint16)
    filled = 0
    for segment in _segments(raw, bits, is_big_endian=is_big_endian):
        end = filled + segment.length
        if end > entries or (segment.is_linear and filled == 0):
            raise RefusedError(Refusal.PALETTE_DAMAGED)
        if segment.is_linear:
            steps = np.arange(1, segment.length + 1) / segment.length
            before, last = float(table[filled - 1]), float(segment.values[0])
            table[filled:end] = np.rint(before + (last - before) * steps)
        else:
            table[filled:end] = segment.values
        filled = end
    if filled != entries:
        raise RefusedError(Refusal.PALETTE_DAMAGED)
    return table


def _segments(raw: bytes, bits: int, *, is_big_endian: bool) -> Iterator[_Segment]:
    size = 1 if bits == 8 else 2
    order = ">" if is_big_endian else "<"
    if size == 1 and is_big_endian:  # the value is made of words, whose bytes then stand the other way round
        raw = np.frombuffer(raw[: len(raw) // 2 * 2], ">u2").astype("<u2").tobytes()
    numbers = np.frombuffer(raw[: len(raw) // size * size], f"{order}u{size}").astype(np.uint16)
    at = 0
    while at + 2 < len(numbers):  # one number alone fills up to an even length
        if numbers[at] == _INDIRECT:
            count, offset = int(numbers[at + 1]), _offset(numbers[at + 2 :], size)
            at += 2 + _OFFSET_BYTES // size
            yield from _repeated(numbers, offset // size, count)
        else:
            segment, at = _segment(numbers, at)
            yield segment


def _repeated(numbers: NDArray[np.uint16], at: int, count: int) -> Iterator[_Segment]:
    """Give some segments again; a repeat of a repeat is not allowed."""
    for _ in range(count):
        segment, at = _segment(numbers, at)
        yield segment


def _segment(numbers: NDArray[np.uint16], at: int) -> tuple[_Segment, int]:
    if at + 2 >= len(numbers) or numbers[at] not in (_DISCRETE, _LINEAR) or numbers[at + 1] == 0:
        raise RefusedError(Refusal.PALETTE_DAMAGED)
    is_linear, length = bool(numbers[at] == _LINEAR), int(numbers[at + 1])
    end = at + 2 + (1 if is_linear else length)
    if end > len(numbers):
        raise RefusedError(Refusal.PALETTE_DAMAGED)
    return _Segment(is_linear, length, numbers[at + 2 : end]), end


def _offset(numbers: NDArray[np.uint16], size: int) -> int:
    """Return the byte offset of an indirect segment, whose lower half comes first."""
    parts = [int(part) for part in numbers[: _OFFSET_BYTES // size]]
    return sum(part << (8 * size * k) for k, part in enumerate(parts))
