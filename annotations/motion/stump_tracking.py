"""Both stump edges followed through a clip, by the tissue just inside each of them.

Six ways are taken, and in each frame the middle of their six answers counts. *Chains*, two of them: points in
the stump followed from frame to frame, and an affine motion through them carried to the edge; near and short, and
farther and long. *Pieces*, two of them: the tissue that ends at the edge, laid onto the next frame as a whole; what it
looks like is taken anew on every frame, because a torn end that opens to fluid soon no longer looks like itself. *Tips*, two of them: a
window of three millimetres around the edge itself, and a smaller one just inside it. A chain comes short of the edge's way, because a free end
shortens less than the muscle behind it, and the edge's own window goes too far, because half of it is fluid: their
errors have opposite signs.

Everything stays within a millimetre of mid-depth: fascicles of a torn end retract unevenly, and a taller piece
reports their mean instead of the place that was marked.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotations.motion.affine_fit import fit_affine
from annotations.motion.grey_frames import GreyFrame
from annotations.motion.registration import Level, Likeness, Piece, register
from annotations.motion.sparse_tracking import LucasKanade, outward
from annotations.motion.stump import PieceShape, StumpFrame
from annotations.motion.work import Work

FloatArray = NDArray[np.float64]
SHAPES = (PieceShape(-0.3, 2.5, 1.0), PieceShape(-0.5, 2.5, 0.8))
BLURS_PX = (2.5, 1.0)
TIPS_MM = ((3.0, 0.0), (2.4, 0.4))
"""Window of each tip, and how far inside the edge its middle lies."""
STRAY_MM, SPREAD_LIMIT_MM = 1.0, 1.5
MIN_PIXELS = 30
ONWARD = 0.5


@dataclass(frozen=True, slots=True)
class _Reach:
    """Which points of the stump a chain follows: distances inward, half depth and spacing; and its window; in mm."""

    from_mm: float
    to_mm: float
    half_depth_mm: float
    step_mm: float
    window_mm: float


REACHES = (_Reach(0.4, 3.0, 0.8, 0.3, 1.1), _Reach(0.5, 5.0, 0.6, 0.4, 1.3))


@dataclass(frozen=True, slots=True, eq=False)
class EdgeTrack:
    """One stump edge in every frame.

    Parameters
    ----------
    places : ndarray of float64, shape (frames, 2)
        The edge in OpenCV's pixel centres of the cut frame.
    spread_mm : ndarray of float64, shape (frames,)
        How far the ways of finding it disagree along the muscle.
    likeness : ndarray of float64, shape (frames,)
        Correlation of the stump with the frame before, the lowest since the anchor.
    returned : ndarray of float64, shape (frames,)
        Share of the points that came back to where they started.
    """

    places: FloatArray
    spread_mm: FloatArray
    likeness: FloatArray
    returned: FloatArray


class _Chain:
    """Points of a stump, followed from frame to frame."""

    def __init__(self, stump: StumpFrame, shape: tuple[int, int], reach: _Reach) -> None:
        self._px_per_mm = _px_per_mm(stump)
        self._tracker = LucasKanade(window_px=_window_px(stump, reach.window_mm))
        inward, across = np.meshgrid(
            np.arange(reach.from_mm, reach.to_mm, reach.step_mm),
            np.arange(-reach.half_depth_mm, reach.half_depth_mm + 0.01, reach.step_mm),
        )
        points = stump.place(np.column_stack([inward.ravel(), across.ravel()]))
        limit = np.array([shape[1], shape[0]]) - 8.0
        self._now = np.asarray(points[((points >= 7) & (points <= limit)).all(axis=1)])
        self._offsets = self._now - stump.edge

    def step(self, before: GreyFrame, after: GreyFrame) -> tuple[FloatArray, float]:
        """Edge on the next frame, and the share of points that came back."""
        moved, gone = self._tracker.follow_and_return(before, after, self._now)
        fit = fit_affine(self._offsets, moved, 1 / (1 + gone**2))
        expected = fit.at(self._offsets)
        astray = np.linalg.norm(moved - expected, axis=1) > STRAY_MM * self._px_per_mm
        self._now = np.where(astray[:, None], expected, moved)
        return fit.coefficients[0], float(((gone < 1.0) & ~astray).mean()) if len(gone) else 0.0


class _Renewed:
    """A piece of a stump, laid onto each frame as it looked on the frame before."""

    def __init__(self, stump: StumpFrame, piece: Piece, levels: tuple[Level, ...]) -> None:
        self._edge, self._piece = stump.edge, piece
        self._looks = Likeness.of(piece.points, levels)
        self._motion = self._motion_before = np.zeros((2, piece.basis.shape[1]))

    def step(self, levels: tuple[Level, ...]) -> tuple[FloatArray, float]:
        """Edge on the next frame, and the correlation with the frame before."""
        onward = self._motion + ONWARD * (self._motion - self._motion_before)
        tried = [register(self._piece, self._looks, levels, start) for start in (onward, self._motion)]
        self._motion_before = self._motion
        self._motion, correlation = max(tried, key=lambda one: one[1])
        self._looks = Likeness.of(self._piece.at(self._motion), levels)
        return self._edge + self._motion[:, 0], correlation


class _Tip:
    """A window at the edge, followed from frame to frame."""

    def __init__(self, stump: StumpFrame, window_mm: float, inward_mm: float) -> None:
        self._tracker = LucasKanade(window_px=_window_px(stump, window_mm))
        self._inward = inward_mm * stump.inward_px_per_mm
        self._now = (stump.edge + self._inward)[None, :]

    def step(self, before: GreyFrame, after: GreyFrame) -> FloatArray:
        """Edge on the next frame."""
        self._now = self._tracker.follow(before, after, self._now)
        return np.asarray(self._now[0] - self._inward)


class _Follower:
    """Follows one stump by all of the ways; one step a frame, away from the anchor."""

    def __init__(self, stump: StumpFrame, shape: tuple[int, int], levels: tuple[Level, ...]) -> None:
        self._stump = stump
        self._chains = [_Chain(stump, shape, reach) for reach in REACHES]
        pieces = (one.piece(stump, shape) for one in SHAPES)
        self._pieces = [_Renewed(stump, one, levels) for one in pieces if len(one.points) >= MIN_PIXELS]
        self._tips = [_Tip(stump, *one) for one in TIPS_MM]
        self._likeness = 1.0

    def step(
        self, before: GreyFrame, after: GreyFrame, levels: tuple[Level, ...]
    ) -> tuple[FloatArray, float, float, float]:
        """Edge, spread in mm, likeness and share of returned points on the next frame."""
        chained = [chain.step(before, after) for chain in self._chains]
        laid = [piece.step(levels) for piece in self._pieces]
        tips = [tip.step(before, after) for tip in self._tips]
        correlation = float(np.median([one[1] for one in laid])) if laid else 0.0
        self._likeness = min(self._likeness, correlation)
        places = np.stack([*(one[0] for one in chained), *(one[0] for one in laid), *tips])
        edge, spread = _middle(places, self._stump)
        return edge, spread, self._likeness, min(one[1] for one in chained)


def track_stumps(
    frames: Sequence[GreyFrame],
    stumps: tuple[StumpFrame, StumpFrame],
    *,
    anchor: int,
    work: Work | None = None,
) -> tuple[EdgeTrack, EdgeTrack]:
    """Follow both stump edges from the anchor's frame to both ends of the clip.

    Parameters
    ----------
    frames : sequence of ndarray of uint8, shape (rows, columns)
        The frames.
    stumps : tuple of StumpFrame
        The left and the right stump on the anchor's frame.
    anchor : int
        Frame index on which they were placed.
    work : Work, optional
        Told of each frame.

    Returns
    -------
    tuple of EdgeTrack
        Left and right.

    Raises
    ------
    MotionCancelledError
        If the work was stopped.
    """
    work = work or Work()
    count = len(frames)
    first = _levels(frames[anchor])
    found = np.zeros((2, count, 5))
    found[:, :, 3:] = 1.0
    for side, stump in enumerate(stumps):
        found[side, anchor, :2] = stump.edge
    for order in outward(count, anchor):
        before = anchor
        followers = [_Follower(stump, frames[anchor].shape, first) for stump in stumps]
        for index in order:
            work.step()
            levels = _levels(frames[index])
            for side, follower in enumerate(followers):
                edge, *rest = follower.step(frames[before], frames[index], levels)
                found[side, index] = (*edge, *rest)
            before = index
    left, right = (EdgeTrack(one[:, :2], one[:, 2], one[:, 3], one[:, 4]) for one in found)
    return left, right


def _levels(frame: GreyFrame) -> tuple[Level, ...]:
    return tuple(Level.of(frame, blur_px) for blur_px in BLURS_PX)


def _px_per_mm(stump: StumpFrame) -> float:
    return float(np.linalg.norm(stump.inward_px_per_mm))


def _window_px(stump: StumpFrame, window_mm: float) -> int:
    return max(9, round(window_mm * _px_per_mm(stump))) | 1


def _middle(places: FloatArray, stump: StumpFrame) -> tuple[FloatArray, float]:
    """Take the median of all places, and how far they lie from it along the muscle, in mm."""
    edge = np.median(places, axis=0)
    inward = stump.inward_px_per_mm / float(stump.inward_px_per_mm @ stump.inward_px_per_mm)
    off_mm = np.clip((places - edge) @ inward, -SPREAD_LIMIT_MM, SPREAD_LIMIT_MM)
    return edge, float(np.sqrt((off_mm**2).mean()))
