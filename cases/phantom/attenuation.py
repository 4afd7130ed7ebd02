"""How much weaker the echo of each point returns: attenuation along the beam, bone, refractive shadow, gain."""

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from cases.phantom.probe import ProbePreset
from cases.phantom.tissue_frame import TissueFrame

FloatArray = NDArray[np.float32]
PITCH_MM = 0.4
"""Pitch of the map: attenuation is smooth over a beam width."""
MARGIN_MM = 8.0
"""Tissue beside the picture, crossed by tilted beams."""
BONE_DB_PER_MM = 30.0
"""Two-way loss inside bone: nothing comes back."""
APERTURE_DEG = (-4.0, 0.0, 4.0)
"""Directions from which the aperture sees a point; their mean softens every shadow."""


def loss_rate_map(frame: TissueFrame, probe: ProbePreset) -> FloatArray:
    """Two-way loss per millimetre on a coarse grid over picture and margin.

    Returns
    -------
    ndarray of float32, shape (rows, columns)
        In decibel per millimetre; pitch ``PITCH_MM``, starting at ``-width / 2 - MARGIN_MM``.
    """
    columns = round((probe.width_mm + 2 * MARGIN_MM) / PITCH_MM)
    rows = round(probe.depth_mm / PITCH_MM) + 1
    column = np.floor((frame.x_mm + probe.width_mm / 2 + MARGIN_MM) / PITCH_MM).astype(np.int64)
    row = np.floor(frame.z_mm / PITCH_MM).astype(np.int64)
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    cell = row[inside] * columns + column[inside]
    count = np.bincount(cell, minlength=rows * columns).reshape(rows, columns)
    total = np.bincount(cell, weights=frame.attenuation_db_per_mm[inside], minlength=rows * columns).reshape(
        rows, columns
    )
    weight = gaussian_filter(count.astype(np.float64), 1.2) + 1e-6
    rate = gaussian_filter(total, 1.2) / weight
    empty = weight < 0.5
    if empty.any() and not empty.all():
        rate[empty] = float(np.median(rate[~empty]))
    x_mm = (np.arange(columns) + 0.5) * PITCH_MM - probe.width_mm / 2 - MARGIN_MM
    z_mm = (np.arange(rows) + 0.5) * PITCH_MM
    rate = rate + _shadow_rate(frame, probe, rate.shape)
    rate[z_mm[:, None] > frame.bone_depth_mm(x_mm)[None, :] + 0.6] = BONE_DB_PER_MM
    return np.asarray(rate.astype(np.float32))


def _shadow_rate(frame: TissueFrame, probe: ProbePreset, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Loss per millimetre inside the refractive bands."""
    rate = np.zeros(shape)
    for shadow in frame.shadows:
        if shadow.loss_db <= 0:
            continue
        canvas = np.zeros(shape)
        column = (shadow.x_mm + probe.width_mm / 2 + MARGIN_MM) / PITCH_MM
        row = shadow.z_mm / PITCH_MM
        keep = (column > 0) & (column < shape[1] - 1) & (row > 0) & (row < shape[0] - 1)
        np.add.at(canvas, (row[keep].astype(int), column[keep].astype(int)), 1.0)
        sigma = shadow.width_mm / 2.35 / PITCH_MM
        canvas = gaussian_filter(canvas, (1.0, sigma))
        through = float(canvas.sum(axis=0).max()) * PITCH_MM
        if through > 0:
            rate += canvas * (shadow.loss_db / through)
    return rate


def beam_loss_db(
    rate: FloatArray, probe: ProbePreset, angle_deg: float, x_mm: FloatArray, z_mm: FloatArray
) -> FloatArray:
    """Two-way loss from the skin to each point of a grid, along beams of one tilt.

    Parameters
    ----------
    rate : ndarray of float32
        As `loss_rate_map` returns it.
    probe : ProbePreset
        Supplies the geometry.
    angle_deg : float
        Tilt of the beams; positive beams come from the left.
    x_mm, z_mm : ndarray
        Columns and rows of the grid.

    Returns
    -------
    ndarray of float32, shape (rows, columns)
        In decibel, positive.
    """
    rows, columns = rate.shape
    total = np.zeros_like(rate)
    for aperture_deg in APERTURE_DEG:
        shear = float(np.tan(np.deg2rad(angle_deg + aperture_deg)))
        forward = np.array([[1.0, shear, 0.0], [0.0, 1.0, 0.0]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        along = cv2.warpAffine(rate, forward, (columns, rows), flags=flags, borderMode=cv2.BORDER_REPLICATE)
        summed = np.cumsum(along, axis=0) * np.float32(PITCH_MM)
        back = np.array([[1.0, -shear, 0.0], [0.0, 1.0, 0.0]])
        total += cv2.warpAffine(summed, back, (columns, rows), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    total /= len(APERTURE_DEG)
    map_x = ((x_mm + probe.width_mm / 2 + MARGIN_MM) / PITCH_MM - 0.5).astype(np.float32)
    map_z = (z_mm / PITCH_MM - 0.5).astype(np.float32)
    grid_x, grid_z = np.meshgrid(map_x, map_z)
    return np.asarray(cv2.remap(total, grid_x, grid_z, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))
