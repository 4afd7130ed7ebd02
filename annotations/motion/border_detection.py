"""A proposal where the two borders of a muscle run, for the author to accept or to correct."""

from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from annotations.motion.border_tracking import Border
from annotations.motion.grey_frames import GreyFrame
from annotations.motion.smooth_path import smooth_line, smooth_path
from annotations.motion.tissue_area import TissueArea

FloatArray = NDArray[np.float64]
Picture = NDArray[np.float32]
Side = Literal["inner", "outer"]
COLUMN_STEP = 8
SLOPES_DEG = (-8, -4, 0, 4, 8)
THICKNESS_SHARE = 0.009
SUPERFICIAL = (0.05, 0.42)
DEEP_BELOW, DEEP_TO = 0.17, 0.97
MIN_STRENGTH = 1.1
KEPT_POINTS = 9


def propose_borders(
    frame: GreyFrame, frame_index: int, area: TissueArea, *, side: Side = "inner"
) -> tuple[Border, Border] | None:
    """Find the two strongest bright lines that cross the picture, and take one side of each.

    Parameters
    ----------
    frame : ndarray of uint8, shape (rows, columns)
        A frame cut to the tissue.
    frame_index : int
        Its index, counted from 0.
    area : TissueArea
        The cut.
    side : str
        ``"inner"``: the sides that face each other, so the muscle without its aponeuroses; ``"outer"``: with them.

    Returns
    -------
    tuple of Border or None
        That side of the superficial and of the deep aponeurosis; None where no two lines cross the whole picture.
    """
    rows, columns = frame.shape
    ridges = _ridges(frame)[:, COLUMN_STEP // 2 :: COLUMN_STEP]
    x = np.arange(COLUMN_STEP // 2, columns, COLUMN_STEP, dtype=np.float64)
    upper = _strongest(ridges, round(SUPERFICIAL[0] * rows), round(SUPERFICIAL[1] * rows))
    if upper is None:
        return None
    lower = _strongest(ridges, round(float(upper.max()) + DEEP_BELOW * rows), round(DEEP_TO * rows))
    if lower is None:
        return None
    reach = max(3, round(2.5 * THICKNESS_SHARE * rows))
    inward = 1 if side == "inner" else -1
    lines = (_side(frame, x, upper, reach, inward), _side(frame, x, lower, reach, -inward))
    first, second = (_border(x, line, frame_index, area) for line in lines)
    return first, second


def _ridges(frame: GreyFrame) -> Picture:
    """Strength of bright lines that run nearly along the picture, against the local contrast."""
    rows, columns = frame.shape
    grey = frame.astype(np.float32)
    far = 0.12 * rows
    local = cv2.GaussianBlur(grey, (0, 0), far)
    contrast = np.sqrt(cv2.GaussianBlur((grey - local) ** 2, (0, 0), far)) + np.float32(6)
    level = np.asarray((grey - local) / contrast, dtype=np.float32)
    thin = max(1.0, THICKNESS_SHARE * rows)
    best = np.full(frame.shape, -np.inf, dtype=np.float32)
    for degrees in SLOPES_DEG:
        slope = float(np.tan(np.radians(degrees)))
        shear = np.array([[1, 0, 0], [-slope, 1, slope * columns / 2]], dtype=np.float32)
        flat = cv2.warpAffine(level, shear, (columns, rows), borderMode=cv2.BORDER_REPLICATE)
        calm = cv2.GaussianBlur(flat, (0, 0), sigmaX=6 * thin, sigmaY=thin)
        bend = cv2.Sobel(calm, cv2.CV_32F, 0, 2, ksize=5) * (-thin * thin / 16)
        back = cv2.warpAffine(
            bend, shear, (columns, rows), flags=cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
        )
        best = np.maximum(best, np.asarray(back, dtype=np.float32))
    return best


def _strongest(ridges: Picture, top: int, bottom: int) -> FloatArray | None:
    """Row of the strongest line in each column; None where it is broken."""
    if bottom - top < 8:
        return None
    part = np.clip(ridges[top:bottom].T.astype(np.float64), 0, float(np.percentile(ridges, 99.5)) + 1e-6)
    path = smooth_path(part)
    strength = part[np.arange(len(path)), np.rint(path).astype(int).clip(0, part.shape[1] - 1)]
    return path + top if float(np.percentile(strength, 35)) > MIN_STRENGTH else None


def _side(frame: GreyFrame, x: FloatArray, line: FloatArray, reach: int, direction: int) -> FloatArray:
    """Move a line to its lower (1) or upper (-1) side, where the grey falls off most."""
    calm = cv2.GaussianBlur(frame.astype(np.float32), (0, 0), sigmaX=reach, sigmaY=max(0.8, reach / 5))
    offsets = np.arange(reach + 2)
    rows = line[:, None] + direction * offsets
    columns = np.broadcast_to(x[:, None], rows.shape)
    grey = cv2.remap(calm, columns.astype(np.float32), rows.astype(np.float32), cv2.INTER_LINEAR)
    fall = -np.diff(np.asarray(grey, dtype=np.float64), axis=1)
    return smooth_line(x, line + direction * (np.argmax(fall, axis=1) + 0.5))


def _border(x: FloatArray, line: FloatArray, frame_index: int, area: TissueArea) -> Border:
    kept = np.linspace(0, len(x) - 1, KEPT_POINTS).astype(int)
    places = np.column_stack([x[kept], line[kept].clip(0, area.y1 - area.y0 - 1)]) + area.origin_px
    return Border(frame_index, tuple((round(float(px), 2), round(float(py), 2)) for px, py in places))
