"""Who may write: the author link, its cookie, and every way round it."""

import os
import re
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.browser.waiting import comes_to
from tests.running import RunningApp, running_app
from viewer.author_sessions import FILE_NAME, OPENING_S, RENEWED_AFTER_S, SESSION_S, AuthorSessions
from viewer.authors import came_from_our_page
from viewer.routes import routes
from viewer.routes.author import give_cookie

FORBIDDEN, SEE_OTHER = httpx.codes.FORBIDDEN, httpx.codes.SEE_OTHER


class Clock:
    def __init__(self) -> None:
        self.now_s = 1_000_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(tmp_path: Path, clock: Clock) -> AuthorSessions:
    return AuthorSessions(tmp_path, clock)


def _signed_in(sessions: AuthorSessions) -> str:
    secret = sessions.sign_in(sessions.link_token)
    assert secret is not None
    return secret


def test_the_link_opens_a_session_whose_secret_is_not_the_token(sessions: AuthorSessions) -> None:
    secret = _signed_in(sessions)
    assert secret != sessions.link_token
    assert len(secret) >= 22, "128 bits are 22 letters of base64"
    assert sessions.is_author(secret)
    assert _signed_in(sessions) != secret


@pytest.mark.parametrize("wrong", ["", "x", "A" * 43, "é\udcff"])
def test_any_other_token_or_secret_opens_nothing(sessions: AuthorSessions, wrong: str) -> None:
    assert sessions.sign_in(wrong) is None
    assert sessions.sign_in(sessions.link_token + wrong) is None or wrong == ""
    assert not sessions.is_author(wrong)
    assert not sessions.is_author(sessions.link_token)


def test_a_session_outlives_a_restart_and_the_link_does_not(tmp_path: Path, clock: Clock) -> None:
    before = AuthorSessions(tmp_path, clock)
    secret = _signed_in(before)
    after = AuthorSessions(tmp_path, clock)
    assert after.is_author(secret)
    assert after.sign_in(before.link_token) is None


def test_the_file_holds_no_secret_and_is_its_owners_alone(sessions: AuthorSessions, tmp_path: Path) -> None:
    secret = _signed_in(sessions)
    path = tmp_path / FILE_NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text(encoding="utf-8")
    assert secret not in text
    assert sessions.link_token not in text


@pytest.mark.parametrize("content", ["", "[]", '{"a": "b"}', "\x00"])
def test_a_damaged_file_opens_nothing_and_stops_nobody(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE_NAME).write_text(content, encoding="utf-8")
    sessions = AuthorSessions(tmp_path)
    assert sessions.is_author(_signed_in(sessions))


def test_a_session_ends_by_itself_unless_it_is_in_use(sessions: AuthorSessions, clock: Clock) -> None:
    left, used = _signed_in(sessions), _signed_in(sessions)
    assert not sessions.renew(used), "it is young"
    clock.now_s += RENEWED_AFTER_S + 1
    assert sessions.renew(used)
    clock.now_s += SESSION_S - RENEWED_AFTER_S
    assert not sessions.is_author(left)
    assert not sessions.renew(left)
    assert sessions.is_author(used)


def test_leaving_ends_a_session_for_good(tmp_path: Path, sessions: AuthorSessions, clock: Clock) -> None:
    secret, other = _signed_in(sessions), _signed_in(sessions)
    sessions.end(secret)
    sessions.end(secret)
    assert not AuthorSessions(tmp_path, clock).is_author(secret)
    assert sessions.is_author(other)


def test_the_token_that_opens_the_browser_works_once_and_soon(sessions: AuthorSessions, clock: Clock) -> None:
    token = sessions.opening_token()
    assert sessions.sign_in(token) is not None
    assert sessions.sign_in(token) is None
    late = sessions.opening_token()
    clock.now_s += OPENING_S + 1
    assert sessions.sign_in(late) is None


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({}, False),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"origin": "http://127.0.0.1:8501"}, True),
        ({"sec-fetch-site": "same-origin", "origin": "http://127.0.0.1:8501"}, True),
        ({"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1:8501"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"origin": "http://127.0.0.1:9000"}, False),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"sec-fetch-site": "same-origin", "origin": "http://127.0.0.1:8501.evil.example"}, False),
    ],
)
def test_only_a_page_of_this_server_changes_anything(headers: dict[str, str], ours: bool) -> None:
    said = {"host": "127.0.0.1:8501", **headers}
    raw = [(name.encode(), value.encode()) for name, value in said.items()]
    assert came_from_our_page(Request({"type": "http", "method": "POST", "headers": raw})) is ours


@pytest.fixture
def client(app: RunningApp) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=app.url, timeout=30) as opened:
        yield opened


def test_the_link_gives_a_strict_cookie_and_leaves_no_token_in_the_address(
    app: RunningApp, client: httpx.Client
) -> None:
    assert client.get("/api/author").json() == {"may_write": False}
    answer = client.get(app.author_link)
    assert (answer.status_code, answer.headers["location"]) == (SEE_OTHER, "/")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"msus_author_{app.port}=")
    assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Path=/"))
    assert app.author_link.split("token=")[1] not in cookie
    assert client.get("/api/author").json() == {"may_write": True}


def test_a_wrong_token_gives_no_cookie_and_says_what_to_do(client: httpx.Client) -> None:
    answer = client.get("/author", params={"token": "guessed"})
    assert answer.status_code == FORBIDDEN
    assert "set-cookie" not in answer.headers
    assert "author link" in answer.text
    assert "guessed" not in answer.text


def test_leaving_is_asked_for_by_our_page_alone_and_then_holds(app: RunningApp, client: httpx.Client) -> None:
    client.get(app.author_link)
    secret = client.cookies[f"msus_author_{app.port}"]
    assert client.post("/api/author/leave").status_code == FORBIDDEN
    assert client.get("/api/author").json() == {"may_write": True}
    assert client.post("/api/author/leave", headers={"Origin": app.url}).json() == {"may_write": False}
    again = client.get("/api/author", headers={"Cookie": f"msus_author_{app.port}={secret}"})
    assert again.json() == {"may_write": False}


def test_the_log_holds_the_link_once_and_nothing_of_who_used_it(
    app: RunningApp, client: httpx.Client
) -> None:
    client.get(app.author_link)
    client.get("/author", params={"token": "guessed-by-somebody"})
    log = app.log.read_text(encoding="utf-8")
    assert log.count(app.author_link.split("token=")[1]) == 1
    assert client.cookies[f"msus_author_{app.port}"] not in log
    assert "guessed-by-somebody" not in log


@pytest.mark.skipif(os.name == "nt", reason="the browser of this test is a shell script")
def test_on_a_machine_with_a_screen_the_browser_is_opened_by_a_link_that_works_once(tmp_path: Path) -> None:
    told, script = tmp_path / "address", tmp_path / "browser"
    script.write_text(f'#!/bin/sh\necho "$1" > {told}.part && mv {told}.part {told}\n', encoding="utf-8")
    script.chmod(0o700)
    environment = {"BROWSER": f"{script} %s"}
    with running_app(tmp_path, options=("--server.headless=false",), environment=environment) as app:
        assert comes_to(told.exists, True)
        link = told.read_text(encoding="utf-8").strip()
        assert link.startswith(f"{app.url}/author?token=")
        assert link != app.author_link, "whoever sees the list of processes may not come by it"
        assert [httpx.get(link).status_code for _ in range(2)] == [SEE_OTHER, FORBIDDEN]
        assert httpx.get(app.author_link).status_code == SEE_OTHER


def _address_of_this_machine() -> str:
    """Return an address of this machine that is not loopback; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no address but loopback")
        return str(probe.getsockname()[0])


@pytest.mark.parametrize("setting", ["", "anywhere"])
def test_away_from_loopback_authors_are_known_only_where_that_was_set(tmp_path: Path, setting: str) -> None:
    address = _address_of_this_machine()
    sessions = AuthorSessions(tmp_path / "data")
    secret = _signed_in(sessions)
    environment = {"MSUS_AUTHOR_LINK": setting}
    with running_app(tmp_path, options=("--server.address=0.0.0.0",), environment=environment) as app:
        headers = {"Cookie": f"msus_author_{app.port}={secret}", "Host": f"127.0.0.1:{app.port}"}
        far = httpx.get(f"http://{address}:{app.port}/api/author", headers=headers).json()["may_write"]
        near = httpx.get(f"{app.url}/api/author", headers=headers).json()["may_write"]
        log = app.log.read_text(encoding="utf-8")
    assert (near, far) == (True, setting == "anywhere")
    assert ("there is no author link" in log, "/author?token=" in log) == (not setting, bool(setting))


# What a reader may send: it is kept for her visit alone, makes a file or a place for her, or ends her own session.
OPEN_TO_READERS = re.compile(r"/api/visits/|/exports|/carry$|/imports/read$|/author/leave$")


def test_every_other_route_that_takes_anything_refuses_a_reader(
    client: httpx.Client, app: RunningApp
) -> None:
    guarded = [
        (method, route.path_format)
        for route in routes()
        if isinstance(route, Route) and not OPEN_TO_READERS.search(route.path)
        for method in sorted((route.methods or set()) - {"GET", "HEAD"})
    ]
    assert len(guarded) >= 2
    for method, path in guarded:
        answer = client.request(method, re.sub(r"{\w+}", "1", path), headers={"Origin": app.url}, json={})
        assert answer.status_code == FORBIDDEN, path
        assert "author link" in answer.json()["error"]


def test_the_cookie_is_for_encrypted_connections_alone_where_there_is_one() -> None:
    for scheme, is_secure in (("http", False), ("https", True)):
        answer = Response()
        scope = {"type": "http", "scheme": scheme, "path": "/", "headers": [(b"host", b"viewer.example")]}
        give_cookie(answer, Request(scope), "secret")
        assert ("Secure" in answer.headers["set-cookie"]) is is_secure
