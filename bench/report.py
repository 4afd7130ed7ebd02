"""From the figures of all rounds to medians, and from those to a JSON file and a table."""

import json
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.targets import FOLLOWING, READING, WAYS, targets

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Sample:
    """What one contestant did in one round."""

    round_number: int
    contestant: str
    figures: Mapping[str, float]


Columns = tuple[tuple[str, tuple[str, ...]], ...]
COLUMNS: Columns = (
    ("step p50 / p95 / max ms", ("step_p50_ms", "step_p95_ms", "step_max_ms")),
    ("jump p50 / p95 / max ms", ("jump_p50_ms", "jump_p95_ms", "jump_max_ms")),
    (
        "from release",
        ("jump_from_release_p50_ms", "jump_from_release_p95_ms", "jump_from_release_max_ms"),
    ),
    ("displayed: step / jump p95 ms", ("step_displayed_p95_ms", "jump_displayed_p95_ms")),
    ("wrong pictures: step / jump", ("step_wrong", "jump_wrong")),
    ("first picture ms", ("first_picture_ms",)),
    ("every panel's first ms", ("all_pictures_ms",)),
    ("all frames ms", ("all_ready_ms",)),
    ("drag: shown of 100", ("drag_shown",)),
    ("30 asked: shown/s (missed)", ("cine_30_shown_per_s", "cine_30_missed")),
    ("60 asked: shown/s (missed)", ("cine_60_shown_per_s", "cine_60_missed")),
    ("decoded frames/s", ("decode_frames_per_s",)),
    ("renderer MB", ("renderer_mb",)),
    ("server CPU s", ("server_cpu_s",)),
    ("import ms", ("import_ms",)),
)


READING_COLUMNS: Columns = (
    ("frames", ("read_frames",)),
    ("ours: frames/s", ("ours_frames_per_s",)),
    ("ours: MB/s", ("ours_mb_per_s",)),
    ("plain: frames/s", ("plain_frames_per_s",)),
    ("plain: MB/s", ("plain_mb_per_s",)),
    ("through the process / in-process", ("child_against_alone",)),
)
FOLLOWING_COLUMNS: Columns = (
    ("error median / p95 mm", ("error_median_mm", "error_p95_mm")),
    ("CPU s", ("follow_cpu_s",)),
    ("whole motion CPU s", ("motion_cpu_s",)),
    ("decoding + DIS CPU s", ("plain_flow_cpu_s",)),
)


def medians(samples: Iterable[Sample]) -> dict[str, dict[str, float]]:
    """Return the median of each figure over the rounds, by contestant; of a ``max`` the largest.

    >>> rounds = [Sample(n, "bare", {"step_p50_ms": ms, "step_max_ms": ms}) for n, ms in enumerate((3, 1, 2))]
    >>> medians(rounds)
    {'bare': {'step_p50_ms': 2, 'step_max_ms': 3}}
    """
    collected: dict[str, dict[str, list[float]]] = {}
    for sample in samples:
        for name, value in sample.figures.items():
            collected.setdefault(sample.contestant, {}).setdefault(name, []).append(value)
    return {
        contestant: {
            name: max(values) if "_max_" in name else statistics.median(values)
            for name, values in figures.items()
        }
        for contestant, figures in collected.items()
    }


def results(
    samples: list[Sample], *, titles: Mapping[str, str], about: Mapping[str, Any], failures: list[str]
) -> dict[str, Any]:
    """Return everything of a run as JSON values: what was run, each round, the medians and the targets."""
    middle = medians(samples)
    return {
        "about": dict(about),
        "titles": dict(titles),
        "failures": failures,
        "targets": [{**asdict(target), "reached": target.reached} for target in targets(middle)],
        "medians": middle,
        "rounds": [asdict(sample) for sample in samples],
    }


def table(run: Mapping[str, Any]) -> str:
    """Return the Markdown of a run: the targets, then the figures behind them."""
    about = run["about"]
    lines = [
        "# Side by side",
        "",
        ", ".join(f"{name}: {value}" for name, value in about.items()),
        "",
        *(f"- **failed:** {failure}" for failure in run["failures"]),
        "| target | measured | made of | limit | reached |",
        "|---|---|---|---|---|",
        *(_target_line(target) for target in run["targets"]),
        "",
        "Medians over the rounds (max: the largest); bench/README.md says how each is measured.",
        "",
        *_figures("contestant", run["titles"], run["medians"], COLUMNS),
        *_figures("way to compare", _titles_below(WAYS, run["medians"]), run["medians"], COLUMNS[:5]),
        *_figures("file", _titles_below(READING, run["medians"]), run["medians"], READING_COLUMNS),
        *_figures("method", _titles_below(FOLLOWING, run["medians"]), run["medians"], FOLLOWING_COLUMNS),
    ]
    return "\n".join(lines) + "\n"


def write(run: Mapping[str, Any], *, stamp: str, folder: Path = RESULTS) -> Path:
    """Write ``<stamp>.json``, ``latest.json`` and ``latest.md``; return the table's path."""
    folder.mkdir(parents=True, exist_ok=True)
    content = json.dumps(run, indent=1, ensure_ascii=False) + "\n"
    for name in (f"{stamp}.json", "latest.json"):
        (folder / name).write_text(content, encoding="utf-8")
    (folder / "latest.md").write_text(table(run), encoding="utf-8")
    return folder / "latest.md"


def _titles_below(prefix: str, medians: Mapping[str, Any]) -> dict[str, str]:
    return {name: name.removeprefix(prefix) for name in medians if name.startswith(prefix)}


def _figures(head: str, titles: Mapping[str, str], medians: Mapping[str, Any], columns: Columns) -> list[str]:
    """Lines of one table; none where nobody in it was measured."""
    measured = [name for name in titles if name in medians]
    if not measured:
        return []
    return [
        f"| {head} | " + " | ".join(title for title, _ in columns) + " |",
        "|---" * (len(columns) + 1) + "|",
        *(_figure_line(titles[name], medians[name], columns) for name in measured),
        "",
    ]


def _target_line(target: Mapping[str, Any]) -> str:
    word = {True: "yes", False: "**no**", None: "not measured"}[target["reached"]]
    limit = f"{target['bound']} {target['limit']:g} {target['unit']}"
    value = "–" if target["value"] is None else f"{target['value']:.2f} {target['unit']}"
    return f"| {target['promise']} | {value} | {target['made_of']} | {limit} | {word} |"


def _figure_line(title: str, figures: Mapping[str, float], columns: Columns) -> str:
    cells = []
    for _, names in columns:
        values = [_rounded(figures[name]) for name in names if name in figures]
        counts_missed = names[-1].endswith("_missed") and len(values) == 2
        cells.append(f"{values[0]} ({values[1]})" if counts_missed else " / ".join(values) or "–")
    return f"| {title} | " + " | ".join(cells) + " |"


def _rounded(value: float) -> str:
    return (
        f"{value:.0f}"
        if abs(value) >= 100 or value == int(value)
        else f"{value:.1f}"
        if abs(value) >= 1
        else f"{value:.2f}"
    )
