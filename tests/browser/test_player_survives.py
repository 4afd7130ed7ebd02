"""What a rerun, a change of page or an error may not do: load again, lose the place, stop the others."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.numbered_cases import FRAMES, NUMBERED
from tests.browser.player import Player, choose_files
from tests.browser.waiting import comes_to
from tests.cases.clip_factory import write_video

STILL_MS = 500


# Counts the frames that are given to the browser's decoders.
COUNT_DECODINGS = """
window.decodings = 0;
window.ImageDecoder = class extends ImageDecoder {
  constructor(settings) { super(settings); window.decodings += 1; }
};
"""


def _count_fetches(page: Page) -> Callable[[], int]:
    fetched: list[str] = []

    def note(request: Request) -> None:
        if "/clips/" in request.url:
            fetched.append(request.url)

    page.on("request", note)
    return lambda: len(fetched)


def test_a_clip_that_the_page_announces_is_sent_once(open_page: OpenPage) -> None:
    page = open_page("/compare?case=numbered")
    Player(page).wait_all_frames()  # now the server has them
    sent: list[str] = []
    page.on("response", lambda answer: sent.append(answer.url) if "/api/clips/" in answer.url else None)
    with page.expect_response(lambda answer: "/compare" in answer.url) as opened:
        page.reload()
    Player(page).wait_all_frames()
    announced = re.findall(r'as="fetch"[^>]* href="(/api/clips/[^"]+)"', opened.value.text())
    assert announced
    assert sorted(url[url.index("/api/") :] for url in sent) == sorted(announced)


def test_while_streamlit_waits_for_its_server_the_first_picture_is_decoded_and_no_more(
    open_page: OpenPage,
) -> None:
    page = open_page("/compare?case=numbered")
    Player(page).wait_all_frames()  # now the server has them
    page.add_init_script(COUNT_DECODINGS)
    page.route_web_socket("**/_stcore/stream", lambda _socket: None)  # nothing is sent and nothing answered
    page.reload()
    expect(page.locator('head link[as="fetch"]')).to_have_count(2)  # of the series, samples are sent
    assert comes_to(lambda: page.evaluate("decodings"), 1) == 1
    page.wait_for_timeout(STILL_MS)
    assert page.evaluate("decodings") == 1
    expect(page.locator(".msus-player")).to_have_count(0)


def test_a_rerun_keeps_frames_place_and_picture(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("/open_clips")
    clip = write_video(tmp_path / "clip.mp4", NUMBERED)
    choose_files(page, [clip])
    player = Player(page)
    player.wait_all_frames()
    player.focus()
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    player.expect_all_show(30)
    fetches, mount = _count_fetches(page), player.root.element_handle()
    assert mount is not None
    empty = tmp_path / "empty.dcm"
    empty.write_bytes(b"")
    choose_files(page, [empty])
    expect(page.get_by_role("listitem").filter(has_text="empty.dcm")).to_contain_text("The file is empty")
    player.expect_all_show(30)
    assert mount.evaluate("element => element.isConnected")
    assert float(mount.evaluate("element => getComputedStyle(element.getRootNode().host).opacity")) == 1
    assert fetches() == 0


def test_a_scale_that_is_entered_later_keeps_frames_and_place(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("/open_clips")
    choose_files(page, [write_video(tmp_path / "clip.mp4", NUMBERED)])
    player = Player(page)
    player.wait_all_frames()
    player.focus()
    page.keyboard.press("End")
    fetches = _count_fetches(page)
    page.get_by_text("What the files do not say").click()
    page.get_by_label("Millimetres per pixel").fill("0.0883")
    page.get_by_label("Millimetres per pixel").press("Enter")
    expect(player.panel("contraction")).to_contain_text("entered by hand")
    player.expect_all_show(FRAMES - 1)
    assert fetches() == 0


def test_a_change_of_page_and_back_loads_nothing_again(open_page: OpenPage) -> None:
    player = Player(open_page("/compare?case=numbered"))
    player.wait_all_frames()
    fetches = _count_fetches(player.page)
    player.page.get_by_role("link", name="Library").click()
    expect(player.page.get_by_role("heading", name="Library")).to_be_visible()
    player.page.locator(".st-key-card-numbered").get_by_role("link", name="Compare").click()
    player.wait_all_frames()
    player.focus()
    player.page.keyboard.press("End")
    player.expect_all_show(FRAMES - 1)
    assert fetches() == 0


def test_the_place_is_in_the_address_and_a_link_leads_back_to_it(open_page: OpenPage) -> None:
    player = Player(open_page("/compare?case=numbered"))
    player.wait_all_frames()
    player.focus()
    player.page.keyboard.press("Home")
    for _ in range(4):
        player.page.keyboard.press("Shift+ArrowRight")
    expect(player.page).to_have_url(re.compile(r"case=numbered.*frame=41"))
    again = Player(open_page(player.page.url.removeprefix(player.page.url.split("/compare")[0])))
    again.wait_first_picture()
    again.expect_all_show(40)


def test_one_panel_without_its_clip_says_so_and_the_others_go_on(open_page: OpenPage) -> None:
    page = open_page("/open_clips")  # any page: the route below must stand before the clips are asked for
    asked: list[str] = []

    def refuse_the_first(route: Route) -> None:
        request = route.request
        if request.url not in asked:
            asked.append(request.url)
        if request.url == asked[0]:
            route.fulfill(status=404, body="gone")
        else:
            route.continue_()

    page.context.route("**/api/clips/*", refuse_the_first)
    page.goto(page.url.split("/open_clips")[0] + "/compare?case=uneven")
    player = Player(page)
    expect(page.locator(".msus-panel[data-state=error]")).to_have_count(1, timeout=30_000)
    alert = page.locator(".msus-panel[data-state=error]").get_by_role("alert")
    expect(alert).to_be_visible()
    expect(page.locator(".msus-panel[data-state=ready]")).to_have_count(2, timeout=30_000)
    player.focus()
    page.keyboard.press("End")
    page.wait_for_function(
        "last => Object.values(msusShown()).some(({drawn, named}) => drawn === last && named === last)",
        arg=FRAMES - 1,
    )

    page.context.unroute("**/api/clips/*", refuse_the_first)  # when she comes back, it is asked for anew
    page.get_by_role("link", name="Library").click()
    page.locator(".st-key-card-uneven").get_by_role("link", name="Compare").click()
    expect(page.locator(".msus-panel[data-state=ready]")).to_have_count(3, timeout=30_000)


def test_a_case_that_does_not_exist_gets_a_sentence(open_page: OpenPage) -> None:
    page = open_page("/compare?case=nothing")
    expect(page.get_by_text("There is no case “nothing”")).to_be_visible(timeout=30_000)


def test_a_broken_case_is_listed_with_its_sentence_beside_the_good_ones(open_page: OpenPage) -> None:
    page = open_page("/")
    expect(page.get_by_text("there is no file “rest.dcm”")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Numbered clips", exact=True)).to_be_visible()
