"""The curves of a simulated clip as it was made, read from the truth file beside it."""

import functools
import zipfile
from pathlib import Path

import numpy as np

from annotations.seeds.truth import Truth
from annotations.seeds.truth_marks import LEAST_GAP_PX
from viewer.scene import Curve, OtherCurve

TRUTH = "truth of the simulation"
TRUTH_OF_PARTIAL = "truth of the simulation, in the middle of the torn depth"
GAP_ARRAYS = {"gap_mid_mm", "proximal_end_px", "distal_end_px", "activation"}
TRUE_OTHERS = (
    ("true-effort", "Effort", "%", "activation", 100.0),
    ("true-thickness", "Thickness of rectus femoris", "mm", "rectus_thickness_mm", 1.0),
)
"""Id, name, unit, array of the truth file and factor of what can be laid over the gap."""


def truth_curve(path: Path, frames: int, mm_per_px: float | None = None) -> Curve | None:
    """Read the gap of a simulated clip from its truth file, in mm at mid-depth of the muscle.

    Parameters
    ----------
    path : Path
        The ``.npz`` file that the manifest names.
    frames : int
        Frames of the clip.
    mm_per_px : float, optional
        Pitch of the clip along the muscle. With it, the gap of a partial tear, whose mid-depth is bridged, is read
        in the middle of the torn depth.

    Returns
    -------
    Curve or None
        One value a frame; ``None`` where the file holds no such curve of this clip.
    """
    try:
        return _read_truth(path, path.stat().st_mtime_ns, frames, mm_per_px)
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
def _read_truth(path: Path, _changed_ns: int, frames: int, mm_per_px: float | None) -> Curve:
    with np.load(path, allow_pickle=False) as stored:
        truth = Truth({name: stored[name] for name in stored.files if name in GAP_ARRAYS})
    gap_mm, label = truth["gap_mid_mm"], TRUTH
    if mm_per_px is not None and gap_mm.shape == (frames,) and truth.is_torn:
        levels = truth.torn_levels(LEAST_GAP_PX)
        if 0 < len(levels) < truth["proximal_end_px"].shape[1]:
            middle = levels[len(levels) // 2]
            apart_px = truth["distal_end_px"][:, middle, 0] - truth["proximal_end_px"][:, middle, 0]
            gap_mm, label = apart_px * mm_per_px, TRUTH_OF_PARTIAL
    if gap_mm.shape != (frames,) or not np.isfinite(gap_mm).all():
        raise ValueError(f"{path}: gap_mid_mm is not one number for each of {frames} frames")
    return Curve(
        unit="mm",
        values=tuple(round(float(value), 3) for value in gap_mm),
        lower=None,
        upper=None,
        source_label=label,
        rest_frame_index=int(gap_mm.argmin()),
        peak_frame_index=int(gap_mm.argmax()),
    )
