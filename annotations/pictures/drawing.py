"""Marks drawn into a picture: every line with a dark and a light outline, dashed and dotted as its style says."""

import math
from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from annotations.mark import Kind, LineKind, Mark
from annotations.measurement import Precision, measure
from annotations.outline import closed_outline_px, ellipse_outline_px
from annotations.pictures.lettering import DARK, LIGHT, Canvas, text_size_px, write_text
from annotations.track import Sighting
from cases.calibration import Region

SHIFT = 4
Lines = list[NDArray[np.float64]]
Box = tuple[float, float, float, float]
DASH_PX = {LineKind.SOLID: (0.0, 0.0), LineKind.DASHED: (9.0, 6.0), LineKind.DOTTED: (1.5, 5.0)}


def draw_marks(
    canvas: Canvas,
    seen: Sequence[tuple[Mark, Sighting]],
    *,
    scale: float = 1.0,
    regions: Sequence[Region] = (),
    precision: Precision | None = None,
) -> None:
    """Draw marks into a picture; the labels come last, so that no line crosses them.

    Parameters
    ----------
    canvas : ndarray of uint8, shape (rows, columns, 3)
        The picture, RGB; it is changed.
    seen : sequence of mark and sighting
        What is shown on the frame.
    scale : float
        Pixels of the picture for each pixel of the clip.
    regions : sequence of Region
        Calibrated rectangles of the clip, for measures beside calipers, angles and areas.
    precision : Precision, optional
        How well a point of the clip can be placed.
    """
    for mark, sighting in seen:
        lines = [line * scale for line in lines_of(mark.kind, sighting, scale)]
        _stroke(canvas, lines, mark, scale)
    taken: list[Box] = []
    for mark, sighting in seen:
        _write_label(canvas, _words(mark, sighting, regions, precision), mark, sighting, taken, scale)


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


def _words(mark: Mark, sighting: Sighting, regions: Sequence[Region], precision: Precision | None) -> str:
    measures = mark.kind in (Kind.CALIPER, Kind.ANGLE, Kind.AREA)
    measured = (
        measure(mark.kind, sighting.points_px, regions=regions, precision=precision) if measures else None
    )
    words = [mark.label, "" if measured is None else measured.text]
    if sighting.asks_for_a_key_frame:
        words.append("(place uncertain)")
    return " ".join(word for word in words if word)


def _write_label(
    canvas: Canvas, words: str, mark: Mark, sighting: Sighting, taken: list[Box], scale: float
) -> None:
    """Write the label beside the mark, inside the picture, where it covers no other label."""
    if not words:
        return
    size = max(11, round(13 * scale))
    width, height = text_size_px(words, size)
    box = free_place(
        np.asarray(sighting.points_px) * scale,
        (width + 4, height + 6),
        canvas.shape[:2],
        taken,
        gap=6 * scale,
    )
    taken.append(box)
    light = tuple(round((part + 255) / 2) for part in mark.style.colour.rgb)
    write_text(canvas, words, (box[0] + 2, box[1]), size, (light[0], light[1], light[2]))


def free_place(
    points: NDArray[np.float64],
    size: tuple[int, int],
    shape: tuple[int, ...],
    taken: Sequence[Box],
    *,
    gap: float,
) -> Box:
    """Choose where a label goes: beside a point of its mark, covering as little of the other labels as can be.

    Parameters
    ----------
    points : ndarray of float64, shape (points, 2)
        Points of the mark, in pixels of the picture; the places beside the first are the best.
    size : tuple of int
        Width and height of the label.
    shape : tuple of int
        Rows and columns of the picture.
    taken : sequence of boxes
        Labels that are there already.
    gap : float
        Distance of the label from the point.

    Returns
    -------
    tuple of float
        Left, top, right and bottom.
    """
    width, height = size
    rows, columns = shape[:2]
    order = np.argsort(points[:, 1], kind="stable")[:: max(1, len(points) // 6)]
    best, least = (0.0, 0.0, float(width), float(height)), math.inf
    for x, y in points[order]:
        for left, top in (
            (x + gap, y - gap - height),
            (x - gap - width, y - gap - height),
            (x + gap, y + gap),
            (x - gap - width, y + gap),
        ):
            left, top = (
                np.clip(left, 2, max(2, columns - width - 2)),
                np.clip(top, 2, max(2, rows - height - 2)),
            )
            box = (float(left), float(top), float(left + width), float(top + height))
            covered = sum(_common_area(box, other) for other in taken)
            if covered < least:
                best, least = box, covered
    return best


def _common_area(box: Box, other: Box) -> float:
    across = min(box[2], other[2]) - max(box[0], other[0])
    down = min(box[3], other[3]) - max(box[1], other[1])
    return max(0.0, across) * max(0.0, down)
