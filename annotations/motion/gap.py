"""The gap of a torn muscle in every frame, with the band in which the true gap lies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from annotations.motion.chapters import Chapters, Evidence, find_chapters
from annotations.motion.errors import PlaceError
from annotations.motion.grey_frames import GreyFrame
from annotations.motion.muscle_axis import axis_through, muscle_axis
from annotations.motion.smoothing import smooth, steepest_rise_per_s
from annotations.motion.stump import StumpEdges, px_per_mm, stump_frames
from annotations.motion.stump_tracking import EdgeTrack, track_stumps
from annotations.motion.tissue_area import TissueArea
from annotations.motion.work import Work
from cases.calibration import Point

FloatArray = NDArray[np.float64]
BAND = 1.96
FLOOR_MM, PER_ROOT_MM_OF_CHANGE, PER_SPREAD = 0.06, 0.06, 0.45
UNLIKE_MM = 0.9
OBLIQUE_SHARE = 0.01
"""By how much the line between the edges of a tear that is oblique by 8° is longer than the gap along the muscle."""
LOW_CONFIDENCE = 0.4
MIN_OPENING_MM = 0.8


@dataclass(frozen=True, slots=True)
class GapCurve:
    """Distance of the two stumps along the muscle's axis, frame by frame.

    Parameters
    ----------
    unit : str
        ``"mm"``; ``"px"`` in a clip without scale.
    gap, low, high : tuple of float
        Gap of each frame, and the band that holds the true one in about 95 of 100 frames.
    confidence : tuple of float
        Trust in each frame, from 0 to 1.
    left_px, right_px : tuple of point
        The two edges in image pixels.
    rest_frame_index, peak_frame_index : int
        A frame at rest, and the one with the widest gap.
    rest, peak : float
        Gap at rest (median of the chapter) and at its widest.
    opening_per_s : float or None
        Fastest opening in `unit` per second; None where frame times are not known.
    smallest_opening : float
        Change of the gap in `unit` below which it does not open.
    edges : StumpEdges
        What the curve was tracked from.
    warnings : tuple of str
        What a viewer must know, in sentences.
    """

    unit: Literal["mm", "px"]
    gap: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    confidence: tuple[float, ...]
    left_px: tuple[Point, ...]
    right_px: tuple[Point, ...]
    rest_frame_index: int
    peak_frame_index: int
    rest: float
    peak: float
    opening_per_s: float | None
    smallest_opening: float
    edges: StumpEdges
    warnings: tuple[str, ...]

    @property
    def evidence(self) -> Evidence:
        """The curve as evidence for chapters."""
        return Evidence("gap", self.gap, self.unit, self.smallest_opening)


def measure_gap(
    frames: Sequence[GreyFrame],
    area: TissueArea,
    edges: StumpEdges,
    *,
    frame_starts_s: Sequence[float] | None = None,
    work: Work | None = None,
) -> GapCurve:
    """Track the two stump edges and measure their distance in every frame.

    Parameters
    ----------
    frames : sequence of ndarray of uint8, shape (rows, columns)
        Frames cut to the tissue.
    area : TissueArea
        The cut, and its scale.
    edges : StumpEdges
        The edges on one frame.
    frame_starts_s : sequence of float, optional
        Start of each frame in seconds.
    work : Work, optional
        Told of each frame.

    Returns
    -------
    GapCurve
        The curve.

    Raises
    ------
    PlaceError
        If the frame does not exist or an edge lies outside the tissue.
    MotionCancelledError
        If the work was stopped.

    Notes
    -----
    A patch centred on an edge mixes tissue with fluid and reads the change of the gap half a millimetre short
    on simulated clips; hence the pieces of tissue that end at the edge.
    """
    if edges.frame_index >= len(frames):
        raise PlaceError(f"The edges were placed on frame {edges.frame_index + 1} of {len(frames)} frames.")
    axis = muscle_axis(frames[edges.frame_index], area)
    left_px, right_px = sorted((edges.left_px, edges.right_px))
    oblique = 0.0
    if axis is None:
        axis, oblique = axis_through(left_px, right_px, 1 / px_per_mm(area)), OBLIQUE_SHARE
    stumps = stump_frames(edges, area, axis)
    left, right = track_stumps(frames, stumps, anchor=edges.frame_index, work=work)
    gap = ((right.places - left.places) * area.unit_per_px) @ axis
    mm_per_unit = 1.0 if area.calibration is not None else 1.0 / float(px_per_mm(area)[0])
    confidence = np.minimum(_confidence(left), _confidence(right))
    deviation = _deviation_mm(gap * mm_per_unit, left, right, edges.frame_index) / mm_per_unit
    half = BAND * np.hypot(np.hypot(deviation, edges.placing), oblique * gap)
    tracked = _Tracked(gap, half, confidence, (_points(left, area), _points(right, area)), edges)
    return _curve(tracked, area, frame_starts_s)


def _confidence(track: EdgeTrack) -> FloatArray:
    return np.asarray(np.clip(track.likeness, 0, 1) * np.clip(track.returned * 1.5, 0, 1))


def _deviation_mm(gap_mm: FloatArray, left: EdgeTrack, right: EdgeTrack, anchor: int) -> FloatArray:
    """Give the standard deviation of the gap: it grows with the way from the anchor and where trackers disagree.

    With the root of the way, as independent errors add up: speckle departs from its tissue most where it begins to
    deform, and at twenty millimetres hardly further than at ten.
    """
    drift = PER_ROOT_MM_OF_CHANGE**2 * np.abs(gap_mm - gap_mm[anchor])
    spread = PER_SPREAD * np.hypot(left.spread_mm, right.spread_mm)
    unlike = UNLIKE_MM * np.hypot(1 - np.clip(left.likeness, 0, 1), 1 - np.clip(right.likeness, 0, 1))
    return np.asarray(np.sqrt(FLOOR_MM**2 + drift + spread**2 + unlike**2))


@dataclass(frozen=True, slots=True, eq=False)
class _Tracked:
    """Gap, half of its band and trust in each frame; the two edges in image pixels, and where they were placed."""

    gap: FloatArray
    half: FloatArray
    confidence: FloatArray
    edges_px: tuple[tuple[Point, ...], tuple[Point, ...]]
    placed: StumpEdges


def _curve(tracked: _Tracked, area: TissueArea, starts_s: Sequence[float] | None) -> GapCurve:
    gap, half = tracked.gap, tracked.half
    smoothed = smooth(gap, 1)
    peak = int(np.argmax(smoothed))
    floor = MIN_OPENING_MM if area.unit == "mm" else MIN_OPENING_MM * float(px_per_mm(area)[0])
    found = find_chapters(Evidence("gap", tuple(gap.tolist()), area.unit, floor), starts_s)
    rest_frames = _rest_frames(found, smoothed)
    rest = float(np.median(gap[rest_frames]))
    at_rest = int(rest_frames[np.argmin(np.abs(smoothed[rest_frames] - rest))])
    speed = None
    if starts_s is not None:
        speed = steepest_rise_per_s(smoothed, starts_s, min(at_rest, peak), max(at_rest, peak))
    return GapCurve(
        area.unit,
        _rounded(gap),
        _rounded(np.maximum(gap - half, 0)),
        _rounded(gap + half),
        _rounded(tracked.confidence),
        *tracked.edges_px,
        at_rest,
        peak,
        round(rest, 3),
        round(float(smoothed[peak]), 3),
        None if speed is None else round(speed, 3),
        round(floor, 3),
        tracked.placed,
        _warnings(tracked.confidence),
    )


def _rest_frames(found: Chapters, gap: FloatArray) -> NDArray[np.intp]:
    """Frames of the first chapter at rest; without one, the tenth of the frames with the narrowest gap."""
    rest = found.first("rest")
    if rest is not None:
        return np.arange(rest.first_frame_index, rest.last_frame_index + 1)
    return np.sort(np.argsort(gap)[: max(1, len(gap) // 10)])


def _points(track: EdgeTrack, area: TissueArea) -> tuple[Point, ...]:
    return tuple((round(float(x), 2), round(float(y), 2)) for x, y in track.places + area.origin_px)


def _rounded(values: FloatArray) -> tuple[float, ...]:
    return tuple(round(float(value), 3) for value in values)


def _warnings(confidence: FloatArray) -> tuple[str, ...]:
    weak = int((confidence < LOW_CONFIDENCE).sum())
    if weak == 0:
        return ()
    return (
        f"In {weak} of {len(confidence)} frames the stumps could hardly be followed; look at those frames.",
    )
