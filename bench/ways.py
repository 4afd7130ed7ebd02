"""Our player in each of its ways to compare, and with five hundred marks on a clip of 300 frames.

Each is opened, put into its way by its key, and then used as every contestant is.
"""

import random
from dataclasses import dataclass, replace

from playwright.sync_api import Browser

from bench import responsiveness
from bench.browser import cold_page, open_contestant
from bench.contestants import Contestant, Track, our_player
from bench.numbered_case import MARKED_CASE, MARKED_FRAMES
from bench.viewing import Effort

SETTLE_MS = 1_500
_KEYS = {"curtain": "2", "blink": "3", "two hues": "4", "difference": "5", "M-mode": "6"}


@dataclass(frozen=True, slots=True)
class Way:
    """A way to use our player, and the key that begins it."""

    name: str
    key: str
    contestant: Contestant


def ways(base_url: str) -> list[Way]:
    """Return every way to compare, and the marked clip."""
    side = our_player(base_url)
    marked = replace(
        side,
        url=f"{base_url}/compare?case={MARKED_CASE}",
        count=1,
        track=Track(".msus-scrubber", cells=True, frames=MARKED_FRAMES),
    )
    compared = [Way(name, key, side) for name, key in _KEYS.items()]
    return [*compared, Way("500 marks", "h", marked)]  # H shows the marks of a case


def use(browser: Browser, way: Way, effort: Effort, chance: random.Random) -> dict[str, float]:
    """Open the player, begin the way, and measure jumps and steps."""
    with cold_page(browser) as page:
        open_contestant(page, way.contestant, way.contestant.url, pictures=way.contestant.count)
        page.locator(way.contestant.focus or "body").first.focus()
        page.keyboard.press(way.key)
        page.wait_for_timeout(SETTLE_MS)
        return {
            **responsiveness.jumps(page, way.contestant, count=effort.jumps, chance=chance),
            **responsiveness.steps(page, way.contestant, count=effort.steps, chance=chance),
        }
