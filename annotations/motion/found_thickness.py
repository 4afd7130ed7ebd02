"""Thickness between borders that nobody drew: found on a few frames, each followed, and laid together.

A line that is followed far drifts, and one that is found anew on each frame jumps. So the borders of each frame are
the mean of several that were followed to it, of which the nearer placing counts more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from annotations.motion.border_detection import ProposedBorders, propose_borders
from annotations.motion.border_tracking import Border, BorderTrack, follow_border
from annotations.motion.grey_frames import GreyFrame
from annotations.motion.thickness import ThicknessCurve, common_columns, thickness_between
from annotations.motion.tissue_area import TissueArea
from annotations.motion.work import Work

FloatArray = NDArray[np.float64]
LOOKED_AT = 5
ELSEWHERE_SHARE = 0.06
UNSURE = (
    "Other lines bound a muscle almost as well as the two that the computer took for its borders; look at the borders, "
    "and draw them where they are wrong."
)


@dataclass(frozen=True, slots=True, eq=False)
class _Placing:
    """Borders found on one frame, and where they were followed to."""

    found: ProposedBorders
    superficial: BorderTrack
    deep: BorderTrack

    @property
    def frame_index(self) -> int:
        return self.found.superficial.frame_index


def proposals(frames: Sequence[GreyFrame], area: TissueArea) -> list[ProposedBorders]:
    """Propose borders on a few frames of a clip.

    Parameters
    ----------
    frames : sequence of ndarray of uint8, shape (rows, columns)
        Frames cut to the tissue.
    area : TissueArea
        The cut.

    Returns
    -------
    list of ProposedBorders
        The sure ones, the surest first; where none is sure, the one that comes nearest to it; empty where no two
        clear lines cross any of the frames.
    """
    indices = sorted({round(float(index)) for index in np.linspace(0, len(frames) - 1, LOOKED_AT)})
    found = [one for index in indices if (one := propose_borders(frames[index], index, area)) is not None]
    found.sort(key=lambda one: -one.margin)
    return [one for one in found if one.sure] or found[:1]


def find_thickness(
    frames: Sequence[GreyFrame], area: TissueArea, *, work: Work | None = None
) -> ThicknessCurve | None:
    """Find the borders of the muscle, follow them and measure their distance.

    Parameters
    ----------
    frames : sequence of ndarray of uint8, shape (rows, columns)
        Frames cut to the tissue.
    area : TissueArea
        The cut, and its scale.
    work : Work, optional
        Told of each frame, twice for every placing.

    Returns
    -------
    ThicknessCurve or None
        With a doubt where the detector was unsure or took other lines on another frame; None where it found none.

    Raises
    ------
    PlaceError
        If a border cannot be followed.
    MotionCancelledError
        If the work was stopped.
    """
    found = proposals(frames, area)
    if not found:
        return None
    work = work or Work()
    work.plan(2 * (len(frames) - 1) * (len(found) - 1))
    placings = [_followed(frames, area, one, work) for one in found]
    alike = [one for one in placings if _alike(one, placings[0], area)]
    upper, lower = (_together(alike, side) for side in ("superficial", "deep"))
    curve = thickness_between(upper, lower, area, "detector")
    band = np.hypot(curve.half_band, _disagreement(alike, area))
    sure = found[0].sure and len(alike) == len(placings)
    return replace(
        curve, half_band=tuple(round(float(half), 3) for half in band), doubts=() if sure else (UNSURE,)
    )


def _followed(frames: Sequence[GreyFrame], area: TissueArea, found: ProposedBorders, work: Work) -> _Placing:
    def track(border: Border) -> BorderTrack:
        return follow_border(frames, area, border, work=work)

    return _Placing(found, track(found.superficial), track(found.deep))


def _alike(one: _Placing, other: _Placing, area: TissueArea) -> bool:
    """Whether two placings took the same lines."""
    limit = ELSEWHERE_SHARE * (area.y1 - area.y0)
    pairs = ((one.superficial, other.superficial), (one.deep, other.deep))
    return all(float(np.median(np.abs(a.y - _at(b, a.x)))) <= limit for a, b in pairs)


def _together(placings: list[_Placing], side: str) -> BorderTrack:
    tracks: list[BorderTrack] = [getattr(one, side) for one in placings]
    x = tracks[0].x
    weights = _weights(placings, len(tracks[0].y))
    y = np.stack([_at(track, x) for track in tracks])
    likeness = np.stack([track.likeness for track in tracks])
    return BorderTrack(x, (y * weights[:, :, None]).sum(axis=0), (likeness * weights).sum(axis=0))


def _disagreement(placings: list[_Placing], area: TissueArea) -> FloatArray:
    """Half of the band of a mean of so many placings, by how they scatter; in the unit of the area."""
    if len(placings) == 1:
        return np.zeros(len(placings[0].deep.y))
    weights = _weights(placings, len(placings[0].deep.y))
    x = common_columns(placings[0].superficial, placings[0].deep)
    apart = np.stack([(_at(one.deep, x) - _at(one.superficial, x)).mean(axis=1) for one in placings])
    mean = (apart * weights).sum(axis=0)
    variance = (weights * (apart - mean) ** 2).sum(axis=0) / (len(placings) - 1)
    return np.asarray(1.96 * np.sqrt(variance) * area.unit_per_px[1])


def _weights(placings: list[_Placing], frames: int) -> FloatArray:
    """Let the nearer placing count more; ndarray of shape (placings, frames)."""
    way = np.array([np.abs(np.arange(frames) - one.frame_index) for one in placings])
    weights = 1 / (1 + way)
    return np.asarray(weights / weights.sum(axis=0))


def _at(track: BorderTrack, x: FloatArray) -> FloatArray:
    return np.stack([track.at(index, x) for index in range(len(track.y))])
