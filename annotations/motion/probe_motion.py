"""How the hand moved the probe: what skin-near and deep landmarks have in common.

A contracting muscle moves between the skin, which the probe holds, and the bone. When the probe slips, both of
them move in the picture together; when it tilts out of the plane, both of them stop looking like themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from annotations.motion.affine_fit import fit_rigid, turned
from annotations.motion.grey_frames import GreyFrame
from annotations.motion.stump import px_per_mm
from annotations.motion.tissue_area import TissueArea
from annotations.motion.tissue_motion import TissueMotion

FloatArray = NDArray[np.float64]
SUPERFICIAL_SHARE, DEEP_SHARE = 0.22, 0.62
MIN_LANDMARKS = 6
LOOKED_AT = 40
SLIP_MM, TILT_DEG, LIKENESS = 1.2, 1.5, 0.35


@dataclass(frozen=True, slots=True)
class ProbeMotion:
    """Motion of the probe against the thigh, as the picture shows it.

    Parameters
    ----------
    unit : str
        ``"mm"``; ``"px"`` in a clip without scale.
    shift_x, shift_y : tuple of float
        Common shift of superficial and deep landmarks since frame 0, right and down positive.
    turn_deg : tuple of float
        Common turn in degrees, from right towards down.
    likeness : tuple of float
        How much the landmarks still look like on frame 0, at most 1.
    landmarks : int
        How many points this rests on; with none, everything is 0 and nothing is removed.
    warnings : tuple of str
        That the probe slipped or tilted, in sentences; empty where it was held still.
    """

    unit: Literal["mm", "px"]
    shift_x: tuple[float, ...]
    shift_y: tuple[float, ...]
    turn_deg: tuple[float, ...]
    likeness: tuple[float, ...]
    landmarks: int
    warnings: tuple[str, ...]


def probe_motion(motion: TissueMotion, frames: Sequence[GreyFrame]) -> ProbeMotion:
    """Estimate the motion of the probe from the tissue's.

    Parameters
    ----------
    motion : TissueMotion
        The whole tissue, followed.
    frames : sequence of ndarray of uint8, shape (rows, columns)
        The frames it was followed in.

    Returns
    -------
    ProbeMotion
        Along each axis the part that superficial and deep landmarks share: the smaller of the two where they
        go the same way, and none where they do not.
    """
    bands = _bands(motion)
    count = len(motion.tracks.points_px)
    if min(len(band) for band in bands) < MIN_LANDMARKS:
        still = (0.0,) * count
        return ProbeMotion(motion.area.unit, still, still, still, (1.0,) * count, 0, ())
    (upper, upper_turn), (lower, lower_turn) = (_course(motion, band) for band in bands)
    shift, turn = _common(upper, lower), _common(upper_turn, lower_turn)
    likeness = np.maximum(*(_likeness(motion, frames, band) for band in bands))
    found = ProbeMotion(
        motion.area.unit,
        _rounded(shift[:, 0]),
        _rounded(shift[:, 1]),
        _rounded(np.degrees(turn)),
        _rounded(likeness),
        sum(len(band) for band in bands),
        (),
    )
    unit_per_mm = 1.0 if motion.area.unit == "mm" else float(px_per_mm(motion.area)[0])
    return replace(found, warnings=probe_sentences(found, unit_per_mm))


def probe_sentences(probe: ProbeMotion, unit_per_mm: float = 1.0) -> tuple[str, ...]:
    """Say that the probe slipped, tilted or left its plane; nothing where it was held still.

    Parameters
    ----------
    probe : ProbeMotion
        How it moved.
    unit_per_mm : float
        Its unit of length in a millimetre.
    """
    if probe.landmarks == 0:
        return ()
    slid, tilted = float(np.abs(probe.shift_x).max()), float(np.abs(probe.turn_deg).max())
    sentences = []
    if slid > SLIP_MM * unit_per_mm:
        sentences.append(
            f"The whole picture slides by {slid:.1f} {probe.unit}: the probe slipped, and tissue that leaves "
            "the picture can look like a gap."
        )
    if tilted > TILT_DEG:
        sentences.append(
            f"The whole picture turns by {tilted:.1f}°: the probe tilted, and a tilt can imitate a gap."
        )
    if float(np.percentile(probe.likeness, 10)) < LIKENESS:
        sentences.append(
            "Skin and deep tissue stop looking like themselves: the probe left its plane, and a gap may be imitated."
        )
    return tuple(sentences)


def still_probe_matrices(probe: ProbeMotion, area: TissueArea) -> FloatArray:
    """Matrices that put each frame of the cut picture back to where frame 0 was.

    Parameters
    ----------
    probe : ProbeMotion
        What to remove.
    area : TissueArea
        The cut.

    Returns
    -------
    ndarray of float64, shape (frames, 2, 3)
        For `cv2.warpAffine`; the turn is about the centre of the cut picture.
    """
    centre = np.array([area.x1 - area.x0, area.y1 - area.y0]) / 2
    shifts = np.stack([probe.shift_x, probe.shift_y], axis=1) / area.unit_per_px
    result = []
    for shift, degrees in zip(shifts, probe.turn_deg, strict=True):
        back = turned(np.eye(2), -float(np.radians(degrees))).T
        result.append(np.column_stack([back, centre - back @ (centre + shift)]))
    return np.array(result)


def _bands(motion: TissueMotion) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Superficial and deep points that were followed through at least half of the clip."""
    kept = np.flatnonzero(motion.tracks.lost.mean(axis=0) < 0.5)
    share = motion.tracks.points_px[0, kept, 1] / (motion.area.y1 - motion.area.y0)
    return kept[share < SUPERFICIAL_SHARE], kept[share > DEEP_SHARE]


def _course(motion: TissueMotion, band: NDArray[np.intp]) -> tuple[FloatArray, FloatArray]:
    """Shift and turn of a band in each frame; where most of it is lost, those of the frame before."""
    places = motion.tracks.points_px[:, band] * motion.area.unit_per_px
    seen = ~motion.tracks.lost[:, band]
    shifts, turns = np.zeros((len(places), 2)), np.zeros(len(places))
    for index in range(1, len(places)):
        if seen[index].sum() < MIN_LANDMARKS:
            shifts[index], turns[index] = shifts[index - 1], turns[index - 1]
            continue
        shifts[index], turns[index] = fit_rigid(places[0, seen[index]], places[index, seen[index]])
    return shifts, turns


def _common(one: FloatArray, other: FloatArray) -> FloatArray:
    """Give the smaller of two motions where they agree in sign, else 0."""
    smaller = np.where(np.abs(one) < np.abs(other), one, other)
    return np.where(np.sign(one) == np.sign(other), smaller, 0.0)


def _likeness(motion: TissueMotion, frames: Sequence[GreyFrame], band: NDArray[np.intp]) -> FloatArray:
    """Median correlation of the surroundings of some landmarks with those on frame 0."""
    half = max(6, round(1.5 * float(px_per_mm(motion.area)[0])))
    size = (2 * half + 1, 2 * half + 1)
    points = band[:: max(1, len(band) // LOOKED_AT)]
    places, lost = motion.tracks.points_px.astype(np.float32), motion.tracks.lost

    def looks(index: int, seen: NDArray[np.intp]) -> FloatArray:
        centres = [(float(x), float(y)) for x, y in places[index, seen]]
        cut = [cv2.getRectSubPix(frames[index], size, centre) for centre in centres]
        flat = np.asarray(cut, dtype=np.float64).reshape(len(seen), -1)
        flat -= flat.mean(axis=1, keepdims=True)
        return np.asarray(flat / (np.linalg.norm(flat, axis=1, keepdims=True) + 1e-9))

    first = looks(0, points)
    looked = np.unique(np.linspace(0, len(places) - 1, min(LOOKED_AT, len(places))).astype(int))
    values = []
    for index in looked:
        seen = np.flatnonzero(~lost[index, points])
        alike = (first[seen] * looks(int(index), points[seen])).sum(axis=1) if seen.size else np.zeros(1)
        values.append(float(np.median(alike)))
    return np.interp(np.arange(len(places)), looked, values)


def _rounded(values: FloatArray) -> tuple[float, ...]:
    return tuple(round(float(value), 4) for value in values)
