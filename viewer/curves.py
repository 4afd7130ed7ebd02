"""The curves of a case's clips: the gap as it was tracked, and on simulated clips as it was made."""

import functools
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from annotations.motion.gap import GapCurve
from annotations.motion.result import MotionRequest, MotionResult
from annotations.motion.result_store import MotionStore
from cases.case import Case
from cases.clip import ClipHead
from viewer.motion_facts import still_probe_of, stump_paths_of, thickness_of
from viewer.scene import Curve, OtherCurve, StillProbe, StumpPaths

AS_TRACKED = "as tracked"
AS_PROPOSED = "as tracked, from edges that the computer proposes"
TRUTH = "truth of the simulation"
TRUTH_ARRAY = "gap_mid_mm"
TRUE_OTHERS = (
    ("true-effort", "Effort", "%", "activation", 100.0),
    ("true-thickness", "Thickness of rectus femoris", "mm", "rectus_thickness_mm", 1.0),
)
"""Id, name, unit, array of the truth file and factor of what can be laid over the gap."""


@dataclass(frozen=True, slots=True)
class ClipCurves:
    """What is known of one clip's contraction; ``None`` where nobody has measured it, or nobody made it."""

    tracked: Curve | None = None
    truth: Curve | None = None
    others: tuple[OtherCurve, ...] = ()
    still_probe: StillProbe | None = None
    stumps: StumpPaths | None = None


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
        known = measured_curves(measured.find(head.sha256, MotionRequest()), head)
        if case.folder is not None and clip.truth is not None:
            path = case.folder / clip.truth
            truth, others = truth_curve(path, head.frames), truth_others(path, head.frames)
            known = replace(known, truth=truth, others=(*known.others, *others))
        found[clip.id] = known
    return found


def measured_curves(result: MotionResult | None, head: ClipHead) -> ClipCurves:
    """Return what a kept result says of a clip; nothing where there is none, or where it does not fit the clip."""
    if result is None or len(result.motion_confidence) != head.frames:
        return ClipCurves()
    thickness = thickness_of(result)
    return ClipCurves(
        tracked=None if result.gap is None else tracked_curve(result.gap),
        others=() if thickness is None else (thickness,),
        still_probe=still_probe_of(result, head.regions),
        stumps=stump_paths_of(result),
    )


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


def truth_others(path: Path, frames: int) -> tuple[OtherCurve, ...]:
    """Read what else is true of each frame of a simulated clip: the effort, and the thickness of the muscle."""
    try:
        return _read_others(path, path.stat().st_mtime_ns, frames)
    except (OSError, ValueError, zipfile.BadZipFile):
        return ()


@functools.lru_cache(maxsize=64)
def _read_others(path: Path, _changed_ns: int, frames: int) -> tuple[OtherCurve, ...]:
    found = []
    with np.load(path, allow_pickle=False) as truth:
        for curve_id, name, unit, array, factor in TRUE_OTHERS:
            if array not in truth:
                continue
            values = np.asarray(truth[array], dtype=np.float64)
            if len(values) != frames or not np.isfinite(values).all():
                continue
            means = values.reshape(frames, -1).mean(axis=1) * factor
            numbers = tuple(round(float(value), 2) for value in means)
            found.append(OtherCurve(curve_id, name, unit, numbers, TRUTH))
    return tuple(found)


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
