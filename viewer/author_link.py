"""The author link: printed once when the server starts, and opened in the browser of who started it."""

import ipaddress
import sys
import threading
import webbrowser

import streamlit as st
from streamlit.web.server.server_util import get_url

from viewer.author_sessions import AuthorSessions


def announce(authors: AuthorSessions, *, anywhere: bool) -> None:
    """Print the link, and open it in the browser where there is a screen.

    Parameters
    ----------
    authors : AuthorSessions
        Gives the tokens.
    anywhere : bool
        Whether there is a link where the server listens on other addresses than loopback; if not, it says so.
    """
    address = st.get_option("server.address") or "0.0.0.0"
    if not is_loopback(address) and not anywhere:
        sys.stdout.write(
            f"  The server listens on {address}, not on this machine alone: there is no author link, and everyone "
            "reads (SECURITY.md).\n\n"
        )
    else:
        sys.stdout.write(f"  To write, open the author link:\n  {_link(address, authors.link_token)}\n\n")
        if not st.get_option("server.headless"):
            _open_browser(address, authors)
    sys.stdout.flush()


def is_loopback(address: str) -> bool:
    """Say whether an address or name is that of this machine alone.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    try:
        return address == "localhost" or ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _open_browser(address: str, authors: AuthorSessions) -> None:
    """Open the browser from a thread of its own, for some browsers hold the caller until they are closed."""
    # Another user of the machine can read the address in the list of processes: this token works once.
    link = _link(address, authors.opening_token())
    threading.Thread(target=webbrowser.open, args=(link,), name="browser", daemon=True).start()


def _link(address: str, token: str) -> str:
    shown = "127.0.0.1" if address in ("0.0.0.0", "::") else address
    return f"{get_url(f'[{shown}]' if ':' in shown else shown)}/author?token={token}"
