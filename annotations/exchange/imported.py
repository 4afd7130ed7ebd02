"""What a file of another program is read for, and what came out of it."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from annotations.document import AnnotatedFrame, Layer
from annotations.errors import ImportRefusedError
from annotations.exchange.clip_facts import ClipFacts
from annotations.mark import Mark
from annotations.part import is_unwritable

ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


@dataclass(frozen=True, slots=True)
class Imported:
    """Marks that were taken over, and what could not be.

    Parameters
    ----------
    format_name : str
        What kind of file it was, for people.
    marks : tuple of Mark
        At least one.
    remarks : tuple of str
        What a reader must know: what was left out or changed, in sentences.
    frames : tuple of AnnotatedFrame
        Annotated frames, which only our own JSON holds.
    layer : Layer or None
        The layer that the file was, where it says so.
    """

    format_name: str
    marks: tuple[Mark, ...]
    remarks: tuple[str, ...] = ()
    frames: tuple[AnnotatedFrame, ...] = ()
    layer: Layer | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One file that is being read.

    Parameters
    ----------
    name : str
        What the file is called in messages.
    clip : str
        Id of the clip that the marks shall lie on.
    facts : ClipFacts or None
        What is known of that clip; a file that was made for other pictures is then refused.
    case : str
        Id of the case of that clip; "" for a clip of none, or where no other clip is wanted.
    other_clips : frozenset of str
        Ids of the other clips of the case: our own JSON of the same case brings its marks on them too.
    remarks : list of str
        What was left out or changed, as it is met.
    """

    name: str
    clip: str
    facts: ClipFacts | None = None
    case: str = ""
    other_clips: frozenset[str] = frozenset()
    remarks: list[str] = field(default_factory=list)

    def check_size(self, columns: object, rows: object) -> None:
        """Refuse a file of pictures of another size than the clip's.

        Raises
        ------
        ImportRefusedError
            If the size is another.
        """
        if self.facts is not None and (columns, rows) != (self.facts.columns, self.facts.rows):
            raise ImportRefusedError(
                f"{self.name}: the marks are of pictures of {columns} × {rows} pixels, the clip has "
                f"{self.facts.columns} × {self.facts.rows}; choose the clip that they were made for."
            )

    def possible(self, marks: Iterable[Mark]) -> Iterator[Mark]:
        """Take marks up to the first whose frames or points are impossible, and remark that it was left out."""
        try:
            yield from marks
        except (ValueError, IndexError, OverflowError):
            self.remarks.append("A mark whose frames or points are impossible was left out.")

    def imported(self, format_name: str, marks: Iterable[Mark], otherwise: str) -> Imported:
        """Return what was read, with every remark once.

        Parameters
        ----------
        format_name : str
            What kind of file it is, for people.
        marks : iterable of Mark
            What was found.
        otherwise : str
            Why there may be none, where no remark says it.

        Raises
        ------
        ImportRefusedError
            If there is no mark.
        """
        found = tuple(marks)
        if self.facts is not None:
            last = self.facts.frames - 1
            late = sum(mark.clip == self.clip and mark.place.frame_span[0] > last for mark in found)
            if late:
                self.remarks.append(
                    f"Beyond the last frame of the clip, so never shown: {marks_in_words(late)}."
                )
        remarks = tuple(dict.fromkeys(self.remarks))
        if not found:
            said = " ".join(remarks) or otherwise
            raise ImportRefusedError(f"{self.name}: no mark can be taken from this {format_name}. {said}")
        return Imported(format_name, found, remarks)


def marks_in_words(count: int) -> str:
    """Count marks for people.

    >>> marks_in_words(1), marks_in_words(2)
    ('1 mark', '2 marks')
    """
    return "1 mark" if count == 1 else f"{count} marks"


Content = TypeVar("Content", contravariant=True)


class Reader(Protocol[Content]):
    """Takes the marks out of one kind of file.

    Every reader raises `ImportRefusedError`, in one sentence that names the file, for what is no such file, was
    made for other pictures, or holds nothing that can be a mark; what it leaves out of the rest it remarks.
    """

    def __call__(self, content: Content, reading: Reading, /) -> Imported:
        """Return the marks, at least one."""


def id_from(name: str) -> str:
    """Make the id of a mark from a name in a file; a name that is an id already stays as it is.

    Parameters
    ----------
    name : str
        Any text that tells the marks of the file apart.

    Returns
    -------
    str
        The same id for the same name.

    Examples
    --------
    >>> id_from("gap"), len(id_from("the gap")) <= 64
    ('gap', True)
    """
    if name and len(name) <= 64 and set(name) <= ALLOWED and name[0].isalnum():
        return name
    return "imported-" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def cleaned(text: str, limit: int) -> str:
    """Make a text of another program one of ours: no control characters, and no longer than the limit."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(character for character in lines if not is_unwritable(character))
    return kept.strip()[:limit]
