"""What stands beside, over and under what: read from the pixels on the screen."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.effort_cases import (
    CONTRACTION_CUTS,
    CONTRACTION_FRAMES,
    CONTRACTION_MS,
    GAP_PEAK_MM,
    PEAK_FRAME,
    REST_CUTS,
    REST_FRAMES,
    REST_MS,
    gap_mm,
    in_static_view,
    write_effort_case,
)
from tests.browser.player import Player
from tests.browser.waiting import comes_to
from tests.running import RunningApp, running_app

BLOCKS = 10
WHITE, BLACK, BLUE, ORANGE = "white", "black", "blue", "orange"
REST_STARTS_MS = [REST_MS * index for index in range(REST_FRAMES + 1)]
CONTRACTION_STARTS_MS = list(accumulate(CONTRACTION_MS))
CONTRACTION_STARTS_MS.append(CONTRACTION_STARTS_MS[-1] + 35.0)  # the last frame lasts as long as most do


@pytest.fixture(scope="module")
def efforts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    root = tmp_path_factory.mktemp("efforts")
    write_effort_case(root)
    with running_app(tmp_path_factory.mktemp("efforts-app"), cases_folder=root) as running:
        yield running


def _opened(open_page: OpenPage, app: RunningApp, comparison: str, **options: Any) -> Player:
    player = Player(open_page(f"/compare?case=efforts&compare={comparison}", base=app.url, **options))
    player.wait_all_frames()
    player.focus()
    player.page.keyboard.press("Home")
    return player


def _pixels(page: Page, where: Locator) -> tuple[NDArray[np.uint8], float, float]:
    """Screenshot of the page as RGB, and the place of an element in it."""
    box = where.bounding_box()
    assert box is not None
    picture = cv2.imdecode(np.frombuffer(page.screenshot(), np.uint8), cv2.IMREAD_COLOR_RGB)
    return picture.astype(np.uint8), box["x"], box["y"]


def _colour(pixel: NDArray[np.uint8]) -> str:
    red, green, blue = (int(value) for value in pixel)
    if min(red, green, blue) > 180:
        return WHITE
    if max(red, green, blue) < 70:
        return BLACK
    if red < 70 and blue > 180:
        return BLUE
    if blue < 70 and red > 180:
        return ORANGE
    return f"{red} {green} {blue}"


def _strip(player: Player, panel_id: str) -> list[str]:
    """Colours of the blocks on the screen where a panel's picture lies, from left to right."""
    canvas = player.panel(panel_id).locator("canvas.msus-picture")
    box = canvas.bounding_box()
    assert box is not None
    picture, left, top = _pixels(player.page, canvas)
    block = box["width"] / BLOCKS
    row = round(top + block * 0.8)
    return [_colour(picture[row, round(left + (k + 0.5) * block)]) for k in range(BLOCKS)]


def _expect_strip(player: Player, panel_id: str, colours: list[str]) -> None:
    """Assert that the blocks on the screen where a panel's picture lies come to have these colours."""
    assert comes_to(lambda: _strip(player, panel_id), colours) == colours


def _bits(frame_index: int) -> list[bool]:
    return [True, False, *(bool(frame_index >> bit & 1) for bit in reversed(range(8)))]


def _black_and_white(frame_index: int) -> list[str]:
    return [WHITE if bit else BLACK for bit in _bits(frame_index)]


def _phase_beside(contraction_frame: int) -> int:
    """Frame of the slow effort at the phase at which a frame of the quick one begins."""
    piece = bisect_right(CONTRACTION_CUTS, contraction_frame) - 1
    begin, end = (CONTRACTION_STARTS_MS[cut] for cut in CONTRACTION_CUTS[piece : piece + 2])
    share = (CONTRACTION_STARTS_MS[contraction_frame] - begin) / (end - begin)
    from_ms, to_ms = (REST_STARTS_MS[cut] for cut in REST_CUTS[piece : piece + 2])
    moment_ms = from_ms + share * (to_ms - from_ms)
    return min(bisect_right(REST_STARTS_MS, moment_ms + 1e-3), REST_FRAMES) - 1


def _go_to(player: Player, frame_index: int) -> None:
    player.page.keyboard.press("Home")
    for _ in range(frame_index // 10):
        player.page.keyboard.press("Shift+ArrowRight")
    for _ in range(frame_index % 10):
        player.page.keyboard.press("ArrowRight")


def test_two_efforts_are_linked_by_phase_and_each_chapter_begins_beside_its_own(
    open_page: OpenPage, efforts: RunningApp
) -> None:
    player = _opened(open_page, efforts, "both")
    expect(player.button("Link: By phase")).to_have_attribute("aria-pressed", "true")
    beside = {}
    for frame_index in [*range(0, CONTRACTION_FRAMES, 7), *CONTRACTION_CUTS[1:4], CONTRACTION_FRAMES - 1]:
        _go_to(player, frame_index)
        beside[frame_index] = _phase_beside(frame_index)
        player.expect_shows(contraction=frame_index, rest=beside[frame_index])
    assert [beside[cut] for cut in CONTRACTION_CUTS[:4]] == list(REST_CUTS[:4])


def test_the_curtain_shows_one_picture_left_of_it_and_the_other_right_of_it(
    open_page: OpenPage, efforts: RunningApp
) -> None:
    player = _opened(open_page, efforts, "held")
    _go_to(player, 31)
    player.page.keyboard.press("2")
    for key in "h", "t":
        player.page.keyboard.press(key)
    rest, now = _black_and_white(0), _black_and_white(31)
    _expect_strip(player, "rest", [*rest[:5], *now[5:]])
    player.page.get_by_role("slider", name="Curtain").press("End")
    _expect_strip(player, "rest", rest)


def test_two_hues_show_rest_blue_now_orange_and_what_is_equal_without_hue(
    open_page: OpenPage, efforts: RunningApp
) -> None:
    player = _opened(open_page, efforts, "held")
    player.page.keyboard.press("4")
    expect(player.root.get_by_text("Rest, frame 1")).to_be_visible()
    for key in "h", "t":
        player.page.keyboard.press(key)
    for frame_index in (0, 21, 42):
        _go_to(player, frame_index)
        hues = {(True, True): WHITE, (False, False): BLACK, (True, False): BLUE, (False, True): ORANGE}
        expected = [hues[pair] for pair in zip(_bits(0), _bits(frame_index), strict=True)]
        _expect_strip(player, "contraction", expected)


def test_hues_follow_the_left_panel_too(open_page: OpenPage, efforts: RunningApp) -> None:
    player = _opened(open_page, efforts, "both")
    for key in "4", "h", "t":
        player.page.keyboard.press(key)
    _go_to(player, 27)
    left, right = _bits(_phase_beside(27)), _bits(27)
    hues = {(True, True): WHITE, (False, False): BLACK, (True, False): BLUE, (False, True): ORANGE}
    assert left != right
    _expect_strip(player, "contraction", [hues[pair] for pair in zip(left, right, strict=True)])


def test_the_difference_is_dark_where_the_pictures_are_equal(
    open_page: OpenPage, efforts: RunningApp
) -> None:
    player = _opened(open_page, efforts, "held")
    player.page.keyboard.press("5")
    expect(player.root.get_by_text("Difference × 2")).to_be_visible()
    for key in "h", "t":
        player.page.keyboard.press(key)
    _go_to(player, 21)
    differs = [WHITE if a != b else BLACK for a, b in zip(_bits(0), _bits(21), strict=True)]
    _expect_strip(player, "contraction", differs)


@pytest.mark.parametrize("key", ["2", "3", "4", "5"])
def test_the_saved_picture_is_the_one_on_the_screen(
    open_page: OpenPage, efforts: RunningApp, tmp_path: Path, key: str
) -> None:
    player = _opened(open_page, efforts, "held")
    player.page.keyboard.press(key)
    _go_to(player, 21)
    for hide in "h", "t":
        player.page.keyboard.press(hide)
    player.at_rest()
    on_screen = _strip(player, "contraction")
    stage = player.panel("contraction").locator(".msus-stage").bounding_box()
    canvas = player.panel("contraction").locator("canvas.msus-picture").bounding_box()
    assert stage is not None
    assert canvas is not None
    for hide in "h", "t":  # the buttons come back
        player.page.keyboard.press(hide)
    with player.page.expect_download() as saved:
        player.button("Save the comparison").click()
    target = tmp_path / "comparison.png"
    saved.value.save_as(target)
    picture = cv2.imread(str(target), cv2.IMREAD_COLOR_RGB).astype(np.uint8)
    assert abs(picture.shape[1] / 2 - stage["width"] - 16) < 2  # one picture, not two beside each other
    block = canvas["width"] / BLOCKS
    left, row = 8 + canvas["x"] - stage["x"], round(2 * (8 + canvas["y"] - stage["y"] + block * 0.8))
    assert [_colour(picture[row, round(2 * (left + (k + 0.5) * block))]) for k in range(BLOCKS)] == on_screen
    caption = picture[round(2 * (stage["height"] + 12)) :]
    assert (caption.min(axis=2) > 200).sum() > 500  # captions, sources and legend


def test_where_less_motion_is_asked_for_the_other_picture_comes_on_request_only(
    open_page: OpenPage, efforts: RunningApp
) -> None:
    player = _opened(open_page, efforts, "held")
    _go_to(player, 31)
    player.page.keyboard.press("3")
    expect(player.button("Other picture")).to_be_visible()
    for key in "h", "t":
        player.page.keyboard.press(key)
    _expect_strip(player, "contraction", _black_and_white(31))
    player.page.wait_for_timeout(1200)
    assert _strip(player, "contraction") == _black_and_white(31)
    player.page.keyboard.press("3")
    _expect_strip(player, "contraction", _black_and_white(0))


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
    player = _opened(open_page, efforts, "held", reduced_motion="no-preference")
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


def test_the_m_mode_shows_each_frame_where_its_time_is(open_page: OpenPage, efforts: RunningApp) -> None:
    player = _opened(open_page, efforts, "held", height=1300)
    player.page.keyboard.press("6")
    ends = [player.root.get_by_role("button", name=f"M-mode line, {end} end") for end in ("first", "second")]
    for end in ends:  # from a third of the calibrated part, at 203 px, to the strip of blocks
        end.focus()
        for _ in range(17):
            player.page.keyboard.press("Shift+ArrowUp")
    player.focus()
    strip = player.root.locator(".msus-m-strip")
    second_bit = (8.5 / BLOCKS - 0.1) / 0.8  # the line lies from a tenth to nine tenths of the width
    middles_ms = [sum(pair) / 2 for pair in pairwise(CONTRACTION_STARTS_MS[1:CONTRACTION_FRAMES])]

    def colours() -> list[str]:
        box = strip.bounding_box()
        assert box is not None
        picture, left, top = _pixels(player.page, strip)
        row = round(top + second_bit * (box["height"] - 18))
        places = [left + middle_ms / CONTRACTION_STARTS_MS[-1] * box["width"] for middle_ms in middles_ms]
        return [_colour(picture[row, round(place)]) for place in places]

    expected = [WHITE if frame_index >> 1 & 1 else BLACK for frame_index in range(1, CONTRACTION_FRAMES - 1)]
    assert comes_to(colours, expected) == expected


def test_a_press_on_the_m_mode_goes_to_the_frame_of_that_time(
    open_page: OpenPage, efforts: RunningApp
) -> None:
    player = _opened(open_page, efforts, "held", height=1300)
    player.page.keyboard.press("6")
    strip = player.root.locator(".msus-m-strip")
    expect(strip).to_be_visible()
    box = strip.bounding_box()
    assert box is not None
    for frame_index in (3, 29, 55):
        middle_ms = (CONTRACTION_STARTS_MS[frame_index] + CONTRACTION_STARTS_MS[frame_index + 1]) / 2
        strip.click(position={"x": middle_ms / CONTRACTION_STARTS_MS[-1] * box["width"], "y": 40})
        player.expect_shows(contraction=frame_index)


def test_the_handle_sits_on_the_curve_and_keys_go_to_rest_and_peak(
    open_page: OpenPage, efforts: RunningApp
) -> None:
    player = _opened(open_page, efforts, "held")
    knob = player.root.locator(".msus-knob")
    heights_px = []
    for frame_index in (10, 27, 33, PEAK_FRAME):
        _go_to(player, frame_index)
        player.expect_shows(contraction=frame_index)
        expect(player.root.locator(".msus-gap")).to_contain_text(f"Gap now {gap_mm()[frame_index]:.1f} mm")
        heights_px.append(-_corner(knob)[1])
    seen = np.polyfit(gap_mm()[[10, 27, 33, PEAK_FRAME]], heights_px, 1)
    assert np.allclose(np.polyval(seen, gap_mm()[[10, 27, 33, PEAK_FRAME]]), heights_px, atol=0.6)
    player.page.keyboard.press(",")
    player.expect_shows(contraction=0)
    player.page.keyboard.press(".")
    player.expect_shows(contraction=PEAK_FRAME)
    readout = player.root.locator(".msus-gap")
    expect(readout).to_contain_text(f"at peak {GAP_PEAK_MM:.1f} mm")
    expect(readout).to_contain_text("truth of the simulation")


def _middle(frame_index: int) -> float:
    """Middle of a frame's time on the axis of the quick effort, from 0 to 1."""
    middle_ms = (CONTRACTION_STARTS_MS[frame_index] + CONTRACTION_STARTS_MS[frame_index + 1]) / 2
    return middle_ms / CONTRACTION_STARTS_MS[-1]


def test_a_click_on_the_curve_goes_to_the_frame(open_page: OpenPage, efforts: RunningApp) -> None:
    player = _opened(open_page, efforts, "held")
    box = player.scrubber.bounding_box()
    assert box is not None
    for frame_index in (5, 28, 51):
        player.scrubber.click(position={"x": _middle(frame_index) * box["width"], "y": 40})
        shown = player.at_rest()["contraction"]
        assert shown.drawn == shown.named == frame_index


@pytest.mark.parametrize("width", [1280, 390])
def test_scrubber_and_m_mode_stand_on_one_axis_of_time(
    open_page: OpenPage, efforts: RunningApp, width: int
) -> None:
    player = _opened(open_page, efforts, "held", height=1300, width=width)
    player.page.keyboard.press("6")
    track = player.scrubber.bounding_box()
    assert track is not None
    for frame_index in (0, 23, 24, 25, 41, 58):
        _go_to(player, frame_index)
        player.at_rest()
        expected = track["x"] + _middle(frame_index) * track["width"]
        for part in (".msus-handle", ".msus-m-cursor"):
            box = player.root.locator(part).bounding_box()
            assert box is not None
            assert abs(box["x"] + box["width"] / 2 - expected) < 1.2, (part, frame_index)


def _at(
    player: Player, panel_id: str, x_px: float, y_px: float, size_px: tuple[int, int]
) -> tuple[float, float]:
    """Place on the page of a pixel of a panel's picture."""
    box = player.panel(panel_id).locator("canvas.msus-picture").bounding_box()
    assert box is not None
    return box["x"] + x_px / size_px[0] * box["width"], box["y"] + y_px / size_px[1] * box["height"]


def _corner(element: Locator) -> tuple[float, float]:
    box = element.bounding_box()
    assert box is not None
    return box["x"], box["y"]


def _expect_corner(element: Locator, expected: tuple[float, float]) -> None:
    """Assert that an element comes to lie at a place of the page."""
    corner = comes_to(lambda: _corner(element), lambda at: np.allclose(at, expected, atol=1.0))
    assert np.allclose(corner, expected, atol=1.0)


def test_pointing_at_rest_shows_the_place_in_the_static_view_and_back(
    open_page: OpenPage, efforts: RunningApp
) -> None:
    player = _opened(open_page, efforts, "beside")
    cross = player.root.locator(".msus-cross")
    clip, static = (640, 480), (128, 128)
    for here in ((320, 240), (150, 333)):
        there = in_static_view(*here)
        for panel_id, place, size, expected in (
            ("contraction", here, clip, _at(player, "static", *there, static)),
            ("static", there, static, _at(player, "contraction", *here, clip)),
        ):
            player.page.mouse.move(*_at(player, panel_id, *place, size))
            expect(cross).to_contain_text("landmark error")
            _expect_corner(cross, expected)
    _go_to(player, 40)
    player.page.mouse.move(*_at(player, "contraction", 300, 200, clip))
    expect(cross).to_have_count(0)  # contracted tissue lies elsewhere
