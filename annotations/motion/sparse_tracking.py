"""Points followed from frame to frame, by pyramidal Lucas-Kanade or any other tracker, each checked by following it back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from annotations.motion.grey_frames import GreyFrame
from annotations.motion.work import Work

FloatArray = NDArray[np.float64]
LOST_PX = 1.5


class Tracker(Protocol):
    """Follows points from one frame to another and back."""

    def follow_and_return(
        self, before: GreyFrame, after: GreyFrame, points: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Follow points, and say how far from its start each one ends when it is followed back."""
        ...


@dataclass(frozen=True, slots=True)
class LucasKanade:
    """Settings of the tracker.

    Parameters
    ----------
    window_px : int
        Side of the square that is compared; odd. A square of 2 mm is right for muscle at 9 MHz: a larger one
        mixes the tissue with the fluid beside it.
    levels : int
        Halvings of the picture above full size, for large steps.

    References
    ----------
    Bouguet J-Y, Pyramidal implementation of the Lucas Kanade feature tracker, Intel, 2000.
    Kalal Z et al., Forward-backward error, ICPR 2010, doi:10.1109/ICPR.2010.675.
    """

    window_px: int = 21
    levels: int = 3

    def follow(self, before: GreyFrame, after: GreyFrame, points: FloatArray) -> FloatArray:
        """Follow points from one frame to another; points are in OpenCV's pixel centres."""
        if len(points) == 0:
            return points.copy()
        criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 20, 0.01)
        moved, _, _ = cv2.calcOpticalFlowPyrLK(
            before,
            after,
            np.ascontiguousarray(points, dtype=np.float32).reshape(-1, 1, 2),
            None,  # type: ignore[call-overload]
            winSize=(self.window_px, self.window_px),
            maxLevel=self.levels,
            criteria=criteria,
            minEigThreshold=1e-5,
        )
        return np.asarray(moved, dtype=np.float64).reshape(-1, 2)

    def follow_and_return(
        self, before: GreyFrame, after: GreyFrame, points: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Follow points, and say how far from its start each one ends when it is followed back."""
        moved = self.follow(before, after, points)
        back = self.follow(after, before, moved)
        return moved, np.linalg.norm(back - points, axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class PointTracks:
    """Points followed through a clip.

    Parameters
    ----------
    points_px : ndarray of float64, shape (frames, points, 2)
        Place of each point; in the coordinates of the points that were given.
    error_px : ndarray of float64, shape (frames, points)
        Forward-backward error, added up from the anchor as independent errors add up.
    lost : ndarray of bool, shape (frames, points)
        Whether the point left the picture or could not be followed; it stays lost.
    anchor : int
        Frame index on which the points were given.
    """

    points_px: FloatArray
    error_px: FloatArray
    lost: NDArray[np.bool_]
    anchor: int

    @property
    def confidence(self) -> FloatArray:
        """Trust in each frame from 0 to 1: the share of points not lost, lowered by their error."""
        kept = ~self.lost
        if kept.shape[1] == 0:
            return np.zeros(len(kept))
        count = np.maximum(kept.sum(axis=1), 1)
        error = (self.error_px * kept).sum(axis=1) / count
        return np.asarray(kept.mean(axis=1) / (1 + error / LOST_PX))


def outward(frames: int, anchor: int) -> tuple[range, range]:
    """Frames after the anchor, and frames before it from the nearest on."""
    return range(anchor + 1, frames), range(anchor - 1, -1, -1)


def track_points(
    frames: Sequence[GreyFrame],
    points: FloatArray,
    *,
    anchor: int = 0,
    tracker: Tracker | None = None,
    work: Work | None = None,
    visit: Callable[[int, FloatArray], None] | None = None,
) -> PointTracks:
    """Follow points from their frame to both ends of the clip.

    Parameters
    ----------
    frames : sequence of ndarray of uint8, shape (rows, columns)
        The frames.
    points : ndarray of float64, shape (points, 2)
        Points on the anchor's frame, in OpenCV's pixel centres.
    anchor : int
        Frame index on which they are given.
    tracker : Tracker, optional
        Lucas-Kanade with its usual settings when left out.
    work : Work, optional
        Told of each frame.
    visit : callable, optional
        Called with each frame index and the points on it.

    Returns
    -------
    PointTracks
        The tracks.

    Raises
    ------
    MotionCancelledError
        If the work was stopped.
    """
    tracker, work = tracker or LucasKanade(), work or Work()
    shape = (len(frames), len(points))
    places, errors = np.zeros((*shape, 2)), np.zeros(shape)
    lost = np.zeros(shape, dtype=np.bool_)
    places[anchor] = points
    rows, columns = frames[anchor].shape
    for order in outward(len(frames), anchor):
        before = anchor
        for index in order:
            work.step()
            moved, gone = tracker.follow_and_return(frames[before], frames[index], places[before])
            outside = ((moved < 0) | (moved > (columns - 1, rows - 1))).any(axis=1)
            lost[index] = lost[before] | outside | (gone > LOST_PX)
            places[index] = np.where(lost[index][:, None], places[before], moved)
            errors[index] = np.hypot(errors[before], np.minimum(gone, 10.0))
            before = index
            if visit is not None:
                visit(index, places[index])
    return PointTracks(places, errors, lost, anchor)


def grid_points(shape: tuple[int, int], step_px: float, margin_px: float) -> FloatArray:
    """Points on a regular grid inside a frame.

    >>> grid_points((10, 20), 5.0, 5.0)
    array([[ 5.,  5.],
           [10.,  5.],
           [15.,  5.]])
    """
    rows, columns = shape
    y = np.arange(margin_px, rows - margin_px + 0.5, step_px)
    x = np.arange(margin_px, columns - margin_px + 0.5, step_px)
    across, down = np.meshgrid(x, y)
    return np.column_stack([across.ravel(), down.ravel()])


def textured(
    frame: GreyFrame, points: FloatArray, window_px: int, contrast: float = 4.0
) -> NDArray[np.bool_]:
    """Whether the grey levels around each point vary enough to be followed."""
    picture = frame.astype(np.float32)
    size = (window_px, window_px)
    mean = cv2.blur(picture, size)
    deviation = np.sqrt(np.maximum(cv2.blur(picture * picture, size) - mean * mean, 0))
    column, row = np.rint(points).astype(int).T
    inside = np.asarray(deviation)[row.clip(0, frame.shape[0] - 1), column.clip(0, frame.shape[1] - 1)]
    return np.asarray(inside > contrast)
