"""The stump edges that an author placed: the two ends of the caliper that she laid across the gap."""

import math
from collections.abc import Iterable, Iterator

from annotations.concept import CONCEPTS, Term
from annotations.mark import Kind, Mark
from annotations.motion.stump import StumpEdges
from annotations.part import PointsPx
from annotations.track import OnFrame, OnRange

MIN_APART_PX = 1.0


def placed_edges(marks: Iterable[Mark]) -> StumpEdges | None:
    """Return the ends of the caliper across the gap on the frame where it was placed widest.

    Parameters
    ----------
    marks : iterable of Mark
        Marks of one clip.

    Returns
    -------
    StumpEdges or None
        None where no caliper carries the concept of the gap. Frames to which the tissue carried it, or that lie
        between two key frames, do not count: nobody placed an edge there.
    """
    calipers = (mark for mark in marks if mark.kind is Kind.CALIPER and _means_the_gap(mark))
    placed = [one for mark in calipers for one in placings(mark) if math.dist(*one[1]) >= MIN_APART_PX]
    if not placed:
        return None
    frame_index, points_px = max(placed, key=lambda one: math.dist(*one[1]))
    left_px, right_px = sorted(points_px)
    return StumpEdges(frame_index, left_px, right_px)


def _means_the_gap(mark: Mark) -> bool:
    gap, said = CONCEPTS[Term.GAP], mark.concept
    return said is not None and (said.scheme, said.code) == (gap.scheme, gap.code)


def placings(mark: Mark) -> Iterator[tuple[int, PointsPx]]:
    """Iterate over the frames on which somebody placed a mark, and its points there."""
    place = mark.place
    if isinstance(place, OnFrame):
        yield place.frame_index, place.points_px
    elif isinstance(place, OnRange):
        yield place.first_frame_index, place.points_px
    else:
        yield from ((key.frame_index, key.points_px) for key in place.keys if not key.outside)
