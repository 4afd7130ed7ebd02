"""A value recorded with a clip, such as the torque: read from CSV and brought onto the frames."""

import csv
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cases.errors import CurveFileError

MAX_BYTES = 16 * 1024 * 1024
BY_TIME, BY_FRAME = "time_s", "frame"
Rows = list[tuple[float, float]]


def read_recorded_curve(
    path: Path, frames: int, frame_starts_s: Sequence[float] | None
) -> tuple[float | None, ...]:
    """Read a curve and say its value on every frame.

    Parameters
    ----------
    path : Path
        A CSV file: a header ``time_s,…`` or ``frame,…``, then one row a sample, in order.
    frames : int
        Frames of the clip.
    frame_starts_s : sequence of float or None
        Start of each frame in seconds; without it a curve by time has no place.

    Returns
    -------
    tuple of float or None
        Between two samples the value on the straight line; None before the first and after the last sample.

    Raises
    ------
    CurveFileError
        If the file is no such table; the message names file, line and what to do.
    """
    kind, rows = _read(path)
    if kind == BY_TIME and frame_starts_s is None:
        raise CurveFileError(
            f"{path.name}: the curve is by time, but nothing says when the frames of the clip were taken; give a "
            "column “frame” instead."
        )
    where, values = np.array(rows).T
    places = np.arange(1, frames + 1) if kind == BY_FRAME else np.array(frame_starts_s) - frame_starts_s[0]  # type: ignore[index]
    found = np.interp(places, where, values, left=np.nan, right=np.nan)
    return tuple(None if math.isnan(value) else round(float(value), 4) for value in found)


def _read(path: Path) -> tuple[str, Rows]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CurveFileError(f"{path.name}: the table is larger than 16 MiB; keep fewer samples.")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CurveFileError(
            f"{path.name}: the table cannot be read; it must be CSV in UTF-8, in the case's folder."
        ) from error
    lines = [line for line in csv.reader(text.splitlines()) if line]
    kind = lines[0][0].strip().lower() if lines else ""
    if kind not in (BY_TIME, BY_FRAME):
        raise CurveFileError(
            f"{path.name}: line 1 must name the columns: “time_s” or “frame” first, then the value."
        )
    rows: Rows = []
    for number, line in enumerate(lines[1:], start=2):
        row = _numbers(line)
        if row is None or (rows and row[0] <= rows[-1][0]):
            raise CurveFileError(
                f"{path.name}: line {number} must hold two numbers, the first larger than in the line before."
            )
        rows.append(row)
    if len(rows) < 2:
        raise CurveFileError(f"{path.name}: a curve needs at least two samples.")
    return kind, rows


def _numbers(line: Sequence[str]) -> tuple[float, float] | None:
    try:
        place, value = float(line[0]), float(line[1])
    except (ValueError, IndexError):
        return None
    return (place, value) if math.isfinite(place) and math.isfinite(value) else None
