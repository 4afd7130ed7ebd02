"""``python -m tests.annotations.motion.report``: measure the motion engine on simulated clips and write the tables.

The numbers go into ``docs/motion.md`` between two marks, the curves into ``docs/motion-gap.png``. Clips that are not
bundled are rendered once, about half a minute each, and kept in a cache folder outside the repository.
"""

import math
import platform
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer

from annotations.motion.chapters import find_chapters
from annotations.motion.gap import GapCurve, measure_gap
from annotations.motion.result import ALGORITHM
from annotations.motion.tissue_motion import follow_tissue
from cases.decoding import Decoder
from cases.store import ClipStore
from tests.annotations.motion.carried import CarriedRow, compare_carried
from tests.annotations.motion.comparison import Row, SimulatedClip, compare, truth_beside, whole_clip_seconds
from tests.annotations.motion.extra_clips import EXTRA, FRESH, HELD_OUT, LAST, cache_folder, made
from tests.annotations.motion.truth_measures import boundary_error, strain_error

ROOT = Path(__file__).parents[3]
BUNDLED = ROOT / "cases" / "bundled"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
PLAIN = ("long-axis-defect", "dynamic-atrophy", "ends-separate")
HARD = ("haematoma-long", "partial-long", "hidden-gap")
ENOUGH_PLACES = 10
"""In wide gaps little intact tissue stays in the picture; a median of three places says nothing."""
DRAWN = ("long-axis-defect", "haematoma-long", "fast-effort", "slow-effort-2")


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Everything that the report says of one clip."""

    name: str
    group: str
    clip: SimulatedClip
    curve: GapCurve
    rows: dict[str, Row]
    gap_chapters: float
    motion_chapters: float
    strain: float
    strain_points: int
    seconds: tuple[float, float]

    @property
    def off_mm(self) -> float:
        """Median of the gap's error."""
        return self.rows["ours"].median_mm

    @property
    def is_hard(self) -> bool:
        """Whether it counts among the hard clips."""
        return self.group.endswith("hard")


def main(
    quick: Annotated[bool, typer.Option(help="Bundled clips only.")] = False,
    out: Annotated[Path, typer.Option(help="Folder that holds motion.md.")] = ROOT / "docs",
) -> None:
    """Measure, and write the tables and the figure."""
    cv2.setNumThreads(1)
    measured, carried = [], []
    with tempfile.TemporaryDirectory() as folder:
        for group, clip in _clips(Path(folder), quick=quick):
            measured.append(_measured(group, clip))
            if group.startswith("bundled"):
                carried += compare_carried(clip)
            typer.echo(f"{clip.name}: median {measured[-1].off_mm:.3f} mm")
    draw_gaps([one for one in measured if one.name in DRAWN], out / "motion-gap.png")
    path = out / "motion.md"
    before, _, after = path.read_text(encoding="utf-8").partition(BEGIN)
    text = f"{before}{BEGIN}\n{tables(measured, carried)}{END}{after.partition(END)[2]}"
    path.write_text(text, encoding="utf-8")


def _clips(folder: Path, *, quick: bool) -> Iterator[tuple[str, SimulatedClip]]:
    store = ClipStore(folder)
    with Decoder(processes=1) as decoder:

        def opened(name: str, path: Path) -> SimulatedClip:
            return SimulatedClip(
                name, store.cine(store.import_file(path, decoder).sha256), truth_beside(path)
            )

        for difficulty, names in (("plain", PLAIN), ("hard", HARD)):
            for name in names:
                yield f"bundled, {difficulty}", opened(name, next(BUNDLED.glob(f"*/{name}.dcm")))
        further = (("made", EXTRA), ("held out", HELD_OUT), ("fresh", FRESH), ("last", LAST))
        for word, extras in () if quick else further:
            for extra in extras:
                path = made(extra, cache_folder())
                yield f"{word}, {extra.difficulty}", opened(extra.scene.name, path)


def _measured(group: str, clip: SimulatedClip) -> Measured:
    rows = {row.method: row for row in compare(clip)}
    curve = measure_gap(clip.frames, clip.area, clip.edges(), frame_starts_s=clip.cine.frame_starts_s)
    by_gap = find_chapters(curve.evidence, clip.cine.frame_starts_s)
    by_motion = find_chapters(follow_tissue(clip.frames, clip.area).evidence())
    return Measured(
        clip.name, group, clip, curve, rows,
        boundary_error(by_gap, clip.activation),
        boundary_error(by_motion, clip.activation),
        *strain_error(clip),
        whole_clip_seconds(clip) if group == "bundled, plain" else (math.nan, math.nan),
    )  # fmt: skip


def tables(measured: Sequence[Measured], carried: Sequence[CarriedRow]) -> str:
    """Return both tables as Markdown, with date and versions."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%d")
    used = ", ".join(f"{name} {version(name)}" for name in ("numpy", "opencv-python-headless"))
    methods = list(measured[0].rows)
    lines = [
        f"Measured {stamp} with trackers of version {ALGORITHM}, Python {platform.python_version()}, {used}.",
        "",
        "| clip | " + " | ".join(f"{method}: median / p95 mm" for method in methods)
        + " | in the band | chapters by gap / motion, frames | strain, points (places) |",
        "|---|" + "---|" * (len(methods) + 3),
        *(_line(one) for one in measured),
        "",
        *_summary(measured),
        "",
        "| clip | points | " + " | ".join(f"{m}: median / p95 mm" for m in dict.fromkeys(r.method for r in carried)) + " |",
        "|---|" + "---|" * (1 + len({row.method for row in carried})),
    ]  # fmt: skip
    for name in dict.fromkeys(row.clip for row in carried):
        rows = [row for row in carried if row.clip == name]
        values = " | ".join(f"{row.median_mm:.3f} / {row.p95_mm:.2f}" for row in rows)
        lines.append(f"| {name} | {rows[0].points} | {values} |")
    return "\n".join(lines) + "\n"


def _line(one: Measured) -> str:
    gaps = " | ".join(f"{row.median_mm:.2f} / {row.p95_mm:.2f}" for row in one.rows.values())
    inside = one.rows["ours"].inside_band or 0.0
    chapters = f"{_frames(one.gap_chapters)} / {_frames(one.motion_chapters)}"
    return (
        f"| {one.name} ({one.group}) | {gaps} | {100 * inside:.0f} % | {chapters} "
        f"| {100 * one.strain:.1f} ({one.strain_points}) |"
    )


def _frames(error: float) -> str:
    return "other chapters" if math.isinf(error) else f"{error:.0f}"


def _summary(measured: Sequence[Measured]) -> list[str]:
    """Which promises were kept, by group."""
    lines = []
    for word in dict.fromkeys(one.group.split(",")[0] for one in measured):
        group = [one for one in measured if one.group.startswith(word)]
        inside = np.concatenate([_inside(one) for one in group]).mean()
        missed = [one.name for one in group if not _is_kept(one)]
        strained = [one for one in group if one.strain_points >= ENOUGH_PLACES]
        few = [one.name for one in group if one.strain_points < ENOUGH_PLACES]
        too_few = f" (too few places: {', '.join(few)})" if few else ""
        late = [one.name for one in group if max(one.gap_chapters, one.motion_chapters) > 2]
        lines.append(
            f"- **{word}**: gap within its target on {len(group) - len(missed)} of {len(group)} clips"
            f"{_but(missed)}; {100 * inside:.1f} % of all frames in the band; chapters within 2 frames on "
            f"{len(group) - len(late)}{_but(late)}; largest median error of strain "
            f"{100 * max(one.strain for one in strained):.1f} percentage points"
            f"{too_few}."
        )
    ratios = [ours / plain for ours, plain in (one.seconds for one in measured) if plain > 0]
    if ratios:
        lines.append(
            f"- **Speed**: the whole motion of a clip takes {min(ratios):.1f} to {max(ratios):.1f} times the processor "
            "time of decoding it and plain DIS flow (bundled, plain clips; one core)."
        )
    return lines


def _but(names: Sequence[str]) -> str:
    return f" (not {', '.join(names)})" if names else ""


def _is_kept(one: Measured) -> bool:
    ours = one.rows["ours"]
    return ours.p95_mm <= 1.0 if one.is_hard else ours.median_mm <= 0.15 and ours.p95_mm <= 0.5


def _inside(one: Measured) -> np.ndarray:
    return (np.array(one.curve.low) <= one.clip.gap_mm) & (one.clip.gap_mm <= np.array(one.curve.high))


def draw_gaps(measured: Sequence[Measured], path: Path) -> None:
    """Draw gaps as tracked with their bands over the truth."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    if not measured:
        return
    figure, axes = pyplot.subplots(
        1, len(measured), figsize=(3.4 * len(measured), 3), layout="constrained", squeeze=False
    )
    for one, plot in zip(measured, axes[0], strict=True):
        frames = np.arange(1, len(one.curve.gap) + 1)
        plot.fill_between(frames, one.curve.low, one.curve.high, color="#56b4e9", alpha=0.4, label="band")
        plot.plot(frames, one.curve.gap, color="#0072b2", linewidth=1.4, label="as tracked")
        plot.plot(frames, one.clip.gap_mm, "--", color="black", linewidth=1.0, label="truth (simulated)")
        plot.set(title=one.name, xlabel="frame", ylabel="gap (mm)")
    axes[0][0].legend(fontsize=8)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)


if __name__ == "__main__":
    typer.run(main)
