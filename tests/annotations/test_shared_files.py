"""The files of other programs in the shared data: each is taken over, or refused with its reason."""

import os
from pathlib import Path

import pytest

from annotations.errors import ImportRefusedError
from annotations.exchange.reading import read_marks
from annotations.mark import Kind

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("MSUS_SHARED_DATA", ROOT.parent / "shared" / "data")) / "annotations"
TAKEN = {
    "sr_document.dcm": {Kind.ELLIPSE},
    "sr_document_with_multiple_groups.dcm": {Kind.ELLIPSE, Kind.POLYLINE},
    "seg_image_ct_binary.dcm": {Kind.TISSUE},
    "seg_image_ct_binary_overlap.dcm": {Kind.TISSUE},
    "seg_image_ct_true_fractional.dcm": {Kind.TISSUE},
    "cvat_coco/annotations.xml": {Kind.POLYGON, Kind.POINT, Kind.POLYLINE},
    "cvat_coco/instances_val.json": {Kind.POLYGON},
    "cvat_coco/person_keypoints_val.json": {Kind.POLYGON, Kind.POINT},
}
REFUSED = {
    "ct_image.dcm": "CT Image Storage",
    "gsps/imageForPrLUTs.dcm": "Secondary Capture Image Storage",
    "gsps/overlay.dcm": "Secondary Capture Image Storage",
    "gsps/prLUTs.dcm": "no graphics",
    "gsps/prOverlay.dcm": "no graphics",
    "LICENSE": "no file of marks",
    "cvat_coco/LICENSE": "no file of marks",
}

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the shared data is not at {FOLDER}"),
]


@pytest.mark.parametrize("name", TAKEN)
def test_a_file_of_marks_is_taken_over(name: str) -> None:
    imported = read_marks(FOLDER / name, clip="clip-1")
    assert {mark.kind for mark in imported.marks} == TAKEN[name]
    assert len({mark.id for mark in imported.marks}) == len(imported.marks)


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_without_marks_is_refused_with_its_reason(name: str) -> None:
    with pytest.raises(ImportRefusedError, match=REFUSED[name]):
        read_marks(FOLDER / name, clip="clip-1")


def test_no_file_of_the_folder_is_forgotten() -> None:
    names = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    assert names == TAKEN.keys() | REFUSED.keys()


def test_a_track_of_cvat_keeps_its_key_frames_and_where_it_is_outside() -> None:
    marks = read_marks(FOLDER / "cvat_coco/annotations.xml", clip="clip-1").marks
    box = next(mark for mark in marks if mark.kind is Kind.POLYGON)
    assert [index for index in range(20) if box.sighting(index)] == [10, 11, 12]
    sighting = box.sighting(10)
    assert sighting is not None
    assert sighting.points_px == ((3.0, 4.0), (10.0, 4.0), (10.0, 5.0), (3.0, 5.0))
    assert len([mark for mark in marks if mark.kind is Kind.POINT]) == 3


def test_a_circle_of_a_report_has_its_centre_and_radius() -> None:
    (mark,) = read_marks(FOLDER / "sr_document.dcm", clip="clip-1").marks
    sighting = mark.sighting(0)
    assert sighting is not None
    assert sighting.points_px == ((58.0, 52.0), (69.0, 52.0), (58.0, 63.0))


def test_a_fractional_segmentation_says_where_the_border_was_drawn() -> None:
    imported = read_marks(FOLDER / "seg_image_ct_true_fractional.dcm", clip="clip-1")
    assert any("one half" in remark for remark in imported.remarks)
