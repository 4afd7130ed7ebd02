"""Outlines: whether one crosses itself, the ellipse behind three points, and rasters of tissue."""

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from annotations.part import PointPx

ELLIPSE_STEPS = 72


def crosses_itself(points_px: NDArray[np.float64]) -> bool:
    """Tell whether two sides of a closed outline that do not share a corner meet.

    Parameters
    ----------
    points_px : ndarray of float64, shape (points, 2)
        Corners, in order; the last is joined to the first.

    Examples
    --------
    >>> crosses_itself(np.array([[0.0, 0], [4, 4], [4, 0], [0, 4]]))
    True
    """
    count = len(points_px)
    start, end = points_px, np.roll(points_px, -1, axis=0)
    for side in range(count - 2):
        others = slice(side + 2, count - (side == 0))
        if np.any(_meet(start[side], end[side], start[others], end[others])):
            return True
    return False


def _meet(
    a: NDArray[np.float64], b: NDArray[np.float64], c: NDArray[np.float64], d: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Whether the segment from a to b properly crosses each of those from c to d."""

    def turn(p: NDArray[np.float64], q: NDArray[np.float64], r: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(
            (q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1])
            - (q[..., 1] - p[..., 1]) * (r[..., 0] - p[..., 0])
        )

    return np.asarray((turn(a, b, c) * turn(a, b, d) < 0) & (turn(c, d, a) * turn(c, d, b) < 0))


def ellipse_outline_px(points_px: Sequence[PointPx], steps: int = ELLIPSE_STEPS) -> NDArray[np.float64]:
    """Points along an ellipse that is given by its centre and the ends of two conjugate half diameters.

    Returns
    -------
    ndarray of float64, shape (steps, 2)
        In image pixels; the last is not the first again.
    """
    center, first, second = np.asarray(points_px, dtype=np.float64)
    turn = np.linspace(0, 2 * math.pi, steps, endpoint=False)[:, None]
    return np.asarray(center + (first - center) * np.cos(turn) + (second - center) * np.sin(turn))


def principal_axes_px(points_px: Sequence[PointPx]) -> tuple[PointPx, PointPx, PointPx]:
    """Give an ellipse by its centre, the end of its longer half axis and the end of its shorter one.

    Parameters
    ----------
    points_px : sequence of three points
        Centre and ends of two conjugate half diameters, in image pixels.

    Returns
    -------
    tuple of three points
        The same ellipse; its half axes are at right angles, the longer one first.
    """
    center, first, second = np.asarray(points_px, dtype=np.float64)
    directions, lengths, _ = np.linalg.svd(np.stack([first - center, second - center], axis=1))
    longer, shorter = center + directions[:, 0] * lengths[0], center + directions[:, 1] * lengths[1]
    return _point(center), _point(longer), _point(shorter)


def closed_outline_px(points_px: Sequence[PointPx], *, is_ellipse: bool) -> NDArray[np.float64]:
    """Corners of a closed mark, ellipses as many-sided polygons; in image pixels."""
    return ellipse_outline_px(points_px) if is_ellipse else np.asarray(points_px, dtype=np.float64)


def raster(outline_px: NDArray[np.float64], rows: int, columns: int) -> NDArray[np.uint8]:
    """Fill an outline: 1 for each pixel whose centre lies inside, even-odd where it crosses itself.

    Parameters
    ----------
    outline_px : ndarray of float64, shape (points, 2)
        Corners in image pixels, corner origin.
    rows, columns : int
        Size of the picture.

    Returns
    -------
    ndarray of uint8, shape (rows, columns)
        0 and 1.
    """
    start, end = outline_px, np.roll(outline_px, -1, axis=0)
    filled = np.zeros((rows, columns), dtype=np.uint8)
    centers = np.arange(columns) + 0.5
    top = max(0, math.floor(outline_px[:, 1].min()))
    bottom = min(rows, math.ceil(outline_px[:, 1].max()) + 1)
    for row in range(top, bottom):
        y = row + 0.5
        crossing = (start[:, 1] <= y) != (end[:, 1] <= y)
        (x0, y0), (x1, y1) = start[crossing].T, end[crossing].T
        at_x = np.sort(x0 + (y - y0) / (y1 - y0) * (x1 - x0))
        filled[row] = np.searchsorted(at_x, centers, side="right") % 2
    return filled


def outlines_of(filled: NDArray[np.uint8]) -> list[NDArray[np.float64]]:
    """Trace the outer border of each connected patch of a raster along the edges of its pixels.

    Parameters
    ----------
    filled : ndarray of uint8, shape (rows, columns)
        0 outside, anything else inside.

    Returns
    -------
    list of ndarray of float64, shape (points, 2)
        Corners in image pixels, corner origin, the largest patch first; holes are filled.
    """
    count, labels = cv2.connectedComponents((filled > 0).astype(np.uint8), connectivity=4)
    patches = [_traced(labels == number) for number in range(1, count)]
    return sorted(patches, key=lambda outline: -cv2.contourArea(outline.astype(np.float32)))


def _traced(inside: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Walk along the edges of a connected patch, the patch on the right hand, from its top-left corner."""
    padded = np.pad(inside, 1)
    row, column = (int(part[0]) for part in np.nonzero(padded))
    start = here = (column, row)
    step = (1, 0)
    corners = [start]
    while True:
        here = (here[0] + step[0], here[1] + step[1])
        if here == start:
            break
        turned = _next_step(padded, here, step)
        if turned != step:
            corners.append(here)
            step = turned
    return np.array(corners, dtype=np.float64) - 1


def _next_step(inside: NDArray[np.bool_], corner: tuple[int, int], step: tuple[int, int]) -> tuple[int, int]:
    """Direction along the border after a corner; a pixel that touches by its corner only is another patch."""
    right, left = (-step[1], step[0]), (step[1], -step[0])
    ahead_right = _pixel_at(inside, corner, step, right)
    ahead_left = _pixel_at(inside, corner, step, left)
    if not ahead_right:
        return right
    return left if ahead_left else step


def _pixel_at(
    inside: NDArray[np.bool_], corner: tuple[int, int], step: tuple[int, int], side: tuple[int, int]
) -> bool:
    column = corner[0] + (step[0] + side[0] - 1) // 2
    row = corner[1] + (step[1] + side[1] - 1) // 2
    return bool(inside[row, column])


def _point(values: NDArray[np.float64]) -> PointPx:
    return float(values[0]), float(values[1])
