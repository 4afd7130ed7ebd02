"""The routes of marks: kept after the commit, refused with a sentence, and written by authors alone."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from annotations.database import DATABASE_NAME
from annotations.layers import bundled_documents
from tests.running import RunningApp, running_app
from viewer.routes.layers import MAX_GESTURE_BYTES

CASE = "/api/cases/written"
TEAR = "/api/cases/rectus-femoris-tear"
OK, FORBIDDEN = httpx.codes.OK, httpx.codes.FORBIDDEN


@pytest.fixture(scope="module")
def reader(app: RunningApp) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=app.url, timeout=60, headers={"Origin": app.url}) as opened:
        yield opened


@pytest.fixture(scope="module")
def author(app: RunningApp) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=app.url, timeout=60, headers={"Origin": app.url}) as opened:
        opened.get(app.author_link)
        yield opened


@pytest.fixture
def item() -> str:
    return f"mark-{uuid4().hex[:8]}"


def _gesture(item: str, *bases: str, label: str = "Gap", **more: Any) -> dict[str, Any]:
    place = {"on": "frame", "frame_index": 3, "points_px": [[10.0, 20.0], [30.0, 40.0]]}
    content = {"id": item, "clip": "rest", "kind": "caliper", "label": label, "place": place}
    gesture = {"id": str(uuid4()), "case": "written", "layer": "teacher", "item": item, "kind": "mark"}
    return {**gesture, "bases": list(bases), "author": "A. Teacher", "content": content, **more}


def _keep(author: httpx.Client, gesture: dict[str, Any]) -> dict[str, Any]:
    answer = author.post(f"{CASE}/gestures", json=gesture)
    assert answer.status_code == OK, answer.text
    kept: dict[str, Any] = answer.json()
    return kept


def _layer(client: httpx.Client, layer: str = "teacher") -> dict[str, Any]:
    layers = client.get(f"{CASE}/layers").json()["layers"]
    found: dict[str, Any] = next(each for each in layers if each["document"]["layer"]["id"] == layer)
    return found


def _marks(client: httpx.Client) -> dict[str, str]:
    return {mark["id"]: mark["label"] for mark in _layer(client)["document"]["marks"]}


def test_a_gesture_is_kept_acknowledged_and_read_by_everyone(
    author: httpx.Client, reader: httpx.Client, item: str
) -> None:
    gesture = _gesture(item)
    kept = _keep(author, gesture)
    assert (kept["id"], kept["heads"], kept["changed_elsewhere"]) == (gesture["id"], [gesture["id"]], False)
    assert _marks(reader)[item] == "Gap"
    assert _layer(reader)["heads"][item] == [gesture["id"]]


def test_what_is_acknowledged_is_in_the_database(app: RunningApp, author: httpx.Client, item: str) -> None:
    kept = _keep(author, _gesture(item))
    with sqlite3.connect(app.data_folder / DATABASE_NAME) as database:
        rows = database.execute("SELECT id FROM annotation_revisions WHERE item_id = ?", (item,)).fetchall()
    database.close()
    assert rows == [(kept["id"],)]


def test_a_gesture_sent_again_is_kept_once(author: httpx.Client, item: str) -> None:
    gesture = _gesture(item)
    first, again = _keep(author, gesture), _keep(author, gesture)
    assert again["was_known"]
    assert again["sequence"] == first["sequence"]
    assert len(author.get(f"{CASE}/history/teacher/{item}").json()["revisions"]) == 1


def test_a_change_in_two_places_keeps_both_until_one_settles_it(author: httpx.Client, item: str) -> None:
    base = _keep(author, _gesture(item))["id"]
    mine = _keep(author, _gesture(item, base, label="mine"))["id"]
    kept = _keep(author, _gesture(item, base, label="yours"))
    assert kept["changed_elsewhere"]
    assert kept["heads"] == [mine, kept["id"]]
    both = _layer(author)["changed_elsewhere"][item]
    assert [revision["content"]["label"] for revision in both] == ["mine", "yours"]
    settled = _keep(author, _gesture(item, *kept["heads"], label="yours"))
    assert not settled["changed_elsewhere"]
    assert item not in _layer(author)["changed_elsewhere"]
    assert _marks(author)[item] == "yours"


def test_what_others_kept_meanwhile_is_told_as_it_stands(
    author: httpx.Client, reader: httpx.Client, item: str
) -> None:
    before = reader.get(f"{CASE}/layers").json()["sequence"]
    assert reader.get(f"{CASE}/since/{before}").json() == {"sequence": before, "items": []}
    first = _keep(author, _gesture(item, label="first"))
    second = _keep(author, _gesture(item, first["id"], label="second"))
    told = reader.get(f"{CASE}/since/{before}").json()
    assert told["sequence"] == second["sequence"]
    (changed,) = told["items"]
    assert (changed["layer"], changed["item"]) == ("teacher", item)
    assert [head["content"]["label"] for head in changed["heads"]] == ["second"], (
        "not what stood there before"
    )


def test_history_tells_who_when_and_what_and_any_revision_comes_back(author: httpx.Client, item: str) -> None:
    first = _keep(author, _gesture(item, label="first"))["id"]
    gone = _keep(author, _gesture(item, first, content=None))["id"]
    assert item not in _marks(author)
    history = author.get(f"{CASE}/history/teacher/{item}").json()["revisions"]
    assert [revision["id"] for revision in history] == [first, gone]
    assert history[0]["author"] == "A. Teacher"
    assert history[0]["written_at"].endswith("+00:00")
    assert history[1]["content"] is None
    new_id = str(uuid4())
    asked = {"revision_id": first, "new_id": new_id, "author": "A. Teacher"}
    for _ in range(2):
        assert author.post(f"{CASE}/restore", json=asked).json()["heads"] == [new_id]
    assert _marks(author)[item] == "first"
    newest = author.get(f"{CASE}/history/teacher/{item}").json()["revisions"][-1]
    assert (newest["id"], newest["author"]) == (new_id, "A. Teacher")


def test_layers_that_did_not_change_are_not_sent_again(reader: httpx.Client, author: httpx.Client) -> None:
    first = reader.get(f"{CASE}/layers")
    etag = {"If-None-Match": first.headers["etag"]}
    assert reader.get(f"{CASE}/layers", headers=etag).status_code == httpx.codes.NOT_MODIFIED
    _keep(author, _gesture(f"mark-{uuid4().hex[:8]}"))
    assert reader.get(f"{CASE}/layers", headers=etag).status_code == OK
    plain = reader.get(f"{CASE}/layers", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.json() == reader.get(f"{CASE}/layers").json()


def test_the_bundled_marks_are_the_ground_that_edits_lie_on(reader: httpx.Client) -> None:
    (document,) = bundled_documents("rectus-femoris-tear")
    layers = {
        layer["document"]["layer"]["id"]: layer for layer in reader.get(f"{TEAR}/layers").json()["layers"]
    }
    layer = layers[document.layer.id]
    assert [mark["id"] for mark in layer["document"]["marks"]] == [mark.id for mark in document.marks]
    assert layer["heads"] == {}


WRITES = [
    ("POST", f"{CASE}/gestures"),
    ("POST", f"{CASE}/restore"),
    ("GET", f"{CASE}/history/teacher/gap"),
]


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_a_reader_is_refused_with_a_sentence(reader: httpx.Client, method: str, path: str) -> None:
    before = reader.get(f"{CASE}/layers").json()["sequence"]
    answer = reader.request(method, path, json=_gesture("gap") if method == "POST" else None)
    assert answer.status_code == FORBIDDEN
    assert "author link" in answer.json()["error"]
    assert reader.get(f"{CASE}/layers").json()["sequence"] == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_an_author_is_not_made_to_write_by_another_site(
    author: httpx.Client, headers: dict[str, str], item: str
) -> None:
    assert author.post(f"{CASE}/gestures", json=_gesture(item), headers=headers).status_code == FORBIDDEN
    assert item not in _marks(author)


def test_an_author_without_any_sign_of_our_page_is_refused(
    app: RunningApp, author: httpx.Client, item: str
) -> None:
    with httpx.Client(base_url=app.url, cookies=author.cookies) as bare:
        assert bare.post(f"{CASE}/gestures", json=_gesture(item)).status_code == FORBIDDEN


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"case": "uneven"}, 422, "about the case “uneven”"),
        ({"id": "no spaces"}, 422, "id"),
        ({"kind": "layer"}, 422, "not a layer"),
        ({"item": "another"}, 422, "about “another”"),
        ({"content": {"id": "x"}}, 422, "content"),
        ({"bases": ["a"] * 101}, 422, "bases"),
    ],
)
def test_a_gesture_that_cannot_be_kept_gets_one_sentence(
    author: httpx.Client, item: str, change: dict[str, Any], status: int, sentence: str
) -> None:
    answer = author.post(f"{CASE}/gestures", json={**_gesture(item), **change})
    assert answer.status_code == status
    assert sentence in answer.json()["error"]


def test_a_mark_on_a_clip_that_the_case_does_not_have_is_refused(author: httpx.Client, item: str) -> None:
    gesture = _gesture(item)
    gesture["content"]["clip"] = "absent"
    answer = author.post(f"{CASE}/gestures", json=gesture)
    assert (answer.status_code, answer.json()["error"]) == (422, "The case “written” has no clip “absent”.")


def test_the_layers_of_a_case_that_does_not_exist_say_so(reader: httpx.Client) -> None:
    answer = reader.get("/api/cases/absent/layers")
    assert answer.status_code == 404
    assert "no case “absent”" in answer.json()["error"]


def test_a_gesture_for_a_case_that_does_not_exist_says_so(author: httpx.Client, item: str) -> None:
    answer = author.post("/api/cases/absent/gestures", json=_gesture(item, case="absent"))
    assert answer.status_code == 404
    assert "no case “absent”" in answer.json()["error"]


def test_an_id_that_comes_again_with_another_content_is_refused(author: httpx.Client, item: str) -> None:
    gesture = _gesture(item)
    _keep(author, gesture)
    gesture["content"]["label"] = "another"
    assert author.post(f"{CASE}/gestures", json=gesture).status_code == 409
    assert _marks(author)[item] == "Gap"


def test_a_revision_of_another_case_is_not_restored_here(author: httpx.Client, item: str) -> None:
    kept = _keep(author, _gesture(item))["id"]
    asked = {"revision_id": kept, "new_id": str(uuid4())}
    assert author.post("/api/cases/uneven/restore", json=asked).status_code == 404
    assert author.post(f"{CASE}/restore", json={**asked, "revision_id": "absent"}).status_code == 404


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_gesture_is_refused(author: httpx.Client, body: bytes) -> None:
    answer = author.post(f"{CASE}/gestures", content=body)
    assert answer.status_code == 422
    assert len(answer.json()["error"]) < 400


def test_a_gesture_that_is_too_large_is_refused_before_it_is_held(author: httpx.Client) -> None:
    whole = author.post(f"{CASE}/gestures", content=b" " * (MAX_GESTURE_BYTES + 1))
    assert whole.status_code == 413

    def chunks() -> Iterator[bytes]:
        for _ in range(MAX_GESTURE_BYTES // 65_536 + 1):
            yield b" " * 65_536

    assert author.post(f"{CASE}/gestures", content=chunks()).status_code == 413


def test_many_writers_at_once_lose_nothing_and_double_nothing(
    app: RunningApp, author: httpx.Client, item: str
) -> None:
    acknowledged: list[str] = []

    def draw(number: int) -> None:
        with httpx.Client(base_url=app.url, cookies=author.cookies, timeout=60) as own:
            own.headers["Origin"] = app.url
            for turn in range(6):
                gesture = _gesture(f"{item}-{number}-{turn}")
                acknowledged.extend(_keep(own, gesture)["id"] for _ in range(2))

    threads = [threading.Thread(target=draw, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    heads = _layer(author)["heads"]
    mine = sorted(ids[0] for name, ids in heads.items() if name.startswith(f"{item}-"))
    assert mine == sorted(set(acknowledged))
    assert len(mine) == 24


def test_marks_are_kept_on_postgresql_by_its_address(
    tmp_path: Path, cases_folder: Path, postgresql_url: str, item: str
) -> None:
    environment = {"MSUS_DATABASE_URL": postgresql_url}
    with running_app(tmp_path, cases_folder=cases_folder, environment=environment) as app:
        with httpx.Client(base_url=app.url, timeout=60, headers={"Origin": app.url}) as author:
            author.get(app.author_link)
            gesture = _gesture(item)
            assert _keep(author, gesture)["heads"] == [gesture["id"]]
            assert _keep(author, gesture)["was_known"]
            assert _marks(author)[item] == "Gap"
        assert not (app.data_folder / DATABASE_NAME).exists()


def test_without_a_database_cases_are_shown_and_gestures_wait(tmp_path: Path, cases_folder: Path) -> None:
    nowhere = tmp_path / "a-file"
    nowhere.write_text("in the way", encoding="utf-8")
    environment = {"MSUS_DATABASE_URL": f"sqlite:///{nowhere}/marks.sqlite3"}
    with (
        running_app(tmp_path, cases_folder=cases_folder, environment=environment) as app,
        httpx.Client(base_url=app.url, timeout=60, headers={"Origin": app.url}) as author,
    ):
        author.get(app.author_link)
        answer = author.post(f"{CASE}/gestures", json=_gesture("gap"))
        assert answer.status_code == 503
        assert "cannot be opened" in json.loads(answer.text)["error"]
        assert author.get("/_stcore/health").status_code == OK
        nowhere.unlink()
        assert author.post(f"{CASE}/gestures", json=_gesture("gap")).status_code == OK
