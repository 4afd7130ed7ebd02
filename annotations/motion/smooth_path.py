"""The best line through a picture of scores, one row a column, that does not jump."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
MAX_STEP = 2
STEP_COST = 0.15


def smooth_path(score: FloatArray, step_cost: float = STEP_COST) -> FloatArray:
    """Find the path with the highest sum of scores.

    Parameters
    ----------
    score : ndarray of float64, shape (columns, places)
        Score of each place in each column.
    step_cost : float
        What a step by one place from one column to the next costs.

    Returns
    -------
    ndarray of float64, shape (columns,)
        The place in each column, between places by a parabola through the best one and its neighbours.

    Examples
    --------
    >>> smooth_path(np.array([[0.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.2, 0.0, 1.1]])).round(1)
    array([1., 1., 2.])
    """
    columns, places = score.shape
    total = score[0].copy()
    came_from = np.zeros((columns, places), dtype=np.intp)
    for column in range(1, columns):
        best, origin = np.full(places, -np.inf), np.zeros(places, dtype=np.intp)
        for step in range(-MAX_STEP, MAX_STEP + 1):
            here = np.arange(max(0, step), min(places, places + step))
            candidate = total[here - step] - step_cost * abs(step)
            better = candidate > best[here]
            best[here[better]], origin[here[better]] = candidate[better], here[better] - step
        total, came_from[column] = best + score[column], origin
    path = np.empty(columns, dtype=np.intp)
    path[-1] = int(np.argmax(total))
    for column in range(columns - 1, 0, -1):
        path[column - 1] = came_from[column, path[column]]
    return _refined(score, path)


def smooth_line(x: FloatArray, y: FloatArray, degree: int = 2) -> FloatArray:
    """Lay a polynomial through points, robust against single ones.

    Parameters
    ----------
    x, y : ndarray of float64, shape (points,)
        The points.
    degree : int
        Degree of the polynomial.

    Returns
    -------
    ndarray of float64, shape (points,)
        Its values.
    """
    span = max(float(x[-1] - x[0]), 1e-6)
    design = np.vander(2 * (x - x[0]) / span - 1, min(degree, len(x) - 1) + 1)
    weights, fitted = np.ones(len(x)), y
    for _ in range(6):
        root = np.sqrt(weights)
        fitted = design @ np.linalg.lstsq(design * root[:, None], y * root, rcond=None)[0]
        residual = np.abs(y - fitted)
        weights = 1 / (1 + (residual / (3 * float(np.median(residual)) + 0.2)) ** 2)
    return np.asarray(fitted)


def _refined(score: FloatArray, path: NDArray[np.intp]) -> FloatArray:
    columns = np.arange(len(path))
    middle = np.clip(path, 1, score.shape[1] - 2)
    left, centre, right = score[columns, middle - 1], score[columns, middle], score[columns, middle + 1]
    bend = left - 2 * centre + right
    offset = np.where(bend < -1e-9, 0.5 * (left - right) / np.where(bend < -1e-9, bend, -1.0), 0.0)
    inner = (path == middle) & (np.abs(offset) <= 1)
    return np.asarray(path + np.where(inner, offset, 0.0))
