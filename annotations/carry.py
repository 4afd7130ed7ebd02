"""Marks carried by the tissue between key frames, with a confidence for each frame.

Speckle around each point of the mark is followed forwards from the key frame before and backwards from the one
after; a robust affine motion, fitted around each point, says where the tissue took it; the two answers are blended,
and where they disagree the confidence falls.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from annotations.motion.grey_frames import Frames, GreyFrame, GreyFrames
from annotations.speckle import REACH_PX, Followed, Points, follow, speckle_near
from annotations.track import CarriedFrame, KeyFrame, Track

ROUNDS = 4
NEAR_PX = REACH_PX / 2
RESIDUAL_PX = 1.0
STIFFNESS = 3.0
DISAGREEMENT_PX = 4.0
SCATTER_PX = 2.0
FEWEST = 4.0
RENEWED_BELOW = 0.95
"""Trust in the fit of a point to its speckle below which it is given new speckle."""
TRUST_ANEW = 0.95
"""What is left of the trust then: from there on an error is carried along without being noticed."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class CarriedPoints:
    """Points of a mark on one frame as one direction sees them.

    Parameters
    ----------
    points_px : ndarray of float64, shape (points, 2)
        Where the tissue took them, in image pixels.
    trust : ndarray of float64, shape (points,)
        How far to trust each, from 0 to 1.
    """

    points_px: Points
    trust: NDArray[np.float64]


class _Steps:
    """Counts the steps from frame to frame for the one who waits."""

    def __init__(self, of: int, progress: Progress | None) -> None:
        self._done, self._of, self._progress = 0, of, progress
        self._tell()

    def taken(self) -> None:
        self._done += 1
        self._tell()

    def _tell(self) -> None:
        if self._progress is not None:
            self._progress(self._done, self._of)


@dataclass(frozen=True, slots=True)
class _Span:
    """Frames to be filled in, and the key frames before and after them from which that is done."""

    before: KeyFrame | None
    after: KeyFrame | None
    indices: range

    @property
    def steps(self) -> int:
        return len(self.indices) * ((self.before is not None) + (self.after is not None))


def carry_track(
    frames: Frames, track: Track, *, around: range = range(0), progress: Progress | None = None
) -> Track:
    """Fill in the frames between key frames by following the tissue.

    Parameters
    ----------
    frames : Frames
        The frames of the clip, grey or RGB, read when they are needed.
    track : Track
        Key frames; frames that were carried before are kept, so that after `with_correction` only the neighbours
        of the correction are computed.
    around : range
        Frames to which the mark is carried before its first and after its last key frame too; without them, the
        frames that the track has *to follow*.
    progress : callable, optional
        Told how many steps from frame to frame are done, and how many there are; may raise to stop.

    Returns
    -------
    Track
        With a carried frame, and its confidence, on every frame between two key frames on which the mark is seen.
    """
    if not around and track.to_follow is not None:
        first, last = track.to_follow
        around = range(first, last + 1)
    grey = GreyFrames(frames)
    known = {part.frame_index: part for part in track.carried}
    wanted = [*_between(track, len(frames)), *_beyond(track, around, len(frames))]
    spans = [span for span in wanted if not all(index in known for index in span.indices)]
    steps = _Steps(sum(span.steps for span in spans), progress)
    for span in spans:
        known |= {part.frame_index: part for part in _filled(grey, span, steps)}
    parts = {name: getattr(track, name) for name in Track.model_fields} | (track.model_extra or {})
    carried = tuple(known[index] for index in sorted(known))
    return Track(**{**parts, "between": "carried", "carried": carried, "to_follow": None})


def _between(track: Track, frames: int) -> list[_Span]:
    """Return the spans between key frames on which the mark is seen."""
    spans = []
    for before, after in pairwise(track.keys):
        is_seen_after = not after.outside and after.frame_index < frames
        indices = range(before.frame_index + 1, min(after.frame_index, frames))
        if not before.outside:
            spans.append(_Span(before, after if is_seen_after else None, indices))
    return spans


def _beyond(track: Track, around: range, frames: int) -> list[_Span]:
    """Return the spans before the first and after the last key frame."""
    first, last = track.keys[0], track.keys[-1]
    spans = []
    if not first.outside and first.frame_index < frames:
        spans.append(_Span(None, first, range(around.start, first.frame_index)))
    if not last.outside:
        spans.append(_Span(last, None, range(last.frame_index + 1, min(around.stop, frames))))
    return spans if around else []


def _filled(frames: Sequence[GreyFrame], span: _Span, steps: _Steps) -> list[CarriedFrame]:
    """Carry a mark over the frames of a span, from one key frame or from both."""
    before, after, indices = span.before, span.after, span.indices
    forwards, backwards = [], []
    if before is not None:
        way = range(before.frame_index, indices.stop)
        forwards = carry_points(frames, way, np.array(before.points_px), taken=steps.taken)
    if after is not None:
        way = range(after.frame_index, indices.start - 1, -1)
        backwards = carry_points(frames, way, np.array(after.points_px), taken=steps.taken)[::-1]
    if before is None or after is None:
        alone = zip(indices, forwards or backwards, strict=True)
        return [_frame(index, part.points_px, part.trust) for index, part in alone]
    carried = []
    for index, there, back in zip(indices, forwards, backwards, strict=True):
        share = (index - before.frame_index) / (after.frame_index - before.frame_index)
        carried.append(_frame(index, *_blended(there, back, share)))
    return carried


def _blended(there: CarriedPoints, back: CarriedPoints, share: float) -> tuple[Points, NDArray[np.float64]]:
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


def carry_points(
    frames: Sequence[GreyFrame],
    way: Sequence[int],
    points_px: Points,
    *,
    taken: Callable[[], None] | None = None,
) -> list[CarriedPoints]:
    """Carry points through frames in one direction.

    Parameters
    ----------
    frames : sequence of ndarray of uint8, shape (rows, columns)
        Grey frames of a clip, read when they are needed.
    way : sequence of int
        Frames to go through, in any order; the points are given on the first.
    points_px : ndarray of float64, shape (points, 2)
        The points, in image pixels.
    taken : callable, optional
        Called after each step from frame to frame.

    Returns
    -------
    list of CarriedPoints
        One for each frame after the first.

    Notes
    -----
    Speckle is kept from the first frame on while enough of it lives, because that drifts least. In real muscle it
    leaves the plane within a few frames; then it is chosen anew around the points, and trust in them falls to where
    a mark asks for a key frame: from there on an error is carried along without being noticed.
    """
    now = CarriedPoints(points_px, np.ones(len(points_px)))
    kept = [_Speckle.around(frames[way[0]], now, np.arange(len(points_px)))]
    carried = []
    for earlier, later in pairwise(way):
        kept = _renewed(kept, frames[earlier], now)
        now = CarriedPoints(now.points_px.copy(), now.trust.copy())
        for speckle in kept:
            step = speckle.step(frames[earlier], frames[later])
            now.points_px[speckle.members], now.trust[speckle.members] = step.points_px, step.trust
        carried.append(now)
        if taken is not None:
            taken()
    return carried


def _renewed(kept: "list[_Speckle]", frame: GreyFrame, now: CarriedPoints) -> "list[_Speckle]":
    """Choose new speckle on a frame around the points that have lost most of theirs."""
    worn = [speckle.give_up() for speckle in kept]
    members = np.concatenate([one[0] for one in worn])
    kept = [speckle for speckle in kept if len(speckle.members)]
    if not len(members):
        return kept
    trust = now.trust.copy()
    trust[members] = TRUST_ANEW * np.concatenate([one[1] for one in worn])
    return [*kept, _Speckle.around(frame, CarriedPoints(now.points_px, trust), members)]


class _Speckle:
    """Speckle chosen on one frame around some points of a mark, its members, and where it has been followed to."""

    def __init__(self, members: NDArray[np.int_], anchors: CarriedPoints, chosen_px: Points) -> None:
        self.members = members
        self._anchors, self._chosen_px, self._now_px = anchors, chosen_px, chosen_px
        self._near = _nearness(anchors.points_px, chosen_px)
        self._alive = np.ones(len(chosen_px), dtype=np.bool_)
        self.is_worn = np.zeros(len(members), dtype=np.bool_)

    @classmethod
    def around(cls, frame: GreyFrame, carried: CarriedPoints, members: NDArray[np.int_]) -> Self:
        """Choose speckle around some points, which are trusted so far."""
        anchors = CarriedPoints(carried.points_px[members], carried.trust[members])
        return cls(members, anchors, speckle_near(frame, anchors.points_px))

    def give_up(self) -> tuple[NDArray[np.int_], NDArray[np.float64]]:
        """Give up the members that it no longer holds well; return them, and how far they were trusted at its start."""
        worn, kept = self.is_worn, ~self.is_worn
        given = self.members[worn], self._anchors.trust[worn]
        self.members, self._near, self.is_worn = self.members[kept], self._near[kept], worn[kept]
        self._anchors = CarriedPoints(self._anchors.points_px[kept], self._anchors.trust[kept])
        return given

    def step(self, before: GreyFrame, after: GreyFrame) -> CarriedPoints:
        """Follow it onto the next frame and move its members with it."""
        part = follow(before, after, self._now_px)
        self._now_px = part.points_px
        self._alive &= part.alive
        whole = Followed(part.points_px, self._alive, part.return_px)
        fitted = _fitted(self._anchors.points_px, self._chosen_px, self._near, whole)
        self.is_worn = fitted.trust < RENEWED_BELOW
        return CarriedPoints(fitted.points_px, self._anchors.trust * fitted.trust)


def _nearness(points_px: Points, speckle_px: Points) -> NDArray[np.float64]:
    """Weight of each speckle point for each point of the mark: a bell of `NEAR_PX` around it."""
    apart = np.hypot(*(points_px[:, None, :] - speckle_px[None, :, :]).transpose(2, 0, 1))
    return np.asarray(np.exp(-0.5 * (apart / NEAR_PX) ** 2) * (apart <= REACH_PX * 1.5))


def _fitted(
    points_px: Points, speckle_px: Points, near: NDArray[np.float64], part: Followed
) -> CarriedPoints:
    """Fit an affine motion around each point of the mark and move the point by it.

    Around each point the displacement is ``t + A (x - point)``; ``A`` is held towards zero as by `STIFFNESS`
    speckle points, and outliers lose their weight by Cauchy's function of their residual.
    """
    moved = part.points_px - speckle_px
    arm = speckle_px[None, :, :] - points_px[:, None, :]
    design = np.concatenate([np.ones((*near.shape, 1)), arm / NEAR_PX], axis=2)
    usable = near * (part.alive / (1 + part.return_px**2))[None, :]
    weight = usable
    solution = np.zeros((len(points_px), 3, 2))
    residual = np.zeros_like(near)
    for _ in range(ROUNDS):
        normal = np.einsum("vfi,vf,vfj->vij", design, weight, design) + np.diag([1e-6, STIFFNESS, STIFFNESS])
        right = np.einsum("vfi,vf,fk->vik", design, weight, moved)
        solution = np.linalg.solve(normal, right)
        residual = np.linalg.norm(moved[None] - design @ solution, axis=2)
        weight = usable / (1 + (residual / RESIDUAL_PX) ** 2)
    return CarriedPoints(points_px + solution[:, 0], _trust(near, usable, residual))


def _trust(
    near: NDArray[np.float64], usable: NDArray[np.float64], residual: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How far to trust each point: how much of its speckle is left, and how well that moves together."""
    left = usable.sum(axis=1)
    share = left / np.maximum(near.sum(axis=1), 1e-9)
    agreeing = (usable * np.exp(-((residual / SCATTER_PX) ** 2))).sum(axis=1) / np.maximum(left, 1e-9)
    enough = np.minimum(1.0, left / FEWEST)
    return np.asarray(np.sqrt(share) * agreeing * enough)
