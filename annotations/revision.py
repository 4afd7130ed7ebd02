"""A gesture and the revision that it becomes: append-only, named by the client, resting on what it replaces."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from annotations.clip_chapters import ClipChapters
from annotations.document import AnnotatedFrame, Layer
from annotations.mark import Mark
from annotations.part import AnnotationPart, Identifier, ItemId, Label

Content = Mark | AnnotatedFrame | Layer | ClipChapters
Model = type[Mark] | type[AnnotatedFrame] | type[Layer] | type[ClipChapters]


class ItemKind(StrEnum):
    """What a gesture is about."""

    MARK = "mark"
    FRAME = "frame"
    LAYER = "layer"
    CHAPTERS = "chapters"

    @property
    def model(self) -> Model:
        """The model of its content."""
        return _MODELS[self]


_MODELS: dict[ItemKind, Model] = {
    ItemKind.MARK: Mark,
    ItemKind.FRAME: AnnotatedFrame,
    ItemKind.LAYER: Layer,
    ItemKind.CHAPTERS: ClipChapters,
}


class Gesture(AnnotationPart):
    """One finished act of an author: a mark, an annotated frame, a layer or the chapters of a clip made, changed or deleted.

    ``id`` is made by the client and names the revision for ever, so that a gesture sent twice is kept once.
    ``bases`` are the revisions of the same item that the author saw and replaces: none for a new item, more than
    one to settle a conflict. ``content`` is None where the item is deleted.
    """

    id: ItemId
    case: Identifier
    layer: Identifier
    item: ItemId
    kind: ItemKind
    bases: Annotated[tuple[ItemId, ...], Field(max_length=100)] = ()
    author: Label = ""
    content: Content | None = None

    @model_validator(mode="after")
    def _content_is_of_its_item(self) -> Self:
        if self.content is not None and not isinstance(self.content, self.kind.model):
            raise ValueError(f"the content is not a {self.kind}")
        if self.content is not None and self.content.id != self.item:
            raise ValueError(f"the content is “{self.content.id}”, but the gesture is about “{self.item}”")
        if self.id in self.bases:
            raise ValueError("a gesture cannot rest on itself")
        return self


@dataclass(frozen=True, slots=True)
class Revision:
    """A gesture that was kept.

    Parameters
    ----------
    sequence : int
        Order in which the store kept it.
    id, case, layer, item : str
        As in the gesture.
    kind : ItemKind
        What it is about.
    bases : tuple of str
        Revisions that it replaces.
    author : str
        Who made it.
    written_at : str
        Time of the store's clock, ISO 8601 in UTC.
    content : Mark, AnnotatedFrame, Layer, ClipChapters or None
        None where the item was deleted.
    """

    sequence: int
    id: str
    case: str
    layer: str
    item: str
    kind: ItemKind
    bases: tuple[str, ...]
    author: str
    written_at: str
    content: Content | None


@dataclass(frozen=True, slots=True)
class Kept:
    """The acknowledgement of a gesture: given only after the commit.

    Parameters
    ----------
    id : str
        The gesture.
    sequence : int
        Its place in the order of the store.
    heads : tuple of str
        Revisions of the item that nothing replaces, the oldest first.
    was_known : bool
        Whether it had been kept before.
    """

    id: str
    sequence: int
    heads: tuple[str, ...]
    was_known: bool = False

    @property
    def changed_elsewhere(self) -> bool:
        """Whether somebody else changed the item meanwhile; both are kept until a gesture settles it."""
        return len(self.heads) > 1
