"""A mark drawn in the browser is shown and measured there as the documents' own code shows and measures it."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.document import content_of
from annotations.mark import Kind, Mark
from annotations.measurement import Measurement, Precision, measure
from annotations.part import PointPx
from annotations.track import KeyFrame, Track, with_correction
from cases.calibration import Region, ScaleSource
from tests.annotations.strategies import COLUMNS, FRAMES, ROWS, kinds, marks, shapes, tracks

SCRIPT = Path(__file__).parents[1] / "player" / "drawing" / "agrees.js"
EXAMPLES = 150

pitches = st.one_of(st.none(), st.floats(0.01, 2.0))
edges = st.tuples(st.integers(0, COLUMNS), st.integers(0, ROWS))
some_regions = st.lists(
    st.builds(
        lambda one, other, x, y: Region(
            min(one[0], other[0]),
            min(one[1], other[1]),
            max(one[0], other[0]),
            max(one[1], other[1]),
            x,
            y,
        ),
        edges,
        edges,
        pitches,
        pitches,
    ),
    max_size=3,
)
whole = st.builds(lambda x, y: [Region(0, 0, COLUMNS, ROWS, x, y)], pitches, pitches)
# Whole and quarter pixels too: there points agree along an axis, and halves are rounded.
grid = st.tuples(st.integers(0, COLUMNS * 4), st.integers(0, ROWS * 4)).map(lambda p: (p[0] / 4, p[1] / 4))


@st.composite
def measured_shapes(draw: st.DrawFn) -> tuple[Kind, tuple[PointPx, ...]]:
    kind = draw(kinds)
    points_px = draw(shapes(kind))
    if draw(st.booleans()):
        points_px = tuple(draw(grid) for _ in points_px)
    return kind, points_px


def _collected(strategy: st.SearchStrategy[Any]) -> list[Any]:
    found: list[Any] = []

    @settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=True)
    @given(strategy)
    def collect(example: Any) -> None:
        found.append(example)

    collect()
    return found


def _seen(mark: Mark) -> dict[str, Any]:
    sightings = [mark.sighting(frame_index) for frame_index in range(FRAMES + 2)]
    return {
        "place": content_of(mark.place),
        "span": mark.place.frame_span,
        "seen": [
            None
            if seen is None
            else {"points_px": seen.points_px, "origin": seen.origin, "confidence": seen.confidence}
            for seen in sightings
        ],
    }


def _corrected(example: tuple[Track, int]) -> dict[str, Any]:
    track, frame_index = example
    key = KeyFrame(frame_index=frame_index, points_px=track.keys[0].points_px)
    corrected = content_of(with_correction(track, key))
    return {"track": content_of(track), "key": content_of(key), "corrected": corrected}


def _measured(
    example: tuple[tuple[Kind, tuple[PointPx, ...]], list[Region], ScaleSource],
) -> dict[str, Any]:
    (kind, points_px), regions, source = example
    found = measure(kind, points_px, regions=regions, precision=Precision.for_scale(source))
    return {
        "kind": kind,
        "points_px": points_px,
        "regions": [{name: getattr(region, name) for name in Region.__slots__} for region in regions],
        "scale_source": source,
        "measured": None if found is None else _content(found),
        "text": None if found is None else found.text,
    }


def _content(found: Measurement) -> dict[str, Any]:
    return {name: getattr(found, name) for name in Measurement.__slots__}


@pytest.fixture
def node() -> str:
    found = shutil.which("node")
    if found is None:
        pytest.skip("no Node on this machine; install Node 20 or newer")
    return found


def test_the_browser_shows_corrects_and_measures_marks_as_python_does(node: str, tmp_path: Path) -> None:
    carried = kinds.flatmap(tracks)
    examples = {
        "sightings": [_seen(mark) for mark in _collected(marks())],
        "corrections": [_corrected(e) for e in _collected(st.tuples(carried, st.integers(0, FRAMES)))],
        "measurements": [
            _measured(e)
            for e in _collected(
                st.tuples(measured_shapes(), st.one_of(some_regions, whole), st.sampled_from(ScaleSource))
            )
        ],
    }
    path = tmp_path / "examples.json"
    path.write_text(json.dumps(examples), encoding="utf-8")
    found = subprocess.run([node, SCRIPT, path], capture_output=True, text=True, timeout=120)
    assert found.returncode == 0, found.stderr[-3000:]
    assert found.stdout.split() == [str(len(examples[name])) for name in examples]
