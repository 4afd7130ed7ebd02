"""An empty Streamlit page: what a page of ours cannot be faster than."""

import streamlit as st

st.write("ready")
