"""Who is measured, and how each one is handled: where its pictures are, what is pressed, how it plays."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page

from bench.clips import FRAMES
from bench.numbered_case import CASE_RATES, ONE_CLIP_CASE, case_id

_SCRUBBER = ".msus-scrubber"


@dataclass(frozen=True, slots=True)
class Track:
    """The bar on which a frame is chosen with the pointer.

    Parameters
    ----------
    selector : str
        The element; Playwright's selectors pierce shadow roots.
    cells : bool
        True where each frame owns an equal part of the bar; false where the
        first and the last frame lie on its two ends.
    inset_px : float
        What lies beyond the first and the last position at either end.
    frames : int
        How many frames it leads to.
    """

    selector: str
    cells: bool
    inset_px: float = 0.0
    frames: int = FRAMES

    def places_px(self, page: Page) -> list[tuple[float, float]]:
        """Return where on the page each frame is chosen."""
        track = page.locator(self.selector).first
        track.scroll_into_view_if_needed()
        box = track.bounding_box()
        if box is None:
            raise RuntimeError(f"there is no track {self.selector} on {page.url}")
        left, width = box["x"] + self.inset_px, box["width"] - 2 * self.inset_px
        last = self.frames - 1
        shares = [(k + 0.5) / self.frames if self.cells else k / last for k in range(self.frames)]
        return [(left + share * width, box["y"] + box["height"] / 2) for share in shares]


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way to show the frames.

    Parameters
    ----------
    name, title : str
        Key in the results, and words for the table.
    url, one_clip_url : str
        Where it shows what is compared, and where one clip alone (for memory).
    pictures : str
        CSS selector of the pictures; for a page without any, of the element that ends its loading.
    count : int
        How many pictures it shows side by side; 0 for the empty page.
    ready : str or None
        CSS selector that matches once all frames are ready.
    track : Track or None
        Where frames are chosen by pointer.
    focus : str or None
        What is focused before an arrow key is pressed.
    idle : str or None
        CSS selector that matches while the page does no work of its own; waited for before each press.
    play : callable or None
        Starts the cine at a rate in frames a second; None where it cannot play.
    """

    name: str
    title: str
    url: str
    one_clip_url: str
    pictures: str
    count: int
    ready: str | None = None
    track: Track | None = None
    focus: str | None = None
    idle: str | None = None
    play: Callable[[Page, int], None] | None = None


def bare_page(base_url: str) -> Contestant:
    """Return the limit: the frames of one clip and nothing else."""
    url = f"{base_url}/bare.html?clips=rest"
    return Contestant(
        name="bare",
        title="bare page, one clip (the limit)",
        url=url,
        one_clip_url=url,
        pictures="canvas",
        count=1,
        ready="[data-all-ready]",
        track=Track("#bar", cells=True),
        play=lambda page, frames_per_s: page.evaluate("window.play", frames_per_s),
    )


def empty_streamlit(base_url: str) -> Contestant:
    """Return the floor: a Streamlit page with one word on it."""
    return Contestant(
        name="empty",
        title="empty Streamlit page",
        url=base_url,
        one_clip_url=base_url,
        pictures="[data-testid=stMarkdown]",
        count=0,
    )


def plain_streamlit(base_url: str, *, name: str, title: str) -> Contestant:
    """Return what a user would write: ``st.slider`` and two ``st.image``."""
    return Contestant(
        name=name,
        title=title,
        url=base_url,
        one_clip_url=base_url,
        pictures="[data-testid=stImage] img",
        count=2,
        track=Track("[data-testid=stSlider] [role=group] > div", cells=False),
        focus="[data-testid=stSlider] input",
        idle="[data-test-script-state=notRunning]",
        play=lambda page, frames_per_s: page.get_by_role("button", name=f"Play {frames_per_s}").click(),
    )


def our_player(base_url: str) -> Contestant:
    """Return our player with two clips side by side, linked by frame."""
    urls = {rate: f"{base_url}/compare?case={case_id(rate)}" for rate in CASE_RATES}
    return Contestant(
        name="ours",
        title="our player, two clips",
        url=urls[30],
        one_clip_url=f"{base_url}/compare?case={ONE_CLIP_CASE}",
        pictures="canvas.msus-picture",
        count=2,
        ready="[data-all-ready=true]",
        track=Track(_SCRUBBER, cells=True),
        focus=_SCRUBBER,
        play=lambda page, frames_per_s: _play_ours(page, urls[frames_per_s]),
    )


def _play_ours(page: Page, url: str) -> None:
    if "".join(parse_qs(urlsplit(page.url).query)["case"]) not in url:
        page.goto(url, wait_until="commit")
        page.wait_for_function("window.benchProbe?.loaded()", polling=100)
    before = page.evaluate("benchProbe.numbers()")
    page.wait_for_timeout(300)
    if page.evaluate("benchProbe.numbers()") == before:
        page.locator(_SCRUBBER).first.focus()
        page.keyboard.press("Space")
