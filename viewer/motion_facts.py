"""What was measured of a clip's motion, as the player draws it: probe, torn ends, thickness."""

from collections.abc import Sequence

import numpy as np

from annotations.motion.probe_motion import ProbeMotion, still_probe_matrices
from annotations.motion.result import MotionResult
from annotations.motion.tissue_area import TissueArea
from cases.calibration import Region
from viewer.scene import OtherCurve, StillProbe, StumpPaths

BY_AUTHOR, BY_COMPUTER = "as tracked", "as tracked, from edges that the computer proposes"
BORDERS = {
    "author": "as tracked, from the author's borders",
    "detector": "as tracked, from borders that the computer proposes",
}

UNSURE = " and is unsure of"


def still_probe_of(result: MotionResult, regions: Sequence[Region] = ()) -> StillProbe | None:
    """Return what holds the probe still in the picture; ``None`` where no landmarks told how it moved.

    Parameters
    ----------
    result : MotionResult
        What was measured.
    regions : sequence of Region
        Of the clip that it was measured in.

    Returns
    -------
    StillProbe or None
        Matrices of whole image pixels, whose origin is the corner of the top-left pixel.
    """
    probe = result.probe
    if probe.landmarks == 0:
        return None
    area = _area_of(result, regions)
    matrices = still_probe_matrices(probe, area)
    turns, shifts = matrices[:, :, :2], matrices[:, :, 2]
    origin = area.origin_px
    moved = shifts + origin - turns @ origin
    rows = np.concatenate([turns, moved[:, :, None]], axis=2).reshape(len(matrices), 6)
    return StillProbe(tuple(tuple(round(float(v), 6) for v in row) for row in rows), _summary(probe))


def stump_paths_of(result: MotionResult) -> StumpPaths | None:
    """Return where the two torn ends were followed to; ``None`` where there are none."""
    gap = result.gap
    if gap is None:
        return None
    left, right = (
        tuple(round(v, 1) for point in side for v in point) for side in (gap.left_px, gap.right_px)
    )
    return StumpPaths(left, right, BY_AUTHOR if gap.edges.source == "author" else BY_COMPUTER)


def thickness_of(result: MotionResult) -> OtherCurve | None:
    """Return the thickness between the two borders that were followed; ``None`` where there are none."""
    thickness = result.thickness
    if thickness is None:
        return None
    values = tuple(round(value, 2) for value in thickness.thickness)
    source = BORDERS[thickness.source] + (UNSURE if thickness.doubts else "")
    return OtherCurve("thickness", "Thickness", thickness.unit, values, source)


def _area_of(result: MotionResult, regions: Sequence[Region]) -> TissueArea:
    """Return the rectangle that was measured, with the scale of its region."""
    scales = [(region.area_px, region.calibration) for region in regions if region.calibration is not None]
    scale = max(scales, key=lambda one: one[0])[1] if scales and result.unit == "mm" else None
    return TissueArea(*result.provenance.area_px, scale, "region")


def _summary(probe: ProbeMotion) -> str:
    """Say how far the probe moved."""
    shift = float(np.hypot(probe.shift_x, probe.shift_y).max())
    turn = float(np.abs(probe.turn_deg).max())
    digits = 1 if probe.unit == "mm" else 0
    return f"up to {shift:.{digits}f} {probe.unit} and {turn:.1f}°"
