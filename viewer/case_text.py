"""The case in words, in the order in which a case is told."""

import streamlit as st

from cases.manifest import CaseManifest

HEADINGS = {
    "history": "History",
    "examination": "Examination",
    "findings": "Findings",
    "diagnosis": "Diagnosis",
    "discussion": "Discussion",
}


def show_case_text(manifest: CaseManifest) -> None:
    """Draw the parts of the text that the author wrote, folded, and then sources and licence.

    The diagnosis stays hidden until the reader asks for it.
    """
    text = manifest.text
    for part, heading in HEADINGS.items():
        words = getattr(text, part)
        if words:
            with st.expander(heading):
                st.markdown(words)
    if manifest.sources or manifest.credit:
        with st.expander("Sources and licence"):
            st.markdown("\n".join(f"- {source}" for source in manifest.sources))
            st.caption(" · ".join(filter(None, (manifest.credit, f"Licence: {manifest.licence}"))))
