"""The whole way of a stroke: drawn by hand, the server killed, started again, and there for everybody."""

import re
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.keeping.author import CASE, expect_said
from tests.browser.numbered_cases import NUMBERED
from tests.browser.player import Player
from tests.browser.waiting import comes_to
from tests.running import RunningApp, free_port, start_app, stop_app


def _draw_a_caliper(page: Page, player: Player, row: Locator, y_px: float) -> None:
    """Drag across the contracting clip at a height in image pixels."""
    row.get_by_role("button", name="Caliper", exact=True).click()
    box = player.panel("contraction").locator("canvas.msus-picture").bounding_box()
    assert box is not None
    scale = box["width"] / NUMBERED.columns
    page.mouse.move(box["x"] + 100 * scale, box["y"] + y_px * scale)
    page.mouse.down()
    page.mouse.move(box["x"] + 400 * scale, box["y"] + y_px * scale, steps=4)
    page.mouse.up()


def _marks(app: RunningApp) -> list[dict[str, Any]]:
    layers = httpx.get(f"{app.url}/api/cases/{CASE}/layers", timeout=60).json()["layers"]
    return [mark for layer in layers for mark in layer["document"]["marks"]]


def test_what_is_drawn_by_hand_outlives_a_server_that_is_killed(
    browser: Browser, tmp_path: Path, cases_folder: Path
) -> None:
    environment, port = {"MSUS_CASES_DIR": str(cases_folder)}, free_port()
    app = start_app(tmp_path, port, environment=environment)
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, reduced_motion="reduce")
    try:
        context.request.get(app.author_link)
        page = context.new_page()
        page.goto(f"{app.url}/compare?case={CASE}")
        player = Player(page)
        player.wait_all_frames()
        player.button("Draw").first.click()
        row = player.root.get_by_role("region", name="Drawing", exact=True)
        row.get_by_label("Draw in the layer").select_option(label="Teacher (for everybody)")
        _draw_a_caliper(page, player, row, y_px=200)
        expect_said(page, "Saved")
        assert comes_to(lambda: len(_marks(app)), 1) == 1
        app.process.kill()
        app.process.wait()
        _draw_a_caliper(page, player, row, y_px=320)
        expect_said(page, "1 change waits for the connection")
        app = start_app(tmp_path, port, environment=environment)
        expect_said(page, "Saved")
        page.reload()
        player.wait_all_frames()
        drawn = _marks(app)
        assert len({mark["id"] for mark in drawn}) == len(drawn) == 2
        heights_px = [point[1] for mark in drawn for point in mark["place"]["points_px"]]
        assert [round(y_px / 20) * 20 for y_px in heights_px] == [200, 200, 320, 320]
        reader = browser.new_context(reduced_motion="reduce").new_page()
        reader.goto(f"{app.url}/compare?case={CASE}")
        seen = Player(reader)
        seen.wait_first_picture()
        seen.button("List of marks").click()
        rows = seen.root.locator(".msus-mark-row").filter(has_text=re.compile("caliper", re.IGNORECASE))
        expect(rows).to_have_count(2)
        reader.context.close()
    finally:
        context.close()
        stop_app(app)
