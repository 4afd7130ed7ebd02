"""The intake: where files, a folder or a zip are dropped, and watched while they are sent and read."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

WEB_FOLDER = Path(__file__).parent / "web"
COMPONENT_NAME = "viewer.intake"


@functools.cache
def component() -> Callable[..., Any]:
    """Make the component known to Streamlit, once; needs a running server.

    Until then its files are not served either, so the server does it when it starts.
    """
    return st.components.v2.component(COMPONENT_NAME, html="", css="intake.css", js="intake.js")


def clip_intake(visit_token: str, *, key: str) -> bool:
    """Draw the place where clips are dropped.

    The browser streams the files to our own routes and shows their progress;
    only when all have been read does the page run again.

    Parameters
    ----------
    visit_token : str
        The visit that the files belong to.
    key : str
        Stable identity of the mount.

    Returns
    -------
    bool
        True in the one run after files were read.
    """
    result = component()(
        key=key, data={"visit_token": visit_token}, height="content", on_opened_change=lambda: None
    )
    return result.opened is not None
