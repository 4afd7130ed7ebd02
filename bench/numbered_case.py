"""The cases that our player shows: two numbered clips at 30 and at 60 frames a second, and one alone."""

import random
from collections.abc import Sequence
from pathlib import Path

from annotations.mark import Kind, Mark, MarkSource
from annotations.revision import Gesture, ItemKind
from annotations.store import AnnotationStore
from annotations.track import KeyFrame, OnRange, Place, Track
from bench.clips import COLUMNS, ROWS, STRIP_ROWS, NumberedClip, write_dicom

CASE_RATES = (30, 60)
ONE_CLIP_CASE, MARKED_CASE = "numbered-one", "numbered-marked"
MARKED_FRAMES, MARKS = 300, 500

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


def write_marked_case(clip: NumberedClip, folder: Path, data_folder: Path) -> None:
    """Write a case of one long clip, and keep five hundred marks on it: half lie still, half follow a track."""
    _write_case([clip], folder / MARKED_CASE, frames_per_s=CASE_RATES[0])
    chance = random.Random(5)
    gestures = [_gesture(number, clip, chance) for number in range(MARKS)]
    with AnnotationStore.in_folder(data_folder) as store:
        store.keep_together(gestures)


def _gesture(number: int, clip: NumberedClip, chance: random.Random) -> Gesture:
    last = len(clip.jpegs) - 1
    if number % 2:
        place: Place = OnRange(first_frame_index=0, last_frame_index=last, points_px=_corners(chance))
    else:
        keys = (KeyFrame(frame_index=index, points_px=_corners(chance)) for index in range(0, last + 1, 50))
        place = Track(keys=(*keys, KeyFrame(frame_index=last, points_px=_corners(chance))))
    mark = Mark(
        id=f"m{number}",
        clip=clip.name,
        kind=(Kind.POLYGON, Kind.POLYLINE)[number % 4 // 2],
        label=f"mark {number}",
        place=place,
        source=MarkSource.DRAWN,
    )
    return Gesture(
        id=f"g{number}", case=MARKED_CASE, layer="teacher", kind=ItemKind.MARK, item=mark.id, content=mark
    )


def _corners(chance: random.Random) -> tuple[tuple[float, float], ...]:
    x, y = chance.uniform(40, COLUMNS - 40), chance.uniform(STRIP_ROWS + 60, ROWS - 40)
    return ((x, y), (x + 12, y + 3), (x + 9, y + 12), (x - 4, y + 9))


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
