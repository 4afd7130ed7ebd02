"""Head and index of a pack."""

import io
import random

from cases.clip import ClipHead
from cases.errors import StoreError
from cases.pack import head_from_json, head_to_json, read_head, write_pack
from tests.cases.fuzzing.mutation import changed_text
from tests.cases.fuzzing.parsers.parser import Parser


def _parse(content: bytes) -> None:
    head, positions = read_head(io.BytesIO(content), "a pack")
    assert len(positions) == head.frames + 1
    assert list(positions) == sorted(positions)
    assert head_from_json(head_to_json(head), "a pack") == head


def _seeds() -> list[bytes]:
    heads = [
        _head(),
        _head(regions=[_REGION], frames=1, windows=[{"name": "a", "center": 1.0, "width": 2.0}]),
    ]
    return [_packed(head_from_json(head)) for head in heads]


_REGION = {
    "x0": 0,
    "y0": 0,
    "x1": 9,
    "y1": 9,
    "mm_per_px_x": 0.1,
    "mm_per_px_y": 0.2,
    "is_low_priority": True,
}


def _head(**said: object) -> dict[str, object]:
    head: dict[str, object] = {
        "version": 1, "kind": "clip", "frames": 3, "rows": 32, "columns": 160, "encoding": "jpeg",
        "colour": "grey8", "frame_starts_s": [0.0, 0.04, 0.08], "duration_s": 0.12,
        "timing_source": "frame_time", "regions": [], "scale_source": "none",
        "scale_refused_because": "the file carries no scale", "rescale_slope": 1.0, "rescale_intercept": 0.0,
        "windows": [], "warnings": [],
    }  # fmt: skip
    if said.get("frames") == 1:
        head |= {
            "kind": "still",
            "frame_starts_s": None,
            "duration_s": None,
            "timing_source": "not_applicable",
        }
        head |= {"scale_source": "ultrasound_regions", "scale_refused_because": None}
    return head | said


def _packed(head: ClipHead) -> bytes:
    target = io.BytesIO()
    write_pack(target, head, [4] * head.frames, io.BytesIO(b"abcd" * head.frames))
    return target.getvalue()


def _with_a_spoiled_head(content: bytes, rng: random.Random) -> bytes:
    head_bytes = int.from_bytes(content[8:12], "little")
    head = changed_text(content[12 : 12 + head_bytes], rng)
    return content[:8] + len(head).to_bytes(4, "little") + head + content[12 + head_bytes :]


PARSER = Parser("a pack of ours", _parse, (StoreError,), _seeds, spoil=_with_a_spoiled_head)
