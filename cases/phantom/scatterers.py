"""Groups of scatterers that move together, with one set of amplitudes per slice out of the picture plane."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cases.phantom.acoustics import DARK_MUSCLE_DB

FloatArray = NDArray[np.float32]
DENSITY_PER_MM2 = 110.0
"""Scatterers per square millimetre: about a dozen in one resolution cell, so speckle is fully developed."""


@dataclass(frozen=True, slots=True, eq=False)
class ScattererGroup:
    """Scatterers of one region.

    Parameters
    ----------
    region : str
        Names the map that moves them.
    u, v : ndarray, shape (scatterers,)
        Material coordinates; what they mean depends on the region.
    amplitude : ndarray of float32, shape (slices, scatterers)
        Signed amplitude in each slice; slices are one elevation width apart.
    attenuation_db_per_mm : float
        Two-way attenuation of the region.
    closed_amplitude : ndarray of float32, shape (scatterers,), optional
        For the content of a gap: amplitude while it is closed, when torn fibres and blood lie in it.
    """

    region: str
    u: NDArray[np.float64]
    v: NDArray[np.float64]
    amplitude: FloatArray
    attenuation_db_per_mm: float
    closed_amplitude: FloatArray | None = None

    def amplitude_at(self, slice_position: float) -> FloatArray:
        """Amplitude between two slices; its variance stays the same all the way.

        Parameters
        ----------
        slice_position : float
            Distance out of the plane in elevation widths, at least 0.
        """
        last = self.amplitude.shape[0] - 1
        position = min(max(slice_position, 0.0), float(last))
        lower = min(int(position), max(last - 1, 0))
        share = position - lower
        if last == 0 or share == 0.0:
            return np.asarray(self.amplitude[lower])
        turn = 0.5 * np.pi * share
        mixed = np.cos(turn) * self.amplitude[lower] + np.sin(turn) * self.amplitude[lower + 1]
        return np.asarray(mixed.astype(np.float32))


def signed_amplitude(rng: np.random.Generator, level_db: NDArray[np.floating]) -> FloatArray:
    """Amplitude of random sign and size for scatterers of a given echo level.

    Parameters
    ----------
    rng : Generator
        Source.
    level_db : ndarray
        Level against dark muscle.
    """
    scale = 10 ** ((np.asarray(level_db, dtype=np.float32) + np.float32(DARK_MUSCLE_DB)) / np.float32(20))
    return (scale * rng.standard_normal(scale.shape, dtype=np.float32)).astype(np.float32)


def slice_positions(out_of_plane_mm: NDArray[np.floating], elevation_width_mm: float) -> NDArray[np.float64]:
    """Out-of-plane position of each frame in elevation widths, the smallest at zero."""
    position = np.asarray(out_of_plane_mm, dtype=np.float64) / elevation_width_mm
    return position - position.min()
