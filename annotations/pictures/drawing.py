"""Marks drawn into a picture: every line with a dark and a light outline, dashed and dotted as its style says."""

import math
from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from annotations.mark import Kind, LineKind, Mark
from annotations.outline import closed_outline_px, ellipse_outline_px
from annotations.pictures.lettering import DARK, LIGHT, Canvas
from annotations.track import Sighting

SHIFT = 4
Lines = list[NDArray[np.float64]]
DASH_PX = {LineKind.SOLID: (0.0, 0.0), LineKind.DASHED: (9.0, 6.0), LineKind.DOTTED: (1.5, 5.0)}


def draw_marks(canvas: Canvas, seen: Sequence[tuple[Mark, Sighting]], *, scale: float = 1.0) -> None:
    """Draw marks into a picture, without their labels.

    Parameters
    ----------
    canvas : ndarray of uint8, shape (rows, columns, 3)
        The picture, RGB; it is changed.
    seen : sequence of mark and sighting
        What is shown on the frame.
    scale : float
        Pixels of the picture for each pixel of the clip.
    """
    for mark, sighting in seen:
        lines = [line * scale for line in lines_of(mark.kind, sighting, scale)]
        _stroke(canvas, lines, mark, scale)


def lines_of(kind: Kind, sighting: Sighting, scale: float = 1.0) -> Lines:
    """Return the lines that draw a mark, in pixels of the clip, each an ndarray of shape (points, 2)."""
    points = np.asarray(sighting.points_px)
    if kind in (Kind.POINT, Kind.TEXT):
        return [] if kind is Kind.TEXT else _cross(points[0], 4 / scale)
    if kind is Kind.ELLIPSE:
        outline = ellipse_outline_px(sighting.points_px)
        return [np.concatenate([outline, outline[:1]])]
    if kind.is_closed:
        outline = closed_outline_px(sighting.points_px, is_ellipse=False)
        return [np.concatenate([outline, outline[:1]])]
    if kind is Kind.ARROW:
        return [points, *_barbs(points, 9 / scale)]
    if kind is Kind.CALIPER:
        return [points, *_ticks(points, 5 / scale)]
    return [points]


def _cross(at: NDArray[np.float64], arm: float) -> Lines:
    arms = np.array([[[-arm, 0.0], [arm, 0.0]], [[0.0, -arm], [0.0, arm]]])
    return list(at + arms)


def _barbs(points: NDArray[np.float64], length: float) -> Lines:
    back = points[0] - points[1]
    away = math.atan2(back[1], back[0])
    turned = (away + 0.45, away - 0.45)
    ends = [points[1] + length * np.array([math.cos(turn), math.sin(turn)]) for turn in turned]
    return [np.array([points[1], end]) for end in ends]


def _ticks(points: NDArray[np.float64], half: float) -> Lines:
    along = points[1] - points[0]
    length = float(np.hypot(*along))
    across = np.array([-along[1], along[0]]) / length * half if length > 0 else np.array([0.0, half])
    return [np.array([point - across, point + across]) for point in points]


def _stroke(canvas: Canvas, lines: Lines, mark: Mark, scale: float) -> None:
    width = max(1, round(1.5 * scale))
    on, off = (part * scale for part in DASH_PX[mark.style.line])
    pieces = [piece for line in lines for piece in (_dashes(line, on, off) if off else [line])]
    for thickness, colour in ((width + 4, DARK), (width + 2, LIGHT), (width, mark.style.colour.rgb)):
        for piece in pieces:
            # OpenCV counts from the centre of a pixel, marks from its corner.
            placed = np.round((piece - 0.5) * 2**SHIFT).astype(np.int32)
            cv2.polylines(canvas, [placed], False, colour, thickness, cv2.LINE_AA, SHIFT)


def _dashes(line: NDArray[np.float64], on: float, off: float) -> Lines:
    """Cut a line into dashes along its length."""
    pieces: Lines = []
    gone = 0.0
    for start, end in pairwise(line):
        length = float(np.hypot(*(end - start)))
        first = math.floor(gone / (on + off))
        last = math.floor((gone + length) / (on + off))
        for number in range(first, last + 1):
            begin = max(0.0, number * (on + off) - gone)
            finish = min(length, number * (on + off) + on - gone)
            if finish > begin and length > 0:
                direction = (end - start) / length
                pieces.append(np.array([start + direction * begin, start + direction * finish]))
        gone += length
    return pieces
