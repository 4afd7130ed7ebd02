"""The navigation, and the one place that turns our errors into sentences on the page."""

from pathlib import Path

import streamlit as st

from annotations.errors import AnnotationError
from cases.errors import CaseError

HERE = Path(__file__).parent

st.set_page_config(page_title="Dynamic MSUS", page_icon=str(HERE / "icon.svg"), layout="wide")
st.html(HERE / "page.css")

page = st.navigation(
    [
        st.Page("rooms/library.py", title="Library", icon=":material/collections_bookmark:", default=True),
        st.Page("rooms/compare.py", title="Compare", icon=":material/compare:"),
        st.Page("rooms/open_clips.py", title="Open clips", icon=":material/folder_open:"),
    ],
    position="top",
)
try:
    page.run()
except (CaseError, AnnotationError) as error:
    st.error(str(error))
st.caption("For teaching. Not a medical device; not for diagnosis.")
