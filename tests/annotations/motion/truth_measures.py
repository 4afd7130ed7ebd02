"""What a simulated clip's truth says of chapters and strain, and how far a measurement is from it."""

import math

import numpy as np
from numpy.typing import NDArray

from annotations.motion.chapters import Chapters
from annotations.motion.strain import follow_strain
from tests.annotations.motion.comparison import SimulatedClip

FloatArray = NDArray[np.float64]
WHOLE_EFFORT = ["rest", "contracting", "hold", "relaxing", "rest"]
FROM_TEAR_MM, NEAR_MM = 6.0, 3.2


def boundary_error(chapters: Chapters, activation: FloatArray) -> float:
    """Largest distance in frames from where activation passes 5 and 95 %; infinite where the chapters are others."""
    on, full = np.flatnonzero(activation >= 0.05), np.flatnonzero(activation >= 0.95)
    truth = [on[0], full[0], full[-1] + 1, on[-1] + 1]
    if [one.name for one in chapters.chapters] != WHOLE_EFFORT:
        return math.inf
    return float(np.abs(np.subtract([one.first_frame_index for one in chapters.chapters[1:]], truth)).max())


def strain_error(clip: SimulatedClip) -> tuple[float, int]:
    """Median error of the strain of intact tissue at the peak, as a share of length, and how many points it rests on."""
    peak = int(np.argmax(clip.activation))
    field = follow_strain(clip.frames, clip.area)
    measured = field.at(peak)
    mm = float(clip.area.unit_per_px[0])
    rest_mm = (field.tracks.points_px[0] + clip.area.origin_px) * mm
    truth = true_strain(clip, peak, rest_mm, field.directions)
    intact = np.array(measured.reliable) & np.isfinite(truth)
    if "stump_points_px" in clip.truth:
        ends = np.asarray(clip.truth["stump_points_px"], dtype=float)[0].reshape(-1, 2) * mm
        intact &= np.min([np.hypot(*(rest_mm - end).T) for end in ends], axis=0) > FROM_TEAR_MM
    error = np.abs(np.array(measured.strain) - truth)[intact]
    return float(np.median(error)) if error.size else float("nan"), int(intact.sum())


def true_strain(
    clip: SimulatedClip, frame_index: int, rest_mm: FloatArray, directions: FloatArray
) -> FloatArray:
    """Strain along the fascicles from the simulation's own tissue points; NaN outside rectus femoris."""
    mm = float(clip.area.unit_per_px[0])
    grid = np.asarray(clip.truth["grid_px"], dtype=float)[[0, frame_index]] * mm
    region = clip.truth["grid_region"]
    result = np.full(len(rest_mm), np.nan)
    for index, point in enumerate(rest_mm):
        for code in (1, 2):
            offset = grid[0, region == code] - point
            near = np.hypot(*offset.T) < NEAR_MM
            if near.sum() < 6 or np.linalg.norm(offset[near].mean(axis=0)) > 1.0:
                continue
            moved = (grid[1] - grid[0])[region == code][near]
            design = np.column_stack([np.ones(int(near.sum())), offset[near]])
            gradient = np.linalg.lstsq(design, moved, rcond=None)[0][1:].T
            result[index] = np.linalg.norm(directions[index] + gradient @ directions[index]) - 1
    return result
