"""JPEG by discrete cosines (baseline, extended, progressive) and without loss (process 14, any selection value).

References
----------
ITU-T T.81.
"""

from typing import Any

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from cases.clip import Codec
from cases.decoding import ffmpeg_still, jpeg_markers
from cases.decoding.dicom_header import PixelLayout


def decode(stream: bytes, layout: PixelLayout) -> NDArray[Any]:
    """Decode one frame, by the protocol of ``FrameDecoder``.

    Colour comes out as RGB whatever the stream holds; lossless JPEG has no colour transform of its own, and its
    components come out as they are stored.
    """
    shape = jpeg_markers.shape_of_whole(stream)
    if len(shape.component_ids) == 1:
        if shape.precision != 8:
            return ffmpeg_still.decode("mjpeg", stream, shape.precision)
        return np.asarray(simplejpeg.decode_jpeg(stream, colorspace="GRAY")[..., 0])
    # Named red, green and blue, the components come out untouched.
    is_untouched = shape.codec is Codec.JPEG_LOSSLESS or shape.is_rgb(layout.photometric == "RGB")
    marked = jpeg_markers.with_rgb_marker(stream) if is_untouched and not shape.is_read_as_rgb else stream
    if shape.precision != 8:
        return ffmpeg_still.decode("mjpeg", marked, shape.precision)
    return np.asarray(simplejpeg.decode_jpeg(marked, colorspace="RGB"))
