"""Scatterers of the thigh in long axis, in material coordinates."""

import numpy as np
from numpy.typing import NDArray

from cases.phantom.acoustics import two_way_db_per_mm
from cases.phantom.echo_texture import FatTexture, PennateTexture, layered_db
from cases.phantom.long_axis_motion import LayersAtRest, LongAxisMotion
from cases.phantom.noise import NoiseField, curve_noise, smoothstep
from cases.phantom.scatterers import DENSITY_PER_MM2, ScattererGroup, signed_amplitude
from cases.phantom.scene import Scene
from cases.phantom.tear_edges import SIDES, TearEdges

FloatArray = NDArray[np.float64]
TISSUE_STREAM = 41
HALF_WIDTH_MM = 37.0
"""Half of the thigh that is filled: wider than the picture, because tissue moves into it."""
SLICE_TURN_RAD = 0.9
"""How far a texture turns from one slice to the next."""
CENTRAL_APONEUROSIS = 0.55
"""Relative depth of the central aponeurosis."""


def long_axis_groups(
    scene: Scene, layers: LayersAtRest, edges: TearEdges | None, slices: int
) -> list[ScattererGroup]:
    """Fill the thigh of a scene.

    Parameters
    ----------
    scene : Scene
        What to fill.
    layers, edges
        Its borders and its tear.
    slices : int
        Number of slices out of plane, at least 1.
    """
    rng = np.random.default_rng((scene.seed, TISSUE_STREAM))
    groups = [_superficial(scene, layers, rng, slices)]
    groups += _rectus(scene, layers, edges, rng, slices)
    groups.append(_vastus(scene, rng, slices))
    groups.append(_cortex(scene, rng, slices))
    return groups


def _scattered(rng: np.random.Generator, area_mm2: float) -> tuple[FloatArray, FloatArray]:
    """Even random points of the unit square, at the standard density for an area."""
    count = round(area_mm2 * DENSITY_PER_MM2)
    return rng.random(count), rng.random(count)


def _alpha(scene: Scene, tissue: str) -> float:
    return two_way_db_per_mm(tissue, scene.probe.effective_frequency_mhz)


def _superficial(scene: Scene, layers: LayersAtRest, rng: np.random.Generator, slices: int) -> ScattererGroup:
    """Skin, fat and fascia lata."""
    thigh = scene.thigh
    across, down = _scattered(rng, 2 * HALF_WIDTH_MM * thigh.rectus_top_mm)
    x = (2 * across - 1) * HALF_WIDTH_MM
    z = down * layers.top(x)
    texture, fibres = FatTexture.make(rng), NoiseField.make(rng, 7.0, 0.5)
    fascia_share = (z - (layers.top(x) - thigh.fascia_mm)) / thigh.fascia_mm
    level = texture.db(x, z, thigh.skin_mm)
    level = np.where(fascia_share > 0, layered_db(fascia_share, x, fibres, 2.0, 26.0), level)
    amplitude = np.stack([signed_amplitude(rng, level) for _ in range(slices)])
    return ScattererGroup("superficial", x, z, amplitude, _alpha(scene, "fat"))


def muscle_db(scene: Scene, level: NDArray[np.floating]) -> NDArray[np.floating]:
    """Texture of rectus femoris as the scene wants it: brighter muscle has less contrast."""
    extra = scene.thigh.rectus_echo_db
    return level * (1 - 0.035 * extra) + extra


def _rectus(
    scene: Scene, layers: LayersAtRest, edges: TearEdges | None, rng: np.random.Generator, slices: int
) -> list[ScattererGroup]:
    """Rectus femoris: one group, or one on either side of the tear."""
    across, zeta = _scattered(rng, 2 * HALF_WIDTH_MM * scene.thigh.rectus_mm)
    x = (2 * across - 1) * HALF_WIDTH_MM
    texture = PennateTexture.make(rng)
    fibres, presence = NoiseField.make(rng, 6.0, 0.6), NoiseField.make(rng, 9.0, 3.0)
    level_of_slice = [
        _rectus_db(scene, layers, x, zeta, texture, fibres, presence, k * SLICE_TURN_RAD)
        for k in range(slices)
    ]
    amplitude = np.stack([signed_amplitude(rng, level) for level in level_of_slice])
    alpha = _alpha(scene, "muscle")
    if edges is None or scene.tear is None:
        return [ScattererGroup("rectus", x, zeta, amplitude, alpha)]
    groups = []
    seepage = scene.haematoma.seepage_mm if scene.haematoma else 0.9
    fray = NoiseField.make(rng, 2.0, 0.5).at(x, zeta * scene.thigh.rectus_mm)
    torn = np.interp(zeta, edges.zeta, edges.torn)
    for side in SIDES:
        inward = side * (x - edges.rest_at(side, zeta))
        keep = inward >= 0
        soaked = torn * smoothstep(0.0, 1.0, 1.15 + 0.6 * fray - inward / seepage)
        darker = (10 ** (-7.0 * soaked / 20)).astype(np.float32)
        name = "proximal" if side < 0 else "distal"
        groups.append(ScattererGroup(name, x[keep], zeta[keep], (amplitude * darker)[:, keep], alpha))
    return groups


def _rectus_db(
    scene: Scene, layers: LayersAtRest, x: FloatArray, zeta: FloatArray,
    texture: PennateTexture, fibres: NoiseField, presence: NoiseField, turn: float,
) -> NDArray[np.floating]:  # fmt: skip
    """Echo level of rectus femoris: two feathers that meet at the central aponeurosis, between two borders."""
    height = layers.height(x)
    middle = CENTRAL_APONEUROSIS + 0.0016 * x + 0.02 * fibres.at(x, np.full_like(x, 7.0))
    below_mm = (zeta - middle) * height
    slope = np.tan(np.deg2rad(scene.thigh.pennation_deg))
    upper = texture.db(x, below_mm - slope * x - 0.0011 * x**2, turn)
    lower = texture.db(x + 37.0, below_mm + 0.75 * slope * x + 40.0, turn)
    level = muscle_db(scene, np.where(below_mm < 0, upper, lower))
    half = np.clip(0.33 + 0.16 * presence.at(x, np.full_like(x, 9.0)), 0.12, 0.7)
    cord = layered_db(below_mm / 0.9, x, fibres, 1.0, 20.0) - 13.0 * smoothstep(
        -0.9, 1.3, presence.at(x, below_mm)
    )
    level = np.where(np.abs(below_mm) < half, np.maximum(level, cord), level)
    from_top, from_bottom = zeta * height, (1 - zeta) * height
    border = 19.0 - 8.0 * smoothstep(-0.5, 1.5, fibres.at(x * 0.8, zeta * 2))
    level = np.where(from_top < 0.35, np.maximum(level, border), level)
    return np.where(from_bottom < 0.4, np.maximum(level, border - 1.0), level)


def _vastus(scene: Scene, rng: np.random.Generator, slices: int) -> ScattererGroup:
    """Fill the plane below rectus femoris, and vastus intermedius."""
    thigh = scene.thigh
    thickness = thigh.vastus_mm + thigh.deep_fascia_mm
    across, share = _scattered(rng, 2 * HALF_WIDTH_MM * thickness)
    x = (2 * across - 1) * HALF_WIDTH_MM
    z = share * thickness
    texture, fibres = PennateTexture.make(rng), NoiseField.make(rng, 7.0, 0.5)
    plane = layered_db(z / thigh.deep_fascia_mm, x, fibres, 1.5, 21.0)
    slope = np.tan(np.deg2rad(9.0))
    levels = []
    for index in range(slices):
        muscle = texture.db(x, z - slope * x + 0.0012 * x**2, index * SLICE_TURN_RAD) + 0.5
        near_bone = 6.0 * smoothstep(thickness - 1.4, thickness - 0.2, z)
        levels.append(np.where(z < thigh.deep_fascia_mm, plane, muscle + near_bone))
    amplitude = np.stack([signed_amplitude(rng, level) for level in levels])
    return ScattererGroup("vastus", x, share, amplitude, _alpha(scene, "muscle"))


def _cortex(scene: Scene, rng: np.random.Generator, slices: int) -> ScattererGroup:
    """Draw the cortex of the femur: a strong, slightly rough line with a thin periosteum."""
    count = 7000
    x = (2 * rng.random(count) - 1) * HALF_WIDTH_MM
    z = rng.exponential(0.14, count) - 0.1
    order = np.linspace(-HALF_WIDTH_MM, HALF_WIDTH_MM, 600)
    shine = np.interp(x, order, 2.6 * curve_noise(rng, order, 2.4) + 1.2 * curve_noise(rng, order, 0.5))
    level = 25.0 + shine - 8.0 * np.clip(z, 0, 1)
    amplitude = np.stack([signed_amplitude(rng, level) for _ in range(slices)])
    return ScattererGroup("cortex", x, z, amplitude, _alpha(scene, "muscle"))


def place(group: ScattererGroup, motion: LongAxisMotion) -> tuple[FloatArray, FloatArray]:
    """Place of a group's scatterers in the picture.

    Raises
    ------
    ValueError
        If the region is not one of long axis.
    """
    u, v = group.u, group.v
    match group.region:
        case "superficial":
            return motion.superficial(u, v)
        case "rectus" | "distal":
            return motion.rectus(u, v, 1)
        case "proximal":
            return motion.rectus(u, v, -1)
        case "vastus":
            return motion.vastus(u, v)
        case "cortex":
            return u, motion.border("bone", u) + v
        case "fluid" | "clot":
            return motion.fluid(u, v)
        case "above" | "below":
            return motion.layer(group.region, u, v)
        case "frond proximal" | "frond distal":
            return motion.frond(u, v, -1 if group.region.endswith("proximal") else 1)
    raise ValueError(f"no long-axis region is called {group.region!r}")
