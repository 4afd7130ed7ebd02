"""What bundled clips get from their motion, opened clips get too: map, scale, edges of one's own, chapters, phase."""

import re
from pathlib import Path

import httpx
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.player import Player, choose_files
from tests.browser.torn_clips import LONG_MS, place_the_edges, write_torn_gif
from viewer.curves import AS_PROPOSED
from viewer.visit_motion import FROM_YOUR_EDGES, SCALE_BY_YOU


def _opened(open_page: OpenPage, *paths: Path) -> Player:
    page = open_page("/open_clips", height=1300)
    choose_files(page, list(paths))
    player = Player(page)
    player.wait_all_frames()
    return player


def _measure(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"Measure the motion in {name}").click()
    expect(page.locator(".msus-gap-source").first).to_have_text(AS_PROPOSED, timeout=LONG_MS)


def test_an_opened_clip_has_strain_and_a_line_that_follows_its_tissue(
    open_page: OpenPage, tmp_path: Path
) -> None:
    player = _opened(open_page, write_torn_gif(tmp_path / "torn.gif"))
    page, strain = player.page, player.button("Strain along the fascicles")
    expect(strain).to_be_hidden()
    _measure(page, "torn.gif")
    with page.expect_response("**/tissue") as fetched:
        strain.click()
    assert fetched.value.headers["cache-control"] == "no-store"
    address = fetched.value.url
    assert httpx.get(re.sub(r"visits/[^/]+", "visits/" + "x" * 32, address)).status_code == 404
    expect(player.root.get_by_text("since rest (frame")).to_be_visible()
    player.focus()
    page.keyboard.press("6")
    player.button("Line follows the tissue").click()
    expect(player.root.get_by_text("follows the tissue from frame")).to_be_visible()


def test_an_entered_scale_turns_the_numbers_into_mm_without_measuring_again(
    open_page: OpenPage, tmp_path: Path
) -> None:
    player = _opened(open_page, write_torn_gif(tmp_path / "torn.gif"))
    page = player.page
    _measure(page, "torn.gif")
    readout, source = player.root.locator(".msus-gap"), page.locator(".msus-gap-source").first
    expect(readout).to_contain_text(re.compile(r"at peak \d+ ± \d+ px"))
    page.get_by_text("What the files do not say").click()
    peaks = []
    for mm_per_px in ("0.1", "0.2"):
        scale = page.get_by_label("Millimetres per pixel of clip 1")
        scale.fill(mm_per_px)
        scale.press("Enter")
        expect(source).to_have_text(f"{AS_PROPOSED}; {SCALE_BY_YOU}")
        peak = re.compile(r"at peak ([\d.]+) ± [\d.]+ mm")
        if peaks:
            expect(readout).not_to_contain_text(peaks[0][0])
        else:
            expect(readout).to_contain_text(peak)
        found = peak.search(readout.inner_text())
        assert found
        peaks.append((found[0], float(found[1])))
        expect(page.get_by_role("button", name="Measure the motion")).to_have_count(0)
    assert abs(peaks[1][1] - 2 * peaks[0][1]) <= 0.2


def test_the_gap_is_measured_from_the_edges_that_a_visitor_places(
    open_page: OpenPage, tmp_path: Path
) -> None:
    player = _opened(open_page, write_torn_gif(tmp_path / "torn.gif"))
    page = player.page
    place_the_edges(player)
    page.get_by_role("button", name="Measure the gap in torn.gif from the edges that were placed").click()
    expect(page.locator(".msus-gap-source").first).to_have_text(FROM_YOUR_EDGES, timeout=LONG_MS)
    readout = player.root.locator(".msus-gap")
    for part in (r"now \d+ ± \d+ px", r"at rest \d+ ± \d+ px", r"at peak \d+ ± \d+ px"):
        expect(readout).to_contain_text(re.compile(part))
