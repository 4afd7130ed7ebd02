"""The truth of a simulated clip as it lies beside it, and when in the clip its moments are.

The arrays are described in ``cases/phantom/truth.py``; points are in pixels of the picture, corner origin.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from annotations.errors import AnnotationFormatError

Floats = NDArray[np.float64]
APONEUROSIS_SHARE = 0.56
DEEP_ENOUGH = 0.03


class Moment(StrEnum):
    """Moments of a contraction that are worth a picture, in their order."""

    REST = "rest"
    FIRST = "first"
    CONTRACTING = "contracting"
    PEAK = "peak"
    HELD = "held"
    RELAXING = "relaxing"
    NEARLY = "nearly"
    AFTER = "after"


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What is true of each frame of one clip.

    Parameters
    ----------
    arrays : dict of str to ndarray
        As the simulator wrote them.
    """

    arrays: dict[str, NDArray[np.generic]]

    @classmethod
    def read(cls, path: Path) -> "Truth":
        """Read a truth file.

        Raises
        ------
        AnnotationFormatError
            If the file cannot be read or misses what every clip has.
        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
        except (OSError, ValueError) as error:
            raise AnnotationFormatError(
                f"{path}: the truth cannot be read; simulate the clip again."
            ) from error
        missing = {"activation", "gap_mid_mm", "rectus_outline_px", "cortex_px"} - arrays.keys()
        if missing:
            raise AnnotationFormatError(
                f"{path}: the truth has no {', '.join(sorted(missing))}; simulate the clip again."
            )
        return cls(arrays)

    def __getitem__(self, name: str) -> Floats:
        """Return one array as numbers of double precision."""
        return np.asarray(self.arrays[name], dtype=np.float64)

    @property
    def frames(self) -> int:
        """Number of frames."""
        return len(self.arrays["activation"])

    @property
    def is_long_axis(self) -> bool:
        """Whether the clip runs along the muscle."""
        return "rectus_thickness_mm" in self.arrays

    @property
    def is_torn(self) -> bool:
        """Whether the ends of a tear are known."""
        return "proximal_end_px" in self.arrays

    def frame_of(self, moment: Moment) -> int:
        """Frame index of a moment: by the effort, and at the peak by the gap where there is one."""
        effort = self["activation"]
        peak = int(np.argmax(self["gap_mid_mm"])) if self["gap_mid_mm"].max() > 0 else int(np.argmax(effort))
        last = len(effort) - 1
        share = effort / effort.max()
        match moment:
            case Moment.REST:
                return int(np.argmax(share > 0.02)) // 2
            case Moment.FIRST:
                return int(np.argmax(share > 0.1))
            case Moment.CONTRACTING:
                return int(np.argmax(share >= 0.5))
            case Moment.PEAK:
                return peak
            case Moment.HELD:
                return int(last - np.argmax(share[::-1] >= 0.95))
            case Moment.RELAXING:
                return int(last - np.argmax(share[::-1] >= 0.5))
            case Moment.NEARLY:
                return int(last - np.argmax(share[::-1] >= 0.1))
            case Moment.AFTER:
                return last

    @property
    def superficial_border_px(self) -> Floats:
        """Superficial border of rectus femoris in long axis, shape (frames, points, 2)."""
        outline = self["rectus_outline_px"]
        return outline[:, : outline.shape[1] // 2]

    @property
    def deep_border_px(self) -> Floats:
        """Deep border of rectus femoris in long axis, from left to right, shape (frames, points, 2)."""
        outline = self["rectus_outline_px"]
        return outline[:, outline.shape[1] // 2 :][:, ::-1]

    def aponeurosis_px(self, region: int) -> Floats:
        """Points of the central aponeurosis that were followed; 1 the proximal part or all of it, 2 the distal.

        Returns
        -------
        ndarray of float64, shape (frames, points, 2)
            From left to right.
        """
        grid, codes = self["grid_px"], np.asarray(self.arrays["grid_region"])
        at_rest = grid[0]
        top, bottom = (
            np.interp(at_rest[:, 0], border[0, :, 0], border[0, :, 1])
            for border in (self.superficial_border_px, self.deep_border_px)
        )
        share = (at_rest[:, 1] - top) / np.maximum(bottom - top, 1e-6)
        on_it = (codes == region) & (np.abs(share - APONEUROSIS_SHARE) < DEEP_ENOUGH)
        chosen = grid[:, on_it]
        return chosen[:, np.argsort(chosen[0, :, 0])]

    def torn_levels(self, least_px: float) -> NDArray[np.intp]:
        """Levels of the depth at which the ends stand apart at the peak by a distance in pixels."""
        peak = self.frame_of(Moment.PEAK)
        apart = self["distal_end_px"][peak, :, 0] - self["proximal_end_px"][peak, :, 0]
        return np.flatnonzero(apart >= least_px)
