"""Slices of the whole thigh in a spin-echo sequence: partial volume, point spread, noise, coil."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cases.phantom.spin_echo import NAMES, TISSUES, MrSequence, MrTissue, signal
from cases.phantom.whole_thigh import WholeThigh, shading

FloatArray = NDArray[np.float32]
Plane = Literal["sagittal", "axial"]
SUPERSAMPLING = 2
SUB_SLICES = 7
NOISE_STREAM = 92


@dataclass(frozen=True, slots=True)
class MrGeometry:
    """Where a series lies.

    Parameters
    ----------
    plane : str
        ``"sagittal"`` or ``"axial"``.
    field_of_view_mm : float
        Side of the square picture.
    matrix : int
        Pixels per side.
    slices : int
        Number of slices.
    slice_thickness_mm, slice_gap_mm : float
        Thickness and gap.
    middle_mm : tuple of float
        Middle of the series in x, y, z.
    """

    plane: Plane
    field_of_view_mm: float = 180.0
    matrix: int = 320
    slices: int = 11
    slice_thickness_mm: float = 4.0
    slice_gap_mm: float = 0.4
    middle_mm: tuple[float, float, float] = (0.0, 0.0, 74.0)

    @property
    def mm_per_px(self) -> float:
        """Pixel pitch."""
        return self.field_of_view_mm / self.matrix

    def slice_position_mm(self, slice_index: int) -> float:
        """Position of a slice along its normal: y when sagittal, x when axial."""
        offset = (slice_index - (self.slices - 1) / 2) * (self.slice_thickness_mm + self.slice_gap_mm)
        return offset + (self.middle_mm[1] if self.plane == "sagittal" else self.middle_mm[0])

    def to_px(self, x_mm: float, y_mm: float, z_mm: float) -> tuple[float, float]:
        """Image coordinates of a point, corner origin.

        A sagittal picture shows the front on the left and proximal on top, an axial one the front on top.
        """
        x0, y0, z0 = self.middle_mm
        half = self.field_of_view_mm / 2
        if self.plane == "sagittal":
            return (z_mm - z0 + half) / self.mm_per_px, (x_mm - x0 + half) / self.mm_per_px
        return (y_mm - y0 + half) / self.mm_per_px, (z_mm - z0 + half) / self.mm_per_px

    def nearest_slice(self, x_mm: float, y_mm: float) -> int:
        """Zero-based slice nearest to a point."""
        wanted = y_mm if self.plane == "sagittal" else x_mm
        return int(np.argmin([abs(self.slice_position_mm(index) - wanted) for index in range(self.slices)]))

    def points(self, slice_index: int, offset_mm: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Points of one thin sub-slice, finer than the pixels.

        Returns
        -------
        tuple of ndarray
            x, y and z, each of shape (matrix * SUPERSAMPLING, same).
        """
        count = self.matrix * SUPERSAMPLING
        axis = ((np.arange(count) + 0.5) / count - 0.5) * self.field_of_view_mm
        across, down = np.meshgrid(axis.astype(np.float32), axis.astype(np.float32))
        normal = np.full_like(across, self.slice_position_mm(slice_index) + offset_mm)
        x0, y0, z0 = (np.float32(value) for value in self.middle_mm)
        if self.plane == "sagittal":
            return down + x0, normal, across + z0
        return normal, across + y0, down + z0


@dataclass(frozen=True, slots=True)
class MrOptions:
    """What the scanner adds.

    Parameters
    ----------
    noise : float
        Standard deviation of the noise in either channel, against fully relaxed water.
    coil_shading : bool
        Whether sensitivity falls off.
    acquired_share : float
        Share of k-space along either side that is acquired; the rest is filled with zeros.
    tissues : dict of str to MrTissue
        Tissues that differ from the table, such as fluid in place of clot.
    """

    noise: float = 0.0115
    coil_shading: bool = True
    acquired_share: float = 0.84
    tissues: dict[str, MrTissue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class TissueShares:
    """What fills each fine pixel of a slice, over its thickness.

    Parameters
    ----------
    shares : ndarray of float32, shape (tissues, rows, columns)
        In the order of `spin_echo.NAMES`; they sum to 1.
    """

    shares: FloatArray


def tissue_shares(thigh: WholeThigh, geometry: MrGeometry, slice_index: int) -> TissueShares:
    """Sample the thigh over the thickness of a slice, weighted by a rounded slice profile."""
    offsets = ((np.arange(SUB_SLICES) + 0.5) / SUB_SLICES - 0.5) * geometry.slice_thickness_mm * 1.15
    weights = 1 / (1 + (np.abs(offsets) / (0.5 * geometry.slice_thickness_mm)) ** 8)
    weights = weights / weights.sum()
    count = geometry.matrix * SUPERSAMPLING
    shares = np.zeros((len(NAMES), count, count), dtype=np.float32)
    muscle, oedema = NAMES.index("muscle"), NAMES.index("oedema")
    for offset, weight in zip(offsets, weights, strict=True):
        x, y, z = geometry.points(slice_index, float(offset))
        label = thigh.tissue(x, y, z)
        for index in np.unique(label):
            shares[index] += np.float32(weight) * (label == index)
        wet = thigh.oedema_share(x, y, z) * (label == muscle) * np.float32(weight)
        shares[muscle] -= wet
        shares[oedema] += wet
    return TissueShares(shares)


def acquire(
    content: TissueShares,
    sequence: MrSequence,
    geometry: MrGeometry,
    options: MrOptions,
    seed: tuple[int, ...],
) -> FloatArray:
    """Magnitude picture of one slice.

    Parameters
    ----------
    content : TissueShares
        What is in it.
    sequence : MrSequence
        How it is excited and read.
    geometry : MrGeometry
        Its size.
    options : MrOptions
        Noise, coil and resolution.
    seed : tuple of int
        Seed of the noise.

    Returns
    -------
    ndarray of float32, shape (matrix, matrix)
        Signal against fully relaxed water.
    """
    water = np.zeros(content.shares.shape[1:], dtype=np.float32)
    fat = np.zeros_like(water)
    for name, share in zip(NAMES, content.shares, strict=True):
        tissue = options.tissues.get(name, TISSUES[name])
        into = fat if tissue.is_fat else water
        into += share * np.float32(signal(tissue, sequence))
    shift = sequence.chemical_shift_px * SUPERSAMPLING
    picture = _resolved(water, geometry, options, 0.0) + _resolved(fat, geometry, options, shift)
    if options.coil_shading:
        picture = picture * _coil(geometry)
    rng = np.random.default_rng((*seed, NOISE_STREAM))
    noise = options.noise * rng.standard_normal((2, geometry.matrix, geometry.matrix))
    return np.asarray(np.hypot(picture.real + noise[0], picture.imag + noise[1]).astype(np.float32))


def _resolved(
    fine: FloatArray, geometry: MrGeometry, options: MrOptions, shift_px: float
) -> NDArray[np.complex128]:
    """Keep the acquired part of k-space, softly, and return to the pixels of the picture."""
    count, matrix = fine.shape[0], geometry.matrix
    spectrum = np.fft.fft2(fine)
    frequency = np.fft.fftfreq(count)
    # Pixel centres of the fine and of the coarse grid differ by half a fine pixel.
    half_px = 0.5 * (SUPERSAMPLING - 1)
    row = np.exp(2j * np.pi * frequency * half_px)[:, None]
    column = np.exp(2j * np.pi * frequency * (half_px - shift_px))[None, :]
    spectrum = np.fft.fftshift(spectrum * row * column)
    start = (count - matrix) // 2
    kept = spectrum[start : start + matrix, start : start + matrix]
    radius = np.abs(np.linspace(-1, 1, matrix, endpoint=False)) / options.acquired_share
    window = np.where(radius < 1, 0.62 + 0.38 * np.cos(np.pi * np.clip(radius, 0, 1)), 0.0)
    return np.asarray(
        np.fft.ifft2(np.fft.ifftshift(kept * window[:, None] * window[None, :])) / SUPERSAMPLING**2
    )


def _coil(geometry: MrGeometry) -> FloatArray:
    """Sensitivity of the receive coil over a picture."""
    axis = (np.arange(geometry.matrix) + 0.5) * geometry.mm_per_px - geometry.field_of_view_mm / 2
    z = (axis + geometry.middle_mm[2]).astype(np.float32)
    along = shading(z)
    across = (1 - 0.10 * (axis / (geometry.field_of_view_mm / 2)) ** 2).astype(np.float32)
    return (
        along[None, :] * across[:, None] if geometry.plane == "sagittal" else along[:, None] * across[None, :]
    )
