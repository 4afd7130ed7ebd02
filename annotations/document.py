"""The marks of one layer of one case as a document: read, checked, and written to read well in a diff."""

import json
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

from pydantic import BaseModel, Field, JsonValue, ValidationError, model_validator

from annotations.clip_chapters import ClipChapters
from annotations.errors import AnnotationFormatError
from annotations.json_layout import diff_friendly
from annotations.mark import Mark
from annotations.migration import SCHEMA_VERSION, migrated, version_of
from annotations.part import AnnotationPart, FrameIndex, Identifier, ItemId, Label, Prose

Part = TypeVar("Part", bound=BaseModel)

MAX_DOCUMENT_BYTES = 64 * 1024 * 1024


class LayerRole(StrEnum):
    """Whose marks a layer holds."""

    TEACHER = "teacher"
    STUDENT = "student"
    READER = "reader"


class Layer(AnnotationPart):
    """One sheet of marks, such as *teacher*, *student* or *reader 1*."""

    id: Identifier
    title: Label
    role: LayerRole


class AnnotatedFrame(AnnotationPart):
    """A frame worth stopping at: one picture of the filmstrip, with a text for those who cannot see it."""

    id: ItemId
    clip: Identifier
    frame_index: FrameIndex
    title: Annotated[Label, Field(min_length=1)]
    text_alternative: Annotated[Prose, Field(min_length=1)]


class AnnotationDocument(AnnotationPart):
    """All marks of one layer of one case.

    ``not_understood`` holds, by the name of the list that they stood in, the marks and frames of a newer
    version that this version cannot read; they are written again as they came.
    """

    schema_version: Annotated[int, Field(ge=SCHEMA_VERSION)] = SCHEMA_VERSION
    case: Identifier
    layer: Layer
    annotated_frames: tuple[AnnotatedFrame, ...] = ()
    marks: tuple[Mark, ...] = ()
    chapters: tuple[ClipChapters, ...] = ()
    not_understood: dict[str, list[JsonValue]] = Field(exclude=True, default_factory=dict)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        parts = (self.annotated_frames, self.marks, self.chapters)
        counts = Counter(item.id for items in parts for item in items)
        twice = next((name for name, count in counts.items() if count > 1), None)
        if twice is not None:
            raise ValueError(
                f"the id “{twice}” is used twice; each mark, frame and set of chapters needs its own"
            )
        return self

    def marks_of(self, clip: str) -> tuple[Mark, ...]:
        """Return the marks of one clip, in their order."""
        return tuple(mark for mark in self.marks if mark.clip == clip)

    def frames_of(self, clip: str) -> tuple[AnnotatedFrame, ...]:
        """Return the annotated frames of one clip, in the order of the clip."""
        frames = (frame for frame in self.annotated_frames if frame.clip == clip)
        return tuple(sorted(frames, key=lambda frame: frame.frame_index))


def read_document(path: Path) -> AnnotationDocument:
    """Read and check one document.

    Parameters
    ----------
    path : Path
        A JSON file.

    Returns
    -------
    AnnotationDocument
        The document, in the present version.

    Raises
    ------
    AnnotationFormatError
        If it cannot be read or is not one of our documents; the message names the file and the key.
    """
    try:
        if path.stat().st_size > MAX_DOCUMENT_BYTES:
            raise AnnotationFormatError(f"{path}: the document is larger than 64 MiB; split it into layers.")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise AnnotationFormatError(
            f"{path}: the document cannot be read ({error.strerror}); check its name and permissions."
        ) from error
    except UnicodeDecodeError as error:
        raise AnnotationFormatError(
            f"{path}: this is not a text in UTF-8; export the marks again."
        ) from error
    return parse_document(text, str(path))


def parse_document(text: str, name: str = "the document") -> AnnotationDocument:
    """Check the text of a document.

    Parameters
    ----------
    text : str
        JSON.
    name : str
        What the document is called in messages.

    Returns
    -------
    AnnotationDocument
        The document.

    Raises
    ------
    AnnotationFormatError
        If it is not JSON, not one of our documents, or a value in it is impossible.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise AnnotationFormatError(f"{name}: this is not JSON ({error}); export the marks again.") from error
    if not isinstance(content, dict):
        raise AnnotationFormatError(f"{name}: this is not one of our documents; a document is a JSON object.")
    content = migrated(content, name)
    content.pop("not_understood", None)
    unknown = _taken_out(content) if version_of(content) > SCHEMA_VERSION else {}
    document = validated(AnnotationDocument, content, name)
    return document.model_copy(update={"not_understood": unknown}) if unknown else document


def validated(model: type[Part], content: JsonValue, name: str) -> Part:
    """Check one part of a document against its model.

    Raises
    ------
    AnnotationFormatError
        If a key is missing or wrong; the message names the first one.
    """
    try:
        # Through JSON, because strict models take a list for a tuple only there.
        return model.model_validate_json(json.dumps(content))
    except (ValidationError, ValueError) as error:
        raise AnnotationFormatError(
            f"{name}: {_first_problem(error)} Correct it and read it again."
        ) from error


def content_of(part: AnnotationPart) -> dict[str, Any]:
    """Return a part as the JSON object that stands in a document."""
    content: dict[str, Any] = json.loads(part.model_dump_json())
    return content


def document_text(document: AnnotationDocument) -> str:
    """Write a document as JSON, one mark a group of lines, in the order of the document."""
    content = json.loads(document.model_dump_json())
    if not document.chapters:
        del content["chapters"]
    for name, parts in document.not_understood.items():
        content[name] = [*content.get(name, []), *parts]
    return diff_friendly(content)


def document_schema() -> str:
    """Return the JSON Schema of a document, as published in ``annotations/annotation.schema.json``."""
    schema = AnnotationDocument.model_json_schema()
    schema["properties"].pop("not_understood")
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _taken_out(content: dict[str, JsonValue]) -> dict[str, list[JsonValue]]:
    """Take the parts of a newer version that this version cannot read out of their lists."""
    unknown: dict[str, list[JsonValue]] = {}
    lists = (("marks", Mark), ("annotated_frames", AnnotatedFrame), ("chapters", ClipChapters))
    for name, model in lists:
        parts = content.get(name)
        if not isinstance(parts, list):
            continue
        readable = [_is_readable(model, part) for part in parts]
        strange = [part for part, is_readable in zip(parts, readable, strict=True) if not is_readable]
        if strange:
            unknown[name] = strange
            content[name] = [part for part, good in zip(parts, readable, strict=True) if good]
    return unknown


def _is_readable(model: type[BaseModel], part: JsonValue) -> bool:
    try:
        model.model_validate_json(json.dumps(part))
    except ValidationError:
        return False
    return True


def _first_problem(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return "a value cannot be written as JSON."
    problem = error.errors(include_url=False)[0]
    key = "".join(
        f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in problem["loc"]
    ).removeprefix(".")
    message = problem["msg"].removeprefix("Value error, ")
    return f"key {key}: {message}." if key else f"{message}."
