"""A scale that is entered after the measuring turns px into mm, and says how far off it may be."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from annotations.motion.analysis import analyse_motion
from annotations.motion.entered_scale import in_mm
from annotations.motion.result import MotionRequest, MotionResult
from annotations.motion.stump import StumpEdges
from cases.calibration import Region
from tests.annotations.motion.torn_muscle import (
    COLUMNS,
    MM_PER_PX,
    ROWS,
    TornMuscle,
    cine_of,
    even_starts,
    whole_region,
)

WHOLE = Region(0, 0, COLUMNS - 1, ROWS - 1, MM_PER_PX, MM_PER_PX)


@pytest.fixture(scope="module")
def measured(muscle: TornMuscle, tmp_path_factory: pytest.TempPathFactory) -> MotionResult:
    """Measure the whole picture of a clip without a scale."""
    left, right = (tuple(map(float, side[20])) for side in (muscle.left_px, muscle.right_px))
    request = MotionRequest(edges=StumpEdges(20, (left[0], left[1]), (right[0], right[1])))
    region = replace(whole_region(muscle.pictures), mm_per_px_x=None, mm_per_px_y=None)
    folder = tmp_path_factory.mktemp("unscaled")
    cine = cine_of(folder, muscle.pictures, frame_starts_s=even_starts(40), regions=(region,))
    return analyse_motion(cine, request)


def test_the_gap_in_mm_is_the_true_one(measured: MotionResult, muscle: TornMuscle) -> None:
    assert (measured.unit, measured.probe.unit) == ("px", "px")
    scaled = in_mm(measured, WHOLE)
    assert scaled.gap is not None
    assert (scaled.unit, scaled.probe.unit, scaled.gap.unit) == ("mm", "mm", "mm")
    assert scaled.provenance.scale_source == "user"
    assert np.median(np.abs(np.subtract(scaled.gap.gap, muscle.gap_mm))) < 0.15
    inside = (np.array(scaled.gap.low) <= muscle.gap_mm) & (muscle.gap_mm <= np.array(scaled.gap.high))
    assert inside.mean() > 0.9
    assert scaled.gap.peak == pytest.approx(measured.gap.peak * MM_PER_PX, abs=1e-3)  # type: ignore[union-attr]


def test_chapters_stay_where_they_are_and_no_sentence_speaks_of_px(measured: MotionResult) -> None:
    scaled = in_mm(measured, WHOLE)
    assert scaled.chapters.chapters == measured.chapters.chapters
    assert scaled.chapters.evidence.unit == "mm"
    assert not any(" px" in sentence for sentence in (*scaled.warnings, *scaled.chapters.reasons))


@pytest.mark.parametrize("mm_per_px", [0.05, 0.1, 0.4])
def test_the_band_holds_the_two_per_cent_of_the_scale_and_never_shrinks_below_its_millimetres(
    measured: MotionResult, mm_per_px: float
) -> None:
    gap = in_mm(measured, replace(WHOLE, mm_per_px_x=mm_per_px, mm_per_px_y=mm_per_px)).gap
    assert gap is not None
    assert measured.gap is not None
    half_px = np.subtract(measured.gap.high, measured.gap.gap)
    half_mm = np.subtract(gap.high, gap.gap)
    values = np.array(gap.gap)
    assert (half_mm >= 1.96 * 0.02 * values - 2e-3).all()
    assert (half_mm >= half_px * max(mm_per_px, 45 / ROWS) - 2e-3).all()


def test_what_lies_beside_the_region_of_the_scale_stays_in_px(measured: MotionResult) -> None:
    beside = in_mm(measured, replace(WHOLE, x1=COLUMNS // 4))
    assert beside.gap == measured.gap
    assert beside.probe == measured.probe
    assert beside.unit == "px"


def test_a_result_in_mm_is_left_alone(muscle: TornMuscle, measured: MotionResult, tmp_path: Path) -> None:
    scaled = in_mm(measured, WHOLE)
    assert in_mm(scaled, replace(WHOLE, mm_per_px_x=9.0, mm_per_px_y=9.0)) is scaled
    assert in_mm(measured, replace(WHOLE, mm_per_px_x=None, mm_per_px_y=None)) is measured


def test_a_slip_is_said_in_mm_by_its_length_in_mm(measured: MotionResult) -> None:
    slid = tuple(0.9 * index for index in range(40))
    said = "The whole picture slides by 35.1 px: the probe slipped, and tissue can look like a gap."
    probe = replace(measured.probe, shift_x=slid, landmarks=40, warnings=(said,))
    slipped = replace(measured, probe=probe, warnings=(said,))
    assert any("slides by 3.5 mm" in one for one in in_mm(slipped, WHOLE).warnings)
    fine = in_mm(slipped, replace(WHOLE, mm_per_px_x=0.01, mm_per_px_y=0.01))
    assert not any("slides" in one for one in fine.warnings)
