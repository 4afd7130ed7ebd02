"""Labels on pictures: what they say, how they are broken, where they stand, and how they are drawn."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from annotations.mark import Kind, Mark
from annotations.measurement import Precision, measure
from annotations.outline import ellipse_outline_px
from annotations.pictures.label_places import (
    Box,
    Label,
    LabelPlace,
    Points,
    Surroundings,
    leader_of,
    place_labels,
)
from annotations.pictures.lettering import DARK, LIGHT, Canvas, text_size_px, unbroken, write_text
from annotations.track import Sighting
from cases.calibration import Region

Seen = Sequence[tuple[Mark, Sighting]]
LABEL_PX, SMALLEST_PX = 13, 11
LINES_MAX = 3
LONGEST = 8
FINDING_SHARE, FINDING_WIDTH = 0.2, 0.6
LEADER_FROM_PX = 5
SHIFT = 4
# Where a leader meets a line or an outline, as shares of its points; the first are the best.
ALONG_LINE = (0.5, 0.0, 1.0, 0.25, 0.75)
ALONG_OUTLINE = (0.0, 0.25, 0.5, 0.75, 0.125, 0.375, 0.625, 0.875)


@dataclass(frozen=True, slots=True)
class LabelSheet:
    """What labels have to do with besides their marks.

    Parameters
    ----------
    columns, rows : int
        Size of the clip, in pixels.
    scale : float
        Pixels of the picture for each pixel of the clip.
    regions : tuple of Region
        Calibrated rectangles of the clip, for what marks measure.
    precision : Precision, optional
        How well a point of the clip can be placed.
    kept_free : tuple of boxes
        What else is written on the picture, in its pixels.
    """

    columns: int
    rows: int
    scale: float = 1.0
    regions: tuple[Region, ...] = ()
    precision: Precision | None = None
    kept_free: tuple[Box, ...] = ()

    @property
    def letter_px(self) -> int:
        """Height of the letters."""
        return max(SMALLEST_PX, round(LABEL_PX * self.scale))

    def words(self, mark: Mark, sighting: Sighting) -> str:
        """Say what a mark is, what it measures on this frame, and whether its place is sure."""
        measures = mark.kind in (Kind.CALIPER, Kind.ANGLE, Kind.AREA)
        measured = (
            measure(mark.kind, sighting.points_px, regions=self.regions, precision=self.precision)
            if measures
            else None
        )
        words = [mark.label, "" if measured is None else measured.text]
        if sighting.asks_for_a_key_frame:
            words.append("(place uncertain)")
        return " ".join(word for word in words if word)


def places_of(frames: Sequence[Seen], sheet: LabelSheet) -> dict[str, LabelPlace]:
    """Choose where the labels of a clip stand on all of its pictures.

    Parameters
    ----------
    frames : sequence of sequences of mark and sighting
        What some frames over the clip show.
    sheet : LabelSheet
        The picture.

    Returns
    -------
    dict of str to LabelPlace
        By the ids of the marks; texts, which stand on their points, have none.
    """
    findings = [_findings(seen, sheet) for seen in frames]
    sizes = [sum((right - left) * (bottom - top) for left, top, right, bottom in each) for each in findings]
    if not frames:
        return {}
    most, least = sizes.index(max(sizes)), sizes.index(min(sizes))
    labels = _labels([frames[most], frames[least], *frames], sheet)
    around = Surroundings(
        columns=round(sheet.columns * sheet.scale),
        rows=round(sheet.rows * sheet.scale),
        scale=sheet.scale,
        ink=_ink(frames, sheet),
        kept_free=[*sheet.kept_free, *_texts(frames, sheet), *(box for each in findings for box in each)],
        findings=[findings[most], findings[least]],
        region=_region(sheet),
    )
    return place_labels(labels, around)


def write_labels(canvas: Canvas, seen: Seen, places: Mapping[str, LabelPlace], sheet: LabelSheet) -> None:
    """Write the labels of one frame: the leaders first, so that no leader crosses a label."""
    laid = [
        (mark, lines, box, leader)
        for mark, sighting in seen
        if (lines := _lines(sheet.words(mark, sighting), sheet))
        for box, leader in [_laid(mark, sighting, lines, places.get(mark.id), sheet)]
    ]
    for mark, _, _, leader in laid:
        if leader is not None:
            _draw_leader(canvas, leader, mark, sheet.scale)
    for mark, lines, box, _ in laid:
        _draw_label(canvas, lines, box, mark, sheet)


def anchors_of(kind: Kind, sighting: Sighting) -> Points:
    """Points of a mark that its leader may meet, best first, in pixels of the clip; of shape (points, 2)."""
    points = np.asarray(sighting.points_px, dtype=np.float64)
    if kind in (Kind.POINT, Kind.TEXT, Kind.ARROW):
        return points[:1]
    if kind is Kind.ANGLE:
        return points[1:2]
    if kind is Kind.CALIPER:
        return np.array([points.mean(axis=0), points[0], points[1]])
    if kind is Kind.ELLIPSE:
        points = ellipse_outline_px(sighting.points_px)
    shares = ALONG_OUTLINE if kind.is_closed or kind is Kind.ELLIPSE else ALONG_LINE
    return points[[min(round(share * (len(points) - 1)), len(points) - 1) for share in shares]]


def _texts(frames: Sequence[Seen], sheet: LabelSheet) -> list[Box]:
    """Find where texts stand: on their points."""
    return [
        _laid(mark, sighting, _lines(sheet.words(mark, sighting), sheet), None, sheet)[0]
        for seen in frames
        for mark, sighting in seen
        if mark.kind is Kind.TEXT and sheet.words(mark, sighting)
    ]


def _labels(frames: Sequence[Seen], sheet: LabelSheet) -> list[Label]:
    """Every label once, as large as it is on any frame, with its feet on the first two that show it."""
    sizes: dict[str, tuple[float, float]] = {}
    feet: dict[str, list[Points]] = {}
    for seen in frames:
        for mark, sighting in seen:
            lines = _lines(sheet.words(mark, sighting), sheet)
            if not lines or mark.kind is Kind.TEXT:
                continue
            size, so_far = _size(lines, sheet), sizes.get(mark.id, (0.0, 0.0))
            sizes[mark.id] = (max(size[0], so_far[0]), max(size[1], so_far[1]))
            feet.setdefault(mark.id, []).append(anchors_of(mark.kind, sighting) * sheet.scale)
    both = {mark_id: (found[0], found[min(1, len(found) - 1)]) for mark_id, found in feet.items()}
    return [Label(mark_id, *sizes[mark_id], feet=both[mark_id]) for mark_id in sizes]


def _lines(words: str, sheet: LabelSheet) -> list[str]:
    """As few lines as hold the words, each as short as can be; a number and its unit stay together."""
    pieces = unbroken(words)
    best = [" ".join(pieces)] if pieces else []
    for count in range(1, min(LINES_MAX, len(pieces)) + 1):
        best = _evenly(pieces, count, sheet.letter_px)
        if max(text_size_px(line, sheet.letter_px)[0] for line in best) <= LONGEST * sheet.letter_px:
            break
    return best


def _evenly(pieces: Sequence[str], count: int, letter_px: int) -> list[str]:
    if count == 1:
        return [" ".join(pieces)]
    ways = (
        [" ".join(pieces[:at]), *_evenly(pieces[at:], count - 1, letter_px)]
        for at in range(1, len(pieces) - count + 2)
    )
    return min(ways, key=lambda lines: max(text_size_px(line, letter_px)[0] for line in lines))


def _size(lines: Sequence[str], sheet: LabelSheet) -> tuple[float, float]:
    width = max(text_size_px(line, sheet.letter_px)[0] for line in lines)
    return width + 12.0 * sheet.scale, len(lines) * _lead(sheet) + 5.0 * sheet.scale


def _lead(sheet: LabelSheet) -> int:
    return math.ceil(sheet.letter_px * 1.2)


def _laid(
    mark: Mark, sighting: Sighting, lines: Sequence[str], place: LabelPlace | None, sheet: LabelSheet
) -> tuple[Box, Points | None]:
    """Where a label stands on this frame, and its leader."""
    width, height = _size(lines, sheet)
    feet = anchors_of(mark.kind, sighting) * sheet.scale
    if place is None:  # a text, or a mark that no sampled frame showed
        left = float(np.clip(feet[0, 0] - width / 2, 2, max(2, sheet.columns * sheet.scale - width - 2)))
        top = float(np.clip(feet[0, 1] - height / 2, 2, max(2, sheet.rows * sheet.scale - height - 2)))
        return (left, top, left + width, top + height), None
    left = (place.box[0] + place.box[2] - width) / 2
    top = (place.box[1] + place.box[3] - height) / 2
    box = (left, top, left + width, top + height)
    leader = leader_of(box, feet[min(place.foot, len(feet) - 1)])
    far = float(np.hypot(*(leader[1] - leader[0])))
    return box, leader if far >= LEADER_FROM_PX * sheet.scale else None


def _draw_leader(canvas: Canvas, leader: Points, mark: Mark, scale: float) -> None:
    ends = np.round((leader - 0.5) * 2**SHIFT).astype(np.int32)
    width = max(1, round(scale))
    for thickness, colour in ((width + 2, DARK), (width, mark.style.colour.rgb)):
        cv2.polylines(canvas, [ends], False, colour, thickness, cv2.LINE_AA, SHIFT)
        radius = round((1 + thickness / 2 + scale) * 2**SHIFT)
        cv2.circle(canvas, (int(ends[1, 0]), int(ends[1, 1])), radius, colour, -1, cv2.LINE_AA, SHIFT)


def _draw_label(canvas: Canvas, lines: Sequence[str], box: Box, mark: Mark, sheet: LabelSheet) -> None:
    """Write a label on a dark ground, with a bar in the colour of its mark."""
    left, top, right, bottom = (max(0, round(side)) for side in box)
    ground = canvas[top:bottom, left:right]
    ground[:] = (ground * 0.28).astype(np.uint8)
    bar = max(2, round(3 * sheet.scale))
    canvas[top + 1 : bottom - 1, left + 1 : left + 1 + bar] = mark.style.colour.rgb
    for number, line in enumerate(lines):
        at_px = (left + bar + 4 * sheet.scale, top + number * _lead(sheet) + 1 * sheet.scale)
        write_text(canvas, line, at_px, sheet.letter_px, LIGHT)


def _ink(frames: Sequence[Seen], sheet: LabelSheet) -> NDArray[np.int32]:
    """Count the lines of all marks: the integral of a picture in which they are one pixel wide."""
    drawn = np.zeros((round(sheet.rows * sheet.scale), round(sheet.columns * sheet.scale)), dtype=np.uint8)
    for seen in frames:
        for mark, sighting in seen:
            if mark.kind is Kind.TEXT:
                continue
            points = np.asarray(sighting.points_px, dtype=np.float64)
            if mark.kind is Kind.ELLIPSE:
                points = ellipse_outline_px(sighting.points_px)
            closed = mark.kind.is_closed or mark.kind is Kind.ELLIPSE
            cv2.polylines(drawn, [np.round(points * sheet.scale).astype(np.int32)], closed, 1)
    return np.asarray(cv2.integral(drawn), dtype=np.int32)


def _findings(seen: Seen, sheet: LabelSheet) -> list[Box]:
    """Find what labels must not cover: a gap, or an outline that is too small to be anatomy."""
    found: list[Box] = []
    for mark, sighting in seen:
        if mark.kind is not Kind.CALIPER and not mark.kind.is_closed and mark.kind is not Kind.ELLIPSE:
            continue
        points = np.asarray(sighting.points_px, dtype=np.float64)
        if mark.kind is Kind.ELLIPSE:
            points = ellipse_outline_px(sighting.points_px)
        (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
        small = (right - left) * (bottom - top) < FINDING_SHARE * sheet.columns * sheet.rows
        if small and right - left < FINDING_WIDTH * sheet.columns:
            found.append((left * sheet.scale, top * sheet.scale, right * sheet.scale, bottom * sheet.scale))
    return found


def _region(sheet: LabelSheet) -> Box | None:
    if not sheet.regions:
        return None
    region = max(sheet.regions, key=lambda part: part.area_px)
    sides = (region.x0, region.y0, region.x1 + 1, region.y1 + 1)
    left, top, right, bottom = (side * sheet.scale for side in sides)
    return left, top, right, bottom
