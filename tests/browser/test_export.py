"""Pictures, films and files of marks leave the player by a button, and an author's files of marks come in."""

import json
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from annotations.document import read_document
from annotations.layers import bundled_documents
from tests.browser.conftest import OpenPage
from tests.browser.player import Player
from tests.running import RunningApp

CASE = "rectus-femoris-tear"
PATH = f"/compare?case={CASE}"


def _sheet(player: Player) -> Locator:
    player.wait_first_picture()
    player.choose_in("Save, copy, export", "Export pictures, films and marks")
    sheet = player.page.get_by_role("dialog", name="Export and import")
    expect(sheet.get_by_role("button", name="Export", exact=True)).to_be_enabled()
    return sheet


def test_what_is_lost_is_said_and_the_file_is_saved_under_a_name_of_ids(open_page: OpenPage) -> None:
    player = Player(open_page(PATH))
    sheet = _sheet(player)
    product = sheet.get_by_role("combobox", name="Export as")
    product.select_option(label="DICOM segmentation")
    expect(sheet).to_contain_text("The scale (mm per pixel) is left out")
    product.select_option(label="our JSON")
    expect(sheet).to_contain_text("Nothing is left out")
    with player.page.expect_download() as download:
        sheet.get_by_role("button", name="Export", exact=True).click()
    assert download.value.suggested_filename == f"{CASE}_teacher.json"
    exported = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert len(exported["marks"]) == len(bundled_documents(CASE)[0].marks)
    expect(sheet).to_contain_text("is saved")
    player.page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(player.root).to_be_focused()


def test_the_readers_own_marks_are_saved_by_the_browser_itself(open_page: OpenPage) -> None:
    player = Player(open_page(PATH))
    player.wait_first_picture()
    place = {"on": "frame", "frame_index": 3, "points_px": [[9, 9]]}
    mark = {"id": "m", "clip": "long-axis-defect", "kind": "point", "place": place}
    layer = {"id": "private", "title": "My marks", "role": "reader"}
    own = {"schema_version": 1, "case": CASE, "layer": layer, "annotated_frames": [], "marks": [mark]}
    player.page.evaluate(
        "([key, text]) => localStorage.setItem(key, text)",
        [f"msus-marks/case/{CASE}/long-axis-defect", json.dumps(own)],
    )
    sheet = _sheet(player)
    with player.page.expect_download() as download:
        sheet.get_by_role("button", name="Save my own marks").click()
    saved = read_document(Path(download.value.path()))
    assert [each.id for each in saved.marks] == ["m"]


def test_a_film_can_be_stopped_and_another_export_begun(open_page: OpenPage) -> None:
    player = Player(open_page(PATH))
    sheet = _sheet(player)
    product = sheet.get_by_role("combobox", name="Export as")
    product.select_option(label="WebM film (VP9)")
    sheet.get_by_role("button", name="Export", exact=True).click()
    sheet.get_by_role("button", name="Stop the export").click()
    expect(sheet).to_contain_text("Stopped; nothing was kept.")
    product.select_option(index=1)
    with player.page.expect_download() as download:
        # The server may still be drawing the frame at which it was stopped.
        for _ in range(20):
            sheet.get_by_role("button", name="Export", exact=True).click()
            expect(sheet.locator(".msus-export-said")).to_have_text(
                re.compile("saved|under way"), timeout=30_000
            )
            if "saved" in sheet.locator(".msus-export-said").inner_text():
                break
    assert download.value.suggested_filename.endswith("_2x.png")


def test_an_author_looks_at_a_file_keeps_it_and_takes_it_back(
    open_page: OpenPage, app: RunningApp, tmp_path: Path
) -> None:
    shape = '<polyline frame="3" outside="0" keyframe="1" points="10,20;40,20"></polyline>'
    marks = tmp_path / "reader one.xml"
    marks.write_text(f'<annotations><track id="0" label="Gap">{shape}</track></annotations>')
    page = open_page(PATH)
    sheet = _sheet(Player(page))
    expect(sheet).to_contain_text("Only an author may import marks")
    page.goto(app.author_link)
    page.goto(app.url + PATH)
    sheet = _sheet(Player(page))
    sheet.get_by_label("File").set_input_files(marks)
    expect(sheet).to_contain_text("CVAT for video: 1 mark")
    expect(sheet.get_by_role("textbox", name="Name")).to_have_value("reader one")
    sheet.get_by_role("button", name="Keep as a layer").click()
    expect(sheet).to_contain_text("1 mark is kept in the layer “reader one”.")
    sheet.get_by_role("button", name="Undo the import").click()
    expect(sheet).to_contain_text("is taken back")


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe_finds_nothing_serious_in_the_sheet(open_page: OpenPage, scheme: str) -> None:
    player = Player(open_page(PATH, color_scheme=scheme, bypass_csp=True, width=390, height=844))
    player.wait_first_picture()
    player.button("More tools").click()
    _sheet(player)
    options = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}
    found = Axe().run(player.page, options=options).response["violations"]
    serious = [violation["id"] for violation in found if violation["impact"] in {"serious", "critical"}]
    assert not serious, found
