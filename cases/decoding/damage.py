"""Frames that decoded without an error but look damaged.

Many codecs turn damaged bytes into a picture without a word. Two signs are looked for, both of which an intact clip
does not show: a frame that differs from both of its neighbours where these agree with each other, and a long run of
zeros inside the compressed bytes of a few frames only. What is found is said beside the clip; it is a suspicion and
no proof.
"""

from statistics import median_low
from typing import Any

import numpy as np
from numpy.typing import NDArray

STEP = 8
"""Every so many rows and columns are looked at."""

_DIFFERS = 32
_AGREES = 12
_MIN_SHARE = 0.02
_TIMES_THE_USUAL = 8
_ZEROS = bytes(48)
_MAX_SHARE_OF_FRAMES = 0.1
_FRAMES_TO_COMPARE = 4


class DamageWatch:
    """Looks at the frames of one clip as they pass."""

    def __init__(self) -> None:
        self._before: list[NDArray[np.int16]] = []
        self._shares: list[float] = []
        self._with_zeros: list[int] = []
        self._frames = 0

    def see(self, thumbnail: NDArray[Any], compressed: bytes = b"") -> None:
        """Look at the next frame.

        Parameters
        ----------
        thumbnail : ndarray, shape (rows, columns)
            The frame, grey, at an eighth of its size; 16-bit samples may be of any range.
        compressed : bytes
            Its compressed bytes, where the codec never writes long runs of zeros.
        """
        if compressed and _ZEROS in compressed:
            self._with_zeros.append(self._frames)
        self._frames += 1
        self._before.append(_eight_bits(thumbnail))
        if len(self._before) == 3:
            self._shares.append(_share_that_stands_out(*self._before))
            del self._before[0]

    def suspects(self) -> list[int]:
        """Return the indices of the frames that look damaged, in their order."""
        limit = max(_MIN_SHARE, _TIMES_THE_USUAL * self._usual_beside_one())
        found = {k + 1 for k, share in enumerate(self._shares) if share > limit}
        if self._frames >= _FRAMES_TO_COMPARE and len(self._with_zeros) <= max(
            1, _MAX_SHARE_OF_FRAMES * self._frames
        ):
            found.update(self._with_zeros)
        return sorted(found)

    def _usual_beside_one(self) -> float:
        """Return the lower median of the shares without the largest, so that one damaged frame is not the usual."""
        others = sorted(self._shares)[:-1]
        return median_low(others) if others else 1.0


def thumbnail_of(frame: NDArray[Any]) -> NDArray[Any]:
    """Return every eighth row and column of a frame, green for colour."""
    return frame[::STEP, ::STEP] if frame.ndim == 2 else frame[::STEP, ::STEP, 1]


def _eight_bits(thumbnail: NDArray[Any]) -> NDArray[np.int16]:
    if thumbnail.dtype == np.uint8:
        return thumbnail.astype(np.int16)
    low, high = float(thumbnail.min()), float(thumbnail.max())
    return ((thumbnail - low) * (255 / max(high - low, 1.0))).astype(np.int16)


def _share_that_stands_out(
    before: NDArray[np.int16], frame: NDArray[np.int16], after: NDArray[np.int16]
) -> float:
    if not before.shape == frame.shape == after.shape:
        return 0.0
    stands_out = (np.abs(frame - before) > _DIFFERS) & (np.abs(frame - after) > _DIFFERS)
    return float((stands_out & (np.abs(before - after) < _AGREES)).mean())
