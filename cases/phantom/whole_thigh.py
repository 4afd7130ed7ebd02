"""The whole thigh at rest in three dimensions: which tissue is at a point.

Axes in millimetres: x along the thigh (distal positive), y across it (medial positive), z from the front
skin backwards. In the plane y = 0 and at the plane of the short axis it agrees with the ultrasound thigh.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from cases.phantom.long_axis_motion import LayersAtRest, layers_at_rest
from cases.phantom.long_axis_tissue import CENTRAL_APONEUROSIS
from cases.phantom.noise import NoiseField, smoothstep
from cases.phantom.scene import Scene
from cases.phantom.short_axis_shape import FEMUR_CENTRE_MM, RECTUS_CENTRE_MM, ROUNDNESS
from cases.phantom.spin_echo import NAMES
from cases.phantom.tear_edges import TearEdges

FloatArray = NDArray[np.float32]
THIGH_STREAM = 81
CENTRE_Y_MM, CENTRE_Z_MM = 4.0, 73.0
HALF_WIDTH_MM, HALF_DEPTH_MM = 78.0, 73.0
CORTEX_THICKNESS_MM = 5.2
LABEL = {name: index for index, name in enumerate(NAMES)}

MUSCLES = {
    # name: (y, z, half width, half depth, rotation in degrees, drift of y and z per mm along the thigh)
    "vastus intermedius": (-6.0, 40.0, 27.0, 13.0, 0.0, 0.0, 0.0),
    "vastus intermedius, side": (-24.0, 55.0, 10.0, 16.0, 10.0, 0.0, 0.0),
    "vastus lateralis": (-42.0, 42.0, 19.0, 34.0, 24.0, 0.02, 0.0),
    "vastus medialis": (32.0, 36.0, 16.0, 19.0, -30.0, 0.04, -0.01),
    "sartorius": (53.0, 44.0, 8.5, 14.0, -28.0, 0.05, 0.10),
    "adductor longus": (33.0, 68.0, 14.0, 9.0, -14.0, -0.06, 0.02),
    "adductor magnus": (26.0, 92.0, 31.0, 15.0, -12.0, 0.0, 0.0),
    "gracilis": (66.0, 76.0, 5.5, 13.0, 8.0, 0.0, 0.03),
    "biceps femoris": (-26.0, 106.0, 19.0, 17.0, 20.0, -0.04, 0.0),
    "semitendinosus": (4.0, 121.0, 15.0, 13.0, 0.0, 0.05, 0.0),
    "semimembranosus": (34.0, 115.0, 17.0, 12.0, -24.0, 0.02, -0.02),
    "biceps, short head": (-20.0, 78.0, 11.0, 9.0, 10.0, 0.0, 0.0),
}


@dataclass(frozen=True, slots=True, eq=False)
class WholeThigh:
    """The thigh of a scene.

    Parameters
    ----------
    scene, layers, edges
        What it is, and its borders and tear in the long-axis plane.
    warp, streaks, ragged : NoiseField
        What bends the borders, streaks the muscle with fat, and roughens the tear.
    """

    scene: Scene
    layers: LayersAtRest
    edges: TearEdges | None
    warp: tuple[NoiseField, NoiseField, NoiseField]
    streaks: NoiseField
    ragged: NoiseField

    @classmethod
    def of(cls, scene: Scene) -> Self:
        """Make the thigh of a scene."""
        rng = np.random.default_rng((scene.seed, THIGH_STREAM))
        fields = [NoiseField.make(rng, 14.0, 9.0, extent_mm=240.0) for _ in range(3)]
        edges = TearEdges.of(scene) if scene.tear is not None else None
        return cls(
            scene, layers_at_rest(scene), edges, (fields[0], fields[1], fields[2]),
            NoiseField.make(rng, 5.5, 0.42, extent_mm=240.0), NoiseField.make(rng, 2.6, 1.2),
        )  # fmt: skip

    def tissue(self, x: FloatArray, y: FloatArray, z: FloatArray) -> NDArray[np.uint8]:
        """Index into `spin_echo.NAMES` of the tissue at points.

        Parameters
        ----------
        x, y, z : ndarray of float32
            Points, same shape.
        """
        label = np.full(x.shape, LABEL["air"], dtype=np.uint8)
        inner = self._inside_skin_mm(x, y, z)
        label[inner > 0] = LABEL["skin"]
        label[inner > self.scene.thigh.skin_mm] = LABEL["fat"]
        fat_mm = self._fat_mm(y, z) + 0.5 * self.warp[0].at(x * 0.5 + y, z)
        below = inner - self.scene.thigh.skin_mm - fat_mm
        septum = np.abs(self.warp[2].at(x * 0.25 + 3.1 * y, inner * 4.2)) < 0.035
        label[(below < 0) & (inner > self.scene.thigh.skin_mm + 1) & septum] = LABEL["tendon"]
        deep = below > 0
        label[deep] = LABEL["tendon"]
        inside = below > self.scene.thigh.fascia_mm * 0.7
        label[inside] = self._inside_fascia(x[inside], y[inside], z[inside])
        return label

    def oedema_share(self, x: FloatArray, y: FloatArray, z: FloatArray) -> FloatArray:
        """Share of oedema in muscle near the tear, feathery along the fibres, 0 to 0.9."""
        if self.edges is None:
            return np.zeros_like(x)
        zeta = self.relative_depth(x, y, z)
        away = np.abs(x - self._tear_middle(x, y, z, zeta))
        feather = self.streaks.at(x * 0.6, (z + 0.15 * x) * 1.4)
        reach = 8.0 + 2.5 * feather
        within = (zeta > -0.02) & (zeta < 1.02) & (np.abs(y - RECTUS_CENTRE_MM) < self._half_width(x))
        along_sheet = 0.25 * np.exp(
            -np.abs(zeta - CENTRAL_APONEUROSIS) * 7.0 - np.abs(y - RECTUS_CENTRE_MM) / 6.0
        )
        patchy = np.clip(0.37 + 0.10 * feather + 0.07 * self.ragged.at(x * 0.5 + y, z), 0.0, 0.8)
        share = (patchy + along_sheet) * np.exp(-np.clip(away - 6.0, 0, None) / np.clip(reach, 3.0, None))
        return np.where(within, share, 0.0).astype(np.float32)

    def relative_depth(self, x: FloatArray, y: FloatArray, z: FloatArray) -> FloatArray:
        """Relative depth inside rectus femoris."""
        return ((z - self._rectus_top(x, y)) / self._rectus_height(x)).astype(np.float32)

    def _inside_skin_mm(self, x: FloatArray, y: FloatArray, z: FloatArray) -> FloatArray:
        """Depth below the nearest skin, about right near it."""
        grow = 1.0 - 0.0009 * (x + 90.0) + 0.0009 * 90.0
        half_y, half_z = HALF_WIDTH_MM * grow, HALF_DEPTH_MM * (0.5 + 0.5 * grow)
        u, v = (y - CENTRE_Y_MM) / half_y, (z - HALF_DEPTH_MM * (0.5 + 0.5 * grow)) / half_z
        turn = np.arctan2(v, u)
        wave = 1.0 + 0.018 * np.sin(turn * 2 + 0.9) * (v > 0) * v + 0.02 * np.clip(v, 0, 1) * np.cos(turn * 3)
        radius = np.hypot(u, v)
        return np.asarray((wave - radius) * np.hypot(half_y * u, half_z * v) / np.maximum(radius, 1e-3))

    def _fat_mm(self, y: FloatArray, z: FloatArray) -> FloatArray:
        """Thickness of subcutaneous fat: thin in front, thicker at the back and on the inner side."""
        back = np.clip((z - 20.0) / 120.0, 0, 1)
        medial = np.clip((y - 5.0) / 70.0, 0, 1)
        return np.asarray(self.scene.thigh.fat_mm + 5.0 * back + 4.5 * medial)

    def _rectus_top(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Superficial border of rectus femoris."""
        bow = 0.0009 * np.clip(np.abs(x) - 32.0, 0, None) ** 2
        return self.layers.top(x) + bow + 0.0058 * (y - RECTUS_CENTRE_MM) ** 2

    def _rectus_height(self, x: FloatArray) -> FloatArray:
        """Thickness of rectus femoris in the midline, tapering far from the picture."""
        far = np.clip(x - 30.0, 0, None) * 0.0075 + np.clip(-x - 30.0, 0, None) * 0.004
        return np.asarray(self.layers.height(x) * np.clip(1 - far, 0.3, 1.0))

    def _half_width(self, x: FloatArray) -> FloatArray:
        """Half width of rectus femoris, tapering far from the picture."""
        far = np.clip(x - 25.0, 0, None) * 0.006 + np.clip(-x - 40.0, 0, None) * 0.004
        return np.asarray(self.scene.thigh.rectus_width_mm / 2 * np.clip(1 - far, 0.35, 1.0))

    def _tear_middle(self, x: FloatArray, y: FloatArray, z: FloatArray, zeta: FloatArray) -> FloatArray:
        """Middle of the cleft along x at points of rectus femoris."""
        edges, tear = self.edges, self.scene.tear
        if edges is None or tear is None:
            return np.full_like(x, 1e3)
        line = np.interp(zeta, edges.zeta, edges.rest_x_mm.mean(axis=0))
        turn = np.tan(np.deg2rad(tear.turn_deg)) * (y - RECTUS_CENTRE_MM)
        return np.asarray((line + turn + 0.45 * self.ragged.at(y, z)).astype(np.float32))

    def _inside_fascia(self, x: FloatArray, y: FloatArray, z: FloatArray) -> NDArray[np.uint8]:
        """Tissue below fascia lata."""
        label = self._packed_muscles(x, y, z)
        self._add_rectus(label, x, y, z)
        bow = 0.0011 * np.clip(np.abs(x) - 28.0, 0, None) ** 2
        femur_z = np.interp(x, self.layers.x_mm, self.layers.bone_mm) + self.scene.thigh.femur_radius_mm + bow
        femur_y = FEMUR_CENTRE_MM + 0.02 * x
        around = np.arctan2(z - femur_z, y - femur_y)
        ridge = 3.2 * np.exp(-(((around - 0.5 * np.pi) / 0.28) ** 2)) - 0.6 * np.cos(3 * around + 1.0)
        from_femur = np.hypot(y - femur_y, z - femur_z) - self.scene.thigh.femur_radius_mm - ridge
        label[from_femur < 0.5] = LABEL["tendon"]
        label[from_femur < 0] = LABEL["cortex"]
        wall = CORTEX_THICKNESS_MM + 0.5 * np.sin(3 * around) + 0.8 * ridge
        label[from_femur < -wall] = LABEL["marrow"]
        return label

    def _packed_muscles(self, x: FloatArray, y: FloatArray, z: FloatArray) -> NDArray[np.uint8]:
        """Muscles that fill the compartment, with fat between them, and the vessels and nerve."""
        bent_y = y + 2.2 * self.warp[0].at(y + 0.35 * x, z)
        bent_z = z + 2.2 * self.warp[1].at(y + 0.35 * x, z)
        nearest = np.full(x.shape, np.inf, dtype=np.float32)
        second = np.full(x.shape, np.inf, dtype=np.float32)
        for y0, z0, half_y, half_z, turn, drift_y, drift_z in MUSCLES.values():
            angle = np.deg2rad(turn)
            sway = 2.6 * np.sin(x / 31.0 + 0.37 * y0) + 1.6 * np.sin(x / 17.0 + 0.21 * z0)
            dy, dz = bent_y - (y0 + drift_y * x + sway), bent_z - (z0 + drift_z * x + 0.7 * sway)
            along = (dy * np.cos(angle) + dz * np.sin(angle)) / half_y
            across = (dz * np.cos(angle) - dy * np.sin(angle)) / half_z
            distance = np.hypot(along, across).astype(np.float32)
            second = np.minimum(second, np.maximum(nearest, distance))
            nearest = np.minimum(nearest, distance)
        label = np.full(x.shape, LABEL["muscle"], dtype=np.uint8)
        seam = (second - nearest) * 14.0 / np.maximum(nearest, 0.8)
        thickness = 0.62 + 0.5 * self.warp[2].at(y, z + 0.3 * x) + 0.35 * self.streaks.at(y + 0.5 * x, z)
        label[(seam < thickness) | (nearest > 1.75)] = LABEL["fat"]
        slope = 0.24 * np.sin(z / 17.0 + y / 23.0)
        label[self.streaks.at(x * 0.6 + 0.4 * y, z + slope * x + 0.3 * y) > 2.45] = LABEL["fat"]
        label[self.streaks.at(x * 0.35 + 0.8 * y, z * 0.8 - 0.7 * slope * x - 0.35 * y) < -2.6] = LABEL[
            "tendon"
        ]
        for name, y0, z0, radius in (
            ("fat", 37.0, 53.0, 6.2), ("fat", 40.0, 56.0, 4.5), ("vessel", 35.5, 51.0, 2.9), ("vein", 38.5, 55.5, 3.3),
            ("fat", -12.0, 97.0, 5.2), ("nerve", -12.0, 97.0, 3.6), ("vein", 70.0, 44.0, 1.6), ("vessel", 12.0, 76.0, 1.3),
            ("vein", 15.0, 78.0, 1.5), ("vessel", -14.0, 25.6, 0.9), ("vein", -15.5, 27.0, 1.0),
        ):  # fmt: skip
            squash = 1.35 if name == "nerve" else 1.0
            winding = 1.8 * np.sin(x / 23.0 + y0) + 0.03 * x
            near = (
                np.hypot((y - y0 - winding) / squash, z - z0 - 0.09 * x * (y0 > 20) - 0.6 * winding) < radius
            )
            label[near] = LABEL[name]
        return label

    def _add_rectus(self, label: NDArray[np.uint8], x: FloatArray, y: FloatArray, z: FloatArray) -> None:
        """Rectus femoris with its aponeuroses, fat plane and tear."""
        height, half = self._rectus_height(x), self._half_width(x)
        zeta = (z - self._rectus_top(x, y)) / height
        u, v = (y - RECTUS_CENTRE_MM) / half, 2 * zeta - 1
        outline = (np.abs(u) ** ROUNDNESS + np.abs(v) ** ROUNDNESS) ** (1 / ROUNDNESS)
        thin = np.minimum(height / 2, half)
        from_outline = (outline - 1) * thin
        label[from_outline < 0.85 + 0.35 * self.warp[0].at(y * 2, z * 2 + x)] = LABEL["fat"]
        label[from_outline < 0.4] = LABEL["tendon"]
        inside = from_outline < 0
        label[inside] = LABEL["muscle"]
        label[inside & (self.streaks.at(x, (zeta - 0.55) * height + 0.2 * np.abs(v) * x) > 2.2)] = LABEL[
            "fat"
        ]
        comma_y = RECTUS_CENTRE_MM - 3.4 + 6.5 * np.clip(zeta, 0, 1) ** 2.3
        middle = CENTRAL_APONEUROSIS + 0.0016 * x
        sheet = (np.abs(zeta - middle) * height < 0.4) & (
            np.abs(y - RECTUS_CENTRE_MM) < 1.7 + 0.03 * np.abs(x)
        )
        comma = (np.abs(y - comma_y) < 0.45) & (zeta > 0.06) & (zeta < 0.68)
        label[inside & (sheet | comma)] = LABEL["tendon"]
        if self.edges is not None and self.scene.tear is not None:
            torn = np.interp(zeta, self.edges.zeta, self.edges.torn)
            width = np.interp(zeta, self.edges.zeta, self.edges.rest_x_mm[1] - self.edges.rest_x_mm[0])
            cleft = np.abs(x - self._tear_middle(x, y, z, zeta.astype(np.float32))) < 0.5 * width
            label[inside & cleft & (torn > 0.3)] = LABEL["clot"]


def shading(distance_mm: FloatArray) -> FloatArray:
    """Sensitivity of a receive coil in front of the thigh, 1 at the skin and lower behind."""
    return (0.62 + 0.38 * smoothstep(150.0, 0.0, distance_mm)).astype(np.float32)
