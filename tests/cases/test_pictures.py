from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cases.clip import ClipKind, Codec, Colour, Encoding
from cases.errors import LimitExceededError, UnreadableClipError
from cases.frame_timing import TimingSource
from tests.cases import clip_factory as factory
from tests.cases.clip_factory import NumberedClip
from tests.cases.conftest import Import

GREY, COLOURED = NumberedClip().frame(5), NumberedClip(is_colour=True).frame(5)


@pytest.mark.parametrize("picture", [GREY, COLOURED], ids=["grey", "colour"])
def test_a_png_is_kept_pixel_for_pixel(tmp_path: Path, imported: Import, picture: np.ndarray):
    found, cine = imported(factory.write_png(tmp_path / "a.png", picture))
    assert (found.head.kind, found.head.timing_source) == (ClipKind.STILL, TimingSource.NOT_APPLICABLE)
    assert np.array_equal(cine.frames[0], picture)


def test_a_png_of_16_bits_keeps_its_samples(tmp_path: Path, imported: Import):
    samples = (GREY.astype(np.uint16) * 257).astype(np.uint16)
    found, cine = imported(factory.write_png(tmp_path / "a.png", samples))
    assert (found.head.encoding, found.head.colour) == (Encoding.SAMPLES16, Colour.UINT16)
    assert np.array_equal(cine.frames[0], samples)


def test_what_is_transparent_stands_on_black(tmp_path: Path, imported: Import):
    rgba = np.dstack([COLOURED, np.zeros(COLOURED.shape[:2], np.uint8)])
    _, cine = imported(factory.write_png(tmp_path / "a.png", rgba))
    assert cine.frames[0].max() == 0


def test_a_jpeg_keeps_its_picture_and_loses_its_metadata(tmp_path: Path, imported: Import):
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[0x010E] = "Jane Doe 1970-01-01"
    Image.fromarray(COLOURED).save(path, "JPEG", quality=92, exif=exif, comment=b"Jane Doe")
    found, cine = imported(path)
    assert found.inspection.codec is Codec.JPEG_BASELINE
    assert np.array_equal(cine.frames[0], np.asarray(Image.open(path)))
    assert b"Jane" in path.read_bytes()
    assert b"Jane" not in cine.frames.encoded(0)


@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_a_picture_that_is_cut_off_is_refused(tmp_path: Path, imported: Import, suffix: str):
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(COLOURED).save(path)
    path.write_bytes(path.read_bytes()[:-600])
    with pytest.raises(UnreadableClipError, match="damaged or cut off"):
        imported(path)


def test_a_picture_larger_than_the_limit_is_refused_by_its_header(tmp_path: Path, imported: Import):
    path = factory.write_png(tmp_path / "wide.png", np.zeros((2, 5000), np.uint8))
    with pytest.raises(LimitExceededError, match="5000 × 2 pixels"):
        imported(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"just words\n" * 20, "looks like text"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "is a web page"),
        (bytes(range(256)) * 3, "that we know"),
    ],
)
def test_what_is_no_clip_says_what_it_looks_like(
    tmp_path: Path, imported: Import, content: bytes, sentence: str
):
    path = tmp_path / "clip.dcm"
    path.write_bytes(content)
    with pytest.raises(UnreadableClipError, match=sentence):
        imported(path)


def test_the_kind_of_a_file_is_told_by_its_bytes_and_not_by_its_name(tmp_path: Path, imported: Import):
    path = factory.write_png(tmp_path / "clip.dcm", GREY)
    found, _ = imported(path)
    assert found.inspection.codec is Codec.PNG
