"""What became of each opened file: what it is, or one sentence why it could not be read."""

from collections.abc import Sequence

import streamlit as st

from cases.intake import Opened
from viewer.opening import OpenedClip
from viewer.words import clip_in_words, plain

IDENTITY_WARNING = (
    "**A patient's identity is in the header of at least one file** (marked below). It is not shown here and nothing "
    "is kept after this visit, but do not pass the file on, and do not teach with it, before it has been removed."
)


def show_results(opened: Sequence[Opened]) -> list[OpenedClip]:
    """Draw one line a file and return the readable ones, in order."""
    if any(result.carries_identity for result in opened):
        st.warning(IDENTITY_WARNING, icon=":material/privacy_tip:")
    readable = []
    for result in opened:
        if result.head is None:
            st.error(f"**{plain(result.name)}**: {plain(result.error or '')}", icon=":material/error:")
            continue
        mark = " — **identity in the header**" if result.carries_identity else ""
        readable.append(OpenedClip(name=result.name, head=result.head))
        words = f"{len(readable)}\\. **{plain(result.name)}** — {plain(clip_in_words(result.head))}{mark}"
        st.markdown(f":material/check: {words}")
    return readable
