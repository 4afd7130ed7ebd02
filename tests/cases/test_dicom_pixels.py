from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames
from pydicom.pixels import convert_color_space

from cases.clip import Codec, Colour, Encoding
from cases.errors import LimitExceededError, UnreadableClipError
from tests.cases import clip_factory as factory
from tests.cases.clip_factory import NumberedClip, read_frame_index
from tests.cases.conftest import Import

GREY, COLOURED = NumberedClip(), NumberedClip(is_colour=True)
LOSSLESS = [factory.IMPLICIT, factory.EXPLICIT, factory.BIG_ENDIAN, factory.RLE]


def _file(
    tmp_path: Path, clip: NumberedClip, syntax: str, change: Callable[[Dataset], None] | None = None
) -> Path:
    return factory.write_dicom(tmp_path / "clip.dcm", clip, syntax, change=change)


@pytest.mark.parametrize("clip", [GREY, COLOURED], ids=["grey", "colour"])
@pytest.mark.parametrize("syntax", LOSSLESS)
def test_lossless_frames_come_out_pixel_for_pixel(
    tmp_path: Path, imported: Import, clip: NumberedClip, syntax: str
):
    found, cine = imported(_file(tmp_path, clip, syntax))
    assert (found.head.frames, found.head.rows, found.head.columns) == (clip.frames, clip.rows, clip.columns)
    assert found.head.encoding is Encoding.PNG
    assert found.head.colour is (Colour.RGB8 if clip.is_colour else Colour.GREY8)
    assert found.inspection.codec is (Codec.RLE if syntax == factory.RLE else Codec.UNCOMPRESSED)
    assert all(np.array_equal(cine.frames[k], clip.frame(k)) for k in range(clip.frames))
    assert found.head.warnings == ()


@pytest.mark.parametrize("clip", [GREY, COLOURED], ids=["grey", "colour"])
@pytest.mark.parametrize("has_bot", [True, False])
def test_jpeg_frames_pass_through_bit_by_bit(
    tmp_path: Path, imported: Import, clip: NumberedClip, has_bot: bool
):
    streams: list[bytes] = []
    path = _file(
        tmp_path,
        clip,
        factory.JPEG_BASELINE,
        lambda dataset: streams.extend(factory.set_jpeg(dataset, clip.all_frames(), has_bot=has_bot)),
    )
    found, cine = imported(path)
    assert found.head.encoding is Encoding.JPEG
    for k, stream in enumerate(streams):
        assert cine.frames.encoded(k).removesuffix(b"\0") == stream.removesuffix(b"\0")
        assert read_frame_index(cine.frames[k], clip) == k


def test_a_frame_in_several_fragments_is_joined(tmp_path: Path, imported: Import):
    streams = [factory.jpeg_of(frame) for frame in COLOURED.all_frames()]

    def in_three(dataset: Dataset) -> None:
        factory.set_encapsulated(dataset, streams, has_bot=False, fragments=3)

    path = _file(tmp_path, COLOURED, factory.JPEG_BASELINE, in_three)
    _, cine = imported(path)
    assert [read_frame_index(frame, COLOURED) for frame in cine.frames] == list(range(COLOURED.frames))


def _component_rgb(frame: np.ndarray) -> bytes:
    """Compress red, green and blue as they are, and leave out every marker that would say so."""
    import io

    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(frame).save(stream, "JPEG", quality=95, subsampling=0, keep_rgb=True)
    raw = stream.getvalue()
    at = raw.index(b"\xff\xee")
    raw = raw[:at] + raw[at + 2 + int.from_bytes(raw[at + 2 : at + 4], "big") :]
    at = raw.index(b"\xff\xc0")
    frame_header = bytearray(raw[at : at + 19])
    frame_header[10], frame_header[13], frame_header[16] = 1, 2, 3
    raw = raw[:at] + bytes(frame_header) + raw[at + 19 :]
    at = raw.index(b"\xff\xda")
    scan = bytearray(raw[at : at + 11])
    scan[5], scan[7], scan[9] = 1, 2, 3
    return raw[:at] + bytes(scan) + raw[at + 11 :]


def test_rgb_components_without_a_marker_get_the_adobe_marker_and_keep_their_colours(
    tmp_path: Path, imported: Import
):
    streams = [_component_rgb(frame) for frame in COLOURED.all_frames()]

    def as_rgb(dataset: Dataset) -> None:
        factory.set_encapsulated(dataset, streams)
        dataset.PhotometricInterpretation = "RGB"

    found, cine = imported(_file(tmp_path, COLOURED, factory.JPEG_BASELINE, as_rgb))
    assert found.head.warnings == ()
    encoded = cine.frames.encoded(3)
    assert encoded[:16] == b"\xff\xd8\xff\xee\x00\x0eAdobe\x00\x64\x00"[:16].ljust(16, b"\0")
    assert encoded[18:].removesuffix(b"\0") == streams[3][2:].removesuffix(b"\0")
    assert np.abs(cine.frames[3].astype(int) - COLOURED.frame(3)).max() <= 6


def test_a_ycbcr_stream_labelled_rgb_is_shown_by_its_data_with_a_warning(tmp_path: Path, imported: Import):
    def mislabelled(dataset: Dataset) -> None:
        dataset.PhotometricInterpretation = "RGB"

    found, cine = imported(_file(tmp_path, COLOURED, factory.JPEG_BASELINE, mislabelled))
    assert any("colour label" in sentence for sentence in found.head.warnings)
    expected = COLOURED.frame(0)[40:, 40:-40].astype(int)
    assert np.abs(cine.frames[0][40:, 40:-40].astype(int) - expected).mean() < 4


def _as_ybr_full(rgb: np.ndarray) -> np.ndarray:
    return convert_color_space(rgb, "RGB", "YBR_FULL")


@pytest.mark.parametrize("syntax", LOSSLESS)
def test_ybr_full_is_turned_into_rgb(tmp_path: Path, imported: Import, syntax: str):
    frames = [_as_ybr_full(frame) for frame in COLOURED.all_frames()]

    def as_ybr(dataset: Dataset) -> None:
        (factory.set_rle if syntax == factory.RLE else factory.set_uncompressed)(dataset, frames)
        dataset.PhotometricInterpretation = "YBR_FULL"

    _, cine = imported(_file(tmp_path, COLOURED, syntax, as_ybr))
    expected = convert_color_space(frames[5], "YBR_FULL", "RGB")
    assert np.abs(cine.frames[5].astype(int) - expected).max() <= 1


def test_ybr_full_422_shares_chroma_between_two_pixels(tmp_path: Path, imported: Import):
    ybr = [_as_ybr_full(frame) for frame in COLOURED.all_frames()]

    def interleaved(frame: np.ndarray) -> np.ndarray:
        pairs = frame.reshape(-1, 2, 3)
        return np.concatenate([pairs[:, :, 0], pairs[:, 0, 1:]], axis=1).astype(np.uint8)

    def as_422(dataset: Dataset) -> None:
        factory.set_uncompressed(dataset, [interleaved(frame) for frame in ybr])
        dataset.PhotometricInterpretation = "YBR_FULL_422"

    _, cine = imported(_file(tmp_path, COLOURED, factory.EXPLICIT, as_422))
    shared = ybr[2].copy().reshape(-1, 2, 3)
    shared[:, 1, 1:] = shared[:, 0, 1:]
    expected = convert_color_space(shared.reshape(ybr[2].shape), "YBR_FULL", "RGB")
    assert np.abs(cine.frames[2].astype(int) - expected).max() <= 1


def test_planes_are_put_together(tmp_path: Path, imported: Import):
    def by_plane(dataset: Dataset) -> None:
        planes = [np.ascontiguousarray(np.moveaxis(frame, -1, 0)) for frame in COLOURED.all_frames()]
        factory.set_uncompressed(dataset, planes)
        dataset.PlanarConfiguration = 1

    _, cine = imported(_file(tmp_path, COLOURED, factory.EXPLICIT, by_plane))
    assert np.array_equal(cine.frames[7], COLOURED.frame(7))


def test_monochrome1_is_inverted(tmp_path: Path, imported: Import):
    def inverted(dataset: Dataset) -> None:
        dataset.PhotometricInterpretation = "MONOCHROME1"
        factory.set_uncompressed(dataset, [255 - frame for frame in GREY.all_frames()])

    _, cine = imported(_file(tmp_path, GREY, factory.EXPLICIT, inverted))
    assert np.array_equal(cine.frames[1], GREY.frame(1))


def test_big_endian_words_of_8_bit_samples_are_swapped(tmp_path: Path, imported: Import):
    clip = NumberedClip(rows=17, columns=209)

    def as_words(dataset: Dataset) -> None:
        raw = bytearray(dataset.PixelData)
        raw[0::2], raw[1::2] = raw[1::2], raw[0::2]
        dataset.PixelData = bytes(raw)
        dataset["PixelData"].VR = "OW"

    _, cine = imported(_file(tmp_path, clip, factory.BIG_ENDIAN, as_words))
    assert all(np.array_equal(cine.frames[k], clip.frame(k)) for k in range(clip.frames))


def test_jpeg_2000_is_decoded_without_loss(tmp_path: Path, imported: Import):
    import openjpeg

    streams = [bytes(openjpeg.encode(frame)) for frame in GREY.all_frames()]
    path = _file(
        tmp_path, GREY, factory.JPEG_2000_LOSSLESS, lambda dataset: factory.set_encapsulated(dataset, streams)
    )
    found, cine = imported(path)
    assert found.inspection.codec is Codec.JPEG_2000
    assert np.array_equal(cine.frames[9], GREY.frame(9))


def test_a_single_last_byte_may_be_missing(tmp_path: Path, imported: Import):
    clip = NumberedClip(rows=17, columns=209, frames=3)

    def cut(dataset: Dataset) -> None:
        dataset.PixelData = dataset.PixelData[:-2]

    found, cine = imported(_file(tmp_path, clip, factory.EXPLICIT, cut))
    assert any("last byte" in sentence for sentence in found.head.warnings)
    assert read_frame_index(cine.frames[2], clip) == 2


def test_the_frames_of_our_files_are_those_that_pydicom_finds(tmp_path: Path, imported: Import):
    import pydicom

    path = _file(tmp_path, COLOURED, factory.JPEG_BASELINE)
    _, cine = imported(path)
    theirs = generate_frames(pydicom.dcmread(path).PixelData, number_of_frames=COLOURED.frames)
    assert [cine.frames.encoded(k) for k in range(COLOURED.frames)] == list(theirs)


def _set(keyword: str, value: object) -> Callable[[Dataset], None]:
    return lambda dataset: setattr(dataset, keyword, value)


def _without(keyword: str) -> Callable[[Dataset], None]:
    return lambda dataset: delattr(dataset, keyword)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_set("Rows", 65535), "larger than 4096"),
        (_set("Columns", 0), "picture size is 0"),
        (_set("NumberOfFrames", 2_000_000_000), "more than 5000"),
        (_set("NumberOfFrames", 20), "cut short: 12 of 20"),
        (_set("NumberOfFrames", 3), "declares 3 frames but holds 12"),
        (_without("Rows"), "field Rows is missing"),
        (_without("BitsAllocated"), "field BitsAllocated is missing"),
        (_without("PhotometricInterpretation"), "field PhotometricInterpretation is missing"),
        (_without("SamplesPerPixel"), "field SamplesPerPixel is missing"),
        (_without("PixelRepresentation"), "field PixelRepresentation is missing"),
        (_without("PixelData"), "no picture inside"),
        (_set("SamplesPerPixel", 7), "colour layout"),
        (_set("BitsAllocated", 12), "Samples of 12 bits"),
        (_set("PhotometricInterpretation", "PINK"), "colour layout"),
        (_set("Modality", "SR"), "is a report"),
    ],
)
def test_a_header_that_cannot_be_true_is_refused_in_one_sentence(
    tmp_path: Path, imported: Import, change: Callable[[Dataset], None], sentence: str
):
    with pytest.raises(UnreadableClipError, match=sentence) as refused:
        imported(_file(tmp_path, GREY, factory.EXPLICIT, change))
    assert str(refused.value).startswith("clip.dcm: ")
    assert "\n" not in str(refused.value)


def test_a_picture_that_claims_too_many_pixels_in_its_stream_is_refused_before_it_is_decoded(
    tmp_path: Path, imported: Import
):
    def huge(dataset: Dataset) -> None:
        stream = bytearray(factory.jpeg_of(GREY.frame(0)))
        at = stream.index(b"\xff\xc0")
        stream[at + 5 : at + 9] = b"\xff\xff\xff\xff"
        factory.set_encapsulated(dataset, [bytes(stream)] * GREY.frames)

    with pytest.raises(LimitExceededError, match="65535 × 65535"):
        imported(_file(tmp_path, GREY, factory.JPEG_BASELINE, huge))


def test_a_damaged_frame_is_named_and_the_good_ones_can_be_kept(tmp_path: Path, imported: Import):
    from cases.decoding import Wishes

    def damaged(dataset: Dataset) -> None:
        streams = [factory.jpeg_of(frame) for frame in GREY.all_frames()]
        streams[4] = streams[4][: len(streams[4]) // 2]
        factory.set_encapsulated(dataset, streams)

    path = _file(tmp_path, GREY, factory.JPEG_BASELINE, damaged)
    with pytest.raises(UnreadableClipError, match="Frame 5 cannot be decoded; 11 of 12 frames are good"):
        imported(path)
    found, cine = imported(path, wishes=Wishes(keep_good_frames=True))
    assert [read_frame_index(frame, GREY) for frame in cine.frames] == [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11]
    assert found.head.frame_starts_s is not None
    assert found.head.frame_starts_s[4] == pytest.approx(0.2)
    assert any("declares 12 frames; the 11 good ones" in sentence for sentence in found.head.warnings)
