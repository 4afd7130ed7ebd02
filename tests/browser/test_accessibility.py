"""Everybody can use every page: no serious finding of axe-core, and everything by keyboard alone."""

import re
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.mixed_files import write_rotten
from tests.browser.numbered_cases import FRAMES, NUMBERED
from tests.browser.player import Player, choose_files
from tests.cases.clip_factory import JPEG_BASELINE, write_dicom

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Scheme = Literal["dark", "light"]


def _library(page: Page, _folder: Path) -> None:
    expect(page.get_by_text("Numbered clips", exact=True)).to_be_visible(timeout=30_000)


def _compare(page: Page, _folder: Path) -> None:
    Player(page).wait_first_picture()


def _open_clips(page: Page, folder: Path) -> None:
    bad = folder / "bad.dcm"
    bad.write_bytes(b"")
    rotten = write_rotten(folder / "rotten.dcm")
    choose_files(page, [bad, write_dicom(folder / "good.dcm", NUMBERED, JPEG_BASELINE), rotten])
    Player(page).wait_first_picture()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize(
    ("path", "until_ready"),
    [("/", _library), ("/compare?case=numbered", _compare), ("/open_clips", _open_clips)],
    ids=["library", "compare", "open clips"],
)
def test_axe_finds_nothing_serious(
    open_page: OpenPage, tmp_path: Path, path: str, until_ready: object, scheme: Scheme, width: int
) -> None:
    page = open_page(path, width=width, color_scheme=scheme, bypass_csp=True)
    until_ready(page, tmp_path)  # type: ignore[operator]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    serious = [
        f"{violation['id']}: {node['html'][:160]}"
        for violation in found
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]
    assert not serious, "\n".join(serious)


@pytest.mark.parametrize(
    ("address", "width"),
    [
        ("&compare=side-to-side&beside=dynamic-atrophy.5&beside=dynamic-atrophy.36", 1280),
        ("&compare=small-defect", 390),
    ],
    ids=["two frames side by side with a menu", "numbers with their legend"],
)
def test_axe_finds_nothing_serious_where_marks_are_shown(
    open_page: OpenPage, address: str, width: int
) -> None:
    page = open_page(f"/compare?case=rectus-femoris-tear{address}", width=width, bypass_csp=True)
    player = Player(page)
    player.wait_first_picture()
    player.focus()
    if width > 640:
        player.button("Save, copy, export").click()
        expect(player.button("Copy the comparison")).to_be_visible()
    else:
        page.keyboard.press("h")
        expect(player.panel("contraction").locator(".msus-legend-marks > li").first).to_be_visible()
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    assert not [each["id"] for each in found if each["impact"] in {"serious", "critical"}], found


@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_no_page_has_to_be_moved_sideways(open_page: OpenPage, width: int) -> None:
    page = open_page("/compare?case=numbered", width=width)
    Player(page).wait_first_picture()
    overflow = page.evaluate(
        "Math.max(...[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(element => element.scrollWidth - element.clientWidth))"
    )
    assert overflow <= 0


@pytest.mark.parametrize("compare", ["small-defect", "side-to-side"])
def test_the_toolbar_is_one_row_and_its_menus_open_and_close_by_keyboard(
    open_page: OpenPage, compare: str
) -> None:
    player = Player(open_page(f"/compare?case=rectus-femoris-tear&compare={compare}"))
    player.wait_first_picture()
    groups = player.root.locator(".msus-toolbar > .msus-group:visible")
    assert len(set(groups.evaluate_all("each => each.map(one => one.getBoundingClientRect().top)"))) == 1
    menu = player.button("Save, copy, export")
    menu.focus()
    player.page.keyboard.press("Enter")
    expect(menu).to_have_attribute("aria-expanded", "true")
    player.page.keyboard.press("Tab")
    expect(player.button("Save the chosen picture")).to_be_focused()
    player.page.keyboard.press("Escape")
    expect(menu).to_have_attribute("aria-expanded", "false")
    expect(menu).to_be_focused()


def test_a_case_is_opened_stepped_pinned_and_measured_by_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page("/")
    expect(page.get_by_text("Numbered clips", exact=True)).to_be_visible(timeout=30_000)
    link = page.locator(".st-key-card-numbered").get_by_role("link", name="Compare")
    _tab_to(page, link.element_handle())
    page.keyboard.press("Enter")
    player = Player(page)
    player.wait_all_frames()
    _tab_to(page, player.root.element_handle())
    page.keyboard.press("End")
    player.expect_all_show(FRAMES - 1)
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    player.expect_all_show(1)
    page.keyboard.press("p")
    page.keyboard.press("ArrowRight")
    shown = player.at_rest()
    assert sorted(value.drawn or 0 for value in shown.values()) == [1, 2]
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_no_key_leaks_out_of_the_player(open_page: OpenPage) -> None:
    page = open_page("/compare?case=numbered")
    player = Player(page)
    player.wait_first_picture()
    page.evaluate("window.leaked = []; document.addEventListener('keydown', event => leaked.push(event.key))")
    player.focus()
    for key in ("ArrowRight", " ", "r", "c", "h", "h", "?", "Escape"):
        page.keyboard.press(key)
    assert page.evaluate("leaked") == []


def test_the_readout_is_spoken_when_the_player_has_come_to_rest(open_page: OpenPage) -> None:
    player = Player(open_page("/compare?case=numbered"))
    player.wait_all_frames()
    player.focus()
    player.page.keyboard.press("End")
    expect(player.root.get_by_role("status").first).to_contain_text(re.compile(rf"{FRAMES}"))


def _tab_to(page: Page, wanted: object) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(
            "wanted => { let at = document.activeElement;"
            "while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement; return at === wanted; }",
            wanted,
        ):
            return
    raise AssertionError("it cannot be reached with the Tab key")
