"""The cases that our player shows: two numbered clips at 30 and at 60 frames a second, and one alone."""

from collections.abc import Sequence
from pathlib import Path

from bench.clips import NumberedClip, write_dicom

CASE_RATES = (30, 60)
ONE_CLIP_CASE = "numbered-one"

_HEAD = """schema_version = 1
id = "{case_id}"
title = "Numbered frames"
teaches = "Which frame is on the screen."
level = "beginner"
origin = "simulated"
licence = "CC0-1.0"
"""
_CLIP = """
[[clips]]
id = "{name}"
file = "{name}.dcm"
title = "{name}"
alt = "Speckle with its frame number in a strip along the top edge."
plane = "long axis"
side = "unstated"
screen_left = "unstated"
"""
_COMPARISON = """
[[comparisons]]
id = "side-by-side"
title = "Rest and contraction"
link = "frame"
"""


def case_id(frames_per_s: int) -> str:
    """Return the id of the case whose clips were recorded at a rate."""
    return f"numbered-{frames_per_s}"


def write_cases(clips: Sequence[NumberedClip], folder: Path) -> None:
    """Write every case into a folder of case folders."""
    for frames_per_s in CASE_RATES:
        _write_case(clips, folder / case_id(frames_per_s), frames_per_s=frames_per_s)
    _write_case(clips[:1], folder / ONE_CLIP_CASE, frames_per_s=CASE_RATES[0])


def _write_case(clips: Sequence[NumberedClip], folder: Path, *, frames_per_s: int) -> None:
    folder.mkdir(parents=True)
    manifest = [_HEAD.format(case_id=folder.name)]
    manifest += [_CLIP.format(name=clip.name) for clip in clips]
    manifest += [_COMPARISON]
    manifest += [f'[comparisons.{clip.name}]\nclip = "{clip.name}"\n' for clip in clips]
    (folder / "case.toml").write_text("".join(manifest), encoding="utf-8")
    for clip in clips:
        write_dicom(clip, folder / f"{clip.name}.dcm", frame_time_ms=1000 / frames_per_s)
