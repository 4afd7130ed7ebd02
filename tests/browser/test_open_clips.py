"""Open clips: real files compared at once, bad ones named beside them, and nothing left behind."""

import re
import time
import zipfile
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.numbered_cases import NUMBERED
from tests.browser.player import Player, choose_files, drop_files, expect_at_rest, expect_drawn, line_of
from tests.cases.clip_factory import JPEG_BASELINE, write_dicom, write_png, write_video
from tests.running import RunningApp
from tests.shared_data import needs_shared_data, shared

PASSIVE = "muscle_clips_ccby/p6_passive_ROM_01_push_01.mp4"
ISOMETRIC = "muscle_clips_ccby/p6_isometric_max_01_push_01.mp4"


@needs_shared_data
def test_two_real_clips_and_a_real_mr_series_stand_side_by_side(open_page: OpenPage) -> None:
    page = open_page("/open_clips")
    choose_files(
        page,
        [shared(PASSIVE), shared(ISOMETRIC), *sorted(shared("mr_brain_series").glob("brain_00[2-9].dcm"))],
    )
    expect(line_of(page, "p6_passive")).to_contain_text("394 frames · 1148 × 624 px")
    expect(line_of(page, "p6_isometric")).to_contain_text("197 frames · 1148 × 624 px")
    expect(line_of(page, "brain_002")).to_contain_text("8 slices · 256 × 256 px")
    player = Player(page)
    player.wait_first_picture()
    frames = {
        role: player.panel(role).get_attribute("data-frames") for role in ("static", "rest", "contraction")
    }
    assert frames == {"static": "8", "rest": "394", "contraction": "197"}
    player.focus()
    page.keyboard.press("Home")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(player.panel("rest")).to_have_attribute("data-frame-index", "5")
    expect(player.panel("contraction")).to_have_attribute("data-frame-index", "5")


@needs_shared_data
@pytest.mark.parametrize(
    ("name", "frames"),
    [
        ("us_dicom_real/IM00001.implicit_little_endian.dcm", 8),
        ("us_dicom_real/IM00001.fragmented_no_bot_jpeg_baseline.50.dcm", 8),
        ("us_dicom_real/ybr422-raw.dcm", None),
        ("derived/us_mf_rle_mono.dcm", 13),
        ("derived/us_mf_jpeg_baseline_ybr422_bot.dcm", 13),
        ("derived/us_mf_j2k_lossless_rgb.dcm", 13),
        ("mr_cine_heart/explicit_little.dcm", None),
        ("mr_knee/jpeg2000-multiframe-multifragments.dcm", None),
    ],
)
def test_each_real_file_opens_and_draws_every_frame(
    open_page: OpenPage, name: str, frames: int | None
) -> None:
    page = open_page("/open_clips")
    choose_files(page, [shared(name)])
    player = Player(page)
    player.wait_all_frames()
    panel = page.locator(".msus-panel")
    expect(panel).to_have_attribute("data-state", "ready")
    if frames is not None:
        expect(panel).to_have_attribute("data-frames", str(frames))
    brightest = panel.locator(".msus-picture").evaluate(
        "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data"
        ".reduce((most, value, i) => (i % 4 === 1 ? Math.max(most, value) : most), 0)"
    )
    assert brightest > 60


def test_what_is_said_below_a_single_picture_begins_at_its_edge(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("/open_clips")
    choose_files(page, [write_png(tmp_path / "still.png", NUMBERED.frame(3))])
    Player(page).wait_all_frames()
    note, picture = (page.locator(f".msus-panel {part}") for part in (".msus-readout strong", ".msus-stage"))
    expect(note).to_have_text("does not move")
    below, above = note.bounding_box(), picture.bounding_box()
    assert below is not None
    assert above is not None
    assert below["x"] == pytest.approx(above["x"], abs=1)


def test_a_zip_is_opened_like_the_files_in_it(open_page: OpenPage, tmp_path: Path) -> None:
    write_dicom(tmp_path / "rest.dcm", NUMBERED, JPEG_BASELINE)
    write_video(tmp_path / "contraction.mp4", NUMBERED)
    archive = tmp_path / "clips.zip"
    with zipfile.ZipFile(archive, "w") as bundle:
        for name in ("rest.dcm", "contraction.mp4"):
            bundle.write(tmp_path / name, f"thigh/{name}")
    page = open_page("/open_clips")
    choose_files(page, [archive])
    player = Player(page)
    player.wait_all_frames()
    expect(page.locator(".msus-panel")).to_have_count(2)


def _jump(folder: Path, *frame_indices: int) -> Path:
    """Write numbered pictures into a folder, and a note beside them."""
    folder.mkdir(parents=True)
    for frame_index in frame_indices:
        write_png(folder / f"frame_{frame_index}.png", NUMBERED.frame(frame_index))
    return folder


def test_a_chosen_folder_of_numbered_pictures_opens_as_one_clip(open_page: OpenPage, tmp_path: Path) -> None:
    folder = _jump(tmp_path / "jump", 9, 10, 11, 8)
    (folder / "left").mkdir()
    write_dicom(folder / "left" / "a.dcm", NUMBERED, JPEG_BASELINE)
    page = open_page("/open_clips")
    choose_files(page, folder, "Choose a folder")
    expect(page.locator(".intake-line")).to_have_count(2)
    expect(line_of(page, "jump/frame_8.png and 3 more")).to_contain_text("4 frames")
    expect(line_of(page, "jump/left/a.dcm")).to_contain_text("opened")
    player = Player(page)
    player.wait_all_frames()
    player.focus()
    page.keyboard.press("Home")
    expect_drawn(page, "rest", 8)
    page.keyboard.press("ArrowRight")
    expect_drawn(page, "rest", 9)


def test_folders_and_files_dropped_together_keep_their_own_paths(open_page: OpenPage, tmp_path: Path) -> None:
    one, two = _jump(tmp_path / "one" / "jump", 1, 2, 3), _jump(tmp_path / "two" / "jump", 20, 21, 22)
    clip = write_dicom(tmp_path / "alone.dcm", NUMBERED, JPEG_BASELINE)
    page = open_page("/open_clips")
    drop_files(page, [one, clip, two])
    expect_at_rest(page, 1)
    expect(page.locator(".intake-name")).to_have_text(
        [
            "1. jump/frame_1.png and 2 more",
            "2. alone.dcm",
            re.compile(r"3\. jump( \(1\))?/frame_20\.png and 2 more"),  # Chromium numbers folders of one name
        ]
    )
    expect(page.locator(".intake-line", has_text="3 frames")).to_have_count(2)
    Player(page).wait_all_frames()


def test_an_identity_in_a_header_is_warned_of_and_never_shown(
    open_page: OpenPage, app: RunningApp, tmp_path: Path
) -> None:
    def name_somebody(dataset: object) -> None:
        dataset.PatientName = "Canary^Quodlibet"  # type: ignore[attr-defined]
        dataset.PatientID = "ZX81-4711"  # type: ignore[attr-defined]

    clip = write_dicom(tmp_path / "Canary_named.dcm", NUMBERED, JPEG_BASELINE, change=name_somebody)
    bad = tmp_path / "Quodlibet.dcm"
    bad.write_bytes(b"")
    page = open_page("/open_clips")
    choose_files(page, [clip, bad])
    expect(line_of(page, "named.dcm")).to_contain_text("identity is in the header")
    expect(page.get_by_role("alert").filter(has_text="identity")).to_be_visible()
    Player(page).wait_all_frames()
    written = app.log.read_text(errors="replace")
    assert "import refused: EMPTY" in written
    assert "imported: files=1 container=dicom codec=jpeg_baseline" in written
    assert "Canary^Quodlibet" not in page.content()
    for canary in ("Canary", "Quodlibet", "ZX81"):
        assert canary not in written
        kept = [path for path in app.data_folder.rglob("*") if path.is_file()]
        assert not any(canary.encode() in path.read_bytes() for path in kept)


def test_nothing_of_a_visit_is_cached_or_kept(open_page: OpenPage, app: RunningApp, tmp_path: Path) -> None:
    clip = write_dicom(tmp_path / "visit.dcm", NUMBERED, JPEG_BASELINE)
    page = open_page("/open_clips")
    with page.expect_response("**/api/visits/*/clips/*") as fetched:
        choose_files(page, [clip])
    Player(page).wait_all_frames()
    assert fetched.value.headers["cache-control"] == "no-store"
    url = fetched.value.url
    assert httpx.get(url).status_code == httpx.codes.OK
    token = url.split("/visits/")[1].split("/")[0]
    folders = list((app.data_folder / "visits").glob(f"*/{token}"))
    assert len(folders) == 1
    assert not [path for path in (folders[0] / "arriving").rglob("*") if path.is_file()]
    page.close()
    _until_gone(folders[0])
    assert httpx.get(url).status_code == httpx.codes.NOT_FOUND


def test_closing_all_clips_deletes_them_from_the_server(
    open_page: OpenPage, app: RunningApp, tmp_path: Path
) -> None:
    clip = write_dicom(tmp_path / "closed.dcm", NUMBERED, JPEG_BASELINE)
    page = open_page("/open_clips")
    with page.expect_response("**/api/visits/*/clips/*") as fetched:
        choose_files(page, [clip])
    token = fetched.value.url.split("/visits/")[1].split("/")[0]
    page.get_by_role("button", name="Close all clips").click()
    expect(page.locator(".msus-player")).to_have_count(0)
    assert not list((app.data_folder / "visits").glob(f"*/{token}"))


def _until_gone(folder: Path) -> None:
    deadline = time.monotonic() + 20
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()
