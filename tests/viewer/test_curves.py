"""The curves that the player draws, from what was tracked and from the truth of simulated clips."""

from pathlib import Path

import numpy as np
import pytest

from annotations.motion.gap import GapCurve
from annotations.motion.result_store import MotionStore
from annotations.motion.stump import StumpEdges
from viewer.curves import AS_PROPOSED, AS_TRACKED, TRUTH, kept_curve, tracked_curve, truth_curve

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


def test_nothing_is_drawn_of_a_clip_that_nobody_measured(tmp_path: Path) -> None:
    assert kept_curve(MotionStore(tmp_path), "0" * 64, frames=6) is None
