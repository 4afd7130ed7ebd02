"""Both stump edges followed through a clip, by the tissue just inside each of them.

Three ways are taken and weighed against each other. *Chained*: points in the stump followed from frame
to frame and an affine motion through them, carried to the edge; robust, but it drifts. *Direct*: pieces of tissue
of the anchor's frame, with half a millimetre of the fluid's edge, laid onto every frame; no drift, but they can be
caught by other tissue. *Tip*: the edge itself, followed by a window of three millimetres; steady in dark fluid, where
the stump's own texture fades. A place counts the less the farther it is from the chained one.

Everything stays within a millimetre of mid-depth: fascicles of a torn end retract unevenly, and a taller piece
reports their mean instead of the place that was marked.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotations.motion.affine_fit import AffineFit, fit_affine
from annotations.motion.grey_frames import GreyFrame
from annotations.motion.registration import Level, Likeness, Piece, register
from annotations.motion.sparse_tracking import LucasKanade, outward
from annotations.motion.stump import POLYNOMIAL_MM, PieceShape, StumpFrame
from annotations.motion.work import Work

FloatArray = NDArray[np.float64]
SHAPES = (PieceShape(-0.5, 3.0, 1.0), PieceShape(-0.5, 2.5, 0.7))
BLURS_PX = (2.5, 1.0)
CHAIN_FROM_MM, CHAIN_TO_MM, CHAIN_HALF_DEPTH_MM, CHAIN_STEP_MM = 0.5, 5.0, 0.6, 0.4
WINDOW_MM, TIP_WINDOW_MM = 1.3, 3.0
TRUSTED_MM = 0.8
STRAY_MM = 1.0
MIN_PIXELS = 30


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
        Correlation with the anchor's frame.
    returned : ndarray of float64, shape (frames,)
        Share of the points that came back to where they started.
    """

    places: FloatArray
    spread_mm: FloatArray
    likeness: FloatArray
    returned: FloatArray


class _Follower:
    """Follows one stump; one step a frame, away from the anchor."""

    def __init__(self, stump: StumpFrame, shape: tuple[int, int], levels: tuple[Level, ...]) -> None:
        self.stump = stump
        self.px_per_mm = float(np.linalg.norm(stump.inward_px_per_mm))
        self.tracker = LucasKanade(window_px=max(9, round(WINDOW_MM * self.px_per_mm)) | 1)
        self.tip_tracker = LucasKanade(window_px=max(9, round(TIP_WINDOW_MM * self.px_per_mm)) | 1)
        self.points = _chain_points(stump, shape)
        pieces = [one.piece(stump, shape) for one in SHAPES]
        self.pieces: list[Piece] = [piece for piece in pieces if len(piece.points) >= MIN_PIXELS]
        self.looks = [Likeness.of(piece, levels) for piece in self.pieces]
        self.restart()

    def restart(self) -> None:
        """Go back to the anchor's frame."""
        self.now = self.points.copy()
        self.tip = self.stump.edge[None, :].copy()
        self.motions = [np.zeros((2, piece.basis.shape[1])) for piece in self.pieces]

    def step(
        self, before: GreyFrame, after: GreyFrame, levels: tuple[Level, ...]
    ) -> tuple[FloatArray, float, float, float]:
        """Edge, spread in mm, likeness and share of returned points on the next frame."""
        moved, gone = self.tracker.follow_and_return(before, after, self.now)
        fit = fit_affine(self.points - self.stump.edge, moved, 1 / (1 + gone**2))
        expected = fit.at(self.points - self.stump.edge)
        astray = np.linalg.norm(moved - expected, axis=1) > STRAY_MM * self.px_per_mm
        self.now = np.where(astray[:, None], expected, moved)
        self.tip = self.tip_tracker.follow(before, after, self.tip)
        places, correlations = self._direct(fit, levels)
        places.append(self.tip[0])
        edge, spread = _merged(fit.coefficients[0], places, self.stump)
        likeness = float(np.median(correlations)) if correlations else 0.0
        return edge, spread, likeness, float(((gone < 1.0) & ~astray).mean())

    def _direct(self, fit: AffineFit, levels: tuple[Level, ...]) -> tuple[list[FloatArray], list[float]]:
        places, correlations = [], []
        for number, piece in enumerate(self.pieces):
            starts = (self.motions[number], _as_motion(fit, self.stump, piece.basis.shape[1]))
            tried = [register(piece, self.looks[number], levels, start) for start in starts]
            motion, correlation = max(tried, key=lambda one: one[1])
            self.motions[number] = motion
            places.append(self.stump.edge + motion[:, 0])
            correlations.append(correlation)
        return places, correlations


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
    followers = [_Follower(stump, frames[anchor].shape, first) for stump in stumps]
    found = np.zeros((2, count, 5))
    found[:, :, 3:] = 1.0
    for side, stump in enumerate(stumps):
        found[side, anchor, :2] = stump.edge
    for order in outward(count, anchor):
        before = anchor
        for follower in followers:
            follower.restart()
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


def _chain_points(stump: StumpFrame, shape: tuple[int, int]) -> FloatArray:
    inward, across = np.meshgrid(
        np.arange(CHAIN_FROM_MM, CHAIN_TO_MM, CHAIN_STEP_MM),
        np.arange(-CHAIN_HALF_DEPTH_MM, CHAIN_HALF_DEPTH_MM + 0.01, CHAIN_STEP_MM),
    )
    points = stump.place(np.column_stack([inward.ravel(), across.ravel()]))
    limit = np.array([shape[1], shape[0]]) - 8.0
    return np.asarray(points[((points >= 7) & (points <= limit)).all(axis=1)])


def _as_motion(fit: AffineFit, stump: StumpFrame, terms: int) -> FloatArray:
    """Express an affine fit in the polynomials of a piece."""
    motion = np.zeros((2, terms))
    motion[:, 0] = fit.coefficients[0] - stump.edge
    stretch = fit.coefficients[1:] - np.eye(2)
    motion[:, 1] = POLYNOMIAL_MM * stump.inward_px_per_mm @ stretch
    motion[:, 2] = POLYNOMIAL_MM * stump.across_px_per_mm @ stretch
    return motion


def _merged(chained: FloatArray, direct: list[FloatArray], stump: StumpFrame) -> tuple[FloatArray, float]:
    """Weigh the direct places by their nearness to the chained one; the spread is along the muscle, in mm."""
    if not direct:
        return chained, TRUSTED_MM
    inward = stump.inward_px_per_mm / float(stump.inward_px_per_mm @ stump.inward_px_per_mm)
    places = np.stack([chained, *direct])
    offset_mm = (places - chained) @ inward
    weights = 1 / (1 + (offset_mm / TRUSTED_MM) ** 2) ** 2
    edge = np.average(places, axis=0, weights=weights)
    deviation = np.clip(offset_mm - np.average(offset_mm, weights=weights), -1.0, 1.0)
    return np.asarray(edge), float(np.sqrt((deviation**2).mean()))
