"""The chapters of a clip as an author set them, in place of those that were proposed or written in the case."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from annotations.part import AnnotationPart, FrameIndex, Identifier, ItemId

MAX_CHAPTERS = 100


class SetChapter(AnnotationPart):
    """One part of a contraction, from its first to its last frame index, both included and counted from 0."""

    name: Literal["rest", "contracting", "hold", "relaxing"]
    first_frame_index: FrameIndex
    last_frame_index: FrameIndex


class ClipChapters(AnnotationPart):
    """All chapters of one clip, in their order; frames between two chapters belong to none."""

    id: ItemId
    clip: Identifier
    chapters: Annotated[tuple[SetChapter, ...], Field(min_length=1, max_length=MAX_CHAPTERS)]

    @model_validator(mode="after")
    def _chapters_follow_each_other(self) -> Self:
        free_from = 0
        for chapter in self.chapters:
            if chapter.first_frame_index < free_from or chapter.last_frame_index < chapter.first_frame_index:
                raise ValueError(
                    f"chapter {chapter.name} overlaps the one before it, or ends before it begins"
                )
            free_from = chapter.last_frame_index + 1
        return self


def chapters_id(clip: str) -> str:
    """Return the id of the chapters of a clip; a clip has one set of them a layer.

    >>> chapters_id("long-axis")
    'chapters.long-axis'
    """
    return f"chapters.{clip}"[:64]
