"""What an author draws is kept: over reloads, without the network, in two tabs, and by authors alone."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from tests.browser.player import Player
from tests.browser.waiting import comes_to
from tests.running import RunningApp, free_port, start_app, stop_app

CASE = "numbered"
LIMIT_MS = 30_000
GESTURES = "**/gestures"
# What the drawing tools do at the end of a stroke, by the same door.
KEEP = """async (gestures) => {
  const { openKeeping } = await import("/_stcore/bidi-components/viewer.player/keeping/keeping.js");
  const keeping = globalThis.msusKeeping ??= openKeeping({ case_id: "numbered" });
  await keeping.ready;
  for (const gesture of gestures) keeping.keep(gesture);
}"""
LAYERS = """async () => {
  const { openKeeping } = await import("/_stcore/bidi-components/viewer.player/keeping/keeping.js");
  const keeping = globalThis.msusKeeping ??= openKeeping({ case_id: "numbered" });
  await keeping.ready;
  return keeping.layers().flatMap(({ document }) => document.marks.map(({ id, label }) => [id, label]));
}"""
OpenTab = Callable[[], Page]


def _gesture(item: str, label: str, *bases: str, x_px: float = 100.0) -> dict[str, Any]:
    points = [[x_px, 200.0], [x_px + 200.0, 260.0]]
    content = {
        "id": item,
        "clip": "contraction",
        "kind": "caliper",
        "label": label,
        "style": {"colour": "yellow", "line": "solid"},
        "place": {"on": "frame", "frame_index": 3, "points_px": points},
    }
    said = {"id": str(uuid4()), "case": CASE, "layer": "teacher", "item": item, "kind": "mark"}
    return {**said, "bases": list(bases), "author": "A. Teacher", "content": content}


@pytest.fixture
def item(server: httpx.Client) -> Iterator[str]:
    """Return a name that no other test uses; what was changed in two places is settled at the end."""
    name = f"mark-{uuid4().hex[:8]}"
    yield name
    for layer in server.get(f"/api/cases/{CASE}/layers").json()["layers"]:
        heads = layer["heads"].get(name, [])
        if len(heads) > 1:
            server.post(f"/api/cases/{CASE}/gestures", json=_gesture(name, "settled", *heads))


@pytest.fixture
def context(browser: Browser, app: RunningApp) -> Iterator[BrowserContext]:
    """Return a browser that came by the author link."""
    opened = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    opened.request.get(app.author_link)
    yield opened
    opened.close()


@pytest.fixture
def open_tab(context: BrowserContext, app: RunningApp) -> OpenTab:
    def open_() -> Page:
        page = context.new_page()
        page.goto(f"{app.url}/compare?case={CASE}")
        Player(page).wait_first_picture()
        expect(_bar(page)).to_be_visible()
        return page

    return open_


@pytest.fixture
def server(app: RunningApp) -> Iterator[httpx.Client]:
    """Return an author who asks the server itself."""
    with httpx.Client(base_url=app.url, timeout=60, headers={"Origin": app.url}) as client:
        client.get(app.author_link)
        yield client


def _bar(page: Page) -> Locator:
    return page.get_by_role("group", name="How your marks are kept")


def _expect_said(page: Page, text: str) -> None:
    expect(_bar(page)).to_contain_text(text, timeout=LIMIT_MS)


def _history(server: httpx.Client, item: str) -> list[str]:
    answer = server.get(f"/api/cases/{CASE}/history/teacher/{item}").json()
    return [revision["id"] for revision in answer["revisions"]]


def _labels(page: Page, item: str) -> list[str]:
    return [label for name, label in page.evaluate(LAYERS) if name == item]


def test_a_stroke_is_kept_and_said_to_be(open_tab: OpenTab, server: httpx.Client, item: str) -> None:
    page = open_tab()
    gesture = _gesture(item, "Gap")
    page.evaluate(KEEP, [gesture])
    _expect_said(page, "Saved")
    assert comes_to(lambda: _history(server, item), [gesture["id"]]) == [gesture["id"]]


def test_a_reload_in_the_middle_of_a_save_loses_nothing_and_doubles_nothing(
    open_tab: OpenTab, server: httpx.Client, item: str
) -> None:
    page = open_tab()
    gestures = [_gesture(item, f"stroke {turn}") for turn in range(3)]
    on_its_way: list[Route] = []
    page.route(
        GESTURES, lambda route: on_its_way.append(route)
    )  # the first is on its way, and nobody answers
    page.evaluate(KEEP, gestures)
    _expect_said(page, "3 changes are being saved")
    page.wait_for_function("async () => (await indexedDB.databases()).length > 0")
    assert comes_to(lambda: len(on_its_way), 1) == 1
    page.unroute(GESTURES)
    page.reload()
    _expect_said(page, "Saved")
    ids = [gesture["id"] for gesture in gestures]
    assert comes_to(lambda: _history(server, item), ids) == ids
    assert _labels(page, item) == ["stroke 2"]


def test_a_save_whose_answer_was_lost_is_not_doubled_by_the_next_page(
    open_tab: OpenTab, server: httpx.Client, item: str
) -> None:
    page = open_tab()

    def keep_and_say_nothing(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route(GESTURES, keep_and_say_nothing)
    gesture = _gesture(item, "Gap")
    page.evaluate(KEEP, [gesture])
    _expect_said(page, "1 change waits for the connection")
    page.unroute(GESTURES)
    page.reload()
    _expect_said(page, "Saved")
    assert _history(server, item) == [gesture["id"]]


def test_without_the_network_strokes_wait_and_go_out_when_it_is_back(
    context: BrowserContext, open_tab: OpenTab, server: httpx.Client, item: str
) -> None:
    page = open_tab()
    page.evaluate(KEEP, [])
    context.set_offline(True)
    gestures = [_gesture(item, "first"), _gesture(item, "second")]
    page.evaluate(KEEP, gestures)
    _expect_said(page, "2 changes wait for the connection")
    assert _labels(page, item) == ["second"], "what is drawn is shown at once"
    assert _history(server, item) == []
    context.set_offline(False)
    _expect_said(page, "Saved")
    ids = [gesture["id"] for gesture in gestures]
    assert comes_to(lambda: _history(server, item), ids) == ids


def test_what_is_drawn_while_the_server_is_dead_is_there_when_it_lives_again(
    browser: Browser, tmp_path: Path, cases_folder: Path
) -> None:
    environment, port = {"MSUS_CASES_DIR": str(cases_folder)}, free_port()
    app = start_app(tmp_path, port, environment=environment)
    context = browser.new_context(reduced_motion="reduce")
    try:
        context.request.get(app.author_link)
        page = context.new_page()
        page.goto(f"{app.url}/compare?case={CASE}")
        Player(page).wait_first_picture()
        page.evaluate(KEEP, [_gesture("gap", "before")])
        _expect_said(page, "Saved")
        app.process.kill()
        app.process.wait()
        page.evaluate(KEEP, [_gesture("gap", "while it was dead")])
        _expect_said(page, "1 change waits for the connection")
        app = start_app(tmp_path, port, environment=environment)
        _expect_said(page, "Saved")
        page.reload()
        _expect_said(page, "Saved")
        assert _labels(page, "gap") == ["while it was dead"]
        with httpx.Client(base_url=app.url, timeout=60) as server:
            server.get(app.author_link)
            assert len(_history(server, "gap")) == 2
    finally:
        context.close()
        stop_app(app)


def test_two_tabs_at_once_lose_nothing_double_nothing_and_hear_each_other(
    open_tab: OpenTab, server: httpx.Client, item: str
) -> None:
    one, two = open_tab(), open_tab()
    posted: list[str] = []
    for page in (one, two):
        page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    mine = [_gesture(f"{item}-one", f"one {turn}") for turn in range(5)]
    yours = [_gesture(f"{item}-two", f"two {turn}") for turn in range(5)]
    one.evaluate(KEEP, mine)
    two.evaluate(KEEP, yours)
    for page in (one, two):
        _expect_said(page, "Saved")
        assert comes_to(lambda page=page: _labels(page, f"{item}-one"), ["one 4"]) == ["one 4"]
        assert comes_to(lambda page=page: _labels(page, f"{item}-two"), ["two 4"]) == ["two 4"]
    assert _history(server, f"{item}-one") == [gesture["id"] for gesture in mine]
    assert _history(server, f"{item}-two") == [gesture["id"] for gesture in yours]
    assert len([url for url in posted if url.endswith("/gestures")]) == 10


def test_a_tab_hears_what_another_author_kept(open_tab: OpenTab, server: httpx.Client, item: str) -> None:
    page = open_tab()
    page.evaluate(KEEP, [])
    server.post(f"/api/cases/{CASE}/gestures", json=_gesture(item, "theirs")).raise_for_status()
    assert comes_to(lambda: _labels(page, item), ["theirs"]) == ["theirs"]


@pytest.mark.parametrize("storage", ["as it is", "refused"])
def test_leaving_is_warned_of_only_where_something_would_be_lost(
    context: BrowserContext, open_tab: OpenTab, item: str, storage: str
) -> None:
    if storage == "refused":
        context.add_init_script("IDBFactory.prototype.open = () => { throw new DOMException('no') };")
    page = open_tab()
    page.route(GESTURES, lambda route: route.abort())
    page.evaluate(KEEP, [_gesture(item, "Gap")])
    _expect_said(page, "1 change waits for the connection")
    _bar(page).get_by_role("status").click()  # only who did something on a page is ever warned
    warned: list[str] = []
    page.on("dialog", lambda dialog: (warned.append(dialog.type), dialog.accept()))
    page.reload()
    expect(_bar(page)).to_be_visible(timeout=LIMIT_MS)
    assert warned == (["beforeunload"] if storage == "refused" else [])


def _in_conflict(page: Page, server: httpx.Client, item: str) -> None:
    first = _gesture(item, "Gap")
    page.evaluate(KEEP, [first])
    _expect_said(page, "Saved")
    comes_to(lambda: _history(server, item), [first["id"]])
    theirs = _gesture(item, "Gap elsewhere", first["id"], x_px=300)
    server.post(f"/api/cases/{CASE}/gestures", json=theirs).raise_for_status()
    page.evaluate(KEEP, [_gesture(item, "Gap here", first["id"])])
    _expect_said(page, "Changed elsewhere: both kept")


def test_what_was_changed_in_two_places_is_looked_at_and_settled(
    open_tab: OpenTab, server: httpx.Client, item: str
) -> None:
    page = open_tab()
    _in_conflict(page, server, item)
    _bar(page).get_by_role("button", name="Look at both versions").click()
    sheet = page.get_by_role("dialog", name="Changed elsewhere: both kept")
    expect(sheet.get_by_role("listitem")).to_have_count(2)
    expect(sheet.get_by_role("img", name="frame 4")).to_have_count(2)
    sheet.get_by_role("listitem").filter(has_text="Gap elsewhere").get_by_role("button").click()
    expect(sheet).to_be_hidden()
    _expect_said(page, "Saved")
    assert comes_to(lambda: _labels(page, item), ["Gap elsewhere"]) == ["Gap elsewhere"]
    assert len(_history(server, item)) == 4


def test_both_versions_can_stay_as_two_marks(open_tab: OpenTab, server: httpx.Client, item: str) -> None:
    page = open_tab()
    _in_conflict(page, server, item)
    _bar(page).get_by_role("button", name="Look at both versions").click()
    page.get_by_role("button", name="Keep both").click()
    _expect_said(page, "Saved")

    def kept() -> set[str]:
        return {label for name, label in page.evaluate(LAYERS) if name.startswith(item)}

    assert comes_to(kept, {"Gap here", "Gap elsewhere"}) == {"Gap here", "Gap elsewhere"}


def test_the_history_of_a_mark_shows_every_revision_and_brings_any_back(
    open_tab: OpenTab, server: httpx.Client, item: str
) -> None:
    page = open_tab()
    page.evaluate(KEEP, [_gesture(item, "Gap"), _gesture(item, "Gap, moved", x_px=250)])
    _expect_said(page, "Saved")
    _bar(page).get_by_role("button", name="History of marks").click()
    sheet = page.get_by_role("dialog", name="History of marks")
    sheet.get_by_label("Mark", exact=True).select_option(f"teacher/{item}")
    rows = sheet.get_by_role("listitem")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("moved, renamed")
    expect(rows.first).to_contain_text("A. Teacher")
    expect(rows.first).to_contain_text("as it is now")
    rows.last.get_by_role("button", name="Restore").click()
    expect(rows).to_have_count(3)
    expect(sheet.get_by_role("status")).to_contain_text("Restored")
    assert comes_to(lambda: _labels(page, item), ["Gap"]) == ["Gap"]
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    after = _gesture(item, "after")
    page.evaluate(KEEP, [after])
    assert comes_to(lambda: _history(server, item)[-1], after["id"]) == after["id"]
    assert not server.get(f"/api/cases/{CASE}/layers").json()["layers"][0]["changed_elsewhere"].get(item)


def test_what_the_server_refuses_is_shown_taken_along_and_given_up_only_when_asked(
    open_tab: OpenTab, server: httpx.Client, item: str
) -> None:
    page = open_tab()
    bad = _gesture(item, "On no clip")
    bad["content"]["clip"] = "absent"
    good = _gesture(item, "Good")
    page.evaluate(KEEP, [bad, good])
    _expect_said(page, "has no clip “absent”")
    assert comes_to(lambda: _history(server, item), [good["id"]]) == [good["id"]]
    page.reload()
    _expect_said(page, "has no clip “absent”")
    _bar(page).get_by_role("button", name="What is not on the server yet").click()
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
    _expect_said(page, "Saved")


def test_an_author_whose_session_ended_loses_nothing_and_goes_on_by_the_link(
    context: BrowserContext, app: RunningApp, open_tab: OpenTab, server: httpx.Client, item: str
) -> None:
    page = open_tab()
    page.evaluate(KEEP, [])
    context.clear_cookies()
    gesture = _gesture(item, "Gap")
    page.evaluate(KEEP, [gesture])
    _expect_said(page, "1 change waits in this browser")
    _expect_said(page, "author link")
    assert _history(server, item) == []
    context.request.get(app.author_link)
    page.evaluate("dispatchEvent(new Event('focus'))")  # she comes back from the other tab
    _expect_said(page, "Saved")
    assert _history(server, item) == [gesture["id"]]


def test_the_link_leads_to_the_library_and_stopping_ends_it(
    browser: Browser, app: RunningApp, item: str
) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(app.author_link)
    expect(page).to_have_url(f"{app.url}/")
    page.goto(f"{app.url}/compare?case={CASE}")
    _bar(page).get_by_role("button", name="Stop writing in this browser").click()
    expect(_bar(page)).to_be_hidden()
    answer = context.request.post(
        f"{app.url}/api/cases/{CASE}/gestures", data=_gesture(item, "Gap"), headers={"Origin": app.url}
    )
    assert answer.status == 403
    page.goto(app.author_link)
    page.goto(f"{app.url}/author")
    page.get_by_role("button", name="Stop writing in this browser").click()
    expect(page.get_by_text("Only an author may write here")).to_be_visible()
    context.close()


def test_a_reader_is_shown_no_way_to_write_and_is_refused(
    browser: Browser, app: RunningApp, item: str
) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_response("**/api/author") as told:
        page.goto(f"{app.url}/compare?case={CASE}")
    assert told.value.json() == {"may_write": False}
    Player(page).wait_all_frames()
    expect(_bar(page)).to_be_hidden()
    assert not [url for url in asked if "/keeping/" in url or url.endswith("/layers")], (
        "a reader needs none of it"
    )
    status = page.evaluate(
        """async (gesture) => (await fetch("/api/cases/numbered/gestures", { method: "POST", body: JSON.stringify(gesture) })).status""",
        _gesture(item, "Gap"),
    )
    assert status == 403
    context.close()


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
    expect(_bar(page)).to_be_visible(timeout=LIMIT_MS)
    _in_conflict(page, server, item)
    for button in ("Look at both versions", "History of marks"):
        _bar(page).get_by_role("button", name=button).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        found = Axe().run(page).response["violations"]
        serious = [each["id"] for each in found if each["impact"] in {"serious", "critical"}]
        assert not serious, found
        page.keyboard.press("Escape")
    context.close()
