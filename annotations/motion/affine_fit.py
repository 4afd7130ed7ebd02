"""The affine motion that most points agree on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
ROUNDS = 8
MOST_ROUNDS = 24
SETTLED = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class AffineFit:
    """A robust affine motion about a centre.

    Parameters
    ----------
    coefficients : ndarray of float64, shape (3, 2)
        Where the centre goes, then where one pixel along x and one along y go; columns are x and y.
    residual_px : ndarray of float64, shape (points,)
        Distance of each point from where the fit puts it.
    weights : ndarray of float64, shape (points,)
        Trust in each point, from 0 to 1.
    """

    coefficients: FloatArray
    residual_px: FloatArray
    weights: FloatArray

    def at(self, offsets_px: FloatArray) -> FloatArray:
        """Where points go, given by their offset from the centre; shape (points, 2)."""
        return np.asarray(self.coefficients[0] + offsets_px @ self.coefficients[1:])


def fit_affine(offsets_px: FloatArray, moved_px: FloatArray, trust: FloatArray | None = None) -> AffineFit:
    """Fit an affine motion by iteratively reweighted least squares with Cauchy's weights.

    Parameters
    ----------
    offsets_px : ndarray of float64, shape (points, 2)
        Where the points were, as offsets from a centre.
    moved_px : ndarray of float64, shape (points, 2)
        Where they are.
    trust : ndarray of float64, shape (points,), optional
        Weight of each point before the fit.

    Returns
    -------
    AffineFit
        With fewer than three points that are not on one line, the shift that they agree on.
    """
    prior = np.ones(len(offsets_px)) if trust is None else trust
    design = np.column_stack([np.ones(len(offsets_px)), offsets_px])
    weights = prior.copy()
    coefficients = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    residual = np.zeros(len(offsets_px))
    if len(offsets_px) < 3 or np.linalg.matrix_rank(design) < 3:
        if len(offsets_px):
            coefficients[0] = np.median(moved_px - offsets_px, axis=0)
            residual = np.linalg.norm(moved_px - offsets_px - coefficients[0], axis=1)
        return AffineFit(coefficients, residual, weights)
    for _ in range(MOST_ROUNDS):
        root, before = np.sqrt(weights)[:, None], coefficients
        coefficients = np.linalg.lstsq(design * root, moved_px * root, rcond=None)[0]
        residual = np.linalg.norm(moved_px - design @ coefficients, axis=1)
        scale = 1.2 * float(np.median(residual)) + 1e-3
        weights = prior / (1 + (residual / (2 * scale)) ** 2)
        if np.abs(coefficients - before).max() < SETTLED:
            break
    return AffineFit(coefficients, residual, weights)


def fit_rigid(before_px: FloatArray, after_px: FloatArray) -> tuple[FloatArray, float]:
    """Fit a shift and a turn robustly.

    Parameters
    ----------
    before_px, after_px : ndarray of float64, shape (points, 2)
        Where the points were and are.

    Returns
    -------
    ndarray of float64, shape (2,)
        Shift of the points' centre in pixels.
    float
        Turn in radians, positive from x towards y; 0 for fewer than two points.
    """
    if len(before_px) < 2:
        shift = (after_px - before_px).mean(axis=0) if len(before_px) else np.zeros(2)
        return shift, 0.0
    centre = before_px.mean(axis=0)
    weights = np.ones(len(before_px))
    turn, shift = 0.0, np.zeros(2)
    for _ in range(ROUNDS):
        mean_before = np.average(before_px, axis=0, weights=weights)
        mean_after = np.average(after_px, axis=0, weights=weights)
        a, b = before_px - mean_before, after_px - mean_after
        cross = float((weights * (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])).sum())
        turn = float(np.arctan2(cross, max(float((weights * (a * b).sum(axis=1)).sum()), 1e-9)))
        fitted = mean_after + turned(before_px - mean_before, turn)
        shift = mean_after + turned(centre - mean_before, turn) - centre
        residual = np.linalg.norm(after_px - fitted, axis=1)
        weights = 1 / (1 + (residual / (2.4 * float(np.median(residual)) + 1e-3)) ** 2)
    return np.asarray(shift), turn


def turned(vectors_px: FloatArray, turn_rad: float) -> FloatArray:
    """Turn vectors from x towards y."""
    cosine, sine = np.cos(turn_rad), np.sin(turn_rad)
    return np.asarray(vectors_px @ np.array([[cosine, sine], [-sine, cosine]]))
