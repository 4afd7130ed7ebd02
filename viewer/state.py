"""The only module that touches Streamlit's session and the address bar.

Nothing kept here is the only copy of anything: a session can be lost at any
time. Frames never come here; the player writes its place to the address bar
without a rerun.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from cases.catalogue import Catalogue
from viewer.house import house
from viewer.scene import Chapter
from viewer.visits import Visit

_CHAPTERS = "chapters-set-here"


@dataclass(frozen=True, slots=True)
class Address:
    """What the address bar names: ``?case=…&compare=…&clip=…&frame=…``; every part may be missing or wrong."""

    case_id: str | None
    comparison_id: str | None
    clip_id: str | None
    frame_number: int | None


def address() -> Address:
    """Read the address bar; what is not a frame number counts as missing."""
    query = st.query_params
    frame = query.get("frame", "")
    return Address(
        case_id=query.get("case"),
        comparison_id=query.get("compare"),
        clip_id=query.get("clip"),
        frame_number=int(frame) if frame.isascii() and frame.isdecimal() and len(frame) < 7 else None,
    )


def first_case(catalogue: Catalogue) -> str | None:
    """Return the case that is shown where the address names none, or ``None`` where no case can be read."""
    return next((summary.case_id for summary in catalogue.cases() if summary.error is None), None)


def choose_comparison(case_id: str, comparison_id: str) -> None:
    """Write the chosen comparison to the address bar; its place in the clips starts anew."""
    st.query_params.from_dict({"case": case_id, "compare": comparison_id})


@st.cache_resource(scope="session", show_spinner=False, on_release=lambda visit: house().end_visit(visit))
def visit() -> Visit:
    """Return the visit of this session; it is deleted, with all its clips, when the session ends."""
    threading.Thread(target=house().decoder.warm, daemon=True).start()  # the first file need not wait for it
    return house().visits.begin()


def end_visit() -> None:
    """Delete everything that was opened in this session; the next run begins a new visit."""
    visit.clear()


def set_chapters() -> Mapping[str, tuple[Chapter, ...]]:
    """Return the chapters that this person set in this session, by the names of the clips."""
    kept: dict[str, tuple[Chapter, ...]] = st.session_state.get(_CHAPTERS, {})
    return kept


def set_chapters_of(name: str, chapters: tuple[Chapter, ...]) -> None:
    """Keep chapters of a clip for this session; none of them takes back what was set."""
    others = {other: kept for other, kept in set_chapters().items() if other != name}
    st.session_state[_CHAPTERS] = {**others, name: chapters} if chapters else others
