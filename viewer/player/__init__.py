"""The player: one browser component that every room uses, described by one scene."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from viewer.scene import Scene

WEB_FOLDER = Path(__file__).parent / "web"
COMPONENT_NAME = "viewer.player"


@functools.cache
def component() -> Callable[..., Any]:
    """Make the component known to Streamlit, once; needs a running server.

    Until then its files are not served either, so the server does it when it starts.
    """
    return st.components.v2.component(COMPONENT_NAME, html="", css="player.css", js="player.js")


def cine_player(scene: Scene, *, key: str) -> None:
    """Mount the player on the page, or bring the mounted one up to date.

    Everything at frame rate happens in the browser; nothing comes back and no
    rerun is ever caused. The place in the clip is written to the address bar.

    Parameters
    ----------
    scene : Scene
        What to show. An unchanged ``scene_id`` keeps position, zoom and frames.
    key : str
        Stable identity of the mount; without it a changed scene would remount.
    """
    component()(key=key, data={"scene": scene.to_json()}, width="stretch", height="content")
