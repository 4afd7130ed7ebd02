import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from annotations.mark import Kind
from annotations.outline import (
    crosses_itself,
    ellipse_outline_px,
    outlines_of,
    principal_axes_px,
    raster,
)
from annotations.part import PointPx
from tests.annotations.strategies import shapes, some_examples


@some_examples
@given(arrays.arrays(np.uint8, (7, 9), elements=st.integers(0, 1)))
def test_a_traced_outline_fills_the_same_pixels_and_any_holes(filled: NDArray[np.uint8]) -> None:
    again = np.zeros_like(filled)
    for outline in outlines_of(filled):
        again |= raster(outline, *filled.shape)
    assert (again >= filled).all()
    for hole in zip(*np.nonzero(again > filled), strict=True):
        row, column = hole
        assert 0 < row < 6, "a hole lies inside"
        assert 0 < column < 8, "a hole lies inside"


def test_patches_that_touch_by_a_corner_are_two_and_the_larger_comes_first() -> None:
    outlines = outlines_of(np.array([[1, 0, 0], [0, 1, 1], [0, 1, 1]], dtype=np.uint8))
    assert [len(outline) for outline in outlines] == [4, 4]
    assert outlines[0].min(axis=0).tolist() == [1.0, 1.0]


def test_a_pixel_is_inside_when_its_centre_is() -> None:
    filled = raster(np.array([[0.6, 0.0], [2.6, 0.0], [2.6, 1.0], [0.6, 1.0]]), 2, 4)
    assert filled.tolist() == [[0, 1, 1, 0], [0, 0, 0, 0]]


def test_a_raster_keeps_to_the_picture() -> None:
    assert raster(np.array([[-9.0, -9], [90, -9], [90, 90], [-9, 90]]), 3, 3).all()
    assert not raster(np.array([[-9.0, -9], [-5, -9], [-5, -5]]), 3, 3).any()


def test_a_square_does_not_cross_itself_and_a_bow_tie_does() -> None:
    assert not crosses_itself(np.array([[0.0, 0], [4, 0], [4, 4], [0, 4]]))
    assert crosses_itself(np.array([[0.0, 0], [4, 4], [4, 0], [0, 4]]))


@some_examples
@given(shapes(Kind.ELLIPSE))
def test_principal_axes_are_at_right_angles_and_give_the_same_ellipse(points_px: tuple[PointPx, ...]) -> None:
    center, longer, shorter = (np.array(point) for point in principal_axes_px(points_px))
    a, b = longer - center, shorter - center
    assert np.hypot(*a) >= np.hypot(*b) - 1e-9
    assert abs(np.dot(a, b)) <= 1e-6 * (1 + np.hypot(*a) * np.hypot(*b))
    given_first, given_second = np.array(points_px[1]) - center, np.array(points_px[2]) - center
    before = np.outer(given_first, given_first) + np.outer(given_second, given_second)
    after = np.outer(a, a) + np.outer(b, b)
    assert after == pytest.approx(before, abs=1e-4)


def test_a_circle_is_drawn_round() -> None:
    outline = ellipse_outline_px(((5.0, 5.0), (8.0, 5.0), (5.0, 8.0)))
    assert np.hypot(*(outline - 5.0).T) == pytest.approx(3.0)
    assert math.isclose(outline[0][0], 8.0)
