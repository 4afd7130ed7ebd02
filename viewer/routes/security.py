"""Headers that every answer carries, and the one upload route that nobody may use.

Written as plain ASGI, so that a streamed clip stays streamed.
"""

import base64
import functools
import hashlib
import re
from pathlib import Path

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_SAFE_HOST = re.compile(r"[A-Za-z0-9.\-:\[\]]{1,255}")


@functools.cache
def inline_script_hashes() -> str:
    """Return CSP sources for the inline scripts of Streamlit's own page, so that no other can run."""
    page = Path(st.__file__).parent / "static" / "index.html"
    scripts = _INLINE_SCRIPT.findall(page.read_text(encoding="utf-8"))
    digests = (hashlib.sha256(script.encode("utf-8")).digest() for script in scripts)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def content_security_policy(host: str) -> str:
    """Return the policy for pages of one host; web sockets are allowed to that host only.

    Vega, Streamlit's chart library, compiles expressions and needs ``unsafe-eval``.
    """
    sockets = f"ws://{host} wss://{host}" if _SAFE_HOST.fullmatch(host) else ""
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'unsafe-eval' {inline_script_hashes()}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self' {sockets}".rstrip(),
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class SecurityHeaders:
    """ASGI middleware: adds the security headers to every HTTP answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to what comes back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        policy = content_security_policy(Headers(scope=scope).get("host", ""))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = policy
                headers["X-Content-Type-Options"] = "nosniff"
                headers["X-Frame-Options"] = "DENY"
                headers.setdefault("Referrer-Policy", "same-origin")
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
                headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
            await send(message)

        await self._app(scope, receive, send_with_headers)


class UploadGate:
    """ASGI middleware: closes Streamlit's own upload route, which keeps files in memory for any session."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the upload route and pass everything else on."""
        if scope["type"] == "http" and scope["path"].startswith("/_stcore/upload_file"):
            refusal = PlainTextResponse("Clips are opened on the page “Open clips”.", status_code=403)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)
