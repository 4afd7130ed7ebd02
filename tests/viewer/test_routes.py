"""Our own routes, asked as a browser asks them, on the real server."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from annotations.concept import CONCEPTS, Concept
from cases.decoding import Decoder
from cases.settings import Limits
from cases.store import ClipStore
from tests.running import RunningApp
from viewer.player.modules import needed_at_once
from viewer.routes.modules import module_files


@pytest.fixture(scope="module")
def client(app: RunningApp) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=app.url, timeout=30) as opened:
        yield opened


@pytest.fixture
def kept_pack(app: RunningApp, cases_folder: Path) -> Path:
    """Return a pack in the store of the running server."""
    store = ClipStore(app.data_folder / "clips")
    decoder = Decoder(Limits())
    imported = store.import_file(cases_folder / "numbered" / "rest.dcm", decoder)
    decoder.close()
    return store.path(imported.sha256)


def test_every_answer_carries_the_security_headers(client: httpx.Client) -> None:
    for path in ("/", "/api/clips/" + "0" * 64, "/_stcore/health"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "script-src 'self' 'unsafe-eval'" in policy
        assert "'unsafe-inline'" not in policy.split("style-src")[0]
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"


def test_the_page_announces_the_modules_of_the_player_and_each_is_there(client: httpx.Client) -> None:
    answer = client.get("/compare", headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    assert int(answer.headers["content-length"]) == len(answer.content)
    modules = re.findall(r'<link rel="modulepreload"[^>]* href="(/[^"]+)"', answer.text)
    assert [module for module in modules if module.endswith("/viewer.player/player.js")]
    assert any("/BidiComponent." in module for module in modules)
    assert {client.get(module).status_code for module in modules} == {200}


def test_what_comes_only_when_it_is_asked_for_is_not_announced(client: httpx.Client) -> None:
    files = {address.partition("/viewer.player/")[2] for address in module_files()}
    assert {"session.js", "drawing/kinds.js"} <= set(needed_at_once()) < files
    assert not {"export.js", "m_mode.js", "drawing/drawing.js", "keeping/keeping.js"} & set(needed_at_once())
    page = client.get("/compare", headers={"Accept": "text/html"}).text
    announced = set(re.findall(r'href="/_stcore/bidi-components/viewer.player/([^"]+)"', page))
    assert announced == {*needed_at_once(), "player.css"}


@pytest.mark.parametrize(
    "address", ["/", "/?case=numbered", "/compare?case=no-such-case", "/compare?case=%ff"]
)
def test_a_page_without_a_case_announces_no_clips(client: httpx.Client, address: str) -> None:
    page = client.get(address, headers={"Accept": "text/html"}).text
    assert 'as="fetch"' not in page
    assert not re.search(r"<script[^>]*/player\.js", page)


def test_the_concepts_are_offered_by_the_names_of_the_menu(client: httpx.Client) -> None:
    known = client.get("/api/concepts").json()
    assert [concept.pop("term") for concept in known] == [term.value for term in CONCEPTS]
    assert [Concept(**concept) for concept in known] == list(CONCEPTS.values())


def test_the_modules_are_answered_as_they_lie_on_the_disk(client: httpx.Client) -> None:
    for address, path in module_files().items():
        answer = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert answer.content == path.read_bytes()
        assert answer.headers["content-type"].split(";")[0] in {"text/javascript", "text/css"}
        assert "content-encoding" not in answer.headers
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_another_host_name_is_refused(client: httpx.Client) -> None:
    assert client.get("/", headers={"Host": "rebound.example"}).status_code == httpx.codes.BAD_REQUEST


def test_streamlits_own_upload_route_is_closed(client: httpx.Client) -> None:
    answer = client.put("/_stcore/upload_file/session/file", content=b"x")
    assert answer.status_code == httpx.codes.FORBIDDEN


@pytest.mark.parametrize("name", ["0" * 64, "A" * 64, "short"])
def test_a_clip_that_is_not_there_is_404(client: httpx.Client, name: str) -> None:
    assert client.get(f"/api/clips/{name}").status_code == httpx.codes.NOT_FOUND


@pytest.mark.parametrize("name", ["..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/pyproject.toml", "..\\x"])
def test_no_name_of_a_clip_leads_out_of_the_store(client: httpx.Client, name: str) -> None:
    answer = client.get(f"/api/clips/{name}")
    assert answer.is_client_error or b"<title>Streamlit</title>" in answer.content


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/visits/{token}/clips/" + "0" * 64),
        ("PUT", "/api/visits/{token}/files/0"),
        ("POST", "/api/visits/{token}/open"),
    ],
)
@pytest.mark.parametrize("token", ["guessed", "A" * 32])
def test_a_visit_that_does_not_exist_takes_and_gives_nothing(
    client: httpx.Client, app: RunningApp, method: str, path: str, token: str
) -> None:
    answer = client.request(method, path.format(token=token), content=b"x" if method == "PUT" else None)
    assert answer.status_code == httpx.codes.NOT_FOUND
    assert "visit has ended" in json.loads(answer.text)["error"]
    assert answer.headers["cache-control"] == "no-store"
    assert not any(
        path.is_file() and path.suffix != ".lock" for path in (app.data_folder / "visits").rglob("*")
    )


def test_a_pack_is_streamed_by_ranges_uncompressed_and_for_ever(
    client: httpx.Client, kept_pack: Path
) -> None:
    answer = client.get(f"/api/clips/{kept_pack.stem}", headers={"Accept-Encoding": "gzip"})
    assert answer.content == kept_pack.read_bytes()
    assert answer.headers["content-type"] == "video/vnd.msus.pack"
    assert "immutable" in answer.headers["cache-control"]
    assert "content-encoding" not in answer.headers
    part = client.get(f"/api/clips/{kept_pack.stem}", headers={"Range": "bytes=0-7"})
    assert (part.status_code, part.content) == (206, b"MSUSPK01")


def test_a_clip_of_a_case_beside_opened_clips_says_where_it_is_exported(client: httpx.Client) -> None:
    for end in ("", "/offer"):
        answer = client.post(f"/api/clips/{'0' * 64}/exports{end}", json={})
        assert answer.status_code == httpx.codes.NOT_FOUND
        assert "open the case in Compare" in answer.json()["error"]


def test_no_map_of_an_opened_clip_is_served_without_its_visit(client: httpx.Client) -> None:
    answer = client.get(f"/api/visits/{'x' * 32}/clips/{'0' * 64}/tissue")
    assert (answer.status_code, answer.headers["cache-control"]) == (httpx.codes.NOT_FOUND, "no-store")
