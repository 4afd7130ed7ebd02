"""COCO files, ours and those of other programs, and any JSON that is given instead."""

import json
import tempfile
from pathlib import Path

from annotations.errors import ImportRefusedError
from annotations.exchange.reading import read_marks
from tests.cases.fuzzing.parsers.parser import Parser, in_a_file

_FOLDER = Path(tempfile.mkdtemp(prefix="parser-"))
_IMAGES = [{"id": k, "width": 160, "height": 120, "file_name": f"{k}.png"} for k in (1, 2)]


def _parse(content: bytes) -> None:
    imported = read_marks(in_a_file(content, "a.json", _FOLDER), clip="clip-1")
    assert imported.marks
    assert all(mark.clip == "clip-1" for mark in imported.marks)


def _seeds() -> list[bytes]:
    polygon = {"segmentation": [[1, 2, 30, 4, 30, 40]], "bbox": [1, 2, 29, 38]}
    mask = {"segmentation": {"size": [120, 160], "counts": [200, 40, 80, 40, 18840]}}
    ours = {"attributes": {"kind": "caliper", "id": "gap", "place": "linear", "keyframe": True}}
    points = {"keypoints": [10, 20, 2, 30, 40, 2]}
    drawn = [polygon, mask, {"bbox": [1, 2, 3, 4]}, points, points | ours, points | ours]
    annotations = [
        {"id": k, "image_id": 1 + k % 2, "category_id": 1, **one} for k, one in enumerate(drawn, start=1)
    ]
    whole = {"images": _IMAGES, "annotations": annotations, "categories": [{"id": 1, "name": "tear"}]}
    return [json.dumps(whole).encode(), json.dumps(whole | {"annotations": annotations[:1]}).encode()]


PARSER = Parser("COCO", _parse, (ImportRefusedError,), _seeds, is_text=True)
