"""``python -m tests.annotations.motion.thickness_report``: muscle thickness beside people, into ``docs/thickness.md``.

The table goes between two marks of the document, the plot into ``docs/thickness.png``. It needs the shared data.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from numpy.typing import NDArray

from annotations.motion.result import ALGORITHM
from cases.decoding import Decoder
from cases.store import ClipStore
from tests.annotations.motion.bland_altman import Agreement, Panel, draw
from tests.annotations.motion.human_values import SHARED
from tests.annotations.motion.people import (
    GASTROCNEMIUS_CLIPS,
    Heights,
    HumanSeries,
    between_raters_px,
    followed,
    found_on_each,
    gastrocnemius_series,
    vastus_series,
)

FloatArray = NDArray[np.float64]
SAME_LINE_PX = 30.0
"""Raters who differ by more have read different lines; between 11 and 45 px there is no picture."""

ROOT = Path(__file__).parents[3]
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One way of measuring one set of pictures."""

    what: str
    ours_px: FloatArray
    theirs_px: FloatArray
    between_px: float | None
    half_band_px: FloatArray | None

    @property
    def refused(self) -> int:
        """Pictures on which no borders were found."""
        return int(np.isnan(self.ours_px).sum())

    @property
    def agreement(self) -> Agreement:
        """Ours against people, over the pictures that were not refused."""
        there = ~np.isnan(self.ours_px)
        return Agreement.of(self.ours_px[there], self.theirs_px[there])

    def cells(self, unsure_above_px: float) -> str:
        """Return the line as a row of the table."""
        one = self.agreement
        unsure = "–" if self.half_band_px is None else f"{int((self.half_band_px > unsure_above_px).sum())}"
        between = "one rater" if self.between_px is None else f"{self.between_px:.1f}"
        reached = "–" if self.between_px is None else "yes" if one.mean_absolute <= self.between_px else "no"
        return (
            f"| {self.what} | {one.pairs} | {one.bias:+.1f} | {one.low:+.1f} to {one.high:+.1f} "
            f"| {one.mean_absolute:.1f} | {between} | {reached} | {self.refused} | {unsure} |"
        )


def main(out: Annotated[Path, typer.Option(help="Folder of thickness.md.")] = ROOT / "docs") -> None:
    """Measure, and write the table and the plot."""
    if not SHARED.is_dir():
        raise typer.BadParameter(
            "The pictures with people's heights are not here; name their folder in MSUS_SHARED_DATA."
        )
    cv2.setNumThreads(1)
    vastus = vastus_series()
    raters = np.concatenate([series.heights_px for series in vastus])
    lines = [*vastus_lines(vastus), *gastrocnemius_lines(_clips())]
    path = out / "thickness.md"
    before, _, after = path.read_text(encoding="utf-8").partition(BEGIN)
    text = f"{before}{BEGIN}\n{table(lines, between_raters_px(raters))}{END}{after.partition(END)[2]}"
    path.write_text(text, encoding="utf-8")
    draw(panels(lines, raters), "px", out / "thickness.png")


def _clips() -> list[HumanSeries]:
    with tempfile.TemporaryDirectory() as folder, Decoder(processes=1) as decoder:
        store = ClipStore(Path(folder))
        paths = [SHARED / "muscle_clips_ccby" / f"{name}.mp4" for name in GASTROCNEMIUS_CLIPS]
        cines = [store.cine(store.import_file(path, decoder).sha256) for path in paths]
        whole = [gastrocnemius_series(path.stem, cine) for path, cine in zip(paths, cines, strict=True)]
        return [series.in_memory() for series in whole]


def vastus_lines(series: Sequence[HumanSeries]) -> list[Line]:
    """Borders drawn once, found once, and found on every picture; three raters."""
    raters = np.concatenate([one.heights_px for one in series])
    people, between = raters.mean(axis=1), between_raters_px(raters)
    drawn, found = (
        _joined(series, lambda one: followed(one, "drawn")),
        _joined(series, lambda one: followed(one, "inner")),
    )
    each = np.concatenate([found_on_each(one, "inner") for one in series])
    name = "vastus lateralis"
    three, agreed = np.tile(drawn.height_px, 3), np.ptp(raters, axis=1) <= SAME_LINE_PX
    return [
        Line(f"{name}: borders drawn on the first picture, followed", drawn.height_px, people, between, drawn.half_band_px),
        Line(f"{name}: the same, against each rater by himself", three, raters.T.ravel(), between, None),
        Line(f"{name}: the same, against their mean, where all raters read the same line", drawn.height_px[agreed], people[agreed], between_raters_px(raters[agreed]), None),
        Line(f"{name}: borders found on the first picture, followed", found.height_px, people, between, found.half_band_px),
        Line(f"{name}: borders found on each picture", each, people, between, None),
    ]  # fmt: skip


def gastrocnemius_lines(series: Sequence[HumanSeries]) -> list[Line]:
    """Borders found once and followed, with and without the aponeuroses, and the change alone; one rater."""
    people = np.concatenate([one.consensus_px for one in series])
    inner, outer = (
        _joined(series, lambda one: followed(one, "inner")),
        _joined(series, lambda one: followed(one, "outer")),
    )
    each = np.concatenate([found_on_each(one, "outer") for one in series])
    change = np.concatenate([_about_own_mean(followed(one, "inner").thickness_px) for one in series])
    people_change = np.concatenate([_about_own_mean(one.consensus_px) for one in series])
    name = "gastrocnemius"
    return [
        Line(f"{name}: found on the first frame, followed, without the aponeuroses", inner.height_px, people, None, inner.half_band_px),
        Line(f"{name}: the same with the aponeuroses", outer.height_px, people, None, outer.half_band_px),
        Line(f"{name}: found on each frame, with the aponeuroses", each, people, None, None),
        Line(f"{name}: thickness over the middle half, as change about each clip's mean", change, people_change, None, inner.half_band_px),
    ]  # fmt: skip


def _about_own_mean(values: FloatArray) -> FloatArray:
    return np.asarray(values - values.mean())


def _joined(series: Sequence[HumanSeries], measure: Callable[[HumanSeries], Heights]) -> Heights:
    parts = [measure(one) for one in series]
    return Heights(
        np.concatenate([part.height_px for part in parts]),
        np.concatenate([part.thickness_px for part in parts]),
        np.concatenate([part.half_band_px for part in parts]),
    )


def table(lines: Sequence[Line], unsure_above_px: float) -> str:
    """Return the table as Markdown, with date and version."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%d")
    head = (
        "pictures, borders",
        "n",
        "bias",
        "limits of agreement",
        "mean absolute difference",
        "between raters",
        "no larger than raters",
        "refused",
        "unsure",
    )
    return "\n".join(
        [
            f"Measured {stamp} with trackers of version {ALGORITHM}; ours minus people, px. Refused: no borders found. "
            f"Unsure: half of our own band is wider than {unsure_above_px:.1f} px.",
            "",
            "| " + " | ".join(head) + " |",
            "|---|" + "---|" * (len(head) - 1),
            *(line.cells(unsure_above_px) for line in lines),
            "",
        ]
    )


def panels(lines: Sequence[Line], raters: FloatArray) -> list[Panel]:
    """Choose what is plotted: our best two ways beside two raters on the same pictures."""
    drawn, with_aponeuroses = lines[0], lines[6]
    return [
        Panel("Vastus lateralis: ours, three raters", drawn.ours_px, drawn.theirs_px),
        Panel("Vastus lateralis: first, second rater", raters[:, 0], raters[:, 1]),
        Panel("Gastrocnemius: ours, one rater", with_aponeuroses.ours_px, with_aponeuroses.theirs_px),
    ]


if __name__ == "__main__":
    typer.run(main)
