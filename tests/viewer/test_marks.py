"""What documents say of a case, as the player draws it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from annotations.document import AnnotatedFrame, AnnotationDocument, Layer, LayerRole, document_text
from annotations.errors import AnnotationFormatError
from annotations.layers import BUNDLED_FOLDER, bundled_documents
from annotations.mark import Colour, Kind, LineKind, Mark, Style
from annotations.revision import Gesture, ItemKind
from annotations.store import AnnotationStore
from annotations.track import CarriedFrame, KeyFrame, OnFrame, OnRange, Track
from cases.case import Case
from cases.catalogue import Catalogue
from cases.decoding import Decoder
from cases.settings import Settings
from cases.store import ClipStore
from tests.browser.numbered_cases import FRAMES, write_numbered_case
from viewer.mark_store import MarkStore
from viewer.marks import clip_marks, marks_of, shown_marks
from viewer.staging import stage_case

TEACHER = Layer(id="teacher", title="Teacher", role=LayerRole.TEACHER)
BARE = AnnotationDocument(case="numbered", layer=TEACHER)
LEAVING = Track(
    keys=(
        KeyFrame(frame_index=2, points_px=((10.0, 20.0), (30.0, 40.0))),
        KeyFrame(frame_index=5, points_px=((11.0, 20.0), (30.0, 43.0))),
        KeyFrame(frame_index=7, points_px=((11.0, 20.0), (30.0, 43.0)), outside=True),
    )
)


def _document(*marks: Mark, frames: tuple[AnnotatedFrame, ...] = ()) -> AnnotationDocument:
    return BARE.model_copy(update={"marks": marks, "annotated_frames": frames})


def _frame(item: str, frame_index: int) -> AnnotatedFrame:
    return AnnotatedFrame(
        id=item, clip="rest", frame_index=frame_index, title=f"Frame {item}", text_alternative="Blocks."
    )


def _point(item: str, frame_index: int = 0, clip: str = "rest") -> Mark:
    return Mark(
        id=item,
        clip=clip,
        kind=Kind.POINT,
        label=item,
        place=OnFrame(frame_index=frame_index, points_px=((1.0, 2.0),)),
    )


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    root = tmp_path_factory.mktemp("cases")
    write_numbered_case(root, "numbered", title="Numbered clips", link="frame")
    decoder = Decoder(Settings.from_environment().limits)
    try:
        return Catalogue((root,), ClipStore(root / "store"), decoder).case("numbered")
    finally:
        decoder.close()


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a layer of the case and gives the folder of all documents."""

    def write(document: AnnotationDocument, name: str = "teacher.json") -> Path:
        (tmp_path / document.case).mkdir(exist_ok=True)
        (tmp_path / document.case / name).write_text(document_text(document), encoding="utf-8")
        return tmp_path

    return write


def test_a_track_is_placed_on_every_frame_where_it_is_seen_and_on_no_other() -> None:
    mark = Mark(id="gap", clip="rest", kind=Kind.CALIPER, label="Gap", note="Wide.", place=LEAVING)
    (placed,) = clip_marks((_document(mark),), "rest", 9).marks
    assert [place is not None for place in placed.places_px] == [False] * 2 + [True] * 5 + [False] * 2
    assert placed.places_px[2] == (10.0, 20.0, 30.0, 40.0)
    assert placed.places_px[3] == (10.3, 20.0, 30.0, 41.0)
    assert (placed.mark_id, placed.kind, placed.label, placed.note) == (
        "teacher/gap",
        "caliper",
        "Gap",
        "Wide.",
    )


def test_a_style_is_said_as_the_browser_draws_it() -> None:
    style = Style(colour=Colour.SKY_BLUE, line=LineKind.DASHED)
    mark = _point("a").model_copy(update={"style": style})
    (placed,) = clip_marks((_document(mark),), "rest", 3).marks
    assert (placed.colour, placed.line, placed.layer) == ("#56b4e9", "dashed", "Teacher")


def test_frames_on_which_the_tissue_was_not_followed_well_are_named() -> None:
    points = ((5.0, 5.0),)
    track = Track(
        between="carried",
        keys=(KeyFrame(frame_index=0, points_px=points), KeyFrame(frame_index=3, points_px=points)),
        carried=(
            CarriedFrame(frame_index=1, points_px=points, confidence=0.9),
            CarriedFrame(frame_index=2, points_px=points, confidence=0.2),
        ),
    )
    mark = Mark(id="a", clip="rest", kind=Kind.POINT, place=track)
    (placed,) = clip_marks((_document(mark),), "rest", 4).marks
    assert placed.unsure_frame_indices == (2,)


def test_what_lies_after_the_end_of_a_clip_or_in_another_is_left_out() -> None:
    document = _document(
        _point("here"), _point("late", 50), _point("elsewhere", clip="mr"), frames=(_frame("late-stop", 50),)
    )
    said = clip_marks((document,), "rest", 10)
    assert [mark.mark_id for mark in said.marks] == ["teacher/here"]
    assert said.annotated_frames == ()


def test_annotated_frames_of_all_layers_stand_in_the_order_of_the_clip() -> None:
    student = Layer(id="student", title="Student", role=LayerRole.STUDENT)
    other = _document(frames=(_frame("b", 4),)).model_copy(update={"layer": student})
    stops = clip_marks((_document(frames=(_frame("c", 8), _frame("a", 1))), other), "rest", 10)
    assert [stop.frame_id for stop in stops.annotated_frames] == ["teacher/a", "student/b", "teacher/c"]


def test_a_case_without_documents_has_no_marks(case: Case, tmp_path: Path) -> None:
    assert marks_of(case, tmp_path) == {}


def test_the_scene_carries_the_marks_of_each_clip_that_it_shows_once(
    case: Case, written: Callable[..., Path]
) -> None:
    everywhere = OnRange(first_frame_index=0, last_frame_index=FRAMES - 1, points_px=((3.0, 4.0),))
    on_contraction = Mark(id="a", clip="contraction", kind=Kind.POINT, place=everywhere)
    found = marks_of(case, written(_document(on_contraction, _point("b", clip="mr"))))
    comparisons = {comparison.id: comparison for comparison in case.manifest.comparisons}
    both = stage_case(case, comparisons["both"], marks=found)
    assert [said.clip_id for said in both.marks] == ["mr", "contraction"]
    held = stage_case(case, comparisons["held"], marks=found)
    assert [panel.clip_id for panel in held.panels] == ["contraction", "contraction"]
    assert [said.clip_id for said in held.marks] == ["contraction"]
    assert len(held.marks[0].marks[0].places_px) == FRAMES
    assert stage_case(case, comparisons["both"]).marks == ()


def test_a_changed_document_is_read_again(case: Case, written: Callable[..., Path]) -> None:
    folder = written(_document(_point("a")))
    assert [mark.label for mark in marks_of(case, folder)["rest"].marks] == ["a"]
    written(_document(_point("b")))
    os.utime(folder / "numbered" / "teacher.json", ns=(1, 1))
    assert [mark.label for mark in marks_of(case, folder)["rest"].marks] == ["b"]


def _keep(store: AnnotationStore, mark: Mark | None, name: str, *bases: str) -> None:
    gesture = Gesture(
        id=name, case="numbered", layer="teacher", item="a", kind=ItemKind.MARK, bases=bases, content=mark
    )
    store.keep(gesture)


def test_what_is_kept_lies_over_the_bundled_marks_at_once(
    case: Case, written: Callable[..., Path], tmp_path: Path
) -> None:
    folder = written(_document(_point("a"), _point("b")))
    with AnnotationStore.in_folder(tmp_path / "data") as store:

        def labels() -> list[str]:
            return [mark.label for mark in marks_of(case, folder, store=store)["rest"].marks]

        assert labels() == ["a", "b"]
        _keep(store, _point("a").model_copy(update={"label": "changed"}), "g1")
        assert labels() == ["changed", "b"]
        _keep(store, None, "g2", "g1")
        assert labels() == ["b"]


def test_both_versions_of_a_mark_that_was_changed_in_two_places_are_shown(
    case: Case, written: Callable[..., Path], tmp_path: Path
) -> None:
    folder = written(_document())
    with AnnotationStore.in_folder(tmp_path / "data") as store:
        _keep(store, _point("a").model_copy(update={"label": "mine"}), "g1")
        _keep(store, _point("a").model_copy(update={"label": "yours"}), "g2")
        found = marks_of(case, folder, store=store)["rest"].marks
        assert [(mark.mark_id, mark.label) for mark in found] == [
            ("teacher/a", "mine"),
            ("teacher/a~2", "yours (changed elsewhere)"),
        ]


def test_without_its_database_a_case_shows_its_bundled_marks_and_says_so(case: Case, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    found, trouble = shown_marks(case, MarkStore(f"sqlite:///{tmp_path}/file/marks.sqlite3"))
    assert found == {}
    assert trouble is not None
    assert "cannot be opened" in trouble


def test_a_broken_document_is_told_not_passed_over(case: Case, tmp_path: Path) -> None:
    (tmp_path / "numbered").mkdir()
    (tmp_path / "numbered" / "teacher.json").write_text("{", encoding="utf-8")
    with pytest.raises(AnnotationFormatError, match=r"teacher\.json"):
        marks_of(case, tmp_path)


@pytest.mark.parametrize("case_id", sorted(path.name for path in BUNDLED_FOLDER.iterdir() if path.is_dir()))
def test_every_bundled_mark_is_placed_as_its_document_says(case_id: str) -> None:
    documents = bundled_documents(case_id)
    for document in documents:
        for mark in document.marks:
            first, last = mark.place.frame_span
            (placed,) = clip_marks(
                (document.model_copy(update={"marks": (mark,), "annotated_frames": ()}),), mark.clip, last + 1
            ).marks
            seen = mark.sighting(first)
            assert seen is not None
            flat = [value for point in seen.points_px for value in point]
            assert placed.places_px[first] == pytest.approx(flat, abs=0.051)
