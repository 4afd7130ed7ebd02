"""The chapters that people set: an author's are kept with the marks, a reader's for her session only."""

import functools
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace

from annotations.clip_chapters import ClipChapters, SetChapter, chapters_id
from annotations.document import LayerRole
from annotations.errors import AnnotationStoreError
from annotations.revision import Gesture, ItemKind
from annotations.store import AnnotationStore
from viewer.chapter_bounds import within
from viewer.curves import ClipCurves
from viewer.layer_reading import LayersNow
from viewer.mark_store import MarkStore
from viewer.scene import Chapter

LAYER = "teacher"
SetByPeople = Mapping[str, tuple[Chapter, ...]]


def kept_chapters(case: str, marks: MarkStore) -> SetByPeople:
    """Return the chapters that authors keep for the clips of a case, by the ids of the clips."""
    try:
        return _read(LayersNow.of(case, marks.open()))
    except AnnotationStoreError:
        return {}  # the page says that the marks cannot be read


@functools.lru_cache(maxsize=16)
def _read(layers: LayersNow) -> SetByPeople:
    taught = (s.document for s in layers.states() if s.document.layer.role is LayerRole.TEACHER)
    return {
        one.clip: tuple(Chapter(c.name, c.first_frame_index, c.last_frame_index) for c in one.chapters)
        for document in taught
        for one in document.chapters
    }


def keep_chapters(case: str, clip: str, chapters: Sequence[Chapter], store: AnnotationStore) -> None:
    """Keep the chapters of a clip for everybody; without any, the author's are taken back.

    Raises
    ------
    AnnotationStoreError
        If the database cannot be written.
    """
    item = chapters_id(clip)
    content = None
    if chapters:
        parts = [{"name": c.name, "first_frame_index": c.first_frame_index, "last_frame_index": c.last_frame_index} for c in chapters]  # fmt: skip
        content = ClipChapters(
            id=item, clip=clip, chapters=tuple(SetChapter.model_validate(part) for part in parts)
        )
    heads = store.heads(case, LAYER, item)
    store.keep(
        Gesture(
            id=str(uuid.uuid4()),
            case=case,
            layer=LAYER,
            item=item,
            kind=ItemKind.CHAPTERS,
            bases=tuple(head.id for head in heads),
            content=content,
        )
    )


def with_chapters(
    curves: Mapping[str, ClipCurves], frames: Mapping[str, int], *set_by: SetByPeople
) -> Mapping[str, ClipCurves]:
    """Return the curves with the chapters that people set; what is named last counts most.

    Parameters
    ----------
    curves : mapping of str to ClipCurves
        What is known of each clip.
    frames : mapping of str to int
        Frames of each clip.
    *set_by : mapping of str to tuple of Chapter
        Chapters by clip.
    """
    found = dict(curves)
    for chosen in set_by:
        for clip, chapters in chosen.items():
            if clip in found and chapters:
                found[clip] = replace(found[clip], chapters=within(chapters, frames[clip]))
    return found
