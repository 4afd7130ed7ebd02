"""What is measured in each clip of a case: the gap from the edges that its author placed, where she placed some."""

import functools
from collections.abc import Mapping
from pathlib import Path

from annotations.errors import AnnotationStoreError
from annotations.layers import BUNDLED_FOLDER
from annotations.motion.placed_request import Plane, request_of
from annotations.motion.result import MotionRequest
from annotations.store import AnnotationStore
from cases.case import Case
from viewer.layer_reading import LayersNow
from viewer.mark_store import MarkStore


def asked_motion(case: Case, marks: MarkStore) -> Mapping[str, MotionRequest]:
    """Return what is asked of each clip; where the database cannot be read, by the bundled marks alone."""
    try:
        return requests_of(case, store=marks.open())
    except AnnotationStoreError:
        return requests_of(case)  # the page says that the marks cannot be read


def requests_of(
    case: Case, folder: Path = BUNDLED_FOLDER, *, store: AnnotationStore | None = None
) -> Mapping[str, MotionRequest]:
    """Return what is asked of each clip of a case, by the ids of the clips.

    Parameters
    ----------
    case : Case
        An open case.
    folder : Path
        Holds one folder of bundled documents a case.
    store : AnnotationStore, optional
        What was drawn since; without it the bundled marks alone.
    """
    clips = tuple((clip.id, clip.plane) for clip in case.manifest.clips)
    return _read(LayersNow.of(case.manifest.id, store, folder), clips)


@functools.lru_cache(maxsize=16)
def _read(layers: LayersNow, clips: tuple[tuple[str, Plane], ...]) -> Mapping[str, MotionRequest]:
    documents = [state.document for state in layers.states()]
    return {clip: request_of(documents, clip, plane=plane) for clip, plane in clips}
