"""What a modern scanner does after detection: compression, speckle reduction, edge enhancement, persistence."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from cases.phantom.point_spread import BeamGrid

FloatArray = NDArray[np.float32]
ByteArray = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Processing:
    """Strength of each step of the post-processing.

    Parameters
    ----------
    gain_db : float
        Brightness: added before compression.
    gray_gamma : float
        Exponent of the grey map; above 1 darkens the middle.
    video_filter_mm : float
        Smoothing of the detected echo before compression; it fills the black pits of speckle.
    speckle_reduction : float
        Share (0 to 1) of the picture smoothed along its local direction.
    smoothing_mm : float
        Half length of that smoothing.
    edge_enhancement : float
        Strength of unsharp masking.
    persistence : float
        Share (0 to below 1) of the previous picture that stays.
    side_falloff_db : float
        Loss at the left and right border, where half of the aperture is missing.
    """

    gain_db: float = 5.0
    gray_gamma: float = 1.3
    video_filter_mm: float = 0.11
    speckle_reduction: float = 0.6
    smoothing_mm: float = 0.45
    edge_enhancement: float = 0.45
    persistence: float = 0.22
    side_falloff_db: float = 4.0


def compress(envelope: FloatArray, grid: BeamGrid, processing: Processing) -> FloatArray:
    """Log-compress an envelope and resample it to display pixels.

    Returns
    -------
    ndarray of float32, shape (rows, columns)
        0 at the floor of the dynamic range, 1 at full scale, not clipped above.
    """
    probe = grid.probe
    sigma_x, sigma_z = (
        processing.video_filter_mm / grid.pitch_x_mm,
        0.7 * processing.video_filter_mm / grid.pitch_z_mm,
    )
    detected = cv2.GaussianBlur(envelope, (0, 0), sigmaX=max(sigma_x, 0.01), sigmaY=max(sigma_z, 0.01))
    log_db = 20 * np.log10(detected + 1e-9, dtype=np.float32) + np.float32(processing.gain_db)
    x_mm = (np.arange(probe.columns_px) + 0.5) * probe.mm_per_px - probe.width_mm / 2
    z_mm = (np.arange(probe.rows_px) + 0.5) * probe.mm_per_px
    map_x = ((x_mm - grid.x_mm[0]) / grid.pitch_x_mm).astype(np.float32)
    map_z = (z_mm / grid.pitch_z_mm).astype(np.float32)
    grid_x, grid_z = np.meshgrid(map_x, map_z)
    shown = cv2.remap(log_db, grid_x, grid_z, cv2.INTER_LINEAR)
    beside = np.abs(x_mm) - (probe.width_mm / 2 - 4.0)
    shown = (
        shown - (processing.side_falloff_db * np.clip(beside / 4.0, 0, 1) ** 2).astype(np.float32)[None, :]
    )
    return np.asarray(np.maximum(1 + shown / np.float32(probe.dynamic_range_db), 0.0).astype(np.float32))


def reduce_speckle(picture: FloatArray, processing: Processing, mm_per_px: float) -> FloatArray:
    """Average along the local direction of the structure, which keeps septa and calms the grain.

    Parameters
    ----------
    picture : ndarray of float32, shape (rows, columns)
        Compressed picture.
    processing : Processing
        Strength.
    mm_per_px : float
        Pixel pitch.
    """
    if processing.speckle_reduction <= 0:
        return picture
    smooth = cv2.GaussianBlur(picture, (0, 0), 0.2 / mm_per_px)
    gradient_x = cv2.Sobel(smooth, cv2.CV_32F, 1, 0)
    gradient_y = cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    scale = 1.1 / mm_per_px
    xx = cv2.GaussianBlur(gradient_x * gradient_x, (0, 0), scale)
    yy = cv2.GaussianBlur(gradient_y * gradient_y, (0, 0), scale)
    xy = cv2.GaussianBlur(gradient_x * gradient_y, (0, 0), scale)
    along = 0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2
    coherence = np.sqrt((xx - yy) ** 2 + 4 * xy**2) / (xx + yy + 1e-9)
    step_x, step_y = np.cos(along).astype(np.float32), np.sin(along).astype(np.float32)
    rows, columns = picture.shape
    grid_x, grid_y = np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32))
    half = processing.smoothing_mm / mm_per_px
    total, weight_sum = np.zeros_like(picture), 0.0
    for share in np.linspace(-1, 1, 7):
        weight = float(np.exp(-2.0 * share**2))
        offset = np.float32(share * half)
        total += weight * cv2.remap(
            picture,
            grid_x + offset * step_x,
            grid_y + offset * step_y,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT,
        )
        weight_sum += weight
    calm = cv2.GaussianBlur(picture, (0, 0), 0.09 / mm_per_px)
    directed = np.clip(1.6 * coherence - 0.3, 0, 1)
    reduced = calm + directed * (total / weight_sum - calm)
    return np.asarray(
        (picture + np.float32(processing.speckle_reduction) * (reduced - picture)).astype(np.float32)
    )


def enhance_edges(picture: FloatArray, processing: Processing, mm_per_px: float) -> FloatArray:
    """Sharpen by adding the difference to a blurred copy."""
    blurred = cv2.GaussianBlur(picture, (0, 0), 0.3 / mm_per_px)
    return picture + np.float32(processing.edge_enhancement) * (picture - blurred)


def persist(pictures: list[FloatArray], processing: Processing) -> list[FloatArray]:
    """Mix each picture with those before it, as the persistence of a scanner does.

    The clip is entered as if the tissue had been at rest before its first frame.
    """
    kept: list[FloatArray] = []
    for picture in pictures:
        before = kept[-1] if kept else picture
        mixed = picture + np.float32(processing.persistence) * (before - picture)
        kept.append(mixed.astype(np.float32))
    return kept


def to_gray(picture: FloatArray, processing: Processing) -> ByteArray:
    """Map a compressed picture to 8-bit grey."""
    shown = np.clip(picture, 0, 1) ** np.float32(processing.gray_gamma)
    return np.round(shown * 255).astype(np.uint8)
