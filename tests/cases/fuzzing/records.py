"""Where the parts of a file and their lengths lie, so that a file can be spoiled where it hurts.

These walkers are deliberately not those of the readers: they know only what is needed to find the next part, and
stop silently where a file makes no sense.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice


@dataclass(frozen=True, slots=True)
class Record:
    """One part of a file: an element, a fragment, a box, a chunk, a marker segment.

    Parameters
    ----------
    start, end : int
        Where it lies in the file.
    body : int
        Where its content begins.
    length_at, length_bytes : int
        Where its length is written, and in how many bytes; no bytes where none is written.
    order : "little" or "big"
        Byte order of the numbers in it.
    """

    start: int
    end: int
    body: int
    length_at: int
    length_bytes: int
    order: str = "little"


Walk = Callable[[bytes, int, int], Iterator[Record]]
_SHORT = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())
_LONG = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
_UNDEFINED = 0xFFFFFFFF
_BOX_FAMILIES = frozenset(b"moov trak mdia minf stbl dinf edts udta meta ilst moof traf mvex jp2h".split())
_EBML_FAMILIES = frozenset(
    (0x18538067, 0x114D9B74, 0x4DBB, 0x1549A966, 0x1654AE6B, 0xAE, 0xE0, 0x1F43B675, 0xA0, 0x1C53BB6B, 0xBB)
)
_CODE_STREAMS = (b"\xff\xd8\xff", b"\xff\x4f\xff\x51")
_BARE_MARKERS = frozenset({0x01, 0x4F, 0x93, 0xD9, *range(0xD0, 0xD9)})


def records_of(content: bytes) -> list[Record]:
    """Find the parts of a file by its first bytes; none where it is of no kind that is known here."""
    walk = _walk_for(content)
    return list(islice(walk(content, 0, len(content)), 5_000))


def _walk_for(content: bytes) -> Walk:
    if content[128:132] == b"DICM":
        return _dicom
    for start, walk in (
        (b"RIFF", _riff), (b"\x1a\x45\xdf\xa3", _ebml), (b"\x89PNG", _png), (b"\xff\xd8", _markers),
        (b"GIF8", _gif), (b"II*\0", _tiff), (b"BM", _bitmap), (b"\x30\x26\xb2\x75", _asf),
        (b"\0\0\1", _start_codes), (b"PK", _zip),
    ):  # fmt: skip
        if content.startswith(start):
            return walk
    return _boxes if content[4:8] in (b"ftyp", b"moov", b"wide", b"free", b"mdat") else _nothing


def _nothing(content: bytes, at: int, end: int) -> Iterator[Record]:
    yield from ()


def _dicom(content: bytes, at: int, end: int) -> Iterator[Record]:
    at = 132
    while content[at : at + 2] == b"\x02\x00":
        found = _element(content, at, end, is_implicit=False, order="little")
        if found is None:
            return
        yield found
        at = found.end
    is_implicit = content[at + 4 : at + 6] not in _SHORT | _LONG
    order = "big" if content[at : at + 1] == b"\0" else "little"
    yield from _elements(content, at, end, is_implicit=is_implicit, order=order)


def _elements(content: bytes, at: int, end: int, *, is_implicit: bool, order: str) -> Iterator[Record]:
    while at + 8 <= end:
        found = _element(content, at, end, is_implicit=is_implicit, order=order)
        if found is None:
            return
        yield found
        is_item = content[at : at + 2] in (b"\xfe\xff", b"\xff\xfe")
        if is_item or content[found.body : found.body + 2] in (b"\xfe\xff", b"\xff\xfe"):
            yield from _elements(content, found.body, found.end, is_implicit=is_implicit, order=order)
        if content[found.body : found.body + 4].startswith(_CODE_STREAMS):
            yield from _markers(content, found.body, found.end)
        at = found.end


def _element(content: bytes, at: int, end: int, *, is_implicit: bool, order: str) -> Record | None:
    tag, kind = content[at : at + 4], content[at + 4 : at + 6]
    is_item = tag[:2] in (b"\xfe\xff", b"\xff\xfe")
    length_at, length_bytes, body = at + 4, 4, at + 8
    if not is_implicit and not is_item:
        if kind not in _SHORT | _LONG:
            return None
        is_short = kind in _SHORT
        length_at, length_bytes, body = (at + 6, 2, at + 8) if is_short else (at + 8, 4, at + 12)
    length = _number(content, length_at, length_bytes, order)
    stop = end if length == _UNDEFINED else body + length
    return Record(at, min(stop, end), min(body, end), length_at, length_bytes, order)


def _boxes(content: bytes, at: int, end: int) -> Iterator[Record]:
    while at + 8 <= end:
        length, kind = _number(content, at, 4, "big"), content[at + 4 : at + 8]
        body, length_at, length_bytes = at + 8, at, 4
        if length == 1:
            body, length_at, length_bytes = at + 16, at + 8, 8
            length = _number(content, length_at, 8, "big")
        stop = end if length == 0 else at + length
        if not body <= stop <= end:
            return
        yield Record(at, stop, body, length_at, length_bytes, "big")
        if kind in _BOX_FAMILIES:
            yield from _boxes(content, body, stop)
        if kind == b"stsd":
            yield from _boxes(content, body + 8, stop)
        at = stop


def _riff(content: bytes, at: int, end: int) -> Iterator[Record]:
    while at + 8 <= end:
        stop = at + 8 + _number(content, at + 4, 4, "little")
        yield Record(at, min(stop, end), at + 8, at + 4, 4)
        if content[at : at + 4] in (b"RIFF", b"LIST", b"ANMF"):
            skipped = 24 if content[at : at + 4] == b"ANMF" else 12
            yield from _riff(content, at + skipped, min(stop, end))
        at = stop + stop % 2


def _ebml(content: bytes, at: int, end: int) -> Iterator[Record]:
    while at < end and content[at]:
        size_at = at + 9 - content[at].bit_length()
        if size_at >= end or not content[size_at]:
            return
        size_bytes = 9 - content[size_at].bit_length()
        mask = (1 << 7 * size_bytes) - 1
        size = _number(content, size_at, size_bytes, "big") & mask
        body = size_at + size_bytes
        stop = end if size == mask else min(body + size, end)
        yield Record(at, stop, body, size_at, size_bytes, "big")
        if _number(content, at, size_at - at, "big") in _EBML_FAMILIES:
            yield from _ebml(content, body, stop)
        at = stop


def _png(content: bytes, at: int, end: int) -> Iterator[Record]:
    at = 8
    while at + 12 <= end:
        stop = at + 12 + _number(content, at, 4, "big")
        yield Record(at, min(stop, end), at + 8, at, 4, "big")
        at = stop


def _markers(content: bytes, at: int, end: int) -> Iterator[Record]:
    """Marker segments of JPEG, JPEG-LS and JPEG 2000 up to the entropy-coded data."""
    while at + 4 <= end and content[at] == 0xFF:
        marker = content[at + 1]
        if marker in _BARE_MARKERS:
            yield Record(at, at + 2, at + 2, at, 0, "big")
            at += 2
            continue
        stop = at + 2 + _number(content, at + 2, 2, "big")
        yield Record(at, min(stop, end), at + 4, at + 2, 2, "big")
        if marker in (0xDA, 0x93):
            return
        at = stop


def _gif(content: bytes, at: int, end: int) -> Iterator[Record]:
    yield Record(0, 13, 6, 0, 0)
    at = 13 + _table_bytes(_number(content, 10, 1, "big"))
    while at + 2 <= end and content[at] in (0x21, 0x2C):
        is_image = content[at] == 0x2C
        local = _table_bytes(_number(content, at + 9, 1, "big"))
        body = at + (11 + local if is_image else 2)
        stop = body
        while stop < end and content[stop]:
            stop += 1 + content[stop]
        yield Record(at, min(stop + 1, end), at + 1, min(body, end - 1), 1)
        at = stop + 1


def _table_bytes(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _tiff(content: bytes, at: int, end: int) -> Iterator[Record]:
    yield Record(0, 8, 4, 4, 4)
    at = _number(content, 4, 4, "little")
    while 0 < at < end - 2:
        count = _number(content, at, 2, "little")
        yield Record(at, min(at + 2, end), at, at, 2)
        for k in range(min(count, 200)):
            entry = at + 2 + 12 * k
            yield Record(entry, min(entry + 12, end), entry + 8, entry + 4, 4)
        at = _number(content, at + 2 + 12 * count, 4, "little")


def _bitmap(content: bytes, at: int, end: int) -> Iterator[Record]:
    yield Record(0, 14, 2, 2, 4)
    yield Record(14, 54, 18, 14, 4)


def _asf(content: bytes, at: int, end: int) -> Iterator[Record]:
    while at + 24 <= end:
        stop = at + _number(content, at + 16, 8, "little")
        if not at + 24 <= stop <= end:
            return
        yield Record(at, stop, at + 24, at + 16, 8)
        if content.startswith(b"\x30\x26\xb2\x75", at):
            yield from _asf(content, at + 30, stop)
        at = stop


def _start_codes(content: bytes, at: int, end: int) -> Iterator[Record]:
    starts = []
    while 0 <= at < end:
        at = content.find(b"\0\0\1", at)
        if at >= 0:
            starts.append(at)
            at += 3
    for start, stop in zip(starts, [*starts[1:], end], strict=True):
        yield Record(start, stop, min(start + 6, stop), start + 4, 2, "big")


def _zip(content: bytes, at: int, end: int) -> Iterator[Record]:
    for mark, length_at, body in ((b"PK\3\4", 18, 30), (b"PK\1\2", 20, 46), (b"PK\5\6", 8, 22)):
        at = content.find(mark)
        while at >= 0:
            record = Record(at, min(at + body, end), min(at + 4, end), at + length_at, 4)
            yield record
            yield replace(record, length_at=min(at + length_at + 4, end))
            at = content.find(mark, at + 4)


def _number(content: bytes, at: int, size: int, order: str) -> int:
    letter = {1: "B", 2: "H", 4: "I", 8: "Q"}.get(size)
    if letter is None or at + size > len(content):
        return int.from_bytes(content[at : at + size], "little" if order == "little" else "big")
    (number,) = struct.unpack_from(("<" if order == "little" else ">") + letter, content, at)
    return int(number)
