"""Tissue made for one physical fact: even speckle, single points."""

import numpy as np

from cases.phantom.probe import ProbePreset
from cases.phantom.tissue_frame import TissueFrame


def even_tissue(
    probe: ProbePreset, *, seed: int, attenuation_db_per_mm: float = 0.0, margin_mm: float = 10.0
) -> TissueFrame:
    """Fully developed speckle: even random scatterers, a dozen in each resolution cell, no bone."""
    rng = np.random.default_rng(seed)
    width = probe.width_mm + 2 * margin_mm
    count = round(width * (probe.depth_mm + 2) * 110)
    return TissueFrame(
        ((rng.random(count) - 0.5) * width).astype(np.float32),
        (rng.random(count) * (probe.depth_mm + 2)).astype(np.float32),
        rng.standard_normal(count).astype(np.float32),
        np.full(count, attenuation_db_per_mm, dtype=np.float32),
        np.array([-1e3, 1e3]),
        np.array([1e3, 1e3]),
    )


def points(x_mm: list[float], z_mm: list[float]) -> TissueFrame:
    """Single scatterers in water."""
    count = len(x_mm)
    return TissueFrame(
        np.array(x_mm, dtype=np.float32), np.array(z_mm, dtype=np.float32), np.ones(count, dtype=np.float32),
        np.zeros(count, dtype=np.float32), np.array([-1e3, 1e3]), np.array([1e3, 1e3]),
    )  # fmt: skip
