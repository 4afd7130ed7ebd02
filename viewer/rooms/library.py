"""Library: the cases that were found, each one click away from Compare."""

import streamlit as st

from viewer.cards import case_card
from viewer.house import house

st.title("Library")
cases = house().catalogue.cases()
if not cases:
    st.info(
        "There is no case yet. Open clips of your own on the next page, or name a folder of cases in "
        "`MSUS_CASES_DIR` and start the viewer again.",
        icon=":material/info:",
    )
    st.page_link("rooms/open_clips.py", label="Open clips", icon=":material/folder_open:")
for row_start in range(0, len(cases), 3):
    for column, summary in zip(st.columns(3), cases[row_start : row_start + 3], strict=False):
        with column:
            case_card(summary)
