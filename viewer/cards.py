"""The card of a case in the library."""

import streamlit as st

from cases.catalogue import CaseSummary


def case_card(summary: CaseSummary) -> None:
    """Draw one case: its name, what it teaches, whether it is simulated, and the way in.

    A case that cannot be read shows its sentence instead, and hides no other.
    """
    with st.container(border=True, height="stretch"):
        if summary.error is not None:
            st.markdown(f"**{summary.title}**")
            st.error(summary.error, icon=":material/error:")
            return
        st.markdown(f"#### {summary.title}")
        st.badge(
            "SIMULATED" if summary.origin == "simulated" else "REAL",
            icon=":material/science:" if summary.origin == "simulated" else ":material/person:",
            color="orange" if summary.origin == "simulated" else "green",
        )
        st.write(summary.teaches)
        st.caption(f"Level: {summary.level}")
        st.page_link(
            "rooms/compare.py",
            label="Compare",
            icon=":material/compare:",
            query_params={"case": summary.case_id},
        )
