"""Files of marks taken over by an author: looked at first, kept whole, undone in one step; readers are told."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.running import RunningApp

CASE = "/api/cases/rectus-femoris-tear"
IMPORTS = f"{CASE}/clips/long-axis-defect/imports"
CVAT = """<annotations><version>1.1</version><track id="0" label="Gap">
<polyline frame="0" outside="0" occluded="0" keyframe="1" points="10,20;40,20"></polyline>
<polyline frame="6" outside="0" occluded="0" keyframe="1" points="10,20;60,20"></polyline>
<mask frame="6" outside="0" occluded="0" keyframe="1"></mask>
</track></annotations>"""


@pytest.fixture(scope="module")
def reader(app: RunningApp) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=app.url, timeout=60) as opened:
        yield opened


@pytest.fixture(scope="module")
def author(app: RunningApp) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=app.url, timeout=60, headers={"Origin": app.url}) as opened:
        opened.get(app.author_link)
        yield opened


def _post(client: httpx.Client, path: str, content: str | bytes, title: str = "") -> httpx.Response:
    headers = {"X-File-Name": "marks.xml", "X-Layer-Title": title, "X-Author": "B.%20Importer"}
    return client.post(path, content=content, headers=headers)


def _layers(client: httpx.Client) -> dict[str, dict[str, Any]]:
    said = client.get(f"{CASE}/layers").json()["layers"]
    return {layer["document"]["layer"]["id"]: layer["document"] for layer in said}


def test_a_file_is_looked_at_before_anything_is_kept(author: httpx.Client) -> None:
    said = _post(author, f"{IMPORTS}/preview", CVAT).json()
    assert (said["format"], said["count"], said["kinds"]) == ("CVAT for video", 1, {"polyline": 1})
    assert said["marks"][0]["label"] == "Gap"
    assert "“mask” were left out" in said["remarks"][0]
    assert set(_layers(author)) == {"teacher"}


def test_a_file_becomes_a_layer_and_is_undone_in_one_step(author: httpx.Client) -> None:
    kept = _post(author, IMPORTS, CVAT, title="From CVAT").json()
    assert kept == {"layer": "imported", "title": "From CVAT", "count": 1}
    document = _layers(author)["imported"]
    assert [mark["label"] for mark in document["marks"]] == ["Gap"]
    assert author.delete(f"{CASE}/layers/imported").json()["deleted"] == 2
    assert not _layers(author)["imported"]["marks"]
    assert author.delete(f"{CASE}/layers/imported").status_code == httpx.codes.NOT_FOUND
    (first, *_) = author.get(f"{CASE}/history/imported/track-0").json()["revisions"]
    assert (first["content"]["label"], first["author"]) == ("Gap", "B. Importer")


def test_our_json_becomes_a_layer_on_all_clips_of_the_case(author: httpx.Client) -> None:
    document = _layers(author)["teacher"]
    whole = json.dumps(document)
    said = _post(author, f"{IMPORTS}/preview", whole).json()
    assert (said["count"], said["annotated_frames"]) == (
        len(document["marks"]),
        len(document["annotated_frames"]),
    )
    kept = _post(author, IMPORTS, whole, title="Again").json()
    assert _layers(author)[kept["layer"]]["marks"] == document["marks"]
    author.delete(f"{CASE}/layers/{kept['layer']}")
    (only, *_) = {mark["clip"] for mark in _post(author, f"{IMPORTS}/read", whole).json()["contents"]}
    assert only == "long-axis-defect"


def test_the_bundled_marks_cannot_be_deleted_as_a_layer(author: httpx.Client) -> None:
    assert author.delete(f"{CASE}/layers/teacher").status_code == httpx.codes.NOT_FOUND


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no file of marks that we know"),
        (b"<annotations/>", "It holds no shape"),
        (json.dumps({"images": [{"id": 1, "width": 9, "height": 9}], "annotations": []}), "9 × 9 pixels"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_the_reason(
    author: httpx.Client, content: str | bytes, said: str
) -> None:
    answer = _post(author, f"{IMPORTS}/preview", content)
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert answer.json()["error"].startswith("marks.xml:")
    assert said in answer.json()["error"]


def test_a_reader_gets_the_marks_of_a_file_back_and_nothing_is_kept(reader: httpx.Client) -> None:
    before = _layers(reader)
    said = _post(reader, f"{IMPORTS}/read", CVAT).json()
    (mark,) = said["contents"]
    assert (mark["label"], mark["clip"], mark["kind"]) == ("Gap", "long-axis-defect", "polyline")
    assert "“mask” were left out" in said["remarks"][0]
    refused = _post(reader, f"{IMPORTS}/read", "<annotations/>")
    assert (refused.status_code, "no shape" in refused.json()["error"]) == (422, True)
    large = _post(reader, f"{IMPORTS}/read", b" " * (16 * 2**20 + 1))
    assert large.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE
    assert _post(reader, "/api/visits/none/clips/none/imports/read", CVAT).status_code == 404
    assert _layers(reader) == before


def test_who_has_not_come_by_the_author_link_reads_only(reader: httpx.Client) -> None:
    for answer in (
        _post(reader, IMPORTS, CVAT),
        _post(reader, f"{IMPORTS}/preview", CVAT),
        reader.delete(f"{CASE}/layers/teacher"),
    ):
        assert answer.status_code == httpx.codes.FORBIDDEN
        assert "author link" in answer.json()["error"]
