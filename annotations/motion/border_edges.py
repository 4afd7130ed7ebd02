"""From a coarse line to the edge of the aponeurosis: the row where the grey has fallen half-way to the muscle's.

Thickness is measured between the sides of the two aponeuroses that face each other. On 214 rows that three people
wrote down for pictures of vastus lateralis (`docs/thickness.md`), the mean grey at the row is half-way between that of
the aponeurosis and that of the muscle. Layers with only a little dark between them are one aponeurosis.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from annotations.motion.grey_frames import GreyFrame
from annotations.motion.smooth_path import smooth_line, smooth_path

FloatArray = NDArray[np.float64]
CREST_REACH, EDGE_REACH, MUSCLE_FROM, MUSCLE_TO = 0.035, 0.045, 0.05, 0.12
BETWEEN_LAYERS = 0.012
ALONG_SHARE, ACROSS_SHARE = 0.015, 0.002


def edge_of(frame: GreyFrame, x: FloatArray, line: FloatArray, towards: int) -> FloatArray:
    """Find one edge of the bright band along a line.

    Parameters
    ----------
    frame : ndarray of uint8, shape (rows, columns)
        A frame cut to the tissue.
    x, line : ndarray of float64, shape (places,)
        Columns, and the rows of the coarse line there.
    towards : int
        1 for the lower edge, -1 for the upper one.

    Returns
    -------
    ndarray of float64, shape (places,)
        Rows of the edge, smooth.
    """
    rows, columns = frame.shape
    along, across = ALONG_SHARE * columns, max(0.8, ACROSS_SHARE * rows)
    blurred = cv2.GaussianBlur(frame.astype(np.float32), (0, 0), sigmaX=along, sigmaY=across)
    calm = np.asarray(blurred, dtype=np.float32)
    crest = _crest(calm, x, line)
    offsets = np.arange(round(MUSCLE_TO * rows) + 1, dtype=np.float64)
    profile = _profiles(calm, x, crest, towards * offsets)
    muscle = np.median(profile[:, round(MUSCLE_FROM * rows) :], axis=1)
    half = (profile[:, :3].max(axis=1) + muscle) / 2
    bright = profile[:, : round(EDGE_REACH * rows)] > half[:, None]
    last = _last_bright(bright, max(2, round(BETWEEN_LAYERS * rows)))
    place = np.arange(len(x))
    here, after = profile[place, last], profile[place, last + 1]
    part = np.clip((here - half) / np.maximum(here - after, 1e-6), 0, 1)
    return smooth_line(x, crest + towards * (last + part), degree=3)


def _last_bright(bright: NDArray[np.bool_], most_dark: int) -> NDArray[np.intp]:
    """Place where brightness ends in each row, over gaps of at most so many dark places."""
    last, dark = np.zeros(len(bright), dtype=np.intp), np.zeros(len(bright), dtype=np.intp)
    for place in range(bright.shape[1]):
        dark = np.where(bright[:, place], np.where(dark > most_dark, dark, 0), dark + 1)
        last = np.where(dark == 0, place, last)
    return last


def _crest(calm: NDArray[np.float32], x: FloatArray, line: FloatArray) -> FloatArray:
    reach = max(4, round(CREST_REACH * calm.shape[0]))
    grey = _profiles(calm, x, line, np.arange(-reach, reach + 1, dtype=np.float64))
    spread = grey.std() + 1e-6
    return smooth_line(x, line + smooth_path((grey - grey.mean()) / spread) - reach, degree=3)


def _profiles(calm: NDArray[np.float32], x: FloatArray, line: FloatArray, offsets: FloatArray) -> FloatArray:
    rows = (line[:, None] + offsets).astype(np.float32)
    columns = np.broadcast_to(x[:, None], rows.shape).astype(np.float32)
    grey = cv2.remap(calm, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(grey, dtype=np.float64)
