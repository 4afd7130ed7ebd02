"""What a file is, before its frames are read: the child's answer to a first look, checked."""

import re
from dataclasses import dataclass
from typing import Any

from cases.clip import Container

MAX_REFERENCES = 20_000
_HASH = re.compile(r"[0-9a-f]{64}")
_SAFE_PART = re.compile(r"[\w+-][\w.+ -]{0,63}")


@dataclass(frozen=True, slots=True)
class Reference:
    """One file that the index of a disc names.

    Parameters
    ----------
    name : str or None
        Its path below the index's folder; None where the index leads outside it.
    instance : str or None
        Equal to the ``instance`` of the file that is meant; None where the index does not say.
    """

    name: str | None
    instance: str | None


@dataclass(frozen=True, slots=True)
class Glance:
    """What a file is, before its frames are read.

    Parameters
    ----------
    container : Container
        Kind of file.
    series : str or None
        Equal for the slices of one series.
    carries_identity : bool
        Whether the header still names a person.
    instance : str or None
        Equal for files that claim to be the same DICOM object; no identifier can be read from it.
    references : tuple of Reference or None
        What the index of a disc (DICOMDIR) names, in its order; None for other files.
    """

    container: Container
    series: str | None
    carries_identity: bool
    instance: str | None = None
    references: tuple[Reference, ...] | None = None


def glance_from_json(content: dict[str, Any]) -> Glance:
    """Check what the child says about a file.

    Raises
    ------
    KeyError, TypeError, ValueError
        If it is no such answer.
    """
    found = content["references"]
    return Glance(
        container=Container(content["container"]),
        series=_hash(content["series"]),
        carries_identity=content["carries_identity"] is True,
        instance=_hash(content["instance"]),
        references=None if found is None else tuple(_reference(one) for one in found[:MAX_REFERENCES]),
    )


def _reference(content: dict[str, Any]) -> Reference:
    parts = content["parts"]
    is_safe = len(parts) > 0 and all(isinstance(part, str) and _SAFE_PART.fullmatch(part) for part in parts)
    return Reference("/".join(parts) if is_safe else None, _hash(content["instance"]))


def _hash(found: object) -> str | None:
    return found if isinstance(found, str) and _HASH.fullmatch(found) else None
