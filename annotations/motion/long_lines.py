"""Long bright lines of a picture: aponeuroses, fasciae and bone cross it from side to side, fascicles do not.

Every gently bent line that crosses the whole picture is tried: grey levels are averaged along pieces of it, and each
piece is compared with what lies above and below. Many parallel fascicles give many lines of one slope that are about
equally strong, an aponeurosis stands alone: what is usual for lines of a slope is taken off their strength.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from annotations.motion.grey_frames import GreyFrame

FloatArray = NDArray[np.float64]
Picture = NDArray[np.float32]
GRID_ROWS, GRID_COLUMNS, PIECES = 256, 128, 16
SLOPES_DEG = tuple(range(-14, 15, 2))
SAGS = (-0.04, -0.02, 0.0, 0.02, 0.04)
HALF_WIDTHS = (0.008, 0.014, 0.024)
NEIGHBOURHOOD = 0.12
PIECE_LIMITS = (-0.3, 1.2)
USUAL_PERCENTILE, USUAL_SHARE = 80, 0.6
APART = 0.025
MOST_LINES, LEAST_STRENGTH = 14, 0.08


@dataclass(frozen=True, slots=True)
class LongLine:
    """A line across the whole picture; lengths as shares of its height, so that a picture's size does not count.

    Parameters
    ----------
    middle : float
        Depth in the middle of the picture.
    slope : float
        Tangent of its angle, downwards to the right, in pixels of the picture.
    sag : float
        How much deeper its ends lie than its middle, as a share of the width.
    aspect : float
        Width of the picture over its height.
    strength : float
        Contrast of the line against what lies beside it, less what is usual for lines of its slope.
    """

    middle: float
    slope: float
    sag: float
    aspect: float
    strength: float

    def depth(self, across: FloatArray) -> FloatArray:
        """Depth at places from 0, the left side, to 1."""
        from_middle = 2 * across - 1
        return np.asarray(
            self.middle + self.aspect * (self.slope * from_middle / 2 + self.sag * from_middle**2)
        )


def long_lines(frame: GreyFrame) -> list[LongLine]:
    """Find the strongest lines across a picture.

    Parameters
    ----------
    frame : ndarray of uint8, shape (rows, columns)
        A frame cut to the tissue.

    Returns
    -------
    list of LongLine
        At most `MOST_LINES`, the strongest first.
    """
    rows, columns = frame.shape
    strength = _strengths(frame)
    usual = np.percentile(
        strength.max(axis=1)[:, GRID_ROWS // 10 : -GRID_ROWS // 20], USUAL_PERCENTILE, axis=1
    )
    rare = strength - USUAL_SHARE * np.maximum(usual, 0)[:, None, None]
    by_row = rare.reshape(-1, GRID_ROWS)
    best, which = by_row.max(axis=0), by_row.argmax(axis=0)
    found: list[LongLine] = []
    for row in np.argsort(-best):
        if best[row] < LEAST_STRENGTH or len(found) == MOST_LINES:
            break
        middle = (float(row) + 0.5) / GRID_ROWS
        if all(abs(middle - line.middle) >= APART for line in found):
            slope, sag = divmod(int(which[row]), len(SAGS))
            tangent = float(np.tan(np.radians(SLOPES_DEG[slope])))
            found.append(LongLine(middle, tangent, SAGS[sag], columns / rows, float(best[row])))
    return found


def _strengths(frame: GreyFrame) -> Picture:
    """Contrast along each line, ndarray of shape (slopes, sags, rows of the grid)."""
    level, trust = _levels(frame)
    rows, columns = frame.shape
    px_per_px = (columns / GRID_COLUMNS) * (GRID_ROWS / rows)
    across = 2 * (np.arange(GRID_COLUMNS) + 0.5) / GRID_COLUMNS - 1
    down = np.arange(GRID_ROWS, dtype=np.float32)[:, None]
    along = np.broadcast_to(np.arange(GRID_COLUMNS, dtype=np.float32), level.shape)
    kernels = [_ridge_kernel(share * GRID_ROWS) for share in HALF_WIDTHS]
    found = np.empty((len(SLOPES_DEG), len(SAGS), GRID_ROWS), dtype=np.float32)
    for slope, degrees in enumerate(SLOPES_DEG):
        for sag, bend in enumerate(SAGS):
            way = np.tan(np.radians(degrees)) * across / 2 + bend * across**2
            shifted = down + (way * GRID_COLUMNS * px_per_px).astype(np.float32)
            pieces, trusts = (_pieces(picture, along, shifted) for picture in (level, trust))
            found[slope, sag] = _contrast(pieces, trusts, kernels)
    return found


def _levels(frame: GreyFrame) -> tuple[Picture, Picture]:
    """Grey against the neighbourhood, and how far the neighbourhood is lit, on the grid."""
    grey = cv2.resize(frame, (GRID_COLUMNS, GRID_ROWS), interpolation=cv2.INTER_AREA).astype(np.float32)
    wide = cv2.resize(frame, (frame.shape[1], GRID_ROWS), interpolation=cv2.INTER_AREA).astype(np.float32)
    far_y, far_x = NEIGHBOURHOOD * GRID_ROWS, NEIGHBOURHOOD * frame.shape[0] * GRID_COLUMNS / frame.shape[1]
    local = cv2.GaussianBlur(grey, (0, 0), sigmaX=far_x, sigmaY=far_y)
    back = cv2.resize(local, (wide.shape[1], GRID_ROWS))
    spread = cv2.resize((wide - back) ** 2, (GRID_COLUMNS, GRID_ROWS), interpolation=cv2.INTER_AREA)
    contrast = np.sqrt(cv2.GaussianBlur(spread, (0, 0), sigmaX=far_x, sigmaY=far_y))
    level, trust = (grey - local) / (contrast + 6), contrast / (contrast + 12)
    return np.asarray(level, dtype=np.float32), np.asarray(trust, dtype=np.float32)


def _pieces(picture: Picture, along: Picture, shifted: Picture) -> Picture:
    """Mean over each piece of the lines that start in each row."""
    bent = cv2.remap(picture, along, shifted, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(bent.reshape(GRID_ROWS, PIECES, -1).mean(axis=2), dtype=np.float32)


def _contrast(pieces: Picture, trusts: Picture, kernels: list[FloatArray]) -> Picture:
    """Contrast of whole lines; no piece counts above a limit, so that a short bright one cannot stand for all."""
    one = np.ones((1, 1))
    best = np.full(GRID_ROWS, -np.inf, dtype=np.float32)
    for kernel in kernels:
        ridge = cv2.sepFilter2D(pieces, cv2.CV_32F, one, kernel, borderType=cv2.BORDER_REPLICATE)
        limited = np.clip(ridge, *PIECE_LIMITS)
        whole = (limited * trusts).sum(axis=1) / (trusts.sum(axis=1) + 0.15 * PIECES)
        best = np.maximum(best, whole)
    return best


def _ridge_kernel(half_width_px: float) -> FloatArray:
    """Mean of the middle less mean of both sides, ndarray of shape (taps, 1)."""
    reach = int(4 * half_width_px)
    places = np.arange(-reach, reach + 1) / half_width_px
    kernel = np.exp(-0.5 * places**2) * (1 - places**2)
    kernel -= kernel.mean()
    return np.asarray(2 * kernel[:, None] / np.abs(kernel).sum())
