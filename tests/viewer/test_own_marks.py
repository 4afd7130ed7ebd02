"""What a visitor drew on her opened clip goes out in every format, and refers to her own file without naming anybody."""

from collections.abc import Iterator
from pathlib import Path

import pydicom
import pytest

from annotations.document import AnnotationDocument, Layer, LayerRole
from annotations.exchange.apart import read_apart
from annotations.exchange.formats import Format
from annotations.exchange.imported import Reading as MarksReading
from annotations.exporting import Order, export, hindrance
from annotations.mark import Kind, Mark
from annotations.track import OnFrame
from cases.decoding import Decoder
from tests.cases import clip_factory as factory
from tests.cases.clip_factory import NumberedClip
from viewer.export_source import visit_source
from viewer.reading import Reading
from viewer.visits import Visit

CLIP = NumberedClip(frames=5)
NAME = "Visible^Nobody"
OUTLINE = ((10.0, 10.0), (40.0, 12.0), (30.0, 40.0))
IN_DICOM = (Format.SR, Format.GSPS, Format.SEG)


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder(processes=1) as shared:
        yield shared


@pytest.fixture
def visit(tmp_path: Path) -> Visit:
    return Visit("token", tmp_path / "visit")


def _opened(visit: Visit, decoder: Decoder, file: Path) -> str:
    """Send a file into a visit and read it; return the name of its clip there."""
    part, place = visit.arrivals.begin(0, file.name)
    part.write_bytes(file.read_bytes())
    visit.arrivals.keep(0, part, place)
    Reading(visit, decoder, lambda line: None, lambda: False).all_arrived()
    (head,) = [result.head for result in visit.results.all() if result.head is not None]
    return head.sha256


def _named(file: Path) -> Path:
    dataset = pydicom.dcmread(file)
    dataset.PatientName, dataset.PatientID = NAME, "4711"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "2.25.1", "2.25.2"
    dataset.save_as(file)
    return file


def _own() -> AnnotationDocument:
    place = OnFrame(frame_index=2, points_px=OUTLINE)
    tear = Mark(id="tear", clip="rest-1", kind=Kind.TISSUE, label="Tear", place=place)
    layer = Layer(id="private", title="My marks", role=LayerRole.READER)
    return AnnotationDocument(case="opened-clips", layer=layer, marks=(tear,))


@pytest.mark.parametrize("wanted", Format)
def test_own_marks_of_an_opened_dicom_clip_go_out_and_come_back(
    wanted: Format, visit: Visit, decoder: Decoder, tmp_path: Path
) -> None:
    file = _named(factory.write_dicom(tmp_path / "made.dcm", CLIP))
    sha256 = _opened(visit, decoder, file)
    source = visit_source(visit, sha256, "rest-1").with_own(_own())
    assert hindrance(source.document(""), source.facts, wanted) is None
    target = tmp_path / f"marks{wanted.suffix}"
    export(source.annotated(""), Order(wanted), target)
    kept = b"".join(path.read_bytes() for path in visit.references.iterdir())
    for content in (target.read_bytes(), kept):
        assert NAME.encode() not in content
        assert b"4711" not in content
    if wanted in IN_DICOM:
        own_uid = str(pydicom.dcmread(file).SOPInstanceUID)
        assert own_uid.encode() in target.read_bytes()
    (mark,) = read_apart(target.read_bytes(), MarksReading(target.name, "rest-1", source.facts)).marks
    assert mark.kind in (Kind.TISSUE, Kind.POLYGON)  # which of the two not every format says
    assert mark.sighting(2) is not None


def test_a_clip_that_did_not_come_from_dicom_says_why_it_cannot_be_referred_to(
    visit: Visit, decoder: Decoder, tmp_path: Path
) -> None:
    sha256 = _opened(visit, decoder, factory.write_video(tmp_path / "made.mp4", CLIP))
    source = visit_source(visit, sha256, "rest-1").with_own(_own())
    for wanted in IN_DICOM:
        assert "did not come as one DICOM file" in str(hindrance(source.document(""), source.facts, wanted))
    for wanted in (Format.JSON, Format.CVAT, Format.COCO):
        assert hindrance(source.document(""), source.facts, wanted) is None
