"""What stands beside, over and under what: read from the pixels on the screen."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.effort_cases import (
    CONTRACTION_CUTS,
    CONTRACTION_FRAMES,
    REST_CUTS,
)
from tests.browser.effort_screen import (
    BLACK,
    BLOCKS,
    BLUE,
    ORANGE,
    WHITE,
    bits,
    black_and_white,
    colour,
    expect_strip,
    go_to,
    opened,
    phase_beside,
    strip,
)
from tests.running import RunningApp


def test_two_efforts_are_linked_by_phase_and_each_chapter_begins_beside_its_own(
    open_page: OpenPage, efforts: RunningApp
) -> None:
    player = opened(open_page, efforts, "both")
    expect(player.button("Link: By phase")).to_have_attribute("aria-pressed", "true")
    beside = {}
    for frame_index in [*range(0, CONTRACTION_FRAMES, 7), *CONTRACTION_CUTS[1:4], CONTRACTION_FRAMES - 1]:
        go_to(player, frame_index)
        beside[frame_index] = phase_beside(frame_index)
        player.expect_shows(contraction=frame_index, rest=beside[frame_index])
    assert [beside[cut] for cut in CONTRACTION_CUTS[:4]] == list(REST_CUTS[:4])


def test_the_curtain_shows_one_picture_left_of_it_and_the_other_right_of_it(
    open_page: OpenPage, efforts: RunningApp
) -> None:
    player = opened(open_page, efforts, "held")
    go_to(player, 31)
    player.page.keyboard.press("2")
    for key in "h", "t":
        player.page.keyboard.press(key)
    rest, now = black_and_white(0), black_and_white(31)
    expect_strip(player, "rest", [*rest[:5], *now[5:]])
    player.page.get_by_role("slider", name="Curtain").press("End")
    expect_strip(player, "rest", rest)


def test_the_curtain_is_dragged(open_page: OpenPage, efforts: RunningApp) -> None:
    player = opened(open_page, efforts, "held")
    player.page.keyboard.press("2")
    curtain = player.page.get_by_role("slider", name="Curtain")
    expect(curtain).to_have_attribute("aria-valuenow", "50")
    grip, stage = curtain.bounding_box(), player.panel("rest").locator(".msus-stage").bounding_box()
    assert grip is not None
    assert stage is not None
    player.page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + 40)
    player.page.mouse.down()
    player.page.mouse.move(stage["x"] + stage["width"] * 0.25, grip["y"] + 60, steps=4)
    player.page.mouse.up()
    expect(curtain).to_have_attribute("aria-valuenow", "25")


def test_two_hues_show_rest_blue_now_orange_and_what_is_equal_without_hue(
    open_page: OpenPage, efforts: RunningApp
) -> None:
    player = opened(open_page, efforts, "held")
    player.page.keyboard.press("4")
    expect(player.root.get_by_text("Rest, frame 1")).to_be_visible()
    for key in "h", "t":
        player.page.keyboard.press(key)
    for frame_index in (0, 21, 42):
        go_to(player, frame_index)
        hues = {(True, True): WHITE, (False, False): BLACK, (True, False): BLUE, (False, True): ORANGE}
        expected = [hues[pair] for pair in zip(bits(0), bits(frame_index), strict=True)]
        expect_strip(player, "contraction", expected)


def test_hues_follow_the_left_panel_too(open_page: OpenPage, efforts: RunningApp) -> None:
    player = opened(open_page, efforts, "both")
    for key in "4", "h", "t":
        player.page.keyboard.press(key)
    go_to(player, 27)
    left, right = bits(phase_beside(27)), bits(27)
    hues = {(True, True): WHITE, (False, False): BLACK, (True, False): BLUE, (False, True): ORANGE}
    assert left != right
    expect_strip(player, "contraction", [hues[pair] for pair in zip(left, right, strict=True)])


def test_the_difference_is_dark_where_the_pictures_are_equal(
    open_page: OpenPage, efforts: RunningApp
) -> None:
    player = opened(open_page, efforts, "held")
    player.page.keyboard.press("5")
    expect(player.root.get_by_text("Difference × 2")).to_be_visible()
    for key in "h", "t":
        player.page.keyboard.press(key)
    go_to(player, 21)
    differs = [WHITE if a != b else BLACK for a, b in zip(bits(0), bits(21), strict=True)]
    expect_strip(player, "contraction", differs)


@pytest.mark.parametrize("key", ["2", "3", "4", "5"])
def test_the_saved_picture_is_the_one_on_the_screen(
    open_page: OpenPage, efforts: RunningApp, tmp_path: Path, key: str
) -> None:
    player = opened(open_page, efforts, "held")
    player.page.keyboard.press(key)
    go_to(player, 21)
    for hide in "h", "t":
        player.page.keyboard.press(hide)
    player.at_rest()
    on_screen = strip(player, "contraction")
    stage = player.panel("contraction").locator(".msus-stage").bounding_box()
    canvas = player.panel("contraction").locator("canvas.msus-picture").bounding_box()
    assert stage is not None
    assert canvas is not None
    for hide in "h", "t":  # the buttons come back
        player.page.keyboard.press(hide)
    with player.page.expect_download() as saved:
        player.choose_in("Save, copy, export", "Save the comparison")
    target = tmp_path / "comparison.png"
    saved.value.save_as(target)
    picture = cv2.imread(str(target), cv2.IMREAD_COLOR_RGB).astype(np.uint8)
    assert abs(picture.shape[1] / 2 - stage["width"] - 16) < 2  # one picture, not two beside each other
    block = canvas["width"] / BLOCKS
    left, row = 8 + canvas["x"] - stage["x"], round(2 * (8 + canvas["y"] - stage["y"] + block * 0.8))
    assert [colour(picture[row, round(2 * (left + (k + 0.5) * block))]) for k in range(BLOCKS)] == on_screen
    caption = picture[round(2 * (stage["height"] + 12)) :]
    assert (caption.min(axis=2) > 200).sum() > 500  # captions, sources and legend


def test_the_static_view_stays_at_rest_for_ever_in_every_layout(
    open_page: OpenPage, efforts: RunningApp
) -> None:
    player = opened(open_page, efforts, "beside")
    still = player.panel("static").locator("canvas.msus-picture")
    drawn = "canvas => canvas.toDataURL()"
    expect(player.root.get_by_text("does not move")).to_be_visible()
    begun = still.evaluate(drawn)
    for key in "1", "2", "6":
        player.page.keyboard.press(key)
        for move in (*["ArrowRight"] * 3, "Shift+ArrowRight", ".", "End", "PageUp", "p", "p", ",", "Home"):
            player.page.keyboard.press(move)
        player.page.keyboard.press(" ")  # plays
        expect(player.button("Pause")).to_be_visible()
        player.page.wait_for_timeout(500)
        player.page.keyboard.press(" ")
        player.at_rest()
        assert still.evaluate(drawn) == begun, key
        expect(player.panel("static")).to_have_attribute("data-frame-index", "2")


def test_two_efforts_are_called_by_their_own_names_not_rest_and_contraction(
    open_page: OpenPage, efforts: RunningApp
) -> None:
    player = opened(open_page, efforts, "both")
    expect(player.root.get_by_role("group", name="Panels").get_by_role("button")).to_have_text(
        ["Effort slow", "Effort quick"]
    )
    expect(player.panel("rest").locator(".msus-role")).to_be_hidden()
    player.page.keyboard.press("4")
    expect(player.root.get_by_text("Effort slow, frame 1")).to_be_visible()
    expect(player.root.get_by_text("Effort quick, frame 1")).to_be_visible()
    player.focus()
    player.page.keyboard.press("1")
    held = opened(open_page, efforts, "held")
    expect(held.root.get_by_role("group", name="Panels").get_by_role("button")).to_have_text(
        ["Rest", "Contraction"]
    )


def test_where_less_motion_is_asked_for_the_other_picture_comes_on_request_only(
    open_page: OpenPage, efforts: RunningApp
) -> None:
    player = opened(open_page, efforts, "held")
    go_to(player, 31)
    player.page.keyboard.press("3")
    expect(player.button("Other picture")).to_be_visible()
    for key in "h", "t":
        player.page.keyboard.press(key)
    expect_strip(player, "contraction", black_and_white(31))
    player.page.wait_for_timeout(1200)
    assert strip(player, "contraction") == black_and_white(31)
    player.page.keyboard.press("3")
    expect_strip(player, "contraction", black_and_white(0))


_COUNT_TURNS = """async (wait_ms) => {
  const panels = [...document.querySelectorAll("*")].map((each) => each.shadowRoot?.querySelector(".msus-panels")).find(Boolean);
  let turns = 0;
  const observer = new MutationObserver((changes) => (turns += changes.length));
  observer.observe(panels, { attributes: true, attributeFilter: ["data-front"] });
  await new Promise((resolve) => setTimeout(resolve, wait_ms));
  observer.disconnect();
  return turns;
}"""


def test_blinking_turns_at_most_twice_a_second_and_stops_when_asked(
    open_page: OpenPage, efforts: RunningApp
) -> None:
    player = opened(open_page, efforts, "held", reduced_motion="no-preference")
    player.page.keyboard.press("3")
    stop = player.button("Blinking")
    expect(stop).to_have_attribute("aria-pressed", "true")
    assert 2 <= player.page.evaluate(_COUNT_TURNS, 3000) <= 6
    stop.click()
    expect(stop).to_have_attribute("aria-pressed", "false")
    assert player.page.evaluate(_COUNT_TURNS, 1200) == 0
    player.focus()
    player.page.keyboard.press("1")
    expect(stop).to_have_count(0)
