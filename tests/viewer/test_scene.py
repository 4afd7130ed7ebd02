"""The scene is one contract in two languages, and it cannot be invalid."""

import dataclasses
import re
import typing
from pathlib import Path
from types import NoneType, UnionType

import pytest

from cases.clip import ClipKind
from viewer import scene
from viewer.scene import (
    AnnotatedFrame,
    Chapter,
    Clip,
    ClipMarks,
    Curve,
    Landmark,
    Mark,
    OtherCurve,
    Panel,
    Region,
    ScanPlane,
    Scene,
    StillProbe,
    StumpPaths,
    WindowPreset,
)

TYPES = Path(scene.__file__).parent / "player" / "web" / "types.d.ts"
SHARED = [
    Region,
    WindowPreset,
    Chapter,
    Curve,
    OtherCurve,
    StillProbe,
    StumpPaths,
    Clip,
    ScanPlane,
    Landmark,
    Panel,
    Mark,
    AnnotatedFrame,
    ClipMarks,
    Scene,
]


def _fields_in_typescript(name: str) -> dict[str, bool]:
    """Name of each field of an interface, and whether it may be null."""
    text = TYPES.read_text(encoding="utf-8")
    body = re.search(rf"export interface {name} \{{(.*?)\n\}}", text, re.DOTALL)
    assert body, f"{TYPES.name} has no interface {name}"
    code = re.sub(r"/\*.*?\*/", "", body[1], flags=re.DOTALL)
    return {field: "null" in kind for field, kind in re.findall(r"readonly (\w+): ([^;]+);", code)}


def _fields_in_python(value_type: type) -> dict[str, bool]:
    hints = typing.get_type_hints(value_type)
    return {
        field.name: isinstance(hints[field.name], UnionType)
        and NoneType in typing.get_args(hints[field.name])
        for field in dataclasses.fields(value_type)
    }


@pytest.mark.parametrize("value_type", SHARED, ids=lambda value_type: value_type.__name__)
def test_python_and_the_browser_name_the_same_fields_and_agree_on_null(value_type: type) -> None:
    assert _fields_in_python(value_type) == _fields_in_typescript(value_type.__name__)


def make_clip(**changes: object) -> Clip:
    values: dict[str, object] = {
        "sha256": "0" * 64,
        "url": "/api/clips/" + "0" * 64,
        "kind": ClipKind.CLIP,
        "frames": 10,
        "rows": 48,
        "columns": 64,
        "frame_starts_s": tuple(index / 25 for index in range(10)),
        "duration_s": 0.4,
        "timing_source": "frame_time",
        "timing_label": "Frame Time",
        "regions": (),
        "scale_source": "none",
        "scale_label": "no scale",
        "scale_refused_because": None,
        "rescale_slope": 1.0,
        "rescale_intercept": 0.0,
        "windows": (),
        "chapters": (),
        "warnings": (),
    }
    return Clip(**(values | changes))  # type: ignore[arg-type]


def make_panel(**changes: object) -> Panel:
    values: dict[str, object] = {
        "panel_id": "contraction",
        "role": "contraction",
        "title": "t",
        "alt": "a",
        "clip_id": "c",
        "clip": make_clip(),
        "first_frame_index": 0,
        "last_frame_index": 9,
        "pinned_frame_index": None,
        "start_frame_index": 0,
        "simulated": True,
        "side": "",
        "plane": "",
        "screen_left": "",
        "screen_right": "",
        "scan_planes": (),
    }
    return Panel(**(values | changes))  # type: ignore[arg-type]


def test_a_panel_cannot_show_frames_that_its_clip_lacks() -> None:
    with pytest.raises(ValueError, match="the clip has 10"):
        make_panel(last_frame_index=10)


@pytest.mark.parametrize("count", [0, 4])
def test_a_scene_has_one_to_three_panels(count: int) -> None:
    with pytest.raises(ValueError, match="one to three panels"):
        Scene("s", "t", (make_panel(),) * count, "time", True, None)


def test_a_scene_crosses_the_border_as_plain_json_values() -> None:
    sent = Scene("s", "t", (make_panel(),), "time", True, None).to_json()
    assert sent["panels"][0]["clip"]["frame_starts_s"][1] == pytest.approx(0.04)
