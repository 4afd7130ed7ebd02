import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.motion.errors import PlaceError
from annotations.motion.fascicle_direction import fascicle_directions
from annotations.motion.grey_frames import GreyFrames
from annotations.motion.json_values import from_json, to_json
from annotations.motion.kymograph import Kymograph, kymograph
from annotations.motion.strain import StrainMap, follow_strain
from annotations.motion.tissue_area import tissue_area
from tests.annotations.motion.torn_muscle import speckle, whole_region

TEXTURE = np.clip(speckle(np.random.default_rng(8), (200, 300)), 0, 255).astype(np.uint8)


def stretched(share: float) -> np.ndarray:
    """Stretch the texture along x about its centre."""
    matrix = np.array([[1 + share, 0, -share * 150.0], [0, 1, 0]])
    return cv2.warpAffine(TEXTURE, matrix, (300, 200), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)


@pytest.mark.parametrize("final", [-0.15, -0.05, 0.1])
def test_strain_is_right_to_two_percentage_points_where_it_is_called_reliable(final: float) -> None:
    pictures = np.stack([stretched(final * index / 6) for index in range(7)])
    area = tissue_area(pictures, [whole_region(pictures)])
    field = follow_strain(GreyFrames(pictures), area)
    field.directions[:] = (1.0, 0.0)
    at_end = field.at(6)
    reliable = np.array(at_end.reliable)
    assert reliable.mean() > 0.3
    assert np.percentile(np.abs(np.array(at_end.strain)[reliable] - final), 98) < 0.02
    assert np.abs(np.array(field.at(0).strain)).max() < 1e-9
    assert from_json(StrainMap, to_json(at_end)) == at_end


def test_decorrelated_tissue_is_masked() -> None:
    other = np.clip(speckle(np.random.default_rng(77), (200, 300)), 0, 255).astype(np.uint8)
    pictures = np.stack([TEXTURE, other, TEXTURE])
    field = follow_strain(GreyFrames(pictures), tissue_area(pictures, [whole_region(pictures)]))
    assert np.mean(field.at(1).reliable) < 0.05


@pytest.mark.parametrize("degrees", [-20, 0, 15])
def test_fascicles_run_along_their_streaks(degrees: float) -> None:
    y, x = np.mgrid[0:120, 0:160]
    tilt = np.radians(degrees)
    stripes = 120 + 80 * np.sin((-x * np.sin(tilt) + y * np.cos(tilt)) / 2)
    direction, coherence = fascicle_directions(stripes.astype(np.uint8), np.array([[80.0, 60.0]]), 8.0)
    assert np.degrees(np.arctan2(direction[0, 1], direction[0, 0])) == pytest.approx(degrees, abs=1.5)
    assert coherence[0] > 0.8


def ramp(frames: int) -> np.ndarray:
    """Frames that are evenly as bright as their number."""
    return np.stack([np.full((40, 60), index, np.uint8) for index in range(frames)])


def kymograph_of(pictures: np.ndarray, line: list[tuple[float, float]], **options: object) -> Kymograph:
    area = tissue_area(pictures, [whole_region(pictures)])
    return kymograph(GreyFrames(pictures), area, line, **options)  # type: ignore[arg-type]


@settings(max_examples=30, deadline=None)
@given(intervals=st.lists(st.floats(0.01, 0.4), min_size=2, max_size=12), columns=st.integers(1, 200))
def test_the_time_axis_shows_the_frame_that_is_on_screen_then(intervals: list[float], columns: int) -> None:
    starts = tuple(float(start) for start in np.cumsum([0.0, *intervals[:-1]]))
    end = starts[-1] + intervals[-1]
    mode = kymograph_of(ramp(len(starts)), [(5, 5), (5, 30)], frame_starts_s=starts, duration_s=end)
    shown = mode.on_time_axis(columns)[0]
    for column, value in enumerate(shown):
        moment = (column + 0.5) / columns * end
        assert value == max(index for index, start in enumerate(starts) if start <= moment)


def test_without_times_every_frame_has_the_same_width() -> None:
    mode = kymograph_of(ramp(4), [(5, 5), (30, 5), (30, 30)])
    assert mode.frame_starts_s is None
    assert mode.on_time_axis(8)[0].tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert mode.grey.shape == (51, 4)
    assert mode.sample_step == pytest.approx(0.1)


def test_a_line_that_follows_the_tissue_sees_a_still_picture() -> None:
    pictures = np.stack([np.roll(TEXTURE, 2 * index, axis=0) for index in range(8)])
    line = [(100.5, 60.5), (200.5, 90.5)]
    fixed = kymograph_of(pictures, line)
    following = kymograph_of(pictures, line, follow_from=0)
    still = following.grey.astype(float) - following.grey[:, :1]
    moving = fixed.grey.astype(float) - fixed.grey[:, :1]
    assert np.abs(still).mean() < 0.3 * np.abs(moving).mean()
    assert following.lines_px[7][0][1] == pytest.approx(74.5, abs=0.3)
    assert set(fixed.confidence) == {1.0}


@pytest.mark.parametrize(
    ("line", "follow", "sentence"),
    [([(5, 5)], None, "two different points"), ([(5, 5), (5, 5)], None, "two different"), ([(5, 5), (9, 9)], 7, "frame 8 of 4")],
)  # fmt: skip
def test_an_impossible_line_is_refused(
    line: list[tuple[float, float]], follow: int | None, sentence: str
) -> None:
    with pytest.raises(PlaceError, match=sentence):
        kymograph_of(ramp(4), line, follow_from=follow)
