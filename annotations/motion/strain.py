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
Surroundings = tuple[NDArray[np.intp], NDArray[np.bool_]]
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
    around : tuple of ndarray, shapes (points, neighbours)
        Indices of the points around each point, and which of them are near enough.
    """

    tracks: PointTracks
    directions: FloatArray
    coherence: FloatArray
    area: TissueArea
    around: Surroundings

    def at(self, frame_index: int) -> StrainMap:
        """Strain on one frame."""
        per_px = self.area.unit_per_px
        rest_mm = self.tracks.points_px[self.tracks.anchor] * _mm_per_px(self.area)
        now_mm = self.tracks.points_px[frame_index] * _mm_per_px(self.area)
        seen = ~self.tracks.lost[frame_index]
        gradient, residual, neighbours = _local_motion(rest_mm, now_mm - rest_mm, seen, self.around)
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
    around = _surroundings(points * _mm_per_px(area))
    return StrainField(tracks, directions, coherence, area, around)


def _mm_per_px(area: TissueArea) -> FloatArray:
    """Pitch along x and y, without a scale the one that is assumed."""
    scale = 1.0 if area.unit == "mm" else 1 / float(px_per_mm(area)[0])
    return np.asarray(area.unit_per_px * scale)


def _local_motion(
    rest_mm: FloatArray, moved_mm: FloatArray, seen: NDArray[np.bool_], around: Surroundings
) -> tuple[FloatArray, FloatArray, NDArray[np.intp]]:
    """Displacement gradient at each point from its neighbours, its residual, and how many there were."""
    near, inside = around
    counted = inside & seen[near]
    neighbours = counted.sum(axis=1)
    offset = rest_mm[near] - rest_mm[:, None]
    prior = np.exp(-0.5 * (offset**2).sum(axis=2) / REACH_MM**2) * counted
    gradient, residual = _robust_gradients(offset, moved_mm[near], prior)
    few = neighbours < MIN_NEIGHBOURS
    gradient[few], residual[few] = 0.0, np.inf
    return gradient, residual, neighbours


def _surroundings(rest_mm: FloatArray) -> Surroundings:
    """Return the indices of the points around each point, as many for all, and which of them are near enough."""
    distance2 = ((rest_mm[:, None] - rest_mm[None]) ** 2).sum(axis=2)
    inside = distance2 < (1.8 * REACH_MM) ** 2
    most = int(inside.sum(axis=1).max(initial=0))
    near = np.argsort(~inside, axis=1, kind="stable")[:, :most]
    return near, np.take_along_axis(inside, near, axis=1)


def _robust_gradients(
    offset_mm: FloatArray, moved_mm: FloatArray, prior: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Fit an affine motion to the surroundings of every point at once; a prior of 0 leaves a neighbour out."""
    design = np.concatenate([np.ones((*prior.shape, 1)), offset_mm], axis=2)
    counted = prior > 0
    weights, fitted = prior, np.zeros((len(prior), 3, 2))
    error = np.zeros(prior.shape)
    for _ in range(ROBUST_ROUNDS):
        weighted = design * weights[..., None]
        turned = weighted.transpose(0, 2, 1)
        fitted = np.linalg.solve(turned @ design + 1e-9 * np.eye(3), turned @ moved_mm)
        error = np.linalg.norm(moved_mm - design @ fitted, axis=2)
        weights = prior / (1 + (error / (2.4 * _medians(error, counted)[:, None] + 0.01)) ** 2)
    mean = (error * prior).sum(axis=1) / np.maximum(prior.sum(axis=1), 1e-12)
    return fitted[:, 1:].transpose(0, 2, 1), mean


def _medians(values: FloatArray, counted: NDArray[np.bool_]) -> FloatArray:
    """Median of the counted values of each row; 0 where none counts."""
    ordered = np.sort(np.where(counted, values, np.inf), axis=1)
    last = np.maximum(counted.sum(axis=1) - 1, 0)
    rows = np.arange(len(values))
    middle = (ordered[rows, last // 2] + ordered[rows, (last + 1) // 2]) / 2
    return np.where(counted.any(axis=1), middle, 0.0)
