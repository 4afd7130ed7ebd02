"""The motion of every pixel between two frames, and of a field of points through a clip.

Dense Inverse Search is fast and follows fine texture; it has no notion of failure, so each flow is checked by
the flow back.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from annotations.motion.grey_frames import GreyFrame
from annotations.motion.sparse_tracking import LOST_PX, PointTracks, outward
from annotations.motion.work import Work

FloatArray = NDArray[np.float64]
Flow = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class DenseInverseSearch:
    """Settings of the dense tracker.

    Parameters
    ----------
    quality : int
        0 ultrafast, 1 fast, 2 medium.

    References
    ----------
    Kroeger T et al., Fast optical flow using Dense Inverse Search, ECCV 2016, doi:10.1007/978-3-319-46493-0_29.
    """

    quality: int = 2

    def flow(self, before: GreyFrame, after: GreyFrame) -> Flow:
        """Motion of each pixel of the first frame in pixels; ndarray of float32, shape (rows, columns, 2)."""
        presets = (
            cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST,
            cv2.DISOPTICAL_FLOW_PRESET_FAST,
            cv2.DISOPTICAL_FLOW_PRESET_MEDIUM,
        )
        engine = cv2.DISOpticalFlow.create(presets[self.quality])
        nothing = np.zeros((*before.shape, 2), np.float32)
        return np.asarray(engine.calc(before, after, nothing), dtype=np.float32)


def sample(field: NDArray[np.float32], points: FloatArray) -> FloatArray:
    """Values of a picture or flow at points between pixels, by bilinear interpolation.

    Parameters
    ----------
    field : ndarray of float32, shape (rows, columns) or (rows, columns, 2)
        What is sampled.
    points : ndarray of float64, shape (points, 2)
        Places, in OpenCV's pixel centres; outside the picture its border counts.

    Returns
    -------
    ndarray of float64, shape (points,) or (points, 2)
        The values.
    """
    if len(points) == 0:
        return np.zeros((0, *field.shape[2:]))
    x = np.ascontiguousarray(points[:, 0], dtype=np.float32)[None, :]
    y = np.ascontiguousarray(points[:, 1], dtype=np.float32)[None, :]
    values = cv2.remap(field, x, y, interpolation=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    row: FloatArray = np.asarray(values, dtype=np.float64)[0]
    return row


def track_densely(
    frames: Sequence[GreyFrame],
    points: FloatArray,
    *,
    anchor: int = 0,
    tracker: DenseInverseSearch | None = None,
    work: Work | None = None,
) -> PointTracks:
    """Carry points through a clip by dense flow from frame to frame.

    Parameters
    ----------
    frames : sequence of ndarray of uint8, shape (rows, columns)
        The frames.
    points : ndarray of float64, shape (points, 2)
        Points on the anchor's frame, in OpenCV's pixel centres.
    anchor : int
        Frame index on which they are given.
    tracker : DenseInverseSearch, optional
        Settings.
    work : Work, optional
        Told of each frame.

    Returns
    -------
    PointTracks
        The tracks, with the error of going forth and back.

    Raises
    ------
    MotionCancelledError
        If the work was stopped.
    """
    tracker, work = tracker or DenseInverseSearch(), work or Work()
    shape = (len(frames), len(points))
    places, errors, lost = np.zeros((*shape, 2)), np.zeros(shape), np.zeros(shape, dtype=np.bool_)
    places[anchor] = points
    rows, columns = frames[anchor].shape
    for order in outward(len(frames), anchor):
        before = anchor
        for index in order:
            work.step()
            forth = sample(tracker.flow(frames[before], frames[index]), places[before])
            moved = places[before] + forth
            back = sample(tracker.flow(frames[index], frames[before]), moved)
            gone = np.linalg.norm(forth + back, axis=1)
            outside = ((moved < 0) | (moved > (columns - 1, rows - 1))).any(axis=1)
            lost[index] = lost[before] | outside | (gone > LOST_PX)
            places[index] = np.where(lost[index][:, None], places[before], moved)
            errors[index] = np.hypot(errors[before], np.minimum(gone, 10.0))
            before = index
    return PointTracks(places, errors, lost, anchor)
