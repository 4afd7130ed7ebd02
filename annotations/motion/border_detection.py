"""A proposal where the two borders of a muscle run, for the author to accept or to correct."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotations.motion.border_edges import edge_of
from annotations.motion.border_tracking import Border
from annotations.motion.grey_frames import GreyFrame
from annotations.motion.long_lines import LongLine
from annotations.motion.muscle_lines import muscle_lines
from annotations.motion.tissue_area import TissueArea

FloatArray = NDArray[np.float64]
PLACES, KEPT_POINTS, MARGIN_PX = 65, 9, 4


@dataclass(frozen=True, slots=True)
class ProposedBorders:
    """The borders that the detector proposes on one frame.

    Parameters
    ----------
    superficial, deep : Border
        The two.
    sure : bool
        Whether no other pair of lines comes near.
    margin : float
        By how much the next best pair fits worse.
    """

    superficial: Border
    deep: Border
    sure: bool
    margin: float

    @property
    def both(self) -> tuple[Border, Border]:
        """The superficial and the deep border."""
        return self.superficial, self.deep


def propose_borders(frame: GreyFrame, frame_index: int, area: TissueArea) -> ProposedBorders | None:
    """Find the two aponeuroses or fasciae that bound the muscle of a picture, and take the sides that face each other.

    Parameters
    ----------
    frame : ndarray of uint8, shape (rows, columns)
        A frame cut to the tissue.
    frame_index : int
        Its index, counted from 0.
    area : TissueArea
        The cut.

    Returns
    -------
    ProposedBorders or None
        None where no two clear lines cross the whole picture.
    """
    found = muscle_lines(frame)
    if found is None:
        return None
    return ProposedBorders(
        _border(frame, frame_index, area, (found.superficial, 1)),
        _border(frame, frame_index, area, (found.deep, -1)),
        found.sure,
        found.margin,
    )


def _border(
    frame: GreyFrame, frame_index: int, area: TissueArea, line_and_side: tuple[LongLine, int]
) -> Border:
    line, towards = line_and_side
    rows, columns = frame.shape
    x = np.linspace(MARGIN_PX, columns - 1 - MARGIN_PX, PLACES)
    edge = edge_of(frame, x, line.depth(x / columns) * rows, towards).clip(0, rows - 1)
    kept = np.linspace(0, PLACES - 1, KEPT_POINTS).astype(int)
    places = np.column_stack([x[kept], edge[kept]]) + area.origin_px
    return Border(frame_index, tuple((round(float(px), 2), round(float(py), 2)) for px, py in places))
