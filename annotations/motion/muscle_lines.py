"""Which two long lines of a picture bound its muscle, and how sure that is.

The rules hold for any muscle between two aponeuroses: both lines are clear; they run alike; no third such line lies
between them; and a layer that is thin in the picture is rather fat, since who scans a muscle sets the depth so that it
fills the picture. The next best pair tells how sure the choice is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotations.motion.grey_frames import GreyFrame
from annotations.motion.long_lines import LongLine, long_lines

FloatArray = NDArray[np.float64]
CLEAR = 0.6
COUNTED, LEAST_CLEAR = 0.15, 0.4
ALIKE_DEG, PER_DEGREE = 6.0, 0.03
BETWEEN_SHARE, BETWEEN_APART = 0.5, 0.05
THICK_ENOUGH = 0.4
SUPERFICIAL, DEEPEST, LEAST_THICKNESS, LEAST_WEDGE = (0.04, 0.42), 0.97, 0.15, 0.5
OTHER_LINE = 0.06
SURE_MARGIN = 0.15
PLACES = np.linspace(0, 1, 9)


@dataclass(frozen=True, slots=True)
class MuscleLines:
    """The superficial and the deep line of a muscle.

    Parameters
    ----------
    superficial, deep : LongLine
        The two.
    margin : float
        How much better they fit than the next best pair that is another one; 0.15 or more is sure.
    """

    superficial: LongLine
    deep: LongLine
    margin: float

    @property
    def sure(self) -> bool:
        """Whether no other pair comes near."""
        return self.margin >= SURE_MARGIN


def muscle_lines(frame: GreyFrame) -> MuscleLines | None:
    """Choose the two lines between which the muscle of a picture lies.

    Parameters
    ----------
    frame : ndarray of uint8, shape (rows, columns)
        A frame cut to the tissue.

    Returns
    -------
    MuscleLines or None
        None where no two clear lines cross the picture at a distance.
    """
    lines = long_lines(frame)
    depths = [line.depth(PLACES) for line in lines]
    pairs = [
        (_fit(lines, depths, upper, lower), upper, lower)
        for upper in range(len(lines))
        for lower in range(len(lines))
        if _possible(lines, depths, upper, lower)
    ]
    if not pairs:
        return None
    pairs.sort(reverse=True)
    best, upper, lower = pairs[0]
    if min(lines[upper].strength, lines[lower].strength) < LEAST_CLEAR:
        return None
    others = [fit for fit, *pair in pairs if _another(depths, (upper, lower), (pair[0], pair[1]))]
    return MuscleLines(lines[upper], lines[lower], best - max(others, default=0.0))


def _possible(lines: list[LongLine], depths: list[FloatArray], upper: int, lower: int) -> bool:
    """Whether a muscle may lie between two lines at all."""
    top, bottom = depths[upper].mean(), depths[lower].mean()
    between = depths[lower] - depths[upper]
    clear = min(lines[upper].strength, lines[lower].strength) >= COUNTED
    inside = SUPERFICIAL[0] <= top <= SUPERFICIAL[1] and bottom <= DEEPEST
    apart = between.mean() >= LEAST_THICKNESS and between.min() >= LEAST_WEDGE * between.mean()
    return bool(clear and inside and apart)


def _fit(lines: list[LongLine], depths: list[FloatArray], upper: int, lower: int) -> float:
    angles = [_angle_deg(line) for line in lines]
    middle = (angles[upper] + angles[lower]) / 2
    third = max(
        (
            min(line.strength, CLEAR) - _unlike(angle - middle)
            for line, angle, depth in zip(lines, angles, depths, strict=True)
            if (depth - depths[upper]).min() > BETWEEN_APART and (depths[lower] - depth).min() > BETWEEN_APART
        ),
        default=0.0,
    )
    clear = min(lines[upper].strength, CLEAR) + min(lines[lower].strength, CLEAR)
    thickness = min(float((depths[lower] - depths[upper]).mean()), THICK_ENOUGH)
    unlike = _unlike(angles[upper] - angles[lower])
    return clear - unlike - BETWEEN_SHARE * max(third, 0.0) + thickness


def _unlike(difference_deg: float) -> float:
    return PER_DEGREE * max(0.0, abs(difference_deg) - ALIKE_DEG)


def _angle_deg(line: LongLine) -> float:
    return float(np.degrees(np.arctan(line.slope)))


def _another(depths: list[FloatArray], chosen: tuple[int, int], pair: tuple[int, int]) -> bool:
    """Whether a pair lies elsewhere, rather than being the chosen one told again."""
    return any(
        abs(float(depths[one][len(PLACES) // 2] - depths[other][len(PLACES) // 2])) > OTHER_LINE
        for one, other in zip(chosen, pair, strict=True)
    )
