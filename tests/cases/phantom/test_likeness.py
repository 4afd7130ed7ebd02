"""Simulated muscle measured beside real muscle."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from cases.phantom.likeness import MEASURES, direction, measure_real, measure_simulated, speckle_size_mm


def _lines(angle_deg: float) -> np.ndarray:
    y, x = np.mgrid[0:120, 0:160].astype(np.float32)
    across = y * np.cos(np.deg2rad(angle_deg)) - x * np.sin(np.deg2rad(angle_deg))
    return (127 + 80 * np.sin(across / 3)).astype(np.float32)


def test_the_direction_of_drawn_lines_is_found() -> None:
    order, angle = direction(_lines(14.0))
    assert order > 0.95
    assert angle == pytest.approx(14.0, abs=1.0)


def test_the_size_of_smoothed_noise_is_found() -> None:
    noise = np.random.default_rng(1).standard_normal((200, 300)).astype(np.float32)
    sigma_x, sigma_z = 5.0, 2.0
    axial, lateral = speckle_size_mm(cv2.GaussianBlur(noise, (0, 0), sigmaX=sigma_x, sigmaY=sigma_z))
    to_width = 0.1 * np.sqrt(2) * 2.355
    assert axial == pytest.approx(sigma_z * to_width, rel=0.12)
    assert lateral == pytest.approx(sigma_x * to_width, rel=0.12)


@pytest.mark.shared_data
def test_each_measure_of_simulated_muscle_lies_inside_the_range_of_real_muscle(shared_data: Path) -> None:
    real = [row for rows in measure_real(shared_data).values() for row in rows]
    simulated = measure_simulated(quick=True)
    for name in MEASURES:
        middle = float(np.median([row[name] for row in simulated]))
        assert min(row[name] for row in real) <= middle <= max(row[name] for row in real), name
