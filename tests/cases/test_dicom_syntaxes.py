"""The syntaxes beyond the common ones, each made in code or read from a real file."""

import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import imagecodecs
import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames

from cases.clip import Codec, Colour, Encoding
from cases.decoding import jpeg_markers
from cases.errors import UnreadableClipError
from tests.cases import clip_factory as factory
from tests.cases.clip_factory import NumberedClip
from tests.cases.conftest import Import
from tests.cases.jpeg_in_12_bits import single_block

GREY, COLOURED = NumberedClip(frames=4), NumberedClip(frames=4, is_colour=True)
JPEG_LOSSLESS = "1.2.840.10008.1.2.4.70"
JPEG_LS = "1.2.840.10008.1.2.4.80"


def _encapsulated(streams: list[bytes], **said: object) -> Callable[[Dataset], None]:
    def change(dataset: Dataset) -> None:
        factory.set_encapsulated(dataset, streams)
        for keyword, value in said.items():
            setattr(dataset, keyword, value)

    return change


def test_jpeg_ls_grey_is_lossless(tmp_path: Path, imported: Import):
    streams = [factory.by_ffmpeg("jpegls", frame) for frame in GREY.all_frames()]
    path = factory.write_dicom(tmp_path / "a.dcm", GREY, JPEG_LS, change=_encapsulated(streams))
    found, cine = imported(path)
    assert found.inspection.codec is Codec.JPEG_LS
    assert all(np.array_equal(cine.frames[k], GREY.frame(k)) for k in range(4))


def _by_planes(frame: np.ndarray) -> bytes:
    """Make a JPEG-LS stream whose components follow each other, each in a scan of its own."""
    scans = []
    for number in range(3):
        stream = factory.by_ffmpeg("jpegls", np.ascontiguousarray(frame[..., number]))
        at = stream.index(b"\xff\xda")
        scans.append(b"\xff\xda\x00\x08\x01" + bytes([number + 1, 0, 0, 0, 0]) + stream[at + 10 : -2])
    size = struct.pack(">BHHB", 8, *frame.shape[:2], 3)
    components = b"".join(bytes([number, 0x11, 0]) for number in (1, 2, 3))
    return b"\xff\xd8\xff\xf7\x00\x11" + size + components + b"".join(scans) + b"\xff\xd9"


@pytest.mark.parametrize(
    ("interleaving", "encoded"),
    [
        (0, _by_planes),
        (1, lambda frame: factory.by_ffmpeg("jpegls", frame)),
        (2, imagecodecs.jpegls_encode),
    ],
    ids=["planes", "lines", "samples"],
)
def test_jpeg_ls_colour_is_lossless_however_its_components_are_mixed(
    tmp_path: Path, imported: Import, interleaving: int, encoded: Callable[[np.ndarray], bytes]
):
    streams = [encoded(frame) for frame in COLOURED.all_frames()]
    assert jpeg_markers.interleaving(streams[0]) == interleaving
    path = factory.write_dicom(tmp_path / "a.dcm", COLOURED, JPEG_LS, change=_encapsulated(streams))
    _, cine = imported(path)
    assert all(np.array_equal(cine.frames[k], COLOURED.frame(k)) for k in range(4))


def test_a_jpeg_ls_frame_that_is_cut_is_named(tmp_path: Path, imported: Import):
    streams = [imagecodecs.jpegls_encode(frame) for frame in COLOURED.all_frames()]
    streams[1] = streams[1][: len(streams[1]) // 2]
    path = factory.write_dicom(tmp_path / "a.dcm", COLOURED, JPEG_LS, change=_encapsulated(streams))
    with pytest.raises(UnreadableClipError, match="Frame 2 cannot be decoded; 3 of 4"):
        imported(path)


@pytest.mark.parametrize("clip", [GREY, COLOURED], ids=["grey", "colour"])
def test_near_lossless_jpeg_ls_is_what_its_reference_decoder_gives(
    tmp_path: Path, imported: Import, clip: NumberedClip
):
    streams = [imagecodecs.jpegls_encode(frame, level=3) for frame in clip.all_frames()]
    path = factory.write_dicom(
        tmp_path / "a.dcm", clip, "1.2.840.10008.1.2.4.81", change=_encapsulated(streams)
    )
    _, cine = imported(path)
    for k, stream in enumerate(streams):
        assert np.array_equal(cine.frames[k], imagecodecs.jpegls_decode(stream))
        assert np.abs(cine.frames[k].astype(int) - clip.frame(k)).max() <= 3


@pytest.mark.parametrize("dc", [0, 100, -900])
def test_a_jpeg_of_12_bits_keeps_its_values(tmp_path: Path, imported: Import, dc: int):
    dataset = factory.mr_dataset(8, 8)
    dataset.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.4.51"
    dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 12, 11, 0
    factory.set_encapsulated(dataset, [single_block(dc, 12)])
    found, cine = imported(factory.save(dataset, tmp_path / "mr.dcm"))
    assert (found.head.encoding, found.head.colour) == (Encoding.SAMPLES16, Colour.UINT16)
    assert np.unique(cine.frames[0]).tolist() == [2048 + 2 * dc]


def test_signed_jpeg_2000_keeps_its_sign(tmp_path: Path, imported: Import):
    import openjpeg

    samples = np.arange(-2048, 2048, dtype=np.int16).reshape(64, 64)
    dataset = factory.mr_dataset(64, 64)
    dataset.file_meta.TransferSyntaxUID = factory.JPEG_2000_LOSSLESS
    factory.set_encapsulated(dataset, [bytes(openjpeg.encode(samples))])
    found, cine = imported(factory.save(dataset, tmp_path / "mr.dcm"))
    assert found.head.colour is Colour.INT16
    assert np.array_equal(cine.frames[0], samples)


def test_jpeg_2000_without_a_transform_is_converted_by_its_label(tmp_path: Path, imported: Import):
    import openjpeg
    from pydicom.pixels import convert_color_space

    ybr = [convert_color_space(frame, "RGB", "YBR_FULL") for frame in COLOURED.all_frames()]
    streams = [bytes(openjpeg.encode(frame, photometric_interpretation=3)) for frame in ybr]
    change = _encapsulated(streams, PhotometricInterpretation="YBR_FULL")
    path = factory.write_dicom(tmp_path / "a.dcm", COLOURED, factory.JPEG_2000_LOSSLESS, change=change)
    _, cine = imported(path)
    expected = convert_color_space(ybr[2], "YBR_FULL", "RGB")
    assert np.abs(cine.frames[2].astype(int) - expected).max() <= 1


@pytest.mark.parametrize(
    ("has_transform", "label", "is_said"),
    [
        (True, "YBR_FULL", True),
        (True, "RGB", True),
        (False, "YBR_RCT", True),
        (False, "YBR_ICT", True),
        (True, "YBR_RCT", False),
        (False, "RGB", False),
    ],
)
def test_jpeg_2000_is_read_by_its_own_transform_and_a_label_that_says_otherwise_is_told(
    tmp_path: Path, imported: Import, has_transform: bool, label: str, is_said: bool
):
    import openjpeg

    frames = COLOURED.all_frames()
    streams = [
        bytes(openjpeg.encode(frame, photometric_interpretation=1, use_mct=has_transform)) for frame in frames
    ]
    change = _encapsulated(streams, PhotometricInterpretation=label)
    path = factory.write_dicom(tmp_path / "a.dcm", COLOURED, factory.JPEG_2000_LOSSLESS, change=change)
    found, cine = imported(path)
    assert np.array_equal(cine.frames[2], frames[2])
    assert any("colour label disagrees" in sentence for sentence in found.head.warnings) == is_said


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_samples_deeper_than_the_header_has_room_for_keep_their_values(
    tmp_path: Path, imported: Import, photometric: str
):
    import openjpeg

    samples = (np.arange(96 * 208, dtype=np.uint16) % 4096).reshape(96, 208)
    stream = bytes(openjpeg.encode(samples, bits_stored=12))
    change = _encapsulated([stream] * GREY.frames, PhotometricInterpretation=photometric)
    path = factory.write_dicom(tmp_path / "a.dcm", GREY, factory.JPEG_2000_LOSSLESS, change=change)
    found, cine = imported(path)
    assert np.array_equal(cine.frames[0], 4095 - samples if photometric == "MONOCHROME1" else samples)
    assert any("have 8 bits, but they have 12" in sentence for sentence in found.head.warnings)


def test_uncompressed_video_colours_are_refused_and_not_shown_in_others(tmp_path: Path, imported: Import):
    def change(dataset: Dataset) -> None:
        dataset.PhotometricInterpretation = "YBR_PARTIAL_422"

    path = factory.write_dicom(tmp_path / "a.dcm", COLOURED, change=change)
    with pytest.raises(UnreadableClipError, match="uncompressed YBR_PARTIAL_422"):
        imported(path)


def _with_palette(bits: int, first_value: int = 0) -> Callable[[Dataset], None]:
    table = np.arange(256, dtype=np.uint16)
    shown = [255 - table, table, table // 2]

    def change(dataset: Dataset) -> None:
        dataset.PhotometricInterpretation = "PALETTE COLOR"
        for colour, entries in zip(("Red", "Green", "Blue"), shown, strict=True):
            content = (
                entries.astype(np.uint8).tobytes() if bits == 8 else (entries * 257).astype("<u2").tobytes()
            )
            setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [256, first_value, bits])
            setattr(dataset, f"{colour}PaletteColorLookupTableData", content)

    return change


@pytest.mark.parametrize("bits", [8, 16])
def test_a_palette_gives_its_colours(tmp_path: Path, imported: Import, bits: int):
    path = factory.write_dicom(tmp_path / "a.dcm", GREY, change=_with_palette(bits))
    found, cine = imported(path)
    grey = GREY.frame(1)
    assert found.head.colour is Colour.RGB8
    assert np.array_equal(cine.frames[1], np.dstack([255 - grey, grey, grey // 2]))


@pytest.mark.parametrize("syntax", [factory.EXPLICIT, factory.BIG_ENDIAN])
@pytest.mark.parametrize("is_packed", [True, False])
def test_a_palette_of_8_bits_is_read_in_the_byte_order_of_its_words(
    tmp_path: Path, imported: Import, syntax: str, is_packed: bool
):
    order = ">u2" if syntax == factory.BIG_ENDIAN else "<u2"

    def change(dataset: Dataset) -> None:
        _with_palette(8)(dataset)
        for colour in ("Red", "Green", "Blue"):
            element = dataset[f"{colour}PaletteColorLookupTableData"]
            entries = np.frombuffer(element.value, "<u2" if is_packed else np.uint8)
            element.value = entries.astype(order).tobytes()

    _, cine = imported(factory.write_dicom(tmp_path / "a.dcm", GREY, syntax, change=change))
    grey = GREY.frame(1)
    assert np.array_equal(cine.frames[1], np.dstack([255 - grey, grey, grey // 2]))


def test_a_palette_of_16_bit_samples_begins_at_its_first_value(tmp_path: Path, imported: Import):
    def change(dataset: Dataset) -> None:
        _with_palette(16, first_value=1000)(dataset)
        dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 16, 15
        factory.set_uncompressed(dataset, [frame.astype(np.uint16) + 1000 for frame in GREY.all_frames()])

    _, cine = imported(factory.write_dicom(tmp_path / "a.dcm", GREY, change=change))
    grey = GREY.frame(1)
    assert np.array_equal(cine.frames[1], np.dstack([255 - grey, grey, grey // 2]))


@pytest.mark.parametrize("bits", [8, 12, 16])
def test_jpeg_lossless_keeps_samples_of_every_depth(tmp_path: Path, imported: Import, bits: int):
    samples = np.random.default_rng(bits).integers(0, 1 << bits, (48, 64)).astype(np.uint16)
    dataset = factory.mr_dataset(48, 64)
    dataset.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.4.57"
    dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = bits, bits - 1, 0
    factory.set_encapsulated(dataset, [bytes(imagecodecs.ljpeg_encode(samples, bitspersample=bits))])
    _, cine = imported(factory.save(dataset, tmp_path / "mr.dcm"))
    assert np.array_equal(cine.frames[0], samples)


@pytest.mark.parametrize("ratio", [None, 4])
def test_the_transform_of_lossy_jpeg_2000_is_undone(tmp_path: Path, imported: Import, ratio: int | None):
    import openjpeg

    rates = None if ratio is None else [ratio]
    streams = [
        bytes(openjpeg.encode(frame, photometric_interpretation=1, compression_ratios=rates))
        for frame in COLOURED.all_frames()
    ]
    label = "YBR_RCT" if ratio is None else "YBR_ICT"
    syntax = "1.2.840.10008.1.2.4.91"
    change = _encapsulated(streams, PhotometricInterpretation=label)
    _, cine = imported(factory.write_dicom(tmp_path / "a.dcm", COLOURED, syntax, change=change))
    for frame, stream in zip(cine.frames, streams, strict=True):
        assert np.array_equal(frame, openjpeg.decode(BytesIO(stream)))
    assert np.abs(cine.frames[0].astype(int) - COLOURED.frame(0)).mean() < 3


def test_a_short_palette_is_refused(tmp_path: Path, imported: Import):
    def short(dataset: Dataset) -> None:
        _with_palette(16)(dataset)
        dataset.GreenPaletteColorLookupTableData = b"\0" * 20

    with pytest.raises(UnreadableClipError, match="colour table"):
        imported(factory.write_dicom(tmp_path / "a.dcm", GREY, change=short))


def test_a_syntax_that_disagrees_with_its_data_is_read_by_the_data_with_a_warning(
    tmp_path: Path, imported: Import
):
    streams = [factory.jpeg_of(frame) for frame in GREY.all_frames()]
    path = factory.write_dicom(
        tmp_path / "a.dcm", GREY, factory.JPEG_2000_LOSSLESS, change=_encapsulated(streams)
    )
    found, cine = imported(path)
    assert found.inspection.codec is Codec.JPEG_BASELINE
    assert found.head.warnings == (
        "The file says its frames are JPEG 2000, but they are JPEG baseline; they were read as JPEG baseline.",
    )
    assert cine.frames.encoded(2).rstrip(b"\0") == streams[2].rstrip(b"\0")


JPEG_XL_LOSSLESS, JPEG_XL_OF_JPEG, JPEG_XL = factory.JPEG_XL_SYNTAXES


@pytest.mark.parametrize("clip", [GREY, COLOURED], ids=["grey", "colour"])
@pytest.mark.parametrize("is_boxed", [False, True])
def test_jpeg_xl_is_lossless(tmp_path: Path, imported: Import, clip: NumberedClip, is_boxed: bool):
    streams = [
        imagecodecs.jpegxl_encode(frame, lossless=True, usecontainer=is_boxed) for frame in clip.all_frames()
    ]
    path = factory.write_dicom(tmp_path / "a.dcm", clip, JPEG_XL_LOSSLESS, change=_encapsulated(streams))
    found, cine = imported(path)
    assert found.inspection.codec is Codec.JPEG_XL
    assert all(np.array_equal(cine.frames[k], clip.frame(k)) for k in range(4))


def test_jpeg_xl_of_12_bits_keeps_its_samples(tmp_path: Path, imported: Import):
    samples = np.arange(4096, dtype=np.uint16).reshape(64, 64)
    dataset = factory.mr_dataset(64, 64)
    dataset.file_meta.TransferSyntaxUID = JPEG_XL_LOSSLESS
    dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 12, 11, 0
    stream = imagecodecs.jpegxl_encode(samples, lossless=True, bitspersample=12)
    factory.set_encapsulated(dataset, [stream])
    _, cine = imported(factory.save(dataset, tmp_path / "mr.dcm"))
    assert np.array_equal(cine.frames[0], samples)


def test_lossy_and_recompressed_jpeg_xl_are_what_its_reference_decoder_gives(
    tmp_path: Path, imported: Import
):
    lossy = [imagecodecs.jpegxl_encode(frame, distance=2.0) for frame in COLOURED.all_frames()]
    recompressed = [imagecodecs.jpegxl_encode_jpeg(factory.jpeg_of(frame)) for frame in COLOURED.all_frames()]
    for syntax, streams, label in (
        (JPEG_XL, lossy, "XYB"),
        (JPEG_XL_OF_JPEG, recompressed, "YBR_FULL_422"),
    ):
        change = _encapsulated(streams, PhotometricInterpretation=label)
        _, cine = imported(factory.write_dicom(tmp_path / "a.dcm", COLOURED, syntax, change=change))
        for frame, stream in zip(cine.frames, streams, strict=True):
            assert np.array_equal(frame, imagecodecs.jpegxl_decode(stream))


def test_a_jpeg_xl_stream_that_claims_too_much_is_refused_before_it_is_decoded(
    tmp_path: Path, imported: Import
):
    stream = imagecodecs.jpegxl_encode(np.zeros((9000, 8), np.uint8), lossless=True)
    with pytest.raises(UnreadableClipError, match="8 × 9000 pixels is larger than 4096"):
        imported(
            factory.write_dicom(
                tmp_path / "a.dcm", GREY, JPEG_XL_LOSSLESS, change=_encapsulated([stream] * 4)
            )
        )


def test_a_jpeg_xl_frame_that_is_cut_is_named(tmp_path: Path, imported: Import):
    streams = [imagecodecs.jpegxl_encode(frame, lossless=True) for frame in GREY.all_frames()]
    streams[2] = streams[2][: len(streams[2]) // 2]
    path = factory.write_dicom(tmp_path / "a.dcm", GREY, JPEG_XL_LOSSLESS, change=_encapsulated(streams))
    with pytest.raises(UnreadableClipError, match="Frame 3 cannot be decoded; 3 of 4"):
        imported(path)


@pytest.mark.shared_data
def test_lossless_jpeg_in_colour_is_what_another_decoder_reads(shared_data: Path, imported: Import):
    import pydicom

    path = shared_data / "us_dicom_real" / "JPEGLosslessP14SV1_3s_2f_u_08_08.dcm"
    found, cine = imported(path)
    assert (found.head.frames, found.head.rows, found.head.columns) == (2, 768, 1024)
    stream = next(iter(generate_frames(pydicom.dcmread(path).PixelData, number_of_frames=2)))
    decoder: Any = av.CodecContext.create("mjpeg", "r")
    (theirs,) = decoder.decode(av.Packet(stream))
    assert np.array_equal(cine.frames[0], theirs.to_ndarray(format="rgb24"))


@pytest.mark.shared_data
@pytest.mark.parametrize("name", ["CT0012.not_fragmented_bot_jpeg_ls.80", "CT0012.not_fragmented_no_bot_rle"])
def test_slices_of_16_bits_are_those_of_the_header(shared_data: Path, imported: Import, name: str):
    import pydicom

    found, cine = imported(shared_data / "us_dicom_real" / f"{name}.dcm")
    theirs = pydicom.dcmread(
        shared_data / "us_dicom_real" / "CT0012.not_fragmented_no_bot_rle.dcm"
    ).pixel_array
    assert (found.head.frames, found.head.rescale_intercept) == (2, -1024.0)
    assert np.array_equal(np.stack(list(cine.frames)), theirs)
