"""Every file of the shared data: the frames, size, times and scale that its own header holds, or its sentence."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.dataset import Dataset

from cases.clip import ClipHead
from cases.decoding import Decoder
from cases.errors import UnreadableClipError
from cases.sentences import Refusal
from tests.shared_data import FOLDER, needs_shared_data

pytestmark = [pytest.mark.shared_data, needs_shared_data]

FILES = sorted(path for path in FOLDER.rglob("*") if path.is_file()) if FOLDER.is_dir() else []
REFUSED = {
    "derived/bad_file_truncated_60pct.dcm": Refusal.PIXELS_CUT,
    "derived/bad_numberofframes_too_many.dcm": Refusal.FRAMES_FEWER,
    "derived/bad_one_frame_truncated.dcm": Refusal.FRAMES_DAMAGED,
    "annotations/gsps/prLUTs.dcm": Refusal.NOT_A_PICTURE_TYPE,
    "annotations/gsps/prOverlay.dcm": Refusal.NOT_A_PICTURE_TYPE,
    "annotations/seg_image_ct_binary.dcm": Refusal.NOT_A_PICTURE_TYPE,
    "annotations/seg_image_ct_binary_overlap.dcm": Refusal.NOT_A_PICTURE_TYPE,
    "annotations/seg_image_ct_true_fractional.dcm": Refusal.NOT_A_PICTURE_TYPE,
    "annotations/sr_document.dcm": Refusal.NOT_A_PICTURE_TYPE,
    "annotations/sr_document_with_multiple_groups.dcm": Refusal.NOT_A_PICTURE_TYPE,
}
NO_CLIPS = {".xlsx": Refusal.ARCHIVE_INSIDE, ".mat": Refusal.UNKNOWN_KIND}
TEXTS = {".md", ".txt", ".xml", ".json", "", ".dicomparser", ".pylibjpeg-data", ".weasis", ".0"}


def _name(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def _with(*suffixes: str) -> list[Path]:
    return [path for path in FILES if path.suffix in suffixes and _name(path) not in REFUSED]


class _Count:
    def __init__(self) -> None:
        self.frames = 0

    def add(self, encoded: bytes) -> None:
        self.frames += 1

    def restart(self) -> None:
        self.frames = 0


def _read(decoder: Decoder, path: Path) -> ClipHead:
    count = _Count()
    head, found = decoder.read([path], count)
    assert head.frames == found.frames_decoded == count.frames
    return head


def test_no_file_is_left_out():
    read = {*_with(".dcm"), *_with(".mp4"), *_with(".png", ".jpg", ".gif")}
    refused = {FOLDER / name for name in REFUSED}
    others = {path for path in FILES if path.suffix in {*NO_CLIPS, *TEXTS}}
    assert read | refused | others == set(FILES)
    assert len(read) >= 120


@pytest.mark.filterwarnings("ignore:Incorrect value for Specific Character Set")
@pytest.mark.parametrize("path", _with(".dcm"), ids=_name)
def test_a_dicom_file_is_what_its_header_says(decoder: Decoder, path: Path):
    head, header = _read(decoder, path), pydicom.dcmread(path, stop_before_pixels=True)
    frames = int(header.get("NumberOfFrames") or 1)
    assert (head.frames, head.rows, head.columns) == (frames, header.Rows, header.Columns)
    starts_s = _starts_s(header, frames)
    assert head.frame_starts_s == (None if starts_s is None else pytest.approx(starts_s))
    found = [(r.x0, r.y0, r.x1, r.y1, r.mm_per_px_x, r.mm_per_px_y) for r in head.regions]
    expected = list(_regions(header))
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert one == pytest.approx(other)


@pytest.mark.parametrize("path", _with(".mp4"), ids=_name)
def test_a_video_has_the_frames_and_times_of_its_index(decoder: Decoder, path: Path):
    head = _read(decoder, path)
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        base, size = video.time_base, (video.codec_context.height, video.codec_context.width)
        stamps = sorted(packet.pts for packet in container.demux(video) if packet.pts is not None)
    assert (head.frames, head.rows, head.columns) == (len(stamps), *size)
    assert base is not None
    starts_s = [float((stamp - stamps[0]) * base) for stamp in stamps]
    assert head.frame_starts_s == pytest.approx(starts_s)
    assert head.regions == ()


@pytest.mark.parametrize("path", _with(".png", ".jpg", ".gif"), ids=_name)
def test_a_picture_has_its_size_and_frames(decoder: Decoder, path: Path):
    head = _read(decoder, path)
    with Image.open(path) as picture:
        assert (head.frames, head.columns, head.rows) == (getattr(picture, "n_frames", 1), *picture.size)


@pytest.mark.parametrize("path", [path for path in FILES if _name(path) in REFUSED], ids=_name)
def test_a_bad_file_gets_its_sentence(decoder: Decoder, path: Path):
    with pytest.raises(UnreadableClipError) as refused:
        _read(decoder, path)
    assert refused.value.refusal == REFUSED[_name(path)].name


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix in {*NO_CLIPS, *TEXTS}], ids=_name)
def test_what_is_no_clip_is_said_to_be_none(decoder: Decoder, path: Path):
    with pytest.raises(UnreadableClipError) as refused:
        _read(decoder, path)
    assert refused.value.refusal == NO_CLIPS.get(path.suffix, Refusal.LOOKS_LIKE_TEXT).name


def _starts_s(header: Dataset, frames: int) -> list[float] | None:
    """Return the starts that a header states, from its vector, its Frame Time or its rate."""
    if frames == 1:
        return None
    if "FrameTimeVector" in header:
        return list(np.cumsum([0.0, *(float(entry) for entry in header.FrameTimeVector[1:])]) / 1000)
    interval_ms = header.get("FrameTime") or (1000 / header.CineRate if "CineRate" in header else None)
    return None if interval_ms is None else [k * float(interval_ms) / 1000 for k in range(frames)]


def _regions(header: Dataset) -> Iterator[tuple[Any, ...]]:
    """Give the calibrated rectangles that a header states, in mm a pixel; None where an axis is no length."""
    last = (header.Columns - 1, header.Rows - 1)
    if "SequenceOfUltrasoundRegions" in header:
        for item in header.SequenceOfUltrasoundRegions:
            x, y = item.PhysicalUnitsXDirection == 3, item.PhysicalUnitsYDirection == 3
            yield (
                *(item.RegionLocationMinX0, item.RegionLocationMinY0),
                *(min(item.RegionLocationMaxX1, last[0]), min(item.RegionLocationMaxY1, last[1])),
                *(abs(item.PhysicalDeltaX) * 10 if x else None, abs(item.PhysicalDeltaY) * 10 if y else None),
            )
        return
    groups = [
        *header.get("SharedFunctionalGroupsSequence", []),
        *header.get("PerFrameFunctionalGroupsSequence", []),
    ]
    measures = [group.PixelMeasuresSequence[0] for group in groups if "PixelMeasuresSequence" in group]
    for holder in [header, *measures]:
        if "PixelSpacing" in holder:
            between_rows, between_columns = holder.PixelSpacing
            yield (0, 0, *last, float(between_columns), float(between_rows))
            return
