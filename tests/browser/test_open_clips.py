"""Open clips: real files compared at once, bad ones named beside them, and nothing left behind."""

import time
import zipfile
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.numbered_cases import NUMBERED
from tests.browser.player import Player, choose_files
from tests.cases.clip_factory import JPEG_BASELINE, write_dicom, write_video
from tests.running import RunningApp
from tests.shared_data import needs_shared_data, shared

PASSIVE = "muscle_clips_ccby/p6_passive_ROM_01_push_01.mp4"
ISOMETRIC = "muscle_clips_ccby/p6_isometric_max_01_push_01.mp4"


def _line_of(page: Page, name: str) -> str:
    return page.locator("p", has_text=name).first.inner_text()


@needs_shared_data
def test_two_real_clips_and_a_real_mr_series_stand_side_by_side(open_page: OpenPage) -> None:
    page = open_page("/open_clips")
    choose_files(
        page,
        [shared(PASSIVE), shared(ISOMETRIC), *sorted(shared("mr_brain_series").glob("brain_00[2-9].dcm"))],
    )
    assert "394 frames · 1148 × 624 px" in _line_of(page, "p6_passive")
    assert "197 frames · 1148 × 624 px" in _line_of(page, "p6_isometric")
    assert "8 slices · 256 × 256 px" in _line_of(page, "brain_002")
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


def test_a_bad_file_gets_its_sentence_beside_the_good_ones(open_page: OpenPage, tmp_path: Path) -> None:
    good = write_dicom(tmp_path / "good.dcm", NUMBERED, JPEG_BASELINE)
    empty, page_file = tmp_path / "empty.dcm", tmp_path / "page.dcm"
    empty.write_bytes(b"")
    page_file.write_text("<!DOCTYPE html><title>Login</title>")
    page = open_page("/open_clips")
    choose_files(page, [empty, good, page_file])
    expect(page.get_by_role("alert").filter(has_text="empty.dcm")).to_contain_text("empty")
    expect(page.get_by_role("alert").filter(has_text="page.dcm")).to_contain_text("web page")
    player = Player(page)
    player.wait_all_frames()
    player.focus()
    page.keyboard.press("End")
    player.expect_all_show(NUMBERED.frames - 1)


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


def test_a_folder_is_opened_like_the_files_in_it(open_page: OpenPage, tmp_path: Path) -> None:
    folder = tmp_path / "thigh"
    folder.mkdir()
    for name in ("a.dcm", "b.dcm"):
        write_dicom(folder / name, NUMBERED, JPEG_BASELINE)
    page = open_page("/open_clips")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a folder").click()
    chooser.value.set_files(folder)
    Player(page).wait_all_frames()
    expect(page.locator(".msus-panel")).to_have_count(2)


def test_files_dropped_on_the_page_are_opened(open_page: OpenPage, tmp_path: Path) -> None:
    clip = write_dicom(tmp_path / "dropped.dcm", NUMBERED, JPEG_BASELINE)
    page = open_page("/open_clips")
    zone = page.locator(".intake")
    zone.wait_for()
    transfer = page.evaluate_handle(
        """bytes => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], "dropped.dcm"));
            return transfer;
        }""",
        list(clip.read_bytes()),
    )
    zone.dispatch_event("drop", {"dataTransfer": transfer})
    Player(page).wait_all_frames()


def test_an_identity_in_a_header_is_warned_of_and_never_shown(
    open_page: OpenPage, app: RunningApp, tmp_path: Path
) -> None:
    def name_somebody(dataset: object) -> None:
        dataset.PatientName = "Canary^Quodlibet"  # type: ignore[attr-defined]
        dataset.PatientID = "ZX81-4711"  # type: ignore[attr-defined]

    clip = write_dicom(tmp_path / "named.dcm", NUMBERED, JPEG_BASELINE, change=name_somebody)
    page = open_page("/open_clips")
    choose_files(page, [clip])
    expect(page.get_by_role("alert").filter(has_text="identity")).to_be_visible()
    Player(page).wait_all_frames()
    everything = page.content() + app.log.read_text(errors="replace")
    for canary in ("Canary", "Quodlibet", "ZX81"):
        assert canary not in everything
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
