"""Tells the browser, with the first page already, what the player will need a second later.

Streamlit's page loads its own scripts, opens a socket and runs our script
before the component mounts. Preloading the player's modules beside that costs
nothing and saves the whole chain of requests after it.
"""

import functools

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from viewer.player import COMPONENT_NAME, WEB_FOLDER

_ASSETS = f"/_stcore/bidi-components/{COMPONENT_NAME}"


@functools.cache
def preload_links() -> str:
    """Return the value of the ``Link`` header: every module of the player except its workers."""
    modules = sorted(path.name for path in WEB_FOLDER.glob("*.js") if not path.name.endswith(".worker.js"))
    return ", ".join(f"<{_ASSETS}/{name}>; rel=modulepreload" for name in modules)


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
