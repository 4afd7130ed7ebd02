"""Single compressed frames by FFmpeg's decoders, for syntaxes that no other free decoder reads."""

from typing import Any

import av
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

_SAMPLES = {"gray": 8, "gray9le": 9, "gray10le": 10, "gray12le": 12, "gray14le": 14, "gray16le": 16}
_COLOURS = frozenset({"rgb24", "bgr24", "gbrp", "gbrp16le"})
_DEEP_YBR = frozenset({"yuv420p16le", "yuv422p16le", "yuv440p16le", "yuv444p16le"})
"""12-bit JPEG in colour, moved up to fill 16 bits."""

_PLANES = frozenset({"yuv444p", "yuvj444p"})


def decode(decoder: str, stream: bytes, precision: int) -> NDArray[Any]:
    """Decode one frame.

    Parameters
    ----------
    decoder : str
        FFmpeg's name of the decoder.
    stream : bytes
        The frame.
    precision : int
        Bits of a sample, as the stream itself says.

    Returns
    -------
    ndarray of uint8 or uint16, shape (rows, columns) or (rows, columns, 3)
        The components as they are stored; those of a 12-bit JPEG in colour as RGB of 8 bits.

    Raises
    ------
    ValueError
        If the frame is damaged or of a layout that we do not know.
    """
    context = av.CodecContext.create(decoder, "r")
    context.options = {"err_detect": "explode"}
    try:
        frames = list(context.decode(av.Packet(stream)))  # type: ignore[attr-defined]
    except FFmpegError as error:
        raise ValueError("the frame is damaged") from error
    if len(frames) != 1 or frames[0].is_corrupt:
        raise ValueError("the frame is damaged")
    return _components(frames[0], precision)


def _components(frame: Any, precision: int) -> NDArray[Any]:
    layout = frame.format.name
    if layout in _SAMPLES:
        samples = np.asarray(frame.to_ndarray())
        # FFmpeg moves samples up to fill its 16 bits; the values of the stream are in the lower ones.
        return samples >> (_SAMPLES[layout] - precision) if precision < _SAMPLES[layout] else samples
    if layout in _COLOURS | _DEEP_YBR:
        return np.asarray(frame.to_ndarray(format="rgb24"))
    if layout in _PLANES:
        return np.ascontiguousarray(np.moveaxis(np.asarray(frame.to_ndarray()), 0, -1))
    raise ValueError("a layout that we do not know")
