"""What a mark measures: a length, an area or an angle, with its uncertainty.

A length is in mm when and only when all of its points lie in one calibrated region; each axis has its own
scale. Otherwise it is in px, and the measurement says why.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from annotations.mark import Kind
from annotations.outline import crosses_itself
from annotations.part import PointPx
from cases.calibration import Region, ScaleSource, region_at


class Quantity(StrEnum):
    """What is measured."""

    LENGTH = "length"
    AREA = "area"
    ANGLE = "angle"


class Unit(StrEnum):
    """In what it is measured."""

    MM = "mm"
    PX = "px"
    MM2 = "mm²"
    PX2 = "px²"
    DEGREE = "°"


# Relative standard uncertainty of a scale by where it came from. These are our own careful assumptions, not
# figures of a scanner: 1 % for what a file states (distances of diagnostic scanners are checked to a few per
# cent), 2 % for what a person measured or entered.
SCALE_UNCERTAINTY = {
    ScaleSource.ULTRASOUND_REGIONS: 0.01,
    ScaleSource.PIXEL_SPACING: 0.01,
    ScaleSource.MANIFEST: 0.02,
    ScaleSource.USER: 0.02,
    ScaleSource.NONE: 0.0,
}


@dataclass(frozen=True, slots=True)
class Precision:
    """How well a point can be placed.

    Parameters
    ----------
    click_px : float
        Standard uncertainty of a click along each axis, in image pixels.
    pixel_px : float
        Standard uncertainty from the size of a pixel: uniform over one pixel, so 1/√12 px.
    scale : float
        Relative standard uncertainty of the scale.
    """

    click_px: float = 1.0
    pixel_px: float = 1 / math.sqrt(12)
    scale: float = 0.01

    @classmethod
    def for_scale(cls, source: ScaleSource) -> "Precision":
        """Return the precision for a clip whose scale came from a source."""
        return cls(scale=SCALE_UNCERTAINTY[source])

    @property
    def point_px(self) -> float:
        """Standard uncertainty of a point along each axis, in image pixels."""
        return math.hypot(self.click_px, self.pixel_px)


@dataclass(frozen=True, slots=True)
class Measurement:
    """One number that a mark stands for.

    Parameters
    ----------
    quantity : Quantity
        What is measured.
    value : float
        The number.
    unit : Unit
        Its unit.
    uncertainty : float
        Expanded uncertainty in the same unit: twice the standard uncertainty, about 95 %.
    in_px_because : str or None
        Why a length or area is in px; None where it is in mm, and for angles between square pixels.
    """

    quantity: Quantity
    value: float
    unit: Unit
    uncertainty: float
    in_px_because: str | None = None

    @property
    def text(self) -> str:
        """The number for people, with as many decimals as its uncertainty deserves.

        >>> Measurement(Quantity.LENGTH, 17.96, Unit.MM, 0.42).text
        '18.0 ± 0.4 mm'
        """
        decimals = 0 if self.uncertainty >= 3 else 1
        space = "" if self.unit is Unit.DEGREE else " "
        return f"{self.value:.{decimals}f} ± {self.uncertainty:.{decimals}f}{space}{self.unit}"


def measure(
    kind: Kind,
    points_px: Sequence[PointPx],
    *,
    regions: Sequence[Region] = (),
    precision: Precision | None = None,
) -> Measurement | None:
    """Measure a mark on one frame.

    Parameters
    ----------
    kind : Kind
        What the mark is.
    points_px : sequence of points
        Its points on the frame, in image pixels.
    regions : sequence of Region
        Calibrated rectangles of the clip.
    precision : Precision, optional
        How well a point can be placed.

    Returns
    -------
    Measurement or None
        None for marks that measure nothing (point, arrow, text) and for outlines that cross themselves.

    References
    ----------
    JCGM 100:2008 (GUM), 5.1: the law of propagation of uncertainty.
    """
    quantity = _QUANTITIES.get(kind)
    points = np.asarray(points_px, dtype=np.float64)
    if quantity is None or (kind.is_closed and crosses_itself(points)):
        return None
    precision = precision or Precision()
    scale, reason = scale_under(points_px, regions)
    steps = np.array((1.0, 1.0) if scale is None else scale)
    number_of = _NUMBERS[kind]
    value = number_of(points * steps)
    standard = _propagated(number_of, points, steps, precision)
    if scale is not None:
        standard = math.hypot(standard, value * precision.scale * _SCALE_POWER[quantity])
    unit = _UNITS[quantity][0 if scale is not None else 1]
    return Measurement(quantity, value, unit, 2 * standard, None if scale is not None else reason)


def scale_under(
    points_px: Sequence[PointPx], regions: Sequence[Region]
) -> tuple[tuple[float, float] | None, str | None]:
    """Find the scale that holds under every point.

    Parameters
    ----------
    points_px : sequence of points
        Points of one mark, in image pixels.
    regions : sequence of Region
        Calibrated rectangles of the clip.

    Returns
    -------
    scale : tuple of float or None
        Millimetres per pixel along x and along y. An axis along which all points agree needs none of its own.
    reason : str or None
        Why there is none.
    """
    under = [region_at(regions, point) for point in points_px]
    if not regions:
        return None, "the clip carries no scale"
    if any(region is None for region in under):
        return None, "a point lies outside the calibrated part of the picture"
    found = {region for region in under if region is not None}
    if len(found) > 1:
        return None, "the points lie in different regions of the picture"
    region = found.pop()
    across, down = (len({point[axis] for point in points_px}) > 1 for axis in (0, 1))
    x, y = region.mm_per_px_x, region.mm_per_px_y
    if (across and x is None) or (down and y is None) or (x is None and y is None):
        return None, "the region is not calibrated along both axes"
    return (x or 1.0, y or 1.0), None


def _propagated(
    number_of: Callable[[NDArray[np.float64]], float],
    points: NDArray[np.float64],
    steps: NDArray[np.float64],
    precision: Precision,
) -> float:
    """Combine the standard uncertainty of a number from that of each coordinate of each point."""
    total = 0.0
    for index in np.ndindex(*points.shape):
        moved = np.zeros_like(points)
        moved[index] = 0.01
        slope = (number_of((points + moved) * steps) - number_of((points - moved) * steps)) / 0.02
        total += (slope * precision.point_px) ** 2
    return math.sqrt(total)


def _path(points: NDArray[np.float64]) -> float:
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def _enclosed(points: NDArray[np.float64]) -> float:
    x, y = (points - points.mean(axis=0)).T
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def _elliptic(points: NDArray[np.float64]) -> float:
    first, second = points[1] - points[0], points[2] - points[0]
    return float(math.pi * abs(first[0] * second[1] - first[1] * second[0]))


def _between_arms(points: NDArray[np.float64]) -> float:
    first, second = points[0] - points[1], points[2] - points[1]
    cross = first[0] * second[1] - first[1] * second[0]
    return math.degrees(abs(math.atan2(float(cross), float(np.dot(first, second)))))


_QUANTITIES = {
    Kind.CALIPER: Quantity.LENGTH,
    Kind.POLYLINE: Quantity.LENGTH,
    Kind.POLYGON: Quantity.AREA,
    Kind.AREA: Quantity.AREA,
    Kind.TISSUE: Quantity.AREA,
    Kind.ELLIPSE: Quantity.AREA,
    Kind.ANGLE: Quantity.ANGLE,
}
_NUMBERS: dict[Kind, Callable[[NDArray[np.float64]], float]] = {
    Kind.CALIPER: _path,
    Kind.POLYLINE: _path,
    Kind.POLYGON: _enclosed,
    Kind.AREA: _enclosed,
    Kind.TISSUE: _enclosed,
    Kind.ELLIPSE: _elliptic,
    Kind.ANGLE: _between_arms,
}
_UNITS = {
    Quantity.LENGTH: (Unit.MM, Unit.PX),
    Quantity.AREA: (Unit.MM2, Unit.PX2),
    Quantity.ANGLE: (Unit.DEGREE, Unit.DEGREE),
}
_SCALE_POWER = {Quantity.LENGTH: 1, Quantity.AREA: 2, Quantity.ANGLE: 0}
