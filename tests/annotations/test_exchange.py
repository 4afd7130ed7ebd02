import contextlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import highdicom as hd
import numpy as np
import pydicom
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from annotations.concept import CONCEPTS, Term
from annotations.document import AnnotationDocument
from annotations.errors import ExportError, ImportRefusedError
from annotations.exchange.clip_facts import ClipFacts
from annotations.exchange.dicom_parts import is_outline
from annotations.exchange.formats import RASTERED, Format
from annotations.exchange.losses import losses
from annotations.exchange.reading import read_marks
from annotations.exchange.sightings import key_frames, seen_frames
from annotations.exchange.writing import write_marks
from annotations.mark import Kind, Mark
from annotations.measurement import measure
from annotations.outline import closed_outline_px, raster
from annotations.part import PointPx
from annotations.track import OnFrame, OnRange, Sighting, Track
from tests.annotations.clips import SOP_INSTANCE_UID, dicom_clip, facts_of
from tests.annotations.exchanged import carried_caliper, document_of
from tests.annotations.strategies import COLUMNS, ROWS, marks

GAP = CONCEPTS[Term.GAP]
TOLERANCE_PX = 0.01
with_a_folder = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> ClipFacts:
    return facts_of(dicom_clip(tmp_path_factory.mktemp("clip") / "clip.dcm"))


def _there_and_back(
    document: AnnotationDocument, clip: ClipFacts, wanted: Format, folder: Path
) -> tuple[Mark, ...]:
    path = folder / f"marks{wanted.suffix}"
    write_marks(document, clip, wanted, path)
    return read_marks(path, clip=clip.clip, facts=clip).marks


def _as_gsps_has_it(kind: Kind, points_px: tuple[PointPx, ...]) -> tuple[PointPx, ...]:
    """Drop the last point of a line that ends where it begins: there it is a polygon."""
    return points_px[:-1] if kind is Kind.POLYLINE and is_outline(np.array(points_px)) else points_px


def _same_shape(kind: Kind, before: tuple[PointPx, ...], after: tuple[PointPx, ...]) -> bool:
    if kind is Kind.ELLIPSE:
        return _moments(before) == pytest.approx(_moments(after), abs=0.05, rel=1e-3)
    return np.array(before) == pytest.approx(np.array(after), abs=TOLERANCE_PX)


def _moments(points_px: tuple[PointPx, ...]) -> list[float]:
    """Return what is the same for all conjugate half diameters of one ellipse: centre and second moments."""
    center, first, second = np.array(points_px)
    a, b = first - center, second - center
    return [*center, *np.sqrt(np.abs(np.outer(a, a) + np.outer(b, b))).ravel()]


# The exact ends of axes are rounded to 0.01 px; the moments of flat ellipses magnify that.
def _has_a_shape(mark: Mark) -> bool:
    return mark.kind is not Kind.ELLIPSE or all(
        abs(np.linalg.det(np.array(points[1:]) - points[0])) > 25 for points in mark.every_points_px()
    )


SHOWN: dict[Format, Callable[[Mark, int], dict[int, Sighting]]] = {
    Format.SR: key_frames,
    Format.GSPS: seen_frames,
    Format.CVAT: seen_frames,
    Format.COCO: seen_frames,
}


@pytest.mark.parametrize("wanted", SHOWN, ids=str)
@with_a_folder
@given(drawn=marks())
def test_marks_come_back_where_they_were(
    wanted: Format, drawn: Mark, clip: ClipFacts, tmp_path: Path
) -> None:
    shown = SHOWN[wanted](drawn, clip.frames)
    assume(shown and _has_a_shape(drawn))
    (back,) = _there_and_back(document_of(drawn), clip, wanted, tmp_path)
    assert back.id == drawn.id
    again = SHOWN[wanted](back, clip.frames)
    assert list(again) == list(shown)
    for frame_index, sighting in shown.items():
        points_px = sighting.points_px
        if wanted is Format.GSPS:
            points_px = _as_gsps_has_it(drawn.kind, points_px)
        assert _same_shape(drawn.kind, points_px, again[frame_index].points_px)
    if wanted is not Format.GSPS:
        assert (back.kind, back.concept) == (drawn.kind, drawn.concept)
        assert back.label == drawn.label.strip()
        assert back.note == drawn.note.strip()
        assert back.author == drawn.author.strip()
    if wanted in (Format.CVAT, Format.COCO):
        assert back.style == drawn.style


@pytest.mark.parametrize("wanted", [each for each in Format if each is not Format.SEG], ids=str)
def test_a_backslash_in_a_label_hinders_no_export(wanted: Format, clip: ClipFacts, tmp_path: Path) -> None:
    mark = Mark(
        id="line",
        clip=clip.clip,
        kind=Kind.CALIPER,
        label="rest \\ peak",
        place=OnFrame(frame_index=0, points_px=((5.0, 5.0), (9.0, 5.0))),
    )
    (back,) = _there_and_back(document_of(mark), clip, wanted, tmp_path)
    assert back.label == ("rest / peak" if wanted is Format.GSPS else "rest \\ peak")


@pytest.mark.parametrize("points_px", [((5.0, 5.0),) * 4, ((5.0, 5.0), (9.0, 5.0), (9.0, 9.0), (5.0, 5.0))])
@pytest.mark.parametrize("wanted", [Format.SR, Format.CVAT, Format.COCO], ids=str)
def test_a_line_that_ends_where_it_begins_comes_back_as_a_line(
    wanted: Format, points_px: tuple[PointPx, ...], clip: ClipFacts, tmp_path: Path
) -> None:
    line = Mark(
        id="line", clip=clip.clip, kind=Kind.POLYLINE, place=OnFrame(frame_index=0, points_px=points_px)
    )
    (back,) = _there_and_back(document_of(line), clip, wanted, tmp_path)
    assert (back.kind, seen_frames(back, clip.frames)[0].points_px) == (Kind.POLYLINE, points_px)


@pytest.mark.parametrize("end_px", [(5.0, 5.0), (5.0, 5.4)])
def test_a_line_that_ends_where_it_begins_is_a_polygon_in_gsps_and_that_is_said(
    end_px: PointPx, clip: ClipFacts, tmp_path: Path
) -> None:
    points_px = ((5.0, 5.0), (9.0, 5.0), (9.0, 9.0), end_px)
    line = Mark(
        id="line", clip=clip.clip, kind=Kind.POLYLINE, place=OnFrame(frame_index=0, points_px=points_px)
    )
    (back,) = _there_and_back(document_of(line), clip, Format.GSPS, tmp_path)
    closed = end_px == points_px[0]
    assert back.kind is (Kind.POLYGON if closed else Kind.POLYLINE)
    said = "Lines that end where they begin become polygons." in losses(document_of(line), clip, Format.GSPS)
    assert said is closed


@with_a_folder
@given(drawn=marks(st.sampled_from(RASTERED)))
def test_tissue_comes_back_from_a_segmentation_pixel_for_pixel(
    drawn: Mark, clip: ClipFacts, tmp_path: Path
) -> None:
    before = {i: _filled(drawn.kind, s.points_px) for i, s in seen_frames(drawn, clip.frames).items()}
    before = {index: pixels for index, pixels in before.items() if pixels.any()}
    assume(before)
    patches = _there_and_back(document_of(drawn), clip, Format.SEG, tmp_path)
    after: dict[int, np.ndarray] = {}
    for patch in patches:
        for index, sighting in seen_frames(patch, clip.frames).items():
            pixels = _filled(patch.kind, sighting.points_px)
            after[index] = after.get(index, np.zeros_like(pixels)) | pixels
    assert sorted(after) == sorted(before)
    # A hole in an outline that crosses itself is filled; nothing else changes.
    assert all((after[i] >= before[i]).all() for i in before)
    assert all(len(seen_frames(patch, clip.frames)) <= len(before) for patch in patches)


def _filled(kind: Kind, points_px: tuple[PointPx, ...]) -> np.ndarray:
    return raster(closed_outline_px(points_px, is_ellipse=kind is Kind.ELLIPSE), ROWS, COLUMNS)


def test_our_json_comes_back_whole(clip: ClipFacts, tmp_path: Path) -> None:
    assert _there_and_back(document_of(carried_caliper()), clip, Format.JSON, tmp_path) == (
        carried_caliper(),
    )


@pytest.mark.parametrize("wanted", SHOWN, ids=str)
@pytest.mark.parametrize("far_px", [8_191.987, 65_535.123])
def test_geometry_is_kept_to_a_hundredth_of_a_pixel_in_the_largest_pictures(
    wanted: Format, far_px: float, tmp_path: Path
) -> None:
    path = dicom_clip(tmp_path / "clip.dcm")
    header = pydicom.dcmread(path)
    header.Rows = header.Columns = side = 65_535 if far_px < 65_535 else 65_536 - 1
    header.save_as(path)
    clip = ClipFacts(clip="clip-1", frames=12, rows=side, columns=side, file=path)
    points = ((0.004, 0.013), (min(far_px, side - 0.007), far_px / 3))
    drawn = Mark(id="m", clip="clip-1", kind=Kind.CALIPER, place=OnFrame(frame_index=3, points_px=points))
    (back,) = _there_and_back(document_of(drawn), clip, wanted, tmp_path)
    sighting = back.sighting(3)
    assert sighting is not None
    assert np.abs(np.array(sighting.points_px) - np.array(points)).max() <= TOLERANCE_PX


@pytest.mark.parametrize("wanted", [Format.CVAT, Format.COCO], ids=str)
def test_carried_frames_come_back_with_their_confidence(
    wanted: Format, clip: ClipFacts, tmp_path: Path
) -> None:
    (back,) = _there_and_back(document_of(carried_caliper()), clip, wanted, tmp_path)
    assert isinstance(back.place, Track)
    assert [(part.frame_index, part.confidence) for part in back.place.carried][:3] == [
        (2, 0.75),
        (3, 0.75),
        (4, 0.75),
    ]
    assert [key.frame_index for key in back.place.keys if not key.outside][:2] == [1, 5]


@pytest.mark.parametrize("wanted", [Format.SR, Format.GSPS, Format.SEG], ids=str)
@pytest.mark.parametrize("kind", Kind)
def test_dciodvfy_finds_no_error(wanted: Format, kind: Kind, clip: ClipFacts, tmp_path: Path) -> None:
    checker = shutil.which("dciodvfy")
    if checker is None:
        pytest.skip("dciodvfy (dicom3tools) is not installed on this machine")
    if wanted is Format.SEG and kind not in RASTERED:
        return
    points = ((50.0, 45.0), (60.0, 48.0), (40.0, 60.0))[: kind.point_count[1] or 3]
    place = OnRange(first_frame_index=2, last_frame_index=4, points_px=points)
    mark = Mark(id="m", clip="clip-1", kind=kind, label="Größe ±", concept=GAP, note="Ein\nSatz", place=place)
    path = tmp_path / "marks.dcm"
    write_marks(document_of(mark), clip, wanted, path)
    said = subprocess.run([checker, str(path)], capture_output=True, text=True, check=False)
    assert not [line for line in (said.stdout + said.stderr).splitlines() if line.startswith("Error")]


def test_a_colour_clip_gets_a_presentation_state_in_colour(tmp_path: Path) -> None:
    clip = facts_of(dicom_clip(tmp_path / "colour.dcm", colour=True))
    (back,) = _there_and_back(document_of(carried_caliper()), clip, Format.GSPS, tmp_path)
    assert len(seen_frames(back, clip.frames)) == 8
    assert pydicom.dcmread(tmp_path / "marks.dcm").SOPClassUID.name.startswith("Color")


def test_a_report_refers_to_the_clip_and_carries_the_measure_in_millimetres(
    clip: ClipFacts, tmp_path: Path
) -> None:
    path = tmp_path / "marks.dcm"
    write_marks(document_of(carried_caliper()), clip, Format.SR, path)
    groups = hd.sr.srread(path).content.get_planar_roi_measurement_groups()
    assert len(groups) == 2, "one for each key frame that is not outside"
    measured = measure(Kind.CALIPER, ((20.0, 30.0), (60.0, 30.0)), regions=clip.regions)
    assert measured is not None
    (number,) = groups[0].get_measurements()
    assert (number.value, number.unit.value) == (pytest.approx(measured.value), "mm")
    source = groups[0].roi.ContentSequence[0].ReferencedSOPSequence[0]
    assert source.ReferencedSOPInstanceUID == SOP_INSTANCE_UID
    assert source.ReferencedFrameNumber == 2


def test_highdicom_reads_the_segmentation_by_the_frames_of_the_clip(clip: ClipFacts, tmp_path: Path) -> None:
    square = ((10.0, 10.0), (20.0, 10.0), (20.0, 20.0), (10.0, 20.0))
    place = OnRange(first_frame_index=3, last_frame_index=4, points_px=square)
    path = tmp_path / "marks.dcm"
    write_marks(
        document_of(Mark(id="m", clip="clip-1", kind=Kind.TISSUE, place=place)), clip, Format.SEG, path
    )
    read = hd.seg.segread(path)
    pixels = read.get_pixels_by_source_frame(SOP_INSTANCE_UID, [4, 5], combine_segments=True)
    read._db_con.close()  # highdicom leaves it open
    assert pixels.sum(axis=(1, 2)).tolist() == [100, 100]


@pytest.mark.parametrize("wanted", [Format.SR, Format.GSPS, Format.SEG, Format.CVAT, Format.COCO], ids=str)
def test_an_export_without_marks_is_refused_and_leaves_no_file(
    wanted: Format, clip: ClipFacts, tmp_path: Path
) -> None:
    with pytest.raises(ExportError, match="draw one"):
        write_marks(document_of(), clip, wanted, tmp_path / "marks")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("file", [None, "video.mp4"])
def test_a_clip_that_is_no_dicom_file_cannot_be_referred_to_in_dicom(
    file: str | None, tmp_path: Path
) -> None:
    path = None if file is None else tmp_path / file
    if path is not None:
        path.write_bytes(b"not dicom")
    with pytest.raises(ExportError, match="export to CVAT or COCO"):
        write_marks(document_of(carried_caliper()), facts_of(path), Format.SR, tmp_path / "out.dcm")


def test_a_file_that_cannot_be_written_is_named(clip: ClipFacts, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="cannot be written"):
        write_marks(document_of(carried_caliper()), clip, Format.CVAT, tmp_path / "absent" / "marks.xml")


def test_an_object_made_for_another_image_is_refused(clip: ClipFacts, tmp_path: Path) -> None:
    path = tmp_path / "marks.dcm"
    write_marks(document_of(carried_caliper()), clip, Format.SR, path)
    dataset = pydicom.dcmread(path)
    for element in dataset.iterall():
        if element.keyword == "ReferencedSOPInstanceUID":
            element.value = "2.25.99"
    dataset.save_as(path)
    with pytest.raises(ImportRefusedError, match="another image"):
        read_marks(path, clip="clip-1", facts=clip)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no file of marks that we know"),
        (b"\x00" * 200, "no file of marks that we know"),
        (b"{", "not JSON"),
        (b"{}", "not a file of COCO"),
        (b'{"images": [], "annotations": []}', "no mark"),
        (b'{"images": [{"id": 1}], "annotations": [{"image_id": 7}]}', "cannot be read"),
        (b'{"schema_version": 1}', "key case"),
        (b"<html></html>", "not of CVAT"),
        (b"<annotations>", "not a safe XML"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><annotations/>', "not a safe XML"),
        (b"<annotations/>", "no mark"),
        (b"\x00" * 128 + b"DICM" + b"\xff" * 40, "DICOM file"),
    ],
)
def test_what_holds_no_marks_is_refused_with_a_reason(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(ImportRefusedError, match=said):
        read_marks(path, clip="clip-1")


def test_pictures_of_another_size_are_refused(clip: ClipFacts, tmp_path: Path) -> None:
    for wanted in (Format.CVAT, Format.COCO, Format.SEG):
        tissue = Mark(
            id="m",
            clip="clip-1",
            kind=Kind.TISSUE,
            place=OnFrame(frame_index=0, points_px=((1.0, 1.0), (30.0, 1.0), (30.0, 30.0))),
        )
        path = tmp_path / f"marks{wanted.suffix}"
        write_marks(document_of(tissue), clip, wanted, path)
        other = ClipFacts(clip="clip-1", frames=clip.frames, rows=999, columns=777)
        with pytest.raises(ImportRefusedError, match="777 × 999"):
            read_marks(path, clip="clip-1", facts=other)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.sampled_from([Format.SR, Format.GSPS, Format.SEG, Format.CVAT, Format.COCO]), data=st.data())
def test_a_damaged_file_is_read_or_refused_and_never_worse(
    wanted: Format, data: st.DataObject, clip: ClipFacts, tmp_path: Path
) -> None:
    whole = _whole(wanted, clip, tmp_path)
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = whole[:at] + data.draw(st.binary(max_size=4)) + whole[at + data.draw(st.integers(0, 8)) :]
    path = tmp_path / "damaged"
    path.write_bytes(damaged)
    with contextlib.suppress(ImportRefusedError):
        assert read_marks(path, clip="clip-1").marks


_written: dict[Format, bytes] = {}


def _whole(wanted: Format, clip: ClipFacts, folder: Path) -> bytes:
    if wanted not in _written:
        outline = ((10.0, 10.0), (20.0, 10.0), (20.0, 20.0))
        place = OnFrame(frame_index=3, points_px=outline)
        tissue = Mark(id="t", clip="clip-1", kind=Kind.TISSUE, place=place)
        path = folder / "whole"
        write_marks(document_of(carried_caliper(), tissue), clip, wanted, path)
        _written[wanted] = path.read_bytes()
    return _written[wanted]


@pytest.mark.parametrize(
    "impossible",
    [
        '<track id="1" label="b"><points frame="-1" outside="0" keyframe="1" points="1,2"/></track>',
        '<track id="1" label="b"><points frame="1" outside="0" keyframe="0" points="1,2"/></track>',
        '<track id="1" label="b"><points frame="1" outside="0" keyframe="1" points="1e30,2"/></track>',
    ],
)
def test_an_impossible_track_of_cvat_is_left_out_and_the_others_are_kept(
    tmp_path: Path, impossible: str
) -> None:
    good = '<track id="0" label="a"><points frame="1" outside="0" keyframe="1" points="1,2"/></track>'
    path = tmp_path / "a.xml"
    path.write_text(f"<annotations>{impossible}{good}</annotations>")
    imported = read_marks(path, clip="clip-1")
    assert [mark.label for mark in imported.marks] == ["a"]
    assert imported.remarks == ("A mark whose frames or points are impossible was left out.",)


@pytest.mark.parametrize("categories", ["5", '[{"id": [], "name": "a"}]'])
def test_coco_with_impossible_categories_or_annotations_is_refused(tmp_path: Path, categories: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(f'{{"images": [{{"id": 1}}], "annotations": [], "categories": {categories}}}')
    with pytest.raises(ImportRefusedError, match="not a file of COCO"):
        read_marks(path, clip="clip-1")
