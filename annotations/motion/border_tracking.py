"""The border of a muscle followed through a clip: a line that was drawn once, laid onto every frame.

Along a border the tissue glides unseen, so only the motion across it is looked for: columns of grey levels around
the line are compared with those of the frame it was drawn on and of the frame before, and one smooth line is
laid through the best places of all columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from annotations.motion.errors import PlaceError
from annotations.motion.grey_frames import GreyFrame
from annotations.motion.smooth_path import smooth_line, smooth_path
from annotations.motion.sparse_tracking import outward
from annotations.motion.tissue_area import TissueArea
from annotations.motion.work import Work
from cases.calibration import Point

FloatArray = NDArray[np.float64]
COLUMNS = 32
HALF_PROFILE_SHARE, SEARCH_SHARE, BLUR_SHARE = 0.035, 0.05, 0.004
ANCHOR_WEIGHT = 0.75


@dataclass(frozen=True, slots=True)
class Border:
    """A border of a muscle as it was drawn on one frame.

    Parameters
    ----------
    frame_index : int
        The frame, counted from 0.
    points_px : tuple of point
        Two points or more, in image pixels, from left to right.

    Raises
    ------
    PlaceError
        If there are fewer than two points or they do not go from left to right.
    """

    frame_index: int
    points_px: tuple[Point, ...]

    def __post_init__(self) -> None:
        """Put the points in order and refuse what is no line across the picture."""
        object.__setattr__(self, "points_px", tuple(sorted(self.points_px)))
        x = [point[0] for point in self.points_px]
        if len(x) < 2 or any(later - earlier < 1 for earlier, later in pairwise(x)):
            raise PlaceError(
                "A border needs at least two points beside each other; draw it along the muscle."
            )


@dataclass(frozen=True, slots=True, eq=False)
class BorderTrack:
    """A border in every frame.

    Parameters
    ----------
    x : ndarray of float64, shape (columns,)
        Columns of the cut frame, in OpenCV's pixel centres.
    y : ndarray of float64, shape (frames, columns)
        Row of the border in each of them.
    likeness : ndarray of float64, shape (frames,)
        Correlation of its surroundings with those on the frame that it was drawn on.
    """

    x: FloatArray
    y: FloatArray
    likeness: FloatArray

    def at(self, frame_index: int, x: FloatArray) -> FloatArray:
        """Rows of the border at other columns; beyond its ends it goes on straight."""
        slope_left = (self.y[frame_index, 1] - self.y[frame_index, 0]) / (self.x[1] - self.x[0])
        slope_right = (self.y[frame_index, -1] - self.y[frame_index, -2]) / (self.x[-1] - self.x[-2])
        inside = np.interp(x, self.x, self.y[frame_index])
        return np.asarray(
            inside + np.minimum(x - self.x[0], 0) * slope_left + np.maximum(x - self.x[-1], 0) * slope_right
        )


def follow_border(
    frames: Sequence[GreyFrame],
    area: TissueArea,
    border: Border,
    *,
    search_share: float = SEARCH_SHARE,
    work: Work | None = None,
) -> BorderTrack:
    """Follow a border from its frame to both ends of the clip.

    Parameters
    ----------
    frames : sequence of ndarray of uint8, shape (rows, columns)
        Frames cut to the tissue.
    area : TissueArea
        The cut.
    border : Border
        The border on one frame.
    search_share : float
        How far it may move from one frame to the next, as a share of the picture's height.
    work : Work, optional
        Told of each frame.

    Returns
    -------
    BorderTrack
        The border in every frame.

    Raises
    ------
    PlaceError
        If the frame does not exist or the line lies outside the tissue.
    MotionCancelledError
        If the work was stopped.
    """
    work = work or Work()
    x, drawn = _columns(border, area, len(frames))
    looks = _Looks(area.y1 - area.y0, search_share)
    anchor = border.frame_index
    first = looks.profiles(frames[anchor], x, drawn, looks.half)
    y, likeness = np.tile(drawn, (len(frames), 1)), np.ones(len(frames))
    for order in outward(len(frames), anchor):
        before, last = drawn, first
        for index in order:
            work.step()
            wide = looks.profiles(frames[index], x, before, looks.half + looks.search)
            score = ANCHOR_WEIGHT * _correlations(first, wide) + (1 - ANCHOR_WEIGHT) * _correlations(
                last, wide
            )
            moved = before + smooth_path(score) - looks.search - drawn
            y[index] = np.clip(drawn + smooth_line(x, moved), 0, area.y1 - area.y0 - 1)
            last = looks.profiles(frames[index], x, y[index], looks.half)
            likeness[index] = float(np.median((first * last).sum(axis=1)))
            before = y[index]
    return BorderTrack(x, y, likeness)


class _Looks:
    """Columns of grey levels around a line."""

    def __init__(self, rows: int, search_share: float) -> None:
        self.half = max(5, round(HALF_PROFILE_SHARE * rows))
        self.search = max(4, round(search_share * rows))
        self.blur = max(0.8, BLUR_SHARE * rows)

    def profiles(self, frame: GreyFrame, x: FloatArray, y: FloatArray, half: int) -> FloatArray:
        """Normalised grey levels, ndarray of shape (columns, 2 half + 1)."""
        calm = cv2.GaussianBlur(frame.astype(np.float32), (0, 0), sigmaX=2.5 * self.blur, sigmaY=self.blur)
        offsets = np.arange(-half, half + 1, dtype=np.float64)
        rows = (y[:, None] + offsets).astype(np.float32)
        columns = np.broadcast_to(x[:, None], rows.shape).astype(np.float32)
        grey = cv2.remap(calm, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return _normalised(np.asarray(grey, dtype=np.float64))


def _normalised(grey: FloatArray) -> FloatArray:
    centred = grey - grey.mean(axis=-1, keepdims=True)
    return np.asarray(centred / (np.linalg.norm(centred, axis=-1, keepdims=True) + 1e-6))


def _correlations(looks: FloatArray, wide: FloatArray) -> FloatArray:
    """Correlation of each column with every window of its size, ndarray of shape (columns, shifts)."""
    windows = np.lib.stride_tricks.sliding_window_view(wide, looks.shape[1], axis=1)
    return np.asarray((_normalised(windows) * looks[:, None, :]).sum(axis=2))


def _columns(border: Border, area: TissueArea, frames: int) -> tuple[FloatArray, FloatArray]:
    if not 0 <= border.frame_index < frames:
        raise PlaceError(f"The border was drawn on frame {border.frame_index + 1} of {frames} frames.")
    points = np.array(border.points_px) - area.origin_px
    left = max(float(points[0, 0]), 2.0)
    right = min(float(points[-1, 0]), area.x1 - area.x0 - 3.0)
    if right - left < 8 or (points[:, 1] < 0).any() or (points[:, 1] > area.y1 - area.y0).any():
        raise PlaceError("The border lies outside the ultrasound picture; draw it inside.")
    x = np.linspace(left, right, COLUMNS)
    return x, np.interp(x, points[:, 0], points[:, 1])
