"""Labels on pictures keep off each other and off the finding, and keep their places from frame to frame."""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations

import numpy as np
import pytest

from annotations.document import AnnotationDocument
from annotations.layers import bundled_documents
from annotations.mark import Kind, Mark
from annotations.pictures.label_places import Box, LabelPlace, leader_of
from annotations.pictures.labels import LabelSheet, Seen, anchors_of, places_of, write_labels
from cases.calibration import Region

COLUMNS, ROWS, FRAMES = 640, 512, 60
SHEET = LabelSheet(
    columns=COLUMNS,
    rows=ROWS,
    regions=(Region(92, 28, 591, 497, 0.09, 0.09),),
    kept_free=((0.0, 0.0, 640.0, 28.0),),
)
CLIPS = ("long-axis-defect", "short-axis-defect", "dynamic-atrophy", "haematoma-long", "ends-separate")
REST, PEAK = 4, 35


@cache
def _documents() -> tuple[AnnotationDocument, ...]:
    return tuple(bundled_documents("rectus-femoris-tear"))


@cache
def _seen(clip: str, frame_index: int) -> Seen:
    (document,) = _documents()
    return [
        (mark, sighting)
        for mark in document.marks_of(clip)
        if (sighting := mark.sighting(frame_index)) is not None
    ]


@cache
def _places(clip: str, sheet: LabelSheet = SHEET) -> Mapping[str, LabelPlace]:
    return places_of([_seen(clip, index) for index in range(0, FRAMES, 8)], sheet)


def _apart(one: Box, other: Box) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def _gap(clip: str, frame_index: int) -> Iterator[Box]:
    for mark, sighting in _seen(clip, frame_index):
        if mark.kind is Kind.CALIPER:
            points = np.array(sighting.points_px)
            (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
            yield float(left), float(top), float(right), float(bottom)


@pytest.mark.parametrize("clip", CLIPS)
def test_every_label_has_a_place_off_the_others_off_the_gap_and_off_what_the_scanner_wrote(clip: str) -> None:
    places = _places(clip)
    named = {
        mark.id for index in (REST, PEAK) for mark, _ in _seen(clip, index) if mark.kind is not Kind.TEXT
    }
    assert named <= set(places)
    boxes = [place.box for place in places.values()]
    assert all(_apart(one, other) for one, other in combinations(boxes, 2))
    kept_free = [*SHEET.kept_free, *_gap(clip, REST), *_gap(clip, PEAK)]
    assert all(_apart(box, free) for box in boxes for free in kept_free)
    assert all(box[0] >= 0 and box[1] >= 0 and box[2] <= COLUMNS and box[3] <= ROWS for box in boxes)


@pytest.mark.parametrize("clip", CLIPS)
@pytest.mark.parametrize("frame_index", [REST, PEAK])
def test_no_leader_crosses_another_or_runs_through_a_label(clip: str, frame_index: int) -> None:
    places = _places(clip)
    leaders = {
        mark.id: leader_of(places[mark.id].box, anchors_of(mark.kind, sighting)[places[mark.id].foot])
        for mark, sighting in _seen(clip, frame_index)
        if mark.id in places
    }
    for (one, leader), (other, across) in combinations(leaders.items(), 2):
        assert not _cross(*leader, *across), (one, other)
    for own, leader in leaders.items():
        along = leader[0] + (leader[1] - leader[0]) * np.linspace(0, 1, 50)[:, None]
        for other, place in places.items():
            left, top, right, bottom = place.box
            inside = (along > (left, top)).all(axis=1) & (along < (right, bottom)).all(axis=1)
            assert other == own or not inside.any(), (own, other)


def _cross(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> bool:
    def turn(p: np.ndarray, q: np.ndarray, r: np.ndarray) -> float:
        return float((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]))

    return turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0


def test_a_label_does_not_cover_a_text_that_stands_on_its_point() -> None:
    text = next(mark for mark, _ in _seen("short-axis-defect", PEAK) if mark.kind is Kind.TEXT)
    sighting = text.sighting(PEAK)
    assert sighting is not None
    x, y = sighting.points_px[0]
    assert all(
        _apart(place.box, (x - 20, y - 8, x + 20, y + 8)) for place in _places("short-axis-defect").values()
    )


def test_a_label_is_broken_into_lines_but_never_between_a_number_and_its_unit() -> None:
    gap = next(mark for mark, _ in _seen("long-axis-defect", PEAK) if mark.kind is Kind.CALIPER)
    long = Mark(
        **{**{n: getattr(gap, n) for n in type(gap).model_fields}, "label": "Gap in the deepest part"}
    )
    place = places_of(
        [[(long, sighting)] for index in (REST, PEAK) if (sighting := long.sighting(index))], SHEET
    )
    left, _, right, _ = place[gap.id].box
    one_line_px = 13 * len("Gap in the deepest part 18.3 ± 0.5 mm") / 2
    assert right - left < one_line_px * 0.7


def test_labels_are_written_where_they_were_placed_and_twice_as_large_at_twice_the_size() -> None:
    for scale in (1, 2):
        sheet = LabelSheet(columns=COLUMNS, rows=ROWS, scale=scale, regions=SHEET.regions)
        canvas = np.full((ROWS * scale, COLUMNS * scale, 3), 90, dtype=np.uint8)
        places = _places("long-axis-defect", sheet)
        write_labels(canvas, _seen("long-axis-defect", PEAK), places, sheet)
        for place in places.values():
            left, top, right, bottom = map(round, place.box)
            middle = canvas[top + 4 : bottom - 4, left + 6 : right - 6]
            assert (middle < 60).any()
            assert (middle > 200).any()
