"""The cross-section of the thigh under the probe, and how it deforms: x to the screen's right, z below the skin."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from cases.phantom.long_axis_motion import LongAxisMotion
from cases.phantom.noise import NoiseField, curve_noise, smoothstep
from cases.phantom.scene import Scene

FloatArray = NDArray[np.float64]
SHAPE_STREAM = 61
ROUNDNESS = 2.25
"""Exponent of the superellipse that rectus femoris is."""
RECTUS_CENTRE_MM = 0.6
FEMUR_CENTRE_MM = -1.5
HALF_REACH_MM = 34.0


@dataclass(frozen=True, slots=True, eq=False)
class SectionShape:
    """Borders of the section at rest.

    Parameters
    ----------
    scene : Scene
        What it was drawn for.
    x_mm, fascia_mm : ndarray
        Depth of the deep surface of fascia lata across the section.
    angles_rad, radius_share : ndarray
        Unevenness of the outline of rectus femoris around its centre, as a factor.
    ragged : NoiseField
        Unevenness across the section of the torn ends.
    """

    scene: Scene
    x_mm: FloatArray
    fascia_mm: FloatArray
    angles_rad: FloatArray
    radius_share: FloatArray
    ragged: NoiseField

    @classmethod
    def of(cls, scene: Scene) -> Self:
        """Draw the section of a scene."""
        rng = np.random.default_rng((scene.seed, SHAPE_STREAM))
        x = np.linspace(-HALF_REACH_MM, HALF_REACH_MM, 400)
        fascia = scene.thigh.rectus_top_mm + 0.0065 * x**2 + 0.012 * x + 0.22 * curve_noise(rng, x, 6.0)
        angles = np.linspace(-np.pi, np.pi, 361)
        waves = sum(
            rng.normal(0, 0.035 / order) * np.cos(order * angles + rng.uniform(0, 2 * np.pi))
            for order in range(2, 9)
        )
        return cls(scene, x, fascia, angles, 1.0 + np.asarray(waves), NoiseField.make(rng, 2.4, 2.0))

    @property
    def centre_mm(self) -> tuple[float, float]:
        """Centre of rectus femoris."""
        thigh = self.scene.thigh
        return RECTUS_CENTRE_MM, thigh.rectus_top_mm + 0.5 + thigh.rectus_mm / 2

    @property
    def femur_mm(self) -> tuple[float, float, float]:
        """Centre and radius of the femur."""
        thigh = self.scene.thigh
        return FEMUR_CENTRE_MM, thigh.cortex_mm + thigh.femur_radius_mm, thigh.femur_radius_mm

    def fascia(self, x_mm: NDArray[np.floating]) -> FloatArray:
        """Depth of the deep surface of fascia lata."""
        return np.asarray(np.interp(x_mm, self.x_mm, self.fascia_mm))

    def rectus_distance_mm(self, x_mm: NDArray[np.floating], z_mm: NDArray[np.floating]) -> FloatArray:
        """Distance from the outline of rectus femoris, negative inside; exact near the outline only."""
        thigh = self.scene.thigh
        x0, z0 = self.centre_mm
        u, v = (x_mm - x0) / (thigh.rectus_width_mm / 2), (z_mm - z0) / (thigh.rectus_mm / 2)
        factor = np.interp(np.arctan2(v, u), self.angles_rad, self.radius_share)
        power = (np.abs(u) ** ROUNDNESS + np.abs(v) ** ROUNDNESS) ** (1 / ROUNDNESS)
        radius = np.hypot(x_mm - x0, z_mm - z0)
        return np.asarray(radius * (1 - factor / np.maximum(power, 1e-3)) * self._steepness(u, v))

    def _steepness(self, u: NDArray[np.floating], v: NDArray[np.floating]) -> FloatArray:
        """Share of a radial step that runs across the outline."""
        thigh = self.scene.thigh
        a, b = thigh.rectus_width_mm / 2, thigh.rectus_mm / 2
        gradient = np.hypot(np.abs(u) / a, np.abs(v) / b)
        radial = (u**2 + v**2) / np.maximum(np.hypot(u * a, v * b), 1e-6)
        return np.asarray(radial / np.maximum(gradient, 1e-9)).clip(0.3, 1.0)

    def outline_px_points(self, count: int = 90) -> tuple[FloatArray, FloatArray]:
        """Points of the outline of rectus femoris at rest, in millimetres."""
        thigh = self.scene.thigh
        angle = np.linspace(-np.pi, np.pi, count, endpoint=False)
        x0, z0 = self.centre_mm
        shape = (np.abs(np.cos(angle)) ** ROUNDNESS + np.abs(np.sin(angle)) ** ROUNDNESS) ** (-1 / ROUNDNESS)
        u, v = shape * np.cos(angle), shape * np.sin(angle)
        factor = np.interp(np.arctan2(v, u), self.angles_rad, self.radius_share)
        return x0 + u * factor * thigh.rectus_width_mm / 2, z0 + v * factor * thigh.rectus_mm / 2

    def relative_depth(self, x_mm: NDArray[np.floating], z_mm: NDArray[np.floating]) -> FloatArray:
        """Relative depth inside the slab of rectus femoris, 0 at its superficial and 1 at its deep border."""
        _, z0 = self.centre_mm
        return np.clip((z_mm - z0) / self.scene.thigh.rectus_mm + 0.5, 0.0, 1.0)

    def open_share(
        self, x_mm: NDArray[np.floating], z_mm: NDArray[np.floating], motion: LongAxisMotion
    ) -> NDArray[np.floating]:
        """How much of the slice at each point lies in the gap, 0 to 1.

        The slice is as thick as the beam, so an end that leaves the plane fades.

        Parameters
        ----------
        x_mm, z_mm : ndarray
            Points of the section at rest.
        motion : LongAxisMotion
            The same thigh in long axis, which says where the ends are.
        """
        if motion.edges is None:
            return np.zeros_like(x_mm)
        zeta = self.relative_depth(x_mm, z_mm)
        uneven = self.ragged.at(x_mm, z_mm) * (0.45 + 1.1 * motion.opening)
        plane = self.scene.short_axis_at_mm
        proximal, _ = motion.end(-1)
        distal, _ = motion.end(1)
        rim = (
            2.2
            * motion.opening
            * np.clip(np.abs(x_mm - RECTUS_CENTRE_MM) / (self.scene.thigh.rectus_width_mm / 2), 0, 1) ** 4
        )
        turn_deg = self.scene.tear.turn_deg if self.scene.tear else 0.0
        shift = np.tan(np.deg2rad(turn_deg)) * (x_mm - RECTUS_CENTRE_MM)
        before = plane - (np.interp(zeta, motion.edges.zeta, proximal) + shift + uneven + rim)
        after = (
            np.interp(zeta, motion.edges.zeta, distal)
            + shift
            + 0.8 * self.ragged.at(z_mm * 2, x_mm)
            - rim
            - plane
        )
        wavy = (
            zeta
            + 0.07 * self.ragged.at(x_mm * 0.8 + 9.0, z_mm)
            - 0.12 * np.abs((x_mm - RECTUS_CENTRE_MM) / 17.0)
        )
        torn = np.interp(wavy, motion.edges.zeta, motion.edges.torn)
        half = 0.8 * self.scene.probe.elevation_width_mm
        return smoothstep(-half, half, np.minimum(before, after)) * smoothstep(0.3, 0.7, torn)

    def moved(
        self, x_mm: NDArray[np.floating], z_mm: NDArray[np.floating], motion: LongAxisMotion
    ) -> tuple[FloatArray, FloatArray]:
        """Place of tissue in the picture: the section thickens where rectus femoris does, bone is pushed down.

        Parameters
        ----------
        x_mm, z_mm : ndarray
            Points at rest.
        motion : LongAxisMotion
            The same thigh in long axis; its borders at the plane set how far each layer moves.
        """
        scene = self.scene
        plane = np.array([scene.short_axis_at_mm])
        still = LongAxisMotion(scene, motion.layers, motion.edges, 0.0)

        def lowered(name: str) -> float:
            return float(motion.border(name, plane)[0] - still.border(name, plane)[0])

        x0, _ = self.centre_mm
        over = np.exp(-(((x_mm - x0) / (0.45 * scene.thigh.rectus_width_mm)) ** 4))
        top, slab = self.fascia(x_mm), scene.thigh.rectus_mm
        d_top = lowered("fascia") * over - 0.4 * motion.activation * (1 - over)
        d_bottom = lowered("bottom") * over + 0.35 * lowered("bone") * (1 - over)
        d_bone = lowered("bone")
        skin, bone = scene.thigh.skin_mm, scene.thigh.cortex_mm
        fat = np.clip((z_mm - skin) / (top - skin), 0, 1)
        inside = np.clip((z_mm - top) / slab, 0, 1)
        deep = np.clip((z_mm - top - slab) / np.maximum(bone - top - slab, 1.0), 0, 1)
        down = d_top * fat + (d_bottom - d_top) * inside + (d_bone - d_bottom) * deep
        narrow = 0.03 * motion.activation * over * smoothstep(0.0, 0.3, inside)
        return x_mm - narrow * (x_mm - x0), z_mm + down
