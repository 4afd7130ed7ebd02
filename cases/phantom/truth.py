"""What is true of each frame of a clip: gap, ends, outlines, displacement; in pixels of the DICOM image.

The arrays of a truth file (``F`` frames; x, y in px with the origin at the top-left corner of the image):

``frame_starts_s`` (F,), ``activation`` (F,)
    Time and effort of each frame.
``gap_mid_mm``, ``gap_min_mm``, ``gap_mean_mm`` (F,)
    Gap at mid-depth, shortest distance between the ends, and mean over the torn depth; 0 without a tear.
``stump_points_px`` (F, 2, 3, 2)
    Proximal and distal end at 10, 50 and 90 % of the depth; long axis only.
``proximal_end_px``, ``distal_end_px`` (F, 41, 2)
    Outlines of the ends; long axis only.
``rectus_outline_px`` (F, points, 2)
    Border of rectus femoris: superficial then deep border in long axis, the whole outline in short axis.
``cortex_px`` (F, points, 2)
    Surface of the femur.
``grid_px`` (F, points, 2), ``grid_region`` (points,)
    Tissue points followed through the clip, and where each belongs: 0 fat, 1 rectus femoris proximal or
    whole, 2 rectus femoris distal, 3 vastus. Displacement is the difference between two frames.
``open_area_mm2`` (F,)
    Area of the section that lies in the gap; short axis only.
``rectus_thickness_mm`` (F, 3)
    Thickness 15 mm left of the middle, in it and 15 mm right of it; long axis only.
``reference_frames`` (n,), ``reference_pixels`` (n, rows, columns) of uint8
    Every fourth pixel of the first frames before JPEG, to compare a remake with.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cases.phantom.activation import frame_starts_s
from cases.phantom.canvas import Region
from cases.phantom.long_axis import LongAxisThigh
from cases.phantom.long_axis_motion import LongAxisMotion
from cases.phantom.render import FilledThigh
from cases.phantom.short_axis import ShortAxisThigh

Arrays = dict[str, NDArray[np.generic]]
END_POINTS = 41
REFERENCE_FRAMES = 3
REFERENCE_STEP = 4


def truth_of(thigh: FilledThigh, pictures: NDArray[np.uint8] | None = None) -> Arrays:
    """Compute the truth of every frame.

    Parameters
    ----------
    thigh : LongAxisThigh or ShortAxisThigh
        The thigh that was rendered.
    pictures : ndarray of uint8, shape (frames, rows, columns), optional
        Its pictures; their first frames are kept as reference.

    Returns
    -------
    dict of str to ndarray
        The arrays described in this module.
    """
    scene = thigh.scene
    frames = range(scene.manoeuvre.frames)
    arrays: Arrays = {"frame_starts_s": frame_starts_s(scene), "activation": thigh.activation}
    gaps = np.array([gap_mm(thigh.motion(index)) for index in frames])
    for column, name in enumerate(("gap_mid_mm", "gap_min_mm", "gap_mean_mm")):
        arrays[name] = gaps[:, column]
    arrays.update(_long_axis(thigh) if isinstance(thigh, LongAxisThigh) else _short_axis(thigh))
    if pictures is not None:
        count = min(REFERENCE_FRAMES, pictures.shape[0])
        arrays["reference_frames"] = np.arange(count)
        arrays["reference_pixels"] = pictures[:count, ::REFERENCE_STEP, ::REFERENCE_STEP]
    return {name: _compact(array) for name, array in arrays.items()}


def gap_mm(motion: LongAxisMotion) -> tuple[float, float, float]:
    """Gap at mid-depth, shortest and mean gap, in millimetres."""
    if motion.edges is None:
        return 0.0, 0.0, 0.0
    left, right = np.stack(motion.end(-1), axis=1), np.stack(motion.end(1), axis=1)
    torn = motion.edges.torn > 0.5
    along = right[:, 0] - left[:, 0]
    distance = np.hypot(*(left[torn][:, None, :] - right[torn][None, :, :]).transpose(2, 0, 1))
    middle = int(np.argmin(np.abs(motion.edges.zeta - 0.5)))
    return float(along[middle]), float(distance.min()), float(along[torn].mean())


def save(arrays: Arrays, path: Path) -> None:
    """Write a truth file.

    Parameters
    ----------
    arrays : dict of str to ndarray
        As `truth_of` returns them.
    path : Path
        Where to; ends in ``.npz``.
    """
    np.savez_compressed(path, allow_pickle=False, **arrays)


def _compact(array: NDArray[np.generic]) -> NDArray[np.generic]:
    """Floats as float32, rounded to 1/64 (px or mm) where they are many, which compresses well."""
    if not np.issubdtype(array.dtype, np.floating):
        return array
    numbers = np.asarray(array, dtype=np.float64)
    return (np.round(numbers * 64) / 64 if numbers.size > 400 else numbers).astype(np.float32)


def _long_axis(thigh: LongAxisThigh) -> Arrays:
    """Arrays of a long-axis clip."""
    scene, region = thigh.scene, Region.of(thigh.scene.probe)
    frames = range(scene.manoeuvre.frames)
    half = scene.probe.width_mm / 2
    columns = np.linspace(-half, half, 61)
    out: dict[str, list[NDArray[np.float64]]] = {name: [] for name in ("rectus_outline_px", "cortex_px", "grid_px", "rectus_thickness_mm")}  # fmt: skip
    ends: dict[str, list[NDArray[np.float64]]] = {name: [] for name in ("proximal_end_px", "distal_end_px", "stump_points_px")}  # fmt: skip
    grid = _long_axis_grid(thigh)
    for index in frames:
        motion = thigh.motion(index)

        def shown(x: NDArray[np.float64], z: NDArray[np.float64], index: int = index) -> NDArray[np.float64]:
            return region.to_px(*thigh.seen(index, x, z))

        top, bottom = motion.border("top", columns), motion.border("bottom", columns)
        out["rectus_outline_px"].append(np.concatenate([shown(columns, top), shown(columns, bottom)[::-1]]))
        out["cortex_px"].append(shown(columns, motion.border("bone", columns)))
        moved = [_moved_long(motion, code, u, v) for code, u, v in grid]
        out["grid_px"].append(np.concatenate([shown(x, z) for x, z in moved]))
        at = np.array([-15.0, 0.0, 15.0])
        out["rectus_thickness_mm"].append(motion.border("bottom", at) - motion.border("top", at))
        if motion.edges is not None:
            pick = np.linspace(0, motion.edges.zeta.size - 1, END_POINTS).astype(int)
            left, right = (shown(*motion.end(side)) for side in (-1, 1))
            ends["proximal_end_px"].append(left[pick])
            ends["distal_end_px"].append(right[pick])
            three = [round(share * (motion.edges.zeta.size - 1)) for share in (0.1, 0.5, 0.9)]
            ends["stump_points_px"].append(np.stack([left[three], right[three]]))
    arrays: Arrays = {name: np.array(values) for name, values in (out | ends).items() if values}
    arrays["grid_region"] = np.concatenate([np.full(u.shape, code, dtype=np.uint8) for code, u, _ in grid])
    return arrays


def _long_axis_grid(thigh: LongAxisThigh) -> list[tuple[int, NDArray[np.float64], NDArray[np.float64]]]:
    """Material points to follow: code, and the two coordinates of their region."""
    half = thigh.scene.probe.width_mm / 2 - 1.5
    columns = np.linspace(-half, half, 23)

    def mesh(levels: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        x, level = np.meshgrid(columns, levels)
        return x.ravel(), level.ravel()

    fat_x, fat_z = mesh(np.array([3.0, 5.0]))
    x, zeta = mesh(np.linspace(0.08, 0.92, 8))
    deep_x, share = mesh(np.linspace(0.15, 0.9, 5))
    if thigh.edges is None:
        return [(0, fat_x, fat_z), (1, x, zeta), (3, deep_x, share)]
    left = x < thigh.edges.rest_at(-1, zeta)
    right = x > thigh.edges.rest_at(1, zeta)
    return [(0, fat_x, fat_z), (1, x[left], zeta[left]), (2, x[right], zeta[right]), (3, deep_x, share)]


def _moved_long(
    motion: LongAxisMotion, code: int, u: NDArray[np.float64], v: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Place of grid points of one region."""
    if code == 0:
        return motion.superficial(u, v)
    if code == 3:
        return motion.vastus(u, v)
    return motion.rectus(u, v, -1 if code == 1 else 1)


def _short_axis(thigh: ShortAxisThigh) -> Arrays:
    """Arrays of a short-axis clip."""
    scene, region, shape = thigh.scene, Region.of(thigh.scene.probe), thigh.shape
    half = scene.probe.width_mm / 2 - 1.5
    x, z = (
        axis.ravel()
        for axis in np.meshgrid(
            np.linspace(-half, half, 21), np.linspace(3.0, scene.thigh.cortex_mm - 1.5, 15)
        )
    )
    code = np.where(z < shape.fascia(x), 0, np.where(shape.rectus_distance_mm(x, z) < 0, 1, 3)).astype(
        np.uint8
    )
    outline = shape.outline_px_points()
    step = 0.4
    fine_x, fine_z = (a.ravel() for a in np.meshgrid(np.arange(-20, 20, step), np.arange(4, 30, step)))
    inside = shape.rectus_distance_mm(fine_x, fine_z) < 0
    fine_x, fine_z = fine_x[inside], fine_z[inside]
    grid, border, cortex, area = [], [], [], []
    for index in range(scene.manoeuvre.frames):
        motion = thigh.motion(index)
        grid.append(region.to_px(*thigh.seen(index, *shape.moved(x, z, motion))))
        border.append(region.to_px(*thigh.seen(index, *shape.moved(*outline, motion))))
        cortex.append(region.to_px(*thigh.seen(index, *thigh.cortex(motion)))[::4])
        area.append(float(shape.open_share(fine_x, fine_z, motion).sum()) * step**2)
    return {
        "grid_px": np.array(grid), "grid_region": code, "rectus_outline_px": np.array(border),
        "cortex_px": np.array(cortex), "open_area_mm2": np.array(area),
    }  # fmt: skip
