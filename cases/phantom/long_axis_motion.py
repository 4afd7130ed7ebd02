"""Where each piece of the thigh is in long axis when the muscle contracts: near-incompressible, stumps part.

Material coordinates are those at rest, in millimetres: X along the thigh (distal positive), Z depth,
zeta the relative depth inside rectus femoris. Shortening thickens, so the area in the picture is kept on
average over depth; only fluid flows in from out of plane, and fat out of it.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from cases.phantom.noise import curve_noise
from cases.phantom.scene import Scene
from cases.phantom.tear_edges import SIDES, TearEdges

FloatArray = NDArray[np.float64]
LAYER_STREAM = 31
REACH_MM = 46.0
STEP_MM = 0.25
SOFT_END_MM = 4.0
"""Length over which a free end shortens less: it is oedematous and its fibres pull on nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class LayersAtRest:
    """Depth of the borders along the thigh at rest.

    Parameters
    ----------
    x_mm, top_mm, height_mm, bone_mm : ndarray
        Positions; superficial border and thickness of rectus femoris; femoral cortex.
    """

    x_mm: FloatArray
    top_mm: FloatArray
    height_mm: FloatArray
    bone_mm: FloatArray

    def top(self, x_mm: NDArray[np.floating]) -> FloatArray:
        """Superficial border of rectus femoris."""
        return np.asarray(np.interp(x_mm, self.x_mm, self.top_mm))

    def height(self, x_mm: NDArray[np.floating]) -> FloatArray:
        """Thickness of rectus femoris."""
        return np.asarray(np.interp(x_mm, self.x_mm, self.height_mm))


def layers_at_rest(scene: Scene) -> LayersAtRest:
    """Draw the slightly uneven layers of a scene."""
    thigh = scene.thigh
    x = np.arange(-REACH_MM, REACH_MM + STEP_MM, STEP_MM)
    rng = np.random.default_rng((scene.seed, LAYER_STREAM))
    top = thigh.rectus_top_mm + 0.014 * x + 0.28 * curve_noise(rng, x, 9.0)
    height = thigh.rectus_mm * (1 - 0.0022 * x) + 0.22 * curve_noise(rng, x, 11.0)
    bone = thigh.cortex_mm + 0.018 * x + 0.4 * curve_noise(rng, x, 11.0) + 0.07 * curve_noise(rng, x, 1.4)
    return LayersAtRest(x, top, height, bone)


@dataclass(frozen=True, eq=False)
class LongAxisMotion:
    """The thigh of a scene at one activation.

    Parameters
    ----------
    scene : Scene
        What is moved.
    layers : LayersAtRest
        Its borders at rest.
    edges : TearEdges or None
        Its tear.
    activation : float
        0 at rest, 1 at full effort.
    """

    scene: Scene
    layers: LayersAtRest
    edges: TearEdges | None
    activation: float

    @property
    def gap_mm(self) -> float:
        """Gap at mid-depth."""
        tear = self.scene.tear
        if tear is None:
            return 0.0
        return tear.gap_rest_mm + self.activation * (tear.gap_peak_mm - tear.gap_rest_mm)

    @property
    def opening(self) -> float:
        """Share of the opening reached: 0 at rest, 1 at full effort."""
        return float(np.clip(self.activation, 0.0, 1.0))

    def rectus_x(self, x_mm: NDArray[np.floating], zeta: NDArray[np.floating], side: int) -> FloatArray:
        """Position along the picture of a piece of rectus femoris.

        Parameters
        ----------
        x_mm, zeta : ndarray
            Material coordinates.
        side : int
            -1 proximal of the tear, 1 distal of it; ignored without a tear.
        """
        manoeuvre, tear, a = self.scene.manoeuvre, self.scene.tear, self.activation
        if tear is None or self.edges is None:
            return x_mm - a * (manoeuvre.glide_mm + manoeuvre.shortening * x_mm)
        edges = self.edges
        index = SIDES.index(side)
        inward = np.clip(side * (x_mm - edges.rest_at(side, zeta)), 0.0, None)
        soft = SOFT_END_MM * 0.45 * (1 - np.exp(-inward / SOFT_END_MM))
        retreat = 0.5 * (tear.gap_peak_mm - tear.gap_rest_mm) - manoeuvre.stump_shortening * (inward - soft)
        corner = np.interp(zeta, edges.zeta, edges.rounding_mm[index]) * np.exp(-inward / 14.0)
        fascicle = np.interp(zeta, edges.zeta, edges.unevenness_mm[index]) * np.exp(-inward / 9.0)
        torn = np.interp(zeta, edges.zeta, edges.torn)
        moved = torn * (retreat + corner + fascicle) + (1 - torn) * retreat * (1 - np.exp(-inward / 9.0))
        return np.asarray(x_mm + side * a * moved - 0.25 * a * manoeuvre.glide_mm)

    @cached_property
    def borders(self) -> dict[str, FloatArray]:
        """Depth of each border on the grid of the layers, at this activation.

        Keys: ``fascia`` (deep surface of fascia lata), ``top``, ``bottom`` (of rectus femoris),
        ``vastus`` (superficial surface of the plane below) and ``bone``.
        """
        layers, a = self.layers, self.activation
        x, rest_height = layers.x_mm, layers.height_mm
        height = self._height(x)
        fascia = layers.top_mm - a * (0.9 if self.scene.tear else 0.6)
        centre, half = self._gap_centre_and_half()
        over_gap = (
            np.exp(-(((x - centre) / (0.55 * half + 2.5)) ** 2)) if self.scene.tear else np.zeros_like(x)
        )
        deep_share = float(self.edges.torn.mean()) if self.edges else 0.0
        fascia = fascia + over_gap * (0.2 + 1.7 * a) * deep_share
        above, below = self._blood(x)
        top = fascia + above
        bottom = layers.top_mm - a * 0.9 + above + height - over_gap * 1.1 * a * deep_share
        vastus = bottom + below
        pushed = float(np.median(layers.top_mm - 0.9 * a + height - layers.top_mm - rest_height))
        swelling = self.scene.thigh.vastus_mm * (1 / (1 - a * self.scene.manoeuvre.vastus_shortening) - 1)
        blood = float(np.mean(self._blood(x)[1])) * 1.2 + float(np.mean(above))
        return {
            "fascia": fascia, "top": top, "bottom": bottom, "vastus": vastus,
            "bone": layers.bone_mm + pushed + swelling + blood,
        }  # fmt: skip

    def border(self, name: str, x_mm: NDArray[np.floating]) -> FloatArray:
        """Depth of one border under each x of the picture."""
        return np.asarray(np.interp(x_mm, self.layers.x_mm, self.borders[name]))

    def rectus(
        self, x_mm: NDArray[np.floating], zeta: NDArray[np.floating], side: int
    ) -> tuple[FloatArray, FloatArray]:
        """Place of a piece of rectus femoris in the picture."""
        x = self.rectus_x(x_mm, zeta, side)
        top = self.border("top", x)
        return x, top + zeta * (self.border("bottom", x) - top)

    def superficial(
        self, x_mm: NDArray[np.floating], z_mm: NDArray[np.floating]
    ) -> tuple[FloatArray, FloatArray]:
        """Place of skin, fat and fascia lata: skin stays on the probe, fascia glides with the muscle."""
        skin = self.scene.thigh.skin_mm
        floor = self.layers.top(x_mm)
        share = np.clip((z_mm - skin) / (floor - skin), 0.0, 1.0)
        x = (
            x_mm
            - 0.12 * self.activation * self.scene.manoeuvre.shortening * 10 * share**2 * (x_mm + 3.0) * 0.6
        )
        z = np.where(z_mm < skin, z_mm, skin + share * (self.border("fascia", x) - skin))
        return x, z

    def vastus(
        self, x_mm: NDArray[np.floating], share: NDArray[np.floating]
    ) -> tuple[FloatArray, FloatArray]:
        """Place of the deep plane and of vastus intermedius; ``share`` runs from 0 on top to 1 at the bone."""
        manoeuvre = self.scene.manoeuvre
        x = x_mm - self.activation * (0.4 * manoeuvre.glide_mm + manoeuvre.vastus_shortening * x_mm)
        top = self.border("vastus", x)
        return x, top + share * (self.border("bone", x) - top)

    def end(self, side: int) -> tuple[FloatArray, FloatArray]:
        """Outline of one torn end in the picture, from superficial to deep."""
        if self.edges is None:
            return np.empty(0), np.empty(0)
        zeta = self.edges.zeta
        return self.rectus(self.edges.rest_at(side, zeta), zeta, side)

    def fluid(
        self, across: NDArray[np.floating], zeta: NDArray[np.floating]
    ) -> tuple[FloatArray, FloatArray]:
        """Place of what fills the gap: ``across`` runs from 0 at the proximal to 1 at the distal end."""
        if self.edges is None:
            return np.empty(0), np.empty(0)
        left = self.rectus_x(self.edges.rest_at(-1, zeta), zeta, -1)
        right = self.rectus_x(self.edges.rest_at(1, zeta), zeta, 1)
        x = left + across * (right - left)
        top = self.border("top", x)
        return x, top + zeta * (self.border("bottom", x) - top)

    def frond(
        self, reach_mm: NDArray[np.floating], zeta: NDArray[np.floating], side: int
    ) -> tuple[FloatArray, FloatArray]:
        """Place of torn fibres that hang from one end into the gap, folded up while it is closed."""
        if self.edges is None:
            return np.empty(0), np.empty(0)
        root, _ = self.rectus(self.edges.rest_at(side, zeta), zeta, side)
        x = root - side * reach_mm * (0.25 + 0.75 * self.opening)
        top = self.border("top", x)
        return x, top + zeta * (self.border("bottom", x) - top)

    def layer(
        self, name: str, x_mm: NDArray[np.floating], share: NDArray[np.floating]
    ) -> tuple[FloatArray, FloatArray]:
        """Place of blood above (``"above"``) or below (``"below"``) rectus femoris."""
        upper, lower = ("fascia", "top") if name == "above" else ("bottom", "vastus")
        top = self.border(upper, x_mm)
        return np.asarray(x_mm, dtype=np.float64), top + share * (self.border(lower, x_mm) - top)

    def _gap_centre_and_half(self) -> tuple[float, float]:
        """Middle and half width of the gap at mid-depth."""
        if self.edges is None:
            return 0.0, 0.0
        middle = np.array([0.5])
        left = float(self.rectus_x(self.edges.rest_at(-1, middle), middle, -1)[0])
        right = float(self.rectus_x(self.edges.rest_at(1, middle), middle, 1)[0])
        return 0.5 * (left + right), 0.5 * (right - left)

    def _blood(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Thickness of the blood above and below rectus femoris."""
        blood = self.scene.haematoma
        if blood is None:
            return np.zeros_like(x), np.zeros_like(x)
        centre = self.scene.tear.position_mm if self.scene.tear else 0.0
        squeeze = 1 - 0.18 * self.activation
        above = blood.above_mm * np.exp(-(np.abs((x - centre + 3.0) / (0.8 * blood.length_mm)) ** 2.6))
        below = blood.below_mm * np.exp(-(np.abs((x - centre - 2.0) / blood.length_mm) ** 2.6))
        return above * squeeze, below * squeeze

    def _height(self, x: FloatArray) -> FloatArray:
        """Thickness of rectus femoris that keeps its area, on the grid of the picture."""
        zeta = np.linspace(0.02, 0.98, 25)
        places, heights = [], []
        for side in SIDES if self.edges is not None else (1,):
            columns, depths = np.meshgrid(x, zeta, indexing="ij")
            moved = self.rectus_x(columns, depths, side)
            stretch = np.gradient(moved, x, axis=0).mean(axis=1)
            inside = side * (x - (self.edges.rest_at(side, zeta).mean() if self.edges else -side * 1e3)) > 0.3
            places.append(moved.mean(axis=1)[inside])
            heights.append((self.layers.height_mm / np.clip(stretch, 0.3, 3.0))[inside])
        place, height = np.concatenate(places), np.concatenate(heights)
        order = np.argsort(place)
        smooth = np.interp(x, place[order], height[order])
        return np.asarray(gaussian_filter1d(smooth, 2.0 / STEP_MM, mode="nearest"))
