"""Lay a piece of tissue of one frame onto another frame, directly and without drift.

The motion of the piece is a smooth polynomial of the place inside it. All of its pixels are compared at once, so
that a piece can end exactly at the edge of a stump and still follow that edge; a square window around the edge
would mix tissue with fluid and lag behind by half a millimetre.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from annotations.motion.dense_tracking import sample
from annotations.motion.grey_frames import GreyFrame

FloatArray = NDArray[np.float64]
Picture = NDArray[np.float32]
AFFINE_TERMS = 3
STEPS = 10
DAMPING = 1e-6
STILL_PX = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """A frame, smoothed, with its slopes.

    Parameters
    ----------
    picture, slope_x, slope_y : ndarray of float32, shape (rows, columns)
        Grey levels, and their change per pixel.
    """

    picture: Picture
    slope_x: Picture
    slope_y: Picture

    @classmethod
    def of(cls, frame: GreyFrame, blur_px: float) -> "Level":
        """Smooth a frame by a Gaussian of the given standard deviation."""
        picture = np.asarray(cv2.GaussianBlur(frame.astype(np.float32), (0, 0), blur_px), dtype=np.float32)
        slope_x = np.asarray(cv2.Sobel(picture, cv2.CV_32F, 1, 0, ksize=3), dtype=np.float32) / np.float32(8)
        slope_y = np.asarray(cv2.Sobel(picture, cv2.CV_32F, 0, 1, ksize=3), dtype=np.float32) / np.float32(8)
        return cls(picture, slope_x, slope_y)


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Pixels of a piece of tissue, and the motions that it may make.

    Parameters
    ----------
    points : ndarray of float64, shape (points, 2)
        Where its pixels are on the anchor's frame, in OpenCV's pixel centres.
    basis : ndarray of float64, shape (points, terms)
        Value of each polynomial at each pixel; the first three are 1 and the two coordinates.
    """

    points: FloatArray
    basis: FloatArray

    def at(self, motion: FloatArray) -> FloatArray:
        """Places of the pixels after a motion, ndarray of shape (2, terms)."""
        return np.asarray(self.points + self.basis @ motion.T)


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """What a piece looks like on one frame: normalised grey levels, coarse and fine."""

    levels: tuple[FloatArray, ...]

    @classmethod
    def of(cls, places: FloatArray, levels: tuple[Level, ...]) -> "Likeness":
        """Take the looks of a piece whose pixels are at given places."""
        return cls(tuple(_normalised(sample(level.picture, places))[0] for level in levels))


def register(
    piece: Piece, likeness: Likeness, levels: tuple[Level, ...], start: FloatArray
) -> tuple[FloatArray, float]:
    """Find the motion that lays the piece onto a frame.

    Parameters
    ----------
    piece : Piece
        The piece.
    likeness : Likeness
        What it looked like.
    levels : tuple of Level
        The frame, coarse level first; the coarse levels move the piece only affinely.
    start : ndarray of float64, shape (2, terms)
        Motion to begin with.

    Returns
    -------
    ndarray of float64, shape (2, terms)
        The motion.
    float
        Correlation of the piece with what lies there now, at most 1.

    References
    ----------
    Baker S, Matthews I, Lucas-Kanade 20 years on, IJCV 2004, doi:10.1023/B:VISI.0000011205.11775.fd.
    """
    motion, correlation = start, 0.0
    for number, level in enumerate(levels):
        terms = piece.basis.shape[1] if number == len(levels) - 1 else AFFINE_TERMS
        for _ in range(STEPS):
            change, correlation = _improvement(piece, likeness.levels[number], level, motion, terms)
            motion = motion.copy()
            motion[:, :terms] += change
            if float(np.abs(piece.basis[:, :terms] @ change.T).max()) < STILL_PX:
                break
    return motion, correlation


def _improvement(
    piece: Piece, looks: FloatArray, level: Level, motion: FloatArray, terms: int
) -> tuple[FloatArray, float]:
    places = piece.at(motion)
    now, contrast = _normalised(sample(level.picture, places))
    difference = looks - now
    basis = piece.basis[:, :terms]
    slope_x, slope_y = sample(level.slope_x, places)[:, None], sample(level.slope_y, places)[:, None]
    jacobian = np.hstack([slope_x * basis, slope_y * basis]) / contrast
    scale = 1.4826 * float(np.median(np.abs(difference))) + 1e-3
    weighted = jacobian / (1 + (difference / (1.5 * scale)) ** 2)[:, None]
    normal = weighted.T @ jacobian
    normal += np.eye(len(normal)) * (DAMPING * np.trace(normal) / len(normal) + 1e-12)
    change = np.linalg.solve(normal, weighted.T @ difference).reshape(2, terms)
    return np.clip(change, -8.0, 8.0), float((looks * now).mean())


def _normalised(grey: FloatArray) -> tuple[FloatArray, float]:
    contrast = float(grey.std()) + 1e-6
    return (grey - grey.mean()) / contrast, contrast
