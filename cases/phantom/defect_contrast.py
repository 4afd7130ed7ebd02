"""How visible the defect is in an MRI-style picture: contrast-to-noise against the muscle around it."""

from dataclasses import dataclass

import cv2
import numpy as np

from cases.phantom.mr_object import MrSeries
from cases.phantom.mr_scan import SUPERSAMPLING, MrOptions, acquire, tissue_shares
from cases.phantom.spin_echo import NAMES
from cases.phantom.whole_thigh import WholeThigh

NEAR_MM, FAR_MM = 3.0, 7.0
"""Ring around the defect that counts as its surroundings."""


@dataclass(frozen=True, slots=True)
class DefectContrast:
    """Means inside and around the defect, and their difference.

    Parameters
    ----------
    inside, around : float
        Mean signal where the defect fills the slice most, and in muscle 3 to 7 mm away from it.
    contrast_to_noise : float
        Absolute difference over the standard deviation of the noise in one channel.
    defect_px : int
        Number of pixels that were taken as defect.
    """

    inside: float
    around: float
    contrast_to_noise: float
    defect_px: int


def defect_contrast(
    thigh: WholeThigh, series: MrSeries, slice_index: int, options: MrOptions
) -> DefectContrast:
    """Measure the defect in one slice.

    Parameters
    ----------
    thigh : WholeThigh
        With a tear.
    series : MrSeries
        How it is imaged.
    slice_index : int
        Zero-based slice.
    options : MrOptions
        Noise, coil, and tissues that differ from the table.

    Raises
    ------
    ValueError
        If the slice does not cut the defect.
    """
    content = tissue_shares(thigh, series.geometry, slice_index)
    picture = acquire(content, series.sequence, series.geometry, options, (series.seed, slice_index))
    side = series.geometry.matrix

    def share(*names: str) -> np.ndarray:
        fine = sum(content.shares[NAMES.index(name)] for name in names)
        return np.asarray(fine).reshape(side, SUPERSAMPLING, side, SUPERSAMPLING).mean(axis=(1, 3))

    defect, muscle = share("clot"), share("muscle", "oedema")
    if defect.max() < 0.05:
        raise ValueError(f"slice {slice_index + 1} of {series.name} does not cut the defect")
    core = defect > 0.6 * defect.max()
    away = cv2.distanceTransform((defect < 0.05).astype(np.uint8), cv2.DIST_L2, 5) * series.geometry.mm_per_px
    rows, columns = np.nonzero(defect >= 0.05)
    beside = np.zeros_like(core)
    # Around the defect along the muscle, not in the muscles in front of or behind it.
    if series.geometry.plane == "sagittal":
        beside[:, columns.min() : columns.max() + 1] = True
    else:
        beside[rows.min() : rows.max() + 1, :] = True
    around = (away > NEAR_MM) & (away < FAR_MM) & (muscle > 0.97) & beside
    inside_mean, around_mean = float(picture[core].mean()), float(picture[around].mean())
    contrast = abs(inside_mean - around_mean) / max(options.noise, 1e-12)
    return DefectContrast(inside_mean, around_mean, contrast, int(core.sum()))
