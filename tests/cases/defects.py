"""Every class of defect that was ever seen in a DICOM file, each as one small file made in code.

The numbers are those of ``cases/DEFECTS.md``, which is made from this list: ``python -m tests.cases.defects``.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cases.sentences import Refusal, Remark, ScaleRefusal
from tests.cases import clip_factory as factory
from tests.cases.clip_factory import RegionOfTest
from tests.cases.defect_files import (
    CLIP,
    before_pixels,
    bomb,
    deep,
    dicom,
    element,
    empty_fragment,
    huge_siz,
    huge_stream,
    j2k,
    jpeg,
    jpeg_streams,
    jpeg_with,
    lying_fragment,
    many,
    missing_transfer_syntax,
    no_regions,
    offset_table,
    overlay_bits,
    palette,
    picture_as_dicom,
    regions,
    rle_rot,
    rotten,
    said,
    swapped,
    without,
    ybr_labelled_rgb,
    zeroed,
)

Outcome = Refusal | Remark | ScaleRefusal | None


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
    ("JPEG named .dcm", None, lambda: picture_as_dicom("JPEG")),
    ("no preamble", None, lambda: dicom()[132:]),
    ("preamble only", R.CUT_IN_HEADER, lambda: dicom()[:132]),
    ("cut in the file meta", R.CUT_IN_HEADER, lambda: dicom()[:200]),
    ("cut in the header", R.CUT_IN_HEADER, lambda: dicom()[:445]),
    ("cut inside compressed frames", R.PIXELS_CUT, lambda: jpeg()[:-900]),
    ("raw frames cut short", R.PIXELS_CUT, lambda: dicom()[:-6000]),
    ("last byte missing", N.LAST_BYTE_MISSING, lambda: dicom()[:-1]),
    ("program code in the preamble", None, lambda: b"MZ\x90\x00" + dicom()[4:]),
    ("a zeroed block in a frame", R.FRAMES_DAMAGED, zeroed),
    ("65535 × 65535 pixels", R.PICTURE_TOO_LARGE, lambda: dicom(said(Rows=65535, Columns=65535))),
    ("no row", R.PICTURE_SIZE_ZERO, lambda: dicom(said(Rows=0))),
    ("two thousand million frames", R.TOO_MANY_FRAMES, lambda: dicom(said(NumberOfFrames=2_000_000_000))),
    ("more frames declared than present", R.FRAMES_FEWER, jpeg_with(jpeg_streams(), NumberOfFrames=9)),
    ("fewer frames declared than present", R.FRAMES_MORE, jpeg_with(jpeg_streams(), NumberOfFrames=3)),
    (
        "frame count is no number",
        R.FIELD_UNREADABLE,
        lambda: swapped(dicom(), b"IS\x02\x004 ", b"IS\x02\x00zz"),
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
    ("YBR frames labelled RGB", N.COLOUR_NOT_AS_LABELLED, ybr_labelled_rgb),
    (
        "JPEG frames labelled JPEG 2000",
        N.DATA_NOT_AS_LABELLED,
        lambda: swapped(jpeg(), b"1.2.840.10008.1.2.4.50", b"1.2.840.10008.1.2.4.90"),
    ),
    (
        "private transfer syntax",
        R.UNKNOWN_TRANSFER_SYNTAX,
        lambda: swapped(jpeg(), b"1.2.840.10008.1.2.4.50", b"1.2.840.99999.1.2.4.50"),
    ),
    (
        "video syntax without a video",
        R.VIDEO_DAMAGED,
        jpeg_with(jpeg_streams(), "1.2.840.10008.1.2.4.102"),
    ),
    ("transfer syntax missing", R.NO_TRANSFER_SYNTAX, missing_transfer_syntax),
    ("sequences three thousand deep", R.TOO_DEEP, deep),
    (
        "element of two gigabytes",
        R.ELEMENT_TOO_LONG,
        lambda: before_pixels(element((0x0099, 0x0010), b"OB", b"abcd", 2_000_000_000)),
    ),
    (
        "sequence of two gigabytes",
        R.ELEMENT_TOO_LONG,
        lambda: before_pixels(element((0x0040, 0xA730), b"SQ", b"abcd", 2_000_000_000)),
    ),
    ("sixty thousand elements", R.TOO_MANY_ELEMENTS, many),
    ("deflated bomb", R.DEFLATED_TOO_FAR, bomb),
    (
        "a type that does not exist",
        R.HEADER_DAMAGED_AT,
        lambda: before_pixels(struct.pack("<HH2sH", 0x0099, 0x0010, b"zz", 2) + b"x "),
    ),
    (
        "unknown character set",
        None,
        lambda: swapped(dicom(said(SpecificCharacterSet="ISO_IR 100")), b"ISO_IR 100", b"ISO_IR 999"),
    ),
    (
        "elements out of order and twice",
        None,
        lambda: before_pixels(struct.pack("<HH2sH", 0x0028, 0x0010, b"US", 2) + struct.pack("<H", CLIP.rows)),
    ),
    ("offset table that points nowhere", N.OFFSET_TABLE_WRONG, lambda: offset_table(12_345)),
    ("no end of the frames", N.END_MARK_MISSING, lambda: jpeg()[:-8]),
    ("an empty frame", R.FRAME_EMPTY, empty_fragment),
    ("fragment length that lies", R.PIXELS_CUT, lying_fragment),
    ("JPEG frame cut", R.FRAMES_DAMAGED, jpeg_with(rotten(0.7))),
    ("JPEG 2000 stream claims 2³⁰ pixels a side", R.PICTURE_TOO_LARGE, lambda: j2k(huge_siz)),
    ("JPEG 2000 stream cut", R.NO_GOOD_FRAME, lambda: j2k(lambda stream: stream[:60])),
    ("RLE rot", R.FRAMES_DAMAGED, rle_rot),
    ("JPEG stream without its tables", R.NO_GOOD_FRAME, jpeg_with([b"\xff\xd8\xff\xd9"] * 4)),
    ("JPEG stream claims 65535 × 65535", R.PICTURE_TOO_LARGE, jpeg_with(huge_stream())),
    ("palette short", R.PALETTE_DAMAGED, lambda: dicom(palette(RedPaletteColorLookupTableData=bytes(20)))),
    (
        "palette descriptor missing",
        R.PALETTE_DAMAGED,
        lambda: dicom(palette(GreenPaletteColorLookupTableDescriptor=None)),
    ),
    ("region outside the picture", S.OUTSIDE, lambda: dicom(regions(RegionOfTest(500, 500, 600, 600)))),
    ("empty list of regions", S.NONE_IN_FILE, lambda: dicom(no_regions)),
    ("scale 0 or no number", S.DELTAS, lambda: dicom(regions(RegionOfTest(0, 0, 9, 9, 0.0, float("nan"))))),
    ("Frame Time 0", N.TIME_UNKNOWN, lambda: dicom(said(FrameTime="0"))),
    ("report with pixels", R.NOT_A_PICTURE_TYPE, lambda: dicom(said(Modality="SR"))),
    ("regions of a larger picture", S.RESCALED, lambda: dicom(regions(RegionOfTest(0, 0, 999, 999)))),
    (
        "units that are no length",
        S.UNITS,
        lambda: dicom(regions(RegionOfTest(0, 0, 9, 9, units_x=0, units_y=0))),
    ),
    (
        "index of a disc",
        R.IS_INDEX,
        lambda: dicom(said(SOPClassUID="1.2.840.10008.1.3.10")),
    ),
    ("Frame Time Vector short", N.VECTOR_REFUSED, lambda: dicom(said(FrameTimeVector=["0", "40"]))),
    ("overlays in high bits", N.HIGH_BITS_CLEARED, overlay_bits),
    ("big endian", None, lambda: dicom(syntax=factory.BIG_ENDIAN)),
    (
        "HTML and control characters in text",
        None,
        lambda: swapped(
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
