"""Which way a muscle runs in the picture: the direction along which its gap is measured."""

import math

import numpy as np
from numpy.typing import NDArray

from annotations.motion.border_detection import propose_borders
from annotations.motion.grey_frames import GreyFrame
from annotations.motion.tissue_area import TissueArea
from cases.calibration import Point

FloatArray = NDArray[np.float64]
FULL_TRUST = 15.0
MAX_TILT_RAD = math.radians(20)
ALIKE_RAD = math.radians(6)


def muscle_axis(frame: GreyFrame, area: TissueArea) -> FloatArray | None:
    """Take the mean direction of the two lines that bound the muscle; of the superficial one where they run apart.

    The line between two stump edges says less: the two ends of an oblique tear lie at different depths.

    Parameters
    ----------
    frame : ndarray of uint8, shape (rows, columns)
        A frame cut to the tissue.
    area : TissueArea
        The cut, and its scale.

    Returns
    -------
    ndarray of float64, shape (2,) or None
        Unit vector in mm that points to the right; None where no two lines cross the picture.
    """
    borders = propose_borders(frame, 0, area)
    if borders is None:
        return None
    angles = []
    for border in borders.both:
        x, y = (np.array(border.points_px) * area.unit_per_px).T
        angles.append(math.atan(float(np.polyfit(x, y, 1)[0])))
    superficial, deep = angles
    mean = (superficial + deep) / 2 if abs(superficial - deep) < ALIKE_RAD else superficial
    return np.array([math.cos(mean), math.sin(mean)]) if abs(mean) < MAX_TILT_RAD else None


def axis_through(left_px: Point, right_px: Point, mm_per_px: FloatArray) -> FloatArray:
    """Direction of the line between two edges; along the picture the more, the nearer they are.

    >>> axis_through((0.0, 0.0), (100.0, 0.0), np.array([0.1, 0.1]))
    array([1., 0.])
    """
    apart = (np.array(right_px) - np.array(left_px)) * mm_per_px
    slope = float(apart[1]) / max(abs(float(apart[0])), 1e-6)
    angle = math.atan(slope) * min(1.0, float(np.linalg.norm(apart)) / FULL_TRUST)
    return np.array([math.cos(angle), math.sin(angle)])
