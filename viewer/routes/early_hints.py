"""Tells the browser, in the first page already, what the player will need a second later.

Streamlit's page loads its own scripts, opens a socket and runs our script
before it asks for the part that mounts components, that part asks for the
player, and the player for its clips. Named in the page, behind Streamlit's own
scripts, all of them are fetched beside the rest instead of after it.
"""

import asyncio
import functools
import re
from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from viewer.player import COMPONENT_NAME
from viewer.player.modules import ENTRY, needed_at_once
from viewer.routes.awaited_clips import awaited_clips

_ASSETS = f"/_stcore/bidi-components/{COMPONENT_NAME}"
_STATIC = Path(st.__file__).parent / "static"
_IMPORT = re.compile(r'(?:from|import)"\./([\w.-]+\.js)"')
_HEAD, _END_OF_HEAD = b"<head>", b"</head>"
_BASE_TAG = b'<script src="/api/base.js"></script>'
PARTS = ("BidiComponent", "Button", "ButtonGroup", "Checkbox", "Html", "Heading", "Expander")
"""Streamlit's parts that the page Compare is made of; each is a script that is otherwise asked for late."""


@functools.cache
def preload_tags() -> bytes:
    """Return the tags that announce Streamlit's late parts, then the player's style and the modules it is built from."""
    addresses = [f"/static/js/{name}" for name in late_scripts()]
    tags = [f'<link rel="modulepreload" crossorigin href="{address}">' for address in addresses]
    tags.append(f'<link rel="preload" as="style" fetchpriority="low" href="{_ASSETS}/player.css">')
    tags += [
        f'<link rel="modulepreload" fetchpriority="low" href="{_ASSETS}/{name}">' for name in needed_at_once()
    ]
    return "\n".join(tags).encode()


def clip_tags(addresses: Sequence[str]) -> bytes:
    """Return the tags that announce clips, as the player's own request asks for them, and start the player.

    Started here, it decodes the first pictures while Streamlit waits for the server; the component asks for the
    same address, and browsers run a module once.
    """
    tags = [
        f'<link rel="preload" as="fetch" crossorigin="anonymous" fetchpriority="low" href="{address}">'
        for address in addresses
    ]
    if addresses:
        tags.append(f'<script type="module" async src="{_ASSETS}/{ENTRY}"></script>')
    return "\n".join(tags).encode()


def late_scripts() -> list[str]:
    """Return the scripts of Streamlit that `PARTS` need and that its page does not announce itself."""
    scripts = _STATIC / "static" / "js"
    announced = (_STATIC / "index.html").read_text(encoding="utf-8")
    waiting = [path.name for part in PARTS for path in scripts.glob(f"{part}.*.js")]
    found: list[str] = []
    while waiting:
        name = waiting.pop(0)
        path = scripts / name
        if name in found or name in announced or not path.is_file():
            continue
        found.append(name)
        waiting += _IMPORT.findall(path.read_text(encoding="utf-8"))
    return found


async def base_script(_request: Request) -> Response:
    """Answer with the script that tells Streamlit's page where its server is.

    Opened below the root, at ``/compare`` say, the page would first look for the server below that address, be told
    twice that there is none, and wait a tenth of a second before it looks at the root.
    """
    script = 'window.__streamlit = { ...window.__streamlit, BACKEND_BASE_URL: location.origin + "/" };'
    return Response(script, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


class EarlyHints:
    """ASGI middleware: writes the tags into the page of the application, and into nothing else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; a page that comes back gets the tags."""
        if scope["type"] != "http" or scope["method"] != "GET" or not _asks_for_a_page(scope):
            await self._app(scope, receive, send)
            return
        clips = await asyncio.to_thread(awaited_clips, scope)
        await self._app(_uncompressed(scope), receive, _PageWriter(send, preload_tags() + clip_tags(clips)))


def _asks_for_a_page(scope: Scope) -> bool:
    return "text/html" in Headers(scope=scope).get("accept", "")


def _uncompressed(scope: Scope) -> Scope:
    """Return the request without its wish for compression: a compressed page cannot be written into."""
    headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "headers": headers}


class _PageWriter:
    """Collects one answer, and sends it on with the tags if it is a page."""

    def __init__(self, send: Send, tags: bytes) -> None:
        self._send = send
        self._tags = tags
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
            return
        if self._start is None or message["type"] != "http.response.body":
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body", False):
            await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        page = self._body.replace(_HEAD, _HEAD + _BASE_TAG, 1)
        page = page.replace(_END_OF_HEAD, self._tags + _END_OF_HEAD, 1)
        MutableHeaders(scope=start)["Content-Length"] = str(len(page))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": page, "more_body": False})


def _is_page(start: Message) -> bool:
    return MutableHeaders(scope=start).get("content-type", "").startswith("text/html")
