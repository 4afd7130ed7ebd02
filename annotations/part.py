"""What every part of a document has in common: frozen, strict, and keeping what it does not know."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

MAX_COORDINATE_PX = 100_000.0
MAX_POINTS = 2_000

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
ItemId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
FrameIndex = Annotated[int, Field(ge=0, le=1_000_000)]
Coordinate = Annotated[float, Field(ge=-MAX_COORDINATE_PX, le=MAX_COORDINATE_PX, allow_inf_nan=False)]
PointPx = tuple[Coordinate, Coordinate]
PointsPx = Annotated[tuple[PointPx, ...], Field(min_length=1, max_length=MAX_POINTS)]
Share = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]


def printable(text: str) -> str:
    r"""Return a text that every exchange format can hold: no control characters but line breaks and tabs.

    Parameters
    ----------
    text : str
        Words of a person.

    Returns
    -------
    str
        The same words.

    Raises
    ------
    ValueError
        If a character cannot be written in XML.

    Examples
    --------
    >>> printable("gap\nat rest")
    'gap\nat rest'
    """
    if any(is_unwritable(character) for character in text):
        raise ValueError("a text has no control characters besides line breaks and tabs; take them out")
    return text


def is_unwritable(character: str) -> bool:
    """Tell whether a character is one that XML cannot hold, or that no person types."""
    if character in "\n\t":
        return False
    # U+FFFE, U+FFFF and their like in every plane are in category Cn but are no characters at all.
    return unicodedata.category(character) in ("Cc", "Cs") or ord(character) & 0xFFFE == 0xFFFE


Label = Annotated[str, Field(max_length=200), AfterValidator(printable)]
Prose = Annotated[str, Field(max_length=4_000), AfterValidator(printable)]


class AnnotationPart(BaseModel):
    """Base of every part: strict, frozen; fields of a newer version are kept and written again."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)
