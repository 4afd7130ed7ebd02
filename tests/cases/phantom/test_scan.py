"""The scan as physics: speckle, resolution, attenuation, and that speckle moves with the tissue."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from scipy import stats

from cases.phantom.image_processing import Processing, compress
from cases.phantom.point_spread import BeamGrid
from cases.phantom.probe import ProbePreset
from cases.phantom.scan import ScanOptions, echo_envelope
from cases.phantom.tissue_frame import TissueFrame
from tests.cases.phantom.tissues import even_tissue, points

BARE = ScanOptions(attenuation=False, noise=False, clutter=False, reverberation=False, gain=False)


def _inside(envelope: np.ndarray, grid: BeamGrid) -> np.ndarray:
    """Part of a picture away from its borders."""
    columns = np.abs(grid.x_mm) < grid.probe.width_mm / 2 - 2
    rows = (grid.z_mm > 3) & (grid.z_mm < grid.probe.depth_mm - 2)
    return envelope[np.ix_(rows, columns)]


def test_even_tissue_makes_fully_developed_speckle(small_probe: ProbePreset) -> None:
    grid = BeamGrid(small_probe)
    samples = [
        _inside(echo_envelope(even_tissue(small_probe, seed=s), grid, options=BARE), grid) for s in (1, 2)
    ]
    ratios = [float(sample.mean() / sample.std()) for sample in samples]
    assert np.mean(ratios) == pytest.approx(1.91, abs=0.1)


def test_the_envelope_of_even_tissue_is_rayleigh_distributed(small_probe: ProbePreset) -> None:
    grid = BeamGrid(small_probe)
    envelope = _inside(echo_envelope(even_tissue(small_probe, seed=3), grid, options=BARE), grid)
    apart = envelope[::8, ::6].ravel()
    scale = float(np.sqrt((apart.astype(np.float64) ** 2).mean() / 2))
    assert stats.kstest(apart, stats.rayleigh(scale=scale).cdf).statistic < 0.04


@pytest.mark.parametrize("place", [(-6.0, 5.0), (0.0, 18.0), (7.0, 25.0)])
def test_a_point_lands_on_its_pixel(small_probe: ProbePreset, place: tuple[float, float]) -> None:
    probe = replace(small_probe, steering_deg=(-10.0, -5.0, 0.0, 5.0, 10.0))
    grid = BeamGrid(probe)
    shown = compress(
        echo_envelope(points([place[0]], [place[1]]), grid, options=BARE),
        grid,
        Processing(video_filter_mm=0.0),
    )
    row, column = np.unravel_index(int(shown.argmax()), shown.shape)
    assert abs((column + 0.5) * probe.mm_per_px - probe.width_mm / 2 - place[0]) <= probe.mm_per_px
    assert abs((row + 0.5) * probe.mm_per_px - place[1]) <= probe.mm_per_px


def _width_at_half(values: np.ndarray, pitch_mm: float) -> float:
    """Width of a peak at half its height."""
    top = int(values.argmax())
    half = values[top] / 2
    left = top - int(np.argmax(values[top::-1] < half))
    right = top + int(np.argmax(values[top:] < half))
    left_part = (half - values[left]) / (values[left + 1] - values[left])
    right_part = (half - values[right]) / (values[right - 1] - values[right])
    return float((right - left - left_part - right_part) * pitch_mm)


@pytest.mark.parametrize("depth_mm", [8.0, 18.0, 26.0])
def test_a_point_is_as_wide_and_long_as_the_preset_says(small_probe: ProbePreset, depth_mm: float) -> None:
    grid = BeamGrid(small_probe)
    on_a_column_mm = float(grid.x_mm[grid.columns // 2])
    envelope = echo_envelope(points([on_a_column_mm], [depth_mm]), grid, options=BARE)
    row, column = np.unravel_index(int(envelope.argmax()), envelope.shape)
    lateral = _width_at_half(envelope[row], grid.pitch_x_mm)
    axial = _width_at_half(envelope[:, column], grid.pitch_z_mm)
    assert lateral == pytest.approx(small_probe.lateral_width_mm(depth_mm), rel=0.1)
    assert axial == pytest.approx(small_probe.pulse_width_mm(depth_mm), rel=0.12)


def test_echoes_weaken_with_depth_as_the_tissue_attenuates(small_probe: ProbePreset) -> None:
    grid = BeamGrid(small_probe)
    options = replace(BARE, attenuation=True)
    levels = []
    for seed in (1, 2):
        tissue = even_tissue(small_probe, seed=seed, attenuation_db_per_mm=0.87)
        power = (echo_envelope(tissue, grid, options=options).astype(np.float64) ** 2).mean(axis=1)
        levels.append(10 * np.log10(power))
    rows = (grid.z_mm > 3) & (grid.z_mm < small_probe.depth_mm - 2)
    slope = np.polyfit(grid.z_mm[rows], np.mean(levels, axis=0)[rows], 1)[0]
    assert slope == pytest.approx(-0.87, rel=0.04)


def test_gain_compensation_evens_out_what_attenuation_took(small_probe: ProbePreset) -> None:
    grid = BeamGrid(small_probe)
    tissue = even_tissue(small_probe, seed=4, attenuation_db_per_mm=small_probe.tgc_db_per_mm)
    envelope = echo_envelope(tissue, grid, options=replace(BARE, attenuation=True, gain=True))
    level = 20 * np.log10(envelope.mean(axis=1))
    rows = (grid.z_mm > 3) & (grid.z_mm < small_probe.depth_mm - 2)
    assert abs(np.polyfit(grid.z_mm[rows], level[rows], 1)[0]) < 0.05


def test_speckle_of_a_moved_patch_moves_with_it(small_probe: ProbePreset) -> None:
    probe = replace(small_probe, steering_deg=(-10.0, -5.0, 0.0, 5.0, 10.0))
    grid = BeamGrid(probe)
    tissue = even_tissue(probe, seed=5)
    dx, dz = 0.73, 0.41
    moved = TissueFrame(
        tissue.x_mm + np.float32(dx), tissue.z_mm + np.float32(dz), tissue.amplitude,
        tissue.attenuation_db_per_mm, tissue.bone_x_mm, tissue.bone_z_mm,
    )  # fmt: skip
    before, after = (echo_envelope(one, grid, options=BARE) for one in (tissue, moved))
    back = np.array([[1, 0, dx / grid.pitch_x_mm], [0, 1, dz / grid.pitch_z_mm]])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    returned = cv2.warpAffine(after, back, (after.shape[1], after.shape[0]), flags=flags)
    same = np.corrcoef(_inside(before, grid).ravel(), _inside(returned, grid).ravel())[0, 1]
    assert same > 0.9


def test_fluid_leaves_the_tissue_below_it_brighter(small_probe: ProbePreset) -> None:
    grid = BeamGrid(small_probe)
    tissue = even_tissue(small_probe, seed=6, attenuation_db_per_mm=0.87)
    fluid = (np.abs(tissue.x_mm) < 5) & (tissue.z_mm > 6) & (tissue.z_mm < 16)
    attenuation = np.where(fluid, np.float32(0.3), tissue.attenuation_db_per_mm)
    frame = replace(tissue, attenuation_db_per_mm=attenuation)
    envelope = echo_envelope(frame, grid, options=replace(BARE, attenuation=True, gain=True))
    deep = (grid.z_mm > 19) & (grid.z_mm < 26)
    below = envelope[np.ix_(deep, np.abs(grid.x_mm) < 3)].mean()
    beside = envelope[np.ix_(deep, np.abs(grid.x_mm) > 8.5)].mean()
    assert 20 * np.log10(below / beside) > 3
