import numpy as np
import pytest

from annotations.motion.border_detection import propose_borders
from annotations.motion.border_tracking import Border, follow_border
from annotations.motion.errors import PlaceError
from annotations.motion.found_thickness import find_thickness
from annotations.motion.grey_frames import GreyFrames
from annotations.motion.json_values import from_json, to_json
from annotations.motion.smooth_path import smooth_line, smooth_path
from annotations.motion.thickness import ThicknessCurve, measure_thickness
from annotations.motion.tissue_area import tissue_area
from tests.annotations.motion.torn_muscle import TornMuscle, speckle, whole_region

FRAMES = 12
DEEP_PX = 190 + 12 * np.sin(np.linspace(0, np.pi, FRAMES))


def swelling_muscle() -> np.ndarray:
    """Make a muscle whose upper border stays at row 70 and whose lower one goes down and up; both slope."""
    rng = np.random.default_rng(5)
    y, x = np.mgrid[0:260, 0:400].astype(float)
    pictures = []
    for deep in DEEP_PX:
        picture = 0.6 * speckle(np.random.default_rng(9), (260, 400)) + rng.normal(0, 3, (260, 400))
        for row in (70.0, deep):
            picture += 130 * np.exp(-0.5 * ((y - row - 0.02 * (x - 200)) / 3) ** 2)
        pictures.append(np.clip(picture, 0, 255).astype(np.uint8))
    return np.stack(pictures)


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    return swelling_muscle()


def drawn(row: float) -> Border:
    return Border(0, ((10.0, row - 3.3), (390.0, row + 4.3)))


@pytest.mark.parametrize("scaled", [True, False])
def test_thickness_follows_the_borders(pictures: np.ndarray, scaled: bool) -> None:
    area = tissue_area(pictures, [whole_region(pictures)] if scaled else [])
    if not scaled:
        area = tissue_area(np.repeat(pictures[:1], 2, axis=0))
    curve = measure_thickness(GreyFrames(pictures), area, (drawn(70.5), drawn(190.5)))
    per_px = 0.1 if scaled else 1.0
    truth = (DEEP_PX - 70) * per_px * np.cos(np.arctan(0.02))
    assert curve.unit == ("mm" if scaled else "px")
    assert np.abs(np.array(curve.thickness) - truth).max() < 0.8 * per_px
    assert np.all(np.abs(np.array(curve.thickness) - truth) <= curve.half_band)
    assert from_json(ThicknessCurve, to_json(curve)) == curve


def test_a_border_is_followed_in_both_directions(pictures: np.ndarray) -> None:
    area = tissue_area(pictures, [whole_region(pictures)])
    middle = Border(6, ((10.0, DEEP_PX[6] - 3.3), (390.0, DEEP_PX[6] + 4.3)))
    track = follow_border(GreyFrames(pictures), area, middle)
    assert np.abs(track.at(0, np.array([200.0]))[0] - DEEP_PX[0]) < 1.0
    assert np.abs(track.at(11, np.array([200.0]))[0] - DEEP_PX[11]) < 1.0
    assert track.likeness.min() > 0.8


def test_borders_are_proposed_on_the_sides_that_face_each_other(pictures: np.ndarray) -> None:
    area = tissue_area(pictures, [whole_region(pictures)])
    proposed = propose_borders(pictures[0], 0, area)
    assert proposed is not None
    upper, lower = (np.mean([y for _, y in border.points_px]) for border in proposed.both)
    assert 70 < upper < 80
    assert 180 < lower < 191


def test_no_borders_are_proposed_in_speckle_alone() -> None:
    noise = np.clip(speckle(np.random.default_rng(2), (200, 300)), 0, 255).astype(np.uint8)
    area = tissue_area(noise[None])
    assert propose_borders(noise, 0, area) is None
    assert propose_borders(np.zeros((200, 300), np.uint8), 0, area) is None


@pytest.mark.parametrize(
    ("points", "frame_index", "sentence"),
    [
        (((10.0, 70.0), (390.0, 70.0)), 99, "frame 100 of 12"),
        (((10.0, -70.0), (390.0, 70.0)), 0, "outside the ultrasound picture"),
        (((500.0, 70.0), (590.0, 70.0)), 0, "outside the ultrasound picture"),
    ],
)
def test_a_border_in_an_impossible_place_is_refused(
    pictures: np.ndarray, points: tuple[tuple[float, float], ...], frame_index: int, sentence: str
) -> None:
    area = tissue_area(pictures, [whole_region(pictures)])
    with pytest.raises(PlaceError, match=sentence):
        follow_border(GreyFrames(pictures), area, Border(frame_index, points))


def test_borders_that_share_no_column_have_no_thickness(pictures: np.ndarray) -> None:
    area = tissue_area(pictures, [whole_region(pictures)])
    left, right = Border(0, ((10.0, 70.0), (100.0, 70.0))), Border(0, ((200.0, 190.0), (300.0, 190.0)))
    with pytest.raises(PlaceError, match="one below the other"):
        measure_thickness(GreyFrames(pictures), area, (left, right))


def test_a_border_needs_two_points_and_puts_them_in_order() -> None:
    assert Border(0, ((5.0, 1.0), (2.0, 3.0))).points_px[0] == (2.0, 3.0)
    with pytest.raises(PlaceError, match="two points"):
        Border(0, ((5.0, 1.0),))


def test_a_path_finds_a_bright_line_through_noise() -> None:
    rng = np.random.default_rng(4)
    truth = 20 + 6 * np.sin(np.linspace(0, 3, 60))
    places = np.arange(41)
    score = np.exp(-0.5 * ((places - truth[:, None]) / 1.5) ** 2) + 0.1 * rng.standard_normal((60, 41))
    assert np.abs(smooth_path(score) - truth).max() < 2
    x = np.arange(60.0)
    outlier = truth.copy()
    outlier[30] += 40
    assert np.abs(smooth_line(x, outlier) - smooth_line(x, truth)).max() < 0.5


def test_the_torn_muscle_has_a_thickness_too(muscle: TornMuscle) -> None:
    area = tissue_area(muscle.pictures, [whole_region(muscle.pictures)])
    proposed = propose_borders(muscle.pictures[0], 0, area)
    assert proposed is not None
    curve = find_thickness(GreyFrames(muscle.pictures[:6]), area)
    assert curve is not None
    assert curve.source == "detector"
    assert np.ptp(curve.thickness) < 0.3
    assert curve.evidence.kind == "thickness"
