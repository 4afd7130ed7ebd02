"""Rest, contracting, hold, relaxing: found in a curve that rises with the effort.

A chapter ends where the curve passes 5 % or 95 % of the way from its level at rest to its level in the hold. Real
muscle creeps back at the end of an effort; rest begins where all but a tenth is done and only that creep is left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from annotations.motion.smoothing import smooth

FloatArray = NDArray[np.float64]
ChapterName = Literal["rest", "contracting", "hold", "relaxing"]
BEGINS, COMPLETE, HALF = 0.05, 0.95, 0.5
CREEP_BELOW, CREEP_SHARE = 0.1, 0.1
SLOW_RISE_S = 2.0
SLOW_SHARE = 0.5
MIN_CHANGE_OF_THICKNESS = 0.03


@dataclass(frozen=True, slots=True)
class Evidence:
    """A curve that follows the effort.

    Parameters
    ----------
    kind : str
        ``"gap"``, ``"motion"`` or ``"thickness"``.
    values : tuple of float
        One value a frame.
    unit : str
        ``"mm"`` or ``"px"``.
    floor : float
        Change, in `unit`, that the tracker can imitate; anything smaller is no movement.
    """

    kind: Literal["gap", "motion", "thickness"]
    values: tuple[float, ...]
    unit: Literal["mm", "px"]
    floor: float


@dataclass(frozen=True, slots=True)
class ProposedChapter:
    """One chapter, from its first to its last frame index, both included and counted from 0."""

    name: ChapterName
    first_frame_index: int
    last_frame_index: int


@dataclass(frozen=True, slots=True)
class Chapters:
    """The chapters of a clip, proposed to its author.

    Parameters
    ----------
    chapters : tuple of ProposedChapter
        In their order, without holes; empty in a clip without contraction.
    activity : tuple of float
        The evidence on a scale from 0 at rest to 1 in the hold; all 0 without contraction.
    certainty : str
        ``"sure"``, ``"unsure"`` or ``"no contraction"``.
    reasons : tuple of str
        Sentences: why unsure, or why none.
    evidence : Evidence
        The curve that they were found in.
    """

    chapters: tuple[ProposedChapter, ...]
    activity: tuple[float, ...]
    certainty: Literal["sure", "unsure", "no contraction"]
    reasons: tuple[str, ...]
    evidence: Evidence

    def first(self, name: ChapterName) -> ProposedChapter | None:
        """Return the first chapter of a name; None where there is none."""
        return next((chapter for chapter in self.chapters if chapter.name == name), None)


def find_chapters(
    evidence: Evidence,
    frame_starts_s: Sequence[float] | None = None,
    *,
    doubts: Sequence[str] = (),
) -> Chapters:
    """Divide a clip into chapters.

    Parameters
    ----------
    evidence : Evidence
        A curve that is low at rest and high in the hold.
    frame_starts_s : sequence of float, optional
        Start of each frame in seconds; without it, how fast the movement is cannot be judged.
    doubts : sequence of str
        Sentences that make the proposal unsure, such as a slipping probe.

    Returns
    -------
    Chapters
        The proposal.
    """
    values = np.asarray(evidence.values, dtype=np.float64)
    curve = smooth(values)
    low, high = _levels(curve)
    if not high - low > evidence.floor:
        return _none(evidence, len(values))
    activity = (curve - low) / (high - low)
    chapters = _divided(activity)
    reasons = (*doubts, *_own_doubts(chapters, activity, frame_starts_s))
    return Chapters(
        chapters,
        tuple(round(float(value), 4) for value in activity),
        "unsure" if reasons else "sure",
        reasons,
        evidence,
    )


def thickness_doubts(rest: float, held: float) -> tuple[str, ...]:
    """Say so where the muscle does not change its thickness while it moves, as in passive movement."""
    if rest > 0 and abs(held / rest - 1) < MIN_CHANGE_OF_THICKNESS:
        return (
            f"The muscle's thickness changes by only {100 * abs(held / rest - 1):.0f} % while the tissue moves: "
            "this may be a passive movement.",
        )
    return ()


def _none(evidence: Evidence, frames: int) -> Chapters:
    sentence = (
        f"No contraction was found: nothing moves by more than {evidence.floor:.2g} {evidence.unit} "
        "against its surroundings."
    )
    return Chapters((), (0.0,) * frames, "no contraction", (sentence,), evidence)


def _levels(curve: FloatArray) -> tuple[float, float]:
    """Level at rest and in the hold: medians of the lowest and of the highest tenth of the range."""
    low, high = (float(value) for value in np.percentile(curve, (2, 98)))
    margin = 0.1 * (high - low)
    return float(np.median(curve[curve <= low + margin])), float(np.median(curve[curve >= high - margin]))


def _divided(activity: FloatArray) -> tuple[ProposedChapter, ...]:
    """Cut the curve at 5 % and 95 % on either side of each effort, and where it only creeps."""
    count = len(activity)
    starts: list[tuple[int, ChapterName]] = []
    free_from = 0
    for first, last in _efforts(activity):
        onset = first
        while onset > free_from and activity[onset - 1] > BEGINS:
            onset -= 1
        after = _last_of_relaxing(activity, last)
        top = activity[first : last + 1] >= COMPLETE * _plateau(activity[first : last + 1])
        held_from, held_to = first + int(np.argmax(top)), last - int(np.argmax(top[::-1]))
        starts += [(onset, "contracting"), (held_from, "hold")]
        if held_to < count - 1:
            starts.append((held_to + 1, "relaxing"))
        if after < count - 1:
            starts.append((after + 1, "rest"))
        free_from = after + 1
    if starts and starts[0][0] > 0:
        starts.insert(0, (0, "rest"))
    return _chained(starts, count)


def _last_of_relaxing(activity: FloatArray, last: int) -> int:
    """Last frame before rest: above 5 %, and below a tenth faster than a tenth of the fastest fall so far."""
    fastest = 0.0
    for frame in range(last + 1, len(activity)):
        fall = float(activity[frame - 1] - activity[frame])
        fastest = max(fastest, fall)
        creeps = activity[frame] < CREEP_BELOW and fall < CREEP_SHARE * fastest
        if activity[frame] <= BEGINS or creeps:
            return frame - 1
    return len(activity) - 1


def _efforts(activity: FloatArray) -> list[tuple[int, int]]:
    """Stretches of frames above half effort; shorter pauses than three frames are bridged."""
    frames = np.flatnonzero(activity > HALF)
    if frames.size == 0:
        return []
    breaks = np.flatnonzero(np.diff(frames) > 3)
    firsts = [int(frames[0]), *(int(frames[i + 1]) for i in breaks)]
    lasts = [*(int(frames[i]) for i in breaks), int(frames[-1])]
    return list(zip(firsts, lasts, strict=True))


def _plateau(effort: FloatArray) -> float:
    return float(np.median(effort[effort >= 0.9 * float(effort.max())]))


def _chained(starts: list[tuple[int, ChapterName]], count: int) -> tuple[ProposedChapter, ...]:
    """Chapters from their starts; one that would be empty is left out."""
    chapters = []
    for number, (first, name) in enumerate(starts):
        end = starts[number + 1][0] if number + 1 < len(starts) else count
        if end > first:
            chapters.append(ProposedChapter(name, first, end - 1))
    return tuple(chapters)


def _own_doubts(
    chapters: tuple[ProposedChapter, ...], activity: FloatArray, starts_s: Sequence[float] | None
) -> tuple[str, ...]:
    rise = next((chapter for chapter in chapters if chapter.name == "contracting"), None)
    if rise is None:
        return ()
    if starts_s is not None:
        lasts_s = starts_s[rise.last_frame_index] - starts_s[rise.first_frame_index]
        if lasts_s > SLOW_RISE_S:
            return (
                f"The tissue takes {lasts_s:.1f} s to move: this may be a passive movement or a slow effort.",
            )
    elif rise.last_frame_index - rise.first_frame_index > SLOW_SHARE * len(activity):
        return ("The tissue moves through most of the clip: this may be a passive movement.",)
    return ()
