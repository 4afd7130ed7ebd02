"""The borders of a muscle that an author placed: the two lines that she called fascia, one below the other."""

from collections.abc import Iterable

import numpy as np

from annotations.concept import CONCEPTS, Term
from annotations.mark import Kind, Mark
from annotations.motion.border_tracking import Border
from annotations.motion.errors import PlaceError
from annotations.motion.placed_edges import placings


def placed_borders(marks: Iterable[Mark]) -> tuple[Border, Border] | None:
    """Return the superficial and the deep border on the first frame on which both were placed.

    Parameters
    ----------
    marks : iterable of Mark
        Marks of one clip.

    Returns
    -------
    tuple of Border or None
        None unless exactly two lines carry the concept of a fascia and were placed on a common frame; frames to which
        the tissue carried them, or that lie between two key frames, do not count.
    """
    lines = [dict(placings(mark)) for mark in marks if _is_fascia(mark)]
    if len(lines) != 2:
        return None
    common = sorted(lines[0].keys() & lines[1].keys())
    if not common:
        return None
    upper, lower = sorted(
        (line[common[0]] for line in lines), key=lambda points: float(np.mean(points, axis=0)[1])
    )
    try:
        return Border(common[0], upper), Border(common[0], lower)
    except PlaceError:
        return None  # a line that does not go across the picture bounds no thickness


def _is_fascia(mark: Mark) -> bool:
    fascia, said = CONCEPTS[Term.FASCIA], mark.concept
    named = said is not None and (said.scheme, said.code) == (fascia.scheme, fascia.code)
    return named and mark.kind is Kind.POLYLINE
