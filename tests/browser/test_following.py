"""A mark is followed by the tissue at the press of a button: it goes along, asks where it is unsure, and one undo takes it back."""

import re

from playwright.sync_api import Locator, Page, expect

from annotations.document import parse_document
from annotations.mark import Mark
from annotations.track import KeySource, Origin, Track
from tests.browser.conftest import OpenPage
from tests.browser.player import Player

CASE, CLIP = "rectus-femoris-tear", "long-axis-defect"
KEY = f"msus-marks/case/{CASE}/{CLIP}"
COLUMNS, ROWS = 640, 512
BEGINS_PX = (240, 180)
PEAK = 33  # of the simulated effort
LIVES = "([key, on]) => (JSON.parse(localStorage.getItem(key) ?? 'null')?.marks ?? [])[0]?.place.on === on"
HELD = """([key, keys, carried]) => {
  const place = JSON.parse(localStorage.getItem(key)).marks[0].place;
  return place.keys.length === keys && (place.carried.length === carried);
}"""
FOLLOW_LIMIT_MS = 60_000


def _kept(page: Page) -> Mark:
    (mark,) = parse_document(page.evaluate("key => localStorage.getItem(key)", KEY)).marks
    return mark


def _draw_point(player: Player) -> Locator:
    """Draw a point in the muscle beside the tear; return the row of tools with its details open."""
    player.wait_all_frames()
    player.button("Draw").first.click()
    row = player.root.get_by_role("region", name="Drawing", exact=True)
    row.get_by_role("button", name="Point", exact=True).click()
    box = player.panel("contraction").locator("canvas.msus-picture").bounding_box()
    assert box is not None
    x_px, y_px = BEGINS_PX
    player.page.mouse.click(box["x"] + x_px * box["width"] / COLUMNS, box["y"] + y_px * box["height"] / ROWS)
    player.page.wait_for_function(LIVES, arg=[KEY, "frame"])
    row.get_by_role("button", name="Details of the mark").click()
    return row


def test_a_point_is_followed_by_the_tissue_corrected_and_taken_back(open_page: OpenPage) -> None:
    page = open_page(f"/compare?case={CASE}")
    player = Player(page)
    row = _draw_point(player)
    follow = row.get_by_role("button", name="Follow the tissue")
    follow.click()
    page.wait_for_function(LIVES, arg=[KEY, "track"], timeout=FOLLOW_LIMIT_MS)
    mark = _kept(page)
    assert isinstance(mark.place, Track)
    at_peak = mark.sighting(PEAK)
    assert at_peak is not None
    assert at_peak.origin is Origin.CARRIED
    assert at_peak.points_px[0][0] < BEGINS_PX[0] - 40  # the torn end is pulled away
    assert at_peak.asks_for_a_key_frame
    row.get_by_role("button", name="Details of the mark").click()

    player.root.focus()
    page.keyboard.press(".")
    expect(player.panel("contraction")).not_to_have_attribute("data-frame-index", "0")
    ask = row.get_by_role("note")
    expect(ask).to_have_text(re.compile("^Not followed well here"))
    player.panel("contraction").get_by_role("button", name="place of point").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(HELD, arg=[KEY, 2, 0])
    player.root.focus()
    page.keyboard.press("ArrowLeft")
    expect(ask).to_have_text(re.compile("follow the tissue again"))

    row.get_by_role("button", name="Details of the mark").click()
    follow.click()
    frames = len(mark.place.carried) + 1
    page.wait_for_function(HELD, arg=[KEY, 2, frames - 2], timeout=FOLLOW_LIMIT_MS)
    again = _kept(page)
    assert isinstance(again.place, Track)
    assert again.place.keys[1].source is KeySource.CORRECTED
    player.root.focus()
    page.keyboard.press("Control+z")
    page.wait_for_function(HELD, arg=[KEY, 2, 0])


def test_who_lets_go_of_the_mark_stops_its_following(open_page: OpenPage) -> None:
    page = open_page(f"/compare?case={CASE}")
    page.route("**/carry", lambda _route: None)  # never answered
    player = Player(page)
    row = _draw_point(player)
    row.get_by_role("button", name="Follow the tissue").click()
    stop = row.get_by_role("button", name="Stop following")
    expect(stop).to_contain_text("0 %")
    stop.click()
    expect(row.get_by_role("button", name="Follow the tissue")).to_be_visible()
    expect(
        player.root.get_by_text("The following was stopped; the mark stays as it was.").first
    ).to_be_attached()
    assert _kept(page).place.on == "frame"
