"""What a person sees and does on a page that holds the player."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, TimeoutError, expect

from tests.browser.waiting import comes_to

LOAD_LIMIT_MS = 30_000
REOPENINGS, REOPEN_AFTER_MS = 4, 3_000


@dataclass(frozen=True, slots=True)
class Shown:
    """Frame indices of one panel: the one drawn, read from its pixels, and the one its readout names."""

    drawn: int | None
    named: int


class Player:
    """The one player of a page.

    Parameters
    ----------
    page : Page
        A page that shows it, or is about to.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(".msus-player")
        self.scrubber = page.get_by_role("slider", name=re.compile("^Frame"))

    def wait_first_picture(self) -> None:
        expect(self.root).to_have_attribute("data-ready", "true", timeout=LOAD_LIMIT_MS)

    def wait_all_frames(self) -> None:
        expect(self.root).to_have_attribute("data-all-ready", "true", timeout=LOAD_LIMIT_MS)

    def panel(self, panel_id: str) -> Locator:
        return self.page.locator(f'.msus-panel[data-panel-id="{panel_id}"]')

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=False)

    def choose_in(self, menu: str, name: str) -> None:
        """Open a menu of the toolbar and press one of its buttons."""
        self.button(menu).click()
        self.button(name).click()

    def at_rest(self) -> dict[str, Shown]:
        """Wait until nothing changes any more and read every moving panel from its pixels."""
        found: dict[str, Any] = self.page.evaluate("msusAtRest()")
        return {panel: Shown(values["drawn"], values["named"]) for panel, values in found.items()}

    def decoded(self) -> dict[str, int]:
        found: dict[str, Any] = self.page.evaluate("msusShown()")
        return {panel: values["decoded"] for panel, values in found.items()}

    def focus(self) -> None:
        self.root.focus()

    def expect_all_show(self, frame_index: int) -> None:
        """Assert that every moving panel comes to draw this frame and names it.

        Raises
        ------
        AssertionError
            If a panel goes on to draw or name another one.
        """
        both = Shown(frame_index, frame_index)
        shown = comes_to(self.at_rest, lambda now: bool(now) and set(now.values()) == {both})
        assert shown
        assert set(shown.values()) == {both}, shown

    def expect_shows(self, **frames: int) -> None:
        """Assert that panels come to draw and to name these frames.

        Parameters
        ----------
        **frames : int
            Frame index by panel.

        Raises
        ------
        AssertionError
            If one of them goes on to draw or name another frame.
        """
        expected = {panel: Shown(frame_index, frame_index) for panel, frame_index in frames.items()}

        def read() -> dict[str, Shown]:
            return {panel: value for panel, value in self.at_rest().items() if panel in frames}

        assert comes_to(read, expected) == expected

    def expect_all_agree(self) -> int:
        """Assert that all moving panels come to draw and name the frame of the scrubber, and return it.

        Raises
        ------
        AssertionError
            If one of them goes on to draw or name another frame.
        """

        def read() -> tuple[int, set[Shown]]:
            shown = set(self.at_rest().values())
            return int(self.scrubber.get_attribute("aria-valuenow") or 0) - 1, shown

        frame_index, shown = comes_to(read, lambda now: now[1] == {Shown(now[0], now[0])})
        assert shown == {Shown(frame_index, frame_index)}, frame_index
        return frame_index


def choose_files(page: Page, paths: Sequence[Path] | Path, button: str = "Choose files") -> None:
    """Open files as a person does: press the button, choose, wait until all have been sent and read."""
    rests = times_at_rest(page)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=button).click()
    chooser.value.set_files(paths)
    expect_at_rest(page, rests + 1)
    expect(page.get_by_role("button", name="Close all clips")).to_be_visible(timeout=LOAD_LIMIT_MS)


def choose_option(choice: Locator, name: str) -> None:
    """Take an option of one of Streamlit's lists; a rerun closes the list that was just opened, so it is opened again."""
    option = choice.page.get_by_role("option", name=name)
    for _ in range(REOPENINGS):
        choice.click()
        try:
            return option.click(timeout=REOPEN_AFTER_MS)
        except TimeoutError:
            continue
    return option.click()


def times_at_rest(page: Page) -> int:
    """Count how often the place where files are opened has come to rest."""
    zone = page.locator(".intake")
    expect(zone).to_have_attribute("data-settled", re.compile("[0-9]"), timeout=LOAD_LIMIT_MS)
    return int(zone.get_attribute("data-settled") or "0")


def expect_at_rest(page: Page, times: int) -> None:
    """Wait until everything that was dropped has been sent and read."""
    zone = page.locator(".intake")
    expect(zone).to_have_attribute("data-settled", str(times), timeout=90_000)
    expect(zone).to_have_attribute("data-busy", "false")


def drop_files(page: Page, paths: Sequence[Path]) -> None:
    """Drop files and folders on the page as a person does, with the mouse of the browser itself."""
    zone = page.get_by_text("or drop files")
    zone.scroll_into_view_if_needed()
    place = zone.bounding_box()
    assert place is not None
    browser = page.context.new_cdp_session(page)
    what = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        at = {"x": place["x"] + 5, "y": place["y"] + 5}
        browser.send("Input.dispatchDragEvent", {"type": kind, **at, "data": what})


def line_of(page: Page, name: str) -> Locator:
    """Return the line of the list that stands for a file."""
    return page.locator(".intake-line").filter(has=page.locator(".intake-name", has_text=name))


def expect_drawn(page: Page, panel_id: str, frame_index: int) -> None:
    """Wait until a panel draws this frame of a numbered clip, read from its pixels.

    Raises
    ------
    TimeoutError
        If it never does.
    """
    page.wait_for_function(
        "([panel, index]) => msusShown()[panel]?.drawn === index",
        arg=[panel_id, frame_index],
        timeout=LOAD_LIMIT_MS,
    )
