"""JPEG lossless (process 14, any selection value), without a colour transform of its own."""

from typing import Any

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from cases.decoding import ffmpeg_still, jpeg_markers
from cases.decoding.dicom_header import PixelLayout


def decode(stream: bytes, layout: PixelLayout) -> NDArray[Any]:
    """Decode one frame.

    Parameters
    ----------
    stream : bytes
        The frame.
    layout : PixelLayout
        Not used; the stream says all.

    Returns
    -------
    ndarray of uint8 or uint16, shape (rows, columns) or (rows, columns, 3)
        The components as they are stored.

    Raises
    ------
    ValueError
        If the frame is damaged.
    """
    shape = jpeg_markers.read_shape(stream)
    if shape is None:
        raise ValueError("no frame header")
    if shape.precision != 8:
        return ffmpeg_still.decode("mjpeg", stream, shape.precision)
    if len(shape.component_ids) == 1:
        return np.asarray(simplejpeg.decode_jpeg(stream, colorspace="GRAY")[..., 0])
    # Named red, green and blue, the components come out untouched.
    marked = stream if shape.is_read_as_rgb else jpeg_markers.with_rgb_marker(stream)
    return np.asarray(simplejpeg.decode_jpeg(marked, colorspace="RGB"))
