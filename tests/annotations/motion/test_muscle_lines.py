"""Which lines bound a muscle: on pictures made of two aponeuroses, fascicles, fat and bone."""

import numpy as np
import pytest

from annotations.motion.border_edges import edge_of
from annotations.motion.found_thickness import UNSURE, find_thickness
from annotations.motion.grey_frames import GreyFrames
from annotations.motion.long_lines import long_lines
from annotations.motion.muscle_lines import muscle_lines
from annotations.motion.tissue_area import tissue_area
from tests.annotations.motion.torn_muscle import speckle, whole_region

ROWS, COLUMNS = 260, 360
SUPERFICIAL, DEEP = 60.0, 200.0
MIDDLE = np.array([0.5])


def layer(
    picture: np.ndarray, row: float, *, grey: float = 150.0, slope: float = 0.0, half: float = 3.0
) -> None:
    """Add a bright line across the whole picture."""
    y, x = np.mgrid[0:ROWS, 0:COLUMNS].astype(float)
    picture += grey * np.exp(-0.5 * ((y - row - slope * (x - COLUMNS / 2)) / half) ** 2)


def fascicles(picture: np.ndarray, top: float, bottom: float, *, slope: float = -0.25) -> None:
    """Add many oblique lines between two depths, as bright as an aponeurosis where they are."""
    y, x = np.mgrid[0:ROWS, 0:COLUMNS].astype(float)
    along = y - slope * (x - COLUMNS / 2)
    lines = 120 * np.exp(-0.5 * ((along % 24 - 12) / 2.0) ** 2)
    picture += np.where((y > top + 6) & (y < bottom - 6), lines, 0)


def muscle(seed: int = 3) -> np.ndarray:
    """Make fat with a thin layer in it, and a muscle with fascicles below."""
    rng = np.random.default_rng(seed)
    picture = 0.5 * speckle(rng, (ROWS, COLUMNS))
    layer(picture, 30.0, grey=50.0, half=2.0)
    layer(picture, SUPERFICIAL, slope=0.03)
    layer(picture, DEEP, slope=-0.02)
    fascicles(picture, SUPERFICIAL, DEEP)
    return np.clip(picture, 0, 255).astype(np.uint8)


def test_aponeuroses_are_stronger_lines_than_many_fascicles() -> None:
    first, second, *others = long_lines(muscle())
    found = sorted(float(line.depth(MIDDLE)[0]) * ROWS for line in (first, second))
    assert found == pytest.approx([SUPERFICIAL, DEEP], abs=4)
    assert np.degrees(np.arctan([first.slope, second.slope])) == pytest.approx([0, 0], abs=2.1)
    assert all(other.strength < second.strength for other in others)


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_the_muscle_lies_between_the_aponeuroses_and_not_between_fat_and_fascicle(seed: int) -> None:
    lines = muscle_lines(muscle(seed))
    assert lines is not None
    assert lines.sure
    depths = [float(line.depth(MIDDLE)[0]) * ROWS for line in (lines.superficial, lines.deep)]
    assert depths == pytest.approx([SUPERFICIAL, DEEP], abs=4)


def two_layers() -> np.ndarray:
    """Make a picture with a third line in its middle that is about half as clear as the other two."""
    picture = 0.5 * speckle(np.random.default_rng(6), (ROWS, COLUMNS))
    for row, grey in ((40.0, 150.0), (135.0, 35.0), (230.0, 150.0)):
        layer(picture, row, grey=grey)
    return np.clip(picture, 0, 255).astype(np.uint8)


def test_a_third_line_that_may_be_the_border_makes_the_detector_unsure() -> None:
    lines = muscle_lines(two_layers())
    assert lines is not None
    assert not lines.sure


def test_the_doubt_of_the_detector_stands_with_the_thickness() -> None:
    doubtful = np.repeat(two_layers()[None], 3, axis=0)
    curve = find_thickness(GreyFrames(doubtful), tissue_area(doubtful, [whole_region(doubtful)]))
    assert curve is not None
    assert curve.doubts == (UNSURE,)
    plain = np.repeat(muscle()[None], 3, axis=0)
    sure = find_thickness(GreyFrames(plain), tissue_area(plain, [whole_region(plain)]))
    assert sure is not None
    assert sure.doubts == ()


def test_the_edge_is_where_the_grey_is_half_way_to_the_muscle() -> None:
    picture = np.full((ROWS, COLUMNS), 40.0)
    picture[92:99] = 200.0
    picture[101:105] = 190.0
    x = np.linspace(4, COLUMNS - 5, 33)
    line = np.full(33, 96.0)
    lower = edge_of(picture.astype(np.uint8), x, line, 1)
    assert np.abs(lower - 104.5).max() < 0.7
    upper = edge_of(picture.astype(np.uint8), x, line, -1)
    assert np.abs(upper - 91.5).max() < 0.7
