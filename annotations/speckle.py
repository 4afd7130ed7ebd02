"""Points of the speckle around a mark, followed from frame to frame and back again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from annotations.motion.grey_frames import GreyFrame
from annotations.motion.sparse_tracking import LucasKanade

TRACKER = LucasKanade(window_px=51, levels=4)
"""Large, because in real clips tissue moves by ten pixels from frame to frame; intact tissue has no edge to smear."""
SPACING_PX = 6
REACH_PX = 36.0
MAX_RETURN_PX = 1.0
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
        Whether it could be followed up to here.
    return_px : ndarray of float64, shape (points,)
        Forward-backward error of the last step.
    """

    points_px: Points
    alive: NDArray[np.bool_]
    return_px: NDArray[np.float64]


def follow(frames: Sequence[GreyFrame], indices: Sequence[int], start_px: Points) -> Iterator[Followed]:
    """Follow points through frames in the given order, which may run backwards.

    Parameters
    ----------
    frames : sequence of ndarray of uint8, shape (rows, columns)
        Grey frames of a clip, read when they are needed.
    indices : sequence of int
        Frames to go through; the points are given on the first.
    start_px : ndarray of float64, shape (points, 2)
        Points on the first frame, in image pixels.

    Yields
    ------
    Followed
        For each frame after the first.
    """
    points, alive = start_px, np.ones(len(start_px), dtype=bool)
    for earlier, later in pairwise(indices):
        moved, returned = TRACKER.follow_and_return(frames[earlier], frames[later], points - CENTRE_PX)
        rows, columns = frames[later].shape
        inside = ((moved >= 0) & (moved <= (columns - 1, rows - 1))).all(axis=1)
        alive = alive & inside & (returned <= MAX_RETURN_PX)
        points = moved + CENTRE_PX
        yield Followed(points, alive, returned)


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
    near = np.zeros(frame.shape, dtype=np.uint8)
    for x_px, y_px in anchors_px:
        cv2.circle(near, (round(x_px - 0.5), round(y_px - 0.5)), round(reach_px), 1, thickness=-1)
    texture = cv2.cornerMinEigenVal(frame, 9)
    rows, columns = np.mgrid[0 : frame.shape[0] : SPACING_PX, 0 : frame.shape[1] : SPACING_PX]
    inside = near[rows, columns] > 0
    strength = texture[rows, columns][inside]
    points = np.stack([columns[inside], rows[inside]], axis=1) + 0.5
    if len(points) == 0:
        return points
    kept = points[strength >= 0.1 * np.median(strength)]
    return np.asarray(kept[:: max(1, -(-len(kept) // MAX_POINTS))])
