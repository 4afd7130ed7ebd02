"""The times of a DICOM clip: Frame Time Vector, Frame Time, Cine Rate, or the recommended rate."""

import math
from collections.abc import Sequence

from pydicom.dataset import Dataset

from cases.decoding.dicom_header import value
from cases.decoding.source import Findings, Wishes
from cases.frame_timing import (
    STILL_TIMING,
    UNKNOWN_TIMING,
    FrameTiming,
    TimingSource,
    even_timing,
    vector_timing,
)
from cases.sentences import Remark, VectorRefusal

_SLOWEST_HZ, _FASTEST_HZ = 0.1, 10_000.0
"""Slower than any cine loop, and faster than ultrafast imaging; a Frame Time in seconds ends up above."""
_FRAME_TIME = 0x00181063
_SAME_RATE = 0.1
"""Rates that differ by less than this share are the same one, rounded."""


def read_timing(dataset: Dataset, frames: int, wishes: Wishes, findings: Findings) -> FrameTiming:
    """Choose the first usable statement about time, and note why a better one was not used.

    Parameters
    ----------
    dataset : Dataset
        The header.
    frames : int
        Frames of the clip as declared.
    wishes : Wishes
        May hold a frame time, used only where the file states none.
    findings : Findings
        Takes the remarks.

    Returns
    -------
    FrameTiming
        Times of the declared frames; unknown where nothing is said.

    References
    ----------
    DICOM PS3.3 C.7.6.5, Cine Module.
    """
    if frames == 1:
        return STILL_TIMING
    vector = _by_vector(dataset, frames, findings)
    stated = None if _points_to_frame_time(dataset) else vector
    for source, interval_ms in _intervals(dataset, findings):
        if stated is None:
            stated = even_timing(frames, interval_ms, source)
        elif source is not TimingSource.RECOMMENDED_DISPLAY_FRAME_RATE:
            _compare(stated, source, interval_ms, findings)
    if stated is None:
        stated = vector
    elif stated is not vector and vector is not None and vector.median_interval_ms is not None:
        _compare(stated, vector.source, vector.median_interval_ms, findings)
    if stated is not None:
        _compare_display_rate(dataset, stated, findings)
        _compare_duration(dataset, stated, findings)
        rate_hz = 1000 / (stated.median_interval_ms or 1000)
        if not _SLOWEST_HZ <= rate_hz <= _FASTEST_HZ:
            findings.remark(Remark.RATE_UNLIKELY, rate_hz=float(f"{rate_hz:.3g}"))
        return stated
    if wishes.frame_time_ms is not None:
        return even_timing(frames, wishes.frame_time_ms, TimingSource.USER)
    return UNKNOWN_TIMING


def _points_to_frame_time(dataset: Dataset) -> bool:
    """Whether Frame Increment Pointer (0028,0009) says that the Frame Time counts, though there may be a vector."""
    frame_time_ms = _finite(value(dataset, "FrameTime"))
    return value(dataset, "FrameIncrementPointer") == _FRAME_TIME and bool(
        frame_time_ms and frame_time_ms > 0
    )


def timing_of_kept(timing: FrameTiming, kept: list[int]) -> FrameTiming:
    """Return the times of the frames kept; each keeps its own start and lasts until its old successor."""
    starts_s = timing.frame_starts_s
    if starts_s is None or timing.duration_s is None or len(kept) == len(starts_s):
        return timing
    if len(kept) == 1:
        return FrameTiming(None, None, TimingSource.NOT_APPLICABLE)
    ends_s = (*starts_s[1:], timing.duration_s)
    origin_s = starts_s[kept[0]]
    return FrameTiming(
        tuple(starts_s[k] - origin_s for k in kept), ends_s[kept[-1]] - origin_s, timing.source
    )


def _by_vector(dataset: Dataset, frames: int, findings: Findings) -> FrameTiming | None:
    found = value(dataset, "FrameTimeVector")  # (0018,1065), milliseconds
    if found is None or found == "":
        return None
    entries = found if isinstance(found, Sequence) and not isinstance(found, str) else [found]
    refusal = _vector_refusal(entries, frames)
    if refusal is not None:
        findings.remark(Remark.VECTOR_REFUSED, reason=refusal)
        return None
    return vector_timing(tuple(float(entry) for entry in entries))


def _vector_refusal(entries: Sequence[object], frames: int) -> VectorRefusal | None:
    numbers = [_finite(entry) for entry in entries]
    if any(entry is None for entry in numbers):
        return VectorRefusal.NOT_A_NUMBER
    if len(numbers) != frames:
        return VectorRefusal.TOO_SHORT if len(numbers) < frames else VectorRefusal.TOO_LONG
    if any(entry is None or entry <= 0 for entry in numbers[1:]):
        return VectorRefusal.NOT_POSITIVE
    return None


def _intervals(dataset: Dataset, findings: Findings) -> list[tuple[TimingSource, float]]:
    stated = []
    frame_time_ms = _finite(value(dataset, "FrameTime"))  # (0018,1063)
    if frame_time_ms is not None and frame_time_ms > 0:
        stated.append((TimingSource.FRAME_TIME, frame_time_ms))
    elif "FrameTime" in dataset:
        findings.remark(Remark.FRAME_TIME_REFUSED)
    for source, keyword in (
        (TimingSource.CINE_RATE, "CineRate"),  # (0018,0040)
        (TimingSource.RECOMMENDED_DISPLAY_FRAME_RATE, "RecommendedDisplayFrameRate"),  # (0008,2144)
    ):
        rate_hz = _finite(value(dataset, keyword))
        if rate_hz is not None and rate_hz > 0:
            stated.append((source, 1000 / rate_hz))
    return stated


def _compare(timing: FrameTiming, other: TimingSource, interval_ms: float, findings: Findings) -> None:
    used_ms = timing.median_interval_ms
    if used_ms is not None and abs(used_ms / interval_ms - 1) > _SAME_RATE:
        findings.remark(
            Remark.RATES_DISAGREE,
            used=timing.source.label,
            file_hz=round(1000 / used_ms, 1),
            other=other.label,
            other_hz=round(1000 / interval_ms, 1),
        )


def _compare_display_rate(dataset: Dataset, timing: FrameTiming, findings: Findings) -> None:
    display_hz = _finite(value(dataset, "RecommendedDisplayFrameRate"))
    interval_ms = timing.median_interval_ms
    if display_hz is None or interval_ms is None or display_hz <= 0:
        return
    if abs(display_hz * interval_ms / 1000 - 1) > _SAME_RATE:
        findings.remark(
            Remark.DISPLAY_RATE_DIFFERS, display_hz=round(display_hz, 1), file_hz=round(1000 / interval_ms, 1)
        )


def _compare_duration(dataset: Dataset, timing: FrameTiming, findings: Findings) -> None:
    """Compare with Effective Duration (0018,0072), which some scanners count up to the last frame only."""
    stated_s, interval_ms = _finite(value(dataset, "EffectiveDuration")), timing.median_interval_ms
    if stated_s is None or stated_s <= 0 or timing.duration_s is None or interval_ms is None:
        return
    shortest_s, longest_s = timing.duration_s - interval_ms / 1000, timing.duration_s
    if not shortest_s * (1 - _SAME_RATE) <= stated_s <= longest_s * (1 + _SAME_RATE):
        findings.remark(
            Remark.DURATION_DIFFERS,
            stated_s=float(f"{stated_s:.3g}"),
            used=timing.source.label,
            used_s=float(f"{longest_s:.3g}"),
        )


def _finite(found: object) -> float | None:
    try:
        as_number = float(found)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return as_number if math.isfinite(as_number) else None
