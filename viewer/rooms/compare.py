"""Compare: Static, Rest and Contraction side by side, with one scrubber for all that moves."""

import streamlit as st

from viewer.asked_motion import asked_motion
from viewer.case_text import show_case_text
from viewer.curves import curves_of
from viewer.house import house
from viewer.marks import shown_marks
from viewer.motion_tools import chosen_chapters, show_case_tools
from viewer.player import cine_player
from viewer.staging import at_address, stage_case
from viewer.state import address, choose_comparison, first_case
from viewer.takeaway import show_takeaway

catalogue = house().catalogue
here = address()
case_id = here.case_id or first_case(catalogue)
if case_id is None:
    st.info("There is no case to compare yet. Open two clips of your own instead.", icon=":material/info:")
    st.page_link("rooms/open_clips.py", label="Open clips", icon=":material/folder_open:")
    st.stop()

with st.spinner("Reading the case; the first time takes a few seconds …"):
    case = catalogue.case(case_id)
comparisons = {comparison.id: comparison for comparison in case.manifest.comparisons}
shown = case.comparison(here.comparison_id)

st.subheader(case.manifest.title, anchor=False)
if len(comparisons) > 1:
    chosen = st.pills(
        "Comparison",
        list(comparisons),
        default=shown.id,
        format_func=lambda comparison_id: comparisons[comparison_id].title,
        label_visibility="collapsed",
        key=f"comparison-{case.manifest.id}-{shown.id}",
    )
    if chosen and chosen != shown.id:
        choose_comparison(case.manifest.id, chosen)
        st.rerun()

asked = asked_motion(case, house().marks)
curves = chosen_chapters(case, curves_of(case, house().measured, asked, tissue=house().tissue))
marks, trouble = shown_marks(case, house().marks)
if trouble is not None:
    st.warning(trouble, icon=":material/cloud_off:")
scene = stage_case(case, shown, curves, marks)
cine_player(at_address(scene, here.clip_id, here.frame_number), key="compare")
show_takeaway(shown, curves)
show_case_tools(case, scene, curves, asked, here)
show_case_text(case.manifest)
