"""The sentence that a learner takes away: the author's words, its numbers from the curve."""

from collections.abc import Mapping

import streamlit as st

from cases.manifest import Comparison
from viewer.curves import ClipCurves
from viewer.scene import Curve
from viewer.words import plain


def takeaway_of(comparison: Comparison, curves: Mapping[str, ClipCurves]) -> tuple[str, str] | None:
    """Return the sentence of a comparison and where its numbers come from.

    Parameters
    ----------
    comparison : Comparison
        One of the manifest's comparisons.
    curves : mapping of str to ClipCurves
        What is known of the gap in its clips, by their ids.

    Returns
    -------
    tuple of str, or None
        The sentence with its numbers filled in, and the source of these, "" where it has none. ``None`` where the
        author wrote no sentence, or where a number that it needs is not known.
    """
    if comparison.takeaway is None:
        return None
    if "{" not in comparison.takeaway:
        return comparison.takeaway, ""
    panel = comparison.contraction or comparison.rest
    known = curves.get(panel.clip, ClipCurves()) if panel is not None else ClipCurves()
    curve = known.tracked or known.truth
    numbers = {} if curve is None else _numbers(curve)
    try:
        return comparison.takeaway.format_map(numbers), "" if curve is None else _source(curve)
    except KeyError:
        return None


def show_takeaway(comparison: Comparison, curves: Mapping[str, ClipCurves]) -> None:
    """Draw the sentence below the pictures; nothing where there is none."""
    said = takeaway_of(comparison, curves)
    if said is None:
        return
    sentence, source = said
    note = f"  \n:small[Gap: {plain(source)}]" if source else ""
    st.info(plain(sentence) + note, icon=":material/school:")


def _source(curve: Curve) -> str:
    """Say where the numbers come from and, of a measured curve, how far to trust them."""
    if curve.lower is None or curve.upper is None:
        return curve.source_label
    halves = [
        f"{(curve.upper[frame] - curve.lower[frame]) / 2:.1f} {curve.unit} {where}"
        for where, frame in (("at rest", curve.rest_frame_index), ("at peak", curve.peak_frame_index))
        if frame is not None
    ]
    return f"{curve.source_label}: {', '.join(halves)}"


def _numbers(curve: Curve) -> dict[str, str]:
    if curve.unit != "mm":
        return {}
    frames = {"gap_rest_mm": curve.rest_frame_index, "gap_peak_mm": curve.peak_frame_index}
    return {name: f"{curve.values[frame]:.1f}" for name, frame in frames.items() if frame is not None}
