"""Exports as the player asks for them: told before, with progress, stopped, one at a time, and gone afterwards."""

import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import httpx
import pydicom
import pytest
from PIL import Image

from annotations.errors import ExportError
from annotations.exporting import PRODUCTS
from tests.running import RunningApp
from viewer.exports import KEPT_S, MAX_WAITING, Exports

CLIP = "/api/cases/rectus-femoris-tear/clips/long-axis-defect/exports"
VISITOR = {"X-Visitor": "a-visitor-of-the-tests"}


@pytest.fixture(scope="module")
def client(app: RunningApp) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=app.url, timeout=120) as opened:
        yield opened


@pytest.fixture
def exports(tmp_path: Path) -> Iterator[Exports]:
    opened = Exports(tmp_path)
    yield opened
    opened.close()


def _made(
    client: httpx.Client, wish: dict[str, Any], visitor: dict[str, str] = VISITOR
) -> list[dict[str, Any]]:
    answer = client.post(CLIP, json=wish, headers=visitor)
    assert answer.status_code == httpx.codes.OK, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def _file(client: httpx.Client, lines: list[dict[str, Any]]) -> tuple[str, bytes]:
    answer = client.get(lines[-1]["ready"])
    assert answer.headers["content-disposition"].startswith("attachment")
    return lines[-1]["name"], answer.content


def test_every_product_is_offered_with_what_it_leaves_out(client: httpx.Client) -> None:
    said = client.post(f"{CLIP}/offer", json={}).json()
    assert {product["id"] for product in said["products"]} == set(PRODUCTS)
    assert [layer["id"] for layer in said["layers"]] == ["teacher"]
    by_id = {product["id"]: product for product in said["products"]}
    assert all(product["hindrance"] is None for product in by_id.values())
    assert any("scale" in sentence for sentence in by_id["seg"]["left_out"])
    assert by_id["json"]["left_out"] == []


def test_a_picture_is_made_at_twice_the_size_under_a_name_of_ids(client: httpx.Client) -> None:
    name, content = _file(client, _made(client, {"product": "png", "frame_index": 33, "scale": 2}))
    assert name == "rectus-femoris-tear_long-axis-defect_frame-34_2x.png"
    with Image.open(io.BytesIO(content), formats=["PNG"]) as picture:
        assert picture.width == 1280


def test_a_film_tells_its_progress_and_has_every_frame(client: httpx.Client) -> None:
    lines = _made(client, {"product": "mp4"})
    told = [line["done"] for line in lines[:-1]]
    assert told == sorted(told)
    assert lines[-2]["done"] == lines[-2]["of"]
    _, content = _file(client, lines)
    with av.open(io.BytesIO(content)) as container:
        assert sum(1 for _ in container.decode(video=0)) == lines[-2]["of"]


def test_a_report_refers_to_the_clip_of_the_case(client: httpx.Client) -> None:
    name, content = _file(client, _made(client, {"product": "sr", "layer": "teacher"}))
    assert name == "rectus-femoris-tear_long-axis-defect_teacher_sr.dcm"
    assert pydicom.dcmread(io.BytesIO(content)).Modality == "SR"


@pytest.mark.parametrize(
    ("wish", "status", "said"),
    [
        ({"product": "word"}, 422, "not known"),
        ({"product": "png", "scale": 3}, 422, "1 or 2 times"),
        ({"product": "sr", "layer": "absent"}, 422, "no layer"),
        ({"product": 7}, 422, "not understood"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_in_one_sentence(
    client: httpx.Client, wish: dict[str, Any], status: int, said: str
) -> None:
    answer = client.post(CLIP, json=wish, headers=VISITOR)
    assert answer.status_code == status, answer.text
    assert said in answer.json()["error"]


def test_a_frame_that_is_not_there_ends_the_stream_with_a_sentence(client: httpx.Client) -> None:
    lines = _made(client, {"product": "png", "frame_index": 999})
    assert "no frame 1000" in lines[-1]["error"]


@pytest.mark.parametrize(
    "path", ["/api/cases/absent/clips/x/exports", "/api/cases/rectus-femoris-tear/clips/absent/exports"]
)
def test_a_clip_that_is_not_there_is_404(client: httpx.Client, path: str) -> None:
    assert client.post(path, json={}, headers=VISITOR).status_code == httpx.codes.NOT_FOUND


def test_another_site_cannot_start_an_export(client: httpx.Client) -> None:
    assert client.post(CLIP, json={}).status_code == httpx.codes.BAD_REQUEST


def test_no_ticket_that_nobody_was_given_leads_to_a_file(client: httpx.Client) -> None:
    for ticket in ("x" * 32, "x", "a.b"):
        assert client.get(f"/api/exports/{ticket}").status_code == httpx.codes.NOT_FOUND


def test_an_export_that_is_stopped_leaves_nothing_behind(client: httpx.Client, app: RunningApp) -> None:
    visitor = {"X-Visitor": "somebody-who-goes-away"}
    with client.stream("POST", CLIP, json={"product": "webm"}, headers=visitor) as answer:
        next(answer.iter_lines())
    # The next export of the same visitor is taken as soon as the first has ended, and only then.
    for _ in range(600):
        again = client.post(CLIP, json={"product": "png"}, headers=visitor)
        if again.status_code == httpx.codes.OK:
            break
        assert again.status_code == httpx.codes.TOO_MANY_REQUESTS
        threading.Event().wait(0.1)
    assert again.status_code == httpx.codes.OK
    assert not list((app.data_folder / "exports").rglob("*.webm"))
    assert not list((app.data_folder / "exports").rglob("*.part*"))


def test_one_visitor_has_one_export_at_a_time(exports: Exports) -> None:
    going = threading.Event()
    first = exports.begin("visitor", "a.png")
    work = exports.run(first, lambda: (going.wait(30), None)[1])
    with pytest.raises(ExportError, match="under way"):
        exports.begin("visitor", "b.png")
    exports.begin("somebody else", "b.png")
    going.set()
    work.result(timeout=30)
    first.target.write_bytes(b"x")
    assert exports.find(first.ticket) == first.target
    second = exports.begin("visitor", "c.png")
    assert exports.find(first.ticket) is None
    assert not first.target.exists()
    assert second.ticket != first.ticket


def test_a_server_with_many_exports_under_way_says_so(exports: Exports) -> None:
    for number in range(MAX_WAITING):
        exports.begin(f"visitor {number}", "a.png")
    with pytest.raises(ExportError, match="try again in a minute"):
        exports.begin("one more", "a.png")


def test_a_file_that_nobody_fetches_is_deleted(tmp_path: Path) -> None:
    now_s = 0.0
    exports = Exports(tmp_path, lambda: now_s)
    export = exports.begin("visitor", "a.png")
    export.target.write_bytes(b"x")
    exports.run(export, lambda: None).result(timeout=30)
    now_s = KEPT_S + 1
    exports.begin("somebody else", "b.png")
    assert exports.find(export.ticket) is None
    assert not export.target.exists()
    exports.close()
    assert list(tmp_path.iterdir()) == []
