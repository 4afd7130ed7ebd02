"""One small intact file of every format and every decoder, made here."""

import contextlib
import io
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate_extended, generate_frames

from tests.cases import clip_factory as factory
from tests.cases import layout_defect_files as layouts
from tests.cases.clip_factory import NumberedClip, RegionOfTest
from tests.cases.defect_files import dicom
from tests.cases.jpeg_in_12_bits import single_block
from tests.shared_data import FOLDER as SHARED_DATA

GREY = NumberedClip(frames=3, rows=32, columns=160)
COLOURED = NumberedClip(frames=3, rows=32, columns=160, is_colour=True)
DEFLATED = "1.2.840.10008.1.2.1.99"
_JPEG_EXTENDED = "1.2.840.10008.1.2.4.51"
_JPEG_LOSSLESS = "1.2.840.10008.1.2.4.70"
_JPEG_LS = "1.2.840.10008.1.2.4.80"
_HTJ2K = "1.2.840.10008.1.2.4.201"
_HEADER_BYTES = 132


@dataclass(frozen=True, slots=True)
class Seed:
    """One intact file.

    Parameters
    ----------
    format : str
        Container and codec, as the table of results names them.
    content : bytes
        The file.
    is_deflated : bool
        Whether it is a DICOM file whose data set is deflated; it is spoiled before deflation.
    """

    format: str
    content: bytes
    is_deflated: bool = False


def seeds(folder: Path) -> list[Seed]:
    """Write every format into an empty folder and return the files."""
    made = [*_uncompressed(folder), *_encapsulated(folder), *_layouts(), *_inside_dicom(folder)]
    return [*made, *_videos(folder), *_pictures(folder)]


def deflated(plain: bytes) -> bytes:
    """Deflate the data set of a DICOM file in explicit little endian, behind its file meta."""
    at = _end_of_meta(plain)
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return plain[:at] + packer.compress(plain[at:]) + packer.flush()


def _end_of_meta(content: bytes) -> int:
    at = _HEADER_BYTES
    while content[at : at + 2] == b"\x02\x00":
        is_long = content[at + 4 : at + 6] in (b"OB", b"UN", b"SQ")
        length = content[at + 8 : at + 12] if is_long else content[at + 6 : at + 8]
        at += (12 if is_long else 8) + int.from_bytes(length, "little")
    return at


def _uncompressed(folder: Path) -> Iterator[Seed]:
    regions = [RegionOfTest(0, 0, 99, 20), RegionOfTest(100, 0, 159, 31)]
    for words, syntax in (
        ("implicit", factory.IMPLICIT), ("explicit", factory.EXPLICIT), ("big endian", factory.BIG_ENDIAN)
    ):  # fmt: skip
        for clip, colour in ((GREY, "grey"), (COLOURED, "RGB")):
            path = factory.write_dicom(folder / "plain.dcm", clip, syntax, regions=regions)
            yield Seed(f"DICOM {words}, {colour}", path.read_bytes())
    by_vector = factory.write_dicom(
        folder / "vector.dcm", GREY, vector_ms=factory.uneven_increments_ms(3), regions=regions
    )
    yield Seed("DICOM explicit, Frame Time Vector", by_vector.read_bytes())
    to_deflate = factory.write_dicom(folder / "deflated.dcm", GREY, change=_say(DEFLATED))
    content = to_deflate.read_bytes()  # pydicom writes it deflated; it is spoiled before that
    at = _end_of_meta(content)
    yield Seed("DICOM deflated", content[:at] + zlib.decompress(content[at:], -zlib.MAX_WBITS), True)
    yield Seed("DICOM palette", factory.write_dicom(folder / "p.dcm", GREY, change=with_palette).read_bytes())
    yield Seed("DICOM MR, 16 bits", factory.write_mr_series(folder, slices=1)[0].read_bytes())


def _encapsulated(folder: Path) -> Iterator[Seed]:
    import imagecodecs
    import openjpeg

    def written(streams: list[bytes], syntax: str, clip: NumberedClip = GREY, fragments: int = 1) -> bytes:
        def change(dataset: Dataset) -> None:
            factory.set_encapsulated(dataset, streams, fragments=fragments)

        return factory.write_dicom(folder / "e.dcm", clip, syntax, change=change).read_bytes()

    def each(encode: Callable[[Any], bytes], clip: NumberedClip = GREY) -> list[bytes]:
        return [encode(frame) for frame in clip.all_frames()]

    def ffmpeg(name: str) -> Callable[[Any], bytes]:
        return lambda frame: factory.by_ffmpeg(name, frame)

    for clip, colour in ((GREY, "grey"), (COLOURED, "RGB")):
        for words, syntax in (("RLE", factory.RLE), ("JPEG baseline", factory.JPEG_BASELINE)):
            path = factory.write_dicom(folder / "c.dcm", clip, syntax)
            yield Seed(f"DICOM {words}, {colour}", path.read_bytes())
    jpegs = each(factory.jpeg_of)
    yield Seed("DICOM JPEG, three fragments a frame", written(jpegs, factory.JPEG_BASELINE, fragments=3))
    extended = factory.write_dicom(folder / "x.dcm", GREY, factory.JPEG_BASELINE, change=_extended(jpegs))
    yield Seed("DICOM JPEG, Extended Offset Table", extended.read_bytes())
    yield Seed("DICOM JPEG extended, 12 bits", _twelve_bits(folder))
    yield Seed("DICOM JPEG-LS, grey", written(each(ffmpeg("jpegls")), _JPEG_LS))
    yield Seed("DICOM JPEG-LS, RGB", written(each(ffmpeg("jpegls"), COLOURED), _JPEG_LS, COLOURED))
    j2k = each(lambda frame: bytes(openjpeg.encode(frame)))
    yield Seed("DICOM JPEG 2000, grey", written(j2k, factory.JPEG_2000_LOSSLESS))
    j2k = each(lambda frame: bytes(openjpeg.encode(frame, photometric_interpretation=1)), COLOURED)
    yield Seed("DICOM JPEG 2000, RGB", written(j2k, factory.JPEG_2000_LOSSLESS, COLOURED))
    jxl = each(lambda frame: bytes(imagecodecs.jpegxl_encode(frame, lossless=True)))
    yield Seed("DICOM JPEG XL, grey", written(jxl, factory.JPEG_XL_SYNTAXES[0]))
    jxl = each(lambda frame: bytes(imagecodecs.jpegxl_encode(frame, distance=2.0)), COLOURED)
    yield Seed("DICOM JPEG XL, RGB", written(jxl, factory.JPEG_XL_SYNTAXES[2], COLOURED))
    for words, name, syntax in (
        ("JPEG lossless", "us_mf_jpeg_lossless_sv1_mono", _JPEG_LOSSLESS),
        ("HTJ2K", "us_mf_htj2k_lossless_rgb", _HTJ2K),
    ):
        yield from _of_real_frames(folder, words, SHARED_DATA / "derived" / f"{name}.dcm", syntax)


def _layouts() -> Iterator[Seed]:
    rle = layouts.rle_in_three_pieces_with_a_wrong_table()
    yield Seed("DICOM RLE, three fragments a frame", rle)
    yield Seed("DICOM JPEG, all frames in one piece", layouts.jpegs_in_one_piece())
    yield Seed("DICOM JPEG extended, 12 bits, RGB", layouts.deep_colour_jpeg())
    yield Seed("DICOM palette in segments", dicom(layouts.segmented_palette(bits=8)))
    yield Seed("DICOM 32 bits", layouts.of_32_bits())


def _of_real_frames(folder: Path, words: str, path: Path, syntax: str) -> Iterator[Seed]:
    """One frame of a real file, for syntaxes that nothing here can write; nothing where the file is absent."""
    import pydicom

    if not path.is_file():
        return
    dataset = pydicom.dcmread(path)
    frames = int(dataset.NumberOfFrames)
    stream = next(iter(generate_frames(dataset.PixelData, number_of_frames=frames)))
    dataset.NumberOfFrames = 1
    factory.set_encapsulated(dataset, [stream])
    yield Seed(f"DICOM {words}", factory.as_bytes(dataset))


def _inside_dicom(folder: Path) -> Iterator[Seed]:
    for words, name, codec, syntax in (
        ("H.264", "inside.mp4", "libx264", "1.2.840.10008.1.2.4.102"),
        ("HEVC", "inside.hevc", "libx265", "1.2.840.10008.1.2.4.107"),
        ("MPEG-2", "inside.m2v", "mpeg2video", "1.2.840.10008.1.2.4.100"),
    ):
        stream = factory.write_video(folder / name, GREY, codec=codec, options=_QUIET.get(codec)).read_bytes()

        def change(dataset: Dataset, stream: bytes = stream) -> None:
            factory.set_encapsulated(dataset, [stream], has_bot=False, fragments=3)

        path = factory.write_dicom(folder / "video.dcm", GREY, syntax, change=change)
        yield Seed(f"DICOM {words}", path.read_bytes())


_QUIET = {
    "libx265": {"x265-params": "log-level=none:pools=1"},
    "libvpx-vp9": {"crf": "30"},
    "mpeg2video": {"b": "900000"},
}


def _videos(folder: Path) -> Iterator[Seed]:
    for name, codec, pixels in (
        ("mp4, H.264", "libx264", "yuv420p"), ("mp4, HEVC", "libx265", "yuv420p"),
        ("mp4, MPEG-4", "mpeg4", "yuv420p"), ("mp4, AV1", "libsvtav1", "yuv420p"),
        ("mov, MJPEG", "mjpeg", "yuvj420p"), ("avi, MJPEG", "mjpeg", "yuvj420p"),
        ("avi, raw", "rawvideo", "bgr24"), ("avi, MS MPEG-4", "msmpeg4", "yuv420p"),
        ("webm, VP8", "libvpx", "yuv420p"), ("webm, VP9", "libvpx-vp9", "yuv420p"),
        ("mkv, H.264", "libx264", "yuv420p"), ("wmv, WMV 2", "wmv2", "yuv420p"),
        ("mpg, MPEG-1", "mpeg1video", "yuv420p"), ("mpg, MPEG-2", "mpeg2video", "yuv420p"),
    ):  # fmt: skip
        path = folder / f"video.{name.partition(',')[0]}"
        clip = COLOURED if name == "mp4, H.264" else GREY
        with _own_priority():
            factory.write_video(path, clip, codec=codec, pixel_format=pixels, options=_QUIET.get(codec))
        yield Seed(name, path.read_bytes())


@contextlib.contextmanager
def _own_priority() -> Iterator[None]:
    """Keep the priority of this thread: SVT-AV1, run as root, makes whoever calls it a real-time thread for good."""
    if not hasattr(os, "sched_getscheduler"):
        yield
        return
    policy, values = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        yield
    finally:
        if os.sched_getscheduler(0) != policy:
            os.sched_setscheduler(0, policy, values)


def _pictures(folder: Path) -> Iterator[Seed]:
    from PIL import Image

    first, *others = [Image.fromarray(frame) for frame in COLOURED.all_frames()]
    for name in ("gif", "webp", "tiff"):
        target = io.BytesIO()
        first.save(target, format=name, save_all=True, append_images=others)
        yield Seed(f"{name}, three frames", target.getvalue())
    for name in ("png", "bmp", "jpeg"):
        target = io.BytesIO()
        first.save(target, format=name)
        yield Seed(name, target.getvalue())


def _say(syntax: str) -> Callable[[Dataset], None]:
    def change(dataset: Dataset) -> None:
        dataset.file_meta.TransferSyntaxUID = syntax

    return change


def with_palette(dataset: Dataset) -> None:
    dataset.PhotometricInterpretation = "PALETTE COLOR"
    for colour in ("Red", "Green", "Blue"):
        setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [256, 0, 8])
        setattr(dataset, f"{colour}PaletteColorLookupTableData", bytes(range(256)))


def _extended(streams: list[bytes]) -> Callable[[Dataset], None]:
    def change(dataset: Dataset) -> None:
        padded = [stream + b"\0" * (len(stream) % 2) for stream in streams]
        dataset.PixelData, offsets, lengths = encapsulate_extended(padded)
        dataset.ExtendedOffsetTable, dataset.ExtendedOffsetTableLengths = offsets, lengths
        dataset["PixelData"].VR = "OB"
        dataset["PixelData"].is_undefined_length = True

    return change


def _twelve_bits(folder: Path) -> bytes:
    dataset = factory.mr_dataset(8, 8)
    dataset.file_meta.TransferSyntaxUID = _JPEG_EXTENDED
    dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 12, 11, 0
    factory.set_encapsulated(dataset, [single_block(100, 12)])
    return factory.save(dataset, folder / "twelve.dcm").read_bytes()
