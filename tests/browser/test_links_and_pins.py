"""Links and pins keep their promise: which frame stands beside which."""

from bisect import bisect_right
from itertools import accumulate

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.numbered_cases import FRAMES
from tests.browser.player import Player
from tests.cases.clip_factory import uneven_increments_ms

REST_INTERVAL_MS = 40.0
CONTRACTION_STARTS_MS = list(accumulate(uneven_increments_ms(FRAMES)))


def _opened(open_page: OpenPage, path: str) -> Player:
    player = Player(open_page(path))
    player.wait_all_frames()
    player.focus()
    player.page.keyboard.press("Home")
    return player


def _rest_frame_at(moment_ms: float) -> int:
    return min(int(moment_ms / REST_INTERVAL_MS + 1e-6), FRAMES - 1)


def _contraction_frame_at(moment_ms: float) -> int:
    return min(bisect_right(CONTRACTION_STARTS_MS, moment_ms + 1e-6), FRAMES) - 1


def test_linked_by_time_each_clip_shows_the_frame_of_that_moment(open_page: OpenPage) -> None:
    player = _opened(open_page, "/compare?case=uneven")
    for move in range(40):
        player.page.keyboard.press("Shift+ArrowRight" if move % 3 == 0 else "ArrowRight")
        shown = player.at_rest()
        assert all(value.drawn == value.named for value in shown.values())
        rest, contraction = shown["rest"].named, shown["contraction"].named
        # One of the two leads the step; the other shows what its own clock says at that moment.
        by_contraction = _rest_frame_at(CONTRACTION_STARTS_MS[contraction]) == rest
        by_rest = _contraction_frame_at(rest * REST_INTERVAL_MS) == contraction
        assert by_contraction or by_rest, (rest, contraction)


def test_linked_by_time_the_shorter_clip_holds_its_last_frame(open_page: OpenPage) -> None:
    player = _opened(open_page, "/compare?case=uneven")
    player.page.keyboard.press("End")
    assert CONTRACTION_STARTS_MS[-1] < (FRAMES - 1) * REST_INTERVAL_MS
    player.expect_shows(rest=FRAMES - 1, contraction=FRAMES - 1)


def test_linked_by_frame_both_show_the_same_frame(open_page: OpenPage) -> None:
    player = _opened(open_page, "/compare?case=uneven")
    player.button("By frame").click()
    player.focus()
    player.page.keyboard.press("Home")
    for frame_index in range(1, 12):
        player.page.keyboard.press("ArrowRight")
        player.expect_all_show(frame_index)


def test_unlinked_only_the_chosen_panel_moves(open_page: OpenPage) -> None:
    player = _opened(open_page, "/compare?case=numbered")
    player.button("Unlinked").click()
    player.panel("contraction").locator(".msus-title").click()
    player.focus()
    before = player.at_rest()
    for _ in range(5):
        player.page.keyboard.press("ArrowRight")
    after = player.at_rest()
    moved = [panel for panel in after if after[panel].drawn != before[panel].drawn]
    assert len(moved) == 1
    assert after[moved[0]].drawn == (before[moved[0]].drawn or 0) + 5


@pytest.mark.parametrize("link", ["By frame", "By time"])
def test_a_pinned_panel_stays_until_it_is_freed(open_page: OpenPage, link: str) -> None:
    player = _opened(open_page, "/compare?case=numbered")
    player.button(link).click()
    for _ in range(7):
        player.page.keyboard.press("ArrowRight")
    player.panel("rest").get_by_role("button", name="Pin").click()
    player.focus()
    for _ in range(9):
        player.page.keyboard.press("ArrowRight")
    player.expect_shows(rest=7, contraction=16)
    player.panel("rest").get_by_role("button", name="Pin").click()
    player.focus()
    player.page.keyboard.press("ArrowRight")
    player.expect_shows(rest=17, contraction=17)


def test_where_rest_and_contraction_are_one_clip_the_rest_panel_is_held_at_rest(
    open_page: OpenPage,
) -> None:
    player = _opened(open_page, "/compare?case=numbered&compare=held")
    rest_frame = player.at_rest()["rest"].drawn
    assert rest_frame is not None
    assert 0 <= rest_frame < 20
    for _ in range(5):
        player.page.keyboard.press("Shift+ArrowRight")
    player.expect_shows(rest=rest_frame, contraction=50)


def test_the_static_view_does_not_move_with_the_scrubber(open_page: OpenPage) -> None:
    player = _opened(open_page, "/compare?case=numbered")
    static = player.panel("static")
    expect(static).to_have_attribute("data-frame-index", "2")
    player.page.keyboard.press("End")
    player.expect_all_show(FRAMES - 1)
    expect(static).to_have_attribute("data-frame-index", "2")
    static.get_by_role("button", name="Next slice").click()
    expect(static).to_have_attribute("data-frame-index", "3")
    player.expect_all_show(FRAMES - 1)
