"""Every class of defect that was ever seen in a DICOM file, each as one small file made in code.

The numbers are those of ``cases/DEFECTS.md``, which is made from this list: ``python -m tests.cases.defects``.
"""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from cases.sentences import Refusal, Remark, ScaleRefusal
from tests.cases import clip_factory as factory
from tests.cases.clip_factory import NumberedClip, RegionOfTest

CLIP = NumberedClip(frames=4, rows=32, columns=160)
Outcome = Refusal | Remark | ScaleRefusal | None
Change = Callable[[Dataset], None]


@dataclass(frozen=True, slots=True)
class Defect:
    """One class.

    Parameters
    ----------
    number : str
        Its number in the table.
    what : str
        The defect, in a few words.
    outcome : Refusal, Remark, ScaleRefusal or None
        What is said; None where the file opens without a word.
    content : callable
        Makes the file.
    """

    number: str
    what: str
    outcome: Outcome
    content: Callable[[], bytes]


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


def _jpeg() -> bytes:
    return dicom(syntax=factory.JPEG_BASELINE)


def _streams() -> list[bytes]:
    return [factory.jpeg_of(frame) for frame in CLIP.all_frames()]


def _jpeg_with(
    streams: list[bytes], syntax: str = factory.JPEG_BASELINE, **values: object
) -> Callable[[], bytes]:
    def change(dataset: Dataset) -> None:
        factory.set_encapsulated(dataset, streams)
        said(**values)(dataset)

    return lambda: dicom(change, syntax)


def _swapped(content: bytes, old: bytes, new: bytes) -> bytes:
    assert old in content
    return content.replace(old, new, 1)


def _before_pixels(inserted: bytes) -> bytes:
    content = dicom()
    at = content.index(b"\xe0\x7f\x10\x00")
    return content[:at] + inserted + content[at:]


def _element(tag: tuple[int, int], kind: bytes, value: bytes, length: int | None = None) -> bytes:
    return struct.pack("<HH2sHI", *tag, kind, 0, len(value) if length is None else length) + value


def _deep() -> bytes:
    start = _element((0x0040, 0xA730), b"SQ", b"", 0xFFFFFFFF) + struct.pack(
        "<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF
    )
    return _before_pixels(start * 3_000)


def _many() -> bytes:
    elements = (struct.pack("<HH2sH", 0x0099, 0x1000 + k % 0xEFFF, b"LO", 2) + b"x " for k in range(60_000))
    return _before_pixels(b"".join(elements))


def _bomb() -> bytes:
    content = _before_pixels(_element((0x0099, 0x0010), b"OB", bytes(20_000_000)))
    at = content.index(b"\x08\x00\x16\x00")
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    old, new = b"\x14\x001.2.840.10008.1.2.1\0", b"\x16\x001.2.840.10008.1.2.1.99"
    return _swapped(content[:at], old, new) + packer.compress(content[at:]) + packer.flush()


def _missing_transfer_syntax() -> bytes:
    content = dicom()
    at = content.index(b"\x02\x00\x10\x00UI")
    return content[:at] + content[at + 28 :]


def _offset_table(number: int) -> bytes:
    content = bytearray(_jpeg())
    at = content.index(b"\xfe\xff\x00\xe0") + 8
    content[at + 4 : at + 8] = struct.pack("<I", number)
    return bytes(content)


def _lying_fragment() -> bytes:
    content = bytearray(_jpeg())
    table = content.index(b"\xfe\xff\x00\xe0")
    first = content.index(b"\xfe\xff\x00\xe0", table + 4)
    content[first + 4 : first + 8] = struct.pack("<I", 100_000)
    return bytes(content)


def _empty_fragment() -> bytes:
    streams = _streams()
    streams[2] = b""
    return _raw_fragments(streams, with_table=True)


def _raw_fragments(streams: list[bytes], *, with_table: bool) -> bytes:
    padded = [stream + b"\0" * (len(stream) % 2) for stream in streams]
    starts = np.cumsum([0, *(8 + len(stream) for stream in padded[:-1])])
    table = struct.pack(f"<{len(padded)}I", *starts) if with_table else b""
    items = b"".join(struct.pack("<HHI", 0xFFFE, 0xE000, len(piece)) + piece for piece in (table, *padded))
    content = _jpeg()
    at = content.index(b"\xe0\x7f\x10\x00") + 12
    return content[:at] + items + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)


def _rotten(at: float) -> list[bytes]:
    streams = _streams()
    cut = int(len(streams[1]) * at)
    streams[1] = streams[1][:cut]
    return streams


def _huge_stream() -> list[bytes]:
    stream = bytearray(_streams()[0])
    at = stream.index(b"\xff\xc0")
    stream[at + 5 : at + 9] = b"\xff\xff\xff\xff"
    return [bytes(stream)] * CLIP.frames


def _palette(**broken: object) -> Change:
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


def _regions(*regions: RegionOfTest) -> Change:
    return lambda dataset: factory.add_regions(dataset, regions)


def _no_regions(dataset: Dataset) -> None:
    dataset.SequenceOfUltrasoundRegions = Sequence([])


def _picture_as_dicom(kind: str) -> bytes:
    from PIL import Image

    target = io.BytesIO()
    Image.fromarray(CLIP.frame(0)).save(target, kind)
    return target.getvalue()


def _zeroed() -> bytes:
    streams = _streams()
    half = len(streams[1]) // 2
    streams[1] = streams[1][:half] + bytes(64) + streams[1][half + 64 :]
    return _jpeg_with(streams)()


def _rle_rot() -> bytes:
    content = bytearray(dicom(syntax=factory.RLE))
    at = content.index(b"\x01\x00\x00\x00\x40\x00\x00\x00")
    content[at + 64 : at + 74] = b"\x7f" * 10
    return bytes(content)


def _j2k(stream_change: Callable[[bytes], bytes]) -> bytes:
    import openjpeg

    def change(dataset: Dataset) -> None:
        factory.set_encapsulated(
            dataset, [stream_change(bytes(openjpeg.encode(frame))) for frame in CLIP.all_frames()]
        )

    return dicom(change, factory.JPEG_2000_LOSSLESS)


def _huge_siz(stream: bytes) -> bytes:
    at = stream.index(b"\xff\x51")
    return stream[: at + 6] + struct.pack(">II", 1 << 30, 1 << 30) + stream[at + 14 :]


def _ybr_labelled_rgb() -> bytes:
    coloured = NumberedClip(frames=4, rows=32, columns=160, is_colour=True)
    return dicom(said(PhotometricInterpretation="RGB"), factory.JPEG_BASELINE, coloured)


def _overlay_bits() -> bytes:
    dataset = factory.mr_dataset(32, 24)
    dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 12, 11, 0
    factory.set_uncompressed(dataset, [np.full((32, 24), 0x8001, np.uint16)])
    return factory.as_bytes(dataset)


def defects() -> Iterator[Defect]:
    """Yield every class in the order of its number."""
    whole = dicom()
    for number, (what, outcome, content) in enumerate(_LIST, start=1):
        yield Defect(
            str(number), what, outcome, content if callable(content) else (lambda made=content: made)
        )
    assert whole


R, N, S = Refusal, Remark, ScaleRefusal
_LIST: list[tuple[str, Outcome, Callable[[], bytes]]] = [
    ("empty file", R.EMPTY, lambda: b""),
    ("text", R.LOOKS_LIKE_TEXT, lambda: b"Patient list\nnothing here\n" * 10),
    ("web page saved as a clip", R.WEB_PAGE, lambda: b"<!DOCTYPE html><html><body>404</body></html>"),
    ("JPEG named .dcm", None, lambda: _picture_as_dicom("JPEG")),
    ("no preamble", None, lambda: dicom()[132:]),
    ("preamble only", R.CUT_IN_HEADER, lambda: dicom()[:132]),
    ("cut in the file meta", R.CUT_IN_HEADER, lambda: dicom()[:200]),
    ("cut in the header", R.CUT_IN_HEADER, lambda: dicom()[:445]),
    ("cut inside compressed frames", R.PIXELS_CUT, lambda: _jpeg()[:-900]),
    ("raw frames cut short", R.PIXELS_CUT, lambda: dicom()[:-6000]),
    ("last byte missing", N.LAST_BYTE_MISSING, lambda: dicom()[:-1]),
    ("program code in the preamble", None, lambda: b"MZ\x90\x00" + dicom()[4:]),
    ("a zeroed block in a frame", R.FRAMES_DAMAGED, _zeroed),
    ("65535 × 65535 pixels", R.PICTURE_TOO_LARGE, lambda: dicom(said(Rows=65535, Columns=65535))),
    ("no row", R.PICTURE_SIZE_ZERO, lambda: dicom(said(Rows=0))),
    ("two thousand million frames", R.TOO_MANY_FRAMES, lambda: dicom(said(NumberOfFrames=2_000_000_000))),
    ("more frames declared than present", R.FRAMES_FEWER, _jpeg_with(_streams(), NumberOfFrames=9)),
    ("fewer frames declared than present", R.FRAMES_MORE, _jpeg_with(_streams(), NumberOfFrames=3)),
    (
        "frame count is no number",
        R.FIELD_UNREADABLE,
        lambda: _swapped(dicom(), b"IS\x02\x004 ", b"IS\x02\x00zz"),
    ),
    ("no pixel data", R.NO_PICTURE, lambda: dicom(without("PixelData"))),
    ("Rows missing", R.FIELD_MISSING, lambda: dicom(without("Rows"))),
    ("Bits Allocated missing", R.FIELD_MISSING, lambda: dicom(without("BitsAllocated"))),
    (
        "Photometric Interpretation missing",
        R.FIELD_MISSING,
        lambda: dicom(without("PhotometricInterpretation")),
    ),
    ("Samples per Pixel missing", R.FIELD_MISSING, lambda: dicom(without("SamplesPerPixel"))),
    ("Pixel Representation missing", R.FIELD_MISSING, lambda: dicom(without("PixelRepresentation"))),
    ("seven samples a pixel", R.UNSUPPORTED_COLOUR, lambda: dicom(said(SamplesPerPixel=7))),
    ("12 bits allocated", R.UNSUPPORTED_BITS, lambda: dicom(said(BitsAllocated=12))),
    ("photometric nonsense", R.UNSUPPORTED_COLOUR, lambda: dicom(said(PhotometricInterpretation="PINK"))),
    ("YBR frames labelled RGB", N.COLOUR_NOT_AS_LABELLED, _ybr_labelled_rgb),
    (
        "JPEG frames labelled JPEG 2000",
        N.DATA_NOT_AS_LABELLED,
        lambda: _swapped(_jpeg(), b"1.2.840.10008.1.2.4.50", b"1.2.840.10008.1.2.4.90"),
    ),
    (
        "private transfer syntax",
        R.UNKNOWN_TRANSFER_SYNTAX,
        lambda: _swapped(_jpeg(), b"1.2.840.10008.1.2.4.50", b"1.2.840.99999.1.2.4.50"),
    ),
    (
        "video syntax without a video",
        R.VIDEO_DAMAGED,
        _jpeg_with(_streams(), "1.2.840.10008.1.2.4.102"),
    ),
    ("transfer syntax missing", R.NO_TRANSFER_SYNTAX, _missing_transfer_syntax),
    ("sequences three thousand deep", R.TOO_DEEP, _deep),
    (
        "element of two gigabytes",
        R.ELEMENT_TOO_LONG,
        lambda: _before_pixels(_element((0x0099, 0x0010), b"OB", b"abcd", 2_000_000_000)),
    ),
    (
        "sequence of two gigabytes",
        R.ELEMENT_TOO_LONG,
        lambda: _before_pixels(_element((0x0040, 0xA730), b"SQ", b"abcd", 2_000_000_000)),
    ),
    ("sixty thousand elements", R.TOO_MANY_ELEMENTS, _many),
    ("deflated bomb", R.DEFLATED_TOO_FAR, _bomb),
    (
        "a type that does not exist",
        R.HEADER_DAMAGED_AT,
        lambda: _before_pixels(struct.pack("<HH2sH", 0x0099, 0x0010, b"zz", 2) + b"x "),
    ),
    (
        "unknown character set",
        None,
        lambda: _swapped(dicom(said(SpecificCharacterSet="ISO_IR 100")), b"ISO_IR 100", b"ISO_IR 999"),
    ),
    (
        "elements out of order and twice",
        None,
        lambda: _before_pixels(
            struct.pack("<HH2sH", 0x0028, 0x0010, b"US", 2) + struct.pack("<H", CLIP.rows)
        ),
    ),
    ("offset table that points nowhere", N.OFFSET_TABLE_WRONG, lambda: _offset_table(12_345)),
    ("no end of the frames", N.END_MARK_MISSING, lambda: _jpeg()[:-8]),
    ("an empty frame", R.FRAME_EMPTY, _empty_fragment),
    ("fragment length that lies", R.PIXELS_CUT, _lying_fragment),
    ("JPEG frame cut", R.FRAMES_DAMAGED, _jpeg_with(_rotten(0.7))),
    ("JPEG 2000 stream claims 2³⁰ pixels a side", R.PICTURE_TOO_LARGE, lambda: _j2k(_huge_siz)),
    ("JPEG 2000 stream cut", R.NO_GOOD_FRAME, lambda: _j2k(lambda stream: stream[:60])),
    ("RLE rot", R.FRAMES_DAMAGED, _rle_rot),
    ("JPEG stream without its tables", R.NO_GOOD_FRAME, _jpeg_with([b"\xff\xd8\xff\xd9"] * 4)),
    ("JPEG stream claims 65535 × 65535", R.PICTURE_TOO_LARGE, _jpeg_with(_huge_stream())),
    ("palette short", R.PALETTE_DAMAGED, lambda: dicom(_palette(RedPaletteColorLookupTableData=bytes(20)))),
    (
        "palette descriptor missing",
        R.PALETTE_DAMAGED,
        lambda: dicom(_palette(GreenPaletteColorLookupTableDescriptor=None)),
    ),
    ("region outside the picture", S.OUTSIDE, lambda: dicom(_regions(RegionOfTest(500, 500, 600, 600)))),
    ("empty list of regions", S.NONE_IN_FILE, lambda: dicom(_no_regions)),
    ("scale 0 or no number", S.DELTAS, lambda: dicom(_regions(RegionOfTest(0, 0, 9, 9, 0.0, float("nan"))))),
    ("Frame Time 0", N.TIME_UNKNOWN, lambda: dicom(said(FrameTime="0"))),
    ("report with pixels", R.NOT_A_PICTURE_TYPE, lambda: dicom(said(Modality="SR"))),
    ("regions of a larger picture", S.RESCALED, lambda: dicom(_regions(RegionOfTest(0, 0, 999, 999)))),
    (
        "units that are no length",
        S.UNITS,
        lambda: dicom(_regions(RegionOfTest(0, 0, 9, 9, units_x=0, units_y=0))),
    ),
    (
        "index of a disc",
        R.IS_INDEX,
        lambda: dicom(said(SOPClassUID="1.2.840.10008.1.3.10")),
    ),
    ("Frame Time Vector short", N.VECTOR_REFUSED, lambda: dicom(said(FrameTimeVector=["0", "40"]))),
    ("overlays in high bits", N.HIGH_BITS_CLEARED, _overlay_bits),
    ("big endian", None, lambda: dicom(syntax=factory.BIG_ENDIAN)),
    (
        "HTML and control characters in text",
        None,
        lambda: _swapped(
            dicom(said(StudyDescription="<script>alert(1)")), b"alert(1)", b"\x1b\x00\x07\xff\xe2\x80\xae;"
        ),
    ),
    ("archive instead of a clip", R.ARCHIVE_INSIDE, lambda: b"PK\x03\x04" + bytes(40)),
]


def table() -> str:
    """Return the numbered table as Markdown."""
    rows = "".join(f"| {one.number} | {one.what} | {_words(one.outcome)} |\n" for one in defects())
    return f"| # | defect | what is said |\n|---|---|---|\n{rows}"


def _words(outcome: Outcome) -> str:
    if outcome is None:
        return "opens"
    kind = {Refusal: "refused", Remark: "opens, with", ScaleRefusal: "opens, lengths in px"}[type(outcome)]
    return f"{kind}: {outcome.value}".replace("|", "/")


if __name__ == "__main__":
    print(table(), end="")  # noqa: T201
