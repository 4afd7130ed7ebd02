"""Marks carried by the tissue beside what anybody would write first, against the simulation's own tissue points."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotations.carry import carry_track
from annotations.motion.sparse_tracking import LucasKanade, track_points
from annotations.track import KeyFrame, Track
from tests.annotations.motion.comparison import SimulatedClip, follow_flow, match_templates

FloatArray = NDArray[np.float64]
FROM_TEAR_MM, MARGIN_PX = 6.0, 16.0


@dataclass(frozen=True, slots=True)
class CarriedRow:
    """One method on one clip: distance from the true places in mm, over all points and frames between the keys."""

    clip: str
    method: str
    points: int
    median_mm: float
    p95_mm: float


def intact_points_px(clip: SimulatedClip, most: int) -> FloatArray:
    """Tissue points of the truth that stay in the picture, 6 mm from any torn end; shape (frames, points, 2)."""
    places = np.asarray(clip.truth["grid_px"], dtype=np.float64)
    low = clip.area.origin_px + MARGIN_PX
    high = np.array([clip.area.x1, clip.area.y1]) - MARGIN_PX
    kept = ((places >= low) & (places <= high)).all(axis=(0, 2))
    if "proximal_end_px" in clip.truth:
        peak = int(np.argmax(clip.activation))
        for index in (0, peak):
            ends = np.concatenate(
                [clip.truth[name][index] for name in ("proximal_end_px", "distal_end_px")]
            ).astype(np.float64)
            apart = np.linalg.norm(places[index][:, None] - ends[None], axis=2).min(axis=1)
            kept &= apart * clip.area.unit_per_px[0] > FROM_TEAR_MM
    chosen = np.flatnonzero(kept)
    return np.asarray(places[:, chosen[np.linspace(0, len(chosen) - 1, min(most, len(chosen))).astype(int)]])


def compare_carried(clip: SimulatedClip, most: int = 24) -> list[CarriedRow]:
    """Carry points of intact tissue through a clip: ours with keys at rest, peak and rest; the others from rest on."""
    true = intact_points_px(clip, most)
    frames, origin = clip.frames, clip.area.origin_px
    start = true[0] - origin
    keys = (0, int(np.argmax(clip.activation)), len(true) - 1)
    between = [index for index in range(len(true)) if index not in keys]

    def ours() -> FloatArray:
        track = Track(between="carried", keys=tuple(_key(index, true[index]) for index in keys))
        carried = carry_track(clip.cine.frames, track).carried
        return np.array([part.points_px for part in carried])

    methods: dict[str, Callable[[], FloatArray]] = {
        "ours": ours,
        "Lucas-Kanade 31 px": lambda: (
            track_points(frames, start, tracker=LucasKanade(31)).points_px[between] + origin
        ),
        "DIS": lambda: follow_flow(frames, start, 0)[between] + origin,
        "template 41 x 29": lambda: match_templates(frames, start, 0)[between] + origin,
    }
    rows = []
    for method, follow in methods.items():
        off_mm = np.linalg.norm((follow() - true[between]) * clip.area.unit_per_px, axis=2)
        rows.append(
            CarriedRow(
                clip.name,
                method,
                true.shape[1],
                float(np.median(off_mm)),
                float(np.percentile(off_mm, 95)),
            )
        )
    return rows


def _key(frame_index: int, points_px: FloatArray) -> KeyFrame:
    return KeyFrame(frame_index=frame_index, points_px=tuple((float(x), float(y)) for x, y in points_px))
