"""Whether three samples a pixel are red, green and blue, or luminance and two colours, told by the samples themselves.

Ultrasound is mostly grey. Where its samples are red, green and blue, grey has three equal ones; where they are
luminance and colours, grey has 128 twice.

References
----------
DICOM PS3.3 C.7.6.3.1.2, Photometric Interpretation.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cases.decoding.damage import STEP

_NO_COLOUR = 128
_NEAR = 3
_MOST, _HARDLY_ANY, _ENOUGH = 0.6, 0.05, 0.01


def shows_rgb(samples: NDArray[Any]) -> bool | None:
    """Tell what the samples of a picture are.

    Parameters
    ----------
    samples : ndarray of uint8, shape (rows, columns, 3)
        The samples as they are stored.

    Returns
    -------
    bool or None
        True for red, green and blue, False for luminance and colours; None where the picture does not tell: where it
        is black, small or not mostly grey.
    """
    pixels = samples[::STEP, ::STEP].reshape(-1, 3).astype(np.int16)
    lit = pixels[pixels.any(axis=1)]
    if len(lit) < _ENOUGH * len(pixels):
        return None
    has_equal = np.ptp(lit, axis=1) <= _NEAR
    has_no_colour = (np.abs(lit[:, 1:] - _NO_COLOUR) <= _NEAR).all(axis=1)
    as_rgb = float((has_equal & ~has_no_colour).mean())
    as_ybr = float((has_no_colour & ~has_equal).mean())
    if as_rgb > _MOST and as_ybr < _HARDLY_ANY:
        return True
    return False if as_ybr > _MOST and as_rgb < _HARDLY_ANY else None
