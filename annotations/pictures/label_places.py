"""Where labels stand in a picture: near their marks, off each other and off the finding, chosen once for a clip.

The same rules as in the player (``viewer/player/web/label_float.js``): each label takes its cheapest place beside
the others, in several orders, at a price for a long leader, for covered lines, for leaders over the finding or over
each other, and for standing on the picture proper rather than at its dark margin. Lengths are in pixels of the
picture, divided by its scale where they are weighed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""

ACROSS, DOWN = 40, 44
STEP_X_PX, STEP_Y_PX = 10.0, 8.0
EDGE_PX, GAP_PX = 4.0, 3.0
LEADER_COST, OVER_COST, INK_COST, REGION_COST = 0.11, 0.12, 0.07, 2.5
CLEAR_PX = np.array([-6.0, -6.0, 6.0, 6.0])
CROSS_COST, THROUGH_COST = 12.0, 40.0
# A label has a place in every picture: to cover another or the finding is only dearer than all else.
HIT_COST, FREE_COST = 1000.0, 300.0
ALONG = 9
OFFERS_MAX = 240
ROUNDS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Label:
    """One label that wants a place.

    Parameters
    ----------
    mark_id : str
        Its mark.
    width, height : float
        Its size, in pixels of the picture.
    feet : tuple of ndarray of float64, shape (feet, 2)
        Where its leader may meet the mark, on each of the two frames.
    """

    mark_id: str
    width: float
    height: float
    feet: tuple[Points, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """What labels keep off.

    Parameters
    ----------
    columns, rows : int
        Size of the picture, in pixels.
    scale : float
        Pixels of the picture for each pixel of the clip.
    ink : ndarray of int32, shape (rows + 1, columns + 1)
        Pixels of lines to the left and above of each place, as OpenCV's integral gives them.
    kept_free : sequence of boxes
        What no label should cover, on any frame.
    findings : sequence of sequences of boxes
        The finding on each of the two frames.
    region : box, optional
        The picture proper, beside which the margin is dark.
    """

    columns: int
    rows: int
    scale: float
    ink: NDArray[np.int32]
    kept_free: Sequence[Box] = ()
    findings: Sequence[Sequence[Box]] = ((), ())
    region: Box | None = None


@dataclass(frozen=True, slots=True)
class LabelPlace:
    """Where a label stands, and which of its mark's feet the leader goes to."""

    box: Box
    foot: int


@dataclass(frozen=True, slots=True, eq=False)
class _Offers:
    """Places of one label, cheapest first: boxes, what each costs by itself, its foot and its leader on each frame."""

    boxes: Points
    costs: Points
    feet: NDArray[np.intp]
    leaders: Points  # shape (offers, frames, 2, 2): edge of the label, foot


def place_labels(labels: Sequence[Label], around: Surroundings) -> dict[str, LabelPlace]:
    """Choose a place for every label.

    Returns
    -------
    dict of str to LabelPlace
        By the ids of the marks.
    """
    offers = [_offers_of(label, around) for label in labels]
    best: dict[int, int] = {}
    least = np.inf
    for order in _orders(len(labels)):
        chosen = _settled(offers, order)
        cost = sum(
            float(offers[at].costs[own]) + 0.5 * _tangle(offers, at, chosen)[own]
            for at, own in chosen.items()
        )
        if cost < least:
            best, least = chosen, cost
    return {
        labels[at].mark_id: LabelPlace(_box(offers[at].boxes[own]), int(offers[at].feet[own]))
        for at, own in best.items()
    }


def leader_of(box: Box, foot: Points) -> Points:
    """Return a leader: from the point of a label's edge that is nearest to the foot, to the foot."""
    return np.array([np.clip(foot, box[:2], box[2:]), foot])


def _orders(count: int) -> Iterator[list[int]]:
    """Who chooses before whom: as they come, the other way round, and some that are always the same."""
    given = list(range(count))
    yield given
    yield given[::-1]
    for turn in (2, 3, 5, 7):
        yield sorted(given, key=lambda at: (at + 1) * 7919 * turn % 101)


def _settled(offers: Sequence[_Offers], order: Sequence[int]) -> dict[int, int]:
    chosen: dict[int, int] = {}
    for _ in range(ROUNDS):
        for at in order:
            chosen.pop(at, None)
            chosen[at] = int(np.argmin(offers[at].costs + _tangle(offers, at, chosen)))
    return chosen


def _offers_of(label: Label, around: Surroundings) -> _Offers:
    boxes = _grid(label, around)
    feet = np.stack(label.feet)  # frames, feet, 2
    edges = np.clip(feet[None], boxes[:, None, None, :2], boxes[:, None, None, 2:])
    far = np.hypot(*np.moveaxis(edges - feet[None], -1, 0)) / around.scale  # offers, frames, feet
    weighed = far.mean(axis=1) + np.arange(feet.shape[1])  # the first feet are the best
    foot = np.argmin(weighed, axis=1)
    rows = np.arange(len(boxes))
    leaders = np.stack([edges[rows, :, foot], np.moveaxis(feet, 0, 1)[foot]], axis=2)
    costs = (
        weighed[rows, foot] * LEADER_COST
        + _ink_under(boxes, around) * INK_COST
        + _share_in(boxes, around.region) * REGION_COST
        + sum(_overlaps(boxes, other) * FREE_COST for other in around.kept_free)
        + _length_over(leaders, around) * OVER_COST
    )
    cheapest = np.argsort(costs, kind="stable")[:OFFERS_MAX]
    return _Offers(boxes[cheapest], costs[cheapest], foot[cheapest], leaders[cheapest])


def _grid(label: Label, around: Surroundings) -> Points:
    step_x = max(STEP_X_PX * around.scale, around.columns / ACROSS)
    step_y = max(STEP_Y_PX * around.scale, around.rows / DOWN)
    lefts = np.arange(EDGE_PX, max(EDGE_PX, around.columns - EDGE_PX - label.width) + 1, step_x)
    tops = np.arange(EDGE_PX, max(EDGE_PX, around.rows - EDGE_PX - label.height) + 1, step_y)
    left, top = (part.ravel() for part in np.meshgrid(lefts, tops))
    return np.stack([left, top, left + label.width, top + label.height], axis=1)


def _ink_under(boxes: Points, around: Surroundings) -> Points:
    """Pixels of lines under each box, as if they were one pixel wide at the scale of the clip."""
    left, top, right, bottom = np.moveaxis(np.round(boxes).astype(int), 1, 0)
    rows, columns = around.ink.shape
    right, bottom = np.clip(right, 0, columns - 1), np.clip(bottom, 0, rows - 1)
    left, top = np.clip(left, 0, columns - 1), np.clip(top, 0, rows - 1)
    ink = around.ink
    found = ink[bottom, right] - ink[top, right] - ink[bottom, left] + ink[top, left]
    return np.asarray(found / around.scale, dtype=np.float64)


def _share_in(boxes: Points, region: Box | None) -> Points:
    if region is None:
        return np.zeros(len(boxes))
    size = np.clip(np.minimum(boxes[:, 2:], region[2:]) - np.maximum(boxes[:, :2], region[:2]), 0, None)
    return np.asarray(size.prod(axis=1) / (boxes[:, 2:] - boxes[:, :2]).prod(axis=1))


def _overlaps(boxes: Points, other: Box) -> Points:
    apart = (boxes[:, :2] >= np.array(other[2:]) + GAP_PX) | (boxes[:, 2:] + GAP_PX <= np.array(other[:2]))
    return np.asarray(~apart.any(axis=1), dtype=np.float64)


def _length_over(leaders: Points, around: Surroundings) -> Points:
    """Length of the leaders of both frames that lies on the finding, at the scale of the clip."""
    over = np.zeros(len(leaders))
    shares = np.linspace(0, 1, ALONG + 2)[1:-1]
    for frame, findings in zip(range(leaders.shape[1]), around.findings, strict=False):
        start, end = leaders[:, frame, 0], leaders[:, frame, 1]
        along = start[:, None] + (end - start)[:, None] * shares[None, :, None]
        inside = np.zeros(along.shape[:2], dtype=bool)
        for box in findings:
            inside |= ((along > box[:2]) & (along < box[2:])).all(axis=2)
        over += inside.mean(axis=1) * np.hypot(*(end - start).T) / around.scale
    return over


def _tangle(offers: Sequence[_Offers], at: int, chosen: dict[int, int]) -> Points:
    """Say what each place of a label costs beside the labels that are there."""
    own = offers[at]
    cost = np.zeros(len(own.boxes))
    for other, index in chosen.items():
        if other == at:
            continue
        box = offers[other].boxes[index]
        cost += _overlaps(own.boxes, _box(box)) * HIT_COST
        for frame in range(min(own.leaders.shape[1], offers[other].leaders.shape[1])):
            leaders, across = own.leaders[:, frame], offers[other].leaders[index, frame]
            cost += _cross(leaders, across[None]) * CROSS_COST
            # Kept a little off: on the frames between the two a leader leads a little elsewhere.
            cost += _through(across[None], own.boxes + CLEAR_PX) * THROUGH_COST
            cost += _through(leaders, box[None] + CLEAR_PX) * THROUGH_COST
    return cost


def _cross(one: Points, other: Points) -> NDArray[np.bool_]:
    """Whether lines cross, each of shape (lines, 2, 2); lines that only touch do not."""
    a, b, c, d = one[:, 0], one[:, 1], other[:, 0], other[:, 1]
    return np.asarray((_turn(a, b, c) * _turn(a, b, d) < 0) & (_turn(c, d, a) * _turn(c, d, b) < 0))


def _turn(a: Points, b: Points, c: Points) -> Points:
    return np.asarray((b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0]))


def _through(leaders: Points, boxes: Points) -> NDArray[np.bool_]:
    """Whether leaders run through labels; of one of the two there may be only one."""
    corners = boxes[:, [[0, 1], [2, 1], [2, 3], [0, 3]]]
    crossed = [_cross(leaders, corners[:, [at, (at + 1) % 4]]) for at in range(4)]
    ends = ((leaders > boxes[:, None, :2]) & (leaders < boxes[:, None, 2:])).all(axis=2).any(axis=1)
    return np.asarray(np.logical_or.reduce([*crossed, ends]))


def _box(values: Points) -> Box:
    left, top, right, bottom = map(float, values)
    return left, top, right, bottom
