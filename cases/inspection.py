"""What we make of a file, as one line for people or one JSON object for machines."""

from pathlib import Path
from typing import Any

from cases.calibration import ScaleSource
from cases.clip import ClipHead, Inspection
from cases.decoding.decoder import Decoder
from cases.errors import UnreadableClipError
from cases.frame_timing import TimingSource
from cases.intake import sentence_of
from cases.pack import region_to_json


class _Discard:
    def add(self, encoded: bytes) -> None:
        """Drop the frame; only what is said of it matters here."""

    def restart(self) -> None:
        """Forget nothing."""


def inspect_file(path: Path, decoder: Decoder) -> dict[str, Any]:
    """Read a whole file and say what was found.

    Parameters
    ----------
    path : Path
        The file.
    decoder : Decoder
        Decodes it.

    Returns
    -------
    dict
        The keys of one line of ``python -m cases inspect --json``; ``error`` is None or one sentence.
    """
    try:
        head, inspection = decoder.read([path], _Discard())
    except UnreadableClipError as error:
        return _unreadable(path, error)
    return {
        "path": str(path),
        "kind": "clip" if head.frames > 1 else "still",
        **_found(inspection),
        "rows": head.rows,
        "columns": head.columns,
        **_time(head),
        **_scale(head),
        "warnings": list(head.warnings),
        "error": None,
    }


def in_words(line: dict[str, Any]) -> str:
    """Say the same as one line of text."""
    if line["error"] is not None:
        return f"{line['path']}: {line['error']}"
    counted = f"{line['frames_decoded']} frame" + ("s" if line["frames_decoded"] != 1 else "")
    interval_ms = line["median_interval_ms"]
    every = "" if interval_ms is None else f", {interval_ms:.3g} ms each"
    time = f"{every} ({TimingSource(line['timing_source']).label})"
    scale = ScaleSource(line["scale_source"]).label
    refused = "" if line["scale_refused_because"] is None else f": {line['scale_refused_because']}"
    warnings = "".join(f"\n    {sentence}" for sentence in line["warnings"])
    return (
        f"{line['path']}: {line['container']}, {line['codec']}, {counted} of "
        f"{line['columns']} × {line['rows']} px{time}, {scale}{refused}{warnings}"
    )


def _unreadable(path: Path, error: UnreadableClipError) -> dict[str, Any]:
    inspection = error.inspection or Inspection()
    declared = inspection.frames_declared
    return {
        "path": str(path),
        "kind": None if declared is None else "clip" if declared > 1 else "still",
        **_found(inspection),
        "rows": inspection.rows,
        "columns": inspection.columns,
        "duration_s": None,
        "median_interval_ms": None,
        "timing_source": TimingSource.UNKNOWN.value,
        "regions": [],
        "scale_source": ScaleSource.NONE.value,
        "scale_refused_because": None,
        "warnings": [],
        "error": sentence_of(error, path.name),
    }


def _found(inspection: Inspection) -> dict[str, Any]:
    return {
        "container": inspection.container.value,
        "codec": None if inspection.codec is None else inspection.codec.value,
        "frames_declared": inspection.frames_declared,
        "frames_decoded": inspection.frames_decoded,
    }


def _time(head: ClipHead) -> dict[str, Any]:
    return {
        "duration_s": head.duration_s,
        "median_interval_ms": head.timing.median_interval_ms,
        "timing_source": head.timing_source.value,
    }


def _scale(head: ClipHead) -> dict[str, Any]:
    return {
        "regions": [region_to_json(region) for region in head.regions],
        "scale_source": head.scale_source.value,
        "scale_refused_because": head.scale_refused_because,
    }
