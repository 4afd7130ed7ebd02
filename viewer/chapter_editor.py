"""Chapters proposed with their evidence, to be accepted or corrected: by number, or at the frame that is on screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from viewer import state
from viewer.chapter_bounds import begun_here, chapters_from, first_frames, usual_chapters
from viewer.curves import ClipCurves
from viewer.scene import Chapter, Clip
from viewer.staging import proposed_chapters
from viewer.words import plain

CHART_HEIGHT_PX = 240
NAME_ROWS, NAME_ROW_PX = 3, 14  # names of short chapters stand below each other
INK = {"light": "#3d4250", "dark": "#d5d9e2"}
EVIDENCE = {"gap": "gap", "motion": "motion of the tissue", "thickness": "thickness"}


@dataclass(frozen=True, slots=True)
class EditedClip:
    """A clip whose chapters can be set.

    Parameters
    ----------
    name : str
        Name of its pack, under which the session keeps what is set.
    title : str
        For people.
    clip : Clip
        As it is on screen, with the chapters that count now.
    known : ClipCurves
        What was measured in it.
    frame_number : int or None
        The frame of it that the player wrote to the address bar when it came to rest.
    """

    name: str
    title: str
    clip: Clip
    known: ClipCurves
    frame_number: int | None = None


def edit_chapters(edited: EditedClip) -> tuple[Chapter, ...]:
    """Draw the editor of one clip and return the chapters that it shows; what is set is kept for the session."""
    shown = edited.clip.chapters or usual_chapters(edited.clip.frames)
    _say_what_was_found(edited)
    chart = evidence_chart(edited, shown)
    if chart is not None:
        st.vega_lite_chart(chart, height=CHART_HEIGHT_PX)
    _ask_numbers(edited, shown)
    _offer_here(edited, shown)
    _offer_others(edited)
    return shown


def evidence_chart(edited: EditedClip, shown: Sequence[Chapter]) -> dict[str, Any] | None:
    """Return the effort over the frames with the beginnings of the chapters, for Vega-Lite; ``None`` without effort."""
    proposed = edited.known.proposed
    if proposed is None or not any(proposed.activity):
        return None
    efforts = [{"frame": n, "effort": 100 * share} for n, share in enumerate(proposed.activity, start=1)]
    begins = [
        {"frame": begin, "chapter": chapter.name}
        for begin, chapter in zip(first_frames(shown), shown, strict=True)
    ]
    frame = {
        "field": "frame",
        "type": "quantitative",
        "title": "frame",
        "scale": {"domain": [1, edited.clip.frames], "nice": False},
    }
    ink = INK["dark" if st.context.theme.type == "dark" else "light"]
    effort = {
        "field": "effort",
        "type": "quantitative",
        "title": "effort (%)",
    }
    text = {"type": "text", "align": "left", "baseline": "top", "dx": 4, "dy": 4, "color": ink}
    return {
        "description": f"Effort in {edited.title}, with the first frame of each chapter",
        "layer": [
            {"data": {"values": efforts}, "mark": "line", "encoding": {"x": frame, "y": effort}},
            {
                "data": {"values": begins},
                "mark": {"type": "rule", "strokeDash": [4, 3], "color": ink},
                "encoding": {"x": frame},
            },
            *(
                {
                    "data": {"values": begins[row::NAME_ROWS]},
                    "mark": text,
                    "encoding": {"x": frame, "y": {"value": row * NAME_ROW_PX}, "text": {"field": "chapter"}},
                }
                for row in range(NAME_ROWS)
            ),
        ],
    }


def _say_what_was_found(edited: EditedClip) -> None:
    proposed = edited.known.proposed
    if proposed is None:
        st.caption("The motion of this clip was not measured; the chapters can be set by hand.")
    elif proposed.certainty == "no contraction":
        st.warning(" ".join(proposed.reasons), icon=":material/horizontal_rule:")
    elif proposed.certainty == "unsure":
        st.warning("Unsure proposal. " + " ".join(proposed.reasons), icon=":material/help:")
    if proposed is not None and proposed.chapters:
        st.caption(f"Effort, and chapters proposed, from the {EVIDENCE[proposed.evidence.kind]}.")


def _ask_numbers(edited: EditedClip, shown: Sequence[Chapter]) -> None:
    begins = first_frames(shown)
    with st.form(f"chapters-{edited.name}-{'-'.join(map(str, begins))}"):
        asked = [
            column.number_input(
                f"{chapter.name.capitalize()} from frame", 1, edited.clip.frames, begin, key=None
            )
            for column, chapter, begin in zip(st.columns(len(shown)), shown, begins, strict=True)
        ]
        if st.form_submit_button("Use these chapters", icon=":material/check:"):
            _use(edited, chapters_from([chapter.name for chapter in shown], asked, edited.clip.frames))


def _offer_here(edited: EditedClip, shown: Sequence[Chapter]) -> None:
    names, begins = [chapter.name.capitalize() for chapter in shown], first_frames(shown)
    chosen = st.selectbox(
        "Chapter",
        range(len(names)),
        format_func=lambda number: f"{names[number]} (from frame {begins[number]})",
        key=f"here-{edited.name}",
    )
    if st.button("Begins at the frame on screen", icon=":material/my_location:", key=f"at-{edited.name}"):
        if edited.frame_number is None:
            st.info("Stop this clip at a frame first.", icon=":material/pause:")
        else:
            _use(edited, begun_here(shown, chosen, edited.frame_number, edited.clip.frames))


def _offer_others(edited: EditedClip) -> None:
    """Draw the ways back: to what was found in the motion, and to what counted before."""
    proposal = proposed_chapters(edited.known)
    is_other = bool(proposal) and proposal != edited.clip.chapters
    if is_other and st.button("Take the proposal", icon=":material/auto_fix:", key=f"propose-{edited.name}"):
        _use(edited, proposal)
    if edited.name in state.set_chapters() and st.button(
        "Take back what I set here", icon=":material/undo:", key=f"unset-{edited.name}"
    ):
        state.set_chapters_of(edited.name, ())
        st.rerun()


def _use(edited: EditedClip, chapters: tuple[Chapter, ...] | str) -> None:
    if isinstance(chapters, str):
        st.error(plain(chapters), icon=":material/error:")
        return
    state.set_chapters_of(edited.name, chapters)
    st.rerun()
