"""Cases whose frames carry their own number, for tests that must know which frame is on the screen."""

from pathlib import Path

from tests.cases.clip_factory import (
    JPEG_BASELINE,
    NumberedClip,
    RegionOfTest,
    uneven_increments_ms,
    write_dicom,
    write_mr_series,
)

FRAMES = 100
NUMBERED = NumberedClip(frames=FRAMES, rows=480, columns=640, bits=8, block_px=64)
LONG = NumberedClip(frames=250, rows=480, columns=640, bits=8, block_px=64)
REGION = RegionOfTest(0, 64, 639, 479, delta_x=0.01, delta_y=0.01)

_CASE = """schema_version = 1
id = "{id}"
title = "{title}"
teaches = "Which frame is on the screen."
level = "beginner"
origin = "simulated"
licence = "CC0-1.0"

[[clips]]
id = "rest"
file = "rest.dcm"
title = "Numbered clip at rest"
alt = "Black and white blocks that carry the number of the frame."
plane = "long axis"
side = "right"
screen_left = "proximal"

[[clips]]
id = "contraction"
file = "contraction.dcm"
title = "Numbered clip contracting"
alt = "Black and white blocks that carry the number of the frame."
plane = "long axis"
side = "right"
screen_left = "proximal"
chapters = [
  {{ name = "rest", first_frame = 1, last_frame = 20 }},
  {{ name = "contracting", first_frame = 21, last_frame = 50 }},
  {{ name = "hold", first_frame = 51, last_frame = 70 }},
  {{ name = "relaxing", first_frame = 71, last_frame = 100 }},
]

[[static_views]]
id = "mr"
files = [{files}]
title = "MRI-style test series"
alt = "Grey ramps, one a slice."
mri_style = true
key_slice = 3

[[comparisons]]
id = "both"
title = "Rest and contraction"
link = "{link}"
static = {{ view = "mr" }}
rest = {{ clip = "rest" }}
contraction = {{ clip = "contraction" }}

[[comparisons]]
id = "held"
title = "One clip, rest held"
link = "time"
rest = {{ clip = "contraction", chapter = "rest" }}
contraction = {{ clip = "contraction" }}
"""


def write_numbered_case(root: Path, case_id: str, *, title: str, link: str, uneven: bool = False) -> Path:
    """Write a case of two numbered clips and an MR series; uneven: the contraction has a Frame Time Vector."""
    folder = root / case_id
    folder.mkdir(parents=True)
    write_dicom(folder / "rest.dcm", NUMBERED, JPEG_BASELINE, frame_time_ms=40.0, regions=[REGION])
    write_dicom(
        folder / "contraction.dcm",
        NUMBERED,
        JPEG_BASELINE,
        frame_time_ms=40.0,
        vector_ms=uneven_increments_ms(FRAMES) if uneven else None,
        regions=[REGION],
    )
    slices = write_mr_series(folder, slices=5, rows=128, columns=128)
    files = ", ".join(f'"{path.relative_to(folder).as_posix()}"' for path in slices)
    (folder / "case.toml").write_text(
        _CASE.format(id=case_id, title=title, link=link, files=files), encoding="utf-8"
    )
    return folder


def write_broken_case(root: Path) -> Path:
    """Write a case whose manifest names a file that is not there."""
    folder = root / "broken"
    folder.mkdir(parents=True)
    text = _CASE.format(id="broken", title="Broken case", link="time", files='"mr.dcm"')
    (folder / "case.toml").write_text(text, encoding="utf-8")
    return folder
