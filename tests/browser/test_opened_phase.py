"""Opened clips line up by phase with a clip of a case and with each other, each by its own chapters, or say why not."""

import re
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.effort_cases import CONTRACTION_CUTS, NAMES, REST_CUTS, write_effort_case
from tests.browser.effort_screen import go_to, phase_beside
from tests.browser.player import LOAD_LIMIT_MS, Player, choose_files, choose_option
from tests.browser.torn_clips import LONG_MS, write_still_gif
from tests.cases.clip_factory import NumberedClip, write_dicom
from tests.running import RunningApp


def _set_chapters(page: Page, cuts: Sequence[int]) -> None:
    for name, cut in zip(NAMES, cuts, strict=False):
        asked = page.get_by_role("spinbutton", name=f"{name.capitalize()} from frame")
        asked.fill(str(cut + 1))
        asked.press("Tab")
    page.get_by_role("button", name="Use these chapters").click()
    expect(page.get_by_role("button", name="Take back what I set here")).to_be_visible()


def _expect_lined_up(player: Player) -> None:
    expect(player.button("Link: By phase")).to_have_attribute("aria-pressed", "true")
    expect(player.page.get_by_text("not by phase")).to_have_count(0)
    player.wait_all_frames()
    player.focus()
    for frame_index in (12, 27, 40, 55):
        go_to(player, frame_index)
        player.expect_shows(rest=phase_beside(frame_index), contraction=frame_index)


def test_an_opened_clip_lines_up_with_a_clip_of_a_case_and_with_another_one(
    open_page: OpenPage, efforts: RunningApp, tmp_path: Path
) -> None:
    files = write_effort_case(tmp_path)
    page = open_page("/open_clips", base=efforts.url, height=1500)
    choose_files(page, [files / "slow.dcm", files / "quick.dcm"])
    player, case = Player(page), page.get_by_text("Show a clip of a case in the Rest panel")
    case.click()
    choose_option(page.get_by_role("combobox", name="Case", exact=True), "Two efforts")
    expect(player.root.get_by_text("Effort slow").first).to_be_visible(timeout=LOAD_LIMIT_MS)
    expect(page.get_by_text("The chapters of quick.dcm are not known")).to_be_visible()
    page.get_by_text("Set the chapters of the contraction").click()
    _set_chapters(page, CONTRACTION_CUTS)
    _expect_lined_up(player)
    case.click()
    expect(player.root.get_by_text("Effort slow")).to_have_count(0)
    expect(
        page.get_by_text("Linked by time, not by phase. The chapters of slow.dcm are not known")
    ).to_be_visible()
    _set_chapters(page, REST_CUTS)
    _expect_lined_up(player)

    go_to(player, 26)
    expect(page).to_have_url(re.compile("clip=contraction-2&frame=27"))
    choose_option(page.get_by_role("combobox", name="Clip").last, "quick.dcm")
    choose_option(page.get_by_role("combobox", name="Chapter"), "Contracting")
    page.get_by_role("button", name="Begins at the frame on screen").click()
    expect(page.get_by_role("spinbutton", name="Contracting from frame")).to_have_value("27")


def test_a_clip_without_contraction_says_so_instead_of_lining_up(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("/open_clips", height=1500)
    other = write_dicom(tmp_path / "other.dcm", NumberedClip())
    choose_files(page, [write_still_gif(tmp_path / "still.gif"), other])
    player = Player(page)
    player.wait_all_frames()
    page.get_by_role("button", name="Measure the motion in still.gif").click()
    said = (
        "Linked by time, not by phase. No contraction was found in still.gif, so there is nothing to line up."
    )
    expect(page.get_by_text(said)).to_be_visible(timeout=LONG_MS)
    expect(player.button("Link: By time")).to_have_attribute("aria-pressed", "true")
    expect(player.button("Link: By phase")).to_have_count(0)
