"""What the page asks the visitor: what the files do not say, and which clip goes where."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from viewer.opening import ROLES, OpenedClip, first_choice, read_corners
from viewer.scene import Role
from viewer.staging import ROLE_TITLES, Corners
from viewer.words import plain


def ask_missing(clips: Sequence[OpenedClip]) -> list[OpenedClip]:
    """Ask for the frame rate and the scale that files lack; nothing is assumed for what stays empty."""
    lacking = [clip for clip in clips if clip.asks_for_rate or clip.asks_for_scale]
    if not lacking:
        return list(clips)
    with st.expander("What the files do not say: frame rate and scale", icon=":material/straighten:"):
        st.caption("Left empty, a clip is stepped but not played, and lengths are in px.")
        return [_ask(index, clip) for index, clip in enumerate(clips)]


def _ask(index: int, clip: OpenedClip) -> OpenedClip:
    rate = scale = corners = None
    if clip.asks_for_rate:
        rate = st.number_input(
            f"Frames per second of clip {index + 1}",
            min_value=0.5,
            max_value=1000.0,
            value=None,
            key=f"rate-{index}-{clip.head.sha256}",
        )
    if clip.asks_for_scale:
        scale = st.number_input(
            f"Millimetres per pixel of clip {index + 1}",
            min_value=0.001,
            max_value=10.0,
            value=None,
            format="%.4f",
            step=0.0001,
            key=f"scale-{index}-{clip.head.sha256}",
        )
        corners = _ask_corners(index, clip)
    return replace(clip, frames_per_s=rate, mm_per_px=scale, corners_px=corners)


def _ask_corners(index: int, clip: OpenedClip) -> Corners | None:
    text = st.text_input(
        f"Region of clip {index + 1} where this scale holds",
        placeholder=f"the whole picture: 0, 0, {clip.head.columns - 1}, {clip.head.rows - 1}",
        help="First column, first row, last column, last row, in pixels.",
        key=f"region-{index}-{clip.head.sha256}",
    )
    corners = read_corners(text, columns=clip.head.columns, rows=clip.head.rows)
    if text.strip() and corners is None:
        st.warning(
            f"“{plain(text)}” is no rectangle inside the picture; write four whole numbers, as in the grey example."
        )
    return corners


def ask_panels(clips: Sequence[OpenedClip]) -> dict[Role, int | None]:
    """Ask which clip each panel shows; the first answer is a sensible one already.

    What she chose stays when more clips come, unless they change what is proposed.
    """
    proposed = first_choice(clips)
    options: list[int | None] = [None, *range(len(clips))]
    chosen: dict[Role, int | None] = {}
    for column, role in zip(st.columns(len(ROLES)), ROLES, strict=True):
        with column:
            chosen[role] = st.selectbox(
                ROLE_TITLES[role],
                options,
                index=options.index(proposed[role]),
                format_func=lambda index: (
                    "(nothing)" if index is None else f"{index + 1}. {clips[index].name}"
                ),
                key=f"panel-{role}-{proposed[role]}",
            )
    return chosen
