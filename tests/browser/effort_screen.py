"""What the tests of efforts read from the screen."""

from bisect import bisect_right
from itertools import accumulate
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page

from tests.browser.conftest import OpenPage
from tests.browser.effort_cases import (
    CONTRACTION_CUTS,
    CONTRACTION_MS,
    REST_CUTS,
    REST_FRAMES,
    REST_MS,
)
from tests.browser.player import Player
from tests.browser.waiting import comes_to
from tests.running import RunningApp

BLOCKS = 10
WHITE, BLACK, BLUE, ORANGE = "white", "black", "blue", "orange"
REST_STARTS_MS = [REST_MS * index for index in range(REST_FRAMES + 1)]
CONTRACTION_STARTS_MS = list(accumulate(CONTRACTION_MS))
CONTRACTION_STARTS_MS.append(CONTRACTION_STARTS_MS[-1] + 35.0)  # the last frame lasts as long as most do


def opened(open_page: OpenPage, app: RunningApp, comparison: str, **options: Any) -> Player:
    player = Player(open_page(f"/compare?case=efforts&compare={comparison}", base=app.url, **options))
    player.wait_all_frames()
    player.focus()
    player.page.keyboard.press("Home")
    return player


def pixels(page: Page, where: Locator) -> tuple[NDArray[np.uint8], float, float]:
    """Screenshot of the page as RGB, and the place of an element in it."""
    box = where.bounding_box()
    assert box is not None
    picture = cv2.imdecode(np.frombuffer(page.screenshot(), np.uint8), cv2.IMREAD_COLOR_RGB)
    return picture.astype(np.uint8), box["x"], box["y"]


def colour(pixel: NDArray[np.uint8]) -> str:
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


def strip(player: Player, panel_id: str) -> list[str]:
    """Colours of the blocks on the screen where a panel's picture lies, from left to right."""
    canvas = player.panel(panel_id).locator("canvas.msus-picture")
    box = canvas.bounding_box()
    assert box is not None
    picture, left, top = pixels(player.page, canvas)
    block = box["width"] / BLOCKS
    row = round(top + block * 0.8)
    return [colour(picture[row, round(left + (k + 0.5) * block)]) for k in range(BLOCKS)]


def expect_strip(player: Player, panel_id: str, colours: list[str]) -> None:
    """Assert that the blocks on the screen where a panel's picture lies come to have these colours."""
    assert comes_to(lambda: strip(player, panel_id), colours) == colours


def bits(frame_index: int) -> list[bool]:
    return [True, False, *(bool(frame_index >> bit & 1) for bit in reversed(range(8)))]


def black_and_white(frame_index: int) -> list[str]:
    return [WHITE if bit else BLACK for bit in bits(frame_index)]


def phase_beside(contraction_frame: int) -> int:
    """Frame of the slow effort at the phase at which a frame of the quick one begins."""
    piece = bisect_right(CONTRACTION_CUTS, contraction_frame) - 1
    begin, end = (CONTRACTION_STARTS_MS[cut] for cut in CONTRACTION_CUTS[piece : piece + 2])
    share = (CONTRACTION_STARTS_MS[contraction_frame] - begin) / (end - begin)
    from_ms, to_ms = (REST_STARTS_MS[cut] for cut in REST_CUTS[piece : piece + 2])
    moment_ms = from_ms + share * (to_ms - from_ms)
    return min(bisect_right(REST_STARTS_MS, moment_ms + 1e-3), REST_FRAMES) - 1


def go_to(player: Player, frame_index: int) -> None:
    player.page.keyboard.press("Home")
    for _ in range(frame_index // 10):
        player.page.keyboard.press("Shift+ArrowRight")
    for _ in range(frame_index % 10):
        player.page.keyboard.press("ArrowRight")
