"""The curves of a case's clips: the gap as it was tracked, and on simulated clips as it was made."""

import functools
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from annotations.motion.gap import GapCurve
from annotations.motion.result import MotionRequest
from annotations.motion.result_store import MotionStore
from cases.case import Case
from viewer.scene import Curve

AS_TRACKED = "as tracked"
AS_PROPOSED = "as tracked, from edges that the computer proposes"
TRUTH = "truth of the simulation"
TRUTH_ARRAY = "gap_mid_mm"


@dataclass(frozen=True, slots=True)
class ClipCurves:
    """What is known of one clip's gap; ``None`` where nobody has tracked it, or nobody made it."""

    tracked: Curve | None = None
    truth: Curve | None = None


def curves_of(case: Case, measured: MotionStore) -> Mapping[str, ClipCurves]:
    """Return the curves of every clip of a case, by the ids of the clips; nothing is measured here.

    Parameters
    ----------
    case : Case
        An open case.
    measured : MotionStore
        Holds what was measured before.
    """
    found = {}
    for clip in case.manifest.clips:
        head = case.clips[clip.id]
        truth = None
        if case.folder is not None and clip.truth is not None:
            truth = truth_curve(case.folder / clip.truth, head.frames)
        found[clip.id] = ClipCurves(kept_curve(measured, head.sha256, head.frames), truth)
    return found


def kept_curve(measured: MotionStore, pack_sha256: str, frames: int) -> Curve | None:
    """Return the gap that was measured in a clip before; ``None`` where there is no such result."""
    result = measured.find(pack_sha256, MotionRequest())
    if result is None or result.gap is None or len(result.gap.gap) != frames:
        return None
    return tracked_curve(result.gap)


def tracked_curve(gap: GapCurve) -> Curve:
    """Return a tracked gap as the player draws it."""
    return Curve(
        unit=gap.unit,
        values=gap.gap,
        lower=gap.low,
        upper=gap.high,
        source_label=AS_TRACKED if gap.edges.source == "author" else AS_PROPOSED,
        rest_frame_index=gap.rest_frame_index,
        peak_frame_index=gap.peak_frame_index,
    )


def truth_curve(path: Path, frames: int) -> Curve | None:
    """Read the gap of a simulated clip from its truth file, in mm at mid-depth of the muscle.

    Parameters
    ----------
    path : Path
        The ``.npz`` file that the manifest names.
    frames : int
        Frames of the clip.

    Returns
    -------
    Curve or None
        One value a frame; ``None`` where the file holds no such curve of this clip.
    """
    try:
        return _read_truth(path, path.stat().st_mtime_ns, frames)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None


@functools.lru_cache(maxsize=64)
def _read_truth(path: Path, _changed_ns: int, frames: int) -> Curve:
    with np.load(path, allow_pickle=False) as truth:
        gap_mm = np.asarray(truth[TRUTH_ARRAY], dtype=np.float64)
    if gap_mm.shape != (frames,) or not np.isfinite(gap_mm).all():
        raise ValueError(f"{path}: {TRUTH_ARRAY} is not one number for each of {frames} frames")
    return Curve(
        unit="mm",
        values=tuple(round(float(value), 3) for value in gap_mm),
        lower=None,
        upper=None,
        source_label=TRUTH,
        rest_frame_index=int(gap_mm.argmin()),
        peak_frame_index=int(gap_mm.argmax()),
    )
