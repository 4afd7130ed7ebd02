"""The same real clip in every syntax and container: equal pixels where lossless, else those of the reference decoder."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import cv2
import imagecodecs
import numpy as np
import openjpeg
import pydicom
import pytest
from numpy.typing import NDArray
from PIL import Image
from pydicom.encaps import generate_fragments, generate_frames

from cases.clip import Codec
from tests.cases.conftest import Import

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.filterwarnings("ignore:Incorrect value for Specific Character Set"),
]

Frames = Iterator[NDArray[Any]]
ONE_GREY_LEVEL = 1
LOSSLESS_GREY = {
    "explicit_be_mono": Codec.UNCOMPRESSED,
    "deflated_mono": Codec.UNCOMPRESSED,
    "rle_mono": Codec.RLE,
    "jpeg_lossless_sv1_mono": Codec.JPEG_LOSSLESS,
    "jpegls_lossless_mono": Codec.JPEG_LS,
}
LOSSLESS_COLOUR = {"j2k_lossless_rgb": Codec.JPEG_2000, "htj2k_lossless_rgb": Codec.HTJ2K}


def _streams(path: Path) -> Iterator[bytes]:
    dataset = pydicom.dcmread(path)
    tables = None
    if "ExtendedOffsetTable" in dataset:
        tables = (dataset.ExtendedOffsetTable, dataset.ExtendedOffsetTableLengths)
    frames = int(dataset.get("NumberOfFrames") or 1)
    return generate_frames(dataset.PixelData, number_of_frames=frames, extended_offsets=tables)


def _by_pillow(path: Path) -> Frames:
    for stream in _streams(path):
        with Image.open(io.BytesIO(stream), formats=["JPEG"]) as picture:
            yield np.asarray(picture)


def _by_openjpeg(path: Path) -> Frames:
    return (np.asarray(openjpeg.decode(io.BytesIO(stream))) for stream in _streams(path))


def _by_charls(path: Path) -> Frames:
    return (np.asarray(imagecodecs.jpegls_decode(stream)) for stream in _streams(path))


def _by_libjpeg_of_12_bits(path: Path) -> Frames:
    return (np.asarray(imagecodecs.jpeg8_decode(stream)) for stream in _streams(path))


def _by_ffmpeg(path: Path) -> Frames:
    """Decode a video file, or the video inside a DICOM file."""
    is_dicom = path.suffix == ".dcm"
    whole = b"".join(generate_fragments(pydicom.dcmread(path).PixelData)) if is_dicom else path.read_bytes()
    with av.open(io.BytesIO(whole)) as container:
        for frame in container.decode(video=0):
            yield frame.to_ndarray(format="rgb24")


def _farthest(ours: NDArray[Any], theirs: NDArray[Any]) -> int:
    alike = np.repeat(ours[..., np.newaxis], 3, axis=2) if ours.ndim < theirs.ndim else ours
    return int(cv2.absdiff(alike, theirs).max())


@pytest.mark.parametrize("name", LOSSLESS_GREY)
def test_every_lossless_grey_syntax_gives_the_pixels_of_the_raw_clip(
    shared_data: Path, imported: Import, name: str
):
    raw = pydicom.dcmread(shared_data / "derived" / "us_mf_explicit_be_mono.dcm").pixel_array
    found, cine = imported(shared_data / "derived" / f"us_mf_{name}.dcm")
    assert found.inspection.codec is LOSSLESS_GREY[name]
    assert np.array_equal(np.stack(list(cine.frames)), raw)


@pytest.mark.parametrize("name", LOSSLESS_COLOUR)
def test_every_lossless_colour_syntax_gives_the_same_pixels(shared_data: Path, imported: Import, name: str):
    folder = shared_data / "derived"
    reference = np.stack(list(_by_openjpeg(folder / "us_mf_j2k_lossless_rgb.dcm")))
    found, cine = imported(folder / f"us_mf_{name}.dcm")
    assert found.inspection.codec is LOSSLESS_COLOUR[name]
    assert np.array_equal(np.stack(list(cine.frames)), reference)


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("derived/us_mf_jpeg_baseline_ybr422_bot.dcm", _by_pillow),
        ("derived/us_mf_jpeg_baseline_ybr422_eot.dcm", _by_pillow),
        ("derived/us_mf_jpeg_baseline_ybr422_nobot_3frags.dcm", _by_pillow),
        ("derived/us_mf_jpeg_baseline_frametimevector_noregion.dcm", _by_pillow),
        ("us_dicom_real/IM00001.fragmented_no_bot_jpeg_baseline.50.dcm", _by_pillow),
        ("us_dicom_real/CT0012.fragmented_no_bot_jpeg_baseline.51.dcm", _by_libjpeg_of_12_bits),
        ("derived/us_mf_j2k_lossy_rgb.dcm", _by_openjpeg),
        ("derived/us_mf_jpegls_near_mono.dcm", _by_charls),
        ("derived/us_video_h264_mp4.dcm", _by_ffmpeg),
        ("derived/us_video_hevc.dcm", _by_ffmpeg),
        ("derived/us_video_mpeg2.dcm", _by_ffmpeg),
        ("derived/gl_jump_23f_cc0.mp4", _by_ffmpeg),
        ("derived/vl_S4_R20_rest_to_contraction_9f_cc0.mp4", _by_ffmpeg),
    ],
)
def test_a_lossy_clip_is_within_one_grey_level_of_its_reference_decoder(
    shared_data: Path, imported: Import, name: str, reference: Any
):
    _, cine = imported(shared_data / name)
    pairs = zip(cine.frames, reference(shared_data / name), strict=True)
    assert max(_farthest(ours, theirs) for ours, theirs in pairs) <= ONE_GREY_LEVEL


def test_the_animation_has_the_pixels_of_its_frames(shared_data: Path, imported: Import):
    path = shared_data / "derived" / "vl_S4_R20_9f_cc0.gif"
    _, cine = imported(path)
    with Image.open(path) as picture:
        for frame_index, frame in enumerate(cine.frames):
            picture.seek(frame_index)
            assert _farthest(frame, np.asarray(picture.convert("RGB"))) == 0
