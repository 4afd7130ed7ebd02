from pathlib import Path

import pytest

from annotations.document import AnnotatedFrame, AnnotationDocument, Layer, LayerRole, document_text
from annotations.errors import AnnotationFormatError
from annotations.layers import bundled_documents, layer_states
from annotations.mark import Kind, Mark
from annotations.revision import Content, Gesture, ItemKind
from annotations.store import AnnotationStore
from annotations.track import OnFrame

TEACHER = Layer(id="teacher", title="Teacher", role=LayerRole.TEACHER)
FRAME = AnnotatedFrame(id="rest", clip="clip-1", frame_index=0, title="Rest", text_alternative="At rest.")


def _mark(item: str, label: str = "") -> Mark:
    place = OnFrame(frame_index=0, points_px=((1.0, 2.0),))
    return Mark(id=item, clip="clip-1", kind=Kind.POINT, label=label, place=place)


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    document = AnnotationDocument(
        case="case-1", layer=TEACHER, annotated_frames=(FRAME,), marks=(_mark("gap"), _mark("stump"))
    )
    (tmp_path / "seeds" / "case-1").mkdir(parents=True)
    (tmp_path / "seeds" / "case-1" / "teacher.json").write_text(document_text(document), encoding="utf-8")
    return tmp_path / "seeds"


def _kept(store: AnnotationStore, name: str, item: str, content: Content | None, *bases: str) -> None:
    kind = ItemKind.FRAME if item == "rest" else ItemKind.MARK
    store.keep(
        Gesture(id=name, case="case-1", layer="teacher", item=item, kind=kind, bases=bases, content=content)
    )


def test_without_edits_a_layer_is_its_seed(seeds: Path, tmp_path: Path) -> None:
    with AnnotationStore.in_folder(tmp_path) as store:
        (state,) = layer_states("case-1", store, folder=seeds)
    assert state.document == bundled_documents("case-1", seeds)[0]
    assert (state.heads, state.changed_elsewhere) == ({}, {})
    assert layer_states("case-1", folder=seeds) == (state,)


def test_edits_lie_over_the_seed_which_itself_never_changes(seeds: Path, tmp_path: Path) -> None:
    path = seeds / "case-1" / "teacher.json"
    before = path.read_bytes()
    with AnnotationStore.in_folder(tmp_path) as store:
        _kept(store, "g1", "gap", _mark("gap", "wider"))
        _kept(store, "g2", "stump", None)
        _kept(store, "g3", "new", _mark("new"))
        _kept(store, "g4", "rest", None)
        (state,) = layer_states("case-1", store, folder=seeds)
    assert [(mark.id, mark.label) for mark in state.document.marks] == [("gap", "wider"), ("new", "")]
    assert state.document.annotated_frames == ()
    assert state.heads["gap"] == ("g1",)
    assert path.read_bytes() == before


def test_a_seed_changed_in_two_places_shows_the_older_change_and_says_so(seeds: Path, tmp_path: Path) -> None:
    with AnnotationStore.in_folder(tmp_path) as store:
        _kept(store, "g1", "gap", _mark("gap", "one"))
        _kept(store, "g2", "gap", _mark("gap", "two"))
        (state,) = layer_states("case-1", store, folder=seeds)
        assert state.document.marks[0].label == "one"
        assert [revision.id for revision in state.changed_elsewhere["gap"]] == ["g1", "g2"]
        _kept(store, "g3", "gap", _mark("gap", "both"), "g1", "g2")
        (state,) = layer_states("case-1", store, folder=seeds)
    assert (state.document.marks[0].label, state.changed_elsewhere) == ("both", {})


def test_a_layer_that_is_only_in_the_store_has_the_name_it_was_given(tmp_path: Path) -> None:
    reader = Layer(id="reader-1", title="Reader 1", role=LayerRole.READER)
    with AnnotationStore.in_folder(tmp_path) as store:
        store.keep(
            Gesture(id="g1", case="c", layer="reader-1", item="m", kind=ItemKind.MARK, content=_mark("m"))
        )
        assert layer_states("c", store)[0].document.layer.title == "Reader 1"
        store.keep(
            Gesture(id="g2", case="c", layer="reader-1", item="reader-1", kind=ItemKind.LAYER, content=reader)
        )
        assert layer_states("c", store)[0].document.layer == reader


def test_a_case_without_marks_has_no_layers_and_a_damaged_seed_is_named(tmp_path: Path) -> None:
    assert bundled_documents("case-1", tmp_path) == ()
    assert bundled_documents("../annotations", tmp_path) == ()
    (tmp_path / "case-1").mkdir()
    (tmp_path / "case-1" / "teacher.json").write_text("{", encoding="utf-8")
    with pytest.raises(AnnotationFormatError, match=r"teacher\.json"):
        bundled_documents("case-1", tmp_path)
