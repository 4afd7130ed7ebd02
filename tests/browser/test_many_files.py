"""Many files at once, of every kind: each is named with what became of it, and the person decides and cancels."""

from pathlib import Path

import httpx
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.mixed_files import MixedFile, bad_files, good_files, write_rotten
from tests.browser.numbered_cases import NUMBERED
from tests.browser.player import (
    Player,
    choose_files,
    choose_option,
    drop_files,
    expect_at_rest,
    expect_drawn,
    line_of,
    times_at_rest,
)
from tests.cases.clip_factory import JPEG_BASELINE, NumberedClip, write_dicom
from tests.cases.slow_file import write_slow_dicom
from tests.running import RunningApp


def _choose_for_panel(page: Page, panel: str, name: str) -> None:
    choose_option(page.get_by_role("combobox", name=panel), name)


def _expect_frames_to_advance(page: Page, shown: dict[str, MixedFile]) -> None:
    for panel_id, file in shown.items():
        _choose_for_panel(page, panel_id.capitalize(), file.shown_as)
    player = Player(page)
    for panel_id, file in shown.items():
        expect(player.panel(panel_id)).to_have_attribute("data-frames", str(file.frames))
    player.wait_all_frames()
    player.focus()
    page.keyboard.press("Home")
    for panel_id in shown:
        expect_drawn(page, panel_id, 0)
    page.keyboard.press("End")
    for panel_id, file in shown.items():
        expect_drawn(page, panel_id, file.frames - 1)


def test_of_ten_good_and_ten_bad_files_the_good_ones_play_and_the_bad_ones_say_why(
    open_page: OpenPage, app: RunningApp, tmp_path: Path
) -> None:
    good, bad = good_files(tmp_path / "good"), bad_files(tmp_path / "bad")
    page = open_page("/open_clips")
    mixed = [file.path for pair in zip(bad, good, strict=True) for file in pair]
    drop_files(page, mixed)
    expect_at_rest(page, 1)
    for file in bad:
        expect(line_of(page, file.shown_as)).to_have_attribute("data-state", "refused")
        expect(line_of(page, file.shown_as)).to_contain_text(file.sentence)
    for file in good:
        expect(line_of(page, file.shown_as)).to_have_attribute("data-state", "opened")
        expect(line_of(page, file.shown_as)).to_contain_text(f"{file.frames} frames")
    expect(page.locator(".intake-summary")).to_have_text("10 opened · 10 could not be opened")
    for one, other in zip(good[::2], good[1::2], strict=True):
        _expect_frames_to_advance(page, {"rest": one, "contraction": other})

    assert httpx.get(f"{app.url}/_stcore/health").status_code == httpx.codes.OK
    drop_files(
        page, [write_dicom(tmp_path / "later.dcm", NumberedClip(frames=20), JPEG_BASELINE), good[0].path]
    )
    expect_at_rest(page, 2)
    expect(line_of(page, "later.dcm")).to_contain_text("11. later.dcm opened")
    expect(page.locator(".intake-line").last).to_contain_text("The same clip as implicit.dcm")
    expect(page.locator(".intake-line")).to_have_count(22)
    expect(Player(page).panel("rest")).to_have_attribute("data-frames", str(good[-2].frames))  # as she chose


def test_good_frames_are_kept_by_keyboard_and_their_warning_stays_with_the_clip(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page("/open_clips")
    choose_files(page, [write_rotten(tmp_path / "keep.dcm"), write_rotten(tmp_path / "leave.dcm")])
    line = line_of(page, "keep.dcm")
    expect(line).to_contain_text("your decision")
    expect(line).to_contain_text("3 of 4 frames are good")
    expect(page.locator(".msus-player")).to_have_count(0)
    keep = page.get_by_role("button", name="Keep the 3 good frames: keep.dcm")
    keep.focus()
    page.keyboard.press("Enter")
    expect(line).to_have_attribute("data-state", "opened", timeout=60_000)
    expect(line).to_be_focused()
    expect(line).to_contain_text("the 3 good ones are shown")
    player = Player(page)
    player.wait_all_frames()
    expect(player.panel("contraction")).to_have_attribute("data-frames", "3")
    expect(player.panel("contraction").locator(".msus-warning").last).to_contain_text(
        "the 3 good ones are shown"
    )

    page.get_by_role("button", name="Leave it out: leave.dcm").click()
    expect(line_of(page, "leave.dcm")).to_have_attribute("data-state", "left_out")
    expect(page.locator(".intake-summary")).to_have_text("1 opened · 1 left out")


def test_nothing_of_a_clip_that_waits_for_a_decision_is_left_when_she_leaves(
    open_page: OpenPage, app: RunningApp, tmp_path: Path
) -> None:
    page = open_page("/open_clips")
    with page.expect_request("**/api/visits/*/open") as order:
        choose_files(page, [write_rotten(tmp_path / "rot.dcm")])
    token = order.value.url.split("/visits/")[1].split("/")[0]
    (folder,) = (app.data_folder / "visits").glob(f"*/{token}")
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["rot.dcm"]
    page.get_by_role("button", name="Close all clips").click()
    expect(page.locator(".intake-line")).to_have_count(0)
    assert not folder.exists()


def test_one_file_is_cancelled_while_it_is_decoded_and_the_others_go_on(
    open_page: OpenPage, tmp_path: Path
) -> None:
    long = write_slow_dicom(tmp_path / "long.dcm")
    short = write_dicom(tmp_path / "short.dcm", NumberedClip(frames=5))
    page = open_page("/open_clips")
    rests = times_at_rest(page)
    drop_files(page, [long, short])
    expect(line_of(page, "long.dcm")).to_contain_text("of 3000", timeout=60_000)
    page.get_by_role("button", name="Cancel: long.dcm").click()
    expect(line_of(page, "long.dcm")).to_have_attribute("data-state", "cancelled")
    expect(line_of(page, "short.dcm")).to_have_attribute("data-state", "opened", timeout=60_000)
    expect_at_rest(page, rests + 1)
    expect(line_of(page, "long.dcm")).to_contain_text("Nothing of it was kept")
    player = Player(page)
    player.wait_all_frames()
    expect(player.panel("contraction")).to_have_attribute("data-frames", "5")


def test_everything_is_cancelled_at_once_and_the_next_drop_is_read(
    open_page: OpenPage, tmp_path: Path
) -> None:
    long = [write_slow_dicom(tmp_path / f"{k}.dcm") for k in range(2)]
    page = open_page("/open_clips")
    drop_files(page, long)
    expect(line_of(page, "0.dcm")).to_contain_text("of 3000", timeout=60_000)
    page.get_by_role("button", name="Cancel all").click()
    expect_at_rest(page, 1)
    expect(page.locator('.intake-line[data-state="cancelled"]')).to_have_count(2)
    choose_files(page, [write_dicom(tmp_path / "after.dcm", NUMBERED, JPEG_BASELINE)])
    Player(page).wait_all_frames()


def test_reading_goes_on_while_she_looks_at_another_page(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("/open_clips")
    drop_files(
        page, [write_slow_dicom(tmp_path / "slow.dcm"), write_dicom(tmp_path / "a.dcm", NumberedClip())]
    )
    expect(line_of(page, "slow.dcm")).to_contain_text("of 3000", timeout=60_000)
    page.get_by_role("link", name="Library").click()
    expect(page.locator(".intake")).to_have_count(0)
    page.get_by_role("link", name="Open clips").first.click()
    expect(line_of(page, "slow.dcm")).to_contain_text("of 3000", timeout=30_000)
    page.get_by_role("button", name="Cancel: slow.dcm").click()
    expect(line_of(page, "a.dcm")).to_have_attribute("data-state", "opened", timeout=60_000)
    Player(page).wait_all_frames()


def test_a_lost_connection_is_said_beside_the_files_and_what_was_read_stays(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page("/open_clips")
    times_at_rest(page)
    page.route("**/api/visits/*/open", lambda route: route.abort())
    drop_files(page, [write_dicom(tmp_path / "a.dcm", NUMBERED, JPEG_BASELINE)])
    expect_at_rest(page, 1)
    expect(line_of(page, "a.dcm")).to_contain_text("connection to the server was lost")
    page.unroute("**/api/visits/*/open")
    drop_files(page, [write_dicom(tmp_path / "b.dcm", NumberedClip(frames=5), JPEG_BASELINE)])
    expect_at_rest(page, 2)
    expect(line_of(page, "b.dcm")).to_contain_text("opened")
