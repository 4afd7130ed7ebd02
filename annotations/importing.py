"""What was read from a file becomes a layer of the store: all of it or nothing, and out again in one step."""

import uuid
from collections.abc import Mapping

from annotations.document import Layer, LayerRole
from annotations.exchange.imported import Imported
from annotations.revision import Content, Gesture, ItemKind, Revision
from annotations.store import AnnotationStore

Heads = Mapping[str, tuple[Revision, ...]]


def keep_imported(
    store: AnnotationStore, imported: Imported, *, case: str, layer: Layer, author: str = ""
) -> tuple[Gesture, ...]:
    """Keep what was read from a file in a layer, in one transaction.

    Parameters
    ----------
    store : AnnotationStore
        Where the layer is, or comes to be.
    imported : Imported
        Marks and annotated frames.
    case : str
        Id of the case.
    layer : Layer
        The layer; one that the store knows already keeps its own title, and an item of the same id is replaced.
    author : str
        Who imports.

    Returns
    -------
    tuple of Gesture
        What was kept.

    Raises
    ------
    AnnotationStoreError
        If the database cannot be written; then nothing of it is kept.
    """
    heads = store.layer_heads(case, layer.id)
    contents: list[tuple[ItemKind, Content]] = [(ItemKind.MARK, mark) for mark in imported.marks]
    contents += [(ItemKind.FRAME, frame) for frame in imported.frames]
    if not _is_there(heads.get(layer.id, ())):
        contents.insert(0, (ItemKind.LAYER, layer))
    gestures = tuple(
        Gesture(
            id=str(uuid.uuid4()),
            case=case,
            layer=layer.id,
            item=content.id,
            kind=kind,
            bases=tuple(head.id for head in heads.get(content.id, ())),
            author=author,
            content=content,
        )
        for kind, content in contents
    )
    store.keep_together(gestures)
    return gestures


def delete_layer(store: AnnotationStore, *, case: str, layer: str, author: str = "") -> tuple[Gesture, ...]:
    """Delete every item of a layer in one transaction; each can be restored from its history.

    Returns
    -------
    tuple of Gesture
        The deletions; empty where the store has nothing of the layer.

    Raises
    ------
    AnnotationStoreError
        If the database cannot be written; then nothing is deleted.
    """
    gestures = tuple(
        Gesture(
            id=str(uuid.uuid4()),
            case=case,
            layer=layer,
            item=item,
            kind=revisions[0].kind,
            bases=tuple(revision.id for revision in revisions),
            author=author,
        )
        for item, revisions in store.layer_heads(case, layer).items()
        if _is_there(revisions)
    )
    if gestures:
        store.keep_together(gestures)
    return gestures


def free_layer(store: AnnotationStore, case: str, taken: frozenset[str], title: str) -> Layer:
    """Return a new layer for a file: *imported*, *imported-2* and so on, the first that is not there.

    Parameters
    ----------
    store : AnnotationStore
        Knows the layers that were drawn.
    case : str
        Id of the case.
    taken : frozenset of str
        Ids of layers that are not in the store, such as bundled ones.
    title : str
        What people read.
    """
    known = taken | {name for name in store.layers(case) if _has_anything(store, case, name)}
    number = next(n for n in range(1, len(known) + 2) if _name(n) not in known)
    return Layer(id=_name(number), title=title, role=LayerRole.TEACHER)


def _name(number: int) -> str:
    return "imported" if number == 1 else f"imported-{number}"


def _has_anything(store: AnnotationStore, case: str, layer: str) -> bool:
    return any(_is_there(revisions) for revisions in store.layer_heads(case, layer).values())


def _is_there(revisions: tuple[Revision, ...]) -> bool:
    return any(revision.content is not None for revision in revisions)
