"""The sentence that a learner takes away: the author's words, its numbers from the curve."""

from collections.abc import Mapping

import streamlit as st

from cases.manifest import Comparison
from viewer.curves import ClipCurves
from viewer.scene import Curve
from viewer.words import plain

MISSING = "–"
_UNKNOWN = {"gap_rest_mm": MISSING, "gap_peak_mm": MISSING}


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
        The sentence with its numbers filled in, and where these come from, "" where it has none; a number that is
        not known is a dash, and then is said why. ``None`` where the author wrote no sentence.
    """
    if comparison.takeaway is None:
        return None
    if "{" not in comparison.takeaway:
        return comparison.takeaway, ""
    panel = comparison.contraction or comparison.rest
    known = curves.get(panel.clip, ClipCurves()) if panel is not None else ClipCurves()
    curves_known = [curve for curve in (known.tracked, known.truth) if curve is not None]
    curve = next((one for one in curves_known if one.unit == "mm"), next(iter(curves_known), None))
    if curve is None:
        why = (
            "nobody has measured it in this clip" if known.proposed is None else "none was found in this clip"
        )
        return comparison.takeaway.format_map(_UNKNOWN), why
    if curve.unit != "mm":
        return comparison.takeaway.format_map(_UNKNOWN), "known in px only, because the clip has no scale"
    return comparison.takeaway.format_map(_numbers(curve)), _source(curve)


def show_takeaway(comparison: Comparison, curves: Mapping[str, ClipCurves]) -> None:
    """Draw the sentence below the pictures; nothing where there is none."""
    said = takeaway_of(comparison, curves)
    if said is None:
        return
    sentence, source = said
    note = f"  \n:small[Gap: {plain(source)}]" if source else ""
    st.info(plain(sentence) + note, icon=":material/school:")


def _source(curve: Curve) -> str:
    """Say where the numbers come from, which are not known and, of a measured curve, how far to trust them."""
    frames = (("at rest", curve.rest_frame_index), ("at peak", curve.peak_frame_index))
    said = "; ".join(
        [curve.source_label, *(f"not known {where}" for where, frame in frames if frame is None)]
    )
    if curve.lower is None or curve.upper is None:
        return said
    halves = [
        f"{(curve.upper[frame] - curve.lower[frame]) / 2:.1f} {curve.unit} {where}"
        for where, frame in frames
        if frame is not None
    ]
    return f"{said}: {', '.join(halves)}"


def _numbers(curve: Curve) -> dict[str, str]:
    frames = {"gap_rest_mm": curve.rest_frame_index, "gap_peak_mm": curve.peak_frame_index}
    return {
        name: MISSING if frame is None else f"{curve.values[frame]:.1f}" for name, frame in frames.items()
    }
