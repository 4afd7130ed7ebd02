"""Playing: which frames are shown at 30 and at 60 frames a second, and which are missed."""

import itertools
from collections.abc import Sequence

from playwright.sync_api import Page

from bench.clips import FRAMES
from bench.contestants import Contestant

RATES = (30, 60)
RECORDED_S = 3.2
RUN_UP_MS = 500


def play(page: Page, contestant: Contestant, *, frames_per_s: int) -> dict[str, float]:
    """Play at a rate and record what each animation frame shows.

    Parameters
    ----------
    page : Page
        The contestant's page, loaded and at rest.
    contestant : Contestant
        Whose page it is.
    frames_per_s : int
        The rate asked for.

    Returns
    -------
    dict of str to float
        Pictures shown a second, frames missed and pictures out of step.
    """
    if contestant.play is None:
        return {}
    contestant.play(page, frames_per_s)
    page.wait_for_timeout(RUN_UP_MS)
    page.evaluate("benchProbe.record()")
    page.wait_for_timeout(RECORDED_S * 1000)
    tape = page.evaluate("benchProbe.stop()")
    return {f"cine_{frames_per_s}_{name}": value for name, value in cine_figures(tape).items()}


def cine_figures(tape: Sequence[Sequence[float | None]]) -> dict[str, float]:
    """Return how many pictures a tape of ``[time_ms, number, …]`` shows and how many frames it leaves out.

    Of several panels the worst one counts.

    >>> cine_figures([[0.0, 98, 98], [20.0, 99, 99], [40.0, 99, 99], [60.0, 1, 1]])["missed"]
    1
    """
    panels = [_advances(numbers) for numbers in list(zip(*tape, strict=True))[1:]]
    lasted_s = (float(tape[-1][0] or 0) - float(tape[0][0] or 0)) / 1000
    shown = min(len(advances) for advances in panels)
    return {
        "shown": shown,
        "shown_per_s": shown / lasted_s,
        "missed": max(sum(advance - 1 for advance in advances) for advances in panels),
        "out_of_step": sum(len(set(row[1:])) > 1 for row in tape),
    }


def _advances(numbers: Sequence[float | None]) -> list[int]:
    """By how many frames a panel went on, each time that it changed."""
    seen = [int(number) for number in numbers if number is not None]
    steps = ((after - before) % FRAMES for before, after in itertools.pairwise(seen))
    return [step for step in steps if step]
