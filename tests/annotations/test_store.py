import threading
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import text

from annotations.database import DATABASE_NAME, open_database, sqlite_url
from annotations.document import Layer, LayerRole
from annotations.errors import AnnotationStoreError, RevisionNotFoundError, RevisionReusedError
from annotations.mark import Kind, Mark
from annotations.revision import Gesture, ItemKind
from annotations.store import AnnotationStore
from annotations.track import OnFrame


def _mark(item: str, label: str = "") -> Mark:
    place = OnFrame(frame_index=0, points_px=((1.0, 2.0),))
    return Mark(id=item, clip="clip-1", kind=Kind.POINT, label=label, place=place)


def _gesture(name: str, *bases: str, label: str = "", item: str = "gap", deleted: bool = False) -> Gesture:
    return Gesture(
        id=name,
        case="case-1",
        layer="teacher",
        item=item,
        kind=ItemKind.MARK,
        bases=bases,
        content=None if deleted else _mark(item, label),
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AnnotationStore]:
    url = sqlite_url(tmp_path) if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    with AnnotationStore(url) as opened:
        yield opened


def test_a_gesture_is_kept_and_read_back(store: AnnotationStore) -> None:
    kept = store.keep(_gesture("g1", label="Gap"))
    assert (kept.id, kept.heads, kept.was_known, kept.changed_elsewhere) == ("g1", ("g1",), False, False)
    (head,) = store.heads("case-1", "teacher", "gap")
    assert head.content == _mark("gap", "Gap")


def test_a_gesture_sent_twice_is_kept_once(store: AnnotationStore) -> None:
    first, again = store.keep(_gesture("g1")), store.keep(_gesture("g1"))
    assert again.was_known
    assert again.sequence == first.sequence
    assert len(store.history("case-1", "teacher", "gap")) == 1


def test_an_id_that_comes_again_with_another_content_is_refused_and_changes_nothing(
    store: AnnotationStore,
) -> None:
    store.keep(_gesture("g1", label="mine"))
    with pytest.raises(RevisionReusedError, match="another content"):
        store.keep(_gesture("g1", label="yours"))
    assert [r.content for r in store.history("case-1", "teacher", "gap")] == [_mark("gap", "mine")]


def test_a_change_elsewhere_is_said_and_both_are_kept(store: AnnotationStore) -> None:
    store.keep(_gesture("g1"))
    store.keep(_gesture("mine", "g1", label="mine"))
    kept = store.keep(_gesture("yours", "g1", label="yours"))
    assert kept.changed_elsewhere
    assert kept.heads == ("mine", "yours")
    labels = [head.content.label for head in store.heads("case-1", "teacher", "gap") if head.content]
    assert labels == ["mine", "yours"]


def test_a_gesture_that_rests_on_both_settles_the_conflict(store: AnnotationStore) -> None:
    for gesture in (_gesture("g1"), _gesture("mine", "g1"), _gesture("yours", "g1")):
        store.keep(gesture)
    assert store.keep(_gesture("both", "mine", "yours")).heads == ("both",)


def test_a_gesture_may_arrive_before_the_one_it_rests_on(store: AnnotationStore) -> None:
    assert store.keep(_gesture("second", "first")).heads == ("second",)
    assert store.keep(_gesture("first")).heads == ("second",)


def test_a_deleted_mark_has_a_head_without_content(store: AnnotationStore) -> None:
    store.keep(_gesture("g1"))
    store.keep(_gesture("g2", "g1", deleted=True))
    (head,) = store.heads("case-1", "teacher", "gap")
    assert head.content is None


def test_any_revision_can_be_restored_and_the_history_keeps_everything(store: AnnotationStore) -> None:
    store.keep(_gesture("g1", label="first"))
    store.keep(_gesture("g2", "g1", label="second"))
    store.keep(_gesture("g3", "g2", deleted=True))
    restored = store.restore("g1", new_id="g4", author="A")
    assert restored.heads == ("g4",)
    assert store.restore("g1", new_id="g4", author="A").was_known, "asked twice, restored once"
    assert [r.id for r in store.history("case-1", "teacher", "gap")] == ["g1", "g2", "g3", "g4"]
    assert store.heads("case-1", "teacher", "gap")[0].content == _mark("gap", "first")
    assert [r.id for r in store.since("case-1", store.revision("g2").sequence)] == ["g3", "g4"]


def test_what_changed_after_a_place_in_the_order_is_told_as_it_stands(store: AnnotationStore) -> None:
    assert store.newest("case-1") == 0
    store.keep(_gesture("g1"))
    place = store.keep(_gesture("s1", item="stump")).sequence
    assert store.newest("case-1") == place
    assert store.changed_since("case-1", place) == {}
    store.keep(_gesture("g2", "g1"))
    last = store.keep(_gesture("g3", "g1")).sequence
    store.keep(_gesture("x1").model_copy(update={"case": "case-2"}))
    changed = store.changed_since("case-1", place)
    assert {item: [r.id for r in heads] for item, heads in changed.items()} == {
        ("teacher", "gap"): ["g2", "g3"]
    }
    assert store.newest("case-1") == last


def test_a_revision_that_is_not_there_cannot_be_restored(store: AnnotationStore) -> None:
    with pytest.raises(RevisionNotFoundError):
        store.restore("absent", new_id="g1")


def test_items_and_layers_do_not_touch_each_other(store: AnnotationStore) -> None:
    store.keep(_gesture("g1"))
    elsewhere = _gesture("g2", "g1").model_copy(update={"layer": "student"})
    store.keep(elsewhere)
    assert store.layers("case-1") == ("student", "teacher")
    assert list(store.layer_heads("case-1", "teacher")) == ["gap"]
    assert [r.id for r in store.heads("case-1", "teacher", "gap")] == ["g1"]


def test_many_threads_lose_nothing_and_double_nothing(store: AnnotationStore) -> None:
    def draw(number: int) -> None:
        for turn in range(10):
            gesture = _gesture(f"g-{number}-{turn}", item=f"mark-{number}-{turn}")
            store.keep(gesture)
            store.keep(gesture)

    threads = [threading.Thread(target=draw, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    heads = store.layer_heads("case-1", "teacher")
    assert sorted(heads) == sorted(f"mark-{number}-{turn}" for number in range(8) for turn in range(10))


def test_a_layer_can_be_named(store: AnnotationStore) -> None:
    layer = Layer(id="reader-1", title="Reader 1", role=LayerRole.READER)
    store.keep(
        Gesture(id="g", case="c", layer="reader-1", item="reader-1", kind=ItemKind.LAYER, content=layer)
    )
    assert store.heads("c", "reader-1", "reader-1")[0].content == layer


def test_sqlite_is_opened_so_that_a_commit_survives_a_power_loss(tmp_path: Path) -> None:
    engine = open_database(sqlite_url(tmp_path))
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
        assert connection.execute(text("PRAGMA busy_timeout")).scalar() == 30_000
    engine.dispose()


def test_a_second_store_on_the_same_database_sees_what_the_first_acknowledged(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    with AnnotationStore(url) as one, AnnotationStore(url) as other:
        one.keep(_gesture("g1"))
        assert other.keep(_gesture("g1")).was_known
        assert other.keep(_gesture("g2", "g1")).heads == ("g2",)


def test_a_closed_store_refuses_gestures(tmp_path: Path) -> None:
    store = AnnotationStore.in_folder(tmp_path)
    store.close()
    store.close()
    with pytest.raises(AnnotationStoreError, match="closed"):
        store.keep(_gesture("g1"))


def test_a_gesture_of_a_failing_group_is_not_acknowledged(tmp_path: Path) -> None:
    with AnnotationStore.in_folder(tmp_path) as store:
        store.keep(_gesture("g1"))
        broken = open_database(sqlite_url(tmp_path))
        with broken.connect() as connection, connection.begin():
            connection.execute(text("DROP TABLE annotation_replacements"))
        broken.dispose()
        with pytest.raises(AnnotationStoreError, match="could not be written"):
            store.keep(_gesture("g2", "g1"))
        with pytest.raises(AnnotationStoreError, match="cannot be read"):
            store.heads("case-1", "teacher", "gap")


@pytest.mark.parametrize("url", ["nonsense", "mysql+nothing://x/y"])
def test_an_address_that_is_no_database_is_refused(url: str) -> None:
    with pytest.raises(AnnotationStoreError, match="address"):
        AnnotationStore(url)


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / DATABASE_NAME
    path.write_text("not a database, but somebody's notes" * 100, encoding="utf-8")
    with pytest.raises(AnnotationStoreError, match="cannot be opened"):
        AnnotationStore.in_folder(tmp_path)
    assert path.read_text(encoding="utf-8").startswith("not a database")


def test_a_database_of_a_newer_viewer_is_refused(tmp_path: Path) -> None:
    engine = open_database(sqlite_url(tmp_path))
    with engine.connect() as connection, connection.begin():
        connection.execute(text("UPDATE annotation_store SET version = 99"))
    engine.dispose()
    with pytest.raises(AnnotationStoreError, match="newer viewer"):
        AnnotationStore.in_folder(tmp_path)


def test_a_gesture_must_be_about_its_content() -> None:
    with pytest.raises(ValueError, match="is about"):
        Gesture(id="g", case="c", layer="l", item="other", kind=ItemKind.MARK, content=_mark("gap"))
    with pytest.raises(ValueError, match="not a layer"):
        Gesture(id="g", case="c", layer="l", item="gap", kind=ItemKind.LAYER, content=_mark("gap"))
    with pytest.raises(ValueError, match="rest on itself"):
        _gesture("g", "g")


def test_a_gesture_comes_back_from_json_with_its_content() -> None:
    gesture = _gesture("g2", "g1", label="Gap")
    assert Gesture.model_validate_json(gesture.model_dump_json()) == gesture


class StoreMachine(RuleBasedStateMachine):
    """Authors draw, resend, conflict, settle, restore and restart; a plain dictionary is the truth."""

    gestures: Bundle[Gesture] = Bundle("gestures")

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, Gesture] = {}
        self.replaced: defaultdict[str, set[str]] = defaultdict(set)

    @initialize()
    def open(self) -> None:
        import tempfile

        self.folder = tempfile.TemporaryDirectory()
        self.store = AnnotationStore.in_folder(Path(self.folder.name))

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.folder.cleanup()

    def _expected_heads(self, item: str) -> tuple[str, ...]:
        return tuple(
            name
            for name, gesture in self.kept.items()
            if gesture.item == item and name not in self.replaced[item]
        )

    def _remember(self, gesture: Gesture) -> None:
        self.kept[gesture.id] = gesture
        self.replaced[gesture.item] |= set(gesture.bases)

    @rule(
        target=gestures,
        item=st.sampled_from(["gap", "stump"]),
        stale=st.booleans(),
        deleted=st.booleans(),
        label=st.sampled_from(["a", "b"]),
    )
    def draw(self, item: str, stale: bool, deleted: bool, label: str) -> Gesture:
        mine = [name for name, gesture in self.kept.items() if gesture.item == item]
        bases = tuple(mine[:1]) if stale else self._expected_heads(item)
        gesture = _gesture(f"g{len(self.kept)}", *bases, label=label, item=item, deleted=deleted)
        kept = self.store.keep(gesture)
        self._remember(gesture)
        assert kept.heads == self._expected_heads(item)
        assert kept.changed_elsewhere == (len(kept.heads) > 1)
        return gesture

    @rule(gesture=gestures)
    def resend(self, gesture: Gesture) -> None:
        assert self.store.keep(gesture).was_known

    @rule(gesture=gestures)
    def restore(self, gesture: Gesture) -> None:
        new_id = f"g{len(self.kept)}"
        heads = self._expected_heads(gesture.item)
        kept = self.store.restore(gesture.id, new_id=new_id)
        self._remember(gesture.model_copy(update={"id": new_id, "bases": heads}))
        assert kept.heads == (new_id,)

    @precondition(lambda self: self.kept)
    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = AnnotationStore.in_folder(Path(self.folder.name))

    @invariant()
    def nothing_is_lost_and_nothing_doubled(self) -> None:
        if not hasattr(self, "store"):
            return
        for item in ("gap", "stump"):
            history = self.store.history("case-1", "teacher", item)
            assert [r.id for r in history] == [n for n, g in self.kept.items() if g.item == item]
            assert all(r.content == self.kept[r.id].content for r in history)
            heads = self.store.heads("case-1", "teacher", item)
            assert tuple(r.id for r in heads) == self._expected_heads(item)


TestStoreMachine = StoreMachine.TestCase
TestStoreMachine.settings = settings(deadline=None, max_examples=15, stateful_step_count=12)
