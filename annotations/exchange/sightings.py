"""Marks as lists of what is seen on which frame, and back: the form that most formats have."""

from collections.abc import Iterable, Mapping
from itertools import pairwise

import numpy as np

from annotations.mark import Mark
from annotations.part import PointPx
from annotations.track import KeyFrame, KeySource, OnFrame, OnRange, Place, Sighting, Track

PointList = tuple[PointPx, ...]


def seen_frames(mark: Mark, frames: int) -> dict[int, Sighting]:
    """Return every frame of a clip on which a mark is shown, and how, by frame index."""
    first, last = mark.place.frame_span
    found = ((index, mark.sighting(index)) for index in range(first, min(last, frames - 1) + 1))
    return {index: sighting for index, sighting in found if sighting is not None}


def key_frames(mark: Mark, frames: int) -> dict[int, Sighting]:
    """Return the frames on which a person or the truth put a mark; of a range, its first one."""
    if isinstance(mark.place, Track):
        indices = [key.frame_index for key in mark.place.keys if not key.outside]
    else:
        indices = [mark.place.frame_span[0]]
    found = ((index, mark.sighting(index)) for index in indices if index < frames)
    return {index: sighting for index, sighting in found if sighting is not None}


def place_of(seen: Mapping[int, PointList], *, with_gaps: bool = True) -> Place:
    """Make a place in a clip of what was seen on which frame.

    Parameters
    ----------
    seen : mapping of int to points
        For each frame index the points; at least one. Outlines may have different numbers of points.
    with_gaps : bool
        Whether a frame that is missing between two others means that the mark was not seen there; otherwise the
        frames given are key frames and the rest lies between them.

    Returns
    -------
    Place
        One frame, a range of equal ones, or a track.
    """
    indices = sorted(seen)
    if len(indices) == 1:
        return OnFrame(frame_index=indices[0], points_px=seen[indices[0]])
    first, last = indices[0], indices[-1]
    if with_gaps and last - first + 1 == len(indices) and len(set(seen.values())) == 1:
        return OnRange(first_frame_index=first, last_frame_index=last, points_px=seen[first])
    most = max(len(points) for points in seen.values())
    keys = {index: _key(index, with_corners(seen[index], most)) for index in indices}
    if with_gaps:
        for before, after in pairwise(indices):
            if after > before + 1:
                gap = keys[before].model_copy(update={"frame_index": before + 1, "outside": True})
                keys[before + 1] = gap
    return Track(keys=tuple(keys[index] for index in sorted(keys)))


def with_corners(points_px: PointList, count: int) -> PointList:
    """Split the longest sides of an outline until it has a number of corners; its shape stays the same."""
    corners = list(points_px)
    while len(corners) < count:
        array = np.array(corners)
        lengths = np.hypot(*(np.roll(array, -1, axis=0) - array).T)
        side = int(np.argmax(lengths))
        (x0, y0), (x1, y1) = corners[side], corners[(side + 1) % len(corners)]
        corners.insert(side + 1, ((x0 + x1) / 2, (y0 + y1) / 2))
    return tuple(corners)


def point_list(values: Iterable[Iterable[float]]) -> PointList:
    """Make points of rows of two numbers."""
    return tuple((float(x), float(y)) for x, y in values)


def _key(index: int, points_px: PointList) -> KeyFrame:
    return KeyFrame(frame_index=index, points_px=points_px, source=KeySource.IMPORTED)
