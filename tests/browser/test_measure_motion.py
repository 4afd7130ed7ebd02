"""Measuring an opened clip and setting its chapters, below the player that goes on playing."""

from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from tests.annotations.motion.torn_muscle import activation_of, torn_muscle
from tests.browser.conftest import OpenPage
from tests.browser.player import Player, choose_files

LONG_MS = 120_000.0


def test_an_opened_clip_is_measured_beside_the_player_and_its_chapters_are_set(
    open_page: OpenPage, tmp_path: Path
) -> None:
    first, *more = (
        Image.fromarray(picture) for picture in torn_muscle(activation_of(24, 4, 10, 15, 21)).pictures
    )
    path = tmp_path / "torn.gif"
    first.save(path, save_all=True, append_images=more, duration=40)
    page = open_page("/open_clips")
    choose_files(page, path)
    Player(page).wait_first_picture()
    page.get_by_role("button", name="Measure the motion in torn.gif").click()
    expect(page.get_by_role("button", name="Measure the motion in torn.gif")).to_have_count(0)
    expect(page.locator(".msus-panel")).to_have_count(1)
    badge = page.get_by_text("as tracked, from edges that the computer proposes").first
    expect(badge).to_be_visible(timeout=LONG_MS)

    page.get_by_text("Set the chapters of the contraction").click()
    hold = page.get_by_role("spinbutton", name="Hold from frame")
    expect(hold).to_be_visible()
    found = int(hold.input_value())
    hold.fill(str(found + 1))
    page.get_by_role("button", name="Use these chapters").click()
    expect(page.get_by_role("button", name="Take back what I set here")).to_be_visible()
    expect(page.get_by_role("spinbutton", name="Hold from frame")).to_have_value(str(found + 1))
    page.get_by_role("button", name="Take back what I set here").click()
    expect(page.get_by_role("spinbutton", name="Hold from frame")).to_have_value(str(found))
