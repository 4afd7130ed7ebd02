"""A case whose picture slides under the probe, with what was measured of it kept beforehand."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from annotations.motion.chapters import Chapters, Evidence
from annotations.motion.gap import GapCurve
from annotations.motion.probe_motion import ProbeMotion
from annotations.motion.result import ALGORITHM, MotionRequest, MotionResult, Provenance
from annotations.motion.result_store import MotionStore
from annotations.motion.stump import StumpEdges
from annotations.motion.thickness import ThicknessCurve
from annotations.motion.tissue_map import TissueMap
from annotations.motion.tissue_map_store import TissueMapStore
from cases.catalogue import Catalogue
from cases.decoding import Decoder
from cases.settings import Settings
from cases.store import ClipStore
from tests.cases.clip_factory import NumberedClip, RegionOfTest, uneven_increments_ms, write_dicom

FRAMES, ROWS, COLUMNS = 40, 480, 640
REGION = RegionOfTest(64, 64, 575, 447, delta_x=0.01, delta_y=0.01)
MM_PER_PX = 0.1
SLIDE_PX = 2
SQUARE_PX = 32
DARK, BRIGHT = 60, 190
GAP_MM = np.linspace(4, 12, FRAMES)
THICKNESS_MM = np.linspace(20, 25, FRAMES)
TIMES_MS = uneven_increments_ms(FRAMES)
CLIP_ID = "slide"
CELL_PX = 20.0
SHORTER_BELOW_PX, LONGER_ABOVE_PX, STRAIN = 240, 400, 0.3

_CASE = """schema_version = 1
id = "sliding"
title = "A sliding picture"
teaches = "What is left when the motion of the probe is taken out."
level = "beginner"
origin = "simulated"
licence = "CC0-1.0"

[[clips]]
id = "slide"
file = "slide.dcm"
title = "Squares that slide"
alt = "Dark and bright squares that slide to the right."
plane = "long axis"
side = "right"
screen_left = "proximal"
chapters = [
  { name = "rest", first_frame = 1, last_frame = 8 },
  { name = "contracting", first_frame = 9, last_frame = 20 },
  { name = "hold", first_frame = 21, last_frame = 30 },
  { name = "relaxing", first_frame = 31, last_frame = 40 },
]

[[clips.curves]]
id = "torque"
name = "Torque"
unit = "N m"
file = "torque.csv"
source = "as recorded"

[[comparisons]]
id = "held"
title = "One clip, rest held"
rest = { clip = "slide", frame = 1 }
contraction = { clip = "slide" }
takeaway = "From {gap_rest_mm} mm to {gap_peak_mm} mm."

[[comparisons]]
id = "alone"
title = "One clip"
contraction = { clip = "slide" }
"""


@dataclass(frozen=True, slots=True)
class SlidingClip(NumberedClip):
    """Squares inside the region that slide to the right, on a black margin that stays."""

    def frame(self, frame_index: int) -> NDArray[np.uint8]:
        """Draw one frame."""
        random = np.random.default_rng(4)
        squares = (
            random.integers(0, 2, (ROWS // SQUARE_PX, 2 * COLUMNS // SQUARE_PX)) * (BRIGHT - DARK) + DARK
        )
        scene = np.kron(squares, np.ones((SQUARE_PX, SQUARE_PX))).astype(np.uint8)
        shift = COLUMNS // 2 - SLIDE_PX * frame_index
        picture = np.zeros((self.rows, self.columns), np.uint8)
        rows, columns = slice(REGION.y0, REGION.y1 + 1), slice(REGION.x0, REGION.x1 + 1)
        picture[rows, columns] = scene[: self.rows, shift : shift + self.columns][rows, columns]
        return picture


def write_measured_case(root: Path) -> Path:
    """Write the case; its frames come at uneven times."""
    folder = root / "sliding"
    folder.mkdir(parents=True)
    clip = SlidingClip(frames=FRAMES, rows=ROWS, columns=COLUMNS)
    write_dicom(folder / "slide.dcm", clip, vector_ms=TIMES_MS, regions=[REGION])
    rows = "\n".join(f"{frame_index + 1},{torque_nm(frame_index)}" for frame_index in range(FRAMES))
    (folder / "torque.csv").write_text(f"frame,torque\n{rows}\n", encoding="utf-8")
    (folder / "case.toml").write_text(_CASE, encoding="utf-8")
    return folder


def torque_nm(frame_index: int) -> float:
    """Return the torque that was recorded with a frame: it rises as the gap does."""
    return 2.5 * frame_index


def keep_measurement(cases_folder: Path, data_folder: Path) -> None:
    """Keep what an analysis of the clip would say, exactly, in the data folder of an application to be started."""
    with Decoder(Settings.from_environment().limits, processes=1) as decoder:
        store = ClipStore(data_folder / "clips")
        head = Catalogue((cases_folder,), store, decoder).case("sliding").clips[CLIP_ID]
    MotionStore(data_folder / "motion").keep(measurement(head.sha256, head.timing.frame_starts_s))
    TissueMapStore(data_folder / "motion" / "tissue").keep(tissue_map(head.sha256))


def tissue_map(sha256: str) -> TissueMap:
    """Return the exact map of the sliding squares: shortened on the left, lengthened on the right, unsure between."""
    columns, rows = np.meshgrid(np.arange(70.0, 575, CELL_PX), np.arange(70.0, 447, CELL_PX))
    rest = np.stack([columns.ravel(), rows.ravel()], axis=1)
    moved = np.zeros((FRAMES, len(rest), 2))
    moved[:, :, 0] = SLIDE_PX * np.arange(FRAMES)[:, None]
    strain = np.where(
        rest[:, 0] < SHORTER_BELOW_PX, -STRAIN, np.where(rest[:, 0] > LONGER_ABOVE_PX, STRAIN, np.nan)
    )
    return TissueMap(sha256, 0, rest, moved, np.tile(strain, (FRAMES, 1)), CELL_PX)


def left_px(frame_index: int) -> tuple[float, float]:
    """Return where the left end lies in the picture: the probe slides, and the gap opens to both sides."""
    return 320 + SLIDE_PX * frame_index - GAP_MM[frame_index] / MM_PER_PX / 2, 256.0


def right_px(frame_index: int) -> tuple[float, float]:
    """Return where the right end lies in the picture."""
    return 320 + SLIDE_PX * frame_index + GAP_MM[frame_index] / MM_PER_PX / 2, 256.0


def measurement(sha256: str, frame_starts_s: tuple[float, ...] | None) -> MotionResult:
    """Return the exact result of a perfect analysis."""
    frames = range(FRAMES)
    gap = tuple(float(value) for value in GAP_MM)
    still, sure = (0.0,) * FRAMES, (1.0,) * FRAMES
    left, right = (tuple(place(index) for index in frames) for place in (left_px, right_px))
    area_px = (REGION.x0, REGION.y0, REGION.x1 + 1, REGION.y1 + 1)
    return MotionResult(
        provenance=Provenance(sha256, ALGORITHM, MotionRequest(), area_px, "region", "region", "vector"),
        unit="mm",
        frame_starts_s=frame_starts_s,
        chapters=Chapters((), still, "no contraction", (), Evidence("motion", still, "mm", 0.1)),
        motion_confidence=sure,
        probe=ProbeMotion(
            "mm",
            tuple(SLIDE_PX * MM_PER_PX * index for index in frames),
            still,
            still,
            sure,
            99,
            ("The probe slipped.",),
        ),
        gap=GapCurve(
            unit="mm",
            gap=gap,
            low=tuple(value - 0.4 for value in gap),
            high=tuple(value + 0.4 for value in gap),
            confidence=sure,
            left_px=left,
            right_px=right,
            rest_frame_index=0,
            peak_frame_index=FRAMES - 1,
            rest=gap[0],
            peak=gap[-1],
            opening_per_s=None,
            smallest_opening=0.8,
            edges=StumpEdges(0, left[0], right[0]),
            warnings=(),
        ),
        thickness=ThicknessCurve(
            "mm",
            tuple(float(value) for value in THICKNESS_MM),
            (0.2,) * FRAMES,
            ((),) * FRAMES,
            ((),) * FRAMES,
            "author",
        ),
        warnings=(),
    )
