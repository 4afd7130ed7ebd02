"""What bundled clips get from their motion, opened clips get too: map, scale, edges of one's own, chapters."""

import re
from functools import partial
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect
from pydicom import dcmread
from pydicom.encaps import encapsulate, generate_frames

from cases.settings import BUNDLED_CASES_FOLDER
from tests.browser.conftest import OpenPage
from tests.browser.player import Player, choose_files
from tests.browser.torn_clips import LONG_MS, place_the_edges, write_torn_gif
from tests.browser.waiting import comes_to
from viewer.curves import AS_PROPOSED
from viewer.measure_offer import OWN_EDGES
from viewer.visit_motion import FROM_YOUR_EDGES, SCALE_BY_YOU

PEAK = re.compile(r"at peak ([\d.]+) ± [\d.]+ mm")


def _opened(open_page: OpenPage, path: Path) -> Player:
    page = open_page("/open_clips", height=1300)
    choose_files(page, path)
    player = Player(page)
    player.wait_all_frames()
    return player


def test_an_opened_clip_is_measured_beside_the_player_and_gets_what_bundled_clips_get(
    open_page: OpenPage, tmp_path: Path
) -> None:
    player = _opened(open_page, write_torn_gif(tmp_path / "torn.gif"))
    page = player.page
    expect(player.button("Overlays")).to_be_hidden()
    page.get_by_role("button", name="Measure the motion in torn.gif").click()
    expect(page.get_by_role("button", name="Measure the motion in torn.gif")).to_have_count(0)
    expect(page.locator(".msus-panel")).to_have_count(1)
    expect(page.locator(".msus-gap-source").first).to_have_text(AS_PROPOSED, timeout=LONG_MS)
    expect(page.get_by_text(OWN_EDGES)).to_be_visible()
    _expect_map(player)
    _expect_scale(player)
    _expect_chapters(page)


def _expect_map(player: Player) -> None:
    """Draw the strain and a line that follows the tissue; the map is served to this visit alone, and never cached."""
    with player.page.expect_response("**/tissue") as fetched:
        player.choose_in("Overlays", "Strain along the fascicles")
    assert fetched.value.headers["cache-control"] == "no-store"
    of_another = re.sub(r"visits/[^/]+", "visits/" + "x" * 32, fetched.value.url)
    assert httpx.get(of_another).status_code == httpx.codes.NOT_FOUND
    expect(player.root.get_by_text("since rest (frame")).to_be_visible()
    player.focus()
    player.page.keyboard.press("6")
    player.button("Line follows the tissue").click()
    expect(player.root.get_by_text("follows the tissue from frame")).to_be_visible()


def _expect_scale(player: Player) -> None:
    """Enter one scale and another: the numbers follow, and nothing is measured again."""
    page, readout = player.page, player.root.locator(".msus-gap")
    expect(readout).to_contain_text(re.compile(r"at peak [\d.]+ ± [\d.]+ px"))
    page.get_by_text("What the files do not say").click()
    first_mm, second_mm = [_peak_with_scale(page, mm_per_px) for mm_per_px in (0.1, 0.2)]
    assert second_mm == pytest.approx(2 * first_mm, abs=0.2)


def _peak_with_scale(page: Page, mm_per_px: float) -> float:
    """Enter a scale and return the gap at its peak once it has followed."""
    readout, scale = page.locator(".msus-gap"), page.get_by_label("Millimetres per pixel of clip 1")
    before = PEAK.search(readout.inner_text())
    scale.fill(str(mm_per_px))
    scale.press("Enter")
    text = comes_to(readout.inner_text, lambda now: (peak := PEAK.search(now)) is not None and peak[0] != str(before and before[0]))  # fmt: skip
    peak = PEAK.search(text)
    assert peak is not None, text
    expect(readout.locator(".msus-gap-source").first).to_have_text(f"{AS_PROPOSED}; {SCALE_BY_YOU}")
    expect(page.get_by_role("button", name="Measure the motion")).to_have_count(0)
    return float(peak[1])


def _expect_chapters(page: Page) -> None:
    """Set the hold by its number, and take it back."""
    page.get_by_text("Set the chapters of the contraction").click()
    hold = page.get_by_role("spinbutton", name="Hold from frame")
    expect(hold).to_be_visible()
    found = int(hold.input_value())
    hold.fill(str(found + 1))
    page.get_by_role("button", name="Use these chapters").click()
    expect(page.get_by_role("button", name="Take back what I set here")).to_be_visible()
    expect(hold).to_have_value(str(found + 1))
    page.get_by_role("button", name="Take back what I set here").click()
    expect(hold).to_have_value(str(found))


def test_the_gap_is_measured_from_the_edges_that_a_visitor_places(
    open_page: OpenPage, tmp_path: Path
) -> None:
    player = _opened(open_page, write_torn_gif(tmp_path / "torn.gif"))
    page = player.page
    place_the_edges(player)
    page.get_by_role("button", name="Measure the gap in torn.gif from the edges that were placed").click()
    expect(page.locator(".msus-gap-source").first).to_have_text(FROM_YOUR_EDGES, timeout=LONG_MS)
    expect(page.get_by_text(OWN_EDGES)).to_have_count(0)
    readout = player.root.locator(".msus-gap")
    for part in (r"now [\d.]+ ± [\d.]+ px", r"at rest [\d.]+ ± [\d.]+ px", r"at peak [\d.]+ ± [\d.]+ px"):
        expect(readout).to_contain_text(re.compile(part))


def _write_frozen_clip(path: Path) -> Path:
    """Write the first frame of a bundled clip thirty times, as a machine that was frozen gives it."""
    dataset = dcmread(BUNDLED_CASES_FOLDER / "rectus-femoris-tear" / "long-axis-defect.dcm")
    first = next(generate_frames(dataset.PixelData, number_of_frames=int(dataset.NumberOfFrames)))
    dataset.PixelData, dataset.NumberOfFrames = encapsulate([first] * 30), 30
    dataset.save_as(path)
    return path


_INK = "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean)"


def test_a_frozen_clip_says_that_nothing_contracts_and_plots_only_what_is_known(
    open_page: OpenPage, tmp_path: Path
) -> None:
    player = _opened(open_page, _write_frozen_clip(tmp_path / "frozen.dcm"))
    page = player.page
    page.get_by_role("button", name="Measure the motion in frozen.dcm").click()
    expect(page.get_by_text("No contraction was found").first).to_be_visible(timeout=LONG_MS)
    player.root.get_by_role("combobox").select_option(label="Thickness")
    expect(player.root.locator(".msus-second")).to_contain_text(re.compile(r"Thickness now [\d.]+ mm"))
    numbers = player.root.locator("canvas.msus-numbers")  # the axis of a gap, which nobody measured
    assert comes_to(partial(numbers.evaluate, _INK), False) is False
    page.get_by_text("Set the chapters of the contraction").click()
    expect(page.get_by_role("button", name="Use these chapters")).to_be_visible()
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(0)
    expect(page.locator("body")).not_to_contain_text("NaN")
