from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from cases.calibration import Region
from cases.clip import ClipKind, Colour, Encoding, Window
from cases.decoding import Decoder
from cases.errors import UnreadableClipError
from cases.frame_timing import TimingSource
from cases.sentences import Remark
from tests.cases import clip_factory as factory
from tests.cases.conftest import Import


def test_a_single_slice_keeps_its_signed_samples_rescale_window_and_spacing(tmp_path: Path, imported: Import):
    samples = np.arange(-384, 384, dtype=np.int16).reshape(32, 24)
    dataset = factory.mr_dataset(32, 24)
    factory.set_uncompressed(dataset, [samples])
    found, cine = imported(factory.save(dataset, tmp_path / "mr.dcm"))
    head = found.head
    assert (head.kind, head.encoding, head.colour) == (ClipKind.STILL, Encoding.SAMPLES16, Colour.INT16)
    assert (head.rescale_slope, head.rescale_intercept) == (2.0, -10.0)
    assert head.windows == (Window("From the file", 300.0, 600.0),)
    assert head.regions == (Region(0, 0, 23, 31, 0.25, 0.5),)
    assert np.array_equal(cine.frames[0], samples)
    assert cine.frames.encoded(0) == samples.astype("<i2").tobytes()


def test_the_slices_of_a_series_are_sorted_by_position(tmp_path: Path, imported: Import):
    found, cine = imported(*reversed(factory.write_mr_series(tmp_path)))
    assert (found.head.kind, found.head.frames) == (ClipKind.SERIES, 5)
    assert found.head.timing_source is TimingSource.NOT_APPLICABLE
    assert [int(frame[0, 0]) for frame in cine.frames] == [0, 100, 200, 300, 400]


def test_slices_of_which_one_has_no_position_are_sorted_by_their_numbers(tmp_path: Path, imported: Import):
    paths = factory.write_mr_series(tmp_path)
    header = pydicom.dcmread(paths[2])
    del header.ImagePositionPatient
    header.save_as(paths[2])
    _, cine = imported(*paths)
    assert [int(frame[0, 0]) for frame in cine.frames] == [400, 300, 200, 100, 0]


def test_a_series_of_unlike_slices_is_refused(tmp_path: Path, imported: Import):
    paths = factory.write_mr_series(tmp_path, slices=2)
    other = factory.mr_dataset(16, 16)
    factory.set_uncompressed(other, [np.zeros((16, 16), np.int16)])
    with pytest.raises(UnreadableClipError, match="differ in size or kind"):
        imported(*paths, factory.save(other, tmp_path / "other.dcm"))


@pytest.mark.parametrize(("is_signed", "stored"), [(False, 300), (True, -300)])
def test_where_grey_is_turned_round_the_window_is_turned_with_it(
    tmp_path: Path, imported: Import, is_signed: bool, stored: int
):
    dataset = factory.mr_dataset(32, 24)
    dataset.PhotometricInterpretation, dataset.BitsStored, dataset.HighBit = "MONOCHROME1", 12, 11
    dataset.PixelRepresentation = int(is_signed)
    dataset.WindowCenter, dataset.WindowWidth = "1000", "600"
    factory.set_uncompressed(dataset, [np.full((32, 24), stored & 0x0FFF, np.uint16)])
    found, cine = imported(factory.save(dataset, tmp_path / "mr.dcm"))
    shown = 2.0 * float(cine.frames[0][0, 0]) - 10.0
    (window,) = found.head.windows
    assert shown - window.center == -((2.0 * stored - 10.0) - 1000.0)


def test_unused_high_bits_are_left_out(tmp_path: Path, imported: Import):
    dataset = factory.mr_dataset(32, 24)
    dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 12, 11, 0
    samples = np.arange(768, dtype=np.uint16).reshape(32, 24)
    factory.set_uncompressed(dataset, [samples | 0x8000])
    found, cine = imported(factory.save(dataset, tmp_path / "overlay.dcm"))
    assert np.array_equal(cine.frames[0], samples)
    assert found.head.colour is Colour.UINT16
    assert any("overlays" in sentence for sentence in found.head.warnings)


def test_signed_samples_of_12_bits_keep_their_sign(tmp_path: Path, imported: Import):
    dataset = factory.mr_dataset(32, 24)
    dataset.BitsStored, dataset.HighBit = 12, 11
    samples = np.arange(-384, 384, dtype=np.int16).reshape(32, 24)
    factory.set_uncompressed(dataset, [samples & 0x0FFF])
    found, cine = imported(factory.save(dataset, tmp_path / "signed.dcm"))
    assert found.head.colour is Colour.INT16
    assert np.array_equal(cine.frames[0], samples)


def _enhanced(frames: int) -> Dataset:
    dataset = factory.mr_dataset(32, 24)
    del dataset.PixelSpacing, dataset.RescaleSlope, dataset.RescaleIntercept
    del dataset.WindowCenter, dataset.WindowWidth
    dataset.NumberOfFrames = frames
    shared = Dataset()
    measures, transformation, window = Dataset(), Dataset(), Dataset()
    measures.PixelSpacing = ["0.8", "0.4"]
    transformation.RescaleSlope, transformation.RescaleIntercept = "3", "7"
    window.WindowCenter, window.WindowWidth = ["50", "60"], ["100", "200"]
    shared.PixelMeasuresSequence = Sequence([measures])
    shared.PixelValueTransformationSequence = Sequence([transformation])
    shared.FrameVOILUTSequence = Sequence([window])
    dataset.SharedFunctionalGroupsSequence = Sequence([shared])
    return dataset


def test_an_enhanced_file_is_read_by_its_functional_groups(tmp_path: Path, imported: Import):
    dataset = _enhanced(3)
    slices = [np.full((32, 24), 10 * k, np.int16) for k in range(3)]
    factory.set_uncompressed(dataset, slices)
    found, cine = imported(factory.save(dataset, tmp_path / "enhanced.dcm"))
    head = found.head
    assert (head.kind, head.frames, head.timing_source) == (ClipKind.SERIES, 3, TimingSource.NOT_APPLICABLE)
    assert (head.rescale_slope, head.rescale_intercept) == (3.0, 7.0)
    assert head.regions == (Region(0, 0, 23, 31, 0.4, 0.8),)
    assert [(window.center, window.width) for window in head.windows] == [(50, 100), (60, 200)]
    assert [int(frame[0, 0]) for frame in cine.frames] == [0, 10, 20]


def test_spacing_that_differs_between_frames_is_no_scale(tmp_path: Path, imported: Import):
    dataset = _enhanced(2)
    group, measures = Dataset(), Dataset()
    measures.PixelSpacing = ["1", "1"]
    group.PixelMeasuresSequence = Sequence([measures])
    dataset.PerFrameFunctionalGroupsSequence = Sequence([group])
    factory.set_uncompressed(dataset, [np.zeros((32, 24), np.int16)] * 2)
    found, _ = imported(factory.save(dataset, tmp_path / "enhanced.dcm"))
    assert found.head.regions == ()
    assert "differs between the frames" in str(found.head.scale_refused_because)


def test_values_that_mean_something_else_in_each_frame_are_not_compared(tmp_path: Path, imported: Import):
    dataset = _enhanced(3)
    groups = []
    for k in range(3):
        meaning, group = Dataset(), Dataset()
        meaning.RescaleSlope, meaning.RescaleIntercept, meaning.RescaleType = str(1 + k), "0", "US"
        group.PixelValueTransformationSequence = Sequence([meaning])
        groups.append(group)
    dataset.PerFrameFunctionalGroupsSequence = Sequence(groups)
    factory.set_uncompressed(dataset, [np.full((32, 24), k, np.int16) for k in range(3)])
    dataset.SharedFunctionalGroupsSequence[0].pop("PixelValueTransformationSequence", None)
    found, _ = imported(factory.save(dataset, tmp_path / "a.dcm"))
    assert (found.head.rescale_slope, found.head.rescale_intercept, found.head.windows) == (1.0, 0.0, ())
    assert Remark.RESCALE_VARIES.say() in found.head.warnings


def test_the_frames_of_an_ultrasound_volume_lie_beside_each_other(tmp_path: Path, imported: Import):
    def as_volume(dataset: Dataset) -> None:
        dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.6.2"

    path = factory.write_dicom(
        tmp_path / "a.dcm", factory.NumberedClip(frames=3), frame_time_ms=None, change=as_volume
    )
    found, _ = imported(path)
    assert (found.head.kind, found.head.timing_source) == (ClipKind.SERIES, TimingSource.NOT_APPLICABLE)
    assert found.head.warnings == ()


def test_the_three_planes_of_a_scout_are_three_series(tmp_path: Path, decoder: Decoder):
    planes = ([1, 0, 0, 0, 1, 0], [1, 0, 0, 0, 0, -1], [0, 1, 0, 0, 0, -1], [1, 0.02, 0, -0.02, 1, 0])
    series = []
    for k, plane in enumerate(planes):
        dataset = factory.mr_dataset(32, 24)
        dataset.ImageOrientationPatient, dataset.SeriesInstanceUID = plane, "1.2.3"
        factory.set_uncompressed(dataset, [np.zeros((32, 24), np.uint16)])
        series.append(decoder.look(factory.save(dataset, tmp_path / f"{k}.dcm")).series)
    assert len(set(series)) == 3
    assert series[0] == series[3]


def test_a_window_without_width_is_left_out_with_a_warning(tmp_path: Path, imported: Import):
    dataset = factory.mr_dataset(32, 24)
    dataset.WindowCenter, dataset.WindowWidth = "0", "0"
    factory.set_uncompressed(dataset, [np.zeros((32, 24), np.int16)])
    found, _ = imported(factory.save(dataset, tmp_path / "mr.dcm"))
    assert found.head.windows == ()
    assert any("window has no width" in sentence for sentence in found.head.warnings)
