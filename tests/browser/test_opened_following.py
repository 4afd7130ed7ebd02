"""A mark on a clip that somebody opened is followed by the tissue as in a case, under her visit, whose token is never logged."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from annotations.document import parse_document
from annotations.track import KeySource, Origin, Track
from tests.browser.conftest import OpenPage
from tests.browser.player import Player, choose_files
from tests.browser.torn_clips import COLUMNS, FRAMES, PEAK, ROWS, torn, write_torn_gif
from tests.running import RunningApp

ENTRY = "Object.entries(sessionStorage).find(([key]) => key.startsWith('msus-marks/opened/'))?.[1] ?? null"
LIVES = f"(on) => (JSON.parse({ENTRY})?.marks ?? [])[0]?.place.on === on"
HELD = f"""([keys, carried]) => {{
  const place = JSON.parse({ENTRY}).marks[0].place;
  return place.keys.length === keys && place.carried.length === carried && place.to_follow == null;
}}"""
FOLLOW_LIMIT_MS = 60_000


def _track(page: Page) -> Track:
    (mark,) = parse_document(page.evaluate(ENTRY)).marks
    assert isinstance(mark.place, Track)
    return mark.place


def _draw_point(player: Player) -> Locator:
    """Draw a point on the left end of the tear; return the row of tools with its details open."""
    player.root.focus()
    player.page.keyboard.press("Home")
    player.button("Draw").first.click()
    row = player.root.get_by_role("region", name="Drawing", exact=True)
    row.get_by_role("button", name="Point", exact=True).click()
    player.at_rest()
    box = player.panel("contraction").locator("canvas.msus-picture").bounding_box()
    assert box is not None
    x_px, y_px = torn().left_px[0]
    player.page.mouse.click(box["x"] + x_px * box["width"] / COLUMNS, box["y"] + y_px * box["height"] / ROWS)
    player.page.wait_for_function(LIVES, arg="frame")
    row.get_by_role("button", name="Details of the mark").click()
    return row


def test_a_mark_on_an_opened_clip_is_followed_and_followed_anew_after_its_correction(
    open_page: OpenPage, app: RunningApp, tmp_path: Path
) -> None:
    page = open_page("/open_clips", height=1300)
    choose_files(page, write_torn_gif(tmp_path / "torn.gif"))
    player = Player(page)
    player.wait_all_frames()
    row = _draw_point(player)
    with page.expect_request("**/carry") as asked:
        row.get_by_role("button", name="Follow the tissue").click()
    page.wait_for_function(LIVES, arg="track", timeout=FOLLOW_LIMIT_MS)
    expect(row.get_by_role("status")).to_have_text(re.compile(f"^Followed on {FRAMES - 1} frames"))
    track = _track(page)
    at_peak = track.sighting(PEAK)
    assert at_peak is not None
    assert at_peak.origin is Origin.CARRIED
    assert at_peak.points_px[0][0] < track.keys[0].points_px[0][0] - 5  # the torn end is pulled away

    row.get_by_role("button", name="Details of the mark").click()
    player.root.focus()
    for _ in range(PEAK):
        page.keyboard.press("ArrowRight")
    expect(player.panel("contraction")).to_have_attribute("data-frame-index", str(PEAK))
    player.panel("contraction").get_by_role("button", name="place of point").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(HELD, arg=[2, FRAMES - 2], timeout=FOLLOW_LIMIT_MS)
    assert _track(page).keys[1].source is KeySource.CORRECTED
    expect(row.get_by_role("status")).to_have_text(re.compile(f"^Followed on {FRAMES - 2} frames"))

    token = re.search(r"/api/visits/([^/]+)/clips/[0-9a-f]{64}/carry$", asked.value.url)
    assert token is not None
    assert token[1] not in app.log.read_text(encoding="utf-8")
