"""A clip of a case beside the clips that somebody opened."""

import streamlit as st

from viewer.asked_motion import asked_motion
from viewer.curves import curves_of
from viewer.house import house
from viewer.motion_tools import chosen_chapters
from viewer.scene import Panel
from viewer.staging import case_panel


def ask_case_clip() -> Panel | None:
    """Ask whether a clip of a case is to stand in the Rest panel; no case is read before one is chosen."""
    if not st.toggle("Show a clip of a case in the Rest panel", key="beside-case"):
        return None
    cases = {one.case_id: one.title for one in house().catalogue.cases() if one.error is None}
    if not cases:
        st.info("There is no case whose clips could be shown.", icon=":material/info:")
        return None
    case_column, clip_column = st.columns(2)
    with case_column:
        case_id = st.selectbox(
            "Case",
            list(cases),
            index=None,
            format_func=lambda one: cases[one],
            placeholder="Choose a case",
            key="beside-case-id",
        )
    if case_id is None:
        return None
    with st.spinner("Reading the case; the first time takes a few seconds …"):
        case = house().catalogue.case(case_id)
    titles = {clip.id: clip.title for clip in case.manifest.clips}
    with clip_column:
        clip_id = st.selectbox(
            "Clip of the case",
            list(titles),
            format_func=lambda one: titles[one],
            key=f"beside-clip-{case_id}",
        )
    asked = asked_motion(case, house().marks)
    curves = chosen_chapters(case, curves_of(case, house().measured, asked, tissue=house().tissue))
    return case_panel(case, "rest", clip_id, curves)
