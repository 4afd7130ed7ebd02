"""The marks of a case's clips, placed on every frame, and the frames worth stopping at."""

import functools
from collections.abc import Mapping
from pathlib import Path

from annotations.document import AnnotationDocument
from annotations.layers import BUNDLED_FOLDER, bundled_documents
from annotations.mark import Mark as DocumentMark
from annotations.part import PointPx
from cases.case import Case
from viewer.scene import AnnotatedFrame, ClipMarks, Mark, MarkPlace

Signature = tuple[tuple[str, int, int], ...]


def marks_of(case: Case, folder: Path = BUNDLED_FOLDER) -> Mapping[str, ClipMarks]:
    """Return what the documents of a case say of its clips and static views, by their ids.

    Parameters
    ----------
    case : Case
        An open case.
    folder : Path
        Holds one folder of documents a case.

    Returns
    -------
    mapping of str to ClipMarks
        Empty where the case has no documents.

    Raises
    ------
    AnnotationFormatError
        If one of the documents cannot be read.
    """
    heads = {**case.static_views, **case.clips}
    frames = tuple((clip_id, head.frames) for clip_id, head in sorted(heads.items()))
    return _read_marks(folder, case.manifest.id, frames, _signature(folder / case.manifest.id))


def _signature(folder: Path) -> Signature:
    """Return what changes when a document does."""
    stats = [(path.name, path.stat()) for path in sorted(folder.glob("*.json"))]
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


@functools.lru_cache(maxsize=16)
def _read_marks(
    folder: Path, case_id: str, frames: tuple[tuple[str, int], ...], _signature: Signature
) -> Mapping[str, ClipMarks]:
    documents = bundled_documents(case_id, folder)
    found = {clip_id: clip_marks(documents, clip_id, count) for clip_id, count in frames}
    return {clip_id: said for clip_id, said in found.items() if said.marks or said.annotated_frames}


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


def scene_mark(mark: DocumentMark, frames: int, document: AnnotationDocument) -> Mark:
    """Return a mark with its place on each of so many frames, in image pixels rounded to 0.1."""
    sightings = [mark.sighting(frame_index) for frame_index in range(frames)]
    red, green, blue = mark.style.colour.rgb
    return Mark(
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
    )


def _place(points_px: tuple[PointPx, ...]) -> MarkPlace:
    return tuple(round(value, 1) for point in points_px for value in point)
