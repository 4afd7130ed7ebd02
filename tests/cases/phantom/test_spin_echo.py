"""The MRI-style pictures: signals as the equations say, and a defect that is inconspicuous for stated reasons."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from cases.phantom.catalogue import SERIES, clip_named
from cases.phantom.defect_contrast import defect_contrast
from cases.phantom.mr_scan import SUPERSAMPLING, MrGeometry, MrOptions, TissueShares, acquire
from cases.phantom.spin_echo import FLUID, NAMES, PD_FS, STIR, T1, TISSUES, MrSequence, signal
from cases.phantom.whole_thigh import WholeThigh

QUIET = MrOptions(noise=0.0, coil_shading=False)
SHOWN = ("fat", "muscle", "oedema", "clot", "vein")


def _blocks(names: tuple[str, ...], geometry: MrGeometry) -> TissueShares:
    """Broad bands, one tissue each."""
    count = geometry.matrix * SUPERSAMPLING
    shares = np.zeros((len(NAMES), count, count), dtype=np.float32)
    for index, band in enumerate(np.array_split(np.arange(count), len(names))):
        shares[NAMES.index(names[index]), band] = 1.0
    return TissueShares(shares)


@pytest.mark.parametrize("sequence", [PD_FS, T1, STIR], ids=lambda s: s.name)
def test_contrast_of_each_tissue_pair_follows_the_signal_equation(sequence: MrSequence) -> None:
    geometry = MrGeometry("axial", matrix=160)
    picture = acquire(_blocks(SHOWN, geometry), sequence, geometry, QUIET, (1,))
    bands = np.array_split(picture, len(SHOWN))
    measured = {name: float(np.median(band[12:-12, 30:-30])) for name, band in zip(SHOWN, bands, strict=True)}
    for one, other in itertools.combinations(SHOWN, 2):
        expected = signal(TISSUES[one], sequence) - signal(TISSUES[other], sequence)
        scale = max(signal(TISSUES[one], sequence), signal(TISSUES[other], sequence))
        assert measured[one] - measured[other] == pytest.approx(expected, rel=0.05, abs=0.002 * scale)


def test_the_signal_equations_have_their_known_limits() -> None:
    water = replace(FLUID, proton_density=1.0)
    long_tr = MrSequence("long", 1e6, 1e-6)
    assert signal(water, long_tr) == pytest.approx(1.0)
    null_ms = TISSUES["fat"].t1_ms * np.log(2)
    assert signal(TISSUES["fat"], MrSequence("null", 1e6, 10.0, inversion_time_ms=null_ms)) == pytest.approx(
        0.0, abs=1e-9
    )
    assert signal(TISSUES["fat"], T1) > 2 * signal(TISSUES["muscle"], T1)
    assert signal(TISSUES["oedema"], STIR) > signal(TISSUES["muscle"], STIR) > signal(TISSUES["fat"], STIR)


def test_noise_in_air_is_rician() -> None:
    geometry = MrGeometry("axial", matrix=128)
    picture = acquire(_blocks(("air",), geometry), PD_FS, geometry, MrOptions(noise=0.01), (3,))
    assert picture.mean() == pytest.approx(0.01 * np.sqrt(np.pi / 2), rel=0.03)


@pytest.fixture(scope="module")
def thigh() -> WholeThigh:
    return WholeThigh.of(clip_named("long-axis-defect").scene)


@pytest.mark.parametrize("series", SERIES, ids=lambda s: s.name)
def test_the_defect_is_inconspicuous_at_rest(thigh: WholeThigh, series) -> None:  # type: ignore[no-untyped-def]
    key = series.geometry.nearest_slice(1.0, 0.0)
    measured = defect_contrast(thigh, series, key, MrOptions())
    assert series.geometry.slice_thickness_mm == 4.0
    assert measured.defect_px > 20
    assert measured.contrast_to_noise <= 1.5


@pytest.mark.parametrize("series", [SERIES[0], SERIES[2]], ids=lambda s: s.name)
def test_the_same_defect_full_of_fluid_would_be_seen(thigh: WholeThigh, series) -> None:  # type: ignore[no-untyped-def]
    key = series.geometry.nearest_slice(1.0, 0.0)
    fluid = MrOptions(tissues={"clot": FLUID})
    assert defect_contrast(thigh, series, key, fluid).contrast_to_noise > 5


def test_the_field_of_view_is_a_real_one() -> None:
    for series in SERIES:
        assert 160 <= series.geometry.field_of_view_mm <= 200


def test_the_whole_thigh_is_in_the_axial_picture(thigh: WholeThigh) -> None:
    geometry = SERIES[1].geometry
    axis = (np.linspace(-0.5, 0.5, 200) * geometry.field_of_view_mm).astype(np.float32)
    across, down = np.meshgrid(
        axis + np.float32(geometry.middle_mm[1]), axis + np.float32(geometry.middle_mm[2])
    )
    label = thigh.tissue(np.zeros_like(across), across, down)
    rim = np.concatenate([label[0], label[-1], label[:, 0], label[:, -1]])
    assert np.all(rim == NAMES.index("air"))
    for name in ("skin", "fat", "muscle", "cortex", "marrow", "vessel", "vein", "tendon", "nerve"):
        assert np.any(label == NAMES.index(name)), name


def test_the_thigh_agrees_with_the_ultrasound_plane(thigh: WholeThigh) -> None:
    scene = thigh.scene
    z = np.arange(0.1, 45, 0.1, dtype=np.float32)
    label = thigh.tissue(np.full_like(z, -15.0), np.zeros_like(z), z)
    cortex_mm = float(z[np.argmax(label == NAMES.index("cortex"))])
    expected = float(np.interp(-15.0, thigh.layers.x_mm, thigh.layers.bone_mm))
    assert cortex_mm == pytest.approx(expected, abs=1.0)
    assert scene.tear is not None
    depth = np.array([scene.thigh.rectus_top_mm + 4.0], dtype=np.float32)
    x = np.arange(-12, 12, 0.1, dtype=np.float32)
    cleft = thigh.tissue(x, np.zeros_like(x), np.full_like(x, depth[0])) == NAMES.index("clot")
    assert 1.0 < cleft.sum() * 0.1 < 4.5
