"""What an author draws is kept: over reloads, without the network, in two tabs, and by authors alone."""

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect

from tests.browser.keeping.author import (
    CASE,
    GESTURES,
    KEEP,
    LIMIT_MS,
    OpenTab,
    bar,
    expect_said,
    history,
    labels,
    stroke,
)
from tests.browser.player import Player
from tests.browser.waiting import comes_to
from tests.running import RunningApp, free_port, start_app, stop_app

DOWN_MS = 10_000


def test_a_stroke_is_kept_and_said_to_be(open_tab: OpenTab, server: httpx.Client, item: str) -> None:
    page = open_tab()
    gesture = stroke(item, "Gap")
    page.evaluate(KEEP, [gesture])
    expect_said(page, "Saved")
    assert comes_to(lambda: history(server, item), [gesture["id"]]) == [gesture["id"]]


def test_a_reload_in_the_middle_of_a_save_loses_nothing_and_doubles_nothing(
    open_tab: OpenTab, server: httpx.Client, item: str
) -> None:
    page = open_tab()
    gestures = [stroke(item, f"stroke {turn}") for turn in range(3)]
    on_its_way: list[Route] = []
    page.route(
        GESTURES, lambda route: on_its_way.append(route)
    )  # the first is on its way, and nobody answers
    page.evaluate(KEEP, gestures)
    expect_said(page, "3 changes are being saved")
    page.wait_for_function("async () => (await indexedDB.databases()).length > 0")
    assert comes_to(lambda: len(on_its_way), 1) == 1
    page.unroute(GESTURES)
    page.reload()
    expect_said(page, "Saved")
    ids = [gesture["id"] for gesture in gestures]
    assert comes_to(lambda: history(server, item), ids) == ids
    assert labels(page, item) == ["stroke 2"]


def test_a_save_whose_answer_was_lost_is_not_doubled_by_the_next_page(
    open_tab: OpenTab, server: httpx.Client, item: str
) -> None:
    page = open_tab()

    def keep_and_say_nothing(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route(GESTURES, keep_and_say_nothing)
    gesture = stroke(item, "Gap")
    page.evaluate(KEEP, [gesture])
    expect_said(page, "1 change waits for the connection")
    page.unroute(GESTURES)
    page.reload()
    expect_said(page, "Saved")
    assert history(server, item) == [gesture["id"]]


def test_without_the_network_for_ten_seconds_strokes_wait_and_go_out_when_it_is_back(
    context: BrowserContext, open_tab: OpenTab, server: httpx.Client, item: str
) -> None:
    page = open_tab()
    page.evaluate(KEEP, [])
    context.set_offline(True)
    gestures = [stroke(item, "first"), stroke(item, "second")]
    page.evaluate(KEEP, gestures[:1])
    expect_said(page, "1 change waits for the connection")
    page.wait_for_timeout(DOWN_MS / 2)
    page.evaluate(KEEP, gestures[1:])
    expect_said(page, "2 changes wait for the connection")
    page.wait_for_timeout(DOWN_MS / 2)
    assert labels(page, item) == ["second"], "what is drawn is shown at once"
    assert history(server, item) == []
    context.set_offline(False)
    expect_said(page, "Saved")
    ids = [gesture["id"] for gesture in gestures]
    assert comes_to(lambda: history(server, item), ids) == ids
    page.reload()
    expect_said(page, "Saved")
    assert labels(page, item) == ["second"]
    assert history(server, item) == ids


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
        page.evaluate(KEEP, [stroke("gap", "before")])
        expect_said(page, "Saved")
        app.process.kill()
        app.process.wait()
        page.evaluate(KEEP, [stroke("gap", "while it was dead")])
        expect_said(page, "1 change waits for the connection")
        app = start_app(tmp_path, port, environment=environment)
        expect_said(page, "Saved")
        page.reload()
        expect_said(page, "Saved")
        assert labels(page, "gap") == ["while it was dead"]
        with httpx.Client(base_url=app.url, timeout=60) as server:
            server.get(app.author_link)
            assert len(history(server, "gap")) == 2
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
    mine = [stroke(f"{item}-one", f"one {turn}") for turn in range(5)]
    yours = [stroke(f"{item}-two", f"two {turn}") for turn in range(5)]
    one.evaluate(KEEP, mine)
    two.evaluate(KEEP, yours)
    for page in (one, two):
        expect_said(page, "Saved")
        assert comes_to(lambda page=page: labels(page, f"{item}-one"), ["one 4"]) == ["one 4"]
        assert comes_to(lambda page=page: labels(page, f"{item}-two"), ["two 4"]) == ["two 4"]
    assert history(server, f"{item}-one") == [gesture["id"] for gesture in mine]
    assert history(server, f"{item}-two") == [gesture["id"] for gesture in yours]
    assert len([url for url in posted if url.endswith("/gestures")]) == 10


def test_a_tab_hears_what_another_author_kept(open_tab: OpenTab, server: httpx.Client, item: str) -> None:
    page = open_tab()
    page.evaluate(KEEP, [])
    server.post(f"/api/cases/{CASE}/gestures", json=stroke(item, "theirs")).raise_for_status()
    assert comes_to(lambda: labels(page, item), ["theirs"]) == ["theirs"]


@pytest.mark.parametrize("storage", ["as it is", "refused"])
def test_leaving_is_warned_of_only_where_something_would_be_lost(
    context: BrowserContext, open_tab: OpenTab, item: str, storage: str
) -> None:
    if storage == "refused":
        context.add_init_script("IDBFactory.prototype.open = () => { throw new DOMException('no') };")
    page = open_tab()
    page.route(GESTURES, lambda route: route.abort())
    page.evaluate(KEEP, [stroke(item, "Gap")])
    expect_said(page, "1 change waits for the connection")
    bar(page).get_by_role("status").click()  # only who did something on a page is ever warned
    warned: list[str] = []
    page.on("dialog", lambda dialog: (warned.append(dialog.type), dialog.accept()))
    page.reload()
    expect(bar(page)).to_be_visible(timeout=LIMIT_MS)
    assert warned == (["beforeunload"] if storage == "refused" else [])


def test_an_author_whose_session_ended_loses_nothing_and_goes_on_by_the_link(
    context: BrowserContext, app: RunningApp, open_tab: OpenTab, server: httpx.Client, item: str
) -> None:
    page = open_tab()
    page.evaluate(KEEP, [])
    context.clear_cookies()
    gesture = stroke(item, "Gap")
    page.evaluate(KEEP, [gesture])
    expect_said(page, "1 change waits in this browser")
    expect_said(page, "author link")
    assert history(server, item) == []
    context.request.get(app.author_link)
    page.evaluate("dispatchEvent(new Event('focus'))")  # she comes back from the other tab
    expect_said(page, "Saved")
    assert history(server, item) == [gesture["id"]]


def test_the_link_leads_to_the_library_and_stopping_ends_it(
    browser: Browser, app: RunningApp, item: str
) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(app.author_link)
    expect(page).to_have_url(f"{app.url}/")
    page.goto(f"{app.url}/compare?case={CASE}")
    bar(page).get_by_role("button", name="Stop writing in this browser").click()
    expect(bar(page)).to_be_hidden()
    answer = context.request.post(
        f"{app.url}/api/cases/{CASE}/gestures", data=stroke(item, "Gap"), headers={"Origin": app.url}
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
    expect(bar(page)).to_be_hidden()
    assert not [url for url in asked if "/keeping/" in url or url.endswith("/layers")], (
        "a reader needs none of it"
    )
    status = page.evaluate(
        """async (gesture) => (await fetch("/api/cases/written/gestures", { method: "POST", body: JSON.stringify(gesture) })).status""",
        stroke(item, "Gap"),
    )
    assert status == 403
    context.close()
