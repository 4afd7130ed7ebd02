import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from annotations.mark import Kind
from annotations.measurement import Measurement, Precision, Quantity, Unit, measure
from annotations.part import PointPx
from cases.calibration import Region, ScaleSource
from tests.annotations.strategies import kinds, points, shapes, some_examples

EXACT = Precision(click_px=0.0, pixel_px=0.0, scale=0.0)
WHOLE = Region(0, 0, 9_999, 9_999, 0.1, 0.2)
LEFT = Region(0, 0, 99, 199, 0.1, 0.1)
RIGHT = Region(100, 0, 199, 199, 0.1, 0.1)
SQUARE = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0))


def _measured(kind: Kind, points_px: tuple[PointPx, ...], *regions: Region) -> Measurement:
    measurement = measure(kind, points_px, regions=regions, precision=EXACT)
    assert measurement is not None
    return measurement


def test_a_caliper_measures_each_axis_by_its_own_scale() -> None:
    measured = _measured(Kind.CALIPER, ((10.0, 10.0), (40.0, 30.0)), WHOLE)
    assert measured.value == pytest.approx(math.hypot(3.0, 4.0))
    assert (measured.quantity, measured.unit, measured.in_px_because) == (Quantity.LENGTH, Unit.MM, None)


@some_examples
@given(points, points)
def test_a_caliper_has_no_direction(start: PointPx, end: PointPx) -> None:
    there, back = _measured(Kind.CALIPER, (start, end), WHOLE), _measured(Kind.CALIPER, (end, start), WHOLE)
    assert there.value == pytest.approx(back.value)


@pytest.mark.parametrize(
    ("regions", "said"),
    [
        ((), "no scale"),
        ((LEFT,), "outside the calibrated part"),
        ((LEFT, RIGHT), "different regions"),
        ((Region(0, 0, 199, 199, None, 0.1),), "both axes"),
    ],
)
def test_a_length_is_in_px_with_a_reason_unless_one_region_is_calibrated_under_both_ends(
    regions: tuple[Region, ...], said: str
) -> None:
    measured = _measured(Kind.CALIPER, ((50.0, 50.0), (150.0, 50.0)), *regions)
    assert (measured.value, measured.unit) == (100.0, Unit.PX)
    assert measured.in_px_because is not None
    assert said in measured.in_px_because


def test_a_length_along_the_only_calibrated_axis_is_in_mm() -> None:
    measured = _measured(Kind.CALIPER, ((50.0, 50.0), (50.0, 150.0)), Region(0, 0, 199, 199, None, 0.1))
    assert (measured.value, measured.unit) == (pytest.approx(10.0), Unit.MM)


def test_the_region_under_a_point_is_the_smallest_one() -> None:
    inset = Region(0, 0, 49, 49, 0.5, 0.5)
    measured = _measured(Kind.CALIPER, ((0.0, 0.0), (10.0, 0.0)), WHOLE, inset)
    assert measured.value == pytest.approx(5.0)


@pytest.mark.parametrize(
    ("kind", "points_px", "value", "unit"),
    [
        (Kind.POLYLINE, ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0)), 3.0, Unit.MM),
        (Kind.AREA, SQUARE, 2.0, Unit.MM2),
        (Kind.POLYGON, SQUARE[::-1], 2.0, Unit.MM2),
        (Kind.TISSUE, SQUARE, 2.0, Unit.MM2),
        (Kind.ELLIPSE, ((20.0, 20.0), (30.0, 20.0), (20.0, 25.0)), math.pi, Unit.MM2),
        (Kind.ANGLE, ((20.0, 0.0), (0.0, 0.0), (20.0, 10.0)), 45.0, Unit.DEGREE),
    ],
)
def test_each_kind_measures_in_millimetres(
    kind: Kind, points_px: tuple[PointPx, ...], value: float, unit: Unit
) -> None:
    measured = _measured(kind, points_px, WHOLE)
    assert (measured.value, measured.unit) == (pytest.approx(value), unit)


@pytest.mark.parametrize("kind", [Kind.POINT, Kind.ARROW, Kind.TEXT])
def test_marks_that_only_point_at_something_measure_nothing(kind: Kind) -> None:
    assert measure(kind, ((1.0, 1.0), (2.0, 2.0))[: kind.point_count[0]], regions=(WHOLE,)) is None


def test_an_outline_that_crosses_itself_has_no_area() -> None:
    bow_tie = ((0.0, 0.0), (10.0, 10.0), (10.0, 0.0), (0.0, 10.0))
    assert measure(Kind.AREA, bow_tie, regions=(WHOLE,)) is None


def test_the_uncertainty_of_a_length_comes_from_pixel_click_and_scale() -> None:
    precision = Precision(click_px=1.0, pixel_px=1 / math.sqrt(12), scale=0.02)
    measured = measure(Kind.CALIPER, ((0.0, 0.0), (100.0, 0.0)), regions=(WHOLE,), precision=precision)
    assert measured is not None
    one_end_mm = 0.1 * math.sqrt(1 + 1 / 12)
    assert measured.uncertainty == pytest.approx(
        2 * math.sqrt(2 * one_end_mm**2 + (0.02 * 10) ** 2), rel=1e-4
    )


def test_the_uncertainty_is_that_of_many_clicks() -> None:
    precision = Precision(click_px=1.5, pixel_px=0.0, scale=0.0)
    clicks = np.random.default_rng(3).normal(scale=1.5, size=(1_500, 4, 2)) + np.array(SQUARE) * 8 + 15
    areas = [_measured(Kind.AREA, tuple(map(tuple, corners)), WHOLE).value for corners in clicks]
    measured = measure(
        Kind.AREA,
        tuple((x * 8 + 15, y * 8 + 15) for x, y in SQUARE),
        regions=(Region(0, 0, 199, 199, 0.1, 0.2),),
        precision=precision,
    )
    assert measured is not None
    assert measured.uncertainty == pytest.approx(2 * float(np.std(areas)), rel=0.1)


def test_a_scale_entered_by_hand_is_trusted_less_than_that_of_the_file() -> None:
    by_hand, of_file = (
        Precision.for_scale(source) for source in (ScaleSource.USER, ScaleSource.ULTRASOUND_REGIONS)
    )
    assert by_hand.scale > of_file.scale > 0


@some_examples
@given(kinds.flatmap(lambda kind: st.tuples(st.just(kind), shapes(kind))), st.floats(-50, 50))
def test_a_measure_does_not_change_when_the_mark_is_moved(
    drawn: tuple[Kind, tuple[PointPx, ...]], shift_px: float
) -> None:
    kind, points_px = drawn
    moved = tuple((x + shift_px, y + shift_px) for x, y in points_px)
    before, after = measure(kind, points_px), measure(kind, moved)
    assume(before is not None and after is not None and before.value > 1)
    assert before is not None
    assert after is not None
    assert after.value == pytest.approx(before.value, rel=1e-6)
    assert math.isfinite(after.uncertainty)


def test_a_number_for_people_has_the_decimals_that_its_uncertainty_deserves() -> None:
    assert Measurement(Quantity.LENGTH, 17.96, Unit.MM, 0.42).text == "18.0 ± 0.4 mm"
    assert Measurement(Quantity.AREA, 412.3, Unit.MM2, 13.9).text == "412 ± 14 mm²"
    assert Measurement(Quantity.ANGLE, 12.04, Unit.DEGREE, 1.3).text == "12.0 ± 1.3°"
