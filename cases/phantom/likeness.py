"""Simulated muscle beside real muscle, measured: grey levels, speckle size, local contrast, direction.

The amplitude, point spread and grey map of the phantom were set with these numbers in view, on these same
pictures: a fit, not an independent validation, and no substitute for a radiologist's look.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from cases.phantom.catalogue import clip_named
from cases.phantom.image_processing import to_gray
from cases.phantom.long_axis import LongAxisThigh
from cases.phantom.render import picture

FloatArray = NDArray[np.float32]
PITCH_MM = 0.1
PATCH_MM = (9.0, 14.0)
"""Height and width of a patch of muscle."""
MEASURES = ("mean grey", "grey sd", "grey skew", "axial size mm", "lateral size mm", "local contrast", "direction order", "direction deg")  # fmt: skip


@dataclass(frozen=True, slots=True)
class RealPictures:
    """A set of real pictures and where muscle lies in them.

    Parameters
    ----------
    group : str
        Name in the table.
    pattern : str
        Files, below the data folder.
    mm_per_px : float
        Scale: from the depth scale on the screen, or from an assumed 50 mm footprint.
    box : tuple of int
        Left, top, right, bottom of muscle, in px.
    """

    group: str
    pattern: str
    mm_per_px: float
    box: tuple[int, int, int, int]


REAL = (
    RealPictures("vastus lateralis, LOGIQ E9", "vl_stills_cc0/S*/*.png", 0.108, (40, 120, 400, 320)),
    RealPictures("gastrocnemius, LOGIQ E9", "gl_jump_stills_cc0/*.png", 0.087, (160, 190, 640, 365)),
    RealPictures("gastrocnemius, Telemed", "gm_frames_ccby/*.jpg", 0.089, (400, 205, 880, 355)),
)
SIMULATED = (
    ("long-axis-defect", (0, 4, 8)), ("other-side", (0, 20, 34)), ("slipping-probe", (0, 4, 30)),
    ("partial-long", (0, 4)), ("dynamic-atrophy", (0, 4)), ("haematoma-long", (0,)),
)  # fmt: skip


def measure(patch: FloatArray) -> dict[str, float]:
    """Measure one patch of muscle.

    Parameters
    ----------
    patch : ndarray of float32, shape (rows, columns)
        Grey levels 0-255 at ``PITCH_MM``.
    """
    mean, sd = float(patch.mean()), float(patch.std())
    skew = float((((patch - mean) / max(sd, 1e-6)) ** 3).mean())
    axial, lateral = speckle_size_mm(patch)
    window = round(2.0 / PITCH_MM)
    local_mean = cv2.blur(patch, (window, window))
    local_sd = np.sqrt(np.maximum(cv2.blur(patch * patch, (window, window)) - local_mean**2, 0))
    contrast = float(np.median(local_sd / np.maximum(local_mean, 1.0)))
    order, angle = direction(patch)
    return dict(zip(MEASURES, (mean, sd, skew, axial, lateral, contrast, order, angle), strict=True))


def speckle_size_mm(patch: FloatArray) -> tuple[float, float]:
    """Full width at half maximum of the autocorrelation, along depth and across, in millimetres."""
    flat = patch - cv2.GaussianBlur(patch, (0, 0), 3.0 / PITCH_MM)
    spectrum = np.abs(np.fft.fft2(flat, s=(2 * flat.shape[0], 2 * flat.shape[1]))) ** 2
    correlation = np.fft.ifft2(spectrum).real
    correlation /= correlation[0, 0]
    return _full_width(correlation[:, 0]), _full_width(correlation[0, :])


def _full_width(half: NDArray[np.float64]) -> float:
    """Twice the distance at which a falling curve crosses one half."""
    index = int(np.argmax(half < 0.5))
    before, after = half[index - 1], half[index]
    return float(2 * PITCH_MM * (index - 1 + (before - 0.5) / (before - after)))


def direction(patch: FloatArray) -> tuple[float, float]:
    """How strongly gradients agree (0 to 1), and the angle of the texture to the horizontal in degrees."""
    smooth = cv2.GaussianBlur(patch, (0, 0), 2.0)
    gx, gy = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    vector = complex(float((gx**2 - gy**2).mean()), float((2 * gx * gy).mean()))
    energy = float((gx**2 + gy**2).mean())
    along = np.rad2deg(0.5 * np.angle(vector)) + 90.0
    return abs(vector) / max(energy, 1e-9), float(abs((along + 90.0) % 180.0 - 90.0))


def _patches(box: FloatArray) -> Iterator[FloatArray]:
    """Cut a box of muscle into patches, side by side."""
    rows, columns = (round(size / PITCH_MM) for size in PATCH_MM)
    for top in range(0, box.shape[0] - rows + 1, rows):
        for left in range(0, box.shape[1] - columns + 1, columns):
            yield np.ascontiguousarray(box[top : top + rows, left : left + columns])


def _resampled(box: NDArray[np.uint8], mm_per_px: float) -> FloatArray:
    """Bring a box to the common pitch."""
    scale = mm_per_px / PITCH_MM
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(
        cv2.resize(box.astype(np.float32), None, fx=scale, fy=scale, interpolation=interpolation)
    )


def _mean_of(patches: list[FloatArray]) -> dict[str, float]:
    """Median of each measure over the patches of a picture."""
    rows = [measure(patch) for patch in patches]
    return {name: float(np.median([row[name] for row in rows])) for name in MEASURES}


def real_boxes(data: Path) -> Iterator[tuple[str, FloatArray]]:
    """Yield the group of each real picture and its box of muscle, at the common pitch.

    Parameters
    ----------
    data : Path
        Folder with the real pictures.

    Raises
    ------
    FileNotFoundError
        If the folder holds none of them, or a file is no picture.
    """
    found = False
    for pictures in REAL:
        left, top, right, bottom = pictures.box
        for path in sorted(data.glob(pictures.pattern)):
            gray = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
            if gray is None:
                raise FileNotFoundError(f"{path} is not a picture")
            found = True
            yield (
                pictures.group,
                _resampled(gray[top:bottom, left:right].astype(np.uint8), pictures.mm_per_px),
            )
    if not found:
        raise FileNotFoundError(f"no real pictures of muscle below {data}")


def measure_real(data: Path) -> dict[str, list[dict[str, float]]]:
    """Measure the real pictures: one row a picture, by group."""
    found: dict[str, list[dict[str, float]]] = {}
    for group, box in real_boxes(data):
        patches = [patch for patch in _patches(box) if patch.mean() > 8]
        if patches:
            found.setdefault(group, []).append(_mean_of(patches))
    return found


def histogram(boxes: Iterable[FloatArray]) -> NDArray[np.float64]:
    """Mean histogram of grey levels over boxes, 32 bins that sum to 1."""
    counts = [np.histogram(np.clip(box, 0, 255), bins=32, range=(0, 256))[0] / box.size for box in boxes]
    return np.asarray(np.mean(counts, axis=0))


def overlap(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Shared part of two histograms: 1 when they are the same, 0 when they have nothing in common."""
    return float(np.minimum(one, other).sum())


def simulated_boxes(*, quick: bool = False) -> Iterator[tuple[str, FloatArray]]:
    """Boxes of simulated rectus femoris and vastus intermedius away from any tear, at the common pitch.

    Parameters
    ----------
    quick : bool
        One frame a clip only.
    """
    for name, frames in SIMULATED:
        scene = clip_named(name).scene
        thigh = LongAxisThigh.of(scene)
        for index in frames[:1] if quick else frames:
            gray = to_gray(picture(thigh, index), scene.processing)
            motion = thigh.motion(index)
            pitch, half = scene.probe.mm_per_px, scene.probe.width_mm / 2
            for muscle, upper, lower in (("rectus", "top", "bottom"), ("vastus", "vastus", "bone")):
                left, right = (half - 22.0, half - 7.0) if scene.tear else (half - 22.0, half + 22.0)
                middle = np.array([(left + right) / 2 - half])
                top, bottom = float(motion.border(upper, middle)[0]), float(motion.border(lower, middle)[0])
                z0 = max(top + 0.8, (top + bottom) / 2 - 5.0)
                rows = slice(round(z0 / pitch), round(min(z0 + 10.0, bottom - 0.6) / pitch))
                box = gray[rows, round(left / pitch) : round(right / pitch)]
                yield f"{muscle} ({name})", _resampled(box, pitch)


def measure_simulated(*, quick: bool = False) -> list[dict[str, float]]:
    """Measure simulated muscle: one row a box."""
    rows = []
    for _, box in simulated_boxes(quick=quick):
        patches = list(_patches(box)) or [box]
        rows.append(_mean_of(patches))
    return rows
