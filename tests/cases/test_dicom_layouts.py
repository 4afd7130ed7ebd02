"""Frames that are kept together, cut up, coloured or deep in an unusual way: each opens with the right pixels."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.pixels import apply_color_lut

from cases.clip import Codec, Colour
from cases.decoding.dicom_palette_segments import expanded
from cases.decoding.source import RefusedError
from cases.errors import UnreadableClipError
from cases.sentences import Refusal, Remark
from tests.cases import clip_factory as factory
from tests.cases import layout_defect_files as made
from tests.cases.clip_factory import read_frame_index
from tests.cases.conftest import Import
from tests.cases.defect_files import CLIP, dicom, jpeg, relabelled, said, without
from tests.cases.layout_defect_files import COLOURED


def _saved(folder: Path, content: bytes) -> Path:
    path = folder / "a.dcm"
    path.write_bytes(content)
    return path


def test_rle_frames_in_pieces_are_found_by_their_headers(tmp_path: Path, imported: Import):
    _, cine = imported(_saved(tmp_path, made.rle_in_three_pieces_with_a_wrong_table()))
    assert all(np.array_equal(cine.frames[k], CLIP.frame(k)) for k in range(CLIP.frames))


def test_frames_in_one_piece_are_kept_bit_by_bit(tmp_path: Path, imported: Import):
    found, cine = imported(_saved(tmp_path, made.jpegs_in_one_piece()))
    apart, of_apart = imported(_saved(tmp_path, dicom(syntax=factory.JPEG_BASELINE)))
    assert found.head.frames == apart.head.frames == CLIP.frames
    assert np.array_equal(cine.frames[3], of_apart.frames[3])


def test_where_one_piece_holds_too_few_frames_their_true_number_is_said(tmp_path: Path, imported: Import):
    with pytest.raises(UnreadableClipError, match="declares 4 frames but holds 3"):
        imported(_saved(tmp_path, made.jpegs_in_one_piece(frames=3)))


def test_a_frame_without_its_mark_is_named_where_the_table_tells_its_place(tmp_path: Path, imported: Import):
    with pytest.raises(UnreadableClipError, match="Frame 2 cannot be decoded; 3 of 4"):
        imported(_saved(tmp_path, made.a_mark_damaged_with_a_table()))


@pytest.mark.parametrize(("bits", "entries"), [(16, 256), (8, 256), (16, 65_536), (8, 200)])
def test_a_palette_in_segments_gives_the_colours_that_pydicom_expands(
    tmp_path: Path, imported: Import, bits: int, entries: int
):
    path = _saved(tmp_path, dicom(made.segmented_palette(bits, entries)))
    found, cine = imported(path)
    dataset = dcmread(path)
    expected = apply_color_lut(dataset.pixel_array[1], dataset)
    eight_bits = expected >> 8 if bits == 16 else expected
    assert found.head.colour is Colour.RGB8
    # Halves on a line between two entries are rounded by what their sums leave of them.
    assert np.abs(cine.frames[1].astype(int) - eight_bits).max() <= 1


@pytest.mark.parametrize(
    "numbers",
    [(1, 4, 9), (0, 4, 1, 2), (0, 2, 1, 2), (0, 9, *range(9)), (7, 1, 1), (0, 0, 1), (2, 9, 0, 0), (0, 1, 5, 2, 4, 0, 0)],
    ids=["line first", "cut", "short", "long", "unknown", "nothing", "repeats itself", "repeats too often"],
)  # fmt: skip
def test_segments_that_do_not_come_out_are_a_damaged_palette(numbers: tuple[int, ...]):
    with pytest.raises(RefusedError, match=Refusal.PALETTE_DAMAGED.name):
        expanded(made.segments(*numbers), 4, 16, is_big_endian=False)


@pytest.mark.parametrize("syntax", [factory.JPEG_BASELINE, factory.RLE])
def test_a_compressed_small_picture_in_the_header_is_passed_over(
    tmp_path: Path, imported: Import, syntax: str
):
    found, cine = imported(_saved(tmp_path, made.small_picture_before_frames(syntax)))
    assert found.head.warnings == ()
    assert [read_frame_index(frame, CLIP) for frame in cine.frames] == [0, 1, 2, 3]


def test_a_small_picture_whose_pieces_lie_about_their_length_is_refused(tmp_path: Path, imported: Import):
    content = made.small_picture_before_frames()
    at = content.index(b"\xfe\xff\x00\xe0", content.index(b"\x88\x00\x00\x02SQ") + 40)
    lying = content[: at + 4] + b"\xff\xff\xff\x7f" + content[at + 8 :]
    with pytest.raises(UnreadableClipError, match="claims to be longer than the file"):
        imported(_saved(tmp_path, lying))


@pytest.mark.parametrize("syntax", [factory.EXPLICIT, factory.BIG_ENDIAN, factory.RLE])
@pytest.mark.parametrize("label", ["RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT"])
@pytest.mark.parametrize("is_rgb", [True, False])
def test_mostly_grey_samples_are_shown_by_their_own_colours(
    tmp_path: Path, imported: Import, label: str, syntax: str, is_rgb: bool
):
    pictures = made.mostly_grey()
    stored = pictures if is_rgb else made.as_luminance_and_colours(pictures)
    found, cine = imported(_saved(tmp_path, made.labelled(stored, label, syntax)))
    assert len(cine.frames) == 2
    # The way to luminance and colours and back rounds twice.
    assert all(np.abs(cine.frames[k].astype(int) - pictures[k]).max() <= 2 for k in range(2))
    is_lie = (label in ("RGB", "YBR_ICT")) != is_rgb or (label == "YBR_FULL_422" and syntax != factory.RLE)
    assert found.head.warnings == ((Remark.COLOUR_NOT_AS_LABELLED.say(),) if is_lie else ())


@pytest.mark.parametrize("label", ["RGB", "YBR_FULL"])
def test_jpeg_frames_that_do_not_say_their_colours_are_shown_by_them(
    tmp_path: Path, imported: Import, label: str
):
    found, cine = imported(_saved(tmp_path, made.jpegs_that_do_not_say_their_colours(label)))
    assert np.abs(cine.frames[1].astype(int) - made.mostly_grey()[1])[40:, 90:].max() <= 12
    assert found.head.warnings == ((Remark.COLOUR_NOT_AS_LABELLED.say(),) if label == "RGB" else ())


def test_colours_that_do_not_tell_are_shown_by_their_label(tmp_path: Path, imported: Import):
    reds = [np.full((64, 128, 3), (180, 60, 20), np.uint8)] * 2
    found, cine = imported(_saved(tmp_path, made.labelled(reds, "RGB")))
    assert np.array_equal(cine.frames[0], reds[0])
    assert found.head.warnings == ()


@pytest.mark.parametrize(
    ("content", "syntax"),
    [(dicom, factory.RLE), (dicom, factory.JPEG_2000_LOSSLESS), (jpeg, factory.IMPLICIT), (jpeg, factory.EXPLICIT)],
)  # fmt: skip
def test_frames_are_read_as_they_are_compressed_whatever_the_label_says(
    tmp_path: Path, imported: Import, content: Callable[[], bytes], syntax: str
):
    found, cine = imported(_saved(tmp_path, relabelled(content(), syntax)))
    assert [read_frame_index(frame, CLIP) for frame in cine.frames] == [0, 1, 2, 3]
    assert any("they were read as" in warning for warning in found.head.warnings)


def test_uncompressed_frames_under_another_label_must_fill_their_element(tmp_path: Path, imported: Import):
    with pytest.raises(UnreadableClipError, match="table of the compressed frames is damaged"):
        imported(_saved(tmp_path, relabelled(dicom(said(NumberOfFrames=3)), factory.RLE)))


def test_uncompressed_frames_of_an_unknown_syntax_are_not_guessed(tmp_path: Path, imported: Import):
    with pytest.raises(UnreadableClipError, match=r"compression 1\.2\.840\.113619\.5\.2 is not known"):
        imported(_saved(tmp_path, relabelled(dicom(), "1.2.840.113619.5.2")))


@pytest.mark.parametrize("syntax", [factory.EXPLICIT, factory.JPEG_BASELINE, factory.RLE])
def test_frames_that_nobody_counted_are_all_shown(tmp_path: Path, imported: Import, syntax: str):
    path = factory.write_dicom(tmp_path / "a.dcm", CLIP, syntax, change=without("NumberOfFrames"))
    found, cine = imported(path)
    assert [read_frame_index(frame, CLIP) for frame in cine.frames] == [0, 1, 2, 3]
    assert found.head.frame_starts_s == (0.0, 0.04, 0.08, 0.12)
    assert found.head.warnings == (Remark.FRAMES_COUNTED.say({"found": 4}),)


@pytest.mark.parametrize("syntax", [factory.IMPLICIT, factory.EXPLICIT, factory.BIG_ENDIAN])
def test_a_file_meta_without_types_is_read(tmp_path: Path, imported: Import, syntax: str):
    _, cine = imported(_saved(tmp_path, made.with_implicit_meta(dicom(syntax=syntax))))
    assert np.array_equal(cine.frames[2], CLIP.frame(2))


def test_bytes_behind_a_single_frame_are_no_frames(tmp_path: Path, imported: Import):
    def longer(dataset: Dataset) -> None:
        dataset.PixelData += bytes(3 * len(dataset.PixelData) // 8)
        del dataset.NumberOfFrames

    found, _ = imported(factory.write_dicom(tmp_path / "a.dcm", CLIP, change=longer))
    assert found.head.frames == 1
    assert found.head.warnings == (Remark.MORE_DATA_THAN_DECLARED.say({"declared": 1}),)


def test_segments_of_a_big_endian_file_are_read_in_its_order():
    assert expanded(b"\0\0\0\x02\0\x05\x01\0", 2, 16, is_big_endian=True).tolist() == [5, 256]


def test_a_repeat_of_words_begins_at_a_byte():
    raw = made.segments(0, 1, 9, 0, 2, 30, 40, 2, 1, 6, 0)
    assert expanded(raw, 5, 16, is_big_endian=False).tolist() == [9, 30, 40, 30, 40]


def test_a_palette_of_12_bits_keeps_its_brightness(tmp_path: Path, imported: Import):
    _, cine = imported(_saved(tmp_path, dicom(made.palette_of_12_bits)))
    assert np.array_equal(cine.frames[2][..., 0], CLIP.frame(2))


@pytest.mark.parametrize("subsampling", ["444", "422", "420"])
def test_a_colour_jpeg_of_12_bits_is_shown_in_8(tmp_path: Path, imported: Import, subsampling: str):
    smooth = np.stack([np.mgrid[0:32, 0:160][1], np.mgrid[0:32, 0:160][0] * 7, np.full((32, 160), 90)], -1)
    frame = smooth.astype(np.uint8)

    def change(dataset: object) -> None:
        said(BitsAllocated=16, BitsStored=12, HighBit=11, PhotometricInterpretation="YBR_FULL")(dataset)  # type: ignore[arg-type]
        factory.set_encapsulated(dataset, [made.deep_jpeg(frame, subsampling)] * 4)  # type: ignore[arg-type]

    path = _saved(tmp_path, dicom(change, "1.2.840.10008.1.2.4.51", COLOURED))
    found, cine = imported(path)
    assert found.inspection.codec is Codec.JPEG_EXTENDED
    assert found.head.warnings == ()
    assert np.abs(cine.frames[3].astype(int) - frame).max() <= 8
    assert np.abs(cine.frames[3].astype(int) - frame).mean() <= 1.5


@pytest.mark.parametrize("syntax", [factory.EXPLICIT, factory.BIG_ENDIAN, factory.RLE])
def test_samples_of_32_bits_keep_their_values_in_16(tmp_path: Path, imported: Import, syntax: str):
    found, cine = imported(_saved(tmp_path, made.of_32_bits(65_000, syntax)))
    assert found.head.colour is Colour.UINT16
    assert np.array_equal(cine.frames[1], CLIP.frame(1).astype(np.int32) + 65_000)


def test_signed_samples_of_32_bits_keep_their_sign(tmp_path: Path, imported: Import):
    dataset = factory.mr_dataset(4, 4)
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 32, 24, 23
    samples = np.arange(-8, 8, dtype=np.int32).reshape(4, 4)
    factory.set_uncompressed(dataset, [samples & 0xFFFFFF])
    found, cine = imported(factory.save(dataset, tmp_path / "mr.dcm"))
    assert found.head.colour is Colour.INT16
    assert np.array_equal(cine.frames[0], samples)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (lambda: made.of_32_bits(1 << 20), r"of 32 bits reach from 10\d{5} to 10\d{5}, more than 16"),
        (made.of_floating_point, "Samples of 32 floating-point bits are not supported"),
    ],
)
def test_samples_that_no_frame_of_ours_can_hold_are_refused_with_the_reason(
    tmp_path: Path, imported: Import, content: Callable[[], bytes], sentence: str
):
    with pytest.raises(UnreadableClipError, match=sentence):
        imported(_saved(tmp_path, content()))
