"""When each frame of a clip begins, and where that was learnt."""

import math
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, pairwise
from statistics import median

from cases.errors import CaseError


class TimingSource(StrEnum):
    """Where the times of a clip came from."""

    FRAME_TIME_VECTOR = "frame_time_vector"
    FRAME_TIME = "frame_time"
    CINE_RATE = "cine_rate"
    RECOMMENDED_DISPLAY_FRAME_RATE = "recommended_display_frame_rate"
    CONTAINER = "container"
    USER = "user"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        """The source in words for people."""
        return _TIMING_LABELS[self]


_TIMING_LABELS = {
    TimingSource.FRAME_TIME_VECTOR: "Frame Time Vector",
    TimingSource.FRAME_TIME: "Frame Time",
    TimingSource.CINE_RATE: "Cine Rate",
    TimingSource.RECOMMENDED_DISPLAY_FRAME_RATE: "Recommended Display Frame Rate",
    TimingSource.CONTAINER: "time stamps of the video",
    TimingSource.USER: "entered by hand",
    TimingSource.UNKNOWN: "unknown frame rate",
    TimingSource.NOT_APPLICABLE: "a still picture",
}


@dataclass(frozen=True, slots=True)
class FrameTiming:
    """Start of every frame on the clip's own clock.

    Parameters
    ----------
    frame_starts_s : tuple of float or None
        Start of each frame in seconds, from 0 and strictly rising; None where it is not known.
    duration_s : float or None
        End of the last frame in seconds; None where the starts are None.
    source : TimingSource
        Where the times came from.

    Raises
    ------
    CaseError
        If the times do not rise strictly from 0, or the clip ends before its last frame begins.
    """

    frame_starts_s: tuple[float, ...] | None
    duration_s: float | None
    source: TimingSource

    def __post_init__(self) -> None:
        """Refuse times that a clock cannot have."""
        starts, end = self.frame_starts_s, self.duration_s
        if starts is None or end is None:
            if (starts is None) != (end is None):
                raise CaseError("Frame times and duration are known together or not at all.")
            return
        if not starts or starts[0] != 0 or not all(math.isfinite(moment) for moment in (*starts, end)):
            raise CaseError("The first frame begins at 0 s, and every time is a finite number.")
        if any(later <= earlier for earlier, later in pairwise((*starts, end))):
            raise CaseError("Each frame begins after the one before it.")

    @property
    def median_interval_ms(self) -> float | None:
        """Median time from one frame to the next in milliseconds; None where it is not known."""
        if self.frame_starts_s is None or self.duration_s is None:
            return None
        if len(self.frame_starts_s) == 1:
            return self.duration_s * 1000
        return median(later - earlier for earlier, later in pairwise(self.frame_starts_s)) * 1000


UNKNOWN_TIMING = FrameTiming(None, None, TimingSource.UNKNOWN)
STILL_TIMING = FrameTiming(None, None, TimingSource.NOT_APPLICABLE)


def even_timing(frames: int, interval_ms: float, source: TimingSource) -> FrameTiming:
    """Time a clip by one interval for all of its frames.

    Parameters
    ----------
    frames : int
        Number of frames.
    interval_ms : float
        Time from one frame to the next in milliseconds; positive.
    source : TimingSource
        Where the interval came from.

    Returns
    -------
    FrameTiming
        Evenly spaced starts.

    Examples
    --------
    >>> even_timing(3, 40.0, TimingSource.FRAME_TIME).frame_starts_s
    (0.0, 0.04, 0.08)
    """
    starts_s = tuple(index * interval_ms / 1000 for index in range(frames))
    return FrameTiming(starts_s, frames * interval_ms / 1000, source)


def vector_timing(increments_ms: tuple[float, ...]) -> FrameTiming:
    """Time a clip by its Frame Time Vector (0018,1065).

    Parameters
    ----------
    increments_ms : tuple of float
        For each frame the time since the frame before it in milliseconds; the first one is not used. The last
        frame is given the median of the others.

    Returns
    -------
    FrameTiming
        Unevenly spaced starts.

    Examples
    --------
    >>> vector_timing((0.0, 10.0, 30.0)).frame_starts_s
    (0.0, 0.01, 0.04)
    """
    starts_ms = list(accumulate(increments_ms[1:], initial=0.0))
    end_ms = starts_ms[-1] + median(increments_ms[1:])
    starts_s = tuple(start_ms / 1000 for start_ms in starts_ms)
    return FrameTiming(starts_s, end_ms / 1000, TimingSource.FRAME_TIME_VECTOR)
