"""Small files with one thing wrong in each, made in code."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydicom import config
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from tests.cases import clip_factory as factory
from tests.cases.clip_factory import NumberedClip, RegionOfTest

CLIP = NumberedClip(frames=4, rows=32, columns=160)
Change = Callable[[Dataset], None]


def dicom(change: Change | None = None, syntax: str = factory.EXPLICIT, clip: NumberedClip = CLIP) -> bytes:
    """Return a small clip as a DICOM file."""
    dataset = factory.dicom_dataset(clip, syntax)
    factory.add_times(dataset, 40.0)
    frames = clip.all_frames()
    if syntax == factory.JPEG_BASELINE:
        factory.set_jpeg(dataset, frames)
    elif syntax == factory.RLE:
        factory.set_rle(dataset, frames)
    else:
        factory.set_uncompressed(dataset, frames)
    if change is not None:
        change(dataset)
    return factory.as_bytes(dataset)


def said(**values: object) -> Change:
    """Set fields of the header."""

    def change(dataset: Dataset) -> None:
        for keyword, value in values.items():
            setattr(dataset, keyword, value)

    return change


def without(*keywords: str) -> Change:
    """Remove fields of the header."""

    def change(dataset: Dataset) -> None:
        for keyword in keywords:
            delattr(dataset, keyword)

    return change


def jpeg() -> bytes:
    return dicom(syntax=factory.JPEG_BASELINE)


def jpeg_streams() -> list[bytes]:
    return [factory.jpeg_of(frame) for frame in CLIP.all_frames()]


def jpeg_with(
    streams: list[bytes], syntax: str = factory.JPEG_BASELINE, **values: object
) -> Callable[[], bytes]:
    def change(dataset: Dataset) -> None:
        factory.set_encapsulated(dataset, streams)
        said(**values)(dataset)

    return lambda: dicom(change, syntax)


def swapped(content: bytes, old: bytes, new: bytes) -> bytes:
    assert old in content
    return content.replace(old, new, 1)


def relabelled(content: bytes, syntax: str) -> bytes:
    """State another transfer syntax and change nothing else."""
    at = content.index(b"\x02\x00\x10\x00UI") + 6
    end = at + 2 + int.from_bytes(content[at : at + 2], "little")
    stated = syntax.encode() + b"\0" * (len(syntax) % 2)
    return content[:at] + struct.pack("<H", len(stated)) + stated + content[end:]


def before_pixels(inserted: bytes) -> bytes:
    content = dicom()
    at = content.index(b"\xe0\x7f\x10\x00")
    return content[:at] + inserted + content[at:]


def element(tag: tuple[int, int], kind: bytes, value: bytes, length: int | None = None) -> bytes:
    return struct.pack("<HH2sHI", *tag, kind, 0, len(value) if length is None else length) + value


def deep() -> bytes:
    start = element((0x0040, 0xA730), b"SQ", b"", 0xFFFFFFFF) + struct.pack(
        "<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF
    )
    return before_pixels(start * 3_000)


def many() -> bytes:
    elements = (struct.pack("<HH2sH", 0x0099, 0x1000 + k % 0xEFFF, b"LO", 2) + b"x " for k in range(60_000))
    return before_pixels(b"".join(elements))


def bomb() -> bytes:
    content = before_pixels(element((0x0099, 0x0010), b"OB", bytes(20_000_000)))
    at = content.index(b"\x08\x00\x16\x00")
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    old, new = b"\x14\x001.2.840.10008.1.2.1\0", b"\x16\x001.2.840.10008.1.2.1.99"
    return swapped(content[:at], old, new) + packer.compress(content[at:]) + packer.flush()


def missing_transfer_syntax() -> bytes:
    content = dicom()
    at = content.index(b"\x02\x00\x10\x00UI")
    return content[:at] + content[at + 28 :]


def offset_table(number: int) -> bytes:
    content = bytearray(jpeg())
    at = content.index(b"\xfe\xff\x00\xe0") + 8
    content[at + 4 : at + 8] = struct.pack("<I", number)
    return bytes(content)


def lying_fragment() -> bytes:
    content = bytearray(jpeg())
    table = content.index(b"\xfe\xff\x00\xe0")
    first = content.index(b"\xfe\xff\x00\xe0", table + 4)
    content[first + 4 : first + 8] = struct.pack("<I", 100_000)
    return bytes(content)


def empty_fragment() -> bytes:
    streams = jpeg_streams()
    streams[2] = b""
    return raw_fragments(streams, with_table=True)


def raw_fragments(streams: list[bytes], *, with_table: bool) -> bytes:
    padded = [stream + b"\0" * (len(stream) % 2) for stream in streams]
    starts = np.cumsum([0, *(8 + len(stream) for stream in padded[:-1])])
    table = struct.pack(f"<{len(padded)}I", *starts) if with_table else b""
    items = b"".join(struct.pack("<HHI", 0xFFFE, 0xE000, len(piece)) + piece for piece in (table, *padded))
    content = jpeg()
    at = content.index(b"\xe0\x7f\x10\x00") + 12
    return content[:at] + items + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)


def rotten(at: float) -> list[bytes]:
    streams = jpeg_streams()
    cut = int(len(streams[1]) * at)
    streams[1] = streams[1][:cut]
    return streams


def huge_stream() -> list[bytes]:
    stream = bytearray(jpeg_streams()[0])
    at = stream.index(b"\xff\xc0")
    stream[at + 5 : at + 9] = b"\xff\xff\xff\xff"
    return [bytes(stream)] * CLIP.frames


def palette(**broken: object) -> Change:
    def change(dataset: Dataset) -> None:
        dataset.PhotometricInterpretation = "PALETTE COLOR"
        for colour in ("Red", "Green", "Blue"):
            setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [256, 0, 16])
            setattr(dataset, f"{colour}PaletteColorLookupTableData", bytes(512))
        for keyword, value in broken.items():
            if value is None:
                delattr(dataset, keyword)
            else:
                setattr(dataset, keyword, value)

    return change


def regions(*regions: RegionOfTest) -> Change:
    return lambda dataset: factory.add_regions(dataset, regions)


def region_without_place(dataset: Dataset) -> None:
    factory.add_regions(dataset, [RegionOfTest(0, 0, 159, 31)])
    del dataset.SequenceOfUltrasoundRegions[0].RegionLocationMaxX1


def both_scales(dataset: Dataset) -> None:
    factory.add_regions(dataset, [RegionOfTest(0, 0, 9, 9)])
    dataset.PixelSpacing = ["1", "1"]


def no_regions(dataset: Dataset) -> None:
    dataset.SequenceOfUltrasoundRegions = Sequence([])


def picture_as_dicom(kind: str) -> bytes:
    target = io.BytesIO()
    Image.fromarray(CLIP.frame(0)).save(target, kind)
    return target.getvalue()


def zeroed() -> bytes:
    streams = jpeg_streams()
    half = len(streams[1]) // 2
    streams[1] = streams[1][:half] + bytes(64) + streams[1][half + 64 :]
    return jpeg_with(streams)()


def disc_index(names: list[tuple[str, ...]], instances: list[str] | None = None) -> bytes:
    """Return the index of a disc (DICOMDIR) that names such files."""
    dataset = factory.dicom_dataset(CLIP)
    del dataset.Modality
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.1.3.10"
    records = []
    for number, parts in enumerate(names):
        record = Dataset()
        record.DirectoryRecordType = "IMAGE"
        record.add(DataElement(0x00041500, "CS", list(parts), validation_mode=config.IGNORE))
        if instances is not None:
            record.ReferencedSOPInstanceUIDInFile = instances[number]
        records.append(record)
    dataset.DirectoryRecordSequence = Sequence(records)
    return factory.as_bytes(dataset)


def zipped(*files: tuple[str, bytes], link: bool = False, locked: bool = False) -> bytes:
    """Return an archive of such files; as links, or marked as locked with a password."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            member = zipfile.ZipInfo(name)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = (stat.S_IFLNK | 0o777) << 16 if link else 0
            archive.writestr(member, content)
    written = bytearray(target.getvalue())
    if locked:
        written[written.index(b"PK\x03\x04") + 6] |= 1
        written[written.index(b"PK\x01\x02") + 8] |= 1
    return bytes(written)


def twins() -> bytes:
    """Return an archive of two clips that have one identifier and unlike pixels."""
    other = dicom(clip=NumberedClip(frames=3, rows=32, columns=160))
    return zipped(("a.dcm", dicom()), ("b.dcm", other))


def too_many_files() -> bytes:
    return zipped(*((str(k), b"") for k in range(20_001)))


def unlike_series() -> bytes:
    """Return numbered pictures of unlike sizes in one archive."""
    pictures = [
        NumberedClip(frames=3, rows=rows, columns=160).frame(k) for k, rows in enumerate((32, 32, 48))
    ]
    return zipped(*((f"frame_{k}.png", png(picture)) for k, picture in enumerate(pictures)))


def png(picture: NDArray[np.uint8]) -> bytes:
    target = io.BytesIO()
    Image.fromarray(picture).save(target, "PNG")
    return target.getvalue()


def jpeg_lossless(rot: bool = True) -> bytes:
    streams = [bytes(imagecodecs.ljpeg_encode(frame)) for frame in CLIP.all_frames()]
    if rot:
        streams[1] = streams[1][: len(streams[1]) // 2]
    return jpeg_with(streams, "1.2.840.10008.1.2.4.70")()


def video_in_dicom() -> bytes:
    from tests.cases.video_defect_files import video

    return jpeg_with([video()], "1.2.840.10008.1.2.4.102")()


def video_twice_its_size() -> bytes:
    from tests.cases.video_defect_files import video

    def change(dataset: Dataset) -> None:
        dataset.Rows, dataset.Columns = dataset.Rows // 2, dataset.Columns // 2
        factory.set_encapsulated(dataset, [video()])

    return dicom(change, syntax="1.2.840.10008.1.2.4.102")


def labelled_implicit() -> bytes:
    return dicom().replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2\0\0\0")


def deeper_than_labelled() -> bytes:
    import openjpeg

    streams = [
        bytes(openjpeg.encode(frame.astype(np.uint16) << 4, bits_stored=12)) for frame in CLIP.all_frames()
    ]
    return jpeg_with(streams, factory.JPEG_2000_LOSSLESS)()


def deep_colour() -> bytes:
    clip = NumberedClip(frames=2, rows=32, columns=160, is_colour=True)

    def change(dataset: Dataset) -> None:
        dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 16, 15
        factory.set_uncompressed(dataset, [frame.astype(np.uint16) * 257 for frame in clip.all_frames()])

    return dicom(change, clip=clip)


def planes() -> bytes:
    clip = NumberedClip(frames=2, rows=32, columns=160, is_colour=True)

    def change(dataset: Dataset) -> None:
        dataset.PlanarConfiguration = 1
        factory.set_uncompressed(dataset, [np.moveaxis(frame, -1, 0) for frame in clip.all_frames()])

    return dicom(change, clip=clip)


def vendor_volume() -> bytes:
    """Return a file whose picture is in a private element only, as volumes of some scanners are."""
    content = dicom(without("PixelData"))
    return content + element((0x7FE1, 0x1010), b"OB", bytes(4_000))


def rle_rot() -> bytes:
    content = bytearray(dicom(syntax=factory.RLE))
    at = content.index(b"\x01\x00\x00\x00\x40\x00\x00\x00")
    content[at + 64 : at + 74] = b"\x7f" * 10
    return bytes(content)


def j2k(stream_change: Callable[[bytes], bytes], only: int | None = None) -> bytes:
    """Return a JPEG 2000 clip, each of whose streams is changed, or only one."""
    import openjpeg

    streams = [bytes(openjpeg.encode(frame)) for frame in CLIP.all_frames()]
    changed = [stream_change(stream) if only in (None, k) else stream for k, stream in enumerate(streams)]
    return jpeg_with(changed, factory.JPEG_2000_LOSSLESS)()


def inside_out(stream: bytes) -> bytes:
    """Turn a stretch of bytes at the beginning of the data around, which decoders take without a word."""
    at = stream.index(b"\xff\x93") + 8
    return stream[:at] + bytes(255 - byte for byte in stream[at : at + 60]) + stream[at + 60 :]


def huge_siz(stream: bytes) -> bytes:
    at = stream.index(b"\xff\x51")
    return stream[: at + 6] + struct.pack(">II", 1 << 30, 1 << 30) + stream[at + 14 :]


def ybr_labelled_rgb() -> bytes:
    coloured = NumberedClip(frames=4, rows=32, columns=160, is_colour=True)
    return dicom(said(PhotometricInterpretation="RGB"), factory.JPEG_BASELINE, coloured)


def overlay_bits() -> bytes:
    dataset = factory.mr_dataset(32, 24)
    dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 12, 11, 0
    factory.set_uncompressed(dataset, [np.full((32, 24), 0x8001, np.uint16)])
    return factory.as_bytes(dataset)
