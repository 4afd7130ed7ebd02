from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cases.clip import ClipKind, Codec, Colour, Encoding
from cases.decoding import Wishes
from cases.errors import UnreadableClipError
from cases.frame_timing import TimingSource
from tests.cases.clip_factory import NumberedClip, read_frame_index
from tests.cases.conftest import Import
from tests.cases.video_defect_files import CLIP, png_with_stand_in

GREY, COLOURED = NumberedClip(frames=6), NumberedClip(frames=6, is_colour=True)
DURATIONS_MS = [40, 80, 120, 40, 80, 200]


def _save(path: Path, pictures: list[np.ndarray], **options: object) -> Path:
    first, *others = [Image.fromarray(picture) for picture in pictures]
    first.save(path, save_all=True, append_images=others, **options)
    return path


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("a.gif", Codec.GIF, {"disposal": 2}),
        ("a.webp", Codec.WEBP, {"lossless": True}),
        ("a.png", Codec.PNG, {}),
    ],
)
def test_an_animation_keeps_its_frames_and_their_own_times(
    tmp_path: Path, imported: Import, name: str, codec: Codec, options: dict[str, object]
):
    path = _save(tmp_path / name, GREY.all_frames(), duration=DURATIONS_MS, **options)
    found, cine = imported(path)
    assert (found.inspection.codec, found.head.colour) == (codec, Colour.GREY8)
    assert [read_frame_index(frame, GREY) for frame in cine.frames] == list(range(6))
    assert found.head.timing_source is TimingSource.CONTAINER
    assert found.head.frame_starts_s == pytest.approx((0, 0.04, 0.12, 0.24, 0.28, 0.36))
    assert found.head.duration_s == pytest.approx(0.56)


def test_an_animation_in_colour_keeps_its_pixels(tmp_path: Path, imported: Import):
    path = _save(tmp_path / "a.webp", COLOURED.all_frames(), duration=40, lossless=True)
    found, cine = imported(path)
    assert (found.head.colour, found.head.encoding) == (Colour.RGB8, Encoding.PNG)
    assert np.array_equal(cine.frames[4], COLOURED.frame(4))


def test_colour_in_a_later_frame_is_kept_in_all(tmp_path: Path, imported: Import):
    pictures = [np.stack([GREY.frame(k)] * 3, axis=-1) for k in range(3)]
    pictures[2][50:60, 50:60] = (255, 0, 0)
    found, cine = imported(_save(tmp_path / "a.webp", pictures, duration=40, lossless=True))
    assert found.head.colour is Colour.RGB8
    assert [read_frame_index(frame, GREY) for frame in cine.frames] == [0, 1, 2]


def test_pages_of_a_tiff_are_frames_of_unknown_time(tmp_path: Path, imported: Import):
    path = _save(tmp_path / "a.tiff", GREY.all_frames())
    found, cine = imported(path)
    assert (found.head.kind, found.head.frames) == (ClipKind.CLIP, 6)
    assert found.head.timing_source is TimingSource.UNKNOWN
    assert np.array_equal(cine.frames[5], GREY.frame(5))
    found, _ = imported(path, wishes=Wishes(frame_time_ms=20))
    assert (found.head.timing_source, found.head.duration_s) == (TimingSource.USER, pytest.approx(0.12))


def test_a_tiff_of_16_bits_keeps_its_samples(tmp_path: Path, imported: Import):
    samples = GREY.frame(0).astype(np.uint16) * 200
    found, cine = imported(_save(tmp_path / "a.tiff", [samples, samples + 1]))
    assert found.head.encoding is Encoding.SAMPLES16
    assert np.array_equal(cine.frames[1], samples + 1)


def test_a_bmp_and_a_single_gif_are_stills(tmp_path: Path, imported: Import):
    for name in ("a.bmp", "a.gif"):
        Image.fromarray(GREY.frame(3)).save(tmp_path / name)
        found, cine = imported(tmp_path / name)
        assert found.head.kind is ClipKind.STILL
        assert np.array_equal(cine.frames[0], GREY.frame(3))


def test_the_picture_for_programs_that_do_not_play_is_no_frame(tmp_path: Path, imported: Import):
    path = tmp_path / "a.png"
    path.write_bytes(png_with_stand_in())
    found, cine = imported(path)
    assert [read_frame_index(frame, CLIP) for frame in cine.frames] == [0, 1, 2, 3]
    assert found.head.duration_s == pytest.approx(0.16)


def test_a_tiff_for_large_files_is_a_tiff(tmp_path: Path, imported: Import):
    path = tmp_path / "a.tiff"
    first, *others = [Image.fromarray(frame) for frame in GREY.all_frames()]
    first.save(path, save_all=True, append_images=others, big_tiff=True)
    assert path.read_bytes()[2:4] == b"+\0"
    _, cine = imported(path)
    assert np.array_equal(cine.frames[5], GREY.frame(5))


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.tiff"])
def test_an_animation_that_is_cut_off_is_refused(tmp_path: Path, imported: Import, name: str):
    path = _save(tmp_path / name, GREY.all_frames())
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    with pytest.raises(UnreadableClipError, match=r"cannot be decoded|damaged or cut off"):
        imported(path)


def test_a_photo_is_turned_upright_as_its_camera_says(tmp_path: Path, imported: Import):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned by a quarter to the right
    path = tmp_path / "a.jpg"
    Image.fromarray(np.rot90(GREY.frame(5))).save(path, exif=exif, quality=95)
    found, cine = imported(path)
    assert (found.head.rows, found.head.columns) == (GREY.rows, GREY.columns)
    assert np.array_equal(np.rot90(cine.frames[0]), np.asarray(Image.open(path)))
    assert any("turned" in sentence for sentence in found.head.warnings)


@pytest.mark.shared_data
def test_the_real_gif_has_nine_frames(shared_data: Path, imported: Import):
    found, _ = imported(shared_data / "derived" / "vl_S4_R20_9f_cc0.gif")
    assert (found.head.frames, found.head.rows, found.head.columns) == (9, 458, 514)
    assert found.head.timing_source is TimingSource.CONTAINER
