"""The frame on the screen is the frame named, however one gets there; read from the drawn pixels."""

import random

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.numbered_cases import FRAMES
from tests.browser.player import Player
from tests.browser.slow_network import slow_line
from tests.running import RunningApp

MOVES = 200
CASE = "/compare?case=numbered"
KEYS = {"ArrowRight": 1, "ArrowLeft": -1, "Shift+ArrowRight": 10, "Shift+ArrowLeft": -10}
ENDS = {"Home": 0, "End": FRAMES - 1}


def _limited(frame_index: int) -> int:
    return min(max(frame_index, 0), FRAMES - 1)


def _opened(open_page: OpenPage, **options: object) -> Player:
    player = Player(open_page(CASE, **options))
    player.wait_all_frames()
    player.focus()
    return player


def test_keys_in_sequence(open_page: OpenPage) -> None:
    player = _opened(open_page)
    player.page.keyboard.press("Home")
    frame_index = 0
    for move in range(MOVES):
        key = "ArrowRight" if move < MOVES // 2 else "ArrowLeft"
        player.page.keyboard.press(key)
        frame_index = _limited(frame_index + KEYS[key])
        player.expect_all_show(frame_index)


def test_keys_at_random(open_page: OpenPage) -> None:
    player, chance = _opened(open_page), random.Random(1)
    player.page.keyboard.press("Home")
    frame_index = 0
    for _ in range(MOVES):
        key = chance.choice([*KEYS, *ENDS])
        player.page.keyboard.press(key)
        frame_index = ENDS[key] if key in ENDS else _limited(frame_index + KEYS[key])
        player.expect_all_show(frame_index)


@pytest.mark.parametrize("order", ["sequence", "random"])
def test_dragging_the_scrubber(open_page: OpenPage, order: str) -> None:
    player = _opened(open_page)
    box = player.scrubber.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] * 0.8
    places = [k / (MOVES - 1) for k in range(MOVES)]
    if order == "random":
        random.Random(2).shuffle(places)
    player.page.mouse.move(box["x"] + 1, y)
    player.page.mouse.down()
    seen = set()
    for place in places:
        player.page.mouse.move(box["x"] + 1 + place * (box["width"] - 2), y)
        frame_index = player.expect_all_agree()
        assert abs(frame_index - place * (FRAMES - 1)) <= 1.5
        seen.add(frame_index)
    player.page.mouse.up()
    assert seen == set(range(FRAMES))


@pytest.mark.parametrize("order", ["sequence", "random"])
def test_turning_the_wheel_over_the_picture(open_page: OpenPage, order: str) -> None:
    player, chance = _opened(open_page), random.Random(3)
    player.page.keyboard.press("Home")
    player.panel("contraction").locator(".msus-picture").hover()
    frame_index = 0
    for move in range(MOVES):
        step = chance.choice([-3, -2, -1, 1, 2, 3]) if order == "random" else (1 if move < MOVES // 2 else -1)
        for _ in range(abs(step)):
            player.page.mouse.wheel(0, 100 if step > 0 else -100)
        frame_index = _limited(frame_index + step)
        player.expect_all_show(frame_index)


@pytest.mark.parametrize("order", ["sequence", "random"])
def test_a_finger_on_the_scrubber(open_page: OpenPage, order: str) -> None:
    player = _opened(open_page, has_touch=True, width=820, height=1180)
    player.scrubber.scroll_into_view_if_needed()
    box = player.scrubber.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] * 0.8
    places = [k / (MOVES - 1) for k in range(MOVES)]
    if order == "random":
        random.Random(4).shuffle(places)
    touch = player.page.context.new_cdp_session(player.page)

    def send(kind: str, x: float | None) -> None:
        points = [] if x is None else [{"x": x, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    send("touchStart", box["x"] + 1)
    for place in places:
        send("touchMove", box["x"] + 1 + place * (box["width"] - 2))
        assert abs(player.expect_all_agree() - place * (FRAMES - 1)) <= 1.5
    send("touchEnd", None)


def test_while_a_clip_still_arrives_a_panel_never_names_another_frame_than_it_shows(
    open_page: OpenPage, app: RunningApp
) -> None:
    chance, moves_while_loading = random.Random(5), 0
    with slow_line(app.port, bytes_per_s=300_000) as base:
        player = Player(open_page(CASE, base=base))
        player.wait_first_picture()
        player.focus()
        for _ in range(MOVES):
            moves_while_loading += min(player.decoded().values()) < FRAMES
            player.page.keyboard.press(chance.choice([*KEYS, *ENDS]))
            shown = player.at_rest()
            assert len(shown) == 2
            for value in shown.values():
                assert value.drawn == value.named
        assert moves_while_loading >= 10
        player.wait_all_frames()
        player.page.keyboard.press("End")
        player.expect_all_show(FRAMES - 1)
