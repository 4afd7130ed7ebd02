"""The three ways in which a frame is stored in a pack."""

from typing import Any

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from cases.clip import Colour

JPEG_QUALITY = 95
_PNG_SETTINGS = [cv2.IMWRITE_PNG_COMPRESSION, 1]


def png(frame: NDArray[np.uint8]) -> bytes:
    """Encode a lossless 8-bit frame; grey frames stay one channel.

    Parameters
    ----------
    frame : ndarray of uint8, shape (rows, columns) or (rows, columns, 3)
        Grey or RGB.

    Returns
    -------
    bytes
        A PNG file.
    """
    in_order = frame if frame.ndim == 2 else cv2.cvtColor(frame, cv2.COLOR_RGB2BGR)
    ok, encoded = cv2.imencode(".png", in_order, _PNG_SETTINGS)
    if not ok:
        raise ValueError("the frame cannot be encoded")
    return bytes(encoded)


def jpeg(frame: NDArray[np.uint8]) -> bytes:
    """Encode a frame of a lossy source at a quality that hides nothing more, colour in full resolution.

    Parameters
    ----------
    frame : ndarray of uint8, shape (rows, columns) or (rows, columns, 3)
        Grey or RGB.

    Returns
    -------
    bytes
        A JPEG baseline file.
    """
    if frame.ndim == 2:
        grey = np.ascontiguousarray(frame)[..., np.newaxis]
        return bytes(simplejpeg.encode_jpeg(grey, quality=JPEG_QUALITY, colorspace="GRAY"))
    colour = np.ascontiguousarray(frame)
    return bytes(
        simplejpeg.encode_jpeg(colour, quality=JPEG_QUALITY, colorspace="RGB", colorsubsampling="444")
    )


def samples16(frame: NDArray[Any]) -> bytes:
    """Store samples of more than 8 bits as they are, little-endian, row by row."""
    return np.ascontiguousarray(frame, dtype="<i2" if frame.dtype.kind == "i" else "<u2").tobytes()


def colour_of(frame: NDArray[Any]) -> Colour:
    """Tell what a pixel of a frame is."""
    if frame.dtype == np.uint8:
        return Colour.GREY8 if frame.ndim == 2 else Colour.RGB8
    return Colour.INT16 if frame.dtype.kind == "i" else Colour.UINT16
