"""What was measured in px, in mm by a scale that a person entered afterwards: nothing is measured again."""

import math
from collections.abc import Iterable
from dataclasses import replace

from annotations.measurement import SCALE_UNCERTAINTY
from annotations.motion.chapters import Chapters, find_chapters
from annotations.motion.gap import BAND, GapCurve
from annotations.motion.probe_motion import ProbeMotion, probe_sentences
from annotations.motion.result import MotionResult
from annotations.motion.stump import ASSUMED_DEPTH_MM
from annotations.motion.thickness import ThicknessCurve
from cases.calibration import Point, Region, ScaleSource

Values = tuple[float, ...]


def in_mm(result: MotionResult, region: Region) -> MotionResult:
    """Return a result in the unit of a scale that a person entered.

    Parameters
    ----------
    result : MotionResult
        What was measured.
    region : Region
        Where the scale holds; its pixels are as wide as they are high.

    Returns
    -------
    MotionResult
        A curve whose places all lie in the region is in mm, every other one stays in px. A result that is in mm
        already, and one for a region without scale, come back as they are.

    Notes
    -----
    The bands were made for a picture 45 mm deep. In a deeper one they grow with the scale; in a shallower one they
    keep their millimetres, since nobody has measured that they would shrink. The 2 % that an entered scale may be
    off by is added.
    """
    mm_per_px = region.mm_per_px_x
    if result.unit != "px" or mm_per_px is None:
        return result
    x0, y0, x1, y1 = result.provenance.area_px
    assumed_mm_per_px = ASSUMED_DEPTH_MM / (y1 - y0)
    band_mm_per_px = max(mm_per_px, assumed_mm_per_px)
    gap, thickness = result.gap, result.thickness
    if gap is not None and _holds(region, (*gap.left_px, *gap.right_px)):
        gap = _gap(gap, mm_per_px, band_mm_per_px)
    if thickness is not None and _holds(region, _points(thickness)):
        thickness = _thickness(thickness, mm_per_px, band_mm_per_px)
    if not region.contains(((x0 + x1) / 2, (y0 + y1) / 2)):
        return replace(result, gap=gap, thickness=thickness)
    probe = _probe(result.probe, mm_per_px)
    gone = set(result.probe.warnings)
    chapters = _chapters(result, gap, probe, mm_per_px)
    others = [sentence for sentence in result.warnings if sentence not in gone | set(result.chapters.reasons)]
    return replace(
        result,
        unit="mm",
        provenance=replace(result.provenance, scale_source=ScaleSource.USER.value),
        chapters=chapters,
        probe=probe,
        gap=gap,
        thickness=thickness,
        warnings=tuple(dict.fromkeys((*probe.warnings, *others, *chapters.reasons))),
    )


def _gap(gap: GapCurve, mm_per_px: float, band_mm_per_px: float) -> GapCurve:
    values = _scaled(gap.gap, mm_per_px)
    halves = _half_bands(
        values, [high - one for one, high in zip(gap.gap, gap.high, strict=True)], band_mm_per_px
    )
    pairs = list(zip(values, halves, strict=True))
    speed = gap.opening_per_s
    return replace(
        gap,
        unit="mm",
        gap=values,
        low=tuple(round(max(value - half, 0.0), 3) for value, half in pairs),
        high=tuple(round(value + half, 3) for value, half in pairs),
        rest=round(gap.rest * mm_per_px, 3),
        peak=round(gap.peak * mm_per_px, 3),
        opening_per_s=None if speed is None else round(speed * mm_per_px, 3),
        smallest_opening=round(gap.smallest_opening * mm_per_px, 3),
    )


def _thickness(thickness: ThicknessCurve, mm_per_px: float, band_mm_per_px: float) -> ThicknessCurve:
    values = _scaled(thickness.thickness, mm_per_px)
    halves = _half_bands(values, thickness.half_band, band_mm_per_px)
    return replace(thickness, unit="mm", thickness=values, half_band=halves)


def _probe(probe: ProbeMotion, mm_per_px: float) -> ProbeMotion:
    moved = replace(
        probe, unit="mm", shift_x=_scaled(probe.shift_x, mm_per_px), shift_y=_scaled(probe.shift_y, mm_per_px)
    )
    return replace(moved, warnings=probe_sentences(moved))


def _chapters(result: MotionResult, gap: GapCurve | None, probe: ProbeMotion, mm_per_px: float) -> Chapters:
    """Find the same chapters in the same curve, with sentences that speak of mm."""
    found = result.chapters
    if found.evidence.unit != "px" or (found.evidence.kind == "gap" and (gap is None or gap.unit == "px")):
        return found
    evidence = replace(
        found.evidence,
        unit="mm",
        values=_scaled(found.evidence.values, mm_per_px),
        floor=found.evidence.floor * mm_per_px,
    )
    doubts = [sentence for sentence in found.reasons if sentence not in result.probe.warnings]
    again = find_chapters(evidence, result.frame_starts_s, doubts=(*probe.warnings, *doubts))
    return replace(again, reasons=tuple(dict.fromkeys(again.reasons)))


def _half_bands(values: Values, halves_px: Iterable[float], band_mm_per_px: float) -> Values:
    """Half of each band: that of the tracking, and that of the scale."""
    scale = BAND * SCALE_UNCERTAINTY[ScaleSource.USER]
    return tuple(
        round(math.hypot(half * band_mm_per_px, scale * value), 3)
        for value, half in zip(values, halves_px, strict=True)
    )


def _scaled(values: Values, mm_per_px: float) -> Values:
    return tuple(round(value * mm_per_px, 4) for value in values)


def _holds(region: Region, points: Iterable[Point]) -> bool:
    return all(region.contains(point) for point in points)


def _points(thickness: ThicknessCurve) -> list[Point]:
    frames = (*thickness.superficial_px, *thickness.deep_px)
    return [point for frame in frames for point in frame]
