"""A mark is followed by the tissue: at the press of a button, and by itself after a correction, which one undo takes back whole."""

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
BEGINS_PX = (338, 150)
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
    """Draw a point on the edge that the tear opens; return the row of tools with its details open."""
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


def _follow(page: Page, row: Locator) -> Mark:
    """Press the button, wait until the mark is on its track, and close the details."""
    row.get_by_role("button", name="Follow the tissue").click()
    page.wait_for_function(LIVES, arg=[KEY, "track"], timeout=FOLLOW_LIMIT_MS)
    expect(row.get_by_role("status")).to_have_text(re.compile("^Followed on"))
    row.get_by_role("button", name="Details of the mark").click()
    return _kept(page)


def _correct_at_the_peak(player: Player) -> None:
    """Go to the peak and nudge the point there by one pixel."""
    player.root.focus()
    player.page.keyboard.press(".")
    expect(player.panel("contraction")).not_to_have_attribute("data-frame-index", "0")
    player.panel("contraction").get_by_role("button", name="place of point").focus()
    player.page.keyboard.press("ArrowRight")


def test_a_correction_is_followed_to_its_neighbours_by_itself_and_taken_back_with_it(
    open_page: OpenPage,
) -> None:
    page = open_page(f"/compare?case={CASE}")
    player = Player(page)
    row = _draw_point(player)
    mark = _follow(page, row)
    assert isinstance(mark.place, Track)
    at_peak = mark.sighting(PEAK)
    assert at_peak is not None
    assert at_peak.origin is Origin.CARRIED
    assert at_peak.points_px[0][0] < BEGINS_PX[0] - 40  # the torn end is pulled away
    assert at_peak.asks_for_a_key_frame

    _correct_at_the_peak(player)
    expect(row.get_by_role("note")).to_be_hidden()
    frames = len(mark.place.carried) + 1
    page.wait_for_function(HELD, arg=[KEY, 2, frames - 2], timeout=FOLLOW_LIMIT_MS)
    corrected = _kept(page).place
    assert isinstance(corrected, Track)
    assert corrected.keys[1].source is KeySource.CORRECTED
    assert corrected.to_follow is None
    expect(row.get_by_role("status")).to_have_text(re.compile(f"^Followed on {frames - 2} frames"))

    player.root.focus()
    page.keyboard.press("Control+z")  # the correction and what was carried after it
    page.wait_for_function(HELD, arg=[KEY, 1, frames - 1])
    assert _kept(page).place == mark.place
    page.keyboard.press("Control+y")
    page.wait_for_function(HELD, arg=[KEY, 2, frames - 2])
    assert _kept(page).place == corrected


def test_a_correction_that_cannot_be_followed_is_kept_and_offered_again_also_after_a_reload(
    open_page: OpenPage,
) -> None:
    page = open_page(f"/compare?case={CASE}")
    player = Player(page)
    row = _draw_point(player)
    mark = _follow(page, row)
    assert isinstance(mark.place, Track)
    frames = len(mark.place.carried) + 1
    page.route("**/carry", lambda route: route.abort())
    _correct_at_the_peak(player)
    again = row.get_by_role("button", name="Follow now")
    expect(again).to_be_visible()
    expect(row.get_by_role("status")).to_have_text("The server cannot be reached; try again.")
    corrected = _kept(page).place
    assert isinstance(corrected, Track)
    assert corrected.to_follow == (0, frames - 1)

    page.reload()
    player.wait_all_frames()
    player.button("Draw").first.click()
    expect(row.get_by_role("status")).to_have_text("A mark was corrected, but not followed since.")
    page.unroute("**/carry")
    again.click()
    page.wait_for_function(HELD, arg=[KEY, 2, frames - 2], timeout=FOLLOW_LIMIT_MS)
    expect(again).to_be_hidden()


def test_following_is_stopped_by_its_button_and_goes_on_when_the_mark_is_let_go(open_page: OpenPage) -> None:
    page = open_page(f"/compare?case={CASE}")
    page.route("**/carry", lambda _route: None)  # never answered
    player = Player(page)
    row = _draw_point(player)
    row.get_by_role("button", name="Follow the tissue").click()
    stop = row.get_by_role("button", name="Stop following")
    expect(row.get_by_role("progressbar", name="Progress of the following")).to_be_visible()
    row.get_by_role("button", name="Details of the mark").click()
    player.root.focus()
    page.keyboard.press("Escape")
    expect(row.get_by_role("group", name="The mark in the hand")).to_be_hidden()
    stop.click()
    expect(stop).to_be_hidden()
    expect(row.get_by_role("status")).to_have_text("Stopped; the mark stays as it was.")
    assert _kept(page).place.on == "frame"
