import hashlib
import io
import json
import struct
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.calibration import Region, ScaleSource
from cases.clip import ClipHead, ClipKind, Colour, Encoding, Window
from cases.errors import StoreError
from cases.frame_timing import TimingSource, even_timing
from cases.pack import head_from_json, head_to_json, read_head, write_pack

HEAD = ClipHead(
    kind=ClipKind.CLIP,
    frames=2,
    rows=10,
    columns=20,
    encoding=Encoding.JPEG,
    colour=Colour.RGB8,
    timing=even_timing(2, 40.0, TimingSource.FRAME_TIME),
    regions=(Region(0, 0, 19, 9, 0.1, None),),
    scale_source=ScaleSource.ULTRASOUND_REGIONS,
    scale_refused_because=None,
    rescale_slope=1.0,
    rescale_intercept=0.0,
    windows=(Window("From the file", 40.0, 80.0),),
    warnings=("A sentence.",),
)


def packed(head: ClipHead, frames: list[bytes]) -> tuple[bytes, str]:
    target = io.BytesIO()
    name = write_pack(target, head, [len(frame) for frame in frames], io.BytesIO(b"".join(frames)))
    return target.getvalue(), name


def test_the_layout_is_magic_head_offsets_payload():
    content, _ = packed(HEAD, [b"one", b"three"])
    assert content[:8] == b"MSUSPK01"
    (head_bytes,) = struct.unpack("<I", content[8:12])
    head = json.loads(content[12 : 12 + head_bytes])
    assert head["version"] == 1
    assert head["timing_source"] == "frame_time"
    assert struct.unpack("<3I", content[12 + head_bytes : 24 + head_bytes]) == (0, 3, 8)
    assert content[24 + head_bytes :] == b"onethree"


def test_the_head_has_the_agreed_keys_in_their_order():
    assert list(head_to_json(HEAD)) == [
        "version", "kind", "frames", "rows", "columns", "encoding", "colour", "frame_starts_s", "duration_s",
        "timing_source", "regions", "scale_source", "scale_refused_because", "rescale_slope",
        "rescale_intercept", "windows", "warnings",
    ]  # fmt: skip


def test_the_name_is_the_hash_of_the_whole_file():
    content, name = packed(HEAD, [b"one", b"three"])
    assert name == hashlib.sha256(content).hexdigest()


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=20))
def test_every_frame_is_found_where_it_was_put(frames: list[bytes]):
    head = replace(HEAD, frames=len(frames), timing=even_timing(len(frames), 40.0, TimingSource.USER))
    content, name = packed(head, frames)
    found, positions = read_head(io.BytesIO(content), name)
    assert found == replace(head, sha256=name)
    assert [content[a:b] for a, b in pairwise(positions)] == frames


@given(st.integers(0, 300))
def test_a_pack_that_is_cut_short_is_refused(length: int):
    content, name = packed(HEAD, [b"one", b"three"])
    assert len(content) > 308
    with pytest.raises(StoreError):
        read_head(io.BytesIO(content[:length]), name)


@pytest.mark.parametrize(
    "wrong",
    [{"frames": 0}, {"rows": "10"}, {"kind": "film"}, {"extra": 1}, {"warnings": [3]}, {"frame_starts_s": [0]},
     {"rescale_slope": None}, {"version": 2}, {"regions": [{"x0": 3}]}],
)  # fmt: skip
def test_an_impossible_head_is_refused(wrong: dict[str, object]):
    with pytest.raises(StoreError):
        head_from_json({**head_to_json(HEAD), **wrong})


@pytest.mark.parametrize(
    "wrong",
    [
        {"frames": 2**64},
        {"rescale_slope": 10**400},
        {"windows": [{"name": "a", "center": float("nan"), "width": 1.0}]},
        {"regions": [{"x0": 0, "y0": 0, "x1": 9.5, "y1": 9, "mm_per_px_x": 0.1, "mm_per_px_y": 0.1}]},
    ],
)
def test_a_head_with_impossible_numbers_is_refused(wrong: dict[str, object]):
    with pytest.raises(StoreError):
        head_from_json(head_to_json(HEAD) | wrong)


def test_an_index_that_runs_backwards_is_refused():
    content, _ = packed(HEAD, [b"one", b"three"])
    at = content.index(struct.pack("<3I", 0, 3, 8))
    backwards = content[:at] + struct.pack("<3I", 0, 8, 3) + content[at + 12 :]
    with pytest.raises(StoreError, match="index"):
        read_head(io.BytesIO(backwards), "a pack")


def test_a_head_nested_without_end_is_refused():
    deep = b"[" * 100_000
    with pytest.raises(StoreError, match="damaged"):
        read_head(io.BytesIO(b"MSUSPK01" + struct.pack("<I", len(deep)) + deep), "a pack")
