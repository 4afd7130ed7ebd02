"""A case of two numbered efforts of different length, the second with a known gap."""

from pathlib import Path

import numpy as np

from tests.browser.numbered_cases import REGION
from tests.cases.clip_factory import (
    JPEG_BASELINE,
    NumberedClip,
    uneven_increments_ms,
    write_dicom,
    write_mr_series,
)

REST_FRAMES, CONTRACTION_FRAMES = 40, 60
REST_CUTS = (0, 8, 20, 32, 40)
CONTRACTION_CUTS = (0, 24, 30, 48, 60)
REST_MS = 50.0
CONTRACTION_MS = uneven_increments_ms(CONTRACTION_FRAMES)
GAP_REST_MM, GAP_PEAK_MM, PEAK_FRAME = 2.0, 9.0, 40
NAMES = ("rest", "contracting", "hold", "relaxing")

_CLIP = """
[[clips]]
id = "{id}"
file = "{id}.dcm"
title = "Effort {id}"
alt = "Black and white blocks that carry the number of the frame."
plane = "long axis"
side = "right"
screen_left = "proximal"
chapters = [{chapters}]
{truth}
"""

_CASE = """schema_version = 1
id = "efforts"
title = "Two efforts"
teaches = "Which frame stands beside which."
level = "beginner"
origin = "simulated"
licence = "CC0-1.0"
{clips}
[[static_views]]
id = "mr"
files = [{files}]
title = "MRI-style test series"
alt = "Grey ramps, one a slice."
mri_style = true
key_slice = 3
landmarks = [{landmarks}]

[[comparisons]]
id = "both"
title = "Two efforts"
rest = {{ clip = "slow" }}
contraction = {{ clip = "quick" }}

[[comparisons]]
id = "beside"
title = "Beside the static view"
static = {{ view = "mr" }}
contraction = {{ clip = "quick" }}

[[comparisons]]
id = "held"
title = "One clip, rest held"
rest = {{ clip = "slow", frame = 1 }}
contraction = {{ clip = "quick" }}
"""


def gap_mm() -> np.ndarray:
    """Gap of each frame of the quick effort: at rest, up to its peak, and back."""
    return np.interp(
        np.arange(CONTRACTION_FRAMES),
        [0, CONTRACTION_CUTS[1], PEAK_FRAME, 59],
        [GAP_REST_MM, GAP_REST_MM, GAP_PEAK_MM, GAP_REST_MM],
    ).astype(np.float32)


def write_effort_case(root: Path) -> Path:
    """Write the case; neither comparison says how it is linked."""
    folder = root / "efforts"
    folder.mkdir(parents=True)
    slow = NumberedClip(frames=REST_FRAMES, rows=480, columns=640, bits=8, block_px=64)
    quick = NumberedClip(frames=CONTRACTION_FRAMES, rows=480, columns=640, bits=8, block_px=64)
    write_dicom(folder / "slow.dcm", slow, JPEG_BASELINE, frame_time_ms=REST_MS, regions=[REGION])
    write_dicom(folder / "quick.dcm", quick, JPEG_BASELINE, vector_ms=CONTRACTION_MS, regions=[REGION])
    np.savez(folder / "quick.truth.npz", gap_mid_mm=gap_mm())
    clips = _clip("slow", REST_CUTS, "") + _clip("quick", CONTRACTION_CUTS, 'truth = "quick.truth.npz"')
    slices = write_mr_series(folder, slices=5, rows=128, columns=128)
    files = ", ".join(f'"{path.relative_to(folder).as_posix()}"' for path in slices)
    landmarks = ", ".join(_landmark(*place) for place in ((100, 100), (500, 120), (300, 400), (560, 380)))
    text = _CASE.format(clips=clips, files=files, landmarks=landmarks)
    (folder / "case.toml").write_text(text, encoding="utf-8")
    return folder


def in_static_view(x_px: float, y_px: float) -> tuple[float, float]:
    """Return where a place of the quick effort at rest lies in slice 3 of the static view."""
    return 10 + x_px / 6, 20 + y_px / 5


def _landmark(x_px: float, y_px: float) -> str:
    place = f"clip_px = [{x_px}, {y_px}], static_px = {list(in_static_view(x_px, y_px))}"
    return f'{{ label = "place", clip = "quick", frame = 1, slice = 3, {place} }}'


def _clip(clip_id: str, cuts: tuple[int, ...], truth: str) -> str:
    chapters = ", ".join(
        f'{{ name = "{name}", first_frame = {first + 1}, last_frame = {end} }}'
        for name, first, end in zip(NAMES, cuts, cuts[1:], strict=False)
    )
    return _CLIP.format(id=clip_id, chapters=chapters, truth=truth)
