"""M-mode of a drawn line: its grey levels side by side for every frame, on the true time axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from annotations.motion.dense_tracking import sample
from annotations.motion.errors import PlaceError
from annotations.motion.grey_frames import GreyFrame
from annotations.motion.sparse_tracking import LucasKanade, track_points
from annotations.motion.stump import px_per_mm
from annotations.motion.tissue_area import TissueArea
from annotations.motion.work import Work
from cases.calibration import Point

FloatArray = NDArray[np.float64]
MAX_SAMPLES = 2048
WINDOW_MM = 2.5


@dataclass(frozen=True, slots=True, eq=False)
class Kymograph:
    """The grey levels of a line in every frame.

    Parameters
    ----------
    grey : ndarray of uint8, shape (samples, frames)
        From the line's start at the top to its end, frame by frame.
    frame_starts_s : tuple of float or None
        When each column begins; None where it is not known, and the axis is then in frames.
    duration_s : float or None
        When the last column ends.
    sample_step : float
        Distance of two samples along the line where it was drawn.
    unit : str
        Unit of that distance, ``"mm"`` or ``"px"``.
    lines_px : tuple of tuple of point
        Where the line lay in each frame, in image pixels; the same everywhere unless it follows the tissue.
    confidence : tuple of float
        Trust in the line's place, 1 for one that is fixed in the picture.
    """

    grey: NDArray[np.uint8]
    frame_starts_s: tuple[float, ...] | None
    duration_s: float | None
    sample_step: float
    unit: Literal["mm", "px"]
    lines_px: tuple[tuple[Point, ...], ...]
    confidence: tuple[float, ...]

    def on_time_axis(self, columns: int) -> NDArray[np.uint8]:
        """Draw it on an even time axis: each frame is held until the next one begins.

        Parameters
        ----------
        columns : int
            Number of columns; column ``c`` shows the frame on screen in the middle of its time.

        Returns
        -------
        ndarray of uint8, shape (samples, columns)
            Without frame times, frames of equal width.
        """
        return np.asarray(self.grey[:, self.frame_at_columns(columns)])

    def frame_at_columns(self, columns: int) -> NDArray[np.intp]:
        """Frame index that each column of an even time axis shows."""
        count = self.grey.shape[1]
        share = (np.arange(columns) + 0.5) / columns
        if self.frame_starts_s is None or self.duration_s is None:
            shown = np.floor(share * count)
        else:
            shown = (
                np.searchsorted(np.asarray(self.frame_starts_s), share * self.duration_s, side="right") - 1.0
            )
        return np.asarray(np.clip(shown, 0, count - 1), dtype=np.intp)


def kymograph(
    frames: Sequence[GreyFrame],
    area: TissueArea,
    line_px: Sequence[Point],
    *,
    frame_starts_s: tuple[float, ...] | None = None,
    duration_s: float | None = None,
    follow_from: int | None = None,
    work: Work | None = None,
) -> Kymograph:
    """Sample a line or polyline in every frame.

    Parameters
    ----------
    frames : sequence of ndarray of uint8, shape (rows, columns)
        Frames cut to the tissue.
    area : TissueArea
        The cut, and its scale.
    line_px : sequence of point
        Two points or more, in image pixels.
    frame_starts_s, duration_s : optional
        Start of each frame and end of the last one in seconds.
    follow_from : int or None
        Frame index on which the line was drawn, to let it follow the tissue; None keeps it fixed in the
        picture.
    work : Work, optional
        Told of each frame.

    Returns
    -------
    Kymograph
        One column a frame.

    Raises
    ------
    PlaceError
        If the line has fewer than two different points, or the frame does not exist.
    MotionCancelledError
        If the work was stopped.
    """
    work = work or Work()
    corners = np.array(line_px, dtype=np.float64) - area.origin_px
    if len(corners) < 2 or not np.isfinite(corners).all() or float(np.ptp(corners, axis=0).max()) < 1:
        raise PlaceError("A line for the M-mode needs two different points; draw it again.")
    if follow_from is not None and not 0 <= follow_from < len(frames):
        raise PlaceError(f"The line was drawn on frame {follow_from + 1} of {len(frames)} frames.")
    courses, confidence = _courses(frames, area, corners, follow_from, work)
    samples = _sample_count(corners)
    grey = np.empty((samples, len(frames)), dtype=np.uint8)
    for index, frame in enumerate(frames):
        work.step()
        places = _along(courses[index], samples)
        grey[:, index] = np.rint(sample(frame.astype(np.float32), places)).clip(0, 255)
    length = float(np.linalg.norm(np.diff(corners * area.unit_per_px, axis=0), axis=1).sum())
    lines = tuple(tuple((float(x), float(y)) for x, y in course + area.origin_px) for course in courses)
    return Kymograph(
        grey,
        frame_starts_s,
        duration_s,
        length / (samples - 1),
        area.unit,
        lines,
        tuple(map(float, confidence)),
    )


def _courses(
    frames: Sequence[GreyFrame], area: TissueArea, corners: FloatArray, follow_from: int | None, work: Work
) -> tuple[FloatArray, FloatArray]:
    if follow_from is None:
        return np.broadcast_to(corners, (len(frames), *corners.shape)), np.ones(len(frames))
    window = max(11, round(WINDOW_MM * float(px_per_mm(area)[0]))) | 1
    tracks = track_points(frames, corners, anchor=follow_from, tracker=LucasKanade(window), work=work)
    return tracks.points_px, tracks.confidence


def _sample_count(corners: FloatArray) -> int:
    length_px = float(np.linalg.norm(np.diff(corners, axis=0), axis=1).sum())
    return int(min(max(round(length_px) + 1, 2), MAX_SAMPLES))


def _along(corners: FloatArray, samples: int) -> FloatArray:
    """Evenly spaced points on a polyline."""
    steps = np.linalg.norm(np.diff(corners, axis=0), axis=1)
    at = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = np.linspace(0, at[-1], samples)
    return np.column_stack([np.interp(wanted, at, corners[:, axis]) for axis in (0, 1)])
