"""Fragments and offset tables; the first bytes choose the declared frames and an Extended Offset Table."""

import io
import struct

from cases.decoding.dicom_fragments import EmptyFrameError, read_fragments, read_frame
from cases.decoding.dicom_frame_groups import group_by_frame
from cases.decoding.source import Findings, RefusedError
from tests.cases.fuzzing.parsers.parser import Parser

_HEAD = struct.Struct("<BB4H")


def _parse(content: bytes) -> None:
    if len(content) < _HEAD.size:
        return
    declared, count, *offsets = _HEAD.unpack_from(content)
    body = content[_HEAD.size :]
    stream = io.BytesIO(body)
    found = read_fragments(stream, len(body))
    assert all(fragment.position + fragment.length <= len(body) for fragment in found.fragments)
    frames = group_by_frame(found, declared + 1, tuple(offsets[: count % 5]), stream, Findings())
    inside = sum(fragment.length for frame in frames for fragment in frame)
    assert inside <= sum(fragment.length for fragment in found.fragments)
    for frame in frames:
        read_frame(stream, frame)


def _seeds() -> list[bytes]:
    frames = [b"\xff\xd8\xff\xd9" + bytes(6), b"\xff\xd8\xff\xd9", b"\xff\xd8\xff\xd9ab"]
    offsets = [0, 18, 30]
    seeds = []
    for table, extended in ((offsets, 0), ([], 3), ([], 0)):
        items = [struct.pack(f"<{len(table)}I", *table), *frames]
        body = b"".join(b"\xfe\xff\x00\xe0" + struct.pack("<I", len(item)) + item for item in items)
        seeds.append(_HEAD.pack(2, extended, *offsets, 0) + body + b"\xfe\xff\xdd\xe0\0\0\0\0")
    one_piece = b"".join(frames)
    items = b"".join(b"\xfe\xff\x00\xe0" + struct.pack("<I", len(item)) + item for item in (b"", one_piece))
    return [*seeds, _HEAD.pack(2, 0, *offsets, 0) + items + b"\xfe\xff\xdd\xe0\0\0\0\0"]


PARSER = Parser("fragments and offset tables", _parse, (RefusedError, EOFError, EmptyFrameError), _seeds)
