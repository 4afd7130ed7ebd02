"""The first start: the library shows the case, one click opens it, and it plays. Its picture is the README's."""

from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.golden_picture import assert_like_golden
from tests.browser.player import Player
from tests.browser.waiting import comes_to

TITLE = "A thigh strain that was a complete tear"


def _one_click(page: Page) -> Player:
    card = page.get_by_test_id("stMain").locator(".st-key-card-rectus-femoris-tear")
    expect(card).to_contain_text("SIMULATED", timeout=30_000)
    card.get_by_role("link", name="Compare").click()
    player = Player(page)
    player.wait_first_picture()
    return player


def test_one_click_opens_the_case_on_its_clips_and_it_plays(open_page: OpenPage) -> None:
    page = open_page("/", reduced_motion="no-preference")
    player = _one_click(page)
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    for panel_id in ("static", "rest", "contraction"):
        expect(player.panel(panel_id)).to_have_attribute("data-state", "ready", timeout=30_000)
    player.wait_all_frames()
    contraction = player.panel("contraction")
    before = contraction.get_attribute("data-frame-index")
    expect(contraction).not_to_have_attribute("data-frame-index", before or "")
    rest, static = (player.panel(panel).get_attribute("data-frame-index") for panel in ("rest", "static"))
    expect(contraction).not_to_have_attribute("data-frame-index", before or "")
    assert player.panel("rest").get_attribute("data-frame-index") == rest
    assert player.panel("static").get_attribute("data-frame-index") == static


_INK_OVER_THE_CLIPS_WORDS = """panel => {
  const over = panel.querySelector('[class="msus-overlay"]');
  const [box, picture] = [over, panel.querySelector(".msus-picture")].map((each) => each.getBoundingClientRect());
  const [x, y] = [over.width / box.width, over.height / box.height];
  const words = { left: 8 / 640, top: 3 / 512, width: 284 / 640, height: 21 / 512 };
  const inked = (...area) => over.getContext("2d").getImageData(...area).data
    .reduce((sum, value, at) => sum + Number(at % 4 === 3 && value > 0), 0);
  if (inked(0, 0, over.width, over.height) === 0) return null;
  return inked(
    (picture.left - box.left + words.left * picture.width) * x, (picture.top - box.top + words.top * picture.height) * y,
    words.width * picture.width * x, words.height * picture.height * y);
}"""


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_drawn_over_the_words_that_are_burnt_into_the_clips(
    open_page: OpenPage, width: int
) -> None:
    player = Player(open_page("/compare?case=rectus-femoris-tear", width=width))
    player.wait_all_frames()
    player.focus()
    for layout, panels in (
        ("1", ["rest", "contraction"]),
        ("2", ["rest"]),
    ):  # side by side, and left of a curtain
        player.page.keyboard.press(layout)
        expect(player.page.get_by_role("slider", name="Curtain")).to_have_count(int(layout) - 1)
        player.at_rest()
        for panel in panels:
            ink = comes_to(partial(player.panel(panel).evaluate, _INK_OVER_THE_CLIPS_WORDS), 0)
            assert ink == 0, (layout, panel)


_SLITS_BETWEEN_CELLS = """panel => {
  const sheet = panel.querySelector(".msus-strain");
  if (!sheet || sheet.hidden) return null;
  const { width, height } = sheet;
  const pixels = sheet.getContext("2d").getImageData(0, 0, width, height).data;
  const inked = Array.from({ length: width }, (_, x) => {
    let sum = 0;
    for (let y = 0; y < height; y += 1) sum += pixels[4 * (y * width + x) + 3];
    return sum / height;
  });
  if (Math.max(...inked) < 128) return null;
  return inked.filter((ink, x) => x > 1 && ink < 0.9 * Math.min(inked[x - 2], inked[x + 2] ?? 0)).length;
}"""


def test_strain_at_rest_lies_over_the_picture_without_slits(open_page: OpenPage) -> None:
    player = Player(open_page("/compare?case=rectus-femoris-tear"))
    player.wait_all_frames()
    player.focus()
    player.page.keyboard.press("e")
    assert comes_to(partial(player.panel("rest").evaluate, _SLITS_BETWEEN_CELLS), 0) == 0


def test_the_picture_of_the_readme_is_the_case_at_its_peak(open_page: OpenPage, update_golden: bool) -> None:
    page = open_page("/", width=1440, height=900, color_scheme="dark")
    player = _one_click(page)
    player.wait_all_frames()
    player.focus()
    page.keyboard.press(".")
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")  # the focus went to the player
    expect(player.panel("contraction")).to_contain_text("frame")
    page.evaluate("document.fonts.ready")
    expect(player.panel("contraction").locator(".msus-readout")).not_to_contain_text("frame 1/")
    assert_like_golden(page.screenshot(), "compare", update=update_golden)


def test_the_scan_plane_is_drawn_in_the_static_view_on_request(open_page: OpenPage) -> None:
    page = open_page("/compare?case=rectus-femoris-tear")
    player = Player(page)
    player.wait_first_picture()
    stage = player.panel("static").locator(".msus-stage")
    before = stage.screenshot()
    player.choose_in("Overlays", "Show where the ultrasound plane lies")
    player.focus()
    player.page.keyboard.press("Escape")
    assert comes_to(stage.screenshot, lambda now: now != before) != before


@pytest.mark.parametrize("case_id", ["partial-tear", "haematoma-hides-gap", "probe-slip"])
def test_each_contrast_case_opens_and_shows_its_pictures(open_page: OpenPage, case_id: str) -> None:
    page = open_page(f"/compare?case={case_id}")
    player = Player(page)
    player.wait_all_frames()
    panels = page.locator(".msus-panel")
    expect(panels.first).to_be_visible()
    expect(page.locator(".msus-panel[data-state=ready]")).to_have_count(panels.count())


def test_the_golden_pictures_are_few() -> None:
    assert len(list((Path(__file__).parent / "golden").glob("*.png"))) <= 10
