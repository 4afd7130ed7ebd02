"""Muscle heights that people measured on real pictures, and ours of the same pictures; px, there is no scale."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from annotations.motion.border_detection import ProposedBorders, propose_borders
from annotations.motion.border_tracking import Border
from annotations.motion.found_thickness import find_thickness
from annotations.motion.grey_frames import GreyFrame, GreyFrames
from annotations.motion.thickness import ThicknessCurve, measure_thickness
from annotations.motion.tissue_area import TissueArea, tissue_area
from cases.cine import Cine
from tests.annotations.motion.human_values import SHARED, table

FloatArray = NDArray[np.float64]
MANUAL_COLUMN_PX = 10.0
"""The people's rows of vastus lateralis meet the borders at the left of the picture: there they took heights."""

STILLS_PER_CLIP_PX = 1.25
"""The stills of gastrocnemius medialis are frames of the clips, mirrored and this much larger (correlation 0.998)."""

GASTROCNEMIUS_CLIPS = (
    "p6_isokinetic030_01_push_01",
    "p6_isokinetic120_01_push_02",
    "p6_isokinetic500_01_push_01",
    "p6_isometric_max_01_push_01",
    "p6_passive_ROM_01_push_01",
)
VASTUS_STEPS = range(25, 450, 50)
DRAWN_ON_THE_FIRST_PICTURE = {
    1: (
        ((5, 42), (100, 42), (250, 43), (400, 44), (510, 45)),
        ((5, 329), (100, 338), (200, 350), (300, 360), (400, 370), (500, 378)),
    ),
    4: (
        ((5, 91), (100, 99), (200, 108), (300, 115), (400, 121), (510, 129)),
        ((5, 346), (100, 358), (200, 362), (300, 370), (400, 378), (500, 380)),
    ),
    9: (
        ((5, 67), (100, 72), (250, 76), (400, 78), (510, 79)),
        ((5, 349), (100, 349), (200, 350), (300, 356), (400, 364), (500, 377)),
    ),
    11: (
        ((5, 48), (100, 50), (250, 52), (400, 53), (510, 54)),
        ((5, 318), (100, 320), (200, 328), (300, 333), (400, 338), (500, 343)),
    ),
}


@dataclass(frozen=True, slots=True, eq=False)
class HumanSeries:
    """Pictures of one muscle in one effort, and the heights that people measured on some of them.

    Parameters
    ----------
    name : str
        What the pictures are called in the tables.
    pictures : sequence of ndarray of uint8, shape (rows, columns)
        All of them in their order, cut to the tissue.
    area : TissueArea
        The cut.
    indices : tuple of int
        Those which people measured, counted from 0.
    heights_px : ndarray of float64, shape (measured pictures, raters)
        What each of them measured.
    column_px : float
        Column of the picture in which they took heights.
    drawn : tuple of Border or None
        The borders as they were drawn by hand on the first picture.
    """

    name: str
    pictures: Sequence[GreyFrame]
    area: TissueArea
    indices: tuple[int, ...]
    heights_px: FloatArray
    column_px: float
    drawn: tuple[Border, Border] | None

    @property
    def consensus_px(self) -> FloatArray:
        """Mean of the raters, picture by picture."""
        return np.asarray(self.heights_px.mean(axis=1))

    def in_memory(self) -> "HumanSeries":
        """Read all pictures now, so that the store they come from may go."""
        return replace(self, pictures=[np.array(picture) for picture in self.pictures])


@dataclass(frozen=True, slots=True, eq=False)
class Heights:
    """What we have of the pictures which people measured; NaN where no borders were found.

    Parameters
    ----------
    height_px : ndarray of float64, shape (measured pictures,)
        Height where people took it, at the left of the picture.
    thickness_px : ndarray of float64, shape (measured pictures,)
        Thickness as the product gives it, over the middle half.
    half_band_px : ndarray of float64, shape (measured pictures,)
        Half of its band.
    unsure : ndarray of bool, shape (measured pictures,)
        Whether the detector was unsure of the borders.
    """

    height_px: FloatArray
    thickness_px: FloatArray
    half_band_px: FloatArray
    unsure: NDArray[np.bool_]


def vastus_series() -> list[HumanSeries]:
    """Vastus lateralis of four people during a ramp, nine pictures each; three raters."""
    sheets = table(SHARED / "vl_stills_cc0" / "dataset1_for_manual_estimation.xlsx")
    raters = [
        {(row.get("A"), row.get("B"), row.get("C")): row.get("H") for row in rows} for rows in sheets.values()
    ]
    found = []
    for subject, (upper, lower) in DRAWN_ON_THE_FIRST_PICTURE.items():
        paths = [
            SHARED / "vl_stills_cc0" / f"S{subject}" / f"S{subject}_R20_step_{step:03d}.png"
            for step in VASTUS_STEPS
        ]
        pictures = [np.asarray(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE), dtype=np.uint8) for path in paths]
        rows, columns = pictures[0].shape
        heights = [[float(rater[(subject, "R", step)] or 0) for rater in raters] for step in VASTUS_STEPS]
        found.append(
            HumanSeries(
                f"vastus lateralis {subject}",
                pictures,
                TissueArea(0, 0, columns, rows, None, "picture"),
                tuple(range(len(pictures))),
                np.array(heights),
                MANUAL_COLUMN_PX,
                (Border(0, upper), Border(0, lower)),
            )
        )
    return found


def gastrocnemius_series(name: str, cine: Cine) -> HumanSeries:
    """Return a clip of gastrocnemius medialis with the heights of its one rater, on the clip's own grid.

    He measured mirrored stills: their left is the clip's right.
    """
    area = tissue_area(cine.frames, cine.regions)
    heights = gastrocnemius_heights(name)
    return HumanSeries(
        name,
        GreyFrames(cine.frames, area.rows, area.columns),
        area,
        tuple(number - 1 for number in heights),
        np.array(list(heights.values()))[:, None],
        area.x1 - MANUAL_COLUMN_PX / STILLS_PER_CLIP_PX,
        None,
    )


def gastrocnemius_heights(name: str) -> dict[int, float]:
    """Heights by number of frame, counted from 1, in px of the clips."""
    sheets = table(SHARED / "gm_frames_ccby" / "dataset3_for_manual_estimation_obs1.xlsx")
    sheet, trial = name.rsplit("_push_", 1)
    prefix = f"push_{trial}_"
    return {
        int(str(row["A"]).removeprefix(prefix)): float(row["D"]) / STILLS_PER_CLIP_PX
        for row in sheets[sheet]
        if str(row.get("A", "")).startswith(prefix)
    }


def jumping_series() -> HumanSeries:
    """Gastrocnemius lateralis of one person in a jump, 23 pictures; one rater."""
    sheet = table(SHARED / "gl_jump_stills_cc0" / "dataset2_for_manual_estimation_obs1.xlsx")["jumping"]
    heights = {int(row["A"]): float(row["F"]) for row in sheet if isinstance(row.get("A"), float)}
    paths = [SHARED / "gl_jump_stills_cc0" / f"gastroc_jumping_{number:03d}.png" for number in heights]
    whole = np.stack(
        [np.asarray(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE), dtype=np.uint8) for path in paths]
    )
    area = tissue_area(whole)
    return HumanSeries(
        "gastrocnemius lateralis",
        [np.ascontiguousarray(picture[area.rows, area.columns]) for picture in whole],
        area,
        tuple(range(len(paths))),
        np.array(list(heights.values()))[:, None],
        area.x0 + MANUAL_COLUMN_PX,
        None,
    )


def followed(series: HumanSeries, source: Literal["drawn", "found"]) -> Heights:
    """Heights by borders placed once, by hand or by the detector, and followed through all pictures."""
    count = len(series.indices)
    if source == "drawn" and series.drawn is not None:
        curve: ThicknessCurve | None = measure_thickness(series.pictures, series.area, series.drawn)
    else:
        curve = find_thickness(series.pictures, series.area)
    if curve is None:
        nothing = np.full(count, np.nan)
        return Heights(nothing, nothing, nothing, np.ones(count, dtype=np.bool_))
    kept = list(series.indices)
    return Heights(
        np.array([_height(series, curve.superficial_px[index], curve.deep_px[index]) for index in kept]),
        np.array(curve.thickness)[kept],
        np.array(curve.half_band)[kept],
        np.full(count, bool(curve.doubts)),
    )


def found_on_each(series: HumanSeries) -> Heights:
    """Heights by borders that the detector proposes on each picture for itself; no thickness, no band."""
    found = [propose_borders(series.pictures[index], index, series.area) for index in series.indices]
    nothing = np.full(len(found), np.nan)
    return Heights(
        np.array([_proposed_height(series, one) for one in found]),
        nothing,
        nothing,
        np.array([one is not None and not one.sure for one in found]),
    )


def _proposed_height(series: HumanSeries, found: ProposedBorders | None) -> float:
    return np.nan if found is None else _height(series, found.superficial.points_px, found.deep.points_px)


def between_raters_px(heights_px: FloatArray) -> float:
    """Mean absolute difference of two raters on the same pictures, mean over the pairs of raters."""
    pairs = combinations(range(heights_px.shape[1]), 2)
    return float(np.mean([np.abs(heights_px[:, a] - heights_px[:, b]).mean() for a, b in pairs]))


def _height(
    series: HumanSeries, upper: Sequence[tuple[float, float]], lower: Sequence[tuple[float, float]]
) -> float:
    top, bottom = (float(np.interp(series.column_px, *np.array(line).T)) for line in (upper, lower))
    return bottom - top
