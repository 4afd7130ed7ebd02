"""Scatterers of the cross-section: starry muscle, incomplete epimysium, comma, septa, convex cortex."""

import numpy as np
from numpy.typing import NDArray

from cases.phantom.acoustics import two_way_db_per_mm
from cases.phantom.echo_texture import FatTexture, StarryTexture, layered_db
from cases.phantom.long_axis_blood import MUSCLE_MEAN_DB, clot_db, soft_ceiling
from cases.phantom.long_axis_tissue import muscle_db
from cases.phantom.noise import NoiseField, curve_noise, smoothstep
from cases.phantom.scatterers import DENSITY_PER_MM2, ScattererGroup, signed_amplitude
from cases.phantom.scene import Scene
from cases.phantom.short_axis_shape import SectionShape

FloatArray = NDArray[np.float64]
SECTION_STREAM = 71
HALF_WIDTH_MM = 30.0
SLICE_TURN_RAD = 1.0


def section_groups(scene: Scene, shape: SectionShape, slices: int) -> list[ScattererGroup]:
    """Fill the section of a scene.

    Parameters
    ----------
    scene : Scene
        What to fill.
    shape : SectionShape
        Its borders.
    slices : int
        Number of slices along the muscle.
    """
    rng = np.random.default_rng((scene.seed, SECTION_STREAM))
    depth = scene.probe.depth_mm + 1.0
    count = round(2 * HALF_WIDTH_MM * depth * DENSITY_PER_MM2)
    x = (2 * rng.random(count) - 1) * HALF_WIDTH_MM
    z = rng.random(count) * depth
    femur_x, femur_z, radius = shape.femur_mm
    outside_bone = np.hypot(x - femur_x, z - femur_z) > radius
    x, z = x[outside_bone], z[outside_bone]
    above = z < shape.fascia(x)
    rectus = ~above & (shape.rectus_distance_mm(x, z) < 0)
    rest = ~above & ~rectus
    groups = [
        _superficial(scene, shape, x[above], z[above], rng),
        _rectus(scene, shape, x[rectus], z[rectus], rng, slices),
        _other_muscles(scene, shape, x[rest], z[rest], rng, slices),
        _cortex(scene, shape, rng),
    ]
    if scene.tear is not None:
        groups.append(_fluid(scene, shape, x[rectus], z[rectus], rng, slices))
    return groups


def _superficial(
    scene: Scene, shape: SectionShape, x: FloatArray, z: FloatArray, rng: np.random.Generator
) -> ScattererGroup:
    """Skin, fat and fascia lata."""
    texture, fibres = FatTexture.make(rng), NoiseField.make(rng, 5.0, 0.5)
    share = (z - (shape.fascia(x) - 0.85 * scene.thigh.fascia_mm)) / scene.thigh.fascia_mm
    level = texture.db(x, z, scene.thigh.skin_mm)
    level = np.where(share > 0, layered_db(share, x, fibres, 2.0, 24.0) - 0.35 * np.abs(x) * 0.5, level)
    alpha = two_way_db_per_mm("fat", scene.probe.effective_frequency_mhz)
    return ScattererGroup("superficial", x, z, signed_amplitude(rng, level)[None], alpha)


def _epimysium_db(
    shape: SectionShape, x: FloatArray, z: FloatArray, gaps: NoiseField
) -> NDArray[np.floating]:
    """Level of the epimysium at points near it: bright where it faces the beam, broken, lost at the sides."""
    x0, z0 = shape.centre_mm
    thigh = shape.scene.thigh
    u, v = (x - x0) / (thigh.rectus_width_mm / 2), (z - z0) / (thigh.rectus_mm / 2)
    facing = (
        np.abs(v)
        / thigh.rectus_mm
        / np.maximum(np.hypot(u / thigh.rectus_width_mm, v / thigh.rectus_mm), 1e-9)
    )
    missing = smoothstep(-0.7, 0.9, gaps.at(x, z))
    return 21.0 * facing**2.2 - 15.0 * missing + 1.0


def _rectus(
    scene: Scene, shape: SectionShape, x: FloatArray, z: FloatArray, rng: np.random.Generator, slices: int
) -> ScattererGroup:
    """Rectus femoris with its comma of central aponeurosis and its border."""
    texture = StarryTexture.make(rng)
    gaps, fibres = NoiseField.make(rng, 4.0, 2.5), NoiseField.make(rng, 3.0, 0.5)
    depth = -shape.rectus_distance_mm(x, z)
    x0, z0 = shape.centre_mm
    down = (z - z0) / scene.thigh.rectus_mm + 0.5
    comma_x = x0 - 3.4 + 6.5 * np.clip(down, 0, 1) ** 2.3 + 0.6 * fibres.at(z * 1.6, np.zeros_like(z))
    slope = 6.5 * 2.3 * np.clip(down, 0.01, 1) ** 1.3 / scene.thigh.rectus_mm
    off = (x - comma_x) / np.hypot(1.0, slope)
    half = (0.32 + 0.12 * fibres.at(z * 1.3, np.full_like(z, 9.0))) * (1.4 - 0.9 * down)
    present = smoothstep(0.06, 0.16, down) * smoothstep(0.72, 0.5, down)
    comma = 16.5 * present * np.exp(-((off / np.clip(half, 0.12, None)) ** 2) / 2) - 9.0 * smoothstep(
        -0.3, 1.5, gaps.at(z * 2.5, x)
    )
    border = _epimysium_db(shape, x, z, gaps)
    levels = []
    for index in range(slices):
        level = muscle_db(scene, texture.db(x, z, index * SLICE_TURN_RAD) + 1.0)
        level = np.maximum(level, np.where(present > 0, comma, -60.0))
        levels.append(np.where(depth < 0.32, np.maximum(level, border), level))
    amplitude = np.stack([signed_amplitude(rng, level) for level in levels])
    alpha = two_way_db_per_mm("muscle", scene.probe.effective_frequency_mhz)
    return ScattererGroup("rectus", x, z, amplitude, alpha)


def _other_muscles(
    scene: Scene, shape: SectionShape, x: FloatArray, z: FloatArray, rng: np.random.Generator, slices: int
) -> ScattererGroup:
    """Vastus lateralis on the left, medialis on the right, intermedius below, with the septa between them."""
    deep, beside = StarryTexture.make(rng), StarryTexture.make(rng)
    gaps, fibres = NoiseField.make(rng, 4.0, 2.5), NoiseField.make(rng, 5.0, 0.5)
    thigh = scene.thigh
    x0, z0 = shape.centre_mm
    outside = shape.rectus_distance_mm(x, z)
    plane_z = (
        z0
        + thigh.rectus_mm / 2
        + 1.1
        - 0.0085 * (x - x0) ** 2 * (np.abs(x - x0) < 17)
        + 0.4 * fibres.at(x, x * 0)
    )
    side_z = z0 + 1.0 + 0.55 * (np.abs(x - x0) - 15.5) + 0.9 * fibres.at(x * 0.7, x * 0 + 4)
    lateral = np.where(np.abs(x - x0) > 14.5, side_z, plane_z)
    is_deep = z > lateral
    lines = 15.0 * np.exp(-(((z - lateral) / 0.3) ** 2)) - 11.0 * smoothstep(-0.5, 1.0, gaps.at(x, z))
    second = z0 + 9.0 + 0.9 * (np.abs(x - x0) - 13.0) + 0.8 * fibres.at(x * 0.5, x * 0 + 8)
    lines = np.maximum(
        lines, 11.0 * np.exp(-(((z - second) / 0.28) ** 2)) - 12.0 * smoothstep(-0.9, 0.7, gaps.at(z, x))
    )
    border = _epimysium_db(shape, x, z, gaps)
    femur_x, femur_z, radius = shape.femur_mm
    near_bone = 5.0 * smoothstep(1.6, 0.2, np.hypot(x - femur_x, z - femur_z) - radius)
    fatty = 7.0 * smoothstep(1.2, 0.3, outside) * smoothstep(-0.4, 1.0, gaps.at(x + 7, z * 2))
    levels = []
    for index in range(slices):
        turn = index * SLICE_TURN_RAD
        level = np.where(
            is_deep, deep.db(x * 0.85, z, turn) + 0.5, beside.db(x * 0.6, z + 0.22 * np.abs(x), turn) + 1.0
        )
        level = np.maximum(level + near_bone, lines) + fatty
        levels.append(np.where(outside < 0.3, np.maximum(level, border), level))
    amplitude = np.stack([signed_amplitude(rng, level) for level in levels])
    alpha = two_way_db_per_mm("muscle", scene.probe.effective_frequency_mhz)
    return ScattererGroup("muscle", x, z, amplitude, alpha)


def _cortex(scene: Scene, shape: SectionShape, rng: np.random.Generator) -> ScattererGroup:
    """Draw the near half of the femoral cortex: brightest where it faces the probe."""
    count = 6000
    x0, z0, radius = shape.femur_mm
    angle = (2 * rng.random(count) - 1) * 0.46 * np.pi
    rough = rng.exponential(0.13, count) - 0.08
    order = np.linspace(-0.5 * np.pi, 0.5 * np.pi, 400)
    bump = np.interp(angle, order, 0.2 * curve_noise(rng, order, 0.16) + 0.05 * curve_noise(rng, order, 0.03))
    shine = np.interp(angle, order, 2.2 * curve_noise(rng, order, 0.08))
    x = x0 + (radius - rough + bump) * np.sin(angle)
    z = z0 - (radius - rough + bump) * np.cos(angle)
    level = 22.5 + shine - 42.0 * (1 - np.cos(angle)) - 8.0 * np.clip(rough, 0, 1)
    alpha = two_way_db_per_mm("muscle", scene.probe.effective_frequency_mhz)
    return ScattererGroup("cortex", x, z, signed_amplitude(rng, level)[None], alpha)


def _fluid(
    scene: Scene, shape: SectionShape, x: FloatArray, z: FloatArray, rng: np.random.Generator, slices: int
) -> ScattererGroup:
    """Fill what stands in the section once the ends have left it; seen as far as the gap is open."""
    tear = scene.tear
    share = 2.5 * tear.clot - 1.0 if tear else 0.0
    debris = NoiseField.make(rng, 1.6, 0.6).at(x, z)
    rim = 11.0 * smoothstep(0.0, 1.0, 0.75 + 0.6 * debris + shape.rectus_distance_mm(x, z) / 2.2)
    lumps = 9.0 * smoothstep(1.1, 2.2, NoiseField.make(rng, 0.9, 0.5).at(x, z))
    low = 2.5 * smoothstep(0.0, 1.0, (z - z.min()) / np.ptp(z))
    level = MUSCLE_MEAN_DB + clot_db(rng, x, z, share) + rim + lumps + low
    if tear is not None:
        level = soft_ceiling(level, MUSCLE_MEAN_DB - tear.echo_open_db - 3.0)
    amplitude = np.stack([signed_amplitude(rng, level) for _ in range(slices)])
    closed = signed_amplitude(rng, muscle_db(scene, StarryTexture.make(rng).db(x, z, 0.0) + 2.5))
    alpha = two_way_db_per_mm("blood", scene.probe.effective_frequency_mhz)
    return ScattererGroup("fluid", x, z, amplitude, alpha, closed)
