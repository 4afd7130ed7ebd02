"""The plain Streamlit way: one slider, two pictures, the clips decoded once and kept.

Keeping the decoded arrays with ``cache_resource`` is the fastest that Streamlit
offers for this; ``cache_data`` would copy both clips on every rerun.
"""

import os
import time
from pathlib import Path

import pydicom
import streamlit as st
from numpy.typing import NDArray

FRAMES = 100
CINE_SECONDS = 4.0


@st.cache_resource
def frames_of(path: str) -> NDArray:  # type: ignore[type-arg]
    """Decode a whole clip once for the process."""
    return pydicom.dcmread(path).pixel_array


st.set_page_config(layout="wide")
folder = Path(os.environ["BENCH_CLIPS"])
rest, contraction = (frames_of(str(folder / f"{name}.dcm")) for name in ("rest", "contraction"))
pressed = {frames_per_s: st.button(f"Play {frames_per_s}") for frames_per_s in (30, 60)}
asked = next((frames_per_s for frames_per_s, is_pressed in pressed.items() if is_pressed), None)
frame_index = st.slider("Frame", 0, FRAMES - 1, 0)
left, right = st.columns(2)
shown = [left.empty(), right.empty()]


def show(index: int) -> None:
    """Draw one frame of each clip."""
    shown[0].image(rest[index])
    shown[1].image(contraction[index])


show(frame_index)
if asked:
    begun_s = time.perf_counter()
    while (elapsed_s := time.perf_counter() - begun_s) < CINE_SECONDS:
        index = int(elapsed_s * asked)
        show(index % FRAMES)
        time.sleep(max(0.0, begun_s + (index + 1) / asked - time.perf_counter()))
