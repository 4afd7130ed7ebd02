"""Why clips are not lined up by phase."""

from collections.abc import Mapping

import streamlit as st

from viewer.curves import ClipCurves
from viewer.scene import Panel, Scene
from viewer.staging import has_effort
from viewer.words import plain

UNKNOWN = ClipCurves()


def why_not_by_phase(scene: Scene, curves: Mapping[str, ClipCurves]) -> str | None:
    """Return one sentence for each moving clip that keeps the others from lining up by phase.

    Parameters
    ----------
    scene : Scene
        What is shown.
    curves : mapping of str to ClipCurves
        What was measured, by the names of the packs.

    Returns
    -------
    str or None
        ``None`` where fewer than two clips move, or where all line up.
    """
    moving = [panel for panel in scene.panels if panel.role != "static" and panel.clip.kind == "clip"]
    lacking = [panel for panel in moving if not has_effort(panel)]
    if len(moving) < 2 or not lacking:
        return None
    reasons = dict.fromkeys(_reason(panel, curves.get(panel.clip.sha256, UNKNOWN)) for panel in lacking)
    return f"Linked by {scene.link}, not by phase. {' '.join(reasons)}"


def show_why_not_by_phase(scene: Scene, curves: Mapping[str, ClipCurves]) -> None:
    """Draw the sentence below the player; nothing where the clips line up."""
    sentence = why_not_by_phase(scene, curves)
    if sentence is not None:
        st.caption(plain(sentence))


def _reason(panel: Panel, known: ClipCurves) -> str:
    if known.proposed is not None and known.proposed.certainty == "no contraction":
        return f"No contraction was found in {panel.title}, so there is nothing to line up."
    if panel.clip.chapters:
        return f"{panel.title} lacks a chapter of rest, contracting or hold; set them below."
    return f"The chapters of {panel.title} are not known: measure its motion, or set them below."
