"""A proposal where the two stumps end, for the author to accept or to correct.

Where a muscle is torn, the tissue on either side moves apart while all other muscle shortens. The place is found
from that motion, and the two edges from the grey levels of the frame on which the gap is widest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from annotations.motion.grey_frames import GreyFrame
from annotations.motion.sparse_tracking import LucasKanade, track_points
from annotations.motion.stump import StumpEdges, px_per_mm
from annotations.motion.tissue_motion import TissueMotion

FloatArray = NDArray[np.float64]
BESIDE_MM, ROW_MM = 9.0, 2.0
MIN_OPENING_MM, MIN_DEPTH_MM = 1.6, 3.0
HALF_DEPTH_MM, FINE_MM, STEP_MM = 1.2, 0.4, 1.0
PLACING_MM = 1.5


@dataclass(frozen=True, slots=True)
class Opening:
    """Where tissue parts at the peak, in mm (assumed mm without a scale) of the cut frame."""

    top_mm: float
    bottom_mm: float
    left_mm: float
    right_mm: float
    opened_mm: float

    @property
    def middle_depth_mm(self) -> float:
        """Depth midway between the uppermost and the lowest parting row."""
        return 0.5 * (self.top_mm + self.bottom_mm)

    @property
    def half_mm(self) -> float:
        """Half of the distance that the two sides have gone apart."""
        return 0.5 * (self.right_mm - self.left_mm)


def propose_stump_edges(motion: TissueMotion, frames: Sequence[GreyFrame]) -> StumpEdges | None:
    """Look for a gap that opens.

    Parameters
    ----------
    motion : TissueMotion
        The whole tissue, followed.
    frames : sequence of ndarray of uint8, shape (rows, columns)
        The frames it was followed in.

    Returns
    -------
    StumpEdges or None
        The two edges on the frame of the greatest effort; None where nothing parts. The placing of such edges is
        1.5 mm unsure: an author looks at them.
    """
    course = np.abs(np.asarray(motion.evidence().values))
    peak = int(np.argmax(course))
    scale = px_per_mm(motion.area)
    opening = _opening(motion, peak, scale)
    if opening is None:
        return None
    edges = _edges(frames, peak, opening, scale)
    if edges is None:
        return None
    unit_per_mm = 1.0 if motion.area.unit == "mm" else float(scale[0])
    left, right = (
        (
            float(x + motion.area.origin_px[0]),
            float(opening.middle_depth_mm * scale[1] + motion.area.origin_px[1]),
        )
        for x in edges
    )
    return StumpEdges(peak, left, right, "detector", PLACING_MM * unit_per_mm)


def _opening(motion: TissueMotion, peak: int, scale: FloatArray) -> Opening | None:
    kept = np.flatnonzero(~motion.tracks.lost[peak])
    rest = motion.tracks.points_px[0, kept] / scale
    moved = motion.tracks.points_px[peak, kept] / scale
    rows = np.round(rest[:, 1] / ROW_MM)
    found = []
    for row in np.unique(rows):
        one = _parting(rest[rows == row], moved[rows == row])
        if one is not None and one[1] > MIN_OPENING_MM:
            found.append((row * ROW_MM, *one))
    if not found:
        return None
    table = np.array(found)
    strongest = int(np.argmax(table[:, 2]))
    together = _run_of_rows(table, strongest)
    if together[-1, 0] - together[0, 0] + ROW_MM < MIN_DEPTH_MM:
        return None
    middle = 0.5 * (together[0, 0] + together[-1, 0])
    at = together[int(np.argmin(np.abs(together[:, 0] - middle)))]
    return Opening(float(together[0, 0]), float(together[-1, 0]), float(at[3]), float(at[4]), float(at[2]))


def _parting(rest: FloatArray, moved: FloatArray) -> tuple[float, float, float, float] | None:
    """Place of the greatest parting of one row, how far it parts, and where its two sides are at the peak."""
    order = np.argsort(rest[:, 0])
    rest, moved = rest[order], moved[order]
    gone = moved[:, 0] - rest[:, 0]
    best: tuple[float, float, float, float] | None = None
    for number in range(2, len(rest) - 1):
        split = 0.5 * (rest[number - 1, 0] + rest[number, 0])
        left = (rest[:, 0] < split) & (rest[:, 0] > split - BESIDE_MM)
        right = (rest[:, 0] > split) & (rest[:, 0] < split + BESIDE_MM)
        if left.sum() < 2 or right.sum() < 2:
            continue
        opened = float(np.median(gone[right]) - np.median(gone[left]))
        if best is None or opened > best[1]:
            best = (
                float(split),
                opened,
                float(split + np.median(gone[left])),
                float(split + np.median(gone[right])),
            )
    return best


def _run_of_rows(table: FloatArray, strongest: int) -> FloatArray:
    """Rows around the strongest one that part at least half as far, near the same place."""
    fits = (table[:, 2] > 0.5 * table[strongest, 2]) & (np.abs(table[:, 1] - table[strongest, 1]) < BESIDE_MM)
    first = last = strongest
    while first > 0 and fits[first - 1] and table[first, 0] - table[first - 1, 0] <= 1.5 * ROW_MM:
        first -= 1
    while last < len(table) - 1 and fits[last + 1] and table[last + 1, 0] - table[last, 0] <= 1.5 * ROW_MM:
        last += 1
    return table[first : last + 1]


def _edges(
    frames: Sequence[GreyFrame], peak: int, opening: Opening, scale: FloatArray
) -> tuple[float, float] | None:
    """Columns of the two edges on the peak's frame, in OpenCV's pixel centres.

    Points along mid-depth are followed back to the frame at rest. Those of a stump come back together; those of the
    fluid fall behind. The edge is sought as a step of grey where the first of them do.
    """
    columns = frames[peak].shape[1]
    x = np.arange(FINE_MM, columns / scale[0] - FINE_MM, FINE_MM) * scale[0]
    depths = opening.middle_depth_mm + np.array([-1.2, -0.6, 0.0, 0.6, 1.2])
    grid = np.array([(column, depth * scale[1]) for depth in depths for column in x])
    tracker = LucasKanade(max(9, round(1.6 * float(scale[0]))) | 1)
    tracks = track_points(_Until(frames, peak), grid, anchor=peak, tracker=tracker)
    back_mm = np.median((tracks.points_px[0] - grid)[:, 0].reshape(len(depths), -1), axis=0) / scale[0]
    middle = 0.5 * (opening.left_mm + opening.right_mm)
    place_mm = x / scale[0]
    found = []
    for side in (-1, 1):
        own = side * (place_mm - middle) > 0
        reach = _reach_of_stump(side * (place_mm - middle)[own][::side], side * back_mm[own][::side], opening)
        if reach is None:
            return None
        found.append(middle + side * reach)
    profile = _profile(frames[peak], opening.middle_depth_mm, scale)
    left, right = (_step(profile, place, side, scale) for place, side in zip(found, (-1, 1), strict=True))
    return (left, right) if right - left > scale[0] else None


class _Until(Sequence[GreyFrame]):
    """The frames up to one of them."""

    def __init__(self, frames: Sequence[GreyFrame], last: int) -> None:
        self._frames, self._last = frames, last

    def __len__(self) -> int:
        """Return how many there are."""
        return self._last + 1

    def __getitem__(self, index: Any) -> Any:
        """Return one of them."""
        return self._frames[index]


def _reach_of_stump(outward_mm: FloatArray, back_mm: FloatArray, opening: Opening) -> float | None:
    """Distance from the middle of the gap at which tissue begins that comes back as one piece.

    Both are given outward from the middle; coming back is negative.
    """
    far = (outward_mm > opening.half_mm + 1.5) & (outward_mm < opening.half_mm + 8.0)
    if far.sum() < 5:
        return None
    design = np.column_stack([np.ones(int(far.sum())), outward_mm[far]])
    line = np.linalg.lstsq(design, back_mm[far], rcond=None)[0]
    behind = np.abs(back_mm - (line[0] + line[1] * outward_mm)) > max(0.35, 0.03 * opening.opened_mm)
    last = np.flatnonzero(behind & (outward_mm < opening.half_mm + 4.0))
    return float(outward_mm[int(last[-1]) + 1]) if last.size and last[-1] + 1 < len(outward_mm) else None


def _profile(frame: GreyFrame, depth_mm: float, scale: FloatArray) -> FloatArray:
    top = max(0, round((depth_mm - HALF_DEPTH_MM) * scale[1]))
    bottom = min(frame.shape[0], round((depth_mm + HALF_DEPTH_MM) * scale[1]) + 1)
    # The median over depth passes over single torn fibres that hang into the fluid.
    profile = np.median(frame[top:bottom].astype(np.float32), axis=0)[None, :]
    return np.asarray(cv2.GaussianBlur(profile, (0, 0), 0.5 * float(scale[0])), dtype=np.float64).ravel()


def _step(profile: FloatArray, place_mm: float, side: int, scale: FloatArray) -> float:
    """Column of the steepest rise of grey into the stump, near a place."""
    centre = round(place_mm * float(scale[0]))
    reach = max(2, round(STEP_MM * float(scale[0])))
    first, last = max(centre - reach, 1), min(centre + reach, len(profile) - 2)
    if last <= first:
        return float(centre)
    columns = np.arange(first, last + 1)
    rise = side * (profile[columns + 1] - profile[columns - 1])
    near = np.exp(-0.5 * ((columns - centre) / reach) ** 2)
    return float(columns[int(np.argmax(rise * near))]) if float(rise.max()) > 0 else float(centre)
