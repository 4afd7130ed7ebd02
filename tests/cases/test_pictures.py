import struct
from pathlib import Path

import numpy as np
import pytest
from imagecodecs import jpegls_encode, ljpeg_encode
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


def _tiff(picture: np.ndarray, photometric: int = 1, sample_format: int = 1) -> bytes:
    """Write an uncompressed grey TIFF (TIFF 6.0, section 4)."""
    rows, columns = picture.shape
    data = picture.tobytes()
    entries = [
        *(
            (256, 3, columns),
            (257, 3, rows),
            (258, 3, 8 * picture.itemsize),
            (259, 3, 1),
            (262, 3, photometric),
        ),
        *((273, 4, 8), (277, 3, 1), (278, 3, rows), (279, 4, len(data)), (339, 3, sample_format)),
    ]
    fields = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    end = struct.pack("<H", len(entries)) + fields + bytes(4)
    return b"II*\0" + struct.pack("<I", 8 + len(data)) + data + end


def test_a_tiff_of_16_bits_where_0_is_white_is_turned_round(tmp_path: Path, imported: Import):
    samples = GREY.astype("<u2") * 257
    (tmp_path / "a.tif").write_bytes(_tiff(samples, photometric=0))
    _, cine = imported(tmp_path / "a.tif")
    assert np.array_equal(cine.frames[0], 65_535 - samples)


@pytest.mark.parametrize(("kind", "sample_format"), [("<i2", 2), ("<i4", 2), ("<f4", 3)])
def test_a_tiff_whose_samples_do_not_fit_is_refused_and_not_cut_to_8_bits(
    tmp_path: Path, imported: Import, kind: str, sample_format: int
):
    (tmp_path / "a.tif").write_bytes(_tiff(GREY.astype(kind), sample_format=sample_format))
    with pytest.raises(UnreadableClipError, match="Samples of signed or 32 bits are not supported"):
        imported(tmp_path / "a.tif")


def test_a_jpeg_for_print_is_refused_for_its_colours(tmp_path: Path, imported: Import):
    Image.fromarray(COLOURED).convert("CMYK").save(tmp_path / "a.jpg")
    with pytest.raises(UnreadableClipError, match="4 components"):
        imported(tmp_path / "a.jpg")


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
        (b"BM is an abbreviation. " * 20, "looks like text"),
        (b"\0\0\0\x18ftypheic" + bytes(2000), "that we know"),
        (jpegls_encode(GREY), "JPEG-LS is not supported"),
        (ljpeg_encode(GREY), "JPEG lossless is not supported"),
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
