"""The marks of a case's clips, placed on every frame, and the frames worth stopping at."""

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path

from annotations.concept import CONCEPTS, Term
from annotations.document import AnnotationDocument
from annotations.errors import AnnotationStoreError
from annotations.layers import BUNDLED_FOLDER, LayerState
from annotations.mark import Kind, Mark
from annotations.part import PointPx
from annotations.store import AnnotationStore
from cases.case import Case
from viewer.layer_reading import LayersNow
from viewer.mark_store import MarkStore
from viewer.scene import AnnotatedFrame, ClipMarks, MarkPlace
from viewer.scene import Mark as SceneMark

STUMPS = (CONCEPTS[Term.PROXIMAL_STUMP], CONCEPTS[Term.DISTAL_STUMP])
OUTLINES = (Kind.POLYLINE, Kind.POLYGON, Kind.TISSUE)


def shown_marks(case: Case, marks: MarkStore) -> tuple[Mapping[str, ClipMarks], str | None]:
    """Return what is said of a case and, where the database cannot be read, the bundled marks with a sentence."""
    try:
        return marks_of(case, store=marks.open()), None
    except AnnotationStoreError as error:
        return marks_of(case), f"{error} Until then the bundled marks are shown, without later changes."


def marks_of(
    case: Case, folder: Path = BUNDLED_FOLDER, *, store: AnnotationStore | None = None
) -> Mapping[str, ClipMarks]:
    """Return what the layers of a case say of its clips and static views, by their ids.

    Parameters
    ----------
    case : Case
        An open case.
    folder : Path
        Holds one folder of bundled documents a case.
    store : AnnotationStore, optional
        What was drawn since; without it the bundled marks alone.

    Returns
    -------
    mapping of str to ClipMarks
        Empty where nothing is said of the case.

    Raises
    ------
    AnnotationError
        If one of the documents or the store cannot be read.
    """
    heads = {**case.static_views, **case.clips}
    frames = tuple((clip_id, head.frames) for clip_id, head in sorted(heads.items()))
    return _read_marks(LayersNow.of(case.manifest.id, store, folder), frames)


@functools.lru_cache(maxsize=16)
def _read_marks(layers: LayersNow, frames: tuple[tuple[str, int], ...]) -> Mapping[str, ClipMarks]:
    documents = both_versions(layers.states())
    found = {clip_id: clip_marks(documents, clip_id, count) for clip_id, count in frames}
    return {clip_id: said for clip_id, said in found.items() if said.marks or said.annotated_frames}


def both_versions(states: Sequence[LayerState]) -> tuple[AnnotationDocument, ...]:
    """Return the documents of layers, with both versions of each mark that was changed in two places."""
    return tuple(_with_other_versions(state) for state in states)


def _with_other_versions(state: LayerState) -> AnnotationDocument:
    """Return a document that shows the later versions beside the older one, which it shows already."""
    document = state.document
    others = [
        content.model_copy(
            update={"id": f"{item}~{number}", "label": f"{content.label} (changed elsewhere)".strip()}
        )
        for item, revisions in state.changed_elsewhere.items()
        for number, content in enumerate((revision.content for revision in revisions[1:]), start=2)
        if isinstance(content, Mark)
    ]
    return document.model_copy(update={"marks": (*document.marks, *others)}) if others else document


def clip_marks(documents: tuple[AnnotationDocument, ...], clip_id: str, frames: int) -> ClipMarks:
    """Return what documents say of one clip of so many frames; what lies after its end is left out."""
    marks = tuple(
        scene_mark(mark, frames, document) for document in documents for mark in document.marks_of(clip_id)
    )
    stops = [
        AnnotatedFrame(
            f"{document.layer.id}/{frame.id}", frame.frame_index, frame.title, frame.text_alternative
        )
        for document in documents
        for frame in document.frames_of(clip_id)
        if frame.frame_index < frames
    ]
    stops.sort(key=lambda stop: stop.frame_index)
    return ClipMarks(clip_id, tuple(mark for mark in marks if any(mark.places_px)), tuple(stops))


def scene_mark(mark: Mark, frames: int, document: AnnotationDocument) -> SceneMark:
    """Return a mark with its place on each of so many frames, in image pixels rounded to 0.1."""
    sightings = [mark.sighting(frame_index) for frame_index in range(frames)]
    red, green, blue = mark.style.colour.rgb
    return SceneMark(
        mark_id=f"{document.layer.id}/{mark.id}",
        kind=mark.kind.value,
        label=mark.label,
        note=mark.note,
        layer=document.layer.title,
        colour=f"#{red:02x}{green:02x}{blue:02x}",
        line=mark.style.line.value,
        places_px=tuple(None if seen is None else _place(seen.points_px) for seen in sightings),
        unsure_frame_indices=tuple(
            index for index, seen in enumerate(sightings) if seen is not None and seen.asks_for_a_key_frame
        ),
        stump=mark.concept in STUMPS and mark.kind in OUTLINES,
    )


def _place(points_px: tuple[PointPx, ...]) -> MarkPlace:
    return tuple(round(value, 1) for point in points_px for value in point)
