"""Frames of videos turned upright, and with square pixels, as the file asks."""

import struct
from fractions import Fraction

import cv2
import numpy as np
from av.sidedata.sidedata import Type as SideDataType
from av.video.frame import VideoFrame
from numpy.typing import NDArray


def upright(pixels: NDArray[np.uint8], matrix: tuple[int, ...]) -> NDArray[np.uint8]:
    """Turn and mirror a picture as a display matrix asks, in quarter turns; the same array where it asks for nothing.

    Parameters
    ----------
    pixels : ndarray, shape (rows, columns, 3)
        The picture as it is stored.
    matrix : tuple of int
        ``(a, b, c, d)``: the column is shown at ``a column + c row``, the row at ``b column + d row``.
    """
    a, b, c, d = matrix
    is_on_its_side = abs(b) + abs(c) > abs(a) + abs(d)
    to_column, to_row = (c, b) if is_on_its_side else (a, d)
    if not is_on_its_side and to_column >= 0 and to_row >= 0:
        return pixels
    shown = pixels.swapaxes(0, 1) if is_on_its_side else pixels
    shown = shown[:, ::-1] if to_column < 0 else shown
    return np.ascontiguousarray(shown[::-1] if to_row < 0 else shown)


def display_matrix(frame: VideoFrame) -> tuple[int, ...]:
    """Return how a frame asks to be turned, as ``upright`` takes it."""
    found = frame.side_data.get(SideDataType.DISPLAYMATRIX)
    if found is None:
        return (1, 0, 0, 1)
    a, b, _, c, d, *_ = struct.unpack("=9i", bytes(found)[:36])
    return (a, b, c, d)


def with_square_pixels(pixels: NDArray[np.uint8], aspect: Fraction) -> NDArray[np.uint8]:
    """Widen or heighten a picture whose pixels are so many times as wide as high."""
    rows, columns = pixels.shape[:2]
    # The longer side grows, so that no line of the picture is lost.
    size = (round(columns * aspect), rows) if aspect > 1 else (columns, round(rows / aspect))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR), np.uint8)
