"""Which way the fascicles run, from the grey levels of one frame."""

import cv2
import numpy as np
from numpy.typing import NDArray

from annotations.motion.dense_tracking import sample
from annotations.motion.grey_frames import GreyFrame

FloatArray = NDArray[np.float64]


def fascicle_directions(
    frame: GreyFrame, points: FloatArray, reach_px: float
) -> tuple[FloatArray, FloatArray]:
    """Find the direction along which the grey levels change least.

    Parameters
    ----------
    frame : ndarray of uint8, shape (rows, columns)
        The frame.
    points : ndarray of float64, shape (points, 2)
        Where, in OpenCV's pixel centres.
    reach_px : float
        Standard deviation of the surroundings that count.

    Returns
    -------
    ndarray of float64, shape (points, 2)
        Unit vectors that point to the right.
    ndarray of float64, shape (points,)
        From 0, no direction, to 1, one direction only.

    References
    ----------
    Bigün J, Granlund GH, Optimal orientation detection of linear symmetry, ICCV 1987.
    """
    calm = cv2.GaussianBlur(frame.astype(np.float32), (0, 0), 1.5)
    x, y = (cv2.Sobel(calm, cv2.CV_32F, *order, ksize=3) for order in ((1, 0), (0, 1)))
    xx, yy, xy = (
        sample(np.asarray(cv2.GaussianBlur(product, (0, 0), reach_px), dtype=np.float32), points)
        for product in (x * x, y * y, x * y)
    )
    angle = 0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2
    angle = (angle + np.pi / 2) % np.pi - np.pi / 2
    coherence = np.hypot(xx - yy, 2 * xy) / (xx + yy + 1e-6)
    return np.column_stack([np.cos(angle), np.sin(angle)]), np.asarray(coherence)
