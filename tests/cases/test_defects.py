import re
from pathlib import Path

import pytest

from cases.decoding import Decoder
from cases.intake import open_files
from cases.sentences import Refusal, Remark, ScaleRefusal
from cases.store import ClipStore
from tests.cases.defects import Defect, defects, table

DOCUMENT = Path(__file__).resolve().parents[2] / "cases" / "DEFECTS.md"
ALL = list(defects())

CLASSES = {
    "0": "nothing wrong", "1": "empty", "2": "text", "3": "web page", "4": "picture renamed", "5": "no preamble",
    "6": "preamble only", "7": "cut in the file meta", "8": "cut in the header", "9": "cut in compressed pixels",
    "10": "raw pixels short", "11": "last byte missing", "12": "program in the preamble", "13": "zeroed block",
    "14": "65535² pixels", "15": "no row or column", "16": "2·10⁹ frames", "17": "too many declared",
    "18": "too few declared", "19": "frame count no number", "20": "no pixel data", "21": "no Rows",
    "22": "no Bits Allocated", "23": "no Photometric Interpretation", "24": "no Samples per Pixel",
    "25": "no Pixel Representation", "26": "7 samples a pixel", "27": "12 bits allocated",
    "28": "photometric nonsense", "29": "RGB label on YBR", "30": "J2K label on JPEG", "31": "unknown syntax",
    "32": "video in DICOM", "33": "no syntax", "34": "nested 3,000 deep", "35": "element of 2 GB",
    "36": "sequence of 2 GB", "37": "400,000 elements", "38": "deflate bomb", "39": "invalid type",
    "40": "unknown character set", "41": "tags twice, out of order, of group 2", "42": "offset table garbage",
    "43": "no delimiter", "44": "empty fragments", "45": "fragment length lies", "46": "JPEG rot",
    "47": "SIZ huge", "48": "J2K rot", "49": "RLE rot", "50": "JPEG lossless rot", "51": "SOF 65535²",
    "52": "palette short", "53": "palette descriptor missing", "54": "region outside", "55": "no region",
    "56": "delta 0, negative, no number, wrong units", "57": "Frame Time 0, missing, vector short",
    "58": "PDF, report, segmentation, radiotherapy", "59": "archive bomb", "60": "archive leads outside",
    "61": "DICOMDIR leads outside", "62": "one identifier, other pixels", "63": "big endian, 16 and 32 bits, planes",
    "64": "vendor volume", "65": "HTML and control characters", "66": "huge or one frame",
    "V1": "cut, index first", "V2": "cut, index last", "V3": "empty", "V4": "text", "V5": "sound only",
    "V6": "variable rate", "V7": "rotation", "V8": "8K", "V9": "100,000 frames", "V10": "HEVC",
    "V11": "odd size 4:4:4", "V12": "10 bits", "V13": "MJPEG in AVI", "V14": "WMV", "V15": "raw AVI",
    "V16": "interlaced MPEG-2", "V17": "GIF", "V18": "VP9 in WebM", "V19": "bit rot", "V20": "2³¹ samples",
    "V21": "display size lies", "V22": "timescale 0", "V23": "unknown codec", "V24": "ffconcat",
    "V25": "playlist to a file", "V26": "playlist to the web", "V27": "SDP", "V28": "one frame",
    "V29": "encrypted", "V30": "several pictures", "V31": "cover art", "V32": "alpha", "V33": "pixels not square",
    "V34": "negative time stamps", "V35": "name with %00 and ..", "V36": "two endings",
    "V37": "sound, title and place beside", "V38": "several JPEG pictures", "V39": "resolution of paper",
}  # fmt: skip
"""The classes of files that were found when other viewers and libraries were tried, by their numbers."""

SAID_ELSEWHERE = {
    Refusal.ARCHIVE_INSIDE, Refusal.CLIP_TOO_LARGE, Refusal.DECODER_ENDED, Refusal.FILE_TOO_LARGE,
    Refusal.FRAMES_UNALIKE, Refusal.FRAME_SIZE_DIFFERS, Refusal.FRAME_TOO_SLOW, Refusal.FRAGMENTS_DAMAGED,
    Refusal.HEADER_DAMAGED, Refusal.INTERNAL, Refusal.NOT_FOUND, Refusal.NOT_READABLE, Refusal.OUT_OF_MEMORY,
    Refusal.PICTURE_DAMAGED, Refusal.PIXELS_SHORT, Refusal.SERIES_UNALIKE, Refusal.TOO_SLOW, Refusal.UNKNOWN_KIND,
    Refusal.UNSUPPORTED_CODEC, Refusal.VISIT_FULL,
}  # fmt: skip
"""Sentences that need more than one file: a limit, a process, a series; the tests of their parts say them."""


REMARKED_ELSEWHERE = {
    Remark.ENDS_EARLY,
    Remark.FEWER_FRAMES_KEPT,
    Remark.MORE_DATA_THAN_DECLARED,
    Remark.PICTURES_MISSING,
    Remark.RESCALE_VARIES,
    Remark.TIMES_LOST,
    Remark.WINDOW_UNUSABLE,
}
"""Said where a person keeps the good frames, of the numbered pictures of a folder, and of MR pictures."""


@pytest.mark.parametrize("defect", ALL, ids=lambda defect: f"{defect.number}-{defect.what}")
def test_a_defect_gets_its_sentence_or_opens_and_the_log_names_nobody(
    tmp_path: Path, store: ClipStore, decoder: Decoder, defect: Defect, caplog: pytest.LogCaptureFixture
):
    path = tmp_path / "CANARY.dcm"
    path.write_bytes(defect.content().replace(b"Anonymous", b"CANARY^JO"))
    with caplog.at_level("INFO", logger="cases"):
        opened = open_files([path], store, decoder)
    first, head = opened[0], opened[0].head
    assert len(caplog.records) >= len(opened)
    assert "CANARY" not in caplog.text + str(first.error) + str(head and head.warnings)
    if isinstance(defect.outcome, Refusal):
        assert _is_filled(defect.outcome, first.error)
        return
    assert head is not None, first.error
    if isinstance(defect.outcome, ScaleRefusal):
        assert head.scale_refused_because == defect.outcome
    elif isinstance(defect.outcome, Remark):
        assert any(_is_filled(defect.outcome, sentence) for sentence in head.warnings), head.warnings
    else:
        assert [(one.error, one.same_as) for one in opened] == [(None, None)] * len(opened)
        assert all(one.head is not None and one.head.warnings == () for one in opened)


def _is_filled(template: Refusal | Remark, sentence: str | None) -> bool:
    """Whether a sentence is this one of the closed list, with every value filled in."""
    pattern = re.sub(r"\\\{\w+\\\}", r"[^?{}]+", re.escape(template.value))
    return re.fullmatch(pattern, sentence or "") is not None


def test_every_class_has_a_file():
    assert {name for defect in ALL for name in defect.classes} == set(CLASSES)


def test_every_refusal_has_a_file_or_is_said_elsewhere():
    said = {defect.outcome for defect in ALL if isinstance(defect.outcome, Refusal)}
    assert set(Refusal) - said == SAID_ELSEWHERE


def test_every_remark_has_a_file_or_is_said_elsewhere():
    said = {defect.outcome for defect in ALL if isinstance(defect.outcome, Remark)}
    assert set(Remark) - said == REMARKED_ELSEWHERE


def test_the_document_holds_the_table_of_the_tests():
    assert table() in DOCUMENT.read_text(encoding="utf-8")
