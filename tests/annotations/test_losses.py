"""What each format loses is said before it is written, and what a file brings beyond its marks is taken over."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from annotations.clip_chapters import ClipChapters, SetChapter
from annotations.document import AnnotatedFrame
from annotations.errors import ExportError
from annotations.exchange.clip_facts import ClipFacts
from annotations.exchange.formats import Format
from annotations.exchange.losses import losses
from annotations.exchange.reading import read_marks
from annotations.exchange.sightings import key_frames, seen_frames
from annotations.exchange.writing import write_marks
from annotations.mark import Kind, Mark
from annotations.track import OnFrame
from tests.annotations.clips import dicom_clip, facts_of
from tests.annotations.exchanged import TEACHER, carried_caliper, document_of
from tests.annotations.strategies import marks

TELLS = {
    "label": ("Labels are written", "without a label"),
    "note": ("otes",),
    "author": ("uthors",),
    "concept": ("Codes", "called tissue"),
    "kind": ("become", "kind of the mark"),
    "style": ("Colours",),
    "shown": ("key frames", "left out on those frames", "frame by frame", "shown still"),
    "key frames": ("key frames", "frame by frame"),
}


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> ClipFacts:
    return facts_of(dicom_clip(tmp_path_factory.mktemp("clip") / "clip.dcm"))


@pytest.mark.parametrize("wanted", [f for f in Format if f is not Format.JSON], ids=str)
@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=marks())
def test_whatever_does_not_come_back_was_said_before(
    wanted: Format, drawn: Mark, clip: ClipFacts, tmp_path: Path
) -> None:
    document = document_of(drawn)
    told = " ".join(losses(document, clip, wanted))
    try:
        write_marks(document, clip, wanted, tmp_path / "marks")
        after = read_marks(tmp_path / "marks", clip=clip.clip, facts=clip).marks[0]
    except ExportError:
        assert told, "what cannot be written at all is told too"
        return
    same = {
        "label": after.label == drawn.label.strip(),
        "note": after.note == drawn.note.strip(),
        "author": after.author == drawn.author.strip(),
        "concept": after.concept == drawn.concept,
        "kind": after.kind == drawn.kind,
        "style": after.style == drawn.style,
        "shown": list(seen_frames(after, clip.frames)) == list(seen_frames(drawn, clip.frames)),
        "key frames": key_frames(after, clip.frames).keys() >= key_frames(drawn, clip.frames).keys(),
    }
    lost = [name for name, kept in same.items() if not kept and not any(word in told for word in TELLS[name])]
    # A text mark without a word gets one in a presentation state, which would show nothing else.
    assert not [name for name in lost if (wanted, name, drawn.label.strip()) != (Format.GSPS, "label", "")], (
        told
    )


def test_what_a_format_cannot_hold_is_said_before_it_is_written(clip: ClipFacts) -> None:
    text = Mark(
        id="t",
        clip="clip-1",
        kind=Kind.TEXT,
        label="x",
        place=OnFrame(frame_index=0, points_px=((1.0, 1.0),)),
    )
    frame = AnnotatedFrame(id="f", clip="clip-1", frame_index=0, title="Rest", text_alternative="At rest.")
    document = document_of(carried_caliper(), text).model_copy(update={"annotated_frames": (frame,)})
    assert losses(document, clip, Format.JSON) == ()
    told = {wanted: " ".join(losses(document, clip, wanted)) for wanted in Format}
    assert "only the key frames" in told[Format.SR]
    assert "outside" in told[Format.SR]
    assert "notes and authors" in told[Format.GSPS]
    assert "2 marks without an area" in told[Format.SEG]
    assert "The scale" in told[Format.CVAT]
    assert "The scale" in told[Format.COCO]
    assert "keypoints" in told[Format.COCO]
    assert all("annotated frames" in told[wanted] for wanted in Format if wanted is not Format.JSON)


def test_a_mark_that_is_on_no_frame_is_said_to_be_left_out(clip: ClipFacts) -> None:
    late = Mark(
        id="t", clip="clip-1", kind=Kind.POINT, place=OnFrame(frame_index=99, points_px=((1.0, 1.0),))
    )
    assert "1 mark not shown" in " ".join(losses(document_of(late), clip, Format.CVAT))


def test_our_json_brings_the_annotated_frames_and_the_layer_along(clip: ClipFacts, tmp_path: Path) -> None:
    frame = AnnotatedFrame(id="f", clip="clip-1", frame_index=3, title="Peak", text_alternative="It is open.")
    elsewhere = carried_caliper("other").model_copy(update={"clip": "clip-2"})
    document = document_of(carried_caliper(), elsewhere).model_copy(update={"annotated_frames": (frame,)})
    write_marks(document, clip, Format.JSON, tmp_path / "marks.json")
    imported = read_marks(tmp_path / "marks.json", clip="clip-1", facts=clip)
    assert imported.frames == (frame,)
    assert imported.layer == TEACHER
    assert imported.remarks == ("On other clips, so left out: 1 mark.",)


def test_chapters_of_our_json_are_said_to_be_left_out(clip: ClipFacts, tmp_path: Path) -> None:
    hold = SetChapter(name="hold", first_frame_index=1, last_frame_index=2)
    chapters = ClipChapters(id="chapters.clip-1", clip="clip-1", chapters=(hold,))
    document = document_of(carried_caliper()).model_copy(update={"chapters": (chapters,)})
    write_marks(document, clip, Format.JSON, tmp_path / "marks.json")
    imported = read_marks(tmp_path / "marks.json", clip="clip-1", facts=clip)
    assert imported.remarks == ("The chapters in the file were left out; set them below the player.",)


def test_marks_that_the_clip_is_too_short_for_are_counted(clip: ClipFacts, tmp_path: Path) -> None:
    late = Mark(
        id="t", clip="clip-1", kind=Kind.POINT, place=OnFrame(frame_index=99, points_px=((1.0, 1.0),))
    )
    write_marks(document_of(carried_caliper(), late), clip, Format.JSON, tmp_path / "marks.json")
    imported = read_marks(tmp_path / "marks.json", clip="clip-1", facts=clip)
    assert "never shown: 1 mark" in " ".join(imported.remarks)
