"""Memory of the renderer: what one 100-frame clip costs the browser once all its frames are ready."""

from pathlib import Path

from playwright.sync_api import Browser, Page

from bench.browser import cold_page, open_contestant
from bench.contestants import Contestant

SETTLE_MS = 1_500
_BUSY = "() => { const until = performance.now() + 300; while (performance.now() < until); }"


def renderer_memory(browser: Browser, contestant: Contestant) -> dict[str, float]:
    """Open one clip in a cold context, wait until it is ready, and read the memory of the page's renderer."""
    with cold_page(browser) as page:
        open_contestant(page, contestant, contestant.one_clip_url, pictures=min(contestant.count, 1))
        page.wait_for_timeout(SETTLE_MS)
        pid = _renderer_of(page)
        size_mb = None if pid is None else proportional_set_size_mb(pid)
    return {} if size_mb is None else {"renderer_mb": size_mb}


def proportional_set_size_mb(pid: int) -> float | None:
    """Return the proportional set size of a process in MB (10⁶ bytes); None where nothing tells."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return None
    sizes_kib = [int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")]
    return sizes_kib[0] * 1024 / 1e6 if sizes_kib else None


def _renderer_of(page: Page) -> int | None:
    """Return the process id of a page's renderer: the one that gets busy when the page does."""
    before_s = _renderer_cpu_s(page)
    page.evaluate(_BUSY)
    after_s = _renderer_cpu_s(page)
    used_s = {pid: cpu_s - before_s.get(pid, 0.0) for pid, cpu_s in after_s.items()}
    return max(used_s, key=lambda pid: used_s[pid], default=None)


def _renderer_cpu_s(page: Page) -> dict[int, float]:
    browser = page.context.browser
    if browser is None:
        return {}
    session = browser.new_browser_cdp_session()
    try:
        processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    finally:
        session.detach()
    return {process["id"]: process["cpuTime"] for process in processes if process["type"] == "renderer"}
