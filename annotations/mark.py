"""A mark: what is drawn on a clip, what it means, who drew it, and where it lives."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Self

from pydantic import model_validator

from annotations.concept import Concept
from annotations.part import AnnotationPart, Identifier, ItemId, Label, PointPx, Prose
from annotations.track import Place, Sighting, Track


class Kind(StrEnum):
    """What a mark is, and in which order its points stand.

    ``point``, ``text`` one point; ``arrow`` tail, tip; ``caliper`` start, end; ``angle`` end of one arm,
    vertex, end of the other; ``polyline`` two or more; ``polygon``, ``area`` and ``tissue`` three or more,
    closed by themselves; ``ellipse`` centre and the ends of two conjugate half diameters, so that it is
    ``centre + (first - centre) cos t + (second - centre) sin t`` and any affine motion carries it by them.
    """

    POINT = "point"
    ARROW = "arrow"
    POLYLINE = "polyline"
    POLYGON = "polygon"
    ELLIPSE = "ellipse"
    TEXT = "text"
    CALIPER = "caliper"
    ANGLE = "angle"
    AREA = "area"
    TISSUE = "tissue"

    @property
    def is_closed(self) -> bool:
        """Whether the points are an outline that closes by itself."""
        return self in (Kind.POLYGON, Kind.AREA, Kind.TISSUE)

    @property
    def point_count(self) -> tuple[int, int | None]:
        """Fewest and most points; None for no most.

        >>> Kind.CALIPER.point_count, Kind.TISSUE.point_count
        ((2, 2), (3, None))
        """
        return _POINT_COUNTS[self]


_POINT_COUNTS: dict[Kind, tuple[int, int | None]] = {
    Kind.POINT: (1, 1),
    Kind.ARROW: (2, 2),
    Kind.POLYLINE: (2, None),
    Kind.POLYGON: (3, None),
    Kind.ELLIPSE: (3, 3),
    Kind.TEXT: (1, 1),
    Kind.CALIPER: (2, 2),
    Kind.ANGLE: (3, 3),
    Kind.AREA: (3, None),
    Kind.TISSUE: (3, None),
}


class Colour(StrEnum):
    """Colours that stay apart for colour-blind readers.

    References
    ----------
    Okabe M, Ito K (2008), "Color Universal Design".
    """

    SKY_BLUE = "sky-blue"
    ORANGE = "orange"
    BLUISH_GREEN = "bluish-green"
    YELLOW = "yellow"
    BLUE = "blue"
    VERMILLION = "vermillion"
    REDDISH_PURPLE = "reddish-purple"
    WHITE = "white"

    @property
    def rgb(self) -> tuple[int, int, int]:
        """Red, green and blue, 0 to 255."""
        return _RGB[self]


_RGB = {
    Colour.SKY_BLUE: (86, 180, 233),
    Colour.ORANGE: (230, 159, 0),
    Colour.BLUISH_GREEN: (0, 158, 115),
    Colour.YELLOW: (240, 228, 66),
    Colour.BLUE: (0, 114, 178),
    Colour.VERMILLION: (213, 94, 0),
    Colour.REDDISH_PURPLE: (204, 121, 167),
    Colour.WHITE: (255, 255, 255),
}


class LineKind(StrEnum):
    """How a line is broken, so that colour is never the only difference."""

    SOLID = "solid"
    DASHED = "dashed"
    DOTTED = "dotted"


class Style(AnnotationPart):
    """How a mark looks; every line has a dark and a light outline besides."""

    colour: Colour = Colour.YELLOW
    line: LineKind = LineKind.SOLID


class MarkSource(StrEnum):
    """Where a mark came from."""

    DRAWN = "drawn"
    SIMULATION = "simulation"
    IMPORTED = "imported"


class Mark(AnnotationPart):
    """One drawn thing. ``clip`` is the id of the clip in its case; the layer is that of the document."""

    id: ItemId
    clip: Identifier
    kind: Kind
    label: Label = ""
    concept: Concept | None = None
    note: Prose = ""
    author: Label = ""
    source: MarkSource = MarkSource.DRAWN
    style: Style = Style()
    place: Place

    @model_validator(mode="after")
    def _has_the_points_of_its_kind(self) -> Self:
        for points_px in self.every_points_px():
            check_points(self.kind, points_px)
        return self

    def every_points_px(self) -> tuple[tuple[PointPx, ...], ...]:
        """Return the points of each frame that is written down."""
        if isinstance(self.place, Track):
            return self.place.every_points_px()
        return (self.place.points_px,)

    def sighting(self, frame_index: int) -> Sighting | None:
        """Return the mark as it is shown on a frame, counted from 0; None where it is not shown."""
        return self.place.sighting(frame_index)


def check_points(kind: Kind, points_px: Sequence[PointPx]) -> None:
    """Check that a kind of mark can have these points.

    Raises
    ------
    ValueError
        If there are too few or too many.
    """
    fewest, most = kind.point_count
    if len(points_px) < fewest or (most is not None and len(points_px) > most):
        wanted = f"{fewest}" if most == fewest else f"at least {fewest}"
        raise ValueError(f"{kind} has {wanted} points, not {len(points_px)}")
