"""An author of a case of her own: she places the edges of the gap, measures, and keeps chapters for everybody."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import READER
from tests.browser.player import Player
from tests.browser.torn_clips import LONG_MS, place_the_edges, write_torn_case
from tests.running import RunningApp, running_app
from viewer.curves import AS_TRACKED

ADDRESS = "/compare?case=torn&compare="
MEASURED = re.compile(r"The gap opens from \d+\.\d mm to \d+\.\d mm\.")


@pytest.fixture(scope="module")
def torn_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    root = tmp_path_factory.mktemp("torn")
    write_torn_case(root)
    with running_app(tmp_path_factory.mktemp("torn-app"), cases_folder=root) as running:
        yield running


def _page(browser: Browser, app: RunningApp, *, is_author: bool) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 1400}, reduced_motion="reduce")
    context.add_init_script(path=READER)
    if is_author:
        context.request.get(app.author_link)
    yield context.new_page()
    context.close()


@pytest.fixture
def author(browser: Browser, torn_app: RunningApp) -> Iterator[Page]:
    yield from _page(browser, torn_app, is_author=True)


@pytest.fixture
def visitor(browser: Browser, torn_app: RunningApp) -> Iterator[Page]:
    yield from _page(browser, torn_app, is_author=False)


def _opened(page: Page, app: RunningApp, comparison: str = "alone") -> Player:
    page.goto(app.url + ADDRESS + comparison)
    player = Player(page)
    player.wait_all_frames()
    return player


def _hold(page: Page) -> str:
    """Open the editor of chapters and read where the hold begins."""
    page.get_by_text("Set the chapters of the contraction").click()
    asked = page.get_by_role("spinbutton", name="Hold from frame")
    expect(asked).to_be_visible()
    return asked.input_value()


def test_an_author_places_edges_measures_and_keeps_chapters_that_a_visitor_sees(
    author: Page, visitor: Page, torn_app: RunningApp
) -> None:
    player = _opened(author, torn_app)
    expect(author.get_by_text("The gap opens from – mm to – mm.")).to_be_visible()
    expect(author.get_by_text("nobody has measured it in this clip")).to_be_visible()
    place_the_edges(player)
    measure = author.get_by_role(
        "button", name="Measure the gap in Torn muscle from the edges that were placed"
    )
    measure.click()
    readout = player.root.locator(".msus-gap")
    expect(readout.locator(".msus-gap-source").first).to_have_text(AS_TRACKED, timeout=LONG_MS)
    for part in (r"now \d+\.\d ± \d\.\d mm", r"at rest 2\.\d ± \d\.\d mm", r"at peak 6\.\d ± \d\.\d mm"):
        expect(readout).to_contain_text(re.compile(part))
    expect(author.get_by_text(MEASURED)).to_be_visible()
    expect(player.scrubber).to_have_attribute("data-curve", "")
    player.focus()
    author.keyboard.press("6")
    expect(player.root.get_by_text("M-mode of Torn muscle")).to_be_visible()
    player.button("Line follows the tissue").click()
    expect(player.root.get_by_text("follows the tissue from frame")).to_be_visible()

    found = int(_hold(author))
    asked = author.get_by_role("spinbutton", name="Hold from frame")
    asked.fill(str(found + 1))
    author.get_by_role("button", name="Use these chapters").click()
    expect(author.get_by_role("button", name="Take back what I set here")).to_be_visible()
    _opened(visitor, torn_app)
    assert int(_hold(visitor)) == found
    author.get_by_role("button", name="Keep these chapters for everybody").click()
    expect(author.get_by_role("button", name="Take back what I set here")).to_have_count(0)
    expect(asked).to_have_value(str(found + 1))
    visitor.reload()
    Player(visitor).wait_all_frames()
    assert int(_hold(visitor)) == found + 1
    expect(visitor.get_by_role("button", name="Keep these chapters for everybody")).to_have_count(0)
    author.get_by_role("button", name="Go back to the chapters of the case").click()
    expect(asked).to_have_value(str(found))


def test_a_short_axis_clip_says_why_it_is_not_measured(visitor: Page, torn_app: RunningApp) -> None:
    _opened(visitor, torn_app, "short")
    expect(
        visitor.get_by_text("Motion is not measured in Across the muscle: in the short axis")
    ).to_be_visible()
    expect(visitor.get_by_role("button", name="Measure the motion")).to_have_count(0)
