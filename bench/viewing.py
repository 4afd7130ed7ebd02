"""One viewing of one contestant: open it cold, use it, and ask its server what that cost."""

import random
from dataclasses import dataclass

from playwright.sync_api import Browser, Page

from bench import cine, responsiveness
from bench.browser import cold_page, open_contestant
from bench.clips import FRAMES
from bench.contestants import Contestant
from bench.line_up import LineUp

IDLE_MS = 3_000
SETTLE_MS = 500


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is asked of each contestant in one round."""

    steps: int
    jumps: int
    rates: tuple[int, ...] = cine.RATES
    is_quick: bool = False


def view(
    browser: Browser, contestant: Contestant, ground: LineUp, effort: Effort, chance: random.Random
) -> dict[str, float]:
    """Measure one viewing.

    Returns
    -------
    dict of str to float
        Figures of loading, responding, dragging and playing; ``server_cpu_s``
        covers all but the playing, so that each viewing loads one page.
    """
    cpu_before_s = ground.cpu_s(contestant)
    with cold_page(browser) as page:
        figures = open_contestant(page, contestant, contestant.url, pictures=contestant.count)
        figures |= _decoding(page, contestant, figures)
        page.wait_for_timeout(SETTLE_MS)
        figures |= _use(page, contestant, effort, chance)
        page.wait_for_timeout(SETTLE_MS)
        cpu_after_s = ground.cpu_s(contestant)
        if cpu_before_s is not None and cpu_after_s is not None:
            figures["server_cpu_s"] = cpu_after_s - cpu_before_s
        for frames_per_s in effort.rates:
            figures |= cine.play(page, contestant, frames_per_s=frames_per_s)
    return figures


def _use(page: Page, contestant: Contestant, effort: Effort, chance: random.Random) -> dict[str, float]:
    if contestant.track is None:
        page.wait_for_timeout(IDLE_MS)
        return {}
    return {
        **responsiveness.jumps(page, contestant, count=effort.jumps, chance=chance),
        **responsiveness.steps(page, contestant, count=effort.steps, chance=chance),
        **responsiveness.drag(page, contestant),
    }


def _decoding(page: Page, contestant: Contestant, marks: dict[str, float]) -> dict[str, float]:
    """Frames decoded a second while loading; for us with the fetching that goes on beside it."""
    if contestant.ready is None:
        return {}
    told_ms = page.evaluate("Number(document.documentElement.dataset.decodeMs ?? NaN)")
    if told_ms == told_ms:  # the bare page knows itself when decoding began
        return {"decode_frames_per_s": FRAMES / told_ms * 1000}
    lasted_ms = marks["all_ready_ms"] - marks["all_pictures_ms"]
    return {"decode_frames_per_s": (FRAMES - 1) * contestant.count / max(lasted_ms, 1.0) * 1000}
