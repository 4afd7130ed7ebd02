"""Our gap curve beside what anybody would write first: a point on each stump tip, followed by a stock tracker.

``compare(path)`` takes a simulated clip with its truth file beside it and returns one row a method; a benchmark
prints them. Nothing here needs the simulator.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from annotations.motion.analysis import analyse_motion
from annotations.motion.dense_tracking import DenseInverseSearch, sample
from annotations.motion.gap import measure_gap
from annotations.motion.grey_frames import GreyFrame, GreyFrames
from annotations.motion.sparse_tracking import LucasKanade, outward, track_points
from annotations.motion.stump import StumpEdges
from annotations.motion.tissue_area import TissueArea, tissue_area
from cases.cine import Cine

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """One method on one clip: gap error in mm, share of frames inside the band, seconds of processor time."""

    clip: str
    method: str
    median_mm: float
    p95_mm: float
    inside_band: float | None
    cpu_s: float


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedClip:
    """A clip with its truth, cut to the tissue."""

    name: str
    cine: Cine
    truth: dict[str, NDArray[np.generic]]

    @property
    def area(self) -> TissueArea:
        """Region of the picture."""
        return tissue_area(self.cine.frames, self.cine.regions)

    @property
    def frames(self) -> GreyFrames:
        """Grey frames of that region."""
        return GreyFrames(self.cine.frames, self.area.rows, self.area.columns)

    @property
    def gap_mm(self) -> FloatArray:
        """True gap at mid-depth."""
        return np.asarray(self.truth["gap_mid_mm"], dtype=np.float64)

    @property
    def activation(self) -> FloatArray:
        """True activation."""
        return np.asarray(self.truth["activation"], dtype=np.float64)

    def edges(self, frame_index: int | None = None) -> StumpEdges:
        """Place the edges where they are, on the frame with the widest gap unless another is asked for."""
        index = int(np.argmax(self.gap_mm)) if frame_index is None else frame_index
        left, right = np.asarray(self.truth["stump_points_px"], dtype=np.float64)[index, :, 1]
        return StumpEdges(index, (float(left[0]), float(left[1])), (float(right[0]), float(right[1])))


def truth_beside(path: Path) -> dict[str, NDArray[np.generic]]:
    """Read the truth file beside a clip."""
    with np.load(path.with_name(f"{path.stem}.truth.npz")) as arrays:
        return {name: arrays[name] for name in arrays.files}


def compare(clip: SimulatedClip, frame_index: int | None = None) -> list[Row]:
    """Measure the gap in four ways; the edges are placed once, on the same frame for all of them."""
    area, frames, edges = clip.area, clip.frames, clip.edges(frame_index)
    started = time.process_time()
    curve = measure_gap(frames, area, edges)
    inside = (np.array(curve.low) <= clip.gap_mm) & (clip.gap_mm <= np.array(curve.high))
    rows = [_row(clip, "ours", np.array(curve.gap), float(inside.mean()), started)]
    tips = np.array([edges.left_px, edges.right_px]) - area.origin_px
    methods: dict[str, Callable[[], FloatArray]] = {
        "Lucas-Kanade 31 px on the tips": lambda: (
            track_points(frames, tips, anchor=edges.frame_index, tracker=LucasKanade(31)).points_px
        ),
        "DIS on the tips": lambda: follow_flow(frames, tips, edges.frame_index),
        "template 41 x 29 on the tips": lambda: match_templates(frames, tips, edges.frame_index),
    }
    for name, follow in methods.items():
        started = time.process_time()
        places = follow() * area.unit_per_px
        rows.append(_row(clip, name, places[:, 1, 0] - places[:, 0, 0], None, started))
    return rows


def follow_flow(frames: Sequence[GreyFrame], points: FloatArray, anchor: int) -> FloatArray:
    """Carry points by plain dense flow from frame to frame, without any check."""
    tracker = DenseInverseSearch()
    places = np.tile(points, (len(frames), 1, 1))
    for order in outward(len(frames), anchor):
        before = anchor
        for index in order:
            flow = tracker.flow(frames[before], frames[index])
            places[index] = places[before] + sample(flow, places[before])
            before = index
    return places


def match_templates(frames: Sequence[GreyFrame], points: FloatArray, anchor: int) -> FloatArray:
    """Follow points by the best match of their surroundings in the next frame."""
    half_x, half_y, reach = 20, 14, 12
    places = np.tile(points, (len(frames), 1, 1))
    for order in outward(len(frames), anchor):
        before = anchor
        for index in order:
            for number, (x, y) in enumerate(places[before]):
                looks = cv2.getRectSubPix(
                    frames[before], (2 * half_x + 1, 2 * half_y + 1), (float(x), float(y))
                )
                size = (2 * (half_x + reach) + 1, 2 * (half_y + reach) + 1)
                around = cv2.getRectSubPix(frames[index], size, (float(x), float(y)))
                score = np.asarray(cv2.matchTemplate(around, looks, cv2.TM_CCOEFF_NORMED))
                row, column = np.unravel_index(int(np.argmax(score)), score.shape)
                places[index, number] = (x + column - reach, y + row - reach)
            before = index
    return places


def _row(clip: SimulatedClip, method: str, gap: FloatArray, inside: float | None, started: float) -> Row:
    error = np.abs(gap - clip.gap_mm)
    return Row(
        clip.name,
        method,
        round(float(np.median(error)), 3),
        round(float(np.percentile(error, 95)), 3),
        inside,
        round(time.process_time() - started, 2),
    )


def whole_clip_seconds(clip: SimulatedClip) -> tuple[float, float]:
    """Processor time of the whole motion of a clip, and of decoding it plus plain dense flow."""
    cv2.setNumThreads(1)
    started = time.process_time()
    analyse_motion(clip.cine)
    ours = time.process_time() - started
    started = time.process_time()
    frames = GreyFrames(clip.cine.frames)
    tracker = DenseInverseSearch()
    for before, after in pairwise(frames):
        tracker.flow(before, after)
    return ours, time.process_time() - started
