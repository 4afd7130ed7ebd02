"""Short axis against the simulation's truth: when the effort begins and ends, and how thick the section is."""

from pathlib import Path

import numpy as np
import pytest

from annotations.motion.border_tracking import Border
from annotations.motion.chapters import find_chapters
from annotations.motion.grey_frames import GreyFrames
from annotations.motion.thickness import measure_thickness
from annotations.motion.tissue_area import tissue_area
from annotations.motion.tissue_motion import follow_tissue
from annotations.opened_case import opened_case
from cases.settings import Settings
from tests.annotations.motion.truth_measures import boundary_error

CLIPS = (
    ("partial-tear", "partial-short"),
    ("rectus-femoris-tear", "short-axis-defect"),
    ("rectus-femoris-tear", "haematoma-short"),
)
INNER_HALF = np.linspace(0.25, 0.75, 7)


def sides(outline: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Superficial and deep side of a closed outline at some columns."""
    left, right = int(np.argmin(outline[:, 0])), int(np.argmax(outline[:, 0]))
    turned = np.roll(outline, -left, axis=0)
    turn = (right - left) % len(outline)
    one, other = (
        np.interp(x, *part[np.argsort(part[:, 0])].T)
        for part in (turned[: turn + 1], np.vstack([turned[turn:], turned[:1]]))
    )
    return np.minimum(one, other), np.maximum(one, other)


@pytest.mark.parametrize(("case", "clip"), CLIPS)
def test_chapters_and_thickness_of_a_section_are_those_of_the_simulation(
    case: str, clip: str, tmp_path: Path
) -> None:
    with opened_case(case, Settings(data_folder=tmp_path)) as opened:
        cine = opened.cine(clip)
        area = tissue_area(cine.frames, cine.regions)
        frames = GreyFrames(cine.frames, area.rows, area.columns)
        truth = np.load(opened.folder / f"{clip}.truth.npz")
        chapters = find_chapters(follow_tissue(frames, area).evidence())
        assert boundary_error(chapters, truth["activation"]) <= 1
        outline = truth["rectus_outline_px"].astype(float)
        left, right = outline[0, :, 0].min(), outline[0, :, 0].max()
        x = left + INNER_HALF * (right - left)
        borders = (Border(0, tuple(zip(x, side, strict=True))) for side in sides(outline[0], x))
        curve = measure_thickness(frames, area, (next(borders), next(borders)))
    x = np.array(curve.superficial_px[0])[2:7, 0]
    apart = [np.subtract(*sides(one, x)[::-1]).mean() * area.unit_per_px[1] for one in outline]
    assert np.median(np.abs(np.array(curve.thickness) - apart)) <= 0.4
