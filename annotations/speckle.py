"""Points of the speckle around a mark, followed from frame to frame and back again."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from annotations.motion.grey_frames import GreyFrame
from annotations.motion.sparse_tracking import LucasKanade

TRACKER = LucasKanade(window_px=51, levels=4)
"""Large, because in real clips tissue moves by ten pixels from frame to frame; intact tissue has no edge to smear."""
SPACING_PX = 6
TEXTURE_PX = 9
REACH_PX = 36.0
MAX_RETURN_PX = 2.0
MAX_POINTS = 4_000
CENTRE_PX = 0.5  # the trackers count from pixel centres

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """Points of the speckle on one frame.

    Parameters
    ----------
    points_px : ndarray of float64, shape (points, 2)
        Where each of them is, in image pixels, corner origin.
    alive : ndarray of bool, shape (points,)
        Whether it came back to where it had been, inside the picture.
    return_px : ndarray of float64, shape (points,)
        Forward-backward error.
    """

    points_px: Points
    alive: NDArray[np.bool_]
    return_px: NDArray[np.float64]


def follow(before: GreyFrame, after: GreyFrame, start_px: Points) -> Followed:
    """Follow points from one frame to another and back again.

    Parameters
    ----------
    before, after : ndarray of uint8, shape (rows, columns)
        The two frames.
    start_px : ndarray of float64, shape (points, 2)
        Points on the first of them, in image pixels.

    Returns
    -------
    Followed
        The points on the second.
    """
    moved, returned = TRACKER.follow_and_return(before, after, start_px - CENTRE_PX)
    rows, columns = after.shape
    inside = ((moved >= 0) & (moved <= (columns - 1, rows - 1))).all(axis=1)
    return Followed(moved + CENTRE_PX, inside & (returned <= MAX_RETURN_PX), returned)


def speckle_near(frame: GreyFrame, anchors_px: Points, reach_px: float = REACH_PX) -> Points:
    """Choose textured points on a grid around given ones.

    Parameters
    ----------
    frame : ndarray of uint8, shape (rows, columns)
        A picture.
    anchors_px : ndarray of float64, shape (anchors, 2)
        Points of a mark, in image pixels.
    reach_px : float
        How far around each of them.

    Returns
    -------
    ndarray of float64, shape (points, 2)
        In image pixels; at most `MAX_POINTS`.
    """
    left, top, right, bottom = _box_around(anchors_px, reach_px + TEXTURE_PX, frame.shape)
    cut = frame[top:bottom, left:right]
    near = np.zeros(cut.shape, dtype=np.uint8)
    for x_px, y_px in anchors_px:
        centre = (round(x_px - 0.5) - left, round(y_px - 0.5) - top)
        cv2.circle(near, centre, round(reach_px), 1, thickness=-1)
    if near.size == 0:
        return np.zeros((0, 2))
    texture = cv2.cornerMinEigenVal(np.ascontiguousarray(cut), TEXTURE_PX)
    rows, columns = np.mgrid[0 : cut.shape[0] : SPACING_PX, 0 : cut.shape[1] : SPACING_PX]
    inside = near[rows, columns] > 0
    strength = texture[rows, columns][inside]
    points = np.stack([columns[inside] + left, rows[inside] + top], axis=1) + 0.5
    if len(points) == 0:
        return points
    kept = points[strength >= 0.1 * np.median(strength)]
    return np.asarray(kept[:: max(1, -(-len(kept) // MAX_POINTS))])


def _box_around(points_px: Points, margin_px: float, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the part of a picture that holds points and what is near them."""
    rows, columns = shape[:2]
    low = np.floor(points_px.min(axis=0) - margin_px).astype(int).clip(0, (columns, rows))
    high = np.ceil(points_px.max(axis=0) + margin_px).astype(int).clip(0, (columns, rows))
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])
