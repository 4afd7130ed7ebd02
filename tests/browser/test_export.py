"""Pictures, films and files of marks leave the player by a button, and an author's files of marks come in."""

import json
import re
from pathlib import Path

import pydicom
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from annotations.document import read_document
from annotations.layers import bundled_documents
from tests.browser.conftest import OpenPage
from tests.browser.numbered_cases import NUMBERED
from tests.browser.player import Player, choose_files
from tests.cases.clip_factory import JPEG_BASELINE, write_dicom
from tests.running import RunningApp

CASE = "rectus-femoris-tear"
PATH = f"/compare?case={CASE}"
OWN_KEY = f"msus-marks/case/{CASE}/long-axis-defect"
READ_LIMIT_MS = 30_000
OWN_COUNT = (
    "([key, count]) => (JSON.parse(localStorage.getItem(key) ?? 'null')?.marks ?? []).length === count"
)


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
    page.goto(app.author_link)
    page.goto(app.url + PATH)
    sheet = _sheet(Player(page))
    sheet.get_by_label("File").set_input_files(marks)
    expect(sheet).to_contain_text("CVAT for video: 1 mark", timeout=READ_LIMIT_MS)
    expect(sheet.get_by_role("textbox", name="Name")).to_have_value("reader one")
    sheet.get_by_role("button", name="Keep as a layer").click()
    expect(sheet).to_contain_text("1 mark is kept in the layer “reader one”.", timeout=READ_LIMIT_MS)
    page.evaluate("window.sameDocument = true")
    sheet.get_by_role("button", name="Show it").click()
    expect(sheet).to_be_hidden()
    player = Player(page)
    expect(player.root.get_by_role("group", name="The mark in the hand")).to_be_visible()
    expect(player.root.get_by_role("textbox", name="Label", exact=True)).to_have_value("Gap")
    assert page.evaluate("window.sameDocument"), "shown without loading the page again"
    (layer,) = [
        layer["document"]["layer"]["id"]
        for layer in page.request.get(f"{app.url}/api/cases/{CASE}/layers").json()["layers"]
        if layer["document"]["layer"]["title"] == "reader one"
    ]
    removed = page.request.delete(f"{app.url}/api/cases/{CASE}/layers/{layer}", headers={"Origin": app.url})
    assert removed.ok


def test_a_reader_takes_a_file_into_her_own_marks_and_out_again_and_exports_them(
    open_page: OpenPage, tmp_path: Path
) -> None:
    shape = '<polyline frame="3" outside="0" keyframe="1" points="10,20;40,20"></polyline>'
    mask = '<mask frame="3" outside="0" keyframe="1"></mask>'
    tracks = "".join(
        f'<track id="{number}" label="Gap {number}">{shape}{mask}</track>' for number in range(2)
    )
    marks = tmp_path / "reader.xml"
    marks.write_text(f"<annotations>{tracks}</annotations>")
    page = open_page(PATH)
    player = Player(page)
    sheet = _sheet(player)
    sheet.get_by_label("File").set_input_files(marks)
    found = sheet.locator(".msus-import-found")
    expect(found).to_have_text(
        re.compile("^What is left out.*mask.*CVAT for video: 2 marks"), timeout=READ_LIMIT_MS
    )
    expect(sheet.get_by_role("button", name="Keep as a layer")).to_have_count(0)
    take = sheet.get_by_role("button", name="Take into my marks")
    take.click()
    expect(sheet).to_contain_text("2 marks are now among your own", timeout=READ_LIMIT_MS)
    page.wait_for_function(OWN_COUNT, arg=[OWN_KEY, 2])
    sheet.get_by_role("button", name="Undo the import").click()
    page.wait_for_function(OWN_COUNT, arg=[OWN_KEY, 0])
    sheet.get_by_label("File").set_input_files(marks)
    take.click()
    page.wait_for_function(OWN_COUNT, arg=[OWN_KEY, 2])

    sheet.get_by_role("combobox", name="Layer").select_option(label="My marks, only in this browser")
    sheet.get_by_role("combobox", name="Export as").select_option(label="DICOM structured report (TID 1500)")
    expect(sheet).to_contain_text("sent to the server, which does not keep them")
    with page.expect_download() as download:
        sheet.get_by_role("button", name="Export", exact=True).click()
    assert download.value.suggested_filename == f"{CASE}_long-axis-defect_private_sr.dcm"
    assert pydicom.dcmread(Path(download.value.path())).Modality == "SR"
    sheet.get_by_role("button", name="Show them").click()
    expect(player.root.get_by_role("textbox", name="Label", exact=True)).to_have_value("Gap 0")
    assert [layer.layer.id for layer in bundled_documents(CASE)] == ["teacher"]


def test_marks_on_an_opened_clip_come_in_and_go_out_and_refer_to_the_file_that_was_opened(
    open_page: OpenPage, tmp_path: Path
) -> None:
    clip = write_dicom(tmp_path / "opened.dcm", NUMBERED, JPEG_BASELINE)
    header = pydicom.dcmread(clip)
    header.StudyInstanceUID, header.SeriesInstanceUID = "2.25.1", "2.25.2"
    header.save_as(clip)
    marks = tmp_path / "reader.xml"
    shape = '<polyline frame="3" outside="0" keyframe="1" points="10,20;40,20"></polyline>'
    marks.write_text(f'<annotations><track id="0" label="Gap">{shape}</track></annotations>')
    page = open_page("/open_clips")
    choose_files(page, [clip])
    player = Player(page)
    sheet = _sheet(player)
    product = sheet.get_by_role("combobox", name="Export as")
    expect(product.locator("optgroup")).to_have_count(2)  # nothing is drawn: pictures and films
    sheet.get_by_label("File").set_input_files(marks)
    sheet.get_by_role("button", name="Take into my marks").click()
    expect(sheet).to_contain_text("1 mark is now among your own", timeout=READ_LIMIT_MS)
    product.select_option(label="DICOM softcopy presentation state")
    expect(sheet).to_contain_text("Who was examined is not in it")
    with page.expect_download() as download:
        sheet.get_by_role("button", name="Export", exact=True).click()
    state = pydicom.dcmread(Path(download.value.path()))
    (series,) = state.ReferencedSeriesSequence
    assert series.ReferencedImageSequence[0].ReferencedSOPInstanceUID == header.SOPInstanceUID
    product.select_option(label="COCO")
    with page.expect_download() as download:
        sheet.get_by_role("button", name="Export", exact=True).click()
    assert json.loads(Path(download.value.path()).read_text(encoding="utf-8"))["annotations"]


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
