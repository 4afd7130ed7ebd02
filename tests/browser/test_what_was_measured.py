"""What is drawn of a measured clip: the probe held still, the muscle ends, curves; read from the screen."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.measured_cases import (
    COLUMNS,
    FRAMES,
    GAP_MM,
    ROWS,
    SLIDE_PX,
    keep_measurement,
    left_px,
    right_px,
    write_measured_case,
)
from tests.browser.player import Player
from tests.running import RunningApp, running_app


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    root, folder = tmp_path_factory.mktemp("measured"), tmp_path_factory.mktemp("measured-app")
    write_measured_case(root)
    keep_measurement(root, folder / "data")
    with running_app(folder, cases_folder=root) as running:
        yield running


def _opened(
    open_page: OpenPage, app: RunningApp, comparison: str, frame_index: int, **options: Any
) -> Player:
    address = f"/compare?case=sliding&compare={comparison}&clip=slide&frame={frame_index + 1}"
    player = Player(open_page(address, base=app.url, height=1300, **options))
    player.wait_all_frames()
    player.focus()
    return player


def _picture(player: Player) -> NDArray[np.float64]:
    """Return the picture of the contraction as it is on the screen, at the clip's own size."""
    box = player.panel("contraction").locator("canvas.msus-picture").bounding_box()
    assert box is not None
    shot = cv2.imdecode(np.frombuffer(player.page.screenshot(), np.uint8), cv2.IMREAD_COLOR_RGB)
    corners = np.float32([[box["x"], box["y"]], [box["x"] + box["width"], box["y"]], [box["x"], box["y"] + box["height"]]])  # fmt: skip
    matrix = cv2.getAffineTransform(corners, np.float32([[0, 0], [COLUMNS, 0], [0, ROWS]]))
    return np.asarray(cv2.warpAffine(shot, matrix, (COLUMNS, ROWS)), dtype=np.float64)


def _change(before: NDArray[np.float64], after: NDArray[np.float64], at: tuple[float, float]) -> float:
    """Largest change of a channel within 3 px of a place."""
    x, y = round(at[0]), round(at[1])
    around = np.s_[y - 3 : y + 4, x - 3 : x + 4]
    return float(np.abs(after[around] - before[around]).max())


def test_the_difference_is_dark_once_the_motion_of_the_probe_is_taken_out(
    open_page: OpenPage, measured: RunningApp
) -> None:
    player = _opened(open_page, measured, "held", 24)
    page = player.page
    page.keyboard.press("5")
    hold = player.button("Hold the probe still")
    expect(hold).to_have_attribute("aria-pressed", "true")
    expect(player.root.get_by_text("is taken out")).to_be_visible()
    expect(player.root.get_by_text("up to 7.8 mm and 0.0°")).to_be_visible()
    page.keyboard.press("h")
    player.at_rest()
    inside = np.s_[80:430, 64 + 24 * SLIDE_PX + 4 : 560]
    assert np.percentile(_picture(player)[inside], 95) < 40
    page.keyboard.press("k")
    expect(hold).to_have_attribute("aria-pressed", "false")
    expect(player.root.get_by_text("As recorded")).to_be_visible()
    player.at_rest()
    assert _picture(player)[inside].mean() > 60


def test_ends_at_rest_and_their_way_are_drawn_in_every_layout(
    open_page: OpenPage, measured: RunningApp
) -> None:
    player = _opened(open_page, measured, "held", 30)
    page = player.page
    now, passed = 30, 15
    # Where frame 15's tissue lies under the probe of frame 30.
    way = [(x + SLIDE_PX * (now - passed), y) for x, y in (left_px(passed), right_px(passed))]
    for layout in "1", "2", "3", "4", "5", "6":
        page.keyboard.press(layout)
        if layout == "2":
            page.get_by_role("slider", name="Curtain").press("Home")
            player.focus()
        expect(page.locator(".msus-tissue:visible")).to_have_count(0)
        player.at_rest()
        before = _picture(player)
        page.keyboard.press("w")
        expect(player.root.get_by_text("Way that the muscle ends took").locator("..")).to_have_attribute(
            "aria-pressed", "true"
        )
        expect(page.locator(".msus-tissue:visible").last).to_be_visible()
        player.at_rest()
        after = _picture(player)
        for x, y in way:
            assert _change(before, after, (x, y)) > 50, layout
            assert _change(before, after, (x, y + 60)) < 20, layout
        page.keyboard.press("w")
    page.keyboard.press("1")
    expect(page.locator(".msus-tissue:visible")).to_have_count(0)
    player.at_rest()
    before = _picture(player)
    page.keyboard.press("g")
    expect(player.root.get_by_text("Muscle ends at rest (as tracked)")).to_be_visible()
    player.at_rest()
    after = _picture(player)
    for x, y in (left_px(0), right_px(0)):
        column = round(x + SLIDE_PX * now)
        bar = np.s_[round(y) - 34 : round(y) + 35, column - 2 : column + 3]
        assert (np.abs(after[bar] - before[bar]).max(axis=(1, 2)) > 30).mean() > 0.8
    page.keyboard.press("h")
    expect(player.root.get_by_text("Muscle ends at rest (")).to_have_count(0)


def test_strain_is_laid_over_the_picture_where_it_can_be_relied_on(
    open_page: OpenPage, measured: RunningApp
) -> None:
    now = 20
    player = _opened(open_page, measured, "alone", now)
    player.at_rest()
    before = _picture(player)
    player.page.keyboard.press("e")
    expect(player.root.get_by_text("−30 % shorter")).to_be_visible()
    expect(player.root.get_by_text("since rest (frame 1)")).to_be_visible()
    player.at_rest()
    added = _picture(player) - before
    moved = SLIDE_PX * now
    for x, hue in ((150, "blue"), (320, None), (450, "orange")):
        red, _, blue = added[150:400, x + moved - 20 : x + moved + 20].reshape(-1, 3).mean(axis=0)
        assert {"blue": blue > red + 60, "orange": red > blue + 60, None: abs(red - blue) < 3}[hue], (
            x,
            red,
            blue,
        )
    player.page.keyboard.press("h")
    expect(player.root.get_by_text("−30 % shorter")).to_have_count(0)


def test_a_line_that_follows_the_tissue_shows_the_same_tissue_at_all_times(
    open_page: OpenPage, measured: RunningApp
) -> None:
    player = _opened(open_page, measured, "alone", 0)
    player.page.keyboard.press("6")
    follow = player.button("Line follows the tissue")
    expect(player.root.get_by_text("fixed in the picture")).to_be_visible()
    strip = player.root.locator(".msus-m-strip")

    def unlike() -> float:
        """How much the grey of a row of the strip varies in time, on average over its rows."""
        box = strip.bounding_box()
        assert box is not None
        shot = cv2.imdecode(np.frombuffer(player.page.screenshot(), np.uint8), cv2.IMREAD_GRAYSCALE)
        rows = slice(round(box["y"]) + 2, round(box["y"] + box["height"]) - 22)
        columns = slice(round(box["x"]) + 80, round(box["x"] + box["width"]) - 4)
        return float(np.median(shot[rows, columns].astype(float).std(axis=1)))

    player.at_rest()
    assert unlike() > 20
    follow.click()
    expect(player.root.get_by_text("follows the tissue from frame 1")).to_be_visible()
    player.at_rest()
    assert unlike() < 12


def test_a_second_curve_is_laid_over_the_gap_with_its_own_axis_and_source(
    open_page: OpenPage, measured: RunningApp
) -> None:
    player = _opened(open_page, measured, "alone", 10)
    choice = player.root.get_by_role("combobox", name="Second curve")
    expect(choice.get_by_role("option")).to_have_text(["none", "Thickness", "Torque"])

    def track() -> NDArray[np.uint8]:
        box = player.scrubber.bounding_box()
        assert box is not None
        shot = cv2.imdecode(np.frombuffer(player.page.screenshot(), np.uint8), cv2.IMREAD_COLOR_RGB)
        rows, columns = (
            slice(round(a), round(a + b)) for a, b in ((box["y"], box["height"]), (box["x"], box["width"]))
        )
        return np.asarray(shot[rows, columns], dtype=np.uint8)

    player.at_rest()
    before = track().astype(int)
    choice.select_option("Torque")
    second = player.root.locator('[data-curve="second"]')
    expect(second).to_contain_text("Torque now 25.0 N m")
    expect(second).to_contain_text("as recorded")
    player.at_rest()
    light_blue = (track() @ np.array([-1, 0, 1])) > 60
    changed = light_blue & (np.abs(track().astype(int) - before).max(axis=2) > 40)
    width = changed.shape[1]
    middles = [int(np.median(np.flatnonzero(part.any(axis=1)))) for part in np.array_split(changed[:, 60 : width - 70], 6, axis=1)]  # fmt: skip
    assert all(upper > lower + 3 for upper, lower in pairwise(middles))  # it rises
    assert changed[:, -40:].any()  # its axis, at the right
    player.focus()
    player.page.keyboard.press("ArrowRight")
    expect(second).to_contain_text("Torque now 27.5 N m")
    choice.select_option("none")
    expect(second).to_be_hidden()


def test_the_sentence_to_take_away_is_filled_from_the_tracked_curve(
    open_page: OpenPage, measured: RunningApp
) -> None:
    player = _opened(open_page, measured, "held", 0)
    page = player.page
    expect(page.get_by_text(f"From {GAP_MM[0]:.1f} mm to {GAP_MM[-1]:.1f} mm.")).to_be_visible()
    expect(player.root.locator(".msus-gap")).to_contain_text("Gap now 4.0 ± 0.4 mm")
    page.keyboard.press(".")
    assert player.at_rest()["contraction"].named == FRAMES - 1
