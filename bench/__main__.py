"""``python -m bench``: measure everyone side by side and write ``bench/results``."""

import os
import platform
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from playwright.sync_api import Browser

from bench import report
from bench.browser import chromium
from bench.line_up import NAMES, LineUp, line_up
from bench.measuring import MEASURES, NEEDS_CONTESTANTS, Run, measure_round, warm_up
from bench.viewing import Effort

REFERENCE = "simplejpeg, one thread; least import"


def main(
    quick: Annotated[bool, typer.Option(help="One short round, to see that everything runs.")] = False,
    only: Annotated[
        list[str] | None, typer.Option(help=f"Contestant or measure: {', '.join((*NAMES, *MEASURES))}.")
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, max=50, help="How often everyone takes a turn.")] = 5,
) -> None:
    """Measure our player beside the limit, the floor and the plain way, and write a table."""
    names, measures = _chosen(only or [])
    effort = Effort(steps=12, jumps=12, is_quick=True) if quick else Effort(steps=60, jumps=60)
    run = Run(effort=effort, measures=measures, say=typer.echo)
    begun = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, chromium() as browser:
        typer.echo("making clips, starting servers …")
        with line_up(Path(folder) / "ground", names, with_marks="ways" in measures) as ground:
            warm_up(run, browser, ground)
            for round_number in range(1, (1 if quick else rounds) + 1):
                typer.echo(f"round {round_number}")
                measure_round(run, browser, ground, round_number, Path(folder) / f"round-{round_number}")
            titles = {c.name: c.title for c in ground.contestants} | {"reference": REFERENCE}
            about = _about(browser, ground, run, begun)
    result = report.results(run.samples, titles=titles, about=about, failures=run.failures)
    path = report.write(result, stamp=begun.strftime("%Y%m%dT%H%M%SZ"))
    typer.echo("\n" + path.read_text(encoding="utf-8"))
    raise typer.Exit(1 if run.failures else 0)


def _chosen(only: list[str]) -> tuple[set[str], set[str]]:
    known = (*NAMES, *MEASURES)
    unknown = sorted(set(only) - set(known))
    if unknown:
        raise typer.BadParameter(f"{', '.join(unknown)}: choose from {', '.join(known)}")
    names, measures = set(only) & set(NAMES), set(only) & set(MEASURES)
    needs_nobody = measures and not measures & NEEDS_CONTESTANTS
    return names or (set() if needs_nobody else set(NAMES)), measures or set(MEASURES)


def _about(browser: Browser, ground: LineUp, run: Run, begun: datetime) -> dict[str, Any]:
    load = os.getloadavg() if hasattr(os, "getloadavg") else (0.0,)
    return {
        "begun": begun.strftime("%Y-%m-%d %H:%M UTC"),
        "chromium": browser.version,
        "streamlit": version("streamlit"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load average at the end": round(load[0], 1),
        "rounds": max((sample.round_number for sample in run.samples), default=0),
        "steps and jumps a round": run.effort.steps,
        "kB a frame": round(ground.clips[0].median_frame_bytes / 1000),
    }


typer.run(main)
