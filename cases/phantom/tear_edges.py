"""The two ragged ends of a torn muscle, at rest and at full effort."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from cases.phantom.noise import curve_noise, smoothstep
from cases.phantom.scene import Scene

FloatArray = NDArray[np.float64]
EDGE_STREAM = 21
DEPTH_SAMPLES = 161
SIDES = (-1, 1)
"""Proximal end (left of the tear), distal end (right of it)."""


@dataclass(frozen=True, slots=True, eq=False)
class TearEdges:
    """Both ends as curves over the relative depth zeta, 0 at the superficial and 1 at the deep border.

    Parameters
    ----------
    zeta : ndarray, shape (depths,)
        Relative depth.
    rest_x_mm : ndarray, shape (2, depths)
        Position of the proximal and of the distal end at rest.
    rounding_mm, unevenness_mm : ndarray, shape (2, depths)
        Further retraction at full effort: of the corners, and of single fascicles. Zero at mid-depth.
    torn : ndarray, shape (depths,)
        1 where the fibres are torn, 0 where they bridge.
    """

    zeta: FloatArray
    rest_x_mm: FloatArray
    rounding_mm: FloatArray
    unevenness_mm: FloatArray
    torn: FloatArray

    @classmethod
    def of(cls, scene: Scene) -> Self:
        """Draw the ends of a scene's tear.

        Raises
        ------
        ValueError
            If the scene has no tear.
        """
        tear = scene.tear
        if tear is None:
            raise ValueError(f"scene {scene.name!r} has no tear")
        zeta = np.linspace(0.0, 1.0, DEPTH_SAMPLES)
        depth_mm = zeta * scene.thigh.rectus_mm
        rng = np.random.default_rng((scene.seed, EDGE_STREAM))
        torn = np.ones_like(zeta)
        if tear.torn_from > 0:
            torn = torn * smoothstep(tear.torn_from - 0.1, tear.torn_from + 0.02, zeta)
        if tear.torn_to < 1:
            torn = torn * (1 - smoothstep(tear.torn_to - 0.02, tear.torn_to + 0.1, zeta))
        line = tear.position_mm + np.tan(np.deg2rad(tear.tilt_deg)) * (depth_mm - depth_mm.mean())
        line = line + _anchored(0.8 * curve_noise(rng, depth_mm, 3.0))
        rest, rounding, uneven = [], [], []
        power = rng.uniform(1.7, 2.6, (2, 2))
        for index, side in enumerate(SIDES):
            ragged = 0.26 * curve_noise(rng, depth_mm, 1.1) + 0.2 * curve_noise(rng, depth_mm, 0.35)
            ragged = np.clip(
                _anchored(ragged) * tear.raggedness_mm, -0.32 * tear.gap_rest_mm, 0.32 * tear.gap_rest_mm
            )
            rest.append(line + side * torn * (0.5 * tear.gap_rest_mm + ragged))
            upper = np.clip(1 - 2 * zeta, 0, 1) ** power[index, 0] * rng.uniform(0.75, 1.35)
            lower = np.clip(2 * zeta - 1, 0, 1) ** power[index, 1] * rng.uniform(0.55, 1.15)
            rounding.append(tear.rounding_mm * (upper + lower) * torn)
            waves = 1.25 * curve_noise(rng, depth_mm, 2.4) + 0.6 * curve_noise(rng, depth_mm, 0.8)
            waves = waves + 0.3 * curve_noise(rng, depth_mm, 0.3)
            uneven.append(_anchored(waves) * tear.raggedness_mm * torn)
        return cls(zeta, np.array(rest), np.array(rounding), np.array(uneven), torn)

    def rest_at(self, side: int, zeta: NDArray[np.floating]) -> FloatArray:
        """Position of one end at rest, in millimetres, at given relative depths."""
        return np.asarray(np.interp(zeta, self.zeta, self.rest_x_mm[SIDES.index(side)]))


def _anchored(curve: FloatArray) -> FloatArray:
    """Curve shifted to zero at mid-depth, where the gap is defined."""
    return np.asarray(curve - curve[curve.size // 2])
