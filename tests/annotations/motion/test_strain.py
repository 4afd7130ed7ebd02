import cv2
import numpy as np
import pytest

from annotations.motion.fascicle_direction import fascicle_directions
from annotations.motion.grey_frames import GreyFrames
from annotations.motion.json_values import from_json, to_json
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
