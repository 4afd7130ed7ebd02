"""The scale of a DICOM picture: its ultrasound regions, else its Pixel Spacing; here cm become mm."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pydicom.dataset import Dataset

from cases.calibration import Region, ScaleSource
from cases.decoding.dicom_header import items, number, value
from cases.decoding.source import Findings, Wishes
from cases.sentences import Remark, ScaleRefusal

CENTIMETRES = 3
_CORNERS = tuple(f"RegionLocation{corner}" for corner in ("MinX0", "MinY0", "MaxX1", "MaxY1"))
_LOW_PRIORITY = 0b1
MM_PER_CM = 10.0
_NARROWEST_MM, _WIDEST_MM = 0.5, 5_000.0
_ROUNDING_PX = 3
"""Scanners state the last column as the number of columns, or round it up."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Calibrated regions of a clip, where they came from, or why there are none."""

    regions: tuple[Region, ...]
    source: ScaleSource
    refused_because: str | None


def read_scale(dataset: Dataset, rows: int, columns: int, wishes: Wishes, findings: Findings) -> Scale:
    """Read the scale that the file itself states; the caller's own only where the file states none.

    Parameters
    ----------
    dataset : Dataset
        The header.
    rows, columns : int
        Size of the picture in pixels.
    wishes : Wishes
        May hold a calibrated region.
    findings : Findings
        Takes the remarks.

    Returns
    -------
    Scale
        Regions with the pitch in mm of each axis that is a length, None for the others.

    References
    ----------
    DICOM PS3.3 C.8.5.5, US Region Calibration; C.7.6.3.1 and 10.7.1.3, Pixel Spacing.
    """
    regions = items(dataset, "SequenceOfUltrasoundRegions")  # (0018,6011)
    spacing = list(_spacings(dataset))
    if regions:
        if spacing:
            findings.remark(Remark.SPACING_BESIDE_REGIONS)
        scale = _by_regions(regions, rows, columns, findings)
    elif spacing:
        scale = _by_spacing(spacing, rows, columns)
    else:
        scale = Scale((), ScaleSource.NONE, ScaleRefusal.NONE_IN_FILE)
    _note_unlikely(scale, columns, findings)
    return scale if scale.source is not ScaleSource.NONE else given_scale(wishes, rows, columns, scale)


def _note_unlikely(scale: Scale, columns: int, findings: Findings) -> None:
    widths_mm = [columns * region.mm_per_px_x for region in scale.regions if region.mm_per_px_x is not None]
    for width_mm in widths_mm:
        if not _NARROWEST_MM <= width_mm <= _WIDEST_MM:
            findings.remark(Remark.SCALE_UNLIKELY, width_mm=float(f"{width_mm:.3g}"))


def given_scale(wishes: Wishes, rows: int, columns: int, otherwise: Scale) -> Scale:
    """Use the caller's region, where there is one inside the picture; else say what was said before."""
    region = wishes.region
    if region is None or region.x0 >= columns or region.y0 >= rows:
        return otherwise
    return Scale((_clipped(region, rows, columns),), wishes.scale_source, None)


def note_pixel_shape(dataset: Dataset, scale: Scale, findings: Findings) -> None:
    """Remark pixels that are not square by Pixel Aspect Ratio (0028,0034), where no scale says their shape."""
    try:
        down, across = (int(entry) for entry in value(dataset, "PixelAspectRatio"))
    except (TypeError, ValueError):
        return
    if scale.source is ScaleSource.NONE and down > 0 and across > 0 and down != across:
        findings.remark(Remark.PIXELS_SHOWN_SQUARE)


def widened(scale: Scale, factor_x: float, factor_y: float) -> Scale:
    """Return the scale of a picture that was drawn larger: its regions in new pixels, each of which is shorter."""
    if factor_x == factor_y == 1:
        return scale
    regions = tuple(
        replace(
            region,
            x0=round(region.x0 * factor_x),
            y0=round(region.y0 * factor_y),
            x1=round((region.x1 + 1) * factor_x) - 1,
            y1=round((region.y1 + 1) * factor_y) - 1,
            mm_per_px_x=None if region.mm_per_px_x is None else region.mm_per_px_x / factor_x,
            mm_per_px_y=None if region.mm_per_px_y is None else region.mm_per_px_y / factor_y,
        )
        for region in scale.regions
    )
    return replace(scale, regions=regions)


def _by_regions(found: tuple[Dataset, ...], rows: int, columns: int, findings: Findings) -> Scale:
    if any(_is_rescaled(item, rows, columns) for item in found):
        return Scale((), ScaleSource.NONE, ScaleRefusal.RESCALED)
    regions, refusals = [], []
    for item in found:
        pitch_x, refusal_x = _pitch(item, "PhysicalUnitsXDirection", "PhysicalDeltaX", findings)
        pitch_y, refusal_y = _pitch(item, "PhysicalUnitsYDirection", "PhysicalDeltaY", findings)
        if any(number(item, keyword) is None for keyword in _CORNERS):
            refusals.append(ScaleRefusal.NO_PLACE)
            continue
        region = _rectangle(item, pitch_x, pitch_y, rows, columns, findings)
        if region is None:
            refusals.append(ScaleRefusal.OUTSIDE)
            continue
        regions.append(region)
        refusals += [refusal for refusal in (refusal_x, refusal_y) if refusal is not None]
    if any(region.calibration is not None for region in regions):
        return Scale(tuple(regions), ScaleSource.ULTRASOUND_REGIONS, None)
    if any(region.mm_per_px_x or region.mm_per_px_y for region in regions):
        return Scale(tuple(regions), ScaleSource.ULTRASOUND_REGIONS, ScaleRefusal.ONE_AXIS)
    return Scale(tuple(regions), ScaleSource.NONE, refusals[0])


def _is_rescaled(item: Dataset, rows: int, columns: int) -> bool:
    """Whether a region begins inside the picture but ends well outside: it was drawn on a larger one."""
    x0, y0, x1, y1 = _corners(item)
    begins_inside = 0 <= x0 < columns and 0 <= y0 < rows
    return begins_inside and (x1 >= columns + _ROUNDING_PX or y1 >= rows + _ROUNDING_PX)


def _corners(item: Dataset) -> tuple[int, int, int, int]:
    found = [number(item, keyword) for keyword in _CORNERS]
    x0, y0, x1, y1 = (-1 if corner is None else corner for corner in found)
    return x0, y0, x1, y1


def _pitch(
    item: Dataset, units_keyword: str, delta_keyword: str, findings: Findings
) -> tuple[float | None, ScaleRefusal | None]:
    if number(item, units_keyword) != CENTIMETRES:  # (0018,6024), (0018,6026)
        return None, ScaleRefusal.UNITS
    delta_cm = value(item, delta_keyword)  # (0018,602C), (0018,602E)
    if not isinstance(delta_cm, (int, float)) or not math.isfinite(delta_cm) or delta_cm == 0:
        return None, ScaleRefusal.DELTAS
    if delta_cm < 0:
        findings.remark(Remark.NEGATIVE_DELTA)
    return abs(float(delta_cm)) * MM_PER_CM, None


def _rectangle(
    item: Dataset,
    pitch_x: float | None,
    pitch_y: float | None,
    rows: int,
    columns: int,
    findings: Findings,
) -> Region | None:
    x0, y0, x1, y1 = _corners(item)
    if x0 < 0 or y0 < 0 or x1 < x0 or y1 < y0 or x0 >= columns or y0 >= rows:
        findings.remark(Remark.REGION_DROPPED)
        return None
    if x1 >= columns or y1 >= rows:
        findings.remark(Remark.REGION_CLIPPED)
    is_low_priority = bool((number(item, "RegionFlags") or 0) & _LOW_PRIORITY)  # (0018,6016)
    return _clipped(Region(x0, y0, x1, y1, pitch_x, pitch_y, is_low_priority), rows, columns)


def _clipped(region: Region, rows: int, columns: int) -> Region:
    return replace(region, x1=min(region.x1, columns - 1), y1=min(region.y1, rows - 1))


def _by_spacing(spacings: list[tuple[float, float] | None], rows: int, columns: int) -> Scale:
    first = spacings[0]
    if first is None or any(spacing is None for spacing in spacings):
        return Scale((), ScaleSource.NONE, ScaleRefusal.SPACING)
    if any(spacing != first for spacing in spacings):
        return Scale((), ScaleSource.NONE, ScaleRefusal.SPACING_VARIES)
    between_rows_mm, between_columns_mm = first
    whole = Region(0, 0, columns - 1, rows - 1, mm_per_px_x=between_columns_mm, mm_per_px_y=between_rows_mm)
    return Scale((whole,), ScaleSource.PIXEL_SPACING, None)


def _spacings(dataset: Dataset) -> Iterator[tuple[float, float] | None]:
    if "PixelSpacing" in dataset:  # (0028,0030): between rows, between columns
        yield _spacing(dataset)
        return
    for group in functional_groups(dataset):
        for measures in items(group, "PixelMeasuresSequence"):
            if "PixelSpacing" in measures:
                yield _spacing(measures)


def functional_groups(dataset: Dataset) -> Iterable[Dataset]:
    """Return the functional groups of an enhanced file, the shared ones first."""
    for keyword in ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"):
        yield from items(dataset, keyword)


def _spacing(holder: Dataset) -> tuple[float, float] | None:
    found = value(holder, "PixelSpacing")
    try:
        between_rows_mm, between_columns_mm = (float(entry) for entry in found)
    except (TypeError, ValueError):
        return None
    ok = all(math.isfinite(mm) and mm > 0 for mm in (between_rows_mm, between_columns_mm))
    return (between_rows_mm, between_columns_mm) if ok else None
