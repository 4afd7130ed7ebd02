"""The one Chromium of a run, and pages with the probe in them."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench.clips import BLOCKS, ROWS, STRIP_ROWS
from bench.contestants import Contestant

VIEWPORT_PX = (1600, 1000)
LOAD_LIMIT_MS = 60_000
OWN_BUSINESS_MS = (
    1_500  # a new context makes Chromium build a new tab page of its own: half a second of a core
)
PROBE = Path(__file__).parent / "probe.js"
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nothing leaves the machine
)


def chromium_path() -> str | None:
    """Return the Chromium of this machine, or None for the one that Playwright keeps."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser that all contestants share.

    Without a sandbox, because memory is read from ``/proc``; it opens our own loopback pages only.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), headless=True, chromium_sandbox=False, args=list(FLAGS)
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def cold_page(browser: Browser) -> Iterator[Page]:
    """Open a page in a context of its own: no cache, no cookies, a new renderer."""
    width, height = VIEWPORT_PX
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme="dark")
    try:
        page = context.new_page()
        page.wait_for_timeout(OWN_BUSINESS_MS)
        yield page
    finally:
        context.close()


def open_contestant(page: Page, contestant: Contestant, url: str, *, pictures: int) -> dict[str, float]:
    """Navigate with the probe in place and wait until everything is loaded.

    Parameters
    ----------
    page : Page
        A page that has not been anywhere.
    contestant : Contestant
        Whose page it is.
    url : str
        Where to go.
    pictures : int
        How many pictures to watch there.

    Returns
    -------
    dict of str to float
        Milliseconds from navigation to each mark.
    """
    page.add_init_script(probe_script(contestant, pictures=pictures))
    page.goto(url, wait_until="commit")
    page.wait_for_function("window.benchProbe?.loaded()", polling=100, timeout=LOAD_LIMIT_MS)
    marks: dict[str, float] = page.evaluate("benchProbe.marks()")
    return marks


def probe_script(contestant: Contestant, *, pictures: int) -> str:
    """Return the probe, told what to look for on the page of a contestant."""
    awaited = ["all_pictures_ms"] if pictures else ["element_ms"]
    settings = {
        "blocks": BLOCKS,
        "strip_share": STRIP_ROWS / ROWS,
        "pictures": contestant.pictures,
        "count": pictures,
        "ready": contestant.ready,
        "element": None if pictures else contestant.pictures,
        "awaited": [*awaited, *(["all_ready_ms"] if contestant.ready else [])],
    }
    return f"window.benchProbeSettings = {json.dumps(settings)};\n{PROBE.read_text(encoding='utf-8')}"
