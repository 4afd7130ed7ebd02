from collections.abc import Iterator
from pathlib import Path

import pytest

from annotations.document import AnnotatedFrame, AnnotationDocument, Layer, LayerRole
from annotations.errors import RevisionReusedError
from annotations.exchange.imported import Imported
from annotations.importing import delete_layer, free_layer, keep_imported
from annotations.layers import layer_states
from annotations.mark import Kind, Mark
from annotations.store import AnnotationStore
from annotations.track import OnFrame

LAYER = Layer(id="imported", title="From CVAT", role=LayerRole.TEACHER)
FRAME = AnnotatedFrame(id="f", clip="clip-1", frame_index=2, title="Peak", text_alternative="It is open.")


def _mark(name: str, x_px: float = 1.0) -> Mark:
    return Mark(
        id=name, clip="clip-1", kind=Kind.POINT, place=OnFrame(frame_index=0, points_px=((x_px, 2.0),))
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[AnnotationStore]:
    with AnnotationStore.in_folder(tmp_path) as opened:
        yield opened


def _document(store: AnnotationStore, layer: str = "imported") -> AnnotationDocument:
    return next(s.document for s in layer_states("case-1", store) if s.document.layer.id == layer)


def test_a_file_becomes_a_layer_with_its_marks_frames_and_title(store: AnnotationStore) -> None:
    imported = Imported("CVAT", (_mark("a"), _mark("b")), frames=(FRAME,))
    keep_imported(store, imported, case="case-1", layer=LAYER, author="A")
    document = _document(store)
    assert (document.marks, document.annotated_frames, document.layer) == (
        imported.marks,
        imported.frames,
        LAYER,
    )


def test_imported_again_an_item_is_replaced_and_not_doubled(store: AnnotationStore) -> None:
    for x_px in (1.0, 5.0):
        keep_imported(store, Imported("CVAT", (_mark("a", x_px),)), case="case-1", layer=LAYER)
    assert _document(store).marks == (_mark("a", 5.0),)
    assert len(store.heads("case-1", "imported", "a")) == 1


def test_a_deleted_layer_is_empty_and_each_of_its_items_can_be_restored(store: AnnotationStore) -> None:
    keep_imported(store, Imported("CVAT", (_mark("a"), _mark("b"))), case="case-1", layer=LAYER)
    assert len(delete_layer(store, case="case-1", layer="imported")) == 3
    assert _document(store).marks == ()
    assert delete_layer(store, case="case-1", layer="imported") == ()
    first = store.history("case-1", "imported", "a")[0]
    store.restore(first.id, new_id="back")
    assert _document(store).marks == (_mark("a"),)


def test_all_gestures_of_a_file_are_kept_or_none(store: AnnotationStore) -> None:
    kept = keep_imported(store, Imported("CVAT", (_mark("a"),)), case="case-1", layer=LAYER)
    used_twice = kept[-1].model_copy(update={"item": "z", "content": _mark("z")})
    fresh = kept[-1].model_copy(update={"id": "new", "item": "y", "content": _mark("y")})
    with pytest.raises(RevisionReusedError):
        store.keep_together((fresh, used_twice))
    assert _document(store).marks == (_mark("a"),)


def test_a_new_layer_takes_a_name_that_nobody_has(store: AnnotationStore) -> None:
    def name() -> str:
        return free_layer(store, "case-1", frozenset({"imported-2"}), "From CVAT").id

    assert name() == "imported"
    keep_imported(store, Imported("CVAT", (_mark("a"),)), case="case-1", layer=LAYER)
    assert name() == "imported-3"
    delete_layer(store, case="case-1", layer="imported")
    assert name() == "imported"
