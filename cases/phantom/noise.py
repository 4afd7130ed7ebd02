"""Seeded random fields, smooth along chosen axes and without a visible period."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, map_coordinates

FloatArray = NDArray[np.float32]
PIXELS_PER_LENGTH = 3.0
"""Samples per correlation length: enough for linear interpolation to stay smooth."""


@dataclass(frozen=True, slots=True, eq=False)
class NoiseField:
    """Gaussian noise of zero mean and unit variance over a plane, periodic far outside the picture.

    Parameters
    ----------
    values : ndarray of float32, shape (v, u)
        Samples.
    length_u_mm, length_v_mm : float
        Correlation length (sigma of the smoothing) along either axis.
    """

    values: FloatArray
    length_u_mm: float
    length_v_mm: float

    @classmethod
    def make(
        cls, rng: np.random.Generator, length_u_mm: float, length_v_mm: float, *, extent_mm: float = 110.0
    ) -> Self:
        """Draw a field.

        Parameters
        ----------
        rng : Generator
            Where the randomness comes from; the same state gives the same field.
        length_u_mm, length_v_mm : float
            Correlation lengths.
        extent_mm : float
            Period of the field.
        """
        sigma = PIXELS_PER_LENGTH
        shape = (
            max(8, round(extent_mm / length_v_mm * sigma)),
            max(8, round(extent_mm / length_u_mm * sigma)),
        )
        white = rng.standard_normal(shape, dtype=np.float32)
        # The variance left by a Gaussian of width sigma is 1 / (4 pi sigma^2): known, so never estimated.
        values = gaussian_filter(white, sigma, mode="wrap") * np.float32(2.0 * np.sqrt(np.pi) * sigma)
        values.setflags(write=False)
        return cls(values, length_u_mm, length_v_mm)

    def at(self, u_mm: NDArray[np.floating], v_mm: NDArray[np.floating]) -> FloatArray:
        """Sample at points, in millimetres along u and v.

        Parameters
        ----------
        u_mm, v_mm : ndarray
            Same shape.

        Returns
        -------
        ndarray of float32
            Values, of that shape.
        """
        v_px = np.asarray(v_mm, dtype=np.float32) / self.length_v_mm * PIXELS_PER_LENGTH
        u_px = np.asarray(u_mm, dtype=np.float32) / self.length_u_mm * PIXELS_PER_LENGTH
        return np.asarray(
            map_coordinates(self.values, [v_px, u_px], order=1, mode="grid-wrap", output=np.float32)
        )


def smoothstep(low: float, high: float, value: NDArray[np.floating]) -> NDArray[np.floating]:
    """Rise smoothly from 0 to 1 between two bounds.

    >>> smoothstep(0.0, 1.0, np.array([-1.0, 0.5, 2.0])).tolist()
    [0.0, 0.5, 1.0]
    """
    share = np.clip((value - low) / (high - low), 0.0, 1.0)
    return np.asarray(share * share * (3.0 - 2.0 * share))


def curve_noise(
    rng: np.random.Generator, positions: NDArray[np.floating], length: float
) -> NDArray[np.float64]:
    """Smooth noise of unit variance along a line, zero mean over many seeds.

    Parameters
    ----------
    rng : Generator
        Source.
    positions : ndarray
        Evenly spaced positions.
    length : float
        Correlation length in the unit of ``positions``.
    """
    step = float(positions[1] - positions[0])
    sigma = max(length / step, 0.5)
    pad = int(4 * sigma) + 1
    white = rng.standard_normal(positions.size + 2 * pad)
    smooth = gaussian_filter(white, sigma, mode="constant")[pad:-pad]
    return np.asarray(smooth * np.sqrt(2.0 * np.sqrt(np.pi) * sigma))
