"""Marks made from the truth of a simulated clip: what applies to it, where it is on every frame."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from annotations.concept import CONCEPTS, Term
from annotations.mark import Colour, Kind, LineKind, Mark, MarkSource, Style
from annotations.part import PointPx
from annotations.seeds.truth import Floats, Truth
from annotations.seeds.words import MARK_WORDS, MarkWords
from annotations.track import KeyFrame, KeySource, Track
from cases.calibration import Region

AUTHOR = "Simulation"
TOLERANCE_PX = 0.5
LEAST_GAP_PX = 12.0
LEVELS = 21
LINE_POINTS = 9
BORDER_POINTS = 5
OPEN_SHARE = 0.3
FASCIA_PX = 10.0
MARGIN_PX = 2.0


@dataclass(frozen=True, slots=True)
class _Look:
    kind: Kind
    term: Term
    colour: Colour
    line: LineKind = LineKind.SOLID


LOOKS = {
    "gap": _Look(Kind.CALIPER, Term.GAP, Colour.YELLOW),
    "proximal-stump": _Look(Kind.POLYLINE, Term.PROXIMAL_STUMP, Colour.VERMILLION),
    "distal-stump": _Look(Kind.POLYLINE, Term.DISTAL_STUMP, Colour.ORANGE),
    "haematoma": _Look(Kind.TISSUE, Term.HAEMATOMA, Colour.SKY_BLUE, LineKind.DASHED),
    "fluid": _Look(Kind.ARROW, Term.HAEMATOMA, Colour.SKY_BLUE),
    "rectus-femoris": _Look(Kind.TISSUE, Term.RECTUS_FEMORIS, Colour.VERMILLION, LineKind.DOTTED),
    "aponeurosis": _Look(Kind.POLYLINE, Term.CENTRAL_APONEUROSIS, Colour.BLUISH_GREEN),
    "aponeurosis-distal": _Look(Kind.POLYLINE, Term.CENTRAL_APONEUROSIS, Colour.BLUISH_GREEN),
    "fascia": _Look(Kind.POLYLINE, Term.FASCIA, Colour.WHITE, LineKind.DOTTED),
    "deep-fascia": _Look(Kind.POLYLINE, Term.FASCIA, Colour.WHITE, LineKind.DOTTED),
    "vastus-intermedius": _Look(Kind.TISSUE, Term.VASTUS_INTERMEDIUS, Colour.REDDISH_PURPLE, LineKind.DASHED),
    "vastus-name": _Look(Kind.TEXT, Term.VASTUS_INTERMEDIUS, Colour.REDDISH_PURPLE),
    "femur": _Look(Kind.POLYLINE, Term.FEMORAL_CORTEX, Colour.ORANGE, LineKind.DASHED),
    "probe-landmark": _Look(Kind.POINT, Term.PROBE_LANDMARK, Colour.WHITE),
}


def marks_from_truth(
    clip: str, truth: Truth, region: Region, words: dict[str, MarkWords]
) -> tuple[Mark, ...]:
    """Make every mark that applies to a simulated clip.

    Parameters
    ----------
    clip : str
        Id of the clip.
    truth : Truth
        Its truth.
    region : Region
        Its picture, which lines keep to.
    words : dict of str to MarkWords
        Words of this clip in place of the usual ones, by the name of the mark.

    Returns
    -------
    tuple of Mark
        Tracks with key frames wherever a straight line between two of them would be off by more than half a
        pixel.
    """
    parts = _long_axis(truth, region) if truth.is_long_axis else _short_axis(truth, region)
    return tuple(
        _mark(clip, name, points, {**MARK_WORDS, **words}[name])
        for name, points in parts
        if points.shape[1] >= LOOKS[name].kind.point_count[0]
    )


def _long_axis(truth: Truth, region: Region) -> Iterator[tuple[str, Floats]]:
    if truth.is_torn:
        yield from _tear(truth)
    else:
        borders = (truth.superficial_border_px, truth.deep_border_px)
        top, bottom = (thinned(inside(border, region), LINE_POINTS) for border in borders)
        yield "rectus-femoris", np.concatenate([top, bottom[:, ::-1]], axis=1)
    for name, code in (("aponeurosis", 1), ("aponeurosis-distal", 2)):
        line = (
            inside(truth.aponeurosis_px(code), region) if "grid_px" in truth.arrays else np.zeros((1, 0, 2))
        )
        if line.shape[1] >= 2:
            yield name, thinned(line, 6)
    yield "fascia", thinned(inside(truth.superficial_border_px, region), LINE_POINTS)
    border = thinned(inside(truth.deep_border_px, region), LINE_POINTS)
    yield "deep-fascia", border
    deep = border + np.array([0.0, FASCIA_PX])
    cortex = thinned(inside(truth["cortex_px"], region), LINE_POINTS)
    if cortex.shape[1] < LINE_POINTS // 2:  # the bone lies below the picture
        yield "vastus-name", deep[:, LINE_POINTS // 2 :][:, :1] + np.array([-60.0, 5 * FASCIA_PX])
        return
    above = cortex - np.array([0.0, FASCIA_PX / 2])
    yield "vastus-intermedius", np.concatenate([deep, above[:, ::-1]], axis=1)
    yield "femur", cortex
    middle = cortex.shape[1] // 2
    yield "probe-landmark", cortex[:, middle : middle + 1]


def _tear(truth: Truth) -> Iterator[tuple[str, Floats]]:
    """Gap, both ends and what lies between them, over the depth that is torn."""
    levels = truth.torn_levels(LEAST_GAP_PX)
    proximal, distal = (truth[name][:, levels] for name in ("proximal_end_px", "distal_end_px"))
    whole = truth["stump_points_px"]
    is_complete = len(levels) == truth["proximal_end_px"].shape[1]
    middle = len(levels) // 2
    gap = whole[:, :, 1] if is_complete else np.stack([proximal[:, middle], distal[:, middle]], axis=1)
    proximal, distal = thinned(proximal, LEVELS), thinned(distal, LEVELS)
    yield "haematoma", _between_the_ends(truth, proximal, distal, reaches_top=bool(levels[0] == 0))
    yield "proximal-stump", proximal
    yield "distal-stump", distal
    yield "gap", gap


def _between_the_ends(truth: Truth, proximal: Floats, distal: Floats, *, reaches_top: bool) -> Floats:
    """Return the outline of what fills the gap: both ends, and the borders of the muscle between them."""
    deep = _along(truth.deep_border_px, proximal[:, -1, 0], distal[:, -1, 0])
    sides = [proximal, deep, distal[:, ::-1]]
    if reaches_top:
        sides.append(_along(truth.superficial_border_px, proximal[:, 0, 0], distal[:, 0, 0])[:, ::-1])
    return np.concatenate(sides, axis=1)


def _along(border: Floats, from_px: Floats, to_px: Floats) -> Floats:
    """Return points of a border between two places on every frame, without the places themselves."""
    shares = np.linspace(0, 1, BORDER_POINTS + 2)[1:-1]
    across = from_px[:, None] + (to_px - from_px)[:, None] * shares
    down = np.array([np.interp(x, line[:, 0], line[:, 1]) for x, line in zip(across, border, strict=True)])
    return np.stack([across, down], axis=2)


def _short_axis(truth: Truth, region: Region) -> Iterator[tuple[str, Floats]]:
    outline, cortex = truth["rectus_outline_px"], truth["cortex_px"]
    center = outline.mean(axis=1)
    if truth["gap_mid_mm"].max() > 0:
        arrow = np.stack([center + np.array([150.0, -75.0]), center + np.array([25.0, -5.0])], axis=1)
        open_area = truth["open_area_mm2"]
        arrow[open_area < open_area.max() * OPEN_SHARE] = np.nan
        yield "fluid", arrow
    yield "rectus-femoris", thinned(outline, 24)
    lowest = outline[:, :, 1].max(axis=1)
    highest = cortex[:, :, 1].min(axis=1)
    yield "vastus-name", np.stack([center[:, 0] - 60.0, (lowest + highest) / 2], axis=1)[:, None]
    yield "femur", thinned(inside(cortex, region), LINE_POINTS)
    top = np.argmin(cortex[:, :, 1], axis=1)
    yield "probe-landmark", cortex[np.arange(len(cortex)), top][:, None]


def inside(points: Floats, region: Region) -> Floats:
    """Keep the points of a line that lie in the picture on every frame.

    Parameters
    ----------
    points : ndarray of float64, shape (frames, points, 2)
        A line on each frame.
    region : Region
        The picture.

    Returns
    -------
    ndarray of float64, shape (frames, fewer points, 2)
        The same points on every frame.
    """
    low = np.array([region.x0 + MARGIN_PX, region.y0 + MARGIN_PX])
    high = np.array([region.x1 + 1 - MARGIN_PX, region.y1 + 1 - MARGIN_PX])
    always = ((points >= low) & (points <= high)).all(axis=(0, 2))
    return points[:, always]


def thinned(points: Floats, most: int) -> Floats:
    """Keep at most so many points of a line, evenly, with both of its ends."""
    count = points.shape[1]
    if count <= most:
        return points
    return points[:, np.linspace(0, count - 1, most).round().astype(int)]


def key_frames_of(points: Floats, tolerance_px: float = TOLERANCE_PX) -> tuple[KeyFrame, ...]:
    """Choose key frames so that straight lines between them stay within a tolerance of the truth.

    Parameters
    ----------
    points : ndarray of float64, shape (frames, points, 2)
        Where the mark is on every frame; not a number before and after it is seen.
    tolerance_px : float
        Greatest distance in pixels.

    Returns
    -------
    tuple of KeyFrame
        With the first and the last frame on which it is seen; coordinates rounded to 0.01 px.

    References
    ----------
    Douglas DH, Peucker TK (1973), Cartographica 10:112, doi:10.3138/FM57-6770-U75U-7727.
    """
    seen = np.flatnonzero(np.isfinite(points).all(axis=(1, 2)))
    chosen = {int(seen[0]), int(seen[-1])}
    spans = [(int(seen[0]), int(seen[-1]))]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        share = ((np.arange(first, last + 1) - first) / (last - first))[:, None, None]
        straight = points[first] * (1 - share) + points[last] * share
        off = np.hypot(*np.moveaxis(points[first : last + 1] - straight, 2, 0)).max(axis=1)
        worst = first + int(np.argmax(off))
        if off.max() > tolerance_px:
            chosen.add(worst)
            spans += [(first, worst), (worst, last)]
    return tuple(
        KeyFrame(frame_index=index, points_px=_rounded(points[index]), source=KeySource.SIMULATION)
        for index in sorted(chosen)
    )


def _rounded(points: Floats) -> tuple[PointPx, ...]:
    rows: Sequence[Sequence[float]] = points.round(2).tolist()
    return tuple((x, y) for x, y in rows)


def _mark(clip: str, name: str, points: Floats, words: MarkWords) -> Mark:
    look = LOOKS[name]
    return Mark(
        id=f"{clip}.{name}",
        clip=clip,
        kind=look.kind,
        label=words.label,
        concept=CONCEPTS[look.term],
        note=words.note,
        author=AUTHOR,
        source=MarkSource.SIMULATION,
        style=Style(colour=look.colour, line=look.line),
        place=Track(keys=key_frames_of(points)),
    )
