"""May this request write? Asked by every route that keeps anything, whatever the page showed.

On loopback, whoever came by the author link may write, and everyone else reads.
A request that changes anything has to come from our own page besides.
"""

from urllib.parse import urlsplit

import streamlit as st
from starlette.requests import HTTPConnection

from viewer.author_link import is_loopback
from viewer.house import house

READERS_ONLY = (
    "Only an author may write here: open the author link that the viewer printed when it was started."
)

_READING = {"GET", "HEAD"}


def may_write(request: HTTPConnection) -> bool:
    """Say whether a request comes from an author and, if it is to change anything, from our own page.

    Parameters
    ----------
    request : HTTPConnection
        A request, or the handshake of a web socket.

    Returns
    -------
    bool
        False without the cookie of an open session; False for a request from another site; False where the
        connection is not to this machine's loopback address and `Settings.author_link_anywhere` is off.
    """
    if not links_are_taken(request) or not house().authors.is_author(author_cookie(request)):
        return False
    reads = request.scope["type"] == "http" and request.scope["method"] in _READING
    return reads or came_from_our_page(request)


def page_may_write() -> bool:
    """Say whether the person whose page is running is an author; Streamlit checks where its messages come from."""
    address = st.get_option("server.address") or "0.0.0.0"
    is_taken = house().settings.author_link_anywhere or is_loopback(address)
    return is_taken and house().authors.is_author(st.context.cookies.get(cookie_name(), ""))


def links_are_taken(request: HTTPConnection) -> bool:
    """Say whether the author link counts on the address that this connection came to."""
    return house().settings.author_link_anywhere or is_loopback((request.scope.get("server") or ("",))[0])


def came_from_our_page(request: HTTPConnection) -> bool:
    """Say whether the browser tells that a page of this very server sent the request."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is None and origin is None:
        return False
    same_origin = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    return site in (None, "same-origin") and same_origin


def cookie_name() -> str:
    """Return the name of our cookie; browsers do not keep the cookies of two ports apart, so it names the port."""
    return f"msus_author_{st.get_option('server.port')}"


def author_cookie(request: HTTPConnection) -> str:
    """Return the secret that a browser sent, or nothing."""
    return request.cookies.get(cookie_name(), "")
