"""Marks carried by the tissue between key frames, with a confidence for each frame.

Speckle around each point of the mark is followed forwards from the key frame before and backwards from the one
after; a robust affine motion, fitted around each point, says where the tissue took it; the two answers are blended,
and where they disagree the confidence falls.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from annotations.mark import Mark
from annotations.motion.grey_frames import Frames, GreyFrame, GreyFrames
from annotations.speckle import REACH_PX, Followed, Points, follow, speckle_near
from annotations.track import CarriedFrame, KeyFrame, Track

ROUNDS = 4
NEAR_PX = REACH_PX / 2
RESIDUAL_PX = 0.5
STIFFNESS = 3.0
DISAGREEMENT_PX = 4.0
SCATTER_PX = 2.0
FEWEST = 4.0

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class _Carried:
    """Points of a mark on one frame as one direction sees them, and how far to trust each, 0 to 1."""

    points_px: Points
    trust: NDArray[np.float64]


def carry_mark(frames: Frames, mark: Mark, *, progress: Progress | None = None) -> Mark:
    """Carry a mark whose track says so; any other mark is returned as it is."""
    if not isinstance(mark.place, Track) or mark.place.between != "carried":
        return mark
    return mark.model_copy(update={"place": carry_track(frames, mark.place, progress=progress)})


def carry_track(frames: Frames, track: Track, *, progress: Progress | None = None) -> Track:
    """Fill in the frames between key frames by following the tissue.

    Parameters
    ----------
    frames : Frames
        The frames of the clip, grey or RGB, read when they are needed.
    track : Track
        Key frames; frames that were carried before are kept, so that after `with_correction` only the neighbours
        of the correction are computed.
    progress : callable, optional
        Told how many spans between key frames are done, and how many there are; may raise to stop.

    Returns
    -------
    Track
        With a carried frame, and its confidence, on every frame between two key frames on which the mark is seen.
    """
    grey = GreyFrames(frames)
    known = {part.frame_index: part for part in track.carried}
    spans = [(before, after) for before, after in pairwise(track.keys) if not before.outside]
    for number, (before, after) in enumerate(spans):
        if progress is not None:
            progress(number, len(spans))
        between = range(before.frame_index + 1, min(after.frame_index, len(frames)))
        if not all(index in known for index in between):
            known |= {part.frame_index: part for part in _span(grey, before, after)}
    if progress is not None:
        progress(len(spans), len(spans))
    parts = {name: getattr(track, name) for name in Track.model_fields} | (track.model_extra or {})
    carried = tuple(known[index] for index in sorted(known))
    return Track(**{**parts, "between": "carried", "carried": carried})


def _span(frames: Sequence[GreyFrame], before: KeyFrame, after: KeyFrame) -> list[CarriedFrame]:
    """Carry a mark over the frames between two key frames."""
    last = min(after.frame_index, len(frames) - 1)
    indices = range(before.frame_index, last + 1)
    forwards = _one_way(frames, indices, np.array(before.points_px))
    if after.outside or last != after.frame_index:
        seen = [index for index in indices[1:] if index < after.frame_index]
        return [
            _frame(index, part.points_px, part.trust) for index, part in zip(seen, forwards, strict=False)
        ]
    backwards = _one_way(frames, indices[::-1], np.array(after.points_px))[::-1]
    carried = []
    for index, there, back in zip(indices[1:-1], forwards[:-1], backwards[1:], strict=True):
        share = (index - before.frame_index) / (after.frame_index - before.frame_index)
        carried.append(_frame(index, *_blended(there, back, share)))
    return carried


def _blended(there: _Carried, back: _Carried, share: float) -> tuple[Points, NDArray[np.float64]]:
    """Blend the two directions by the way gone and by trust."""
    weight_there, weight_back = (1 - share) * (there.trust + 1e-3), share * (back.trust + 1e-3)
    total = weight_there + weight_back
    points = (there.points_px * weight_there[:, None] + back.points_px * weight_back[:, None]) / total[
        :, None
    ]
    apart = np.hypot(*(there.points_px - back.points_px).T)
    trust = (there.trust * weight_there + back.trust * weight_back) / total
    return points, trust * np.exp(-((apart / DISAGREEMENT_PX) ** 2))


def _frame(index: int, points_px: Points, trust: NDArray[np.float64]) -> CarriedFrame:
    """Write a frame down; a mark is only as sure as its least sure point."""
    points = tuple((round(float(x), 3), round(float(y), 3)) for x, y in points_px)
    confidence = round(float(np.clip(trust.min(), 0, 1)), 3)
    return CarriedFrame(frame_index=index, points_px=points, confidence=confidence)


def _one_way(frames: Sequence[GreyFrame], indices: Sequence[int], points_px: Points) -> list[_Carried]:
    """Carry points through frames in one direction: one result for each frame after the first."""
    speckle = speckle_near(frames[indices[0]], points_px)
    near = _nearness(points_px, speckle)
    return [_fitted(points_px, speckle, near, part) for part in follow(frames, indices, speckle)]


def _nearness(points_px: Points, speckle_px: Points) -> NDArray[np.float64]:
    """Weight of each speckle point for each point of the mark: a bell of `NEAR_PX` around it."""
    apart = np.hypot(*(points_px[:, None, :] - speckle_px[None, :, :]).transpose(2, 0, 1))
    return np.asarray(np.exp(-0.5 * (apart / NEAR_PX) ** 2) * (apart <= REACH_PX * 1.5))


def _fitted(points_px: Points, speckle_px: Points, near: NDArray[np.float64], part: Followed) -> _Carried:
    """Fit an affine motion around each point of the mark and move the point by it.

    Around each point the displacement is ``t + A (x - point)``; ``A`` is held towards zero as by `STIFFNESS`
    speckle points, and outliers lose their weight by Cauchy's function of their residual.
    """
    moved = part.points_px - speckle_px
    arm = speckle_px[None, :, :] - points_px[:, None, :]
    design = np.concatenate([np.ones((*near.shape, 1)), arm / NEAR_PX], axis=2)
    usable = near * part.alive[None, :]
    weight = usable
    solution = np.zeros((len(points_px), 3, 2))
    residual = np.zeros_like(near)
    for _ in range(ROUNDS):
        normal = np.einsum("vfi,vf,vfj->vij", design, weight, design) + np.diag([1e-6, STIFFNESS, STIFFNESS])
        right = np.einsum("vfi,vf,fk->vik", design, weight, moved)
        solution = np.linalg.solve(normal, right)
        residual = np.linalg.norm(moved[None] - design @ solution, axis=2)
        weight = usable / (1 + (residual / RESIDUAL_PX) ** 2)
    return _Carried(points_px + solution[:, 0], _trust(near, usable, residual))


def _trust(
    near: NDArray[np.float64], usable: NDArray[np.float64], residual: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How far to trust each point: how much of its speckle is left, and how well that moves together."""
    left = usable.sum(axis=1)
    share = left / np.maximum(near.sum(axis=1), 1e-9)
    agreeing = (usable * np.exp(-((residual / SCATTER_PX) ** 2))).sum(axis=1) / np.maximum(left, 1e-9)
    enough = np.minimum(1.0, left / FEWEST)
    return np.asarray(np.sqrt(share) * agreeing * enough)
