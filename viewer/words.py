"""Text for people: what a clip is, in one line, and text from outside made harmless for Markdown."""

import re

from cases.clip import ClipHead

IDENTITY_WARNING = (
    "**A patient's identity is in the header of at least one file** (marked in the list). It is not shown here and "
    "nothing is kept after this visit, but do not pass the file on, and do not teach with it, before it has been removed."
)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~$:])")


def plain(text: str) -> str:
    r"""Return text that Markdown shows as it is, whatever it holds.

    >>> plain("a*b*")
    'a\\*b\\*'
    """
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def clip_in_words(head: ClipHead) -> str:
    """Say what a clip is: kind, frames, size, rate with its source, scale with its source."""
    counted = {"clip": "frames", "series": "slices", "still": "picture"}[head.kind]
    parts = [f"{head.frames} {counted}", f"{head.columns} × {head.rows} px"]
    if head.kind == "clip":
        parts.append(_rate_in_words(head))
    parts.append(_scale_in_words(head))
    return " · ".join(parts)


def _rate_in_words(head: ClipHead) -> str:
    interval_ms = head.timing.median_interval_ms
    if interval_ms is None:
        return "frame rate unknown"
    return f"{1000 / interval_ms:.1f} frames/s ({head.timing.source.label})"


def _scale_in_words(head: ClipHead) -> str:
    calibrated = [region for region in head.regions if region.calibration is not None]
    if not calibrated:
        return f"no scale: {head.scale_refused_because or 'the file carries none'}".rstrip(".")
    pitches = {f"{r.mm_per_px_x:.4f} × {r.mm_per_px_y:.4f} mm/px" for r in calibrated}
    return f"{', '.join(sorted(pitches))} ({head.scale_source.label})"
