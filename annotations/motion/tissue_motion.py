"""The whole tissue followed through a clip, and the one movement that explains most of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotations.motion.affine_fit import turned
from annotations.motion.chapters import Evidence
from annotations.motion.errors import StillPictureError
from annotations.motion.grey_frames import GreyFrame
from annotations.motion.sparse_tracking import LucasKanade, PointTracks, grid_points, textured, track_points
from annotations.motion.stump import px_per_mm
from annotations.motion.tissue_area import TissueArea
from annotations.motion.work import Work

FloatArray = NDArray[np.float64]
STEP_MM, WINDOW_MM, MARGIN_MM = 2.0, 2.0, 1.6
FLOOR_MM = 0.12
MIN_POINTS = 24
POWER_STEPS = 40
TRUST_ROUNDS = 4
MAX_BURNT_SHARE = 0.05
MOST_LOST = 0.65
"""Share of followed points that a cut loses from one frame to the next; the fastest real effort measured loses 0.43."""


@dataclass(frozen=True, slots=True, eq=False)
class TissueMotion:
    """Points of the tissue, followed from the first frame.

    Parameters
    ----------
    tracks : PointTracks
        Their places, in OpenCV's pixel centres of the cut frame.
    area : TissueArea
        The cut.
    """

    tracks: PointTracks
    area: TissueArea

    def kept(self) -> NDArray[np.intp]:
        """Points that were followed through the whole clip; if too few, those lost last."""
        lost_frames = self.tracks.lost.sum(axis=0)
        whole = np.flatnonzero(lost_frames == 0)
        if whole.size >= MIN_POINTS:
            return whole
        return np.sort(np.argsort(lost_frames, kind="stable")[:MIN_POINTS])

    def doubts(self) -> tuple[str, ...]:
        """Say where the tissue could not be followed, so that what is found of its motion is unsure."""
        count = self.tracks.lost.shape[1]
        if count < MIN_POINTS:
            few = f"Only {count} of the {MIN_POINTS} places that it takes" if count else "Nothing"
            return (f"{few} can be followed in this picture; look at what was found in it.",)
        left = (~self.tracks.lost).sum(axis=1)
        broken = (left[:-1] >= MIN_POINTS) & (left[1:] < (1 - MOST_LOST) * left[:-1])
        if not broken.any():
            return ()
        first = int(np.argmax(broken)) + 1
        return (
            f"From frame {first} to {first + 1} most of the tissue stops looking like itself: the clip is cut there, its "
            "pictures lie far apart, or the probe left its plane; a gap may be imitated.",
        )

    def deformation(self) -> tuple[FloatArray, FloatArray]:
        """Displacement of the kept points since frame 0 without the shift and turn of them all.

        Returns
        -------
        ndarray of float64, shape (frames, points, 2)
            In mm, or px without a scale.
        ndarray of float64, shape (points, 2)
            Their places on frame 0 in the same unit.
        """
        places = self.tracks.points_px[:, self.kept()] * self.area.unit_per_px
        if places.shape[1] == 0:
            return places, places[0]
        centred = places - places.mean(axis=1, keepdims=True)
        rest = centred[0]
        cross = rest[:, 0] * centred[..., 1] - rest[:, 1] * centred[..., 0]
        turns = np.arctan2(cross.sum(axis=1), (rest * centred).sum(axis=(1, 2)) + 1e-12)
        still = np.stack([turned(rest, float(turn)) for turn in turns])
        return centred - still, places[0]

    def evidence(self) -> Evidence:
        """How far the tissue has moved along its main deformation, as a curve of root-mean-square length.

        The curve begins low: what is at the beginning of the clip is taken for rest.
        """
        change, _ = self.deformation()
        flat = change.reshape(len(change), -1)
        unit_per_mm = 1.0 if self.area.unit == "mm" else float(px_per_mm(self.area)[0])
        floor = FLOOR_MM * unit_per_mm
        if flat.shape[1] == 0 or not np.abs(flat).max() > 0:
            return Evidence("motion", (0.0,) * len(flat), self.area.unit, floor)
        curve = _main_course(flat) / np.sqrt(flat.shape[1] / 2)
        return Evidence("motion", tuple(float(v) for v in curve), self.area.unit, floor)


def follow_tissue(
    frames: Sequence[GreyFrame],
    area: TissueArea,
    *,
    burnt: NDArray[np.bool_] | None = None,
    work: Work | None = None,
) -> TissueMotion:
    """Follow a grid of points from the first frame to the last.

    Parameters
    ----------
    frames : sequence of ndarray of uint8, shape (rows, columns)
        Frames cut to the tissue.
    area : TissueArea
        The cut.
    burnt : ndarray of bool, shape (rows, columns), optional
        What is burnt into the picture and must not be followed.
    work : Work, optional
        Told of each frame.

    Returns
    -------
    TissueMotion
        The tracks.

    Raises
    ------
    StillPictureError
        If there is only one frame.
    MotionCancelledError
        If the work was stopped.
    """
    if len(frames) < 2:
        raise StillPictureError("A single picture has no motion; choose a clip.")
    scale = float(px_per_mm(area)[0])
    window = max(9, round(WINDOW_MM * scale)) | 1
    shape = (area.y1 - area.y0, area.x1 - area.x0)
    points = grid_points(shape, max(4.0, STEP_MM * scale), max(6.0, MARGIN_MM * scale))
    points = points[textured(frames[0], points, window)]
    if burnt is not None:
        points = points[~_near_marks(burnt, points, window)]
    tracks = track_points(frames, points, anchor=0, tracker=LucasKanade(window), work=work)
    return TissueMotion(tracks, area)


def _main_course(flat: FloatArray) -> FloatArray:
    """Course of the first principal component; 0 at the level of the start.

    Points that do not take part in the common course, such as those that slip in fluid, lose their weight.
    """
    trust = np.ones(flat.shape[1])
    course = np.zeros(len(flat))
    for _ in range(TRUST_ROUNDS):
        weighted = (flat - flat.mean(axis=0)) * trust
        course = weighted @ _main_pattern(weighted)
        share = flat.T @ course / (float(course @ course) + 1e-12)
        strayed = np.sqrt(((flat - np.outer(course, share)) ** 2).mean(axis=0))
        trust = 1 / (1 + (strayed / (2 * float(np.median(strayed)) + 1e-6)) ** 2)
    pattern = flat.T @ course / (float(course @ course) + 1e-12)
    course = course * float(np.linalg.norm(pattern))
    begin = float(np.median(course[: max(1, len(course) // 20)]))
    up, down = float(course.max()) - begin, begin - float(course.min())
    return np.asarray((course - begin) * (1.0 if up >= down else -1.0))


def _main_pattern(centred: FloatArray) -> FloatArray:
    """First principal component by repeated multiplication; a clip has one main movement, so few are enough."""
    pattern = centred[int(np.argmax((centred**2).sum(axis=1)))]
    for _ in range(POWER_STEPS):
        pattern = centred.T @ (centred @ pattern)
        pattern = pattern / (np.linalg.norm(pattern) + 1e-12)
    return np.asarray(pattern)


def _near_marks(burnt: NDArray[np.bool_], points: FloatArray, window: int) -> NDArray[np.bool_]:
    half = window // 2
    shares = []
    for x, y in np.rint(points).astype(int):
        around = burnt[max(y - half, 0) : y + half + 1, max(x - half, 0) : x + half + 1]
        shares.append(float(around.mean()) if around.size else 1.0)
    return np.asarray(shares) > MAX_BURNT_SHARE
