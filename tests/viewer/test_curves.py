"""The curves that the player draws, from what was tracked and from the truth of simulated clips."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from annotations.motion.gap import GapCurve
from annotations.motion.result import MotionRequest
from annotations.motion.result_store import MotionStore
from annotations.motion.shipped import shipped_motion, shipped_path
from annotations.motion.stump import StumpEdges
from annotations.opened_case import opened_case
from cases.catalogue import Catalogue
from cases.clip import ClipHead
from cases.decoding import Decoder
from cases.settings import Settings
from cases.store import ClipStore
from tests.browser.measured_cases import CLIP_ID, FRAMES, SLIDE_PX, left_px, measurement, write_measured_case
from viewer.asked_motion import requests_of
from viewer.curves import (
    AS_PROPOSED,
    AS_TRACKED,
    ClipCurves,
    curves_of,
    measured_curves,
    tracked_curve,
)
from viewer.staging import stage_case
from viewer.truth_curves import TRUTH, truth_curve, truth_others

GAP_MM = np.array([2.5, 2.0, 2.0, 5.0, 9.25, 9.0], dtype=np.float32)


def _truth(folder: Path, **arrays: object) -> Path:
    path = folder / "clip.truth.npz"
    np.savez(path, **arrays)  # type: ignore[arg-type]
    return path


def test_the_truth_of_a_simulated_clip_is_read_from_its_file(tmp_path: Path) -> None:
    curve = truth_curve(_truth(tmp_path, gap_mid_mm=GAP_MM), frames=6)
    assert curve is not None
    assert curve.values == (2.5, 2.0, 2.0, 5.0, 9.25, 9.0)
    assert (curve.unit, curve.source_label) == ("mm", TRUTH)
    assert (curve.rest_frame_index, curve.peak_frame_index) == (1, 4)
    assert curve.lower is None


@pytest.mark.parametrize(
    "arrays",
    [{"gap_mid_mm": GAP_MM[:5]}, {"gap_mid_mm": GAP_MM * np.nan}, {"other": GAP_MM}],
    ids=["another number of frames", "not a number", "no such array"],
)
def test_a_truth_that_does_not_fit_the_clip_is_not_drawn(tmp_path: Path, arrays: dict[str, object]) -> None:
    assert truth_curve(_truth(tmp_path, **arrays), frames=6) is None


def test_a_truth_that_would_run_code_or_is_no_archive_is_not_read(tmp_path: Path) -> None:
    assert truth_curve(_truth(tmp_path, gap_mid_mm=np.array([{}] * 6, dtype=object)), frames=6) is None
    path = tmp_path / "noise.npz"
    path.write_bytes(b"no archive")
    assert truth_curve(path, frames=6) is None
    assert truth_curve(tmp_path / "missing.npz", frames=6) is None


@pytest.mark.parametrize(("source", "label"), [("author", AS_TRACKED), ("detector", AS_PROPOSED)])
def test_a_tracked_gap_says_who_placed_its_edges(source: str, label: str) -> None:
    places = ((10.0, 20.0),) * 3
    gap = GapCurve(
        unit="mm",
        gap=(2.0, 6.0, 4.0),
        low=(1.5, 5.0, 3.5),
        high=(2.5, 7.0, 4.5),
        confidence=(1.0, 1.0, 1.0),
        left_px=places,
        right_px=places,
        rest_frame_index=0,
        peak_frame_index=1,
        rest=2.0,
        peak=6.0,
        opening_per_s=None,
        smallest_opening=0.8,
        edges=StumpEdges(1, (10.0, 20.0), (30.0, 20.0), source),  # type: ignore[arg-type]
        warnings=(),
    )
    curve = tracked_curve(gap)
    assert (curve.values, curve.lower, curve.upper) == (gap.gap, gap.low, gap.high)
    assert (curve.rest_frame_index, curve.peak_frame_index, curve.source_label) == (0, 1, label)


def test_effort_and_thickness_of_a_simulated_clip_can_be_laid_over_its_gap(tmp_path: Path) -> None:
    thickness_mm = np.array([[10, 11, 12]] * 6, dtype=np.float32)
    path = _truth(tmp_path, gap_mid_mm=GAP_MM, activation=GAP_MM / 10, rectus_thickness_mm=thickness_mm)
    effort, thickness = truth_others(path, frames=6)
    assert (effort.unit, effort.values[4], effort.source_label) == ("%", 92.5, TRUTH)
    assert (thickness.unit, thickness.values) == ("mm", (11.0,) * 6)
    assert truth_others(path, frames=5) == ()
    assert truth_others(tmp_path / "missing.npz", frames=6) == ()


def test_nothing_is_drawn_of_a_clip_that_nobody_measured(clip_head: ClipHead) -> None:
    assert measured_curves(None, clip_head) == ClipCurves()


def test_what_was_measured_of_a_clip_is_drawn_as_long_as_it_fits(clip_head: ClipHead) -> None:
    result = measurement(clip_head.sha256, clip_head.timing.frame_starts_s)
    known = measured_curves(result, clip_head)
    assert known.tracked is not None
    assert (known.tracked.source_label, known.tracked.peak_frame_index) == (AS_TRACKED, FRAMES - 1)
    assert [curve.name for curve in known.others] == ["Thickness"]
    assert known.stumps is not None
    assert known.stumps.left_px[:2] == left_px(0)
    assert measured_curves(result, replace(clip_head, frames=FRAMES - 1)) == ClipCurves()


def test_places_of_a_sliding_picture_come_back_to_where_they_were(clip_head: ClipHead) -> None:
    still = measured_curves(measurement(clip_head.sha256, None), clip_head).still_probe
    assert still is not None
    a, b, c, d, e, f = still.matrices[10]
    x, y = 300.0 + SLIDE_PX * 10, 200.0
    assert (a * x + b * y + c, d * x + e * y + f) == pytest.approx((300.0, 200.0), abs=1e-3)
    assert still.summary == "up to 7.8 mm and 0.0°"


@pytest.fixture(scope="module")
def clip_head(tmp_path_factory: pytest.TempPathFactory) -> ClipHead:
    root = tmp_path_factory.mktemp("measured")
    write_measured_case(root)
    with Decoder(Settings.from_environment().limits, processes=1) as decoder:
        return Catalogue((root,), ClipStore(root / "store"), decoder).case("sliding").clips[CLIP_ID]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_folder=tmp_path_factory.mktemp("data"))


CASES = ["rectus-femoris-tear", "haematoma-hides-gap", "partial-tear", "probe-slip"]


@pytest.mark.parametrize("case_id", CASES)
def test_bundled_clips_are_measured_at_the_first_start(settings: Settings, case_id: str) -> None:
    with opened_case(case_id, settings) as opened:
        curves = curves_of(
            opened.case, MotionStore(settings.data_folder / "motion"), requests_of(opened.case)
        )
    for clip in opened.case.manifest.clips:
        tracked, truth = curves[clip.id].tracked, curves[clip.id].truth
        is_torn = truth is not None and max(truth.values) > 0
        assert (tracked is not None) == (is_torn and clip.plane == "long axis")
        if tracked is not None and truth is not None:
            assert tracked.source_label == AS_TRACKED
            assert np.median(np.abs(np.subtract(tracked.values, truth.values))) < 0.2


def test_a_slip_of_the_probe_is_said_beside_the_clip(settings: Settings) -> None:
    with opened_case("probe-slip", settings) as opened:
        curves = curves_of(
            opened.case, MotionStore(settings.data_folder / "motion"), requests_of(opened.case)
        )
        scene = stage_case(opened.case, opened.case.manifest.comparisons[0], curves)
    moving = [panel for panel in scene.panels if panel.clip_id == "slipping-probe"]
    assert moving
    assert all(any("the probe slipped" in warning for warning in panel.clip.warnings) for panel in moving)


def test_a_shipped_result_counts_only_for_its_own_clip_and_question(
    settings: Settings, tmp_path: Path
) -> None:
    with opened_case("haematoma-hides-gap", settings) as opened:
        request = requests_of(opened.case)["hidden-gap"]
    path, file = shipped_path("haematoma-hides-gap", "hidden-gap"), opened.folder / "hidden-gap.dcm"
    assert shipped_motion(path, file, request) is not None
    assert shipped_motion(path, file, MotionRequest()) is None
    assert shipped_motion(path, opened.folder / "case.toml", request) is None
    assert shipped_motion(tmp_path / "missing.json", file, request) is None
    (tmp_path / "broken.json").write_text("[1]", encoding="utf-8")
    assert shipped_motion(tmp_path / "broken.json", file, request) is None
