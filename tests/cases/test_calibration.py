import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.calibration import Calibration, Region, ScaleSource, region_at
from cases.errors import CalibrationError

pitches = st.floats(min_value=1e-4, max_value=10)
coordinates = st.floats(min_value=-1e4, max_value=1e4)
points = st.tuples(coordinates, coordinates)


@given(pitches, pitches, points, points)
def test_a_caliper_has_no_direction(x: float, y: float, start: tuple[float, float], end: tuple[float, float]):
    scale = Calibration(x, y)
    assert scale.distance_mm(start, end) == scale.distance_mm(end, start)


@given(pitches, points, points)
def test_with_equal_pitches_a_length_is_pixels_times_pitch(
    pitch: float, start: tuple[float, float], end: tuple[float, float]
):
    in_px = math.dist(start, end)
    assert Calibration(pitch, pitch).distance_mm(start, end) == pytest.approx(
        in_px * pitch, rel=1e-9, abs=1e-9
    )


def test_each_axis_has_its_own_pitch():
    assert Calibration(0.5, 2.0).distance_mm((0, 0), (6, 2)) == 5.0


@pytest.mark.parametrize("pitch", [0.0, -0.1, math.nan, math.inf])
def test_a_pitch_that_is_no_length_is_refused(pitch: float):
    with pytest.raises(CalibrationError):
        Calibration(pitch, 0.1)
    with pytest.raises(CalibrationError):
        Region(0, 0, 1, 1, 0.1, pitch)


def test_a_region_that_ends_before_it_begins_is_refused():
    with pytest.raises(CalibrationError, match="ends before it begins"):
        Region(5, 0, 4, 10)


def test_the_last_column_and_row_belong_to_the_region():
    region = Region(10, 20, 19, 29)
    assert region.area_px == 100
    assert region.contains((19.99, 29.99))
    assert not region.contains((20.0, 29.0))
    assert not region.contains((9.99, 25.0))


def test_of_overlapping_regions_the_smallest_under_the_point_counts():
    large, small = Region(0, 0, 99, 99), Region(10, 10, 19, 19, 0.1, 0.1)
    assert region_at([large, small], (15, 15)) is small
    assert region_at([large, small], (50, 50)) is large
    assert region_at([large, small], (100, 50)) is None


def test_a_region_of_low_priority_gives_way_where_it_is_overlapped_even_to_a_larger_one():
    large, small = Region(0, 0, 99, 99, 0.2, 0.2), Region(50, 10, 119, 19, 0.1, 0.1, is_low_priority=True)
    assert region_at([large, small], (60, 15)) is large
    assert region_at([large, small], (110, 15)) is small


def test_a_region_with_one_length_has_no_calibration():
    assert Region(0, 0, 9, 9, None, 0.1).calibration is None
    assert Region(0, 0, 9, 9, 0.2, 0.1).calibration == Calibration(0.2, 0.1)


def test_every_scale_source_has_words():
    assert all(source.label for source in ScaleSource)
