"""Curves freed of jitter, and their slope on the true time axis."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def smooth(values: FloatArray, half_window: int = 2) -> FloatArray:
    """Fit a parabola to the frames around each frame.

    Parameters
    ----------
    values : ndarray of float64, shape (frames,)
        The curve.
    half_window : int
        Frames on either side; at the ends the window is shifted inside.

    Returns
    -------
    ndarray of float64, shape (frames,)
        The smoothed curve; a parabola is returned as it is.

    References
    ----------
    Savitzky A, Golay MJE, Anal Chem 1964;36:1627, doi:10.1021/ac60214a047.
    """
    count, size = len(values), 2 * half_window + 1
    if count < size or half_window < 1:
        return values.astype(np.float64)
    result = np.empty(count)
    for index in range(count):
        first = min(max(index - half_window, 0), count - size)
        design = np.vander(np.arange(first, first + size) - index, 3, increasing=True).astype(np.float64)
        result[index] = np.linalg.lstsq(design, values[first : first + size], rcond=None)[0][0]
    return result


def steepest_rise_per_s(values: FloatArray, starts_s: Sequence[float], first: int, last: int) -> float:
    """Largest slope of a straight line through five frames, between two frames.

    Parameters
    ----------
    values : ndarray of float64, shape (frames,)
        The curve.
    starts_s : sequence of float
        Start of each frame in seconds.
    first, last : int
        Frame indices between which to look.

    Returns
    -------
    float
        Units of the curve per second; 0 where there are fewer than two frames.
    """
    times = np.asarray(starts_s, dtype=np.float64)
    best = 0.0
    for index in range(first, last + 1):
        window = slice(max(index - 2, first), min(index + 3, last + 1))
        t = times[window] - times[window].mean()
        spread = float((t * t).sum())
        if spread > 0:
            best = max(best, float((t * values[window]).sum()) / spread)
    return best
