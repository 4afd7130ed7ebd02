"""The application: Streamlit's pages and our own routes in one process.

Start it with ``streamlit run viewer/app.py``. Streamlit finds the app by the
literal assignment below, not by importing.
"""

from pathlib import Path

import streamlit as st

from viewer.house import open_house
from viewer.routes import middleware, routes

app = st.App(
    Path(__file__).parent / "main.py",
    routes=routes(),
    middleware=middleware(),
    lifespan=open_house,
)
