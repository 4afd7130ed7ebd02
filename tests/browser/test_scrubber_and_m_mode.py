"""The scrubber, its curve, the M-mode on its axis and the linked cursor: read from the screen."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenPage
from tests.browser.effort_cases import (
    CONTRACTION_FRAMES,
    GAP_PEAK_MM,
    PEAK_FRAME,
    gap_mm,
    in_static_view,
)
from tests.browser.effort_screen import (
    BLACK,
    BLOCKS,
    CONTRACTION_STARTS_MS,
    WHITE,
    colour,
    go_to,
    opened,
    pixels,
)
from tests.browser.player import Player, choose_files
from tests.browser.waiting import comes_to
from tests.running import RunningApp

FRAMES_TOO_MANY = 72
"""Of 1280 x 960 px in colour: 354 MB of decoded frames, of which the player holds 256."""
BLACK_COLUMNS = """(canvas, frames) => [...Array(frames).keys()].filter((frame) =>
    canvas.getContext("2d").getImageData((frame + 0.5) / frames * canvas.width, canvas.height / 3, 1, 1).data[1] < 60)"""


def write_colour_video(path: Path, frames: int) -> None:
    """Write bright frames with a red corner, so that they are kept in colour."""
    picture = np.full((960, 1280, 3), 160, np.uint8)
    picture[:100, :100] = (220, 20, 20)
    with av.open(str(path), "w") as opened_file:
        stream: Any = opened_file.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 1280, 960, "yuv420p"
        for _ in range(frames):
            opened_file.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        opened_file.mux(stream.encode())


def test_the_m_mode_shows_each_frame_where_its_time_is(open_page: OpenPage, efforts: RunningApp) -> None:
    player = opened(open_page, efforts, "held", height=1300)
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
        picture, left, top = pixels(player.page, strip)
        row = round(top + second_bit * (box["height"] - 18))
        places = [left + middle_ms / CONTRACTION_STARTS_MS[-1] * box["width"] for middle_ms in middles_ms]
        return [colour(picture[row, round(place)]) for place in places]

    expected = [WHITE if frame_index >> 1 & 1 else BLACK for frame_index in range(1, CONTRACTION_FRAMES - 1)]
    assert comes_to(colours, expected) == expected


def test_the_m_mode_is_whole_where_the_player_does_not_hold_the_whole_clip(
    open_page: OpenPage, tmp_path: Path
) -> None:
    path = tmp_path / "large.mp4"
    write_colour_video(path, FRAMES_TOO_MANY)
    player = Player(open_page("/open_clips", height=1300))
    choose_files(player.page, path)
    player.wait_all_frames()
    player.focus()
    player.page.keyboard.press("6")
    picture = player.root.locator("canvas.msus-m-picture")
    assert comes_to(lambda: picture.evaluate(BLACK_COLUMNS, FRAMES_TOO_MANY), []) == []


def test_a_press_on_the_m_mode_goes_to_the_frame_of_that_time(
    open_page: OpenPage, efforts: RunningApp
) -> None:
    player = opened(open_page, efforts, "held", height=1300)
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
    player = opened(open_page, efforts, "held")
    knob = player.root.locator(".msus-knob")
    heights_px = []
    for frame_index in (10, 27, 33, PEAK_FRAME):
        go_to(player, frame_index)
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
    player = opened(open_page, efforts, "held")
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
    player = opened(open_page, efforts, "held", height=1300, width=width)
    player.page.keyboard.press("6")
    track = player.scrubber.bounding_box()
    assert track is not None
    for frame_index in (0, 23, 24, 25, 41, 58):
        go_to(player, frame_index)
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
    player = opened(open_page, efforts, "beside")
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
    go_to(player, 40)
    player.page.mouse.move(*_at(player, "contraction", 300, 200, clip))
    # Contracted tissue lies elsewhere, and nobody has followed it.
    expect(cross).to_have_text("Linked at rest only: the tissue was not followed.")
