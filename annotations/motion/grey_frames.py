"""The frames of a clip as every tracker takes them: grey, 8 bits, cut to the tissue, a few kept in memory."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

GreyFrame = NDArray[np.uint8]
KEPT_BYTES = 256 * 1024 * 1024


class Frames(Protocol):
    """Frames that can be asked for one by one: a Cine's, or an array ``[frame, row, column]``."""

    def __len__(self) -> int:
        """Return the number of frames."""
        ...

    def __getitem__(self, index: int, /) -> Any:
        """Return one frame."""
        ...


class GreyFrames(Sequence[GreyFrame]):
    """Grey 8-bit frames, decoded when they are asked for.

    Parameters
    ----------
    frames : Frames
        Frames of uint8, uint16 or int16, grey or RGB.
    rows, columns : slice
        The part of the picture to keep.
    """

    def __init__(self, frames: Frames, rows: slice = slice(None), columns: slice = slice(None)) -> None:
        self._frames, self._cut = frames, (rows, columns)
        self._kept: OrderedDict[int, GreyFrame] = OrderedDict()
        first = np.asarray(frames[0])
        self._range = _sample_range(frames) if first.dtype != np.uint8 else None
        self._capacity = max(4, KEPT_BYTES // max(1, self._grey(first).nbytes))

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self._frames)

    def __getitem__(self, index: Any) -> Any:
        """Return one frame, cut and grey; slices are not offered."""
        frame_index = range(len(self))[index]
        kept = self._kept.get(frame_index)
        if kept is None:
            kept = self._grey(np.asarray(self._frames[frame_index]))
            self._kept[frame_index] = kept
            if len(self._kept) > self._capacity:
                self._kept.popitem(last=False)
        return kept

    def __iter__(self) -> Iterator[GreyFrame]:
        """Read every frame in its order."""
        return (self[index] for index in range(len(self)))

    def _grey(self, frame: NDArray[Any]) -> GreyFrame:
        cut = frame[self._cut]
        if cut.ndim == 3:
            cut = np.asarray(cv2.cvtColor(np.ascontiguousarray(cut), cv2.COLOR_RGB2GRAY))
        if cut.dtype != np.uint8:
            low, high = self._range or (0.0, 255.0)
            cut = np.clip((cut.astype(np.float32) - low) * (255.0 / max(high - low, 1e-6)), 0, 255)
        return np.ascontiguousarray(cut, dtype=np.uint8)


def _sample_range(frames: Frames) -> tuple[float, float]:
    """Darkest and brightest usual sample, so that 16 bits become 8 alike in every frame."""
    indices = np.unique(np.linspace(0, len(frames) - 1, min(5, len(frames))).astype(int))
    samples = np.concatenate([np.asarray(frames[int(index)])[::4, ::4].ravel() for index in indices])
    low, high = np.percentile(samples, (0.5, 99.5))
    return float(low), float(high)
