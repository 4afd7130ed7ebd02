"""The thickness of a muscle between two of its borders, frame by frame."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from annotations.motion.border_tracking import Border, BorderTrack, follow_border
from annotations.motion.chapters import Evidence
from annotations.motion.errors import PlaceError
from annotations.motion.grey_frames import GreyFrame
from annotations.motion.stump import px_per_mm
from annotations.motion.tissue_area import TissueArea
from annotations.motion.work import Work
from cases.calibration import Point

FloatArray = NDArray[np.float64]
Source = Literal["author", "detector"]
KEPT_POINTS = 9
FLOOR_MM = 0.5


@dataclass(frozen=True, slots=True)
class ThicknessCurve:
    """Distance of the two borders of a muscle in every frame.

    Parameters
    ----------
    unit : str
        ``"mm"``; ``"px"`` in a clip without scale.
    thickness : tuple of float
        Thickness of each frame, perpendicular to the line midway between the borders, mean over the middle
        half of the columns that both borders have.
    half_band : tuple of float
        Half of the band in which the true thickness lies in about 95 of 100 frames, tracking alone: where a
        person would draw the borders is not in it.
    superficial_px, deep_px : tuple of tuple of point
        The two borders of each frame in image pixels, some points each.
    source : str
        ``"author"`` or ``"detector"``.
    doubts : tuple of str
        Why these may be the wrong borders, in sentences; empty where nothing speaks against them.
    """

    unit: Literal["mm", "px"]
    thickness: tuple[float, ...]
    half_band: tuple[float, ...]
    superficial_px: tuple[tuple[Point, ...], ...]
    deep_px: tuple[tuple[Point, ...], ...]
    source: Source
    doubts: tuple[str, ...] = ()

    @property
    def evidence(self) -> Evidence:
        """The curve as evidence for chapters."""
        return Evidence("thickness", self.thickness, self.unit, FLOOR_MM)


def measure_thickness(
    frames: Sequence[GreyFrame],
    area: TissueArea,
    borders: tuple[Border, Border],
    *,
    search_share: float = 0.05,
    work: Work | None = None,
) -> ThicknessCurve:
    """Follow two borders that an author drew and measure their distance.

    Parameters
    ----------
    frames : sequence of ndarray of uint8, shape (rows, columns)
        Frames cut to the tissue.
    area : TissueArea
        The cut, and its scale.
    borders : tuple of Border
        The superficial and the deep one.
    search_share : float
        How far a border may move from one frame to the next, as a share of the picture's height.
    work : Work, optional
        Told of each frame, twice.

    Returns
    -------
    ThicknessCurve
        The curve.

    Raises
    ------
    PlaceError
        If a border lies outside the picture or they have no column in common.
    MotionCancelledError
        If the work was stopped.
    """
    upper, lower = (
        follow_border(frames, area, border, search_share=search_share, work=work) for border in borders
    )
    return thickness_between(upper, lower, area, "author")


def common_columns(upper: BorderTrack, lower: BorderTrack) -> FloatArray:
    """Return columns that both borders have.

    Raises
    ------
    PlaceError
        If they have none in common.
    """
    left, right = max(upper.x[0], lower.x[0]), min(upper.x[-1], lower.x[-1])
    if right - left < 8:
        raise PlaceError("The two borders lie beside each other; draw them one below the other.")
    return np.linspace(left, right, KEPT_POINTS)


def thickness_between(
    upper: BorderTrack, lower: BorderTrack, area: TissueArea, source: Source
) -> ThicknessCurve:
    """Measure the distance of two borders that were followed.

    Parameters
    ----------
    upper, lower : BorderTrack
        The superficial and the deep one.
    area : TissueArea
        The cut, and its scale.
    source : str
        Who placed them.

    Returns
    -------
    ThicknessCurve
        The curve.

    Raises
    ------
    PlaceError
        If they have no column in common.
    """
    x = common_columns(upper, lower)
    count = range(len(upper.y))
    values = np.array([_thickness(upper, lower, index, x, area) for index in count])
    scale = 1.0 if area.unit == "mm" else float(px_per_mm(area)[1])
    unlike = np.hypot(1 - np.clip(upper.likeness, 0, 1), 1 - np.clip(lower.likeness, 0, 1))
    half = scale * np.hypot(0.15, 1.2 * unlike)
    return ThicknessCurve(
        area.unit,
        tuple(round(float(value), 3) for value in values),
        tuple(round(float(value), 3) for value in half),
        tuple(_points(upper, index, x, area) for index in count),
        tuple(_points(lower, index, x, area) for index in count),
        source,
    )


def _thickness(upper: BorderTrack, lower: BorderTrack, index: int, x: FloatArray, area: TissueArea) -> float:
    per_px_x, per_px_y = area.unit_per_px
    top, bottom = upper.at(index, x) * per_px_y, lower.at(index, x) * per_px_y
    slope = np.polyfit(x * per_px_x, (top + bottom) / 2, 1)[0]
    middle = slice(len(x) // 4, len(x) - len(x) // 4)
    return float((bottom - top)[middle].mean() * np.cos(np.arctan(slope)))


def _points(track: BorderTrack, index: int, x: FloatArray, area: TissueArea) -> tuple[Point, ...]:
    places = np.column_stack([x, track.at(index, x)]) + area.origin_px
    return tuple((round(float(px), 2), round(float(py), 2)) for px, py in places)
