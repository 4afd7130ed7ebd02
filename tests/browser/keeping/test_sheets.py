"""The sheets of an author: the history of a mark, what was changed in two places, and what was refused."""

import json
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.keeping.author import (
    CASE,
    KEEP,
    LAYERS,
    LIMIT_MS,
    OpenTab,
    bar,
    expect_said,
    history,
    labels,
    stroke,
)
from tests.browser.waiting import comes_to
from tests.running import RunningApp


def _in_conflict(page: Page, server: httpx.Client, item: str) -> None:
    first = stroke(item, "Gap")
    page.evaluate(KEEP, [first])
    expect_said(page, "Saved")
    comes_to(lambda: history(server, item), [first["id"]])
    theirs = stroke(item, "Gap elsewhere", first["id"], x_px=300)
    server.post(f"/api/cases/{CASE}/gestures", json=theirs).raise_for_status()
    page.evaluate(KEEP, [stroke(item, "Gap here", first["id"])])
    expect_said(page, "Changed elsewhere: both kept")


def test_what_was_changed_in_two_places_is_looked_at_and_settled(
    open_tab: OpenTab, server: httpx.Client, item: str
) -> None:
    page = open_tab()
    _in_conflict(page, server, item)
    bar(page).get_by_role("button", name="Look at both versions").click()
    sheet = page.get_by_role("dialog", name="Changed elsewhere: both kept")
    expect(sheet.get_by_role("listitem")).to_have_count(2)
    expect(sheet.get_by_role("img", name="frame 4")).to_have_count(2)
    sheet.get_by_role("listitem").filter(has_text="Gap elsewhere").get_by_role("button").click()
    expect(sheet).to_be_hidden()
    expect_said(page, "Saved")
    assert comes_to(lambda: labels(page, item), ["Gap elsewhere"]) == ["Gap elsewhere"]
    assert len(history(server, item)) == 4


def test_both_versions_can_stay_as_two_marks(open_tab: OpenTab, server: httpx.Client, item: str) -> None:
    page = open_tab()
    _in_conflict(page, server, item)
    bar(page).get_by_role("button", name="Look at both versions").click()
    page.get_by_role("button", name="Keep both").click()
    expect_said(page, "Saved")

    def kept() -> set[str]:
        return {label for name, label in page.evaluate(LAYERS) if name.startswith(item)}

    assert comes_to(kept, {"Gap here", "Gap elsewhere"}) == {"Gap here", "Gap elsewhere"}


def test_the_history_of_a_mark_shows_every_revision_and_brings_any_back(
    open_tab: OpenTab, server: httpx.Client, item: str
) -> None:
    page = open_tab()
    page.evaluate(KEEP, [stroke(item, "Gap"), stroke(item, "Gap, moved", x_px=250)])
    expect_said(page, "Saved")
    bar(page).get_by_role("button", name="History of marks").click()
    sheet = page.get_by_role("dialog", name="History of marks")
    sheet.get_by_label("Mark", exact=True).select_option(f"teacher/{item}")
    rows = sheet.get_by_role("listitem")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("moved, renamed")
    expect(rows.first).to_contain_text("A. Teacher")
    expect(rows.first).to_contain_text("as it is now")
    page.evaluate("localStorage.setItem('msus-author-name', 'B. Restorer')")
    rows.last.get_by_role("button", name="Restore").click()
    expect(rows).to_have_count(3)
    expect(sheet.get_by_role("status")).to_contain_text("Restored")
    expect(rows.first).to_contain_text("B. Restorer")
    assert comes_to(lambda: labels(page, item), ["Gap"]) == ["Gap"]
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    after = stroke(item, "after")
    page.evaluate(KEEP, [after])
    assert comes_to(lambda: history(server, item)[-1], after["id"]) == after["id"]
    assert not server.get(f"/api/cases/{CASE}/layers").json()["layers"][0]["changed_elsewhere"].get(item)


def test_what_the_server_refuses_is_shown_taken_along_and_given_up_only_when_asked(
    open_tab: OpenTab, server: httpx.Client, item: str
) -> None:
    page = open_tab()
    bad = stroke(item, "On no clip")
    bad["content"]["clip"] = "absent"
    good = stroke(item, "Good")
    page.evaluate(KEEP, [bad, good])
    expect_said(page, "has no clip “absent”")
    assert comes_to(lambda: history(server, item), [good["id"]]) == [good["id"]]
    page.reload()
    expect_said(page, "has no clip “absent”")
    bar(page).get_by_role("button", name="What is not on the server yet").click()
    sheet = page.get_by_role("dialog", name="Not on the server yet")
    with page.expect_download() as download:
        sheet.get_by_role("button", name="Download all as JSON").click()
    (taken,) = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert (taken["id"], taken["content"]["label"]) == (bad["id"], "On no clip")
    give_up = sheet.get_by_role("button", name="Give up the change of On no clip")
    give_up.click()
    expect(give_up).to_have_text("Really give up?")
    give_up.click()
    expect(sheet).to_be_hidden()
    expect_said(page, "Saved")


def _wider_than_its_room(page: Page) -> int:
    sheet = page.locator("dialog[open] .msus-revisions")
    return comes_to(lambda: int(sheet.evaluate("it => it.scrollWidth - it.clientWidth")), 0)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe_finds_nothing_serious_in_the_bar_and_its_sheets(
    browser: Browser, app: RunningApp, server: httpx.Client, item: str, scheme: Any
) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce"
    )
    context.request.get(app.author_link)
    page = context.new_page()
    page.goto(f"{app.url}/compare?case={CASE}")
    expect(bar(page)).to_be_visible(timeout=LIMIT_MS)
    _in_conflict(page, server, item)
    for button in ("Look at both versions", "History of marks"):
        bar(page).get_by_role("button", name=button).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        expect(page.get_by_role("dialog").get_by_role("listitem").first).to_be_visible()
        assert _wider_than_its_room(page) == 0
        found = Axe().run(page).response["violations"]
        serious = [each["id"] for each in found if each["impact"] in {"serious", "critical"}]
        assert not serious, found
        page.keyboard.press("Escape")
    context.close()
