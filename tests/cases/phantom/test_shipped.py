"""What is shipped: valid objects that say SIMULATED, calibrated, small, with their truth beside them."""

import hashlib
import shutil
import subprocess
import tomllib
from pathlib import Path

import numpy as np
import pydicom
import pytest

from cases.manifest import read_manifest
from cases.phantom.canvas import Region, blank_screen
from cases.phantom.case_folder import manifest_text
from cases.phantom.catalogue import CLIPS, MAIN_CASE, SERIES, case_ids, clip_named
from cases.phantom.mr_object import FULL_SCALE, WORDS, with_words
from cases.phantom.truth import __doc__ as truth_words
from tests.cases.phantom.shipped import BUNDLED, CLIP_FILES, MR_FILES

MEGABYTE = 1_000_000
SYNTHETIC_DATA_UNKNOWN = (
    "Error - Attribute with an even group number is not a recognized standard attribute - (0x0008,0x001c)"
)
"""Debian's dciodvfy is older than Synthetic Data (0008,001C), CP-2189, and takes it for a mistake."""
ALL_FILES = [*CLIP_FILES, *MR_FILES]


def test_every_clip_and_every_slice_of_the_catalogue_is_shipped() -> None:
    expected = {BUNDLED / clip.case_id / f"{clip.scene.name}.dcm" for clip in CLIPS}
    assert set(CLIP_FILES) == expected
    assert {path.name for path in MR_FILES} == {name for series in SERIES for name in series.file_names}


@pytest.mark.skipif(shutil.which("dciodvfy") is None, reason="dciodvfy (dicom3tools) is not installed")
@pytest.mark.parametrize("path", ALL_FILES, ids=lambda path: path.stem)
def test_dciodvfy_finds_no_error_but_the_tag_it_is_too_old_for(path: Path) -> None:
    said = subprocess.run(["dciodvfy", str(path)], capture_output=True, text=True, check=False)
    errors = [line for line in (said.stdout + said.stderr).splitlines() if line.startswith("Error")]
    assert [line for line in errors if not line.startswith(SYNTHETIC_DATA_UNKNOWN)] == []


@pytest.mark.parametrize("path", ALL_FILES, ids=lambda path: path.stem)
def test_every_object_says_in_its_tags_that_nobody_was_examined(path: Path) -> None:
    dataset = pydicom.dcmread(path, stop_before_pixels=True)
    assert dataset[0x0008001C].value == "YES"
    assert dataset.ImageType[0] == "DERIVED"
    assert str(dataset.PatientName).startswith("SIMULATED")
    assert dataset.PatientID == "SIMULATED"
    assert dataset.PatientBirthDate == ""
    assert dataset.StudyDate == ""
    assert "SIMULATED" in dataset.SeriesDescription
    assert "SIMULATED" in dataset.ImageComments
    assert dataset.Laterality in ("L", "R")
    for keyword in ("InstitutionName", "OperatorsName", "PerformingPhysicianName", "AcquisitionDate"):
        assert keyword not in dataset


@pytest.mark.parametrize("path", CLIP_FILES, ids=lambda path: path.stem)
def test_every_frame_of_a_clip_has_the_word_burnt_in(path: Path) -> None:
    scene = clip_named(path.stem).scene
    expected = blank_screen(scene)[4:22, 4:104].astype(int)
    assert (expected > 128).sum() > 150
    for frame in pydicom.dcmread(path).pixel_array:
        assert np.corrcoef(frame[4:22, 4:104].ravel(), expected.ravel())[0, 1] > 0.95


@pytest.mark.parametrize("path", MR_FILES, ids=lambda path: path.stem)
def test_every_static_slice_has_the_words_burnt_in(path: Path) -> None:
    dataset = pydicom.dcmread(path)
    stored = dataset.pixel_array
    white = (float(dataset.WindowCenter) + float(dataset.WindowWidth) / 2) / float(dataset.RescaleSlope)
    unit = white / FULL_SCALE
    words = with_words(np.zeros_like(stored), (unit / 2, unit)) > 0.5 * white
    assert words.sum() > 150
    assert (stored[words] >= 0.5 * white).all()
    around = words.nonzero()
    strip = stored[around[0].min() : around[0].max() + 1, around[1].min() : around[1].max() + 1]
    assert np.median(strip) < 0.45 * white
    assert WORDS in dataset.ImageComments
    assert "MRI-style" in dataset.SeriesDescription


@pytest.mark.parametrize("path", CLIP_FILES, ids=lambda path: path.stem)
def test_a_clip_is_calibrated_in_a_region_that_does_not_begin_at_zero(path: Path) -> None:
    dataset = pydicom.dcmread(path)
    probe = clip_named(path.stem).scene.probe
    region = dataset.SequenceOfUltrasoundRegions[0]
    assert region.RegionLocationMinX0 > 0
    assert region.RegionLocationMinY0 > 0
    assert region.RegionLocationMaxX1 < dataset.Columns
    assert region.PhysicalUnitsXDirection == region.PhysicalUnitsYDirection == 3
    assert region.PhysicalDeltaX * 10 == pytest.approx(probe.mm_per_px)
    first = dataset.pixel_array[0]
    assert first[:, region.RegionLocationMaxX1 + 24 :].max() < 200
    assert (
        first[region.RegionLocationMinY0 : region.RegionLocationMaxY1, region.RegionLocationMinX0 + 5].max()
        > 60
    )


@pytest.mark.parametrize("path", CLIP_FILES, ids=lambda path: path.stem)
def test_the_times_of_a_clip_agree_with_its_truth(path: Path) -> None:
    dataset = pydicom.dcmread(path, stop_before_pixels=True)
    truth = np.load(path.with_suffix(".truth.npz"), allow_pickle=False)
    frames = int(dataset.NumberOfFrames)
    if "FrameTimeVector" in dataset:
        starts = np.cumsum([float(value) for value in dataset.FrameTimeVector]) / 1000
    else:
        starts = np.arange(frames) * float(dataset.FrameTime) / 1000
    assert truth["frame_starts_s"] == pytest.approx(starts, abs=1e-4)
    assert truth["gap_mid_mm"].shape == (frames,)


def test_one_clip_has_uneven_frame_times() -> None:
    datasets = [pydicom.dcmread(path, stop_before_pixels=True) for path in CLIP_FILES]
    vectors = [dataset.FrameTimeVector for dataset in datasets if "FrameTimeVector" in dataset]
    assert len(vectors) == 1
    assert len(set(map(float, vectors[0][1:]))) > 2


@pytest.mark.parametrize("path", CLIP_FILES, ids=lambda path: path.stem)
def test_the_truth_is_compact_documented_and_of_the_right_size(path: Path) -> None:
    file = path.with_suffix(".truth.npz")
    assert file.stat().st_size < 300_000
    truth = np.load(file, allow_pickle=False)
    frames = int(pydicom.dcmread(path, stop_before_pixels=True).NumberOfFrames)
    for name in truth.files:
        assert f"``{name}``" in (truth_words or ""), name
    assert truth["grid_px"].shape[0] == truth["rectus_outline_px"].shape[0] == frames
    assert truth["grid_px"].shape[1] == truth["grid_region"].size > 100
    region = Region.of(clip_named(path.stem).scene.probe)
    inside = truth["grid_px"][0]
    assert inside[:, 0].min() > region.left_px - 15
    assert inside[:, 0].max() < region.left_px + region.columns_px + 15


def test_the_main_clip_opens_from_a_small_to_a_wide_gap() -> None:
    truth = np.load(BUNDLED / MAIN_CASE / "long-axis-defect.truth.npz", allow_pickle=False)
    assert 2.0 <= truth["gap_mid_mm"][0] <= 3.0
    assert truth["gap_mid_mm"].max() == pytest.approx(18.0, abs=0.7)
    ends = truth["stump_points_px"]
    apart_mm = (ends[:, 1, 1, 0] - ends[:, 0, 1, 0]) * 0.096
    assert apart_mm == pytest.approx(truth["gap_mid_mm"], abs=0.05)


@pytest.mark.parametrize("case_id", case_ids())
def test_the_manifest_of_a_case_is_valid_and_up_to_date(case_id: str) -> None:
    manifest = read_manifest(BUNDLED / case_id)
    assert manifest.id == case_id
    assert manifest.origin == "simulated"
    assert (BUNDLED / case_id / "case.toml").read_text(encoding="utf-8") == manifest_text(case_id)
    for clip in manifest.clips:
        frames = int(pydicom.dcmread(BUNDLED / case_id / clip.file, stop_before_pixels=True).NumberOfFrames)
        assert clip.chapters[-1].last_frame == frames
        assert clip.simulation is not None
        assert clip.simulation.seed == clip_named(clip.id).scene.seed


def test_the_main_case_has_landmarks_and_scan_planes() -> None:
    manifest = read_manifest(BUNDLED / MAIN_CASE)
    view = manifest.static_views[0]
    assert len(view.landmarks) >= 8
    region = Region.of(clip_named("long-axis-defect").scene.probe)
    for landmark in view.landmarks:
        assert region.left_px <= landmark.clip_px[0] <= region.left_px + region.columns_px
        assert region.top_px <= landmark.clip_px[1] <= region.top_px + region.rows_px
        assert all(0 < value < SERIES[0].geometry.matrix for value in landmark.static_px)
    assert manifest.comparisons[0].static is not None
    for series, shown in zip(SERIES, manifest.static_views, strict=True):
        assert shown.mri_style
        assert {plane.clip for plane in shown.scan_planes} == {"long-axis-defect", "short-axis-defect"}
        for plane in shown.scan_planes:
            assert all(0 <= value <= series.geometry.matrix for point in plane.outline_px for value in point)


def test_landmark_distances_agree_between_ultrasound_and_static_view() -> None:
    landmarks = read_manifest(BUNDLED / MAIN_CASE).static_views[0].landmarks
    clip = np.array([landmark.clip_px for landmark in landmarks]) * 0.096
    static = np.array([landmark.static_px for landmark in landmarks])[:, ::-1] * SERIES[0].geometry.mm_per_px
    between = [np.linalg.norm(side[:, None] - side[None], axis=2) for side in (clip, static)]
    assert np.abs(between[0] - between[1]).max() < 1.0


def test_the_words_keep_the_rules_of_the_house() -> None:
    for case_id in case_ids():
        text = (BUNDLED / case_id / "case.toml").read_text(encoding="utf-8")
        content = tomllib.loads(text)
        assert "typical" not in text
        assert "not possible with MRI" not in text
        assert "simulated" in content["text"]["findings"].lower()
        if "grade" in content["text"]["diagnosis"]:
            assert "Peetrons" in content["text"]["diagnosis"]


def test_slices_of_a_series_lie_in_order_and_apart() -> None:
    for series in SERIES:
        folder = BUNDLED / MAIN_CASE
        datasets = [pydicom.dcmread(folder / name, stop_before_pixels=True) for name in series.file_names]
        normal = np.cross(*np.array(datasets[0].ImageOrientationPatient, dtype=float).reshape(2, 3))
        positions = [
            float(np.dot(normal, np.array(one.ImagePositionPatient, dtype=float))) for one in datasets
        ]
        step = series.geometry.slice_thickness_mm + series.geometry.slice_gap_mm
        assert np.abs(np.diff(positions)) == pytest.approx(step, abs=1e-3)
        assert len({one.SeriesInstanceUID for one in datasets}) == 1
        assert len({one.SOPInstanceUID for one in datasets}) == len(datasets)


def test_the_checksums_are_those_of_the_files() -> None:
    lines = (BUNDLED / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    written = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    found = {
        path.relative_to(BUNDLED).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in BUNDLED.glob("*/*")
    }
    assert written == found


def test_the_shipped_files_are_small_enough() -> None:
    assert max(path.stat().st_size for path in CLIP_FILES) <= 5 * MEGABYTE
    assert sum(path.stat().st_size for path in BUNDLED.glob("*/*")) <= 48 * MEGABYTE
