"""The physical size of a pixel, where it holds, and where it was learnt.

Points are ``(x_px, y_px)`` with the origin at the top-left corner of the top-left pixel.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from cases.errors import CalibrationError

Point = tuple[float, float]


class ScaleSource(StrEnum):
    """Where the scale of a clip came from."""

    ULTRASOUND_REGIONS = "ultrasound_regions"
    PIXEL_SPACING = "pixel_spacing"
    MANIFEST = "manifest"
    USER = "user"
    NONE = "none"

    @property
    def label(self) -> str:
        """The source in words for people."""
        return _SCALE_LABELS[self]


_SCALE_LABELS = {
    ScaleSource.ULTRASOUND_REGIONS: "Ultrasound regions of the file",
    ScaleSource.PIXEL_SPACING: "Pixel Spacing of the file",
    ScaleSource.MANIFEST: "the case's author",
    ScaleSource.USER: "entered by hand",
    ScaleSource.NONE: "no scale",
}


@dataclass(frozen=True, slots=True)
class Calibration:
    """Physical size of one pixel, along x and along y.

    Parameters
    ----------
    mm_per_px_x, mm_per_px_y : float
        Pixel pitch in millimetres per pixel; positive and finite.

    Raises
    ------
    CalibrationError
        If either pitch is not a positive, finite number.
    """

    mm_per_px_x: float
    mm_per_px_y: float

    def __post_init__(self) -> None:
        """Refuse pitches that cannot be lengths."""
        _check_pitch(self.mm_per_px_x)
        _check_pitch(self.mm_per_px_y)

    def distance_mm(self, start_px: Point, end_px: Point) -> float:
        """Length of a caliper, in millimetres.

        Parameters
        ----------
        start_px, end_px : tuple of float
            The two ends, in image pixels.

        Returns
        -------
        float
            Distance in millimetres; the same in both directions.

        Examples
        --------
        >>> Calibration(0.5, 0.5).distance_mm((0, 0), (6, 8))
        5.0
        """
        across_mm = (end_px[0] - start_px[0]) * self.mm_per_px_x
        down_mm = (end_px[1] - start_px[1]) * self.mm_per_px_y
        return math.hypot(across_mm, down_mm)


@dataclass(frozen=True, slots=True)
class Region:
    """One calibrated rectangle of the picture.

    Parameters
    ----------
    x0, y0, x1, y1 : int
        First and last column and row, all four inside the region, as in DICOM.
    mm_per_px_x, mm_per_px_y : float or None
        Pixel pitch in millimetres per pixel; None where the axis is no length or its scale is not known.
    is_low_priority : bool
        Whether others that overlap it count there instead: bit 0 of Region Flags (0018,6016).

    Raises
    ------
    CalibrationError
        If the rectangle ends before it begins or a pitch is not a positive, finite number.

    References
    ----------
    DICOM PS3.3 C.8.5.5, US Region Calibration Module; C.8.5.5.1.3, Region Flags.
    """

    x0: int
    y0: int
    x1: int
    y1: int
    mm_per_px_x: float | None = None
    mm_per_px_y: float | None = None
    is_low_priority: bool = False

    def __post_init__(self) -> None:
        """Refuse rectangles without a pixel and pitches that cannot be lengths."""
        if self.x0 < 0 or self.y0 < 0 or self.x1 < self.x0 or self.y1 < self.y0:
            raise CalibrationError(
                "The region ends before it begins; give its first and last column and row."
            )
        for pitch in (self.mm_per_px_x, self.mm_per_px_y):
            if pitch is not None:
                _check_pitch(pitch)

    @property
    def area_px(self) -> int:
        """Number of pixels inside."""
        return (self.x1 - self.x0 + 1) * (self.y1 - self.y0 + 1)

    @property
    def calibration(self) -> Calibration | None:
        """The scale inside, where both axes have one."""
        if self.mm_per_px_x is None or self.mm_per_px_y is None:
            return None
        return Calibration(self.mm_per_px_x, self.mm_per_px_y)

    def contains(self, point_px: Point) -> bool:
        """Whether a point lies on a pixel of the region.

        Examples
        --------
        >>> Region(0, 0, 9, 9).contains((9.9, 0.0)), Region(0, 0, 9, 9).contains((10.0, 0.0))
        (True, False)
        """
        x_px, y_px = point_px
        return self.x0 <= x_px < self.x1 + 1 and self.y0 <= y_px < self.y1 + 1


def region_at(regions: Iterable[Region], point_px: Point) -> Region | None:
    """Find the region under a point; of several, one of high priority, and of these the smallest.

    Parameters
    ----------
    regions : iterable of Region
        Regions of one clip.
    point_px : tuple of float
        The point, in image pixels.

    Returns
    -------
    Region or None
        None where no region holds the point; a length there is in px.
    """
    under = [region for region in regions if region.contains(point_px)]
    return min(under, key=lambda region: (region.is_low_priority, region.area_px), default=None)


def _check_pitch(mm_per_px: float) -> None:
    if not (math.isfinite(mm_per_px) and mm_per_px > 0):
        raise CalibrationError("A pixel pitch is a positive, finite length in mm; leave it out if unknown.")
