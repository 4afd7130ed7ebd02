"""JPEG-LS, lossless and near-lossless.

References
----------
ITU-T T.87.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cases.decoding import ffmpeg_still, jpeg_markers
from cases.decoding.dicom_header import PixelLayout

_BY_SAMPLE = 2
_END = b"\xff\xd9"


def decode(stream: bytes, layout: PixelLayout) -> NDArray[Any]:
    """Decode one frame, by the protocol of ``FrameDecoder``; its components come out as they are stored."""
    shape = jpeg_markers.shape_of_whole(stream)
    if jpeg_markers.interleaving(stream) != _BY_SAMPLE:
        return ffmpeg_still.decode("jpegls", stream, shape.precision)
    # FFmpeg reads planes and lines only; CharLS reads all, but searches a stream without an end for seconds.
    if not stream.rstrip(b"\0").endswith(_END):
        raise ValueError("the frame is cut off")
    from imagecodecs import jpegls_decode

    return np.asarray(jpegls_decode(stream))
