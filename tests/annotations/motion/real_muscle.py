"""``python -m tests.annotations.motion.real_muscle``: marks carried through real contractions and back again.

Nobody knows where real tissue went, so each point is carried from rest into the hold and from there back to rest; how far
from its start it ends is its forward-backward error. A tracker that errs alike on both ways would hide it, so points are
also carried into the hold over every other frame and back over the frames between, which share no step. The table goes
into ``docs/motion.md`` between two marks. The clips are in the shared data folder, not in the repository.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import typer
from numpy.typing import NDArray

from annotations.carry import CarriedPoints, carry_points
from annotations.motion.border_detection import propose_borders
from annotations.motion.chapters import find_chapters
from annotations.motion.grey_frames import GreyFrames
from annotations.motion.sparse_tracking import LucasKanade, track_points
from annotations.motion.tissue_area import still_marks, tissue_area
from annotations.motion.tissue_motion import follow_tissue
from annotations.track import LOW_CONFIDENCE
from cases.cine import Cine
from cases.decoding import Decoder
from cases.store import ClipStore
from tests.annotations.motion.human_values import SHARED

FloatArray = NDArray[np.float64]
EFFORTS = {
    "isometric": "p6_isometric_max_01_push_01",
    "isokinetic, 30°/s": "p6_isokinetic030_01_push_01",
    "isokinetic, 120°/s": "p6_isokinetic120_01_push_02",
    "isokinetic, 500°/s": "p6_isokinetic500_01_push_01",
}
COLUMNS, DEPTHS = np.linspace(0.2, 0.8, 20), (0.35, 0.5, 0.65)
DOCUMENT = Path(__file__).parents[3] / "docs" / "motion.md"
BEGIN, END = "<!-- real muscle: begin -->", "<!-- real muscle: end -->"


@dataclass(frozen=True, slots=True, eq=False)
class Effort:
    """A real clip cut to its tissue: points at rest, and the frames from rest into the hold."""

    frames: GreyFrames
    start_px: FloatArray
    way: range


@dataclass(frozen=True, slots=True, eq=False)
class Returned:
    """Points that were carried there and back: how far they went, how far from their start they ended, whom to trust."""

    way_px: FloatArray
    off_px: FloatArray
    is_trusted: NDArray[np.bool_]

    @property
    def trusted_median_px(self) -> float:
        """Median error of the points that still had their confidence when they came back."""
        return float(np.median(self.off_px[self.is_trusted])) if self.is_trusted.any() else float("nan")

    def __str__(self) -> str:
        """Points with their error, and the error of all."""
        kept, all_px = int(self.is_trusted.sum()), float(np.median(self.off_px))
        trusted = f"{self.trusted_median_px:.1f} px" if kept else "-"
        return f"{kept} of {len(self.off_px)}: {trusted} (all: {all_px:.1f})"


def effort_of(cine: Cine) -> Effort:
    """Sixty points in the middle third of the muscle's depth, from the last frame at rest to the beginning of the hold."""
    area = tissue_area(cine.frames, cine.regions)
    frames = GreyFrames(cine.frames, area.rows, area.columns)
    proposed = propose_borders(frames[0], 0, area)
    motion = follow_tissue(frames, area, burnt=still_marks(cine.frames, area))
    chapters = find_chapters(motion.evidence(), cine.frame_starts_s)
    contracting, hold = chapters.first("contracting"), chapters.first("hold")
    if proposed is None or contracting is None or hold is None:
        raise ValueError("This clip has no borders or no contraction.")
    x = area.x0 + COLUMNS * (area.x1 - area.x0)
    top, bottom = (np.interp(x, *np.array(border.points_px).T) for border in proposed.both)
    inside = np.concatenate([np.column_stack([x, top + share * (bottom - top)]) for share in DEPTHS])
    rest_index = max(contracting.first_frame_index - 1, 0)
    way = range(rest_index, min(hold.first_frame_index + 3, hold.last_frame_index) + 1)
    return Effort(frames, inside - area.origin_px, way)


def carried_and_back(effort: Effort, there: list[int], back: list[int]) -> Returned:
    """Carry the points as marks are carried, over some frames there and over others back."""
    gone = carry_points(effort.frames, there, effort.start_px)[-1]
    come: CarriedPoints = carry_points(effort.frames, back, gone.points_px)[-1]
    trust = np.minimum(gone.trust, come.trust)
    return _returned(effort.start_px, gone.points_px, come.points_px, trust >= LOW_CONFIDENCE)


def followed_and_back(effort: Effort) -> Returned:
    """Follow each point alone from frame to frame by stock Lucas-Kanade, there and back."""
    forth = [effort.frames[index] for index in effort.way]
    gone = track_points(forth, effort.start_px - 0.5, tracker=LucasKanade(31))
    come = track_points(forth[::-1], gone.points_px[-1], tracker=LucasKanade(31))
    is_kept = ~(gone.lost[-1] | come.lost[-1])
    return _returned(effort.start_px - 0.5, gone.points_px[-1], come.points_px[-1], is_kept)


def _returned(
    start: FloatArray, gone: FloatArray, come: FloatArray, is_trusted: NDArray[np.bool_]
) -> Returned:
    return Returned(np.linalg.norm(gone - start, axis=1), np.linalg.norm(come - start, axis=1), is_trusted)


def efforts() -> Iterator[tuple[str, Effort]]:
    """Open the real clips of the shared data folder."""
    with tempfile.TemporaryDirectory() as folder, Decoder(processes=1) as decoder:
        store = ClipStore(Path(folder))
        for name, clip in EFFORTS.items():
            path = SHARED / "muscle_clips_ccby" / f"{clip}.mp4"
            yield name, effort_of(store.cine(store.import_file(path, decoder).sha256))


def line(name: str, effort: Effort) -> str:
    """Measure one effort and return its row of the table."""
    way = list(effort.way)
    every = carried_and_back(effort, way, way[::-1])
    even = way[: len(way) - 1 + len(way) % 2]
    halves = carried_and_back(effort, even[::2], [even[-1], *even[-2:0:-2], even[0]])
    moved = f"{np.median(every.way_px):.0f} px, {len(way)} frames"
    return f"| {name} | {moved} | {followed_and_back(effort)} | {every} | {halves} |"


def main() -> None:
    """Measure, and write the table."""
    cv2.setNumThreads(1)
    heads = (
        "effort",
        "way",
        "each point alone, window 31 px",
        "as marks are carried",
        "there and back by different frames",
    )
    rows = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for name, effort in efforts():
        rows.append(line(name, effort))
        typer.echo(rows[-1])
    before, _, after = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    table = "\n".join(rows)
    DOCUMENT.write_text(f"{before}{BEGIN}\n{table}\n{END}{after.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
