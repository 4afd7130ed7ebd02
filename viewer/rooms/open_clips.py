"""Open clips: drop files and compare them at once; nothing of it stays after the visit."""

import streamlit as st

from viewer.asking import ask_missing, ask_panels
from viewer.intake import clip_intake
from viewer.opening import stage_opened
from viewer.player import cine_player
from viewer.results import show_results
from viewer.state import end_visit, visit

st.title("Open clips")
here = visit()
clip_intake(here.token, key="intake")
if not here.opened:
    st.caption(
        "DICOM, mp4, mov, avi, png and jpg; MR series too. The files are kept on the server for this visit only, "
        "and never in the browser's cache."
    )
    st.stop()

clips = show_results(here.opened)
if clips:
    clips = ask_missing(clips)
    chosen = ask_panels(clips)
    scene = stage_opened(clips, chosen, token=here.token)
    if scene is not None:
        cine_player(scene, key="opened")
if st.button("Close all clips and delete them from the server", icon=":material/delete:"):
    end_visit()
    st.rerun()
