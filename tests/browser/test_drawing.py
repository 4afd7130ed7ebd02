"""Every kind of mark is drawn by drag, by click after click and by keyboard, measured, taken back and kept."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from annotations.mark import Kind
from tests.browser.conftest import OpenPage
from tests.browser.drawing_board import KEY, SHAPES, Board, Drawn, assert_as_shown
from tests.browser.numbered_cases import FRAMES
from tests.browser.waiting import comes_to


@pytest.fixture
def board(open_page: OpenPage) -> Callable[..., Board]:
    """Return a function that opens the numbered case with its drawing tools."""

    def open_(**options: Any) -> Board:
        opened = Board(open_page("/compare?case=numbered", **options))
        opened.open()
        return opened

    return open_


def test_every_kind_is_drawn_by_drag_and_its_line_is_where_the_hand_was(board: Callable[..., Board]) -> None:
    drawing = board()
    for count, (kind, shape) in enumerate(SHAPES.items(), start=1):
        drawing.tool(shape.tool).click()
        drawing.drag(shape.drag)
        if kind is Kind.ANGLE:
            drawing.click(shape.clicks[-1])
        mark = drawing.kept(count)[-1]
        assert mark.kind is kind
        assert_as_shown(mark, shape)
        drawing.player.focus()
        if kind is not Kind.TEXT:
            drawing.expect_ink(shape.ink)
    for _ in SHAPES:
        drawing.page.keyboard.press("Control+z")
    drawing.kept(0)
    for _ in SHAPES:
        drawing.page.keyboard.press("Control+Shift+z")
    assert [mark.kind for mark in drawing.kept(len(SHAPES))] == list(SHAPES)


def test_every_kind_is_drawn_click_after_click_and_ended_in_each_way(board: Callable[..., Board]) -> None:
    drawing = board()
    endings: dict[Kind, Callable[[Drawn], None]] = {
        Kind.POLYLINE: lambda shape: drawing.click(shape.clicks[-1]),  # again: as a double click does
        Kind.POLYGON: lambda shape: drawing.click(shape.clicks[0]),
        Kind.AREA: lambda shape: drawing.page.keyboard.press("Enter"),
        Kind.TISSUE: lambda shape: drawing.page.keyboard.press("Enter"),
    }
    for count, (kind, shape) in enumerate(SHAPES.items(), start=1):
        drawing.tool(shape.tool).click()
        drawing.click(*shape.clicks)
        endings.get(kind, lambda _: None)(shape)
        mark = drawing.kept(count)[-1]
        assert mark.kind is kind
        assert_as_shown(mark, shape)
    drawing.player.focus()
    drawing.page.reload()
    drawing.player.wait_first_picture()
    drawing.player.root.locator(".msus-film").get_by_role("button", name="List of marks").click()
    expect(drawing.player.root.get_by_text("private, only in this browser")).to_be_visible()
    assert len(drawing.kept(len(SHAPES))) == len(SHAPES)


def test_a_line_that_is_begun_can_be_shortened_or_given_up(board: Callable[..., Board]) -> None:
    drawing = board()
    drawing.tool("Line").click()
    drawing.click((60, 300), (160, 300), (300, 420))
    drawing.page.keyboard.press("Backspace")
    drawing.click((300, 380))
    drawing.tool("Undo").click()  # the only way for a finger
    drawing.click((160, 340))
    drawing.page.keyboard.press("Enter")
    (mark,) = drawing.kept(1)
    assert mark.place.frame_span == (0, 0)
    assert_as_shown(mark, SHAPES[Kind.POLYLINE])
    drawing.click((200, 200))
    expect(drawing.marks).to_be_visible()
    drawing.page.keyboard.press("Escape")
    drawing.tool("Choose").click()
    drawing.kept(1)
    expect(drawing.handle(re.compile("^point 1 of line"))).to_have_count(0)


def test_undo_takes_back_the_last_place_of_a_mark_that_is_begun_and_no_finished_mark(
    board: Callable[..., Board],
) -> None:
    drawing = board()
    drawing.tool("Caliper").click()
    drawing.click(*SHAPES[Kind.CALIPER].clicks)
    drawing.kept(1)
    drawing.tool("Line").click()
    drawing.click((60, 300), (160, 300), (300, 420))
    drawing.player.focus()
    drawing.page.keyboard.press("Control+z")
    drawing.click((300, 400))
    drawing.tool("Undo").click()
    drawing.click((160, 340))
    drawing.page.keyboard.press("Enter")
    assert [mark.kind for mark in drawing.kept(2)] == [Kind.CALIPER, Kind.POLYLINE]
    assert_as_shown(drawing.kept(2)[-1], SHAPES[Kind.POLYLINE])


def test_words_typed_about_a_mark_are_kept_when_the_next_mark_is_begun_or_the_page_is_left(
    board: Callable[..., Board],
) -> None:
    drawing = board()
    drawing.tool("Caliper").click()
    drawing.click((60, 260), (360, 260))
    drawing.kept(1)
    drawing.row.get_by_label("Label", exact=True).fill("first")
    drawing.click((60, 300), (360, 300))
    assert [mark.label for mark in drawing.kept(2)] == ["first", ""]
    drawing.row.get_by_role("button", name="Details of the mark").click()
    drawing.row.get_by_label("Concept").fill("haematoma")
    drawing.click((60, 340), (360, 340))
    drawing.kept(3)
    wanted = [False, True, False]
    assert comes_to(lambda: [mark.concept is not None for mark in drawing.document().marks], wanted) == wanted
    assert [mark.label for mark in drawing.kept(3)] == ["first", "haematoma", ""]
    drawing.row.get_by_label("Label", exact=True).fill("third")
    drawing.page.reload()
    assert [mark.label for mark in drawing.kept(3)] == ["first", "haematoma", "third"]


def test_places_of_two_frames_make_no_mark_the_first_frame_comes_back(board: Callable[..., Board]) -> None:
    drawing = board()
    drawing.tool("Caliper").click()
    start, end = SHAPES[Kind.CALIPER].clicks
    drawing.click(start)
    drawing.player.focus()
    drawing.page.keyboard.press("End")
    expect(drawing.panel).to_have_attribute("data-frame-index", str(FRAMES - 1))
    drawing.click((500, 100))
    expect(drawing.panel).to_have_attribute("data-frame-index", "0")
    expect(drawing.page.get_by_text("The mark was begun on frame 1")).to_be_attached()
    drawing.kept(0)
    drawing.click(end)
    (mark,) = drawing.kept(1)
    assert mark.place.frame_span == (0, 0)
    assert_as_shown(mark, SHAPES[Kind.CALIPER])


def test_every_kind_is_drawn_moved_and_deleted_by_keyboard_alone(board: Callable[..., Board]) -> None:
    drawing = board()
    for count, (kind, shape) in enumerate(SHAPES.items(), start=1):
        drawing.tool(shape.tool).focus()
        drawing.page.keyboard.press("Enter")
        before = drawing.kept(count)[-1].every_points_px()[0]
        assert drawing.kept(count)[-1].kind is kind
        drawing.page.keyboard.press("ArrowRight")
        drawing.page.keyboard.press("Shift+ArrowUp")
        drawing.expect_kept(len(before) - 1, (before[-1][0] + 1, before[-1][1] - 10))
    drawing.tool("Caliper").focus()
    drawing.page.keyboard.press("Enter")
    drawing.kept(len(SHAPES) + 1)
    drawing.page.keyboard.press("Delete")
    drawing.kept(len(SHAPES))
    expect(drawing.player.root).to_be_focused()


def test_a_caliper_of_30_mm_says_so_with_its_uncertainty_and_is_pulled_by_its_end(
    board: Callable[..., Board],
) -> None:
    drawing = board()
    drawing.tool("Caliper").click()
    drawing.click((100, 200), (400, 200))
    drawing.kept(1)
    drawing.row.get_by_label("Label", exact=True).fill("gap")
    drawing.page.keyboard.press("Enter")
    expect(drawing.handle("end 1 of caliper “gap”, 30.0 mm ± 0.7 mm")).to_be_visible()
    expect(drawing.row.locator(".msus-mark-measure")).to_have_text("30.0 ± 0.7 mm")
    drawing.drag(((400, 200), (500, 200)))
    expect(drawing.handle(re.compile("^end 2 of caliper “gap”, 40.0 mm"))).to_be_visible()
    drawing.drag(((300, 200), (300, 220)))  # all of it, by its middle
    drawing.expect_kept(0, (100, 220))
    assert drawing.kept(1)[0].label == "gap"
    drawing.click((100, 100), (200, 30))
    expect(
        drawing.handle(re.compile(r"end 1 of caliper, \d+\.\d px ± .*outside the calibrated part"))
    ).to_be_visible()


def test_a_corner_is_put_in_and_taken_out(board: Callable[..., Board]) -> None:
    drawing = board()
    drawing.tool("Area").click()
    drawing.click(*SHAPES[Kind.AREA].clicks)
    drawing.page.keyboard.press("Enter")
    drawing.kept(1)
    drawing.drag(((380, 300), (380, 250)))
    drawing.expect_kept(1, (380, 250))
    drawing.handle(re.compile("^corner 2 of area")).focus()
    drawing.page.keyboard.press("Delete")
    drawing.expect_kept(1, (420, 300))
    assert_as_shown(drawing.kept(1)[0], SHAPES[Kind.AREA])


def test_a_mark_lives_on_a_frame_a_range_or_a_track_with_key_frames(board: Callable[..., Board]) -> None:
    drawing = board()
    drawing.tool("Caliper").click()
    drawing.drag(SHAPES[Kind.CALIPER].drag)
    drawing.kept(1)
    life = drawing.row.get_by_label("Shown on")
    ink = SHAPES[Kind.CALIPER].ink
    drawing.player.focus()
    drawing.page.keyboard.press("End")
    drawing.expect_ink(ink, there=False)
    life.select_option("whole")
    drawing.expect_ink(ink)
    life.select_option("track")
    drawing.handle(re.compile("^end 1")).focus()
    drawing.page.keyboard.press("Shift+ArrowDown")
    drawing.expect_ink((100, 260 + 10 * 260 / 300))
    drawing.player.focus()
    for _ in range(5):
        drawing.page.keyboard.press("Shift+ArrowLeft")
    drawing.row.get_by_role("button", name="Outside from here").click()
    drawing.expect_ink(ink, there=False)
    drawing.page.keyboard.press("Home")
    drawing.expect_ink(ink)
    (mark,) = drawing.kept(1)
    assert mark.place.frame_span == (0, FRAMES - 1)
    assert [mark.sighting(at) is None for at in (0, 48, 49, 60)] == [False, False, True, True]


def test_h_hides_what_was_drawn_and_the_hand_takes_hold_of_it_again(board: Callable[..., Board]) -> None:
    drawing = board()
    drawing.tool("Caliper").click()
    drawing.drag(SHAPES[Kind.CALIPER].drag)
    drawing.kept(1)
    drawing.player.focus()
    drawing.page.keyboard.press("h")
    expect(drawing.marks).to_be_hidden()
    expect(drawing.handle(re.compile("^end 1 of caliper"))).to_have_count(0)
    drawing.page.keyboard.press("h")
    drawing.expect_ink(SHAPES[Kind.CALIPER].ink)
    drawing.page.keyboard.press("Escape")
    expect(drawing.handle(re.compile("^end 1 of caliper"))).to_have_count(0)
    drawing.tool("Choose").click()
    drawing.drag(((100, 260), (120, 280)))
    expect(drawing.handle(re.compile("^end 1 of caliper"))).to_be_visible()
    drawing.expect_kept(0, (80, 280))


def test_on_a_phone_marks_are_drawn_by_taps_and_pulled_by_large_handles(board: Callable[..., Board]) -> None:
    drawing = board(width=390, height=844, has_touch=True, is_mobile=True)
    drawing.tool("Caliper").click()
    for point in ((200, 300), (400, 300)):
        drawing.page.touchscreen.tap(*drawing.at(point))
    drawing.kept(1)
    drawing.tool("Area").click()
    for point in ((200, 200), (400, 200), (400, 260), (200, 260), (200, 200)):
        drawing.page.touchscreen.tap(*drawing.at(point))
    assert [mark.kind for mark in drawing.kept(2)] == [Kind.CALIPER, Kind.AREA]
    box = drawing.handle(re.compile("^corner 1 of area")).bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) > 43.9
    assert drawing.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    drawing.row.get_by_role("button", name="Details of the mark").tap()
    expect(drawing.row.get_by_role("button", name="Follow the tissue").get_by_text("Follow")).to_be_visible()
    line = drawing.row.get_by_role("group", name="The mark in the hand")
    assert (line.bounding_box() or {"width": 999})["width"] <= 390


def test_a_mark_is_taken_in_the_hand_from_the_list_and_brought_on_the_screen(
    board: Callable[..., Board],
) -> None:
    drawing = board()
    drawing.tool("Caliper").click()
    drawing.drag(SHAPES[Kind.CALIPER].drag)
    drawing.kept(1)
    drawing.player.focus()
    drawing.page.keyboard.press("Escape")
    drawing.page.keyboard.press("End")
    drawing.player.button("Draw").first.click()
    expect(drawing.row).to_be_hidden()
    drawing.player.button("List of marks").click()
    drawing.player.root.get_by_role("button", name="Take caliper in the hand").click()
    expect(drawing.panel).to_have_attribute("data-frame-index", "0")
    expect(drawing.handle(re.compile("^end 1 of caliper, 30.0 mm"))).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe_finds_nothing_serious_in_the_drawing_tools(board: Callable[..., Board], scheme: str) -> None:
    drawing = board(color_scheme=scheme, bypass_csp=True)
    drawing.tool("Caliper").click()
    drawing.drag(SHAPES[Kind.CALIPER].drag)
    drawing.kept(1)
    drawing.row.get_by_label("Shown on").select_option("track")
    drawing.row.get_by_role("button", name="Details of the mark").click()
    expect(drawing.row.get_by_label("Concept")).to_be_visible()
    options = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}
    found = Axe().run(drawing.page, options=options).response["violations"]
    serious = [violation for violation in found if violation["impact"] in {"serious", "critical"}]
    assert not serious, serious


def test_a_concept_from_the_list_is_kept_with_its_code(board: Callable[..., Board]) -> None:
    drawing = board()
    drawing.tool("Ellipse").click()
    drawing.drag(SHAPES[Kind.ELLIPSE].drag)
    drawing.kept(1)
    drawing.row.get_by_role("button", name="Details of the mark").click()
    drawing.row.get_by_label("Concept").fill("haematoma")
    drawing.row.get_by_label("Note for the learner").fill("Dark at rest.")
    drawing.row.get_by_role("button", name="Colour: sky blue").click()
    drawing.page.wait_for_function(
        "key => JSON.parse(localStorage.getItem(key)).marks[0].style.colour === 'sky-blue'", arg=KEY
    )
    (mark,) = drawing.kept(1)
    assert mark.concept is not None
    assert (mark.concept.scheme, mark.concept.code) == ("SCT", "35566002")
    assert (mark.label, mark.note, mark.style.colour.value) == ("haematoma", "Dark at rest.", "sky-blue")
