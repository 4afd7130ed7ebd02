"""The real files: the right frames, sizes, times and scales, by what their own headers hold."""

from pathlib import Path

import numpy as np
import pydicom
import pytest
import simplejpeg
from pydicom.encaps import generate_frames

from cases.calibration import Region, ScaleSource
from cases.clip import ClipKind, Codec, Colour, Encoding
from cases.decoding import Wishes
from cases.frame_timing import TimingSource
from tests.cases.conftest import Import

pytestmark = pytest.mark.shared_data

P6_MM_PER_PX = 0.0883
P6_IMAGE = Region(210, 44, 936, 623, P6_MM_PER_PX, P6_MM_PER_PX)
DERIVED = {
    "us_mf_explicit_be_mono": Codec.UNCOMPRESSED,
    "us_mf_rle_mono": Codec.RLE,
    "us_mf_j2k_lossless_rgb": Codec.JPEG_2000,
    "us_mf_j2k_lossy_rgb": Codec.JPEG_2000,
    "us_mf_jpeg_baseline_ybr422_bot": Codec.JPEG_BASELINE,
    "us_mf_jpeg_baseline_ybr422_eot": Codec.JPEG_BASELINE,
    "us_mf_jpeg_baseline_ybr422_nobot_3frags": Codec.JPEG_BASELINE,
}


def test_the_scale_of_the_gastrocnemius_clips_is_in_their_own_parameters(shared_data: Path):
    from scipy.io import loadmat

    parameters = loadmat(shared_data / "muscle_clips_ccby" / "p6_params.mat", simplify_cells=True)
    values = np.concatenate(
        [np.ravel(v) for v in _leaves(parameters) if np.issubdtype(np.asarray(v).dtype, np.number)]
    )
    assert np.isclose(values, P6_MM_PER_PX, atol=5e-5).any()


def _leaves(tree: object) -> list[object]:
    if isinstance(tree, dict):
        return [leaf for value in tree.values() for leaf in _leaves(value)]
    return [] if isinstance(tree, (str, bytes, list)) else [tree]


def test_a_gastrocnemius_clip_has_its_frames_at_61_a_second(shared_data: Path, imported: Import):
    wishes = Wishes(region=P6_IMAGE, scale_source=ScaleSource.MANIFEST)
    found, cine = imported(
        shared_data / "muscle_clips_ccby" / "p6_isokinetic500_01_push_01.mp4", wishes=wishes
    )
    head = found.head
    assert (head.frames, found.inspection.frames_declared) == (59, 59)
    assert head.timing_source is TimingSource.CONTAINER
    assert head.duration_s == pytest.approx(59 / 61, abs=1e-3)
    assert head.timing.median_interval_ms == pytest.approx(1000 / 61, abs=0.01)
    assert (head.scale_source, head.regions) == (ScaleSource.MANIFEST, (P6_IMAGE,))
    assert cine.frames[58].shape == (624, 1148, 3)


@pytest.mark.parametrize("name", DERIVED)
def test_the_derived_clips_have_13_frames_and_their_scale(shared_data: Path, imported: Import, name: str):
    path = shared_data / "derived" / f"{name}.dcm"
    found, _ = imported(path)
    head = found.head
    assert (found.inspection.codec, head.frames, head.rows, head.columns) == (DERIVED[name], 13, 312, 574)
    assert head.timing_source is TimingSource.FRAME_TIME
    assert head.duration_s == pytest.approx(13 * 0.2622951)
    (region,) = head.regions
    assert (region.x0, region.y0, region.x1, region.y1) == (105, 22, 468, 311)
    assert region.mm_per_px_x == pytest.approx(2 * P6_MM_PER_PX, rel=1e-3)
    assert head.scale_source is ScaleSource.ULTRASOUND_REGIONS


@pytest.mark.parametrize("tables", ["bot", "eot", "nobot_3frags"])
def test_the_jpeg_frames_of_the_derived_clips_pass_through(shared_data: Path, imported: Import, tables: str):
    path = shared_data / "derived" / f"us_mf_jpeg_baseline_ybr422_{tables}.dcm"
    _, cine = imported(path)
    dataset = pydicom.dcmread(path)
    offsets = None
    if "ExtendedOffsetTable" in dataset:
        offsets = (dataset.ExtendedOffsetTable, dataset.ExtendedOffsetTableLengths)
    theirs = list(generate_frames(dataset.PixelData, number_of_frames=13, extended_offsets=offsets))
    ours = [cine.frames.encoded(k) for k in range(13)]
    assert [frame.rstrip(b"\0") for frame in ours] == [frame.rstrip(b"\0") for frame in theirs]


def test_a_frame_time_vector_without_regions(shared_data: Path, imported: Import):
    path = shared_data / "derived" / "us_mf_jpeg_baseline_frametimevector_noregion.dcm"
    found, _ = imported(path)
    vector_ms = [float(entry) for entry in pydicom.dcmread(path).FrameTimeVector]
    assert found.head.timing_source is TimingSource.FRAME_TIME_VECTOR
    assert found.head.frame_starts_s == pytest.approx(np.cumsum([0, *vector_ms[1:]]) / 1000)
    assert (found.head.scale_source, found.head.regions) == (ScaleSource.NONE, ())


@pytest.mark.parametrize(
    "name", ["IM00001.implicit_little_endian.dcm", "IM00001.fragmented_no_bot_jpeg_baseline.50.dcm"]
)
def test_the_echo_clip_has_uneven_times_and_a_mirrored_region(shared_data: Path, imported: Import, name: str):
    found, cine = imported(shared_data / "us_dicom_real" / name)
    head = found.head
    assert (head.frames, head.rows, head.columns, head.colour) == (8, 240, 320, Colour.RGB8)
    assert head.timing_source is TimingSource.FRAME_TIME_VECTOR
    assert head.frame_starts_s is not None
    assert head.frame_starts_s[:3] == pytest.approx((0, 0.05, 0.083333))
    under = cine.calibration_at((160, 100))
    assert under is not None
    assert under.mm_per_px_x == under.mm_per_px_y == pytest.approx(2.29375, rel=1e-5)
    assert cine.calibration_at((160, 225)) is None


def test_the_echo_clip_looks_the_same_compressed_and_not(shared_data: Path, imported: Import):
    _, raw = imported(shared_data / "us_dicom_real" / "IM00001.implicit_little_endian.dcm")
    _, jpeg = imported(shared_data / "us_dicom_real" / "IM00001.fragmented_no_bot_jpeg_baseline.50.dcm")
    for one, other in zip(raw.frames, jpeg.frames, strict=True):
        assert np.abs(one.astype(int) - other.astype(int)).mean() < 3


def test_raw_ybr_422_is_a_colour_still_with_a_scale(shared_data: Path, imported: Import):
    path = shared_data / "us_dicom_real" / "ybr422-raw.dcm"
    found, cine = imported(path)
    assert (found.head.kind, found.head.rows, found.head.columns) == (ClipKind.STILL, 555, 800)
    assert found.head.regions[0].mm_per_px_x == pytest.approx(0.0616)
    theirs = pydicom.dcmread(path).pixel_array
    assert np.abs(cine.frames[0].astype(int) - theirs).max() <= 1


def test_the_mr_series_has_20_slices_in_the_order_of_space(shared_data: Path, imported: Import):
    paths = sorted((shared_data / "mr_brain_series").glob("*.dcm"))
    found, cine = imported(*reversed(paths))
    head = found.head
    assert (head.kind, head.frames, head.encoding, head.colour) == (
        ClipKind.SERIES, 20, Encoding.SAMPLES16, Colour.INT16,
    )  # fmt: skip
    assert head.regions == (Region(0, 0, 255, 255, 0.859375, 0.859375),)
    for frame, path in zip(cine.frames, paths, strict=True):
        assert np.array_equal(frame, pydicom.dcmread(path).pixel_array)


def test_the_mr_film_of_the_heart_has_16_frames_of_69_ms(shared_data: Path, imported: Import):
    path = shared_data / "mr_cine_heart" / "explicit_little.dcm"
    found, cine = imported(path)
    assert (found.head.kind, found.head.frames, found.head.rows) == (ClipKind.CLIP, 16, 256)
    assert found.head.duration_s == pytest.approx(16 * 0.06947)
    assert found.head.scale_source is ScaleSource.NONE
    assert np.array_equal(cine.frames[9], pydicom.dcmread(path).pixel_array[9])


def test_the_enhanced_mr_of_the_knee_keeps_its_samples(shared_data: Path, imported: Import):
    path = shared_data / "mr_knee" / "jpeg2000-multiframe-multifragments.dcm"
    found, cine = imported(path)
    head = found.head
    assert (head.kind, head.frames, head.colour) == (ClipKind.SERIES, 19, Colour.UINT16)
    assert head.regions == (Region(0, 0, 255, 255, 0.625, 0.625),)
    assert [(window.center, window.width) for window in head.windows] == [(1518, 2810)]
    theirs = pydicom.dcmread(path)
    theirs.pixel_array_options(decoding_plugin="pylibjpeg")
    assert np.array_equal(np.stack(list(cine.frames)), theirs.pixel_array)


def test_a_real_picture_is_kept_pixel_for_pixel(shared_data: Path, imported: Import):
    path = sorted((shared_data / "gm_frames_ccby").glob("*.jpg"))[0]
    _, cine = imported(path)
    assert np.array_equal(cine.frames[0], simplejpeg.decode_jpeg(path.read_bytes()))
