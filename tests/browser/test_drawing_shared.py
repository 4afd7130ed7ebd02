"""What an author draws in a shared layer is there for everybody: marks, annotated frames, and their taking back."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.numbered_cases import NUMBERED
from tests.browser.player import Player
from tests.browser.waiting import comes_to
from tests.running import RunningApp

CASE = "uneven"  # other tests draw on the numbered case
LAYER = "Teacher (for everybody)"
# What a list leaves of its width beside its words and its arrow.
ROOM_LEFT = """(choice) => {
  const style = getComputedStyle(choice), pen = document.createElement("canvas").getContext("2d");
  pen.font = style.font;
  const words = pen.measureText(choice.selectedOptions[0].text).width;
  return choice.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - words - 18;
}"""


@pytest.fixture
def author(browser: Browser, app: RunningApp) -> Iterator[BrowserContext]:
    """Return a browser that came by the author link; what a failed test drew is taken away."""
    opened = browser.new_context(viewport={"width": 1280, "height": 1000}, reduced_motion="reduce")
    opened.request.get(app.author_link)
    yield opened
    opened.close()
    _take_away(app)


def _take_away(app: RunningApp) -> None:
    with httpx.Client(base_url=app.url, timeout=30, headers={"Origin": app.url}) as client:
        client.get(app.author_link)
        for layer in client.get(f"/api/cases/{CASE}/layers").json()["layers"]:
            document = layer["document"]
            left = [("mark", mark["id"]) for mark in document["marks"]]
            left += [("frame", frame["id"]) for frame in document["annotated_frames"]]
            for kind, item in left:
                named = {"case": CASE, "layer": document["layer"]["id"], "item": item, "kind": kind}
                gesture = {"id": uuid4().hex, "bases": layer["heads"][item], "author": "", "content": None}
                client.post(f"/api/cases/{CASE}/gestures", json=named | gesture).raise_for_status()


def _opened(context: BrowserContext, app: RunningApp) -> tuple[Page, Player, Locator]:
    page = context.new_page()
    page.goto(f"{app.url}/compare?case={CASE}")
    player = Player(page)
    player.wait_all_frames()
    player.button("Draw").first.click()
    row = player.root.get_by_role("region", name="Drawing", exact=True)
    expect(row).to_be_visible()
    return page, player, row


def _document(app: RunningApp) -> dict[str, Any]:
    layers = httpx.get(f"{app.url}/api/cases/{CASE}/layers", timeout=30).json()["layers"]
    found: dict[str, Any] = next(
        (layer["document"] for layer in layers), {"marks": [], "annotated_frames": []}
    )
    return found


def _drag(page: Page, player: Player) -> None:
    box = player.panel("contraction").locator("canvas.msus-picture").bounding_box()
    assert box is not None
    scale = box["width"] / NUMBERED.columns
    page.mouse.move(box["x"] + 100 * scale, box["y"] + 200 * scale)
    page.mouse.down()
    page.mouse.move(box["x"] + 400 * scale, box["y"] + 200 * scale, steps=4)
    page.mouse.up()


def test_an_author_draws_for_everybody_takes_it_back_and_finds_it_after_a_reload(
    author: BrowserContext, app: RunningApp
) -> None:
    page, player, row = _opened(author, app)
    row.get_by_label("Draw in the layer").select_option(label=LAYER)
    row.get_by_role("button", name="Caliper", exact=True).click()
    _drag(page, player)
    row.get_by_label("Label", exact=True).fill("shared gap")
    page.keyboard.press("Enter")
    labels = lambda: [mark["label"] for mark in _document(app)["marks"]]  # noqa: E731
    assert comes_to(labels, ["shared gap"]) == ["shared gap"]
    player.focus()
    page.keyboard.press("Control+z")
    assert comes_to(labels, [""]) == [""]
    page.keyboard.press("Control+z")
    assert comes_to(labels, []) == []
    for _ in range(2):
        page.keyboard.press("Control+y")
    assert comes_to(labels, ["shared gap"]) == ["shared gap"]
    (mark,) = _document(app)["marks"]
    assert mark["place"]["points_px"][0][0] == pytest.approx(100, abs=1)

    page.reload()
    player.wait_all_frames()
    player.button("Draw").first.click()
    expect(row.get_by_label("Draw in the layer")).to_be_visible()
    player.button("List of marks").click()
    expect(player.root.get_by_role("checkbox", name="Layer Teacher", exact=True)).to_be_visible()
    player.root.get_by_role("button", name="Take shared gap in the hand").click()
    expect(
        player.panel("contraction").get_by_role("button", name=re.compile("^end 1 of caliper “shared gap”"))
    ).to_be_visible()
    row.get_by_role("button", name="Delete the mark").click()
    assert comes_to(labels, []) == []


def test_on_a_phone_the_choice_of_the_layer_shows_the_whole_name(
    author: BrowserContext, app: RunningApp
) -> None:
    page, _player, row = _opened(author, app)
    choice = row.get_by_label("Draw in the layer")
    choice.select_option(label=LAYER)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(row.get_by_role("button", name="Annotated frame")).to_be_in_viewport()
    room = comes_to(lambda: float(choice.evaluate(ROOM_LEFT)), lambda left: left >= 0)
    assert room >= 0


def test_an_author_makes_an_annotated_frame_with_its_text_alternative(
    author: BrowserContext, app: RunningApp
) -> None:
    _page, player, row = _opened(author, app)
    frame = row.get_by_role("button", name="Annotated frame")
    expect(frame).to_be_visible()
    frame.click()
    row.get_by_role("button", name="Keep the annotated frame").click()
    expect(row.get_by_text("needs a title")).to_be_visible()
    row.get_by_label("Title").fill("The first frame")
    row.get_by_label("What is to be seen").fill("Black and white blocks.")
    player.scrubber.press("End")  # to look at another one does not put the words there
    expect(player.panel("contraction")).not_to_have_attribute("data-frame-index", "0")
    row.get_by_role("button", name="Keep the annotated frame").click()
    stop = player.root.locator(".msus-film").get_by_role("button", name=re.compile("^The first frame"))
    expect(stop).to_have_accessible_name(re.compile("Black and white blocks"))
    titles = lambda: [frame["title"] for frame in _document(app)["annotated_frames"]]  # noqa: E731
    assert comes_to(titles, ["The first frame"]) == ["The first frame"]
    assert [kept["frame_index"] for kept in _document(app)["annotated_frames"]] == [0]
    stop.click()
    expect(player.panel("contraction")).to_have_attribute("data-frame-index", "0")
    frame.click()
    row.get_by_role("button", name="Delete the annotated frame").click()
    expect(stop).to_have_count(0)
    assert comes_to(titles, []) == []


def test_a_reader_finds_no_shared_layer_to_draw_in(browser: Browser, app: RunningApp) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, reduced_motion="reduce")
    page, player, row = _opened(context, app)
    row.get_by_role("button", name="Caliper", exact=True).click()
    _drag(page, player)
    expect(row.locator(".msus-mark-measure")).to_have_text("30.0 ± 0.7 mm")
    expect(row.get_by_label("Draw in the layer")).to_be_hidden()
    assert _document(app)["marks"] == []
    context.close()


def test_an_author_draws_for_everybody_at_once_and_under_her_name_until_she_chooses_otherwise(
    author: BrowserContext, app: RunningApp
) -> None:
    page, player, row = _opened(author, app)
    choice = row.get_by_label("Draw in the layer")
    expect(choice).to_have_value("teacher")
    expect(row.get_by_text("What you draw is there for everybody")).to_be_visible()
    name = row.get_by_role("textbox", name="Your name")
    expect(name).to_have_value("")
    name.fill("A. Teacher")
    name.press("Tab")
    row.get_by_role("button", name="Caliper", exact=True).click()
    _drag(page, player)
    authors = lambda: [mark["author"] for mark in _document(app)["marks"]]  # noqa: E731
    assert comes_to(authors, ["A. Teacher"]) == ["A. Teacher"]
    (mark,) = _document(app)["marks"]
    path = f"/api/cases/{CASE}/history/teacher/{mark['id']}"
    (revision,) = author.request.get(app.url + path).json()["revisions"]
    assert revision["author"] == "A. Teacher"

    choice.select_option(label="My marks (private)")
    page.reload()
    player.wait_all_frames()
    player.button("Draw").first.click()
    expect(name).to_have_value("A. Teacher")
    expect(choice).to_have_value("private")


def test_what_is_refused_is_shown_as_not_kept_also_after_a_reload_until_it_is_given_up(
    author: BrowserContext, app: RunningApp
) -> None:
    page, player, row = _opened(author, app)
    expect(row.get_by_label("Draw in the layer")).to_have_value("teacher")
    refuse = lambda route: route.fulfill(status=422, json={"error": "Not as it is."})  # noqa: E731
    page.route("**/gestures", refuse)
    row.get_by_role("button", name="Caliper", exact=True).click()
    _drag(page, player)
    handle = player.panel("contraction").get_by_role("button", name=re.compile("^end 1 of caliper"))
    expect(handle).to_be_visible()
    row.get_by_label("Label", exact=True).fill("gap")
    page.keyboard.press("Enter")
    expect(row.get_by_role("alert")).to_have_text("Not kept: Not as it is.")

    page.reload()
    player.wait_first_picture()
    player.button("List of marks").click()
    player.root.get_by_role("button", name="Take gap (not kept) in the hand").click()
    expect(row.get_by_role("alert")).to_have_text("Not kept: Not as it is.")
    expect(row.get_by_label("Label", exact=True)).to_have_value("gap")
    row.get_by_role("button", name="What to do about it").click()
    sheet = page.get_by_role("dialog", name="Not on the server yet")
    expect(sheet.get_by_role("listitem").filter(has_not_text="Not as it is.")).to_have_count(0)
    while (give_up := sheet.get_by_role("button", name=re.compile("^Give up the change"))).count():
        left = give_up.count()
        give_up.first.click()
        expect(give_up.first).to_have_text("Really give up?")
        give_up.first.click()
        expect(give_up).to_have_count(left - 1)
    expect(sheet).to_be_hidden()
    expect(handle).to_have_count(0)
    page.unroute("**/gestures", refuse)
    row.get_by_role("button", name="Caliper", exact=True).click()
    _drag(page, player)
    expect(handle).to_be_visible()
    assert comes_to(lambda: len(_document(app)["marks"]), 1) == 1


def test_the_list_of_marks_opens_the_history_of_a_shared_mark_for_an_author(
    author: BrowserContext, app: RunningApp
) -> None:
    page, player, row = _opened(author, app)
    expect(row.get_by_label("Draw in the layer")).to_have_value("teacher")
    row.get_by_role("button", name="Caliper", exact=True).click()
    _drag(page, player)
    row.get_by_label("Label", exact=True).fill("shared gap")
    page.keyboard.press("Enter")
    labels = lambda: [mark["label"] for mark in _document(app)["marks"]]  # noqa: E731
    assert comes_to(labels, ["shared gap"]) == ["shared gap"]
    player.button("List of marks").click()
    player.root.get_by_role("button", name="History of shared gap", exact=True).click()
    sheet = page.get_by_role("dialog", name="History of marks")
    expect(sheet.get_by_role("listitem")).to_have_count(2)
    expect(sheet.get_by_role("listitem").first).to_contain_text("renamed")
