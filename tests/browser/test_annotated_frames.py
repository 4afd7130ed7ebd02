"""The marks of a case are drawn where its documents say, and its annotated frames are one click away."""

import itertools
import math
import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from annotations.layers import bundled_documents
from annotations.mark import Kind, Mark
from annotations.part import PointPx
from tests.browser.conftest import OpenPage
from tests.browser.player import Player
from tests.browser.waiting import comes_to

CASE = "rectus-femoris-tear"
CLIP = "long-axis-defect"
SIZE = (640, 512)
NEAR_PX = 3.5  # a line is 2 px wide between its outlines, and other marks may cross it
# Nearest pixel of the marks canvas that is about this colour, in image pixels from a place, None where there is none.
NEAREST = """([panel, x, y, colour, columns, rows]) => {
  const find = (root) => root.querySelector(`.msus-panel[data-panel-id="${panel}"]`)
    ?? [...root.querySelectorAll("*")].map((each) => each.shadowRoot && find(each.shadowRoot)).find(Boolean);
  const own = find(document);
  const marks = own.querySelector("canvas.msus-marks");
  if (marks.hidden) return null;
  const picture = own.querySelector("canvas.msus-picture").getBoundingClientRect();
  const box = marks.getBoundingClientRect();
  const flip = new DOMMatrix(getComputedStyle(own.querySelector("canvas.msus-picture")).transform).a < 0;
  const across = flip ? columns - x : x;
  const ratio = marks.width / box.width;
  const at = [(picture.left - box.left + across * picture.width / columns) * ratio, (picture.top - box.top + y * picture.height / rows) * ratio];
  const { data, width, height } = marks.getContext("2d").getImageData(0, 0, marks.width, marks.height);
  let best = Infinity;
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const i = 4 * (row * width + column);
      if (data[i + 3] < 200 || colour.some((value, k) => Math.abs(data[i + k] - value) > 24)) continue;
      best = Math.min(best, Math.hypot(column + 0.5 - at[0], row + 0.5 - at[1]));
    }
  }
  return best === Infinity ? null : best / ratio;
}"""


def _opened(open_page: OpenPage, **options: Any) -> Player:
    player = Player(open_page(f"/compare?case={CASE}", **options))
    player.wait_all_frames()
    player.focus()
    player.page.keyboard.press("h")  # marks are off until somebody asks for them
    return player


def _go_to(player: Player, frame_index: int) -> None:
    player.page.keyboard.press("Home")
    for _ in range(frame_index // 10):
        player.page.keyboard.press("Shift+ArrowRight")
    for _ in range(frame_index % 10):
        player.page.keyboard.press("ArrowRight")
    _expect_frame(player, frame_index)


def _expect_frame(player: Player, frame_index: int) -> None:
    expect(player.panel("contraction")).to_have_attribute("data-frame-index", str(frame_index))


def _distance(page: Page, point: tuple[float, float], colour: tuple[int, int, int]) -> float | None:
    found: float | None = page.evaluate(NEAREST, ["contraction", *point, list(colour), *SIZE])
    return found


def _expect_near(page: Page, point: tuple[float, float], colour: tuple[int, int, int]) -> None:
    """Assert that something of a colour comes to be drawn at a point of the contraction."""
    distance = comes_to(lambda: _distance(page, point, colour), lambda far: far is not None and far < NEAR_PX)
    assert distance is not None
    assert distance < NEAR_PX


def _gap() -> Mark:
    (document,) = bundled_documents(CASE)
    (gap,) = (mark for mark in document.marks_of(CLIP) if mark.kind == Kind.CALIPER)
    return gap


def _gap_ends(frame_index: int) -> tuple[PointPx, PointPx]:
    seen = _gap().sighting(frame_index)
    assert seen is not None
    one, other = seen.points_px
    return one, other


def _gap_end(frame_index: int) -> tuple[PointPx, tuple[int, int, int]]:
    """Return the first end of the gap's caliper on a frame, and its colour."""
    return _gap_ends(frame_index)[0], _gap().style.colour.rgb


@pytest.mark.parametrize("frame_index", [5, 33])
def test_a_mark_is_drawn_where_its_document_says(open_page: OpenPage, frame_index: int) -> None:
    player = _opened(open_page)
    _go_to(player, frame_index)
    player.page.keyboard.press("t")  # labels could lie over it
    expect(player.button("List of marks")).to_be_hidden()
    _expect_near(player.page, *_gap_end(frame_index))


def test_a_mark_moves_with_the_tissue_and_flips_with_the_picture(open_page: OpenPage) -> None:
    player = _opened(open_page)
    _go_to(player, 5)
    player.page.keyboard.press("t")  # a label has the colour of its mark
    expect(player.button("List of marks")).to_be_hidden()
    far = comes_to(lambda: _distance(player.page, *_gap_end(33)), lambda far: far is not None)
    assert far is not None
    assert far > 2 * NEAR_PX
    _go_to(player, 33)
    player.page.keyboard.press("f")
    expect(player.panel("contraction").locator("canvas.msus-picture")).to_have_attribute(
        "style", re.compile(r"matrix\(-")
    )
    _expect_near(player.page, *_gap_end(33))


def _switch(player: Player, name: str) -> None:
    sheet = player.page.locator(".msus-mark-sheet")
    player.button("List of marks").click()
    sheet.get_by_role("checkbox", name=name, exact=True).click()
    player.button("List of marks").click()
    player.focus()


def test_the_picture_is_looked_at_first_its_marks_are_off_until_asked_for(open_page: OpenPage) -> None:
    player = Player(open_page(f"/compare?case={CASE}"))
    player.wait_all_frames()
    drawn = "each => each.getContext('2d').getImageData(0, 0, each.width, each.height).data.some(value => value > 0)"
    canvas = player.panel("contraction").locator("canvas.msus-marks")
    assert not canvas.evaluate(drawn)
    player.focus()
    player.page.keyboard.press("h")
    player.page.wait_for_function(drawn, arg=canvas.element_handle())


def test_h_hides_the_marks_and_shows_them_again(open_page: OpenPage) -> None:
    player = _opened(open_page)
    canvas = player.panel("contraction").locator("canvas.msus-marks")
    expect(canvas).to_be_visible()
    player.page.keyboard.press("h")
    expect(canvas).to_be_hidden()
    player.page.keyboard.press("h")
    expect(canvas).to_be_visible()


def test_one_mark_is_switched_off_in_the_list(open_page: OpenPage) -> None:
    player = _opened(open_page)
    _go_to(player, 33)
    end, colour = _gap_end(33)
    _switch(player, "Gap")
    away = comes_to(lambda: _distance(player.page, end, colour), lambda far: far is None or far > NEAR_PX)
    assert away is None or away > NEAR_PX
    _switch(player, "Gap")
    _expect_near(player.page, end, colour)


def test_a_click_on_the_filmstrip_goes_to_the_frame(open_page: OpenPage) -> None:
    player = _opened(open_page)
    (document,) = bundled_documents(CASE)
    film = player.root.get_by_role("region", name="Annotated frames")
    stops = document.frames_of(CLIP)
    assert len(stops) >= 3
    box = film.bounding_box()
    expect(film.get_by_role("button", name=re.compile("frame \\d+ of"))).to_have_count(len(stops))
    for stop in stops:
        button = film.get_by_role("button", name=stop.title)
        expect(button).to_have_accessible_name(re.compile(re.escape(stop.text_alternative)))
        button.click()
        _expect_frame(player, stop.frame_index)
        expect(button).to_have_attribute("aria-current", "true")
        expect(film.locator(".msus-film-text > [data-on]")).to_have_text(stop.text_alternative)
        assert (film.bounding_box() or {}).get("height") == (box or {}).get("height")


def test_the_filmstrip_is_reached_by_keyboard_and_its_thumbnails_show_the_picture(
    open_page: OpenPage,
) -> None:
    player = _opened(open_page)
    stop = player.root.locator(".msus-film-stop").nth(2)
    stop.focus()
    player.page.keyboard.press("Enter")
    _expect_frame(player, bundled_documents(CASE)[0].frames_of(CLIP)[2].frame_index)
    bright = """(each) => each.getContext("2d").getImageData(0, 0, each.width, each.height).data.filter((v, i) => i % 4 < 3 && v > 60).length"""
    thumb = stop.locator("canvas")
    player.page.wait_for_function(f"(each) => ({bright})(each) > 5000", arg=thumb.element_handle())


def test_nothing_moves_when_the_thumbnails_come(open_page: OpenPage) -> None:
    page = open_page(f"/compare?case={CASE}")
    player = Player(page)
    player.wait_first_picture()
    film = player.root.locator(".msus-film")
    before = film.bounding_box()
    player.wait_all_frames()
    page.wait_for_timeout(500)
    after = film.bounding_box()
    assert before is not None
    assert after is not None
    assert before["height"] == after["height"]


def test_a_case_without_documents_shows_neither_marks_nor_filmstrip(open_page: OpenPage) -> None:
    player = Player(open_page("/compare?case=numbered"))
    player.wait_first_picture()
    expect(player.root.locator(".msus-film")).to_be_hidden()
    expect(player.panel("contraction").locator("canvas.msus-marks")).to_be_hidden()


def test_the_page_with_marks_fits_a_phone(open_page: OpenPage) -> None:
    player = _opened(open_page, width=390, height=844)
    wide = player.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    expect(player.root.locator(".msus-film-stop").first).to_be_attached()


def test_two_annotated_frames_stand_side_by_side_and_one_key_goes_back(open_page: OpenPage) -> None:
    player = _opened(open_page)
    rest, _, peak, *_ = bundled_documents(CASE)[0].frames_of(CLIP)
    film = player.root.get_by_role("region", name="Annotated frames")
    film.get_by_role("button", name=f"Put frame {rest.frame_index + 1} beside another").click()
    film.get_by_role("button", name=f"Put frame {peak.frame_index + 1} beside another").focus()
    player.page.keyboard.press("Enter")
    expect(player.panel("rest")).to_have_attribute("data-frame-index", str(rest.frame_index))
    expect(player.panel("contraction")).to_have_attribute("data-frame-index", str(peak.frame_index))
    expect(player.panel("static")).to_be_hidden()
    player.focus()
    player.page.keyboard.press("v")
    expect(player.panel("static")).to_be_visible()
    _expect_frame(player, 0)


def test_two_frames_of_a_clip_with_one_panel_stand_side_by_side_and_have_an_address(
    open_page: OpenPage,
) -> None:
    player = Player(open_page(f"/compare?case={CASE}&compare=side-to-side"))
    player.wait_all_frames()
    rest, peak = bundled_documents(CASE)[0].frames_of("dynamic-atrophy")
    film = player.root.get_by_role("region", name="Annotated frames")
    for frame in (rest, peak):
        film.get_by_role("button", name=f"Put frame {frame.frame_index + 1} beside another").click()
    _expect_beside(player, rest.frame_index, peak.frame_index)
    expect(film.locator(".msus-film-text > [data-on]")).to_have_text(
        [rest.text_alternative, peak.text_alternative]
    )
    expect(player.page).to_have_url(re.compile(r"&beside=dynamic-atrophy\.\d+&beside=dynamic-atrophy\.\d+$"))
    again = Player(open_page(player.page.url.removeprefix(player.page.url.split("/compare")[0])))
    _expect_beside(again, rest.frame_index, peak.frame_index)
    again.focus()
    again.page.keyboard.press("v")
    expect(again.panel("rest")).to_be_visible()
    expect(again.panel("beside:1:dynamic-atrophy")).to_be_hidden()
    expect(again.page).to_have_url(re.compile(r"frame=\d+$"))


def _expect_beside(player: Player, left: int, right: int) -> None:
    expect(player.panel("contraction")).to_have_attribute("data-frame-index", str(left), timeout=30_000)
    expect(player.panel("beside:1:dynamic-atrophy")).to_have_attribute("data-frame-index", str(right))
    expect(player.panel("rest")).to_be_hidden()


def test_in_full_screen_strip_and_list_are_one_button_away(open_page: OpenPage) -> None:
    player = _opened(open_page)
    player.button("Full screen").click()
    expect(player.root).to_have_attribute("data-full", "")
    stop = player.root.locator(".msus-film-stop").first
    expect(stop).to_be_hidden()
    player.root.get_by_role("button", name="Annotated frames", exact=True).click()
    expect(stop).to_be_visible()
    player.button("List of marks").click()
    expect(player.root.locator(".msus-mark-sheet")).to_be_in_viewport()


def test_the_list_of_marks_is_seen_whole_where_it_opens(open_page: OpenPage) -> None:
    player = _opened(open_page, height=800)
    button = player.button("List of marks")
    button.evaluate("each => each.scrollIntoView({ block: 'start' })")
    button.click()
    sheet = player.root.locator(".msus-mark-sheet")
    expect(sheet).to_be_in_viewport(ratio=1)
    header_px = 60
    assert comes_to(lambda: (sheet.bounding_box() or {"y": 0})["y"] >= header_px, True)


def test_lines_of_the_list_of_marks_do_not_overlap_under_a_finger(open_page: OpenPage) -> None:
    player = _opened(open_page, width=390, height=844, has_touch=True)
    player.button("List of marks").click()
    expect(player.root.locator(".msus-mark-sheet")).to_be_in_viewport()
    lines = player.root.locator(".msus-mark-row label")
    boxes = [box for line in lines.all() if (box := line.bounding_box()) is not None]
    assert len(boxes) > 8
    for above, below in itertools.pairwise(boxes):
        assert above["height"] >= 44
        assert above["y"] + above["height"] <= below["y"] + 0.5


def test_in_a_small_picture_marks_have_numbers_and_every_word_stands_below(open_page: OpenPage) -> None:
    player = _opened(open_page, width=390, height=844)
    words = player.panel("contraction").locator(".msus-legend-marks > li")
    (document,) = bundled_documents(CASE)
    said = [re.compile(f"^{re.escape(mark.label)}") for mark in document.marks_of(CLIP)]
    expect(words).to_have_text(said)
    player.page.keyboard.press("h")
    expect(words.first).to_be_hidden()


def test_the_legend_says_what_the_gap_measures_on_the_frame_with_its_uncertainty(open_page: OpenPage) -> None:
    player = _opened(open_page, width=390, height=844)
    gap = player.panel("contraction").locator(".msus-legend-marks > li").filter(has_text=re.compile("^Gap"))
    said_mm, drawn_px = {}, {}
    for frame_index in (5, 33):
        _go_to(player, frame_index)
        expect(gap).to_have_text(re.compile(r"^Gap\d+\.\d mm ± 0\.\d mm$"))
        wide_mm = lambda: float(gap.inner_text().removeprefix("Gap").split(" mm")[0])  # noqa: E731
        said_mm[frame_index] = comes_to(wide_mm, lambda wide: wide not in said_mm.values())
        drawn_px[frame_index] = math.dist(*_gap_ends(frame_index))
    assert said_mm[33] / said_mm[5] == pytest.approx(drawn_px[33] / drawn_px[5], rel=0.02)


# Whether the left margin of the marks canvas holds labels, as their dark grounds, and which pixels these are.
MARGIN = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, Math.round(canvas.width * 0.02), canvas.height);
  const dark = []; for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 150) dark.push(at);
  return dark.length < 200 ? null : dark.join();
}"""


def test_three_panels_keep_the_words_of_their_marks_and_the_labels_stand_still(open_page: OpenPage) -> None:
    player = _opened(open_page)
    _go_to(player, 33)
    canvas = player.panel("contraction").locator("canvas.msus-marks")
    player.page.wait_for_function(MARGIN, arg=canvas.element_handle())
    expect(player.panel("contraction").locator(".msus-legend-marks")).to_be_hidden()
    before = canvas.evaluate(MARGIN)
    player.page.keyboard.press("ArrowRight")
    _expect_frame(player, 34)
    player.page.wait_for_function(f"(canvas) => ({MARGIN})(canvas) !== null", arg=canvas.element_handle())
    assert canvas.evaluate(MARGIN) == before


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe_finds_nothing_serious_in_strip_and_list(open_page: OpenPage, scheme: str) -> None:
    player = _opened(open_page, color_scheme=scheme, bypass_csp=True)
    player.button("List of marks").click()
    options = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}
    found = Axe().run(player.page, options=options).response["violations"]
    serious = [violation["id"] for violation in found if violation["impact"] in {"serious", "critical"}]
    assert not serious, found
