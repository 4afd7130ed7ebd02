"""Following the tissue on a simulated clip, whose truth is known: ours beside what anybody would write first.

The gap of a tear (`tests.annotations.motion.comparison`), marks carried between key frames at rest and peak, and the time
that the whole motion of a clip takes beside decoding it and plain dense flow.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from annotations.carry import carry_track
from annotations.motion.dense_tracking import DenseInverseSearch
from annotations.motion.grey_frames import GreyFrame, GreyFrames
from annotations.motion.sparse_tracking import LucasKanade, track_points
from annotations.track import KeyFrame, Track
from cases.decoding import Decoder
from cases.settings import BUNDLED_CASES_FOLDER
from cases.store import ClipStore
from tests.annotations.motion.comparison import (
    SimulatedClip,
    compare,
    match_templates,
    truth_beside,
    whole_clip_seconds,
)

CLIP = BUNDLED_CASES_FOLDER / "rectus-femoris-tear" / "long-axis-defect.dcm"
POINTS, MARK_POINTS = 60, 6
EDGE_PX = 24.0
FROM_STUMPS_MM = 8.0
FloatArray = NDArray[np.float64]
Follow = Callable[[Sequence[GreyFrame], FloatArray], FloatArray]


def simulated_clip(folder: Path) -> SimulatedClip:
    """Import the bundled clip of the tear, with its truth."""
    with Decoder(processes=1) as decoder:
        store = ClipStore(folder)
        return SimulatedClip(
            CLIP.stem, store.cine(store.import_file(CLIP, decoder).sha256), truth_beside(CLIP)
        )


def whole_motion(clip: SimulatedClip) -> dict[str, float]:
    """Processor time of the whole motion, and of decoding plus plain dense flow, on one core."""
    ours_s, plain_s = whole_clip_seconds(clip)
    return {"motion_cpu_s": ours_s, "plain_flow_cpu_s": plain_s}


def gap_errors(clip: SimulatedClip) -> dict[str, dict[str, float]]:
    """Error of the gap in mm, by method."""
    return {
        f"gap: {row.method}": {
            "error_median_mm": row.median_mm, "error_p95_mm": row.p95_mm, "follow_cpu_s": row.cpu_s
        }
        for row in compare(clip)
    }  # fmt: skip


def carry_errors(clip: SimulatedClip) -> dict[str, dict[str, float]]:
    """Error of points in intact tissue in mm, by method; every method is given the truth at rest and at the peak.

    Ours carries a mark from both sides; a plain method follows forwards from the key frame before.
    """
    truth = _intact_points(clip)
    frames = GreyFrames(clip.cine.frames)
    keys = [0, int(np.argmax(clip.gap_mm)), len(frames) - 1]
    plain: dict[str, Follow] = {
        "Lucas-Kanade 31 px": lambda part, at: (
            track_points(part, at, anchor=0, tracker=LucasKanade(31)).points_px
        ),
        "DIS": lambda part, at: track_points(part, at, tracker=DenseInverseSearch()).points_px,
        "template 41 x 29": lambda part, at: match_templates(part, at, 0),
    }
    methods: dict[str, Callable[[], FloatArray]] = {"ours": lambda: _carried(clip, truth, keys)}
    for name, follow in plain.items():
        methods[name] = lambda follow=follow: _forwards(frames, truth, keys, follow)  # type: ignore[misc]
    between = [index for index in range(len(frames)) if index not in keys]
    found = {}
    for name, method in methods.items():
        begun_s = time.process_time()
        error_px = method()[between] - truth[between]
        error_mm = np.hypot(*(error_px * clip.area.unit_per_px).transpose(2, 0, 1))
        found[f"carry: {name}"] = {
            "error_median_mm": float(np.median(error_mm)),
            "error_p95_mm": float(np.percentile(error_mm, 95)),
            "follow_cpu_s": time.process_time() - begun_s,
        }
    return found


def _intact_points(clip: SimulatedClip) -> FloatArray:
    """Tissue points of the muscles that stay in the picture and away from the stumps; shape (frames, points, 2)."""
    grid = np.asarray(clip.truth["grid_px"], dtype=np.float64)
    stumps = np.asarray(clip.truth["stump_points_px"], dtype=np.float64).reshape(len(grid), -1, 2)
    area = clip.area
    low = np.array([area.columns.start, area.rows.start]) + EDGE_PX
    high = np.array([area.columns.stop, area.rows.stop]) - EDGE_PX
    is_seen = ((grid >= low) & (grid <= high)).all(axis=(0, 2))
    apart_px = grid[:, :, None] - stumps[:, None]
    apart_mm = np.hypot(*(apart_px * area.unit_per_px).transpose(3, 0, 1, 2)).min(axis=(0, 2))
    is_muscle = np.asarray(clip.truth["grid_region"]) > 0
    chosen = np.flatnonzero(is_seen & is_muscle & (apart_mm > FROM_STUMPS_MM))
    return np.asarray(grid[:, chosen[:: max(1, len(chosen) // POINTS)]])


def _carried(clip: SimulatedClip, truth: FloatArray, keys: list[int]) -> FloatArray:
    places, pictures = truth.copy(), list(clip.cine.frames)
    for first in range(0, truth.shape[1], MARK_POINTS):
        mark = slice(first, first + MARK_POINTS)
        drawn = {k: tuple((float(x), float(y)) for x, y in truth[k, mark]) for k in keys}
        track = Track(
            between="carried", keys=tuple(KeyFrame(frame_index=k, points_px=drawn[k]) for k in keys)
        )
        for frame in carry_track(pictures, track).carried:
            places[frame.frame_index, mark] = frame.points_px
    return places


def _forwards(frames: Sequence[GreyFrame], truth: FloatArray, keys: list[int], follow: Follow) -> FloatArray:
    places = truth.copy()
    for first, last in pairwise(keys):
        part = [frames[index] for index in range(first, last)]
        places[first:last] = follow(part, truth[first])
    return places


def methods_of(clip: SimulatedClip) -> Iterator[tuple[str, dict[str, float]]]:
    """Measure the gap and the carried points in every way."""
    yield from gap_errors(clip).items()
    yield from carry_errors(clip).items()
