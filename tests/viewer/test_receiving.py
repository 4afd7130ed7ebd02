"""The routes of a visit on a real socket: hostile requests get one sentence each, and leave nothing."""

import asyncio
import json
import shutil
import socket
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from cases.disk_room import DiskRoom
from tests.cases import clip_factory as factory
from tests.cases.clip_factory import NumberedClip
from tests.cases.slow_file import write_slow_dicom
from tests.viewer.own_server import until
from viewer.arriving import ArrivalRefusedError
from viewer.routes.arrivals import SPARE_BYTES, stream_to
from viewer.visits import Visit

CLIP = NumberedClip(frames=3)


@pytest.fixture
def client(port: int, visit: Visit) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/visits/{visit.token}/", timeout=60) as opened:
        yield opened


def _run(work: Coroutine[Any, Any, int]) -> int:
    """Run it in a loop of its own; the browser tests of the same process keep theirs running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def _put(client: httpx.Client, number: int, path: str, content: bytes = b"x") -> httpx.Response:
    return client.put(f"files/{number}", content=content, headers={"X-File-Name": quote(path)})


def _sentence(answer: httpx.Response) -> str:
    assert answer.headers["cache-control"] == "no-store"
    sentence = json.loads(answer.text)["error"]
    assert isinstance(sentence, str)
    return sentence


def _files(visit: Visit) -> list[Path]:
    return [path for path in visit.folder.rglob("*") if path.is_file()]


def _head_of_put(visit: Visit, length: int) -> bytes:
    return (
        f"PUT /api/visits/{visit.token}/files/0 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"X-File-Name: large.dcm\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


@pytest.mark.parametrize("is_announced", [True, False])
def test_what_is_more_than_one_visit_may_take_is_not_received(
    client: httpx.Client, visit: Visit, is_announced: bool
) -> None:
    visit.disk = DiskRoom(visit.folder, 100 << 20 if is_announced else 0)
    pieces = (bytes(1 << 20) for _ in range(101))
    content = b"".join(pieces) if is_announced else pieces
    answer = client.put("files/0", content=content, headers={"X-File-Name": "a.dcm"})
    assert answer.status_code == 413
    assert "reload the page to begin anew" in _sentence(answer)
    assert [path for path in visit.folder.rglob("*") if path.is_file()] == []
    visit.disk = DiskRoom(visit.folder, 100)
    assert _put(client, 0, "a.dcm").status_code == 200


def test_what_comes_without_its_length_ends_where_the_visit_is_full(
    client: httpx.Client, visit: Visit
) -> None:
    visit.disk = DiskRoom(visit.folder, 1 << 20)
    pieces = (bytes(8 << 20) for _ in range(10))
    answer = client.put("files/0", content=pieces, headers={"X-File-Name": "a.dcm"})
    assert answer.status_code == 413
    assert "reload the page to begin anew" in _sentence(answer)
    assert [path for path in visit.folder.rglob("*") if path.is_file()] == []


def test_a_file_that_announces_more_than_the_limit_is_refused_before_it_comes(
    port: int, visit: Visit
) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(_head_of_put(visit, 3 * 2**30))
        answer = connection.recv(65_536).decode()
    assert answer.startswith("HTTP/1.1 413")
    assert _files(visit) == []


def test_a_file_that_grows_past_the_limit_is_stopped_while_it_comes(tmp_path: Path) -> None:
    taken = []

    async def endless() -> AsyncIterator[bytes]:
        while True:
            taken.append(1000)
            yield bytes(1000)

    with pytest.raises(ArrivalRefusedError, match="larger than") as refused:
        _run(stream_to(tmp_path / "part", endless(), 10_000))
    assert refused.value.status_code == 413
    assert sum(taken) == 11_000


def test_a_file_of_which_nothing_more_comes_is_given_up(tmp_path: Path) -> None:
    async def stalling() -> AsyncIterator[bytes]:
        yield b"begin"
        await asyncio.Event().wait()

    with pytest.raises(ArrivalRefusedError, match="Nothing came") as refused:
        _run(stream_to(tmp_path / "part", stalling(), 10_000, idle_limit_s=0.05))
    assert refused.value.status_code == 408


def test_the_last_room_on_the_disk_is_not_taken(
    client: httpx.Client, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=SPARE_BYTES))
    answer = _put(client, 0, "clip.dcm")
    assert answer.status_code == httpx.codes.INSUFFICIENT_STORAGE
    assert "no room" in _sentence(answer)
    assert _files(visit) == []


def test_a_slow_file_holds_nobody_up_and_leaves_nothing_when_it_is_cut(
    port: int, visit: Visit, client: httpx.Client
) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(_head_of_put(visit, 1_000_000) + bytes(1000))
        until(lambda: [path for path in _files(visit) if path.suffix == ".part"])
        assert _put(client, 1, "other.dcm").status_code == httpx.codes.OK
    until(lambda: [path.name for path in _files(visit)] == ["other.dcm"])
    assert _put(client, 0, "large.dcm").status_code == httpx.codes.OK  # it may be sent again


@pytest.mark.parametrize("path", ["../../x.dcm", "/etc/passwd", "a/../../x", "%2e%2e/x", "..", "a//b"])
def test_a_path_that_leads_outside_is_one_sentence(client: httpx.Client, visit: Visit, path: str) -> None:
    answer = client.put("files/0", content=b"x", headers={"X-File-Name": path})
    assert answer.status_code == httpx.codes.BAD_REQUEST
    assert "leads outside" in _sentence(answer)
    assert _files(visit) == []


def test_the_same_file_twice_is_taken_once(client: httpx.Client, visit: Visit) -> None:
    assert _put(client, 0, "exam/a.dcm").status_code == httpx.codes.OK
    assert "sent twice" in _sentence(_put(client, 0, "exam/a.dcm", b"other"))
    assert "sent twice" in _sentence(_put(client, 0, "b.dcm"))
    assert [path.read_bytes() for path in _files(visit)] == [b"x"]


def test_after_she_left_nothing_is_taken_and_nothing_lies_there(client: httpx.Client, visit: Visit) -> None:
    _put(client, 0, "a.dcm")
    assert client.post("leave").status_code == httpx.codes.NO_CONTENT
    assert not visit.folder.exists()
    for answer in (
        _put(client, 1, "b.dcm"),
        client.post("open"),
        client.delete("open"),
        client.delete("files/0"),
        client.post("results/1/keep"),
        client.delete("results/1"),
    ):
        assert answer.status_code == httpx.codes.NOT_FOUND
        assert "visit has ended" in _sentence(answer)
    assert not visit.folder.exists()


def test_she_leaves_while_a_file_is_still_coming(port: int, visit: Visit, client: httpx.Client) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(_head_of_put(visit, 1_000_000) + bytes(1000))
        until(lambda: _files(visit))
        client.post("leave")
        connection.sendall(bytes(1000))
        until(lambda: not visit.folder.exists())


@pytest.mark.parametrize("order", ["results/7/keep", "results/0/keep"])
def test_nothing_can_be_decided_that_was_not_asked(client: httpx.Client, order: str) -> None:
    answer = client.post(order)
    assert answer.status_code == httpx.codes.CONFLICT
    assert "nothing to decide" in _sentence(answer)
    assert "no longer being read" in _sentence(client.delete("results/7"))


def test_a_thousand_files_of_one_folder_arrive_and_each_gets_its_line(
    client: httpx.Client, visit: Visit, tmp_path: Path
) -> None:
    content = factory.write_dicom(tmp_path / "a.dcm", CLIP).read_bytes()
    for number in range(1000):
        assert _put(client, 0, f"exam/{number:04d}.dcm", content if number == 999 else b"").status_code == 200
    with client.stream("POST", "open") as answer:
        lines = [json.loads(line) for line in answer.iter_lines() if line]
    assert [len(line["planned"]) for line in lines if "planned" in line] == [1000]
    assert lines[-1] == {"end": True}
    last = {line["row"]["row_id"]: line["row"]["state"] for line in lines if "row" in line}
    assert sorted(last.values()) == ["opened"] + 999 * ["refused"]
    assert [path.suffix for path in _files(visit)] == [".pack"]


def test_a_connection_cut_in_the_middle_of_reading_leaves_whole_clips_or_nothing(
    client: httpx.Client, visit: Visit, tmp_path: Path
) -> None:
    _put(client, 0, "a.dcm", factory.write_dicom(tmp_path / "a.dcm", CLIP).read_bytes())
    _put(client, 1, "b.dcm", write_slow_dicom(tmp_path / "b.dcm").read_bytes())
    with client.stream("POST", "open") as answer:
        for line in answer.iter_lines():
            if line and json.loads(line).get("reading") == 2:
                break  # the second one is being decoded
    until(lambda: [path.suffix for path in _files(visit)] == [".pack"])
    until(lambda: [result.state.value for result in visit.results.all()] == ["opened", "cancelled"])
    _put(client, 2, "c.dcm", b"")
    assert client.post("open").text.count('"state": "refused"') == 1  # and the next drop is read


def test_one_is_given_up_over_the_wire_while_it_is_decoded(
    client: httpx.Client, visit: Visit, tmp_path: Path
) -> None:
    _put(client, 0, "long.dcm", write_slow_dicom(tmp_path / "b.dcm").read_bytes())
    _put(client, 1, "short.dcm", factory.write_dicom(tmp_path / "a.dcm", CLIP).read_bytes())
    states: dict[str, str] = {}
    with client.stream("POST", "open") as answer:
        for line in (json.loads(text) for text in answer.iter_lines() if text):
            if line.get("reading") == 1:
                httpx.delete(client.base_url.join("results/1"))
            if "row" in line:
                states[line["row"]["name"]] = line["row"]["state"]
    assert states["short.dcm"] == "opened"
    assert [result.state.value for result in visit.results.all()] == ["cancelled", "opened"]
    assert [path.suffix for path in _files(visit)] == [".pack"]
