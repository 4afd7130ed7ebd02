"""Chapters set by people: bounds, what counts most, what an author keeps, and the chart of the evidence."""

from pathlib import Path

import numpy as np
import pytest

from annotations.layers import layer_states
from annotations.motion.chapters import Evidence, find_chapters
from annotations.store import AnnotationStore
from tests.annotations.motion.torn_muscle import activation_of, cine_of
from viewer.chapter_bounds import begun_here, chapters_from, first_frames, usual_chapters, within
from viewer.chapter_editor import EditedClip, evidence_chart
from viewer.curves import ClipCurves
from viewer.mark_store import MarkStore
from viewer.opening import OpenedClip, stage_opened
from viewer.scene import Chapter
from viewer.set_chapters import keep_chapters, kept_chapters, with_chapters
from viewer.staging import proposed_chapters

REST, HOLD = Chapter("rest", 0, 9), Chapter("hold", 10, 29)


def proposal(activation: np.ndarray) -> ClipCurves:
    return ClipCurves(proposed=find_chapters(Evidence("gap", tuple(map(float, activation)), "mm", 0.1)))


def test_a_chapter_begins_at_the_frame_on_screen_and_its_neighbour_ends_before_it() -> None:
    assert begun_here((REST, HOLD), 1, 16, 30) == (Chapter("rest", 0, 14), Chapter("hold", 15, 29))


def test_chapters_in_the_wrong_order_are_refused_in_a_sentence() -> None:
    assert "before it" in str(begun_here((REST, HOLD), 1, 1, 30))
    assert "frames 1 to 30" in str(chapters_from(["rest"], [31], 30))


@pytest.mark.parametrize("frames", [1, 2, 3, 4, 100])
def test_chapters_to_begin_with_fill_the_clip(frames: int) -> None:
    made = usual_chapters(frames)
    assert first_frames(made)[0] == 1
    assert made[-1].last_frame_index == frames - 1


def test_what_lies_beyond_the_end_of_a_clip_is_left_out() -> None:
    assert within((REST, HOLD), 20) == (REST, Chapter("hold", 10, 19))
    assert within((REST, HOLD), 10) == (REST,)


def test_what_was_set_here_counts_before_what_is_kept() -> None:
    curves, frames = {"a": ClipCurves(), "b": ClipCurves()}, {"a": 30, "b": 30}
    found = with_chapters(curves, frames, {"a": (REST,), "b": (REST,)}, {"a": (HOLD,), "b": ()})
    assert (found["a"].chapters, found["b"].chapters) == ((HOLD,), (REST,))


def test_an_author_keeps_chapters_and_takes_them_back(tmp_path: Path) -> None:
    marks = MarkStore(f"sqlite:///{tmp_path / 'marks.db'}")
    try:
        assert kept_chapters("case", marks) == {}
        keep_chapters("case", "clip", (REST, HOLD), marks.open())
        assert kept_chapters("case", marks) == {"clip": (REST, HOLD)}
        keep_chapters("case", "clip", (HOLD,), marks.open())
        assert kept_chapters("case", marks) == {"clip": (HOLD,)}
        keep_chapters("case", "clip", (), marks.open())
        assert kept_chapters("case", marks) == {}
    finally:
        marks.close()


def test_kept_chapters_stand_in_the_document_of_the_layer(tmp_path: Path) -> None:
    with AnnotationStore(f"sqlite:///{tmp_path / 'marks.db'}") as store:
        keep_chapters("case", "clip", (REST, HOLD), store)
        (state,) = layer_states("case", store)
    assert [one.clip for one in state.document.chapters] == ["clip"]
    assert [chapter.name for chapter in state.document.chapters[0].chapters] == ["rest", "hold"]


def test_the_chart_shows_effort_and_beginnings_and_nothing_without_contraction(tmp_path: Path) -> None:
    activation = activation_of(40, 6, 16, 25, 34)
    head = cine_of(tmp_path, np.zeros((40, 8, 8), np.uint8)).head
    known = proposal(10 * activation)
    scene = stage_opened([OpenedClip("clip", head)], {"contraction": 0}, {head.sha256: known}, token="t" * 32)
    assert scene is not None
    clip = scene.panels[0].clip
    assert clip.chapters == proposed_chapters(known)
    chart = evidence_chart(EditedClip("clip", "Clip", clip, known), clip.chapters)
    assert chart is not None
    effort, rules, *names = chart["layer"]
    assert len(effort["data"]["values"]) == 40
    assert [mark["frame"] for mark in rules["data"]["values"]] == list(first_frames(clip.chapters))
    row_of = {mark["frame"]: row["encoding"]["y"]["value"] for row in names for mark in row["data"]["values"]}
    rows = [row_of[begin] for begin in first_frames(clip.chapters)]
    assert all(len(set(rows[at : at + 3])) == 3 for at in range(len(rows) - 2)), rows  # no name on the next
    still = proposal(np.zeros(40))
    assert evidence_chart(EditedClip("clip", "Clip", clip, still), clip.chapters) is None
