"""The rounds: everyone takes a turn in each, in an order that moves on, so that noise hits all alike."""

import random
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Error

from bench.browser import cold_page, open_contestant
from bench.contestants import Contestant
from bench.decoding import browser_decoding, simplejpeg_decoding
from bench.following import methods_of, simulated_clip, whole_motion
from bench.importing import least_import, our_import
from bench.line_up import LineUp
from bench.memory import renderer_memory
from bench.reading import files, read
from bench.report import Sample
from bench.viewing import Effort, view
from bench.ways import use, ways
from cases.decoding import Decoder

TELLING = (
    "child_against_alone",
    "motion_cpu_s",
    "error_median_mm",
    "step_p95_ms",
    "jump_p95_ms",
    "first_picture_ms",
    "element_ms",
    "all_ready_ms",
    "drag_shown",
)
MEASURES = ("viewing", "memory", "decoding", "import", "reading", "following", "ways")
NEEDS_CONTESTANTS = frozenset({"viewing", "memory", "ways"})


@dataclass(slots=True)
class Run:
    """What a run is asked for, and what has come of it so far."""

    effort: Effort
    measures: Collection[str]
    say: Callable[[str], None]
    samples: list[Sample] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def keep(
        self, round_number: int, contestant: str, measure: str, act: Callable[[], dict[str, float]]
    ) -> None:
        """Measure, keep the figures and say the most telling; what fails is told and the run goes on."""
        try:
            figures = act()
        except (Error, RuntimeError, OSError) as error:
            sentence = str(error).strip().splitlines()[0]
            self.failures.append(f"{contestant}, {measure}, round {round_number}: {sentence}")
            self.say(f"  {contestant:12} {measure:9} failed: {error}")
            return
        self.samples.append(Sample(round_number, contestant, figures))
        shown = [name for name in TELLING if name in figures] or list(figures)[:3]
        self.say(
            f"  {contestant:12} {measure:9} {'  '.join(f'{name} {figures[name]:.1f}' for name in shown)}"
        )


def warm_up(run: Run, browser: Browser, ground: LineUp) -> None:
    """Open every page once, so that servers are warm and clips imported."""
    for contestant in ground.contestants:
        run.keep(0, contestant.name, "warm-up", partial(_open_once, browser, contestant))
    run.samples.clear()


def measure_round(run: Run, browser: Browser, ground: LineUp, round_number: int, folder: Path) -> None:
    """Let everyone take one turn at each measure that is asked for."""
    first = round_number % max(len(ground.contestants), 1)
    for contestant in ground.contestants[first:] + ground.contestants[:first]:
        keep = partial(run.keep, round_number, contestant.name)
        if "viewing" in run.measures:
            chance = random.Random(round_number)
            keep("viewing", partial(view, browser, contestant, ground, run.effort, chance))
        if "memory" in run.measures:
            keep("memory", partial(renderer_memory, browser, contestant))
    if "ways" in run.measures and "ours" in ground.servers:
        for way in ways(ground.servers["ours"].url):
            act = partial(use, browser, way, run.effort, random.Random(round_number))
            run.keep(round_number, f"ways/{way.name}", "ways", act)
    jpegs = ground.clips[0].jpegs
    if "decoding" in run.measures:
        run.keep(round_number, "bare", "decoding", partial(browser_decoding, browser, ground.bare_url))
        run.keep(round_number, "reference", "decoding", partial(simplejpeg_decoding, jpegs))
    if "import" in run.measures:
        run.keep(round_number, "ours", "import", partial(our_import, ground.dicom, folder))
        run.keep(round_number, "reference", "import", partial(least_import, ground.dicom, jpegs, folder))
    if "reading" in run.measures:
        measure_readers(run, round_number, folder / "reading")
    if "following" in run.measures:
        measure_following(run, round_number, folder / "following")


def measure_readers(run: Run, round_number: int, folder: Path) -> None:
    """Read every syntax and container through the kept child process, without it, and the plain way."""
    with Decoder(processes=1) as decoder:
        for file in files(folder):
            act = partial(read, file, decoder, repeats=1 if run.effort.is_quick else 5)
            run.keep(round_number, f"reading/{file.name}", "reading", act)


def measure_following(run: Run, round_number: int, folder: Path) -> None:
    """Follow the tissue of a simulated clip; what does not change from round to round, in the first one only."""
    clip = simulated_clip(folder)
    run.keep(round_number, "following/whole clip", "following", partial(whole_motion, clip))
    for name, figures in methods_of(clip) if round_number == 1 else ():
        run.keep(round_number, f"following/{name}", "following", partial(dict, figures))


def _open_once(browser: Browser, contestant: Contestant) -> dict[str, float]:
    with cold_page(browser) as page:
        return open_contestant(page, contestant, contestant.url, pictures=contestant.count)
