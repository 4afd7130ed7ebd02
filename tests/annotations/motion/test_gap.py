from dataclasses import replace

import numpy as np
import pytest

from annotations.motion.errors import PlaceError
from annotations.motion.gap import GapCurve, measure_gap
from annotations.motion.grey_frames import GreyFrames
from annotations.motion.json_values import from_json, to_json
from annotations.motion.muscle_axis import muscle_axis
from annotations.motion.stump import StumpEdges
from annotations.motion.stump_detection import propose_stump_edges
from annotations.motion.tissue_area import TissueArea, tissue_area
from annotations.motion.tissue_motion import follow_tissue
from tests.annotations.motion.torn_muscle import TornMuscle, even_starts, torn_muscle, whole_region

PEAK = 20


def edges_on(muscle: TornMuscle, frame_index: int) -> StumpEdges:
    left, right = (tuple(map(float, side[frame_index])) for side in (muscle.left_px, muscle.right_px))
    return StumpEdges(frame_index, (left[0], left[1]), (right[0], right[1]))


def area_of(muscle: TornMuscle) -> TissueArea:
    return tissue_area(muscle.pictures, [whole_region(muscle.pictures)])


@pytest.fixture(scope="module")
def curve(muscle: TornMuscle) -> GapCurve:
    return measure_gap(
        GreyFrames(muscle.pictures), area_of(muscle), edges_on(muscle, PEAK), frame_starts_s=even_starts(40)
    )


def test_the_gap_is_right_to_a_tenth_of_a_millimetre(muscle: TornMuscle, curve: GapCurve) -> None:
    error = np.abs(np.array(curve.gap) - muscle.gap_mm)
    assert curve.unit == "mm"
    assert np.median(error) <= 0.1
    assert np.percentile(error, 95) <= 0.3


def test_the_band_holds_the_truth(muscle: TornMuscle, curve: GapCurve) -> None:
    inside = (np.array(curve.low) <= muscle.gap_mm) & (muscle.gap_mm <= np.array(curve.high))
    assert inside.mean() >= 0.9


def test_rest_peak_and_speed_are_read_off(muscle: TornMuscle, curve: GapCurve) -> None:
    assert curve.rest == pytest.approx(2.0, abs=0.25)
    assert curve.peak == pytest.approx(6.5, abs=0.25)
    assert curve.rest_frame_index <= 8
    assert 14 <= curve.peak_frame_index <= 27
    steepest = np.max(np.gradient(muscle.gap_mm, 0.04))
    assert curve.opening_per_s == pytest.approx(steepest, rel=0.15)


def test_edges_placed_at_rest_are_followed_as_well(muscle: TornMuscle) -> None:
    curve = measure_gap(GreyFrames(muscle.pictures), area_of(muscle), edges_on(muscle, 2))
    assert np.percentile(np.abs(np.array(curve.gap) - muscle.gap_mm), 95) <= 0.4
    assert curve.opening_per_s is None


def test_the_edges_may_be_given_in_either_order(muscle: TornMuscle) -> None:
    edges = edges_on(muscle, PEAK)
    swapped = StumpEdges(PEAK, edges.right_px, edges.left_px)
    frames = GreyFrames(muscle.pictures)
    assert (
        measure_gap(frames, area_of(muscle), swapped).gap == measure_gap(frames, area_of(muscle), edges).gap
    )


def test_without_a_scale_the_gap_is_in_pixels(muscle: TornMuscle) -> None:
    area = replace(area_of(muscle), calibration=None)
    curve = measure_gap(GreyFrames(muscle.pictures), area, edges_on(muscle, PEAK))
    assert curve.unit == "px"
    assert np.median(np.abs(np.array(curve.gap) - muscle.gap_mm * 10)) <= 2.0


def test_placing_widens_the_band(muscle: TornMuscle, curve: GapCurve) -> None:
    unsure = replace(edges_on(muscle, PEAK), placing=0.5)
    wide = measure_gap(GreyFrames(muscle.pictures), area_of(muscle), unsure)
    assert wide.high[PEAK] - wide.gap[PEAK] >= 0.98
    assert wide.gap == curve.gap


def test_a_curve_survives_json(curve: GapCurve) -> None:
    assert from_json(GapCurve, to_json(curve)) == curve


@pytest.mark.parametrize(
    ("frame_index", "left", "right", "sentence"),
    [
        (99, (100.0, 140.0), (200.0, 140.0), "frame 100 of 40 frames"),
        (0, (-5.0, 140.0), (200.0, 140.0), "outside the ultrasound picture"),
        (0, (100.0, 140.0), (100.2, 140.0), "are one point"),
        (-1, (100.0, 140.0), (200.0, 140.0), "a frame that exists"),
        (0, (float("nan"), 140.0), (200.0, 140.0), "finite coordinates"),
    ],
)
def test_edges_in_impossible_places_are_refused_in_a_sentence(
    muscle: TornMuscle, frame_index: int, left: tuple[float, float], right: tuple[float, float], sentence: str
) -> None:
    with pytest.raises(PlaceError, match=sentence):
        measure_gap(GreyFrames(muscle.pictures), area_of(muscle), StumpEdges(frame_index, left, right))


def test_the_muscle_runs_along_its_aponeuroses(muscle: TornMuscle) -> None:
    axis = muscle_axis(muscle.pictures[0], area_of(muscle))
    assert axis is not None
    assert axis == pytest.approx([1.0, 0.0], abs=0.01)


def test_the_detector_proposes_edges_where_the_muscle_parts(muscle: TornMuscle) -> None:
    area, frames = area_of(muscle), GreyFrames(muscle.pictures)
    proposed = propose_stump_edges(follow_tissue(frames, area), frames)
    assert proposed is not None
    assert proposed.source == "detector"
    assert proposed.placing > 0
    truth = muscle.left_px[proposed.frame_index], muscle.right_px[proposed.frame_index]
    assert abs(proposed.left_px[0] - truth[0][0]) < 20
    assert abs(proposed.right_px[0] - truth[1][0]) < 20


def test_the_detector_finds_no_gap_where_nothing_parts() -> None:
    still = torn_muscle(np.zeros(12))
    area, frames = area_of(still), GreyFrames(still.pictures)
    assert propose_stump_edges(follow_tissue(frames, area), frames) is None
