"""The layers of a case as they stand now: the bundled seeds, and over them what the store keeps."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from annotations.clip_chapters import ClipChapters
from annotations.document import AnnotatedFrame, AnnotationDocument, Layer, LayerRole, read_document
from annotations.mark import Mark
from annotations.revision import Content, Revision
from annotations.store import AnnotationStore

BUNDLED_FOLDER = Path(__file__).parent / "bundled"

Item = TypeVar("Item", Mark, AnnotatedFrame, ClipChapters)


@dataclass(frozen=True, slots=True)
class LayerState:
    """One layer as it stands.

    Parameters
    ----------
    document : AnnotationDocument
        Its marks and annotated frames; where an item was changed in two places, the older of the two.
    heads : dict of str to tuple of str
        For each item that the store knows its present revisions: what the next gesture rests on.
    changed_elsewhere : dict of str to tuple of Revision
        Items with more than one present revision, all of which are kept until a gesture settles it.
    """

    document: AnnotationDocument
    heads: dict[str, tuple[str, ...]]
    changed_elsewhere: dict[str, tuple[Revision, ...]]


def bundled_documents(case: str, folder: Path = BUNDLED_FOLDER) -> tuple[AnnotationDocument, ...]:
    """Read the read-only documents that come with a case, one a layer.

    Parameters
    ----------
    case : str
        Id of the case.
    folder : Path
        Holds one folder a case.

    Returns
    -------
    tuple of AnnotationDocument
        Empty where the case has none.

    Raises
    ------
    AnnotationFormatError
        If one of them is not what it should be.
    """
    is_one_folder = re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", case) is not None
    paths = sorted((folder / case).glob("*.json")) if is_one_folder else []
    return tuple(read_document(path) for path in paths)


def layer_states(
    case: str, store: AnnotationStore | None = None, *, folder: Path = BUNDLED_FOLDER
) -> tuple[LayerState, ...]:
    """Return every layer of a case as it stands, in the order of their ids.

    Parameters
    ----------
    case : str
        Id of the case.
    store : AnnotationStore, optional
        What was drawn since; without it the bundled marks alone.
    folder : Path
        Where the bundled documents lie.

    Returns
    -------
    tuple of LayerState
        One for each layer.

    Raises
    ------
    AnnotationError
        If a bundled document or the store cannot be read.
    """
    seeds = {document.layer.id: document for document in bundled_documents(case, folder)}
    kept = {} if store is None else {layer: store.layer_heads(case, layer) for layer in store.layers(case)}
    return tuple(
        layer_state(case, layer, seeds.get(layer), kept.get(layer, {})) for layer in sorted({*seeds, *kept})
    )


def untitled_layer(layer: str) -> Layer:
    """Return a teacher's layer to which nobody gave a title: it is called after its id.

    >>> untitled_layer("teacher").title
    'Teacher'
    """
    return Layer(id=layer, title=layer.replace("-", " ").capitalize(), role=LayerRole.TEACHER)


def layer_state(
    case: str, layer: str, seed: AnnotationDocument | None, heads: dict[str, tuple[Revision, ...]]
) -> LayerState:
    """Lay what the store keeps of one layer over its seed."""
    shown = {item: revisions[0] for item, revisions in heads.items()}
    heading = next((r.content for r in shown.values() if isinstance(r.content, Layer)), None)
    if heading is None:
        heading = untitled_layer(layer) if seed is None else seed.layer
    document = AnnotationDocument(
        case=case,
        layer=heading,
        annotated_frames=_laid_over(seed.annotated_frames if seed else (), shown, AnnotatedFrame),
        marks=_laid_over(seed.marks if seed else (), shown, Mark),
        chapters=_laid_over(seed.chapters if seed else (), shown, ClipChapters),
    )
    if seed is not None:
        document = document.model_copy(update={"not_understood": seed.not_understood})
    ids = {item: tuple(revision.id for revision in revisions) for item, revisions in heads.items()}
    conflicts = {item: revisions for item, revisions in heads.items() if len(revisions) > 1}
    return LayerState(document, ids, conflicts)


def _laid_over(seeds: tuple[Item, ...], shown: dict[str, Revision], model: type[Item]) -> tuple[Item, ...]:
    """Return the seeds in their order, each as it stands now, then what was made since."""
    items: dict[str, Content | None] = {seed.id: seed for seed in seeds}
    items |= {item: revision.content for item, revision in shown.items() if revision.kind.model is model}
    return tuple(content for content in items.values() if isinstance(content, model))
