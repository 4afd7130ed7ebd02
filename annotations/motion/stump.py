"""The two torn ends of a muscle as they are placed once, and the pieces of tissue just inside them."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from annotations.motion.errors import PlaceError
from annotations.motion.registration import Piece
from annotations.motion.tissue_area import TissueArea
from cases.calibration import Point

FloatArray = NDArray[np.float64]
EDGE_LEAN = 0.25
PIXEL_STEP = 2.0
POLYNOMIAL_MM = 5.0
ASSUMED_DEPTH_MM = 45.0


@dataclass(frozen=True, slots=True)
class StumpEdges:
    """Edges of the two stumps at mid-depth of the muscle, on one frame.

    Parameters
    ----------
    frame_index : int
        The frame, counted from 0; best one on which the gap is wide.
    left_px, right_px : tuple of float
        The edge left of the gap and the one right of it, in image pixels.
    source : str
        ``"author"`` or ``"detector"``.
    placing : float
        Standard deviation of the placing of the gap in mm (px without a scale), added to the band; 0 where
        the edges are taken as exact.

    Raises
    ------
    PlaceError
        If the frame index is negative, a number is not finite or the two edges are one point.
    """

    frame_index: int
    left_px: Point
    right_px: Point
    source: Literal["author", "detector"] = "author"
    placing: float = 0.0

    def __post_init__(self) -> None:
        """Refuse places that are none."""
        numbers = (*self.left_px, *self.right_px, self.placing)
        if self.frame_index < 0 or not all(math.isfinite(number) for number in numbers) or self.placing < 0:
            raise PlaceError("A stump edge needs a frame that exists and finite coordinates; place it again.")
        if math.dist(self.left_px, self.right_px) < 1:
            raise PlaceError("The two stump edges are one point; place one on either side of the gap.")


@dataclass(frozen=True, slots=True, eq=False)
class StumpFrame:
    """Coordinates of one stump: millimetres from its edge inward, and across the muscle.

    Parameters
    ----------
    edge : ndarray of float64, shape (2,)
        The edge in OpenCV's pixel centres of the cut frame.
    inward_px_per_mm, across_px_per_mm : ndarray of float64, shape (2,)
        One millimetre into the stump, and one across it, as steps of pixels.
    """

    edge: FloatArray
    inward_px_per_mm: FloatArray
    across_px_per_mm: FloatArray

    def place(self, local_mm: FloatArray) -> FloatArray:
        """Pixels of points given as (inward, across) in mm; shape (points, 2)."""
        return np.asarray(self.edge + local_mm @ np.stack([self.inward_px_per_mm, self.across_px_per_mm]))


@dataclass(frozen=True, slots=True)
class PieceShape:
    """Which tissue of a stump is compared.

    Parameters
    ----------
    from_mm, to_mm : float
        Nearest and farthest distance from the edge; a negative one takes in the fluid's edge.
    half_depth_mm : float
        Half of its extent across the muscle.
    """

    from_mm: float
    to_mm: float
    half_depth_mm: float

    def piece(self, stump: StumpFrame, shape: tuple[int, int]) -> Piece:
        """Lay the shape into a stump; pixels outside the picture are left out.

        The piece recedes from the edge with the distance from mid-depth, because edges lean and are round.
        """
        step_mm = PIXEL_STEP / float(np.linalg.norm(stump.inward_px_per_mm))
        inward, across = np.meshgrid(
            np.arange(self.from_mm, self.to_mm, step_mm),
            np.arange(-self.half_depth_mm, self.half_depth_mm + step_mm / 2, step_mm),
        )
        local = np.column_stack([inward.ravel(), across.ravel()])
        local = local[local[:, 0] >= self.from_mm + EDGE_LEAN * np.abs(local[:, 1])]
        points = stump.place(local)
        limit = np.array([shape[1], shape[0]]) - 4.0
        inside = ((points >= 3) & (points <= limit)).all(axis=1)
        d, y = (local[inside] / POLYNOMIAL_MM).T
        return Piece(points[inside], np.column_stack([np.ones_like(d), d, y, y * y, d * y]))


def px_per_mm(area: TissueArea) -> FloatArray:
    """Pixels per millimetre along x and y; without a scale, as if the picture were 45 mm deep."""
    if area.calibration is not None:
        return np.asarray(1 / area.unit_per_px)
    return np.full(2, (area.y1 - area.y0) / ASSUMED_DEPTH_MM)


def stump_frames(edges: StumpEdges, area: TissueArea, axis: FloatArray) -> tuple[StumpFrame, StumpFrame]:
    """Coordinates of the left and of the right stump.

    Parameters
    ----------
    edges : StumpEdges
        The edges on their frame.
    area : TissueArea
        The cut, and its scale.
    axis : ndarray of float64, shape (2,)
        Direction of the muscle, a unit vector in mm that points to the right.

    Raises
    ------
    PlaceError
        If an edge lies outside the tissue.
    """
    scale = px_per_mm(area)
    left, right = (np.array(p) - area.origin_px for p in (edges.left_px, edges.right_px))
    size = np.array([area.x1 - area.x0, area.y1 - area.y0])
    for edge in (left, right):
        if (edge < 2).any() or (edge > size - 3).any():
            raise PlaceError("A stump edge lies outside the ultrasound picture; place it inside.")
    if left[0] > right[0]:
        left, right = right, left
    across = np.array([-axis[1], axis[0]])
    return (
        StumpFrame(left, -axis * scale, across * scale),
        StumpFrame(right, axis * scale, across * scale),
    )
