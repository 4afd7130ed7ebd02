"""``/author`` and ``/api/author``: becoming an author by the link, asking whether one is, and leaving.

The page of ``/author`` is plain HTML without script, so that it works where nothing else does.
"""

import asyncio

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from viewer.author_sessions import SESSION_S
from viewer.authors import (
    READERS_ONLY,
    author_cookie,
    came_from_our_page,
    cookie_name,
    links_are_taken,
    may_write,
)
from viewer.house import house

_UNSEEN = {"Cache-Control": "no-store"}
_UNTOLD = {**_UNSEEN, "Referrer-Policy": "no-referrer"}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Author · Dynamic MSUS</title>
<style>body {{ font: 18px/1.5 system-ui, sans-serif; margin: 12vh auto; max-width: 34em; padding: 0 1em;
  color: #15171a; background: #fff }}
button, a {{ font: inherit; display: inline-block; padding: .5em 1em; min-height: 44px; color: #7a4f00 }}
button {{ border: 1px solid #7a4f00; border-radius: 6px; background: #fff; cursor: pointer }}</style></head>
<body><main><h1>Author</h1><p>{sentence}</p>{leave}<p><a href="/">Library</a></p></main></body></html>"""
_LEAVE = '<form method="post" action="/author/leave"><button>Stop writing in this browser</button></form>'
_IS_AUTHOR = "You may write in this browser: marks that you draw are kept for everyone."


async def sign_in(request: Request) -> Response:
    """Take the token of the author link, give a cookie for it and go to the library without it."""
    token = request.query_params.get("token")
    if token is None:
        return _page(may_write(request))
    secret = await asyncio.to_thread(house().authors.sign_in, token) if links_are_taken(request) else None
    if secret is None:
        return _page(False, status_code=403)
    answer = RedirectResponse("/", status_code=303, headers=_UNTOLD)
    give_cookie(answer, request, secret)
    return answer


async def say_who(request: Request) -> Response:
    """Answer whether this browser may write; a session that is in use goes on."""
    may, secret = may_write(request), author_cookie(request)
    answer = JSONResponse({"may_write": may}, headers=_UNSEEN)
    if may and await asyncio.to_thread(house().authors.renew, secret):
        give_cookie(answer, request, secret)
    return answer


async def leave(request: Request) -> Response:
    """Close the session of this browser for good."""
    if not came_from_our_page(request):
        return JSONResponse({"error": READERS_ONLY}, status_code=403, headers=_UNSEEN)
    await asyncio.to_thread(house().authors.end, author_cookie(request))
    is_form = request.url.path == "/author/leave"
    answer = RedirectResponse("/author", 303, _UNSEEN) if is_form else JSONResponse({"may_write": False})
    answer.delete_cookie(cookie_name(), path="/", httponly=True, samesite="strict")
    return answer


def give_cookie(answer: Response, request: Request, secret: str) -> None:
    """Let an answer make its browser an author's: no script reads the cookie, no other site has it sent."""
    answer.set_cookie(
        cookie_name(),
        secret,
        max_age=SESSION_S,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def _page(is_author: bool, status_code: int = 200) -> Response:
    body = _PAGE.format(sentence=_IS_AUTHOR if is_author else READERS_ONLY, leave=_LEAVE if is_author else "")
    return HTMLResponse(body, status_code=status_code, headers=_UNSEEN)
