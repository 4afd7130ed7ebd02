"""Memory of the renderer: what one 100-frame clip costs the browser once all its frames are ready."""

from pathlib import Path

from playwright.sync_api import Browser, Page

from bench.browser import cold_page, open_contestant
from bench.contestants import Contestant

SETTLE_MS = 1_500


def renderer_memory(browser: Browser, contestant: Contestant) -> dict[str, float]:
    """Open one clip in a cold context, wait until it is ready, and read the memory of the page's renderer."""
    with cold_page(browser) as page:
        open_contestant(page, contestant, contestant.one_clip_url, pictures=min(contestant.count, 1))
        page.wait_for_timeout(SETTLE_MS)
        sizes_mb = [size for pid in _renderers(page) if (size := proportional_set_size_mb(pid)) is not None]
    return {"renderer_mb": max(sizes_mb)} if sizes_mb else {}


def proportional_set_size_mb(pid: int) -> float | None:
    """Return the proportional set size of a process in MB (10⁶ bytes); None where nothing tells."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return None
    sizes_kib = [int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")]
    return sizes_kib[0] * 1024 / 1e6 if sizes_kib else None


def _renderers(page: Page) -> list[int]:
    """Return the process ids of all renderers; a spare one is far smaller than one that holds a clip."""
    browser = page.context.browser
    if browser is None:
        return []
    session = browser.new_browser_cdp_session()
    try:
        processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    finally:
        session.detach()
    return [process["id"] for process in processes if process["type"] == "renderer"]
