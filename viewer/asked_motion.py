"""What is measured in each clip of a case: the gap from the edges that its author placed, where she placed some."""

import functools
from collections.abc import Mapping
from pathlib import Path

from annotations.errors import AnnotationStoreError
from annotations.layers import BUNDLED_FOLDER, layer_states
from annotations.motion.placed_edges import request_of
from annotations.motion.result import MotionRequest
from annotations.store import AnnotationStore
from cases.case import Case
from viewer.mark_store import MarkStore

Signature = tuple[tuple[str, int, int], ...]


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
    case_id = case.manifest.id
    clips = tuple(clip.id for clip in case.manifest.clips)
    sequence = 0 if store is None else store.newest(case_id)
    return _read(case_id, clips, store, folder, (_signature(folder / case_id), sequence))


def _signature(folder: Path) -> Signature:
    """Return what changes when a document does."""
    stats = [(path.name, path.stat()) for path in sorted(folder.glob("*.json"))]
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


@functools.lru_cache(maxsize=16)
def _read(
    case_id: str,
    clips: tuple[str, ...],
    store: AnnotationStore | None,
    folder: Path,
    _state: tuple[Signature, int],
) -> Mapping[str, MotionRequest]:
    documents = [state.document for state in layer_states(case_id, store, folder=folder)]
    return {clip: request_of(documents, clip) for clip in clips}
