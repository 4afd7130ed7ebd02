"""JPEG by discrete cosines, 8 bits: baseline, extended and progressive."""

from typing import Any

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from cases.decoding import ffmpeg_still, jpeg_markers
from cases.decoding.dicom_header import PixelLayout


def decode(stream: bytes, layout: PixelLayout) -> NDArray[Any]:
    """Decode one frame; colour comes out as RGB whatever the stream holds.

    Parameters
    ----------
    stream : bytes
        The frame.
    layout : PixelLayout
        Its colour label decides where the stream says nothing.

    Returns
    -------
    ndarray of uint8 or uint16, shape (rows, columns) or (rows, columns, 3)
        Grey or RGB; grey of 12 bits as 16.

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
    is_rgb = shape.is_rgb(layout.photometric == "RGB")
    marked = jpeg_markers.with_rgb_marker(stream) if is_rgb and not shape.is_read_as_rgb else stream
    return np.asarray(simplejpeg.decode_jpeg(marked, colorspace="RGB"))
