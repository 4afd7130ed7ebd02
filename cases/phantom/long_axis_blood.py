"""What fills the tear in long axis: fluid with faint echoes, clot, torn fibres that hang into it, spread blood."""

import numpy as np
from numpy.typing import NDArray

from cases.phantom.acoustics import two_way_db_per_mm
from cases.phantom.echo_texture import PennateTexture
from cases.phantom.long_axis_motion import LongAxisMotion
from cases.phantom.long_axis_tissue import CENTRAL_APONEUROSIS, muscle_db
from cases.phantom.noise import NoiseField, smoothstep
from cases.phantom.scatterers import DENSITY_PER_MM2, ScattererGroup, signed_amplitude
from cases.phantom.scene import Scene
from cases.phantom.tear_edges import TearEdges

BLOOD_STREAM = 51
MUSCLE_MEAN_DB = 7.0
"""Mean level of muscle above dark muscle; echo levels of blood are given against it."""


def blood_groups(
    scene: Scene, edges: TearEdges, open_motion: LongAxisMotion, slices: int
) -> list[ScattererGroup]:
    """Fill the gap of a scene, and the layers its blood has spread into.

    Parameters
    ----------
    scene : Scene
        With a tear.
    edges : TearEdges
        Its ends.
    open_motion : LongAxisMotion
        The thigh at full effort: the gap is filled as it is when open.
    slices : int
        Number of slices out of plane.
    """
    rng = np.random.default_rng((scene.seed, BLOOD_STREAM))
    alpha = two_way_db_per_mm("blood", scene.probe.effective_frequency_mhz)
    groups = [_gap(scene, edges, open_motion, rng, slices, alpha)]
    groups += [_fronds(scene, edges, side, rng, slices) for side in (-1, 1)]
    if scene.haematoma is not None:
        for name, thickness in (("above", scene.haematoma.above_mm), ("below", scene.haematoma.below_mm)):
            if thickness > 0:
                groups.append(_layer(scene, name, thickness, rng, slices, alpha))
    return groups


def clot_db(
    rng: np.random.Generator, x: NDArray[np.floating], z: NDArray[np.floating], share: float
) -> NDArray[np.floating]:
    """Lumps of clot, soft-edged, with a net of strands: decibel above the fluid around them."""
    big, small = NoiseField.make(rng, 3.2, 2.2), NoiseField.make(rng, 0.9, 0.6)
    strands = NoiseField.make(rng, 3.0, 0.9)
    lump = big.at(x, z) + 0.45 * small.at(x, z)
    threshold = 1.3 - 1.9 * share
    body = 8.5 * smoothstep(threshold - 0.5, threshold + 1.0, lump)
    net = 4.0 * np.exp(-((strands.at(x, z) / 0.1) ** 2)) * smoothstep(-0.3, 1.2, lump)
    return body + net + 1.6 * small.at(x + 11, z)


def _gap(
    scene: Scene,
    edges: TearEdges,
    open_motion: LongAxisMotion,
    rng: np.random.Generator,
    slices: int,
    alpha: float,
) -> ScattererGroup:
    """Fill the gap, in coordinates across it and down it."""
    tear = scene.tear
    if tear is None:
        raise ValueError(f"scene {scene.name!r} has no tear to fill")
    width = tear.gap_peak_mm + 2 * tear.rounding_mm + 3
    height = scene.thigh.rectus_mm * 1.25
    count = round(width * height * DENSITY_PER_MM2)
    across, zeta = rng.random(count), rng.random(count)
    # Keep scatterers in proportion to the local width of the open gap, so that its density is even.
    left, _ = open_motion.fluid(np.zeros_like(zeta), zeta)
    right, _ = open_motion.fluid(np.ones_like(zeta), zeta)
    local_width = right - left
    keep = rng.random(count) < local_width / width
    across, zeta, local_width = across[keep], zeta[keep], local_width[keep]
    x, z = across * local_width, zeta * height
    from_end = np.minimum(across, 1 - across) * local_width
    debris = NoiseField.make(rng, 1.4, 0.35).at(across * local_width + 5, z)
    haze = 12.0 * smoothstep(0.0, 1.0, 0.95 + 0.55 * debris - from_end / 1.5)
    sediment = 2.5 * smoothstep(0.55, 1.0, zeta)
    roof = 3.0 * smoothstep(0.12, 0.0, zeta)
    levels = MUSCLE_MEAN_DB + clot_db(rng, x, z, tear.clot) + haze + sediment + roof
    levels = soft_ceiling(levels, MUSCLE_MEAN_DB - tear.echo_open_db - 3.0)
    torn = np.interp(zeta, edges.zeta, edges.torn)
    levels = np.where(torn < 0.05, -60.0, levels)
    amplitude = np.stack([signed_amplitude(rng, levels) for _ in range(2 * slices)])
    closed = signed_amplitude(rng, np.where(torn < 0.05, -60.0, _closed_db(scene, edges, across, zeta, rng)))
    return ScattererGroup("fluid", across, zeta, amplitude, alpha, closed)


def soft_ceiling(level_db: NDArray[np.floating], ceiling_db: float) -> NDArray[np.floating]:
    """Bend levels smoothly so that they stay below a ceiling."""
    return np.asarray(-2.0 * np.logaddexp(-level_db / 2.0, -ceiling_db / 2.0))


def _closed_db(
    scene: Scene,
    edges: TearEdges,
    across: NDArray[np.floating],
    zeta: NDArray[np.floating],
    rng: np.random.Generator,
) -> NDArray[np.floating]:
    """Level of the closed gap: a disordered continuation of the fascicles, mixed with blood."""
    left, right = edges.rest_at(-1, zeta), edges.rest_at(1, zeta)
    x = left + across * (right - left)
    z = (zeta - CENTRAL_APONEUROSIS) * scene.thigh.rectus_mm
    slope = np.tan(np.deg2rad(scene.thigh.pennation_deg))
    texture = PennateTexture.make(rng)
    along = np.where(z < 0, z - slope * x, z + 0.75 * slope * x + 40.0)
    return muscle_db(scene, texture.db(1.6 * x, along, 0.0))


def _fronds(
    scene: Scene, edges: TearEdges, side: int, rng: np.random.Generator, slices: int
) -> ScattererGroup:
    """Torn fibres that hang from one end into the gap; u is the length beyond the end, v the depth."""
    tear = scene.tear
    if tear is None:
        raise ValueError(f"scene {scene.name!r} has no tear")
    reach, depth, level = [], [], []
    scale = min(1.0, tear.gap_peak_mm / 14.0)
    for _ in range(26):
        length = scale * rng.gamma(2.2, 1.15) + 0.4
        thickness = rng.uniform(0.25, 0.9)
        count = round(length * thickness * DENSITY_PER_MM2 * 1.6)
        root = rng.uniform(0.03, 0.97)
        if np.interp(root, edges.zeta, edges.torn) < 0.6:
            continue
        along = rng.random(count)
        droop = rng.normal(0.16 if root < CENTRAL_APONEUROSIS else -0.12, 0.16) * side * -1.0
        off = (rng.random(count) - 0.5) * thickness * (1 - 0.7 * along) + droop * along * length
        off = off + 0.08 * np.sin(along * rng.uniform(2, 6) + rng.uniform(0, 6))
        reach.append(along * length)
        depth.append(np.clip(root + off / scene.thigh.rectus_mm, 0.01, 0.99))
        level.append(MUSCLE_MEAN_DB + rng.normal(-5.0, 2.5) - 8.0 * along)
    if not reach:
        reach, depth, level = [np.zeros(1)], [np.full(1, 0.5)], [np.full(1, -60.0)]
    amplitude = np.stack([signed_amplitude(rng, np.concatenate(level)) for _ in range(slices)])
    alpha = two_way_db_per_mm("muscle", scene.probe.effective_frequency_mhz)
    name = "frond proximal" if side < 0 else "frond distal"
    return ScattererGroup(name, np.concatenate(reach), np.concatenate(depth), amplitude, alpha)


def _layer(
    scene: Scene, name: str, thickness: float, rng: np.random.Generator, slices: int, alpha: float
) -> ScattererGroup:
    """Blood along the muscle, above or below it."""
    blood = scene.haematoma
    if blood is None:
        raise ValueError(f"scene {scene.name!r} has no haematoma")
    half = 1.6 * blood.length_mm
    count = round(2 * half * thickness * 0.7 * DENSITY_PER_MM2)
    x = (2 * rng.random(count) - 1) * half + (scene.tear.position_mm if scene.tear else 0.0)
    share = rng.random(count)
    level = MUSCLE_MEAN_DB + blood.echo_db + clot_db(rng, x, share * thickness, blood.clot)
    border = np.minimum(share, 1 - share) * thickness
    level = level + 6.0 * np.exp(-border / 0.35)
    amplitude = np.stack([signed_amplitude(rng, level) for _ in range(slices)])
    return ScattererGroup(name, x, share, amplitude, alpha)
