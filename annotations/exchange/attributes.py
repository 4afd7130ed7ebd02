"""What a mark says besides its shape, as named texts: for the formats that have no fields of their own for it."""

from collections.abc import Mapping
from typing import Any

from annotations.concept import Concept
from annotations.exchange.imported import cleaned, id_from
from annotations.mark import Colour, Kind, LineKind, Mark, MarkSource, Style
from annotations.track import Place, Track

NAMES = ("id", "kind", "text", "note", "author", "scheme", "code", "meaning", "colour", "line", "place")


def attributes_of(mark: Mark) -> dict[str, str]:
    """Return what CVAT and COCO have no field for, by the name of the attribute; what is empty is left out."""
    concept = mark.concept
    place = mark.place.between if isinstance(mark.place, Track) else mark.place.on
    values = (
        mark.id,
        mark.kind.value,
        mark.label,
        mark.note,
        mark.author,
        concept.scheme if concept else "",
        concept.code if concept else "",
        concept.meaning if concept else "",
        mark.style.colour.value,
        mark.style.line.value,
        place,
    )
    return {name: value for name, value in zip(NAMES, values, strict=True) if value}


def class_of(mark: Mark) -> str:
    """Name of the class of a mark in other programs: what it is, not which one it is."""
    return mark.concept.meaning if mark.concept is not None else mark.kind.value


def mark_said(name: str, clip: str, kind: Kind, said: Mapping[str, Any], place: Place) -> Mark:
    """Make a mark of a shape and what the file says of it.

    Parameters
    ----------
    name : str
        What tells the mark from the others of the file.
    clip : str
        Id of the clip.
    kind : Kind
        What it is.
    said : mapping of str to any
        Attributes as `attributes_of` names them; of a mark of another program, ``text`` is the name of its class.
    place : Place
        Where it lives.

    Returns
    -------
    Mark
        With its texts shortened and cleaned where another program allows more than we do.
    """
    return Mark(
        id=id_from(name),
        clip=clip,
        kind=kind,
        label=cleaned(_text(said, "text"), 200),
        concept=_concept(said),
        note=cleaned(_text(said, "note"), 4_000),
        author=cleaned(_text(said, "author"), 200),
        source=MarkSource.IMPORTED,
        style=_style(said),
        place=place,
    )


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return "" if value is None else str(value)


def _concept(said: Mapping[str, Any]) -> Concept | None:
    scheme, code, meaning = (cleaned(_text(said, name), 64) for name in ("scheme", "code", "meaning"))
    return Concept(scheme=scheme[:16], code=code, meaning=meaning or code) if scheme and code else None


def _style(said: Mapping[str, Any]) -> Style:
    default = Style()
    colour, line = _text(said, "colour"), _text(said, "line")
    return Style(
        colour=Colour(colour) if colour in {known.value for known in Colour} else default.colour,
        line=LineKind(line) if line in {known.value for known in LineKind} else default.line,
    )
