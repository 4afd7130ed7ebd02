"""Tells the browser, with the first page already, what the player will need a second later.

Streamlit's page loads its own scripts, opens a socket and runs our script
before it asks for the part that mounts components, and that part asks for the
player. Announced here, both are fetched beside the rest, after Streamlit's own.
"""

import functools
import re
from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from viewer.player import COMPONENT_NAME, WEB_FOLDER

_ASSETS = f"/_stcore/bidi-components/{COMPONENT_NAME}"
_STATIC = Path(st.__file__).parent / "static"
_IMPORT = re.compile(r'(?:from|import)"\./([\w.-]+\.js)"')


@functools.cache
def preload_links() -> str:
    """Return the value of the ``Link`` header: the part that mounts components, and the player's modules."""
    modules = sorted(path.name for path in WEB_FOLDER.glob("*.js") if not path.name.endswith(".worker.js"))
    hints = [f"</static/js/{name}>; rel=modulepreload; crossorigin" for name in component_chunks()]
    hints += [f"<{_ASSETS}/{name}>; rel=modulepreload; fetchpriority=low" for name in modules]
    return ", ".join(hints)


def component_chunks() -> list[str]:
    """Return the scripts of Streamlit that mount components and that its page does not announce itself."""
    announced = (_STATIC / "index.html").read_text(encoding="utf-8")
    waiting = [path.name for path in (_STATIC / "static" / "js").glob("BidiComponent.*.js")]
    found: list[str] = []
    while waiting:
        name = waiting.pop()
        path = _STATIC / "static" / "js" / name
        if name in found or name in announced or not path.is_file():
            continue
        found.append(name)
        waiting += _IMPORT.findall(path.read_text(encoding="utf-8"))
    return found


class EarlyHints:
    """ASGI middleware: adds the ``Link`` header to the page of the application, and to nothing else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; a page that comes back gets the header."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return

        async def send_with_link(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers["Link"] = preload_links()
            await send(message)

        await self._app(scope, receive, send_with_link)
