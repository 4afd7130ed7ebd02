"""What the player offers beside the exact frame: playing, tone, measuring, hiding, saving, bounded memory."""

import re
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenPage
from tests.browser.numbered_cases import FRAMES, NUMBERED
from tests.browser.player import Player, choose_files, choose_option
from tests.browser.waiting import comes_to
from tests.cases.clip_factory import JPEG_BASELINE, NumberedClip, write_dicom

CASE = "/compare?case=numbered"
RATE_HZ = 25

RECORD = """limit_ms => new Promise(resolve => {
    const seen = [], begun = performance.now();
    const look = () => {
        const now = performance.now();
        seen.push([now - begun, window.msusShown().contraction.named]);
        if (now - begun < limit_ms) requestAnimationFrame(look); else resolve(seen);
    };
    requestAnimationFrame(look);
})"""


def _opened(open_page: OpenPage, path: str = CASE, **options: object) -> Player:
    player = Player(open_page(path, **options))
    player.wait_all_frames()
    player.focus()
    return player


def _mean(picture: Locator) -> float:
    """Mean red value of the pixels that are drawn on."""
    return float(
        picture.evaluate(
            "canvas => { const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);"
            "let sum = 0, count = 0;"
            "for (let i = 0; i < data.length; i += 4) if (data[i + 3]) { sum += data[i]; count += 1; }"
            "return sum / count; }"
        )
    )


def test_a_clip_plays_by_itself_and_loops(open_page: OpenPage) -> None:
    player = Player(open_page(CASE, reduced_motion="no-preference"))
    player.wait_all_frames()
    seen = player.page.evaluate(RECORD, FRAMES / RATE_HZ * 1000 + 1500)
    frames = [frame for _, frame in seen]
    assert any(later < earlier for earlier, later in pairwise(frames)), "it never looped"


def test_who_asks_for_less_motion_sees_it_stand_until_he_plays_it(open_page: OpenPage) -> None:
    player = _opened(open_page)
    before = player.at_rest()
    assert player.at_rest() == before
    player.page.keyboard.press(" ")
    expect(player.button("Pause")).to_be_visible()


def test_after_a_stall_playback_is_where_the_clock_says_and_not_behind_it(open_page: OpenPage) -> None:
    player = _opened(open_page)
    player.page.keyboard.press("Home")
    player.expect_all_show(0)
    player.page.keyboard.press(" ")
    player.page.evaluate(
        "() => { const end = performance.now() + 900; while (performance.now() < end) { /* the page is busy */ } }"
    )
    seen = player.page.evaluate(RECORD, 1000)
    moments_s = [moment / 1000 for moment, _ in seen]
    frames = [frame for _, frame in seen]
    assert frames[0] >= 0.8 * RATE_HZ, "the stall was played in slow motion"
    shown_per_s = (frames[-1] - frames[0]) / (moments_s[-1] - moments_s[0])
    assert shown_per_s == pytest.approx(RATE_HZ, rel=0.15)


@pytest.mark.parametrize(("key", "speed"), [("[", 0.5), ("]", 2.0)])
def test_speed_changes_how_fast_the_frames_follow(open_page: OpenPage, key: str, speed: float) -> None:
    player = _opened(open_page)
    player.page.keyboard.press("Home")
    player.page.keyboard.press(key)
    player.page.keyboard.press(" ")
    seen = player.page.evaluate(RECORD, 1500)
    (first_ms, first), (last_ms, last) = seen[len(seen) // 5], seen[-1]
    assert (last - first) / (last_ms - first_ms) * 1000 == pytest.approx(RATE_HZ * speed, rel=0.2)


def test_invert_turns_black_to_white_on_the_drawn_pixels(open_page: OpenPage) -> None:
    player = _opened(open_page)
    picture = player.panel("contraction").locator(".msus-picture")
    before = _mean(picture)
    player.panel("contraction").locator(".msus-title").click()
    player.button("Brightness and contrast").click()
    player.button("Invert").click()
    inverted = comes_to(lambda: _mean(picture), lambda mean: abs(mean - (255 - before)) <= 6)
    assert inverted == pytest.approx(255 - before, abs=6)


def test_flip_mirrors_the_picture_on_the_screen(open_page: OpenPage) -> None:
    player = _opened(open_page)
    player.page.keyboard.press("Home")
    player.at_rest()
    before = _on_screen(player)
    player.panel("contraction").locator(".msus-title").click()
    player.focus()
    player.page.keyboard.press("f")
    player.at_rest()
    after = _on_screen(player)
    middle = slice(
        before.shape[0] * 2 // 5, before.shape[0] * 3 // 5
    )  # between the words at the top and bottom
    left, right = slice(20, 120), slice(-120, -20)
    assert np.abs(before[middle, left] - after[middle, right][:, ::-1]).mean() < 4
    assert np.abs(before[middle, left] - after[middle, left]).mean() > 10


def _on_screen(player: Player) -> NDArray[np.float32]:
    """Grey levels of the contraction panel as they are on the display, words and all."""
    png = player.panel("contraction").locator(".msus-stage").screenshot()
    grey = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert grey is not None
    return grey.astype(np.float32)


def test_hidden_text_comes_back(open_page: OpenPage) -> None:
    player = _opened(open_page)
    readout = player.panel("contraction").locator(".msus-readout")
    expect(readout).to_be_visible()
    player.page.keyboard.press("t")
    expect(readout).to_be_hidden()
    player.page.keyboard.press("t")
    expect(readout).to_be_visible()


def test_the_black_screen_is_black_and_ends(open_page: OpenPage) -> None:
    player = _opened(open_page)
    bright = _on_screen(player).mean()
    player.page.keyboard.press("b")
    assert comes_to(lambda: _on_screen(player).mean(), lambda mean: mean < 2) < 2
    player.page.keyboard.press("b")
    again = comes_to(lambda: _on_screen(player).mean(), lambda mean: abs(mean - bright) <= 3)
    assert again == pytest.approx(bright, abs=3)


def test_a_caliper_measures_in_mm_where_the_region_is_calibrated(open_page: OpenPage) -> None:
    player = _opened(open_page)
    panel = player.panel("contraction")
    player.button("Caliper").first.click()
    box = panel.locator(".msus-stage").bounding_box()
    assert box is not None
    scale = min(box["width"] / NUMBERED.columns, box["height"] / NUMBERED.rows)
    left = box["x"] + (box["width"] - NUMBERED.columns * scale) / 2
    top = box["y"] + (box["height"] - NUMBERED.rows * scale) / 2
    for x_px, y_px in ((100, 200), (400, 200)):
        player.page.mouse.click(left + x_px * scale, top + y_px * scale)
    handle = panel.get_by_role("button", name=re.compile(r"mm")).first
    expect(handle).to_have_accessible_name(re.compile(r"\b(29\.[4-9]|30\.[0-6])\s*mm"))  # 300 px of 0.1 mm


def test_the_comparison_is_saved_as_a_picture_that_still_says_simulated(
    open_page: OpenPage, tmp_path: Path
) -> None:
    player = _opened(open_page)
    with player.page.expect_download() as saved:
        player.choose_in("Save, copy, export", "Save the comparison")
    target = tmp_path / "comparison.png"
    saved.value.save_as(target)
    picture = cv2.imread(str(target))
    assert picture is not None
    assert picture.shape[1] > NUMBERED.columns
    assert np.ptp(picture) > 200


def test_the_curtain_shows_one_panel_left_and_the_other_right_of_it(open_page: OpenPage) -> None:
    player = _opened(open_page)
    player.page.keyboard.press("2")
    curtain = player.root.get_by_role("slider", name=re.compile("urtain"))
    expect(curtain).to_be_visible()
    before = float(curtain.get_attribute("aria-valuenow") or "nan")
    curtain.focus()
    player.page.keyboard.press("ArrowRight")
    where = comes_to(lambda: float(curtain.get_attribute("aria-valuenow") or "nan"), lambda now: now > before)
    assert where > before
    player.focus()
    player.page.keyboard.press("1")
    expect(curtain).to_be_hidden()


def test_three_clips_of_300_frames_stay_within_the_memory_set_for_them(
    open_page: OpenPage, tmp_path: Path
) -> None:
    long = NumberedClip(frames=300, rows=600, columns=800, bits=9, block_px=64)
    paths = []
    for name in ("rest", "contraction", "static"):
        paths.append(
            write_dicom(
                tmp_path / f"{name}.dcm",
                long,
                JPEG_BASELINE,
                change=lambda dataset, name=name: setattr(dataset, "SeriesDescription", name),
                frame_time_ms={"rest": 40.0, "contraction": 41.0, "static": 42.0}[name],
            )
        )
    page = open_page("/open_clips")
    choose_files(page, paths)
    choose_option(page.get_by_role("combobox", name="Static"), "3. static.dcm")
    player = Player(page)
    expect(page.locator(".msus-panel")).to_have_count(3, timeout=30_000)
    player.wait_all_frames()
    budget_bytes = 256 * 2**20
    player.focus()
    for key in ("End", "Home", "Shift+ArrowRight", "End"):
        page.keyboard.press(key)
        player.at_rest()
        decoded = sum(
            int(panel.get_attribute("data-decoded") or 0) for panel in page.locator(".msus-panel").all()
        )
        assert 0 < decoded * long.rows * long.columns <= budget_bytes
        assert decoded < 900, "nothing was bounded"
    expect(player.panel("contraction")).to_have_attribute("data-frame-index", "299", timeout=20_000)
