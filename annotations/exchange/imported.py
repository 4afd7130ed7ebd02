"""What came out of a file of another program."""

import hashlib
from dataclasses import dataclass

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
    """

    format_name: str
    marks: tuple[Mark, ...]
    remarks: tuple[str, ...] = ()


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
