"""Which fragments make up each compressed frame, told by the marks of the codecs, by the tables and by the count.

References
----------
DICOM PS3.5 A.4: a fragment belongs to one frame only, and a frame may have several.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

from cases.decoding import rle
from cases.decoding.dicom_fragments import START_BYTES, Encapsulated, Fragment
from cases.decoding.source import Findings
from cases.sentences import Remark

Fragments = tuple[Fragment, ...]
_PIECE_BYTES = 1 << 20
_OVERLAP_BYTES = 32
_JPEG_XL_STARTS = (b"\xff\x0a", b"\x00\x00\x00\x0cJXL ")


@dataclass(frozen=True, slots=True)
class _Marks:
    """How the frames of a codec begin; ``between`` ends where one begins right behind the end of another."""

    begins: Callable[[bytes], bool]
    between: re.Pattern[bytes] | None = None


_JPEG = _Marks(
    lambda start: start.startswith(b"\xff\xd8\xff"),
    re.compile(rb"\xff\xd9\x00{0,3}(?=\xff\xd8\xff)"),
)
_JPEG_2000 = _Marks(
    lambda start: start.startswith((b"\xff\x4f\xff\x51", b"\x00\x00\x00\x0cjP  ")),
    re.compile(rb"\xff\xd9\x00{0,3}(?=\xff\x4f\xff\x51|\x00\x00\x00\x0cjP  )"),
)
_ALL_MARKS = (
    _JPEG,
    _JPEG_2000,
    _Marks(lambda start: start.startswith(_JPEG_XL_STARTS)),
    _Marks(rle.is_header),
)


def group_by_frame(
    found: Encapsulated, declared: int, extended: tuple[int, ...], stream: BinaryIO, findings: Findings
) -> list[list[Fragment]]:
    """Say which fragments make up each frame.

    The data decide where they can: a fragment that begins with a codec's start mark begins a frame, and a fragment
    that holds several frames is taken apart. A table, or one fragment a frame, counts instead where only that
    gives the declared number: then the mark of a frame is damaged.

    Parameters
    ----------
    found : Encapsulated
        Table and fragments.
    declared : int
        Number of Frames.
    extended : tuple of int
        Extended Offset Table (7FE0,0001); empty where there is none.
    stream : binary file
        Searched for marks where there are fewer fragments than frames.
    findings : Findings
        Takes the remarks.

    Returns
    -------
    list of list of Fragment
        The fragments of each frame.
    """
    offsets = extended or found.offsets
    by_table = _starts_by_table(found, offsets)
    marks = next((marks for marks in _ALL_MARKS if marks.begins(found.fragments[0].start)), None)
    if marks is None:
        if offsets and by_table is None:
            findings.remark(Remark.OFFSET_TABLE_WRONG)
        one_each = [0] if declared == 1 else list(range(len(found.fragments)))
        return _split(found.fragments, by_table or one_each)
    fragments, starts = found.fragments, _starts_by_marks(found.fragments, marks)
    starts = _with_empty_frames(starts, fragments, declared)
    if len(starts) < declared:
        otherwise = _starts_without_marks(by_table, len(fragments), declared)
        if otherwise is not None:
            return _split(fragments, otherwise)
        fragments = tuple(_taken_apart(fragments, marks, stream))
        starts = _starts_by_marks(fragments, marks)
    if len(fragments) > len(found.fragments):
        findings.remark(Remark.FRAMES_IN_ONE_PIECE)
    elif offsets and by_table != starts:
        findings.remark(Remark.OFFSET_TABLE_WRONG)
    return _split(fragments, starts)


def _starts_by_table(found: Encapsulated, offsets: tuple[int, ...]) -> list[int] | None:
    by_position = {fragment.position - 8 - found.first_at: k for k, fragment in enumerate(found.fragments)}
    starts = [by_position.get(offset, -1) for offset in offsets]
    return starts if starts and starts[0] == 0 and starts == sorted(set(starts)) else None


def _starts_by_marks(fragments: Fragments, marks: _Marks) -> list[int]:
    return [k for k, fragment in enumerate(fragments) if marks.begins(fragment.start)]


def _starts_without_marks(by_table: list[int] | None, fragments: int, declared: int) -> list[int] | None:
    """Return where frames begin if the marks of some are damaged; None where nothing gives the declared number."""
    if by_table is not None and len(by_table) == declared:
        return by_table
    return list(range(fragments)) if fragments == declared else None


def _with_empty_frames(starts: list[int], fragments: Fragments, declared: int) -> list[int]:
    """Count empty fragments as frames where the declared number comes out only so."""
    empty = {k for k, fragment in enumerate(fragments) if fragment.length == 0}
    return sorted({*starts, *empty}) if len({*starts, *empty}) == declared else starts


def _taken_apart(fragments: Fragments, marks: _Marks, stream: BinaryIO) -> Iterator[Fragment]:
    """Cut fragments that hold several frames where one frame ends and the next begins."""
    for fragment in fragments:
        inside = _frames_inside(fragment, marks.between, stream) if marks.between else []
        bounds = [0, *inside, fragment.length]
        for start, end in pairwise(bounds):
            stream.seek(fragment.position + start)
            head = stream.read(min(end - start, START_BYTES))
            is_short = fragment.is_short and end == fragment.length
            yield Fragment(fragment.position + start, end - start, head, is_short)


def _frames_inside(fragment: Fragment, between: re.Pattern[bytes], stream: BinaryIO) -> list[int]:
    """Find where further frames begin inside a fragment, in bytes from its beginning."""
    found: set[int] = set()
    for at in range(0, fragment.length, _PIECE_BYTES):
        stream.seek(fragment.position + at)
        piece = stream.read(min(_PIECE_BYTES + _OVERLAP_BYTES, fragment.length - at))
        found.update(at + match.end() for match in between.finditer(piece))
    return sorted(found)


def _split(fragments: Fragments, starts: list[int]) -> list[list[Fragment]]:
    return [list(fragments[start:end]) for start, end in zip(starts, [*starts[1:], None], strict=True)]
