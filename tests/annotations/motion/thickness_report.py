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
    jumping_series,
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
    unsure: NDArray[np.bool_] | None = None

    @classmethod
    def of(cls, what: str, ours: Heights, theirs_px: FloatArray, between_px: float | None) -> "Line":
        """Compare what we have of pictures with what people have."""
        return cls(what, ours.height_px, theirs_px, between_px, ours.unsure)

    @property
    def refused(self) -> int:
        """Pictures on which no borders were found."""
        return int(np.isnan(self.ours_px).sum())

    @property
    def agreement(self) -> Agreement:
        """Ours against people, over the pictures that were not refused."""
        there = ~np.isnan(self.ours_px)
        return Agreement.of(self.ours_px[there], self.theirs_px[there])

    def cells(self) -> str:
        """Return the line as a row of the table."""
        one = self.agreement
        between = "one rater" if self.between_px is None else f"{self.between_px:.1f}"
        reached = "–" if self.between_px is None else "yes" if one.mean_absolute <= self.between_px else "no"
        return (
            f"| {self.what} | {one.pairs} | {one.bias:+.1f} | {one.low:+.1f} to {one.high:+.1f} "
            f"| {one.mean_absolute:.1f} | {between} | {reached} | {' | '.join(self._doubts())} |"
        )

    def _doubts(self) -> tuple[str, str, str]:
        """Pictures that were refused, called unsure, and measured at another line without a word."""
        if self.unsure is None:
            return "–", "–", "–"
        other = np.abs(self.ours_px - self.theirs_px) > SAME_LINE_PX
        return f"{self.refused}", f"{int(self.unsure.sum())}", f"{int((other & ~self.unsure).sum())}"


def main(out: Annotated[Path, typer.Option(help="Folder of thickness.md.")] = ROOT / "docs") -> None:
    """Measure, and write the table and the plot."""
    if not SHARED.is_dir():
        raise typer.BadParameter(
            "The pictures with people's heights are not here; name their folder in MSUS_SHARED_DATA."
        )
    cv2.setNumThreads(1)
    vastus = vastus_series()
    raters = np.concatenate([series.heights_px for series in vastus])
    lines = [*vastus_lines(vastus), *gastrocnemius_lines(jumping_series(), _clips())]
    path = out / "thickness.md"
    before, _, after = path.read_text(encoding="utf-8").partition(BEGIN)
    text = f"{before}{BEGIN}\n{table(lines)}{END}{after.partition(END)[2]}"
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
    agreed = np.ptp(raters, axis=1) <= SAME_LINE_PX
    ways = {
        "borders drawn on the first picture, followed": _joined(series, lambda one: followed(one, "drawn")),
        "borders found on five pictures or fewer, followed": _joined(
            series, lambda one: followed(one, "found")
        ),
    }
    lines = [
        line
        for way, ours in ways.items()
        for line in _against_raters(f"vastus lateralis: {way}", ours, raters, agreed)
    ]
    each = _joined(series, found_on_each)
    between = between_raters_px(raters)
    return [
        *lines,
        Line.of("vastus lateralis: borders found on each picture", each, raters.mean(axis=1), between),
    ]


def _against_raters(what: str, ours: Heights, raters: FloatArray, agreed: NDArray[np.bool_]) -> list[Line]:
    """Ours against the raters' mean, each of them by himself, and their mean where they read the same line."""
    people, between = raters.mean(axis=1), between_raters_px(raters)
    three = np.tile(ours.height_px, 3)
    same = between_raters_px(raters[agreed])
    return [
        Line.of(what, ours, people, between),
        Line("the same, against each rater by himself", three, raters.T.ravel(), between),
        Line("the same, where all raters read the same line", ours.height_px[agreed], people[agreed], same),
    ]


def gastrocnemius_lines(jump: HumanSeries, clips: Sequence[HumanSeries]) -> list[Line]:
    """Borders found once and followed, found on each picture, and the change alone; one rater."""
    lines = []
    for name, series in (("lateral gastrocnemius, jump", [jump]), ("medial gastrocnemius", clips)):
        people = np.concatenate([one.consensus_px for one in series])
        once, each = _joined(series, lambda one: followed(one, "found")), _joined(series, found_on_each)
        lines += [
            Line.of(f"{name}: borders found on five pictures or fewer, followed", once, people, None),
            Line.of(f"{name}: borders found on each picture", each, people, None),
        ]
    change = np.concatenate([_about_own_mean(followed(one, "found").thickness_px) for one in clips])
    people_change = np.concatenate([_about_own_mean(one.consensus_px) for one in clips])
    what = "medial gastrocnemius: thickness over the middle half, as change about each clip's mean"
    return [*lines, Line(what, change, people_change, None)]


def _about_own_mean(values: FloatArray) -> FloatArray:
    return np.asarray(values - values.mean())


def _joined(series: Sequence[HumanSeries], measure: Callable[[HumanSeries], Heights]) -> Heights:
    parts = [measure(one) for one in series]
    return Heights(
        np.concatenate([part.height_px for part in parts]),
        np.concatenate([part.thickness_px for part in parts]),
        np.concatenate([part.half_band_px for part in parts]),
        np.concatenate([part.unsure for part in parts]),
    )


def table(lines: Sequence[Line]) -> str:
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
        "sure and elsewhere",
    )
    return "\n".join(
        [
            f"Measured {stamp} with trackers of version {ALGORITHM}; ours minus people, px. Refused: no borders found. Unsure: "
            f"the detector said so. Sure and elsewhere: more than {SAME_LINE_PX:.0f} px from people, and it did not say so.",
            "",
            "| " + " | ".join(head) + " |",
            "|---|" + "---|" * (len(head) - 1),
            *(line.cells() for line in lines),
            "",
        ]
    )


def panels(lines: Sequence[Line], raters: FloatArray) -> list[Panel]:
    """Choose what is plotted: borders found and followed, beside two raters on the same pictures."""
    found = next(line for line in lines if "vastus" in line.what and "found on five" in line.what)
    medial = next(line for line in lines if "medial" in line.what and "found on five" in line.what)
    return [
        Panel("Vastus lateralis: ours, three raters", found.ours_px, found.theirs_px),
        Panel("Vastus lateralis: first, second rater", raters[:, 0], raters[:, 1]),
        Panel("Medial gastrocnemius: ours, one rater", medial.ours_px, medial.theirs_px),
    ]


if __name__ == "__main__":
    typer.run(main)
