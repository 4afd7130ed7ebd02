"""The card of a case in the library."""

import html
from urllib.parse import quote

import streamlit as st

from cases.catalogue import CaseSummary
from viewer.words import plain


def case_card(summary: CaseSummary) -> None:
    """Draw one case: its name, what it teaches, whether it is simulated, and the way in.

    A case that cannot be read shows its sentence instead, and hides no other.
    """
    with st.container(border=True, height="stretch", key=f"card-{summary.case_id}"):
        if summary.error is not None:
            st.subheader(plain(summary.title), anchor=False)
            st.error(plain(summary.error), icon=":material/error:")
            return
        st.html(_picture(summary))
        st.subheader(plain(summary.title), anchor=False)
        st.badge(
            "SIMULATED" if summary.origin == "simulated" else "REAL",
            icon=":material/science:" if summary.origin == "simulated" else ":material/person:",
            color="orange" if summary.origin == "simulated" else "green",
        )
        st.markdown(plain(summary.teaches))
        st.caption(f"Level: {summary.level}")
        st.page_link(
            "rooms/compare.py",
            label="Compare",
            icon=":material/compare:",
            query_params={"case": summary.case_id},
        )


def _picture(summary: CaseSummary) -> str:
    """Return the card's picture: still, and moving only while one points at it."""
    folder = f"/api/cases/{quote(summary.case_id, safe='')}"
    alt = html.escape(f"One frame of the case “{summary.title}”", quote=True)
    return (
        '<div class="msus-card-picture">'
        f'<img src="{folder}/still.webp" alt="{alt}" width="360" height="288">'
        f'<img src="{folder}/loop.webp" alt="" width="360" height="288" loading="lazy">'
        "</div>"
    )
