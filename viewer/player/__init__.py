"""The player: one browser component that every room uses, described by one scene."""

import functools
from collections.abc import Callable, Mapping
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


def cine_player(scene: Scene, *, key: str) -> Mapping[str, Any]:
    """Mount the player on the page, or bring the mounted one up to date.

    Everything at frame rate happens in the browser. The place in the clip is
    written to the address bar without a rerun.

    Parameters
    ----------
    scene : Scene
        What to show. An unchanged ``scene_id`` keeps position, zoom and frames.
    key : str
        Stable identity of the mount; without it a changed scene would remount.

    Returns
    -------
    mapping of str to Any
        The calipers across the gap that were drawn in opened clips, by the names of their packs, as the browser says
        them: not checked. A change of them is the one thing that makes the page run anew; there is none in a case.
    """
    said = component()(
        key=key,
        data={"scene": scene.to_json()},
        width="stretch",
        height="content",
        on_gap_calipers_change=_nothing,
    )
    calipers = said.gap_calipers
    return calipers if isinstance(calipers, Mapping) else {}


def _nothing() -> None:
    """Streamlit wants a function for each value that comes back; the page reads it where it mounts the player."""
