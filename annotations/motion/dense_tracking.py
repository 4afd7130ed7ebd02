"""The motion of every pixel between two frames, and of a field of points through a clip.

Dense Inverse Search is fast and follows fine texture; it has no notion of failure, so each flow is checked by
the flow back.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from annotations.motion.grey_frames import GreyFrame

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

    def follow_and_return(
        self, before: GreyFrame, after: GreyFrame, points: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Follow points, and say how far from its start each one ends when the flow back is added."""
        forth = sample(self.flow(before, after), points)
        back = sample(self.flow(after, before), points + forth)
        return points + forth, np.linalg.norm(forth + back, axis=1)


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
