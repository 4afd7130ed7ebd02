"""Open clips: drop files and compare them at once; nothing of it stays after the visit."""

import streamlit as st

from viewer.asking import ask_missing, ask_panels
from viewer.beside_case import ask_case_clip
from viewer.house import house
from viewer.intake import clip_intake
from viewer.linking import show_why_not_by_phase
from viewer.opening import opened_clips, stage_opened
from viewer.player import cine_player
from viewer.state import address, end_visit, visit
from viewer.visit_motion import show_visit_tools, take_edges, visit_curves
from viewer.words import IDENTITY_WARNING

st.title("Open clips")
here = visit()
clip_intake(here.token, max_file_bytes=house().settings.limits.max_file_bytes, key="intake")
results = here.results.all()
if not results:
    st.caption(
        "DICOM, mp4, mov, avi, webm, gif, tiff, png and jpg; MR series, zips and folders too; a folder of numbered "
        "pictures opens as one clip. The files are kept on the server for this visit only, and never in the "
        "browser's cache."
    )
    st.stop()

if any(result.carries_identity for result in results):
    st.warning(IDENTITY_WARNING, icon=":material/privacy_tip:")
clips = opened_clips(here.results.clips())
if clips:
    clips = ask_missing(clips)
    chosen = ask_panels(clips)
    beside = ask_case_clip()
    curves = visit_curves(here, clips)
    scene = stage_opened(clips, chosen, curves, token=here.token, beside=beside)
    if scene is not None:
        if take_edges(here, cine_player(scene, key="opened")):
            st.rerun()
        show_why_not_by_phase(scene, curves)
        show_visit_tools(here, scene, curves, address())
if st.button("Close all clips and delete them from the server", icon=":material/delete:"):
    end_visit()
    st.rerun()
