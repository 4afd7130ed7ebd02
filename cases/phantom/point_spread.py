"""The picture of one point: wide away from the focus, long where the pulse is long."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from cases.phantom.probe import ProbePreset

ComplexArray = NDArray[np.complex64]
FWHM_PER_SIGMA = 2.0 * np.sqrt(2.0 * np.log(2.0))
PEDESTAL_DB = -36.0
PEDESTAL_WIDTH_MM = 3.2


@dataclass(frozen=True, slots=True)
class BeamGrid:
    """Grid on which echoes are summed: finer than the point spread, with room for beams from outside.

    Parameters
    ----------
    probe : ProbePreset
        The probe.
    pitch_x_mm, pitch_z_mm : float
        Pitch across and along the beam.
    margin_mm : float
        Room on the left and on the right.
    """

    probe: ProbePreset
    pitch_x_mm: float = 0.1
    pitch_z_mm: float = 0.05
    margin_mm: float = 2.4

    @property
    def columns(self) -> int:
        """Number of columns, a fast length for a Fourier transform."""
        wanted = round((self.probe.width_mm + 2 * self.margin_mm) / self.pitch_x_mm)
        return int(fft.next_fast_len(wanted))

    @property
    def rows(self) -> int:
        """Number of rows."""
        return round((self.probe.depth_mm + 1.0) / self.pitch_z_mm)

    @property
    def x_mm(self) -> NDArray[np.float32]:
        """Position of each column."""
        middle = (self.columns - 1) / 2
        return ((np.arange(self.columns) - middle) * self.pitch_x_mm).astype(np.float32)

    @property
    def z_mm(self) -> NDArray[np.float32]:
        """Depth of each row."""
        return (np.arange(self.rows) * self.pitch_z_mm).astype(np.float32)


@lru_cache(maxsize=4)
def lateral_spectrum(grid: BeamGrid) -> ComplexArray:
    """Transfer function across the beam, one row per depth.

    Gaussian of the preset's width, a low pedestal of side lobes, and the curvature of the wavefront
    away from the focus, which bends the speckle.

    Returns
    -------
    ndarray of complex64, shape (rows, columns)
        Of unit energy in each row, so that speckle brightness does not depend on the width.
    """
    probe = grid.probe
    x = ((np.arange(grid.columns) + grid.columns // 2) % grid.columns - grid.columns // 2) * grid.pitch_x_mm
    width = np.array([probe.lateral_width_mm(float(z)) for z in grid.z_mm])[:, None]
    sigma = width / FWHM_PER_SIGMA
    beam = np.exp(-0.5 * (x[None, :] / sigma) ** 2)
    pedestal = 10 ** (PEDESTAL_DB / 20) * np.exp(
        -0.5 * (x[None, :] * FWHM_PER_SIGMA / PEDESTAL_WIDTH_MM) ** 2
    )
    away = grid.z_mm[:, None].astype(np.float64) - probe.focus_depth_mm
    curvature = away / (away**2 + 12.0**2)
    phase = np.exp(1j * (2 * np.pi / probe.wavelength_mm) * x[None, :] ** 2 * curvature * 0.5)
    spread = (beam + pedestal) * phase
    spread /= np.sqrt((np.abs(spread) ** 2).sum(axis=1, keepdims=True))
    return np.asarray(fft.fft(spread, axis=1).astype(np.complex64))


def pulse_kernel(width_mm: float, pitch_mm: float) -> NDArray[np.float32]:
    """Axial envelope of the pulse: a Gaussian with a short ring-down behind it, of unit energy.

    Parameters
    ----------
    width_mm : float
        Width at half the amplitude.
    pitch_mm : float
        Sampling.
    """
    half = int(np.ceil(4 * width_mm / pitch_mm))
    z = np.arange(-half, half + 1) * pitch_mm
    sigma = width_mm / FWHM_PER_SIGMA
    pulse = np.exp(-0.5 * (z / sigma) ** 2)
    tail = 0.06 * np.exp(-np.clip(z - 1.2 * sigma, 0, None) / (1.6 * sigma)) * (z > 1.2 * sigma)
    pulse = pulse + tail
    return np.asarray((pulse / np.sqrt((pulse**2).sum())).astype(np.float32))
