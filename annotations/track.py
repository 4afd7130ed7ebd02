"""Where in a clip a mark lives: on one frame, on a range of frames, or on a track of key frames.

Points are ``(x_px, y_px)`` with the origin at the top-left corner of the top-left pixel; frame indices are
0-based.
"""

import math
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from annotations.part import AnnotationPart, FrameIndex, PointPx, PointsPx, Share

# At the lips of the simulated tears nearly all points that are lost have less by the peak; in intact tissue few do.
LOW_CONFIDENCE = 0.5
MAX_FRAMES = 5_000


class KeySource(StrEnum):
    """How a key frame came to be."""

    DRAWN = "drawn"
    CORRECTED = "corrected"
    SIMULATION = "simulation"
    IMPORTED = "imported"


class Origin(StrEnum):
    """Why a mark is shown at a frame where it is."""

    STILL = "still"
    KEY = "key"
    INTERPOLATED = "interpolated"
    CARRIED = "carried"


@dataclass(frozen=True, slots=True)
class Sighting:
    """A mark as it is shown on one frame.

    Parameters
    ----------
    points_px : tuple of points
        Its points, in image pixels.
    origin : Origin
        Whether a person put them there, or they were computed.
    confidence : float
        From 0 to 1; 1 where a person or the simulation's truth put them.
    """

    points_px: tuple[PointPx, ...]
    origin: Origin
    confidence: float = 1.0

    @property
    def asks_for_a_key_frame(self) -> bool:
        """Whether the tissue could not be followed well enough to trust the place."""
        return self.confidence < LOW_CONFIDENCE


class OnFrame(AnnotationPart):
    """On one frame only."""

    on: Literal["frame"] = "frame"
    frame_index: FrameIndex
    points_px: PointsPx

    def sighting(self, frame_index: int) -> Sighting | None:
        """Return the mark as shown on a frame; None where it is not shown."""
        return Sighting(self.points_px, Origin.STILL) if frame_index == self.frame_index else None

    @property
    def frame_span(self) -> tuple[int, int]:
        """First and last frame index."""
        return self.frame_index, self.frame_index


class OnRange(AnnotationPart):
    """On the same place from a first to a last frame, both included."""

    on: Literal["range"] = "range"
    first_frame_index: FrameIndex
    last_frame_index: FrameIndex
    points_px: PointsPx

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.last_frame_index < self.first_frame_index:
            raise ValueError("the range ends before it begins; exchange its first and last frame")
        return self

    def sighting(self, frame_index: int) -> Sighting | None:
        """Return the mark as shown on a frame; None where it is not shown."""
        shown = self.first_frame_index <= frame_index <= self.last_frame_index
        return Sighting(self.points_px, Origin.STILL) if shown else None

    @property
    def frame_span(self) -> tuple[int, int]:
        """First and last frame index."""
        return self.first_frame_index, self.last_frame_index


class KeyFrame(AnnotationPart):
    """Where a mark was seen on one frame, or that it was not seen from there on."""

    frame_index: FrameIndex
    points_px: PointsPx
    outside: bool = False
    source: KeySource = KeySource.DRAWN


class CarriedFrame(AnnotationPart):
    """Where the tissue carried a mark to, computed between key frames."""

    frame_index: FrameIndex
    points_px: PointsPx
    confidence: Share


class Track(AnnotationPart):
    """Key frames, and what lies between them.

    The mark is shown from its first to its last key frame, and before and after them where the tissue carried
    it. From a key frame that says *outside* on it is not shown, until the next one that does not. Between a key
    frame and one that says outside it stays where it was, or where the tissue carried it. A key frame that was corrected
    leaves the frames *to follow*, first and last, over which its neighbours are still to be carried anew.
    """

    on: Literal["track"] = "track"
    between: Literal["linear", "carried"] = "linear"
    keys: Annotated[tuple[KeyFrame, ...], Field(min_length=1, max_length=MAX_FRAMES)]
    carried: Annotated[tuple[CarriedFrame, ...], Field(max_length=MAX_FRAMES)] = ()
    to_follow: Annotated[
        tuple[FrameIndex, FrameIndex] | None, Field(exclude_if=lambda span: span is None)
    ] = None

    @model_validator(mode="after")
    def _frames_follow_each_other(self) -> Self:
        for parts in (self.keys, self.carried):
            indices = [part.frame_index for part in parts]
            if any(later <= earlier for earlier, later in pairwise(indices)):
                raise ValueError("the frames of a track follow each other; put each once, in order")
        if self.to_follow is not None and self.to_follow[1] < self.to_follow[0]:
            raise ValueError("the frames to follow end before they begin; exchange the first and the last")
        counts = {len(points_px) for points_px in self.every_points_px()}
        if len(counts) > 1:
            raise ValueError("every key frame of a track has as many points as the others")
        return self

    def sighting(self, frame_index: int) -> Sighting | None:
        """Return the mark as shown on a frame; None where it is outside or was not looked for.

        Parameters
        ----------
        frame_index : int
            Frame, counted from 0.

        Returns
        -------
        Sighting or None
            On a key frame its own points; else carried by the tissue, or between two of them on straight lines.
        """
        number = bisect_right(self.keys, frame_index, key=lambda key: key.frame_index)
        if number == 0:
            return self._carried_at(frame_index)
        before = self.keys[number - 1]
        after = self.keys[number] if number < len(self.keys) else None
        if before.outside:
            return None
        if before.frame_index == frame_index:
            return Sighting(before.points_px, Origin.KEY)
        if after is None:
            return self._carried_at(frame_index)
        return self._carried_at(frame_index) or _interpolated(before, after, frame_index)

    def _carried_at(self, frame_index: int) -> Sighting | None:
        if self.between != "carried":
            return None
        number = bisect_right(self.carried, frame_index, key=lambda part: part.frame_index)
        part = self.carried[number - 1] if number else None
        if part is None or part.frame_index != frame_index:
            return None
        return Sighting(part.points_px, Origin.CARRIED, part.confidence)

    def every_points_px(self) -> tuple[tuple[PointPx, ...], ...]:
        """Return the points of each frame that is written down."""
        keys = tuple(key.points_px for key in self.keys)
        return keys + tuple(part.points_px for part in self.carried)

    @property
    def frame_span(self) -> tuple[int, int]:
        """First and last frame index on which the track says anything."""
        indices = [key.frame_index for key in self.keys]
        if self.between == "carried":
            indices += [part.frame_index for part in self.carried]
        return min(indices), max(indices)


Place = Annotated[OnFrame | OnRange | Track, Field(discriminator="on")]


def _interpolated(before: KeyFrame, after: KeyFrame, frame_index: int) -> Sighting:
    if after.outside:
        return Sighting(before.points_px, Origin.INTERPOLATED)
    share = (frame_index - before.frame_index) / (after.frame_index - before.frame_index)
    pairs = zip(before.points_px, after.points_px, strict=True)
    points = tuple((x0 + (x1 - x0) * share, y0 + (y1 - y0) * share) for (x0, y0), (x1, y1) in pairs)
    return Sighting(points, Origin.INTERPOLATED)


def with_correction(track: Track, key: KeyFrame) -> Track:
    """Put a key frame into a track, in place of one on the same frame; computed neighbours are forgotten.

    Parameters
    ----------
    track : Track
        The track.
    key : KeyFrame
        The correction.

    Returns
    -------
    Track
        Without the carried frames between the key frames before and after the correction, for these must be
        computed anew; the frames that the track then spans are to follow. See `annotations.carry.carry_track`.
    """
    others = [other for other in track.keys if other.frame_index != key.frame_index]
    before = max((k.frame_index for k in others if k.frame_index < key.frame_index), default=-1)
    after = min((k.frame_index for k in others if k.frame_index > key.frame_index), default=math.inf)
    keys = tuple(sorted((*others, key), key=lambda part: part.frame_index))
    carried = tuple(part for part in track.carried if not before < part.frame_index < after)
    parts = {name: getattr(track, name) for name in Track.model_fields} | (track.model_extra or {})
    return Track(**{**parts, "keys": keys, "carried": carried, "to_follow": _to_follow(track, key)})


def _to_follow(track: Track, key: KeyFrame) -> tuple[int, int] | None:
    """Return every frame that a track spans, or spanned before an earlier correction, if the tissue carries it."""
    if track.between != "carried":
        return track.to_follow
    indices = (*track.frame_span, *(track.to_follow or ()), key.frame_index)
    return min(indices), max(indices)
