"""Shortening of the fascicles since rest, with a mask of where it can be believed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotations.motion.fascicle_direction import fascicle_directions
from annotations.motion.grey_frames import GreyFrame
from annotations.motion.sparse_tracking import LucasKanade, PointTracks, grid_points, textured, track_points
from annotations.motion.stump import px_per_mm
from annotations.motion.tissue_area import TissueArea
from annotations.motion.work import Work
from cases.calibration import Point

FloatArray = NDArray[np.float64]
STEP_MM, WINDOW_MM, REACH_MM, MARGIN_MM = 1.25, 2.0, 2.5, 1.5
MIN_NEIGHBOURS, MAX_RESIDUAL_MM, MAX_ERROR_PX = 10, 0.15, 2.0
MIN_COHERENCE = 0.25
ROBUST_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class StrainMap:
    """Strain along the fascicles on one frame, against the frame at rest.

    Parameters
    ----------
    frame_index, rest_frame_index : int
        The two frames.
    points_px : tuple of point
        Where the tissue is on the frame, in image pixels.
    strain : tuple of float
        Change of length over length along the fascicles: -0.1 is ten per cent shorter.
    reliable : tuple of bool
        Whether the tissue around each point was followed and moves smoothly.
    legend : tuple of float
        Strain at the two ends of the colours, symmetric about 0 and the same for every frame of a clip.
    """

    frame_index: int
    rest_frame_index: int
    points_px: tuple[Point, ...]
    strain: tuple[float, ...]
    reliable: tuple[bool, ...]
    legend: tuple[float, float] = (-0.3, 0.3)


@dataclass(frozen=True, slots=True, eq=False)
class StrainField:
    """Tissue followed closely enough to say how it is stretched.

    Parameters
    ----------
    tracks : PointTracks
        A fine grid of points.
    directions : ndarray of float64, shape (points, 2)
        Unit vectors along the fascicles at rest.
    coherence : ndarray of float64, shape (points,)
        How clear the direction is.
    area : TissueArea
        The cut.
    """

    tracks: PointTracks
    directions: FloatArray
    coherence: FloatArray
    area: TissueArea

    def at(self, frame_index: int) -> StrainMap:
        """Strain on one frame."""
        per_px = self.area.unit_per_px
        scale = 1.0 if self.area.unit == "mm" else 1 / float(px_per_mm(self.area)[0])
        rest_mm = self.tracks.points_px[self.tracks.anchor] * per_px * scale
        now_mm = self.tracks.points_px[frame_index] * per_px * scale
        seen = ~self.tracks.lost[frame_index]
        gradient, residual, neighbours = _local_motion(rest_mm, now_mm - rest_mm, seen)
        along = self.directions * per_px
        along /= np.linalg.norm(along, axis=1, keepdims=True)
        stretched = along + np.einsum("pij,pj->pi", gradient, along)
        strain = np.linalg.norm(stretched, axis=1) - 1
        reliable = (
            seen
            & (neighbours >= MIN_NEIGHBOURS)
            & (residual < MAX_RESIDUAL_MM)
            & (self.tracks.error_px[frame_index] < MAX_ERROR_PX)
            & (self.coherence > MIN_COHERENCE)
        )
        places = self.tracks.points_px[frame_index] + self.area.origin_px
        return StrainMap(
            frame_index,
            self.tracks.anchor,
            tuple((round(float(x), 1), round(float(y), 1)) for x, y in places),
            tuple(round(float(value), 4) for value in strain),
            tuple(bool(value) for value in reliable),
        )


def follow_strain(
    frames: Sequence[GreyFrame],
    area: TissueArea,
    *,
    rest_frame_index: int = 0,
    work: Work | None = None,
) -> StrainField:
    """Follow a fine grid of points from the frame at rest through the clip.

    Parameters
    ----------
    frames : sequence of ndarray of uint8, shape (rows, columns)
        Frames cut to the tissue.
    area : TissueArea
        The cut, and its scale.
    rest_frame_index : int
        The frame that strain is counted from.
    work : Work, optional
        Told of each frame.

    Returns
    -------
    StrainField
        What the strain on any frame is computed from.

    Raises
    ------
    MotionCancelledError
        If the work was stopped.
    """
    scale = float(px_per_mm(area)[0])
    window = max(9, round(WINDOW_MM * scale)) | 1
    rest = frames[rest_frame_index]
    points = grid_points(rest.shape, max(4.0, STEP_MM * scale), max(6.0, MARGIN_MM * scale))
    points = points[textured(rest, points, window)]
    tracks = track_points(frames, points, anchor=rest_frame_index, tracker=LucasKanade(window), work=work)
    directions, coherence = fascicle_directions(rest, points, REACH_MM * scale * 0.6)
    return StrainField(tracks, directions, coherence, area)


def _local_motion(
    rest_mm: FloatArray, moved_mm: FloatArray, seen: NDArray[np.bool_]
) -> tuple[FloatArray, FloatArray, NDArray[np.intp]]:
    """Displacement gradient at each point from its neighbours, its residual, and how many there were."""
    count = len(rest_mm)
    gradient, residual = np.zeros((count, 2, 2)), np.full(count, np.inf)
    neighbours = np.zeros(count, dtype=np.intp)
    for index in range(count):
        offset = rest_mm - rest_mm[index]
        distance2 = (offset**2).sum(axis=1)
        near = np.flatnonzero(seen & (distance2 < (1.8 * REACH_MM) ** 2))
        neighbours[index] = near.size
        if near.size < MIN_NEIGHBOURS:
            continue
        prior = np.exp(-0.5 * distance2[near] / REACH_MM**2)
        gradient[index], residual[index] = _robust_gradient(offset[near], moved_mm[near], prior)
    return gradient, residual, neighbours


def _robust_gradient(
    offset_mm: FloatArray, moved_mm: FloatArray, prior: FloatArray
) -> tuple[FloatArray, float]:
    design = np.column_stack([np.ones(len(offset_mm)), offset_mm])
    weights, fitted = prior, np.zeros((3, 2))
    error = np.zeros(len(offset_mm))
    for _ in range(ROBUST_ROUNDS):
        weighted = design * weights[:, None]
        normal = weighted.T @ design + 1e-9 * np.eye(3)
        fitted = np.linalg.solve(normal, weighted.T @ moved_mm)
        error = np.linalg.norm(moved_mm - design @ fitted, axis=1)
        weights = prior / (1 + (error / (2.4 * float(np.median(error)) + 0.01)) ** 2)
    return fitted[1:].T, float(np.average(error, weights=prior))
