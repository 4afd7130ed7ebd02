"""The intake: where files, a folder or a zip are dropped, and watched while they are sent and read."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from viewer.arriving import MAX_FILES

WEB_FOLDER = Path(__file__).parent / "web"
COMPONENT_NAME = "viewer.intake"


@functools.cache
def component() -> Callable[..., Any]:
    """Make the component known to Streamlit, once; needs a running server.

    Until then its files are not served either, so the server does it when it starts.
    """
    return st.components.v2.component(COMPONENT_NAME, html="", css="intake.css", js="intake.js")


def clip_intake(visit_token: str, *, max_file_bytes: int, key: str) -> bool:
    """Draw the place where clips are dropped, and the list of what became of them.

    The browser streams the files to our own routes and follows them there; the
    page runs again only when all have been read, or one more was kept.

    Parameters
    ----------
    visit_token : str
        The visit that the files belong to.
    max_file_bytes : int
        Larger files are not sent at all.
    key : str
        Stable identity of the mount.

    Returns
    -------
    bool
        True in the one run after files were read.
    """
    result = component()(
        key=key,
        data={"visit_token": visit_token, "max_file_bytes": max_file_bytes, "max_files": MAX_FILES},
        height="content",
        on_opened_change=lambda: None,
    )
    return result.opened is not None
