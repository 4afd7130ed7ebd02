"""A torn muscle as somebody opens it, and as a case of an author holds it: nothing was measured yet."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Locator, expect

from tests.annotations.motion.torn_muscle import (
    COLUMNS,
    MM_PER_PX,
    ROWS,
    TornMuscle,
    activation_of,
    torn_muscle,
)
from tests.browser.player import Player
from tests.cases.clip_factory import NumberedClip, RegionOfTest, write_dicom

FRAMES = 24
PEAK = 12
LONG_MS = 120_000.0
REGION = RegionOfTest(0, 0, COLUMNS - 1, ROWS - 1, delta_x=MM_PER_PX / 10, delta_y=MM_PER_PX / 10)

_CASE = """schema_version = 1
id = "torn"
title = "A torn muscle"
teaches = "What an author measures."
level = "beginner"
origin = "simulated"
licence = "CC0-1.0"

[[clips]]
id = "torn"
file = "torn.dcm"
title = "Torn muscle"
alt = "A muscle whose ends part."
plane = "long axis"
side = "right"
screen_left = "proximal"

[[clips]]
id = "across"
file = "across.dcm"
title = "Across the muscle"
alt = "Blocks that carry the number of the frame."
plane = "short axis"
side = "right"
screen_left = "medial"

[[comparisons]]
id = "alone"
title = "One clip"
contraction = { clip = "torn" }
takeaway = "The gap opens from {gap_rest_mm} mm to {gap_peak_mm} mm."

[[comparisons]]
id = "short"
title = "Short axis"
contraction = { clip = "across" }
"""


@dataclass(frozen=True, slots=True)
class TornClip(NumberedClip):
    """The frames of a torn muscle in the place of numbered ones."""

    pictures: tuple[NDArray[np.uint8], ...] = ()

    def frame(self, frame_index: int) -> NDArray[np.uint8]:
        """Draw one frame."""
        return self.pictures[frame_index]


def torn() -> TornMuscle:
    """Return the clip: rest, contraction, hold, relaxing and rest again."""
    return torn_muscle(activation_of(FRAMES, 4, 10, 15, 21))


def write_torn_gif(path: Path, *, each_ms: int = 40) -> Path:
    """Write the clip as an animation, which carries no scale."""
    first, *more = (Image.fromarray(picture) for picture in torn().pictures)
    first.save(path, save_all=True, append_images=more, duration=each_ms)
    return path


def write_still_gif(path: Path) -> Path:
    """Write a clip in which only the noise changes."""
    pictures = torn_muscle(np.zeros(FRAMES), seed=3).pictures
    first, *more = (Image.fromarray(picture) for picture in pictures)
    first.save(path, save_all=True, append_images=more, duration=40)
    return path


def write_torn_case(root: Path) -> Path:
    """Write a case with the clip, which has a scale, and a short-axis clip."""
    folder = root / "torn"
    folder.mkdir(parents=True)
    clip = TornClip(frames=FRAMES, rows=ROWS, columns=COLUMNS, pictures=tuple(torn().pictures))
    write_dicom(folder / "torn.dcm", clip, regions=[REGION])
    write_dicom(folder / "across.dcm", NumberedClip())
    (folder / "case.toml").write_text(_CASE, encoding="utf-8")
    return folder


def place_the_edges(player: Player, frame_index: int = PEAK) -> Locator:
    """Draw a caliper across the gap as a person does, name what it is, and return the row of tools."""
    page, muscle = player.page, torn()
    player.focus()
    page.keyboard.press("Home")
    for _ in range(frame_index):
        page.keyboard.press("ArrowRight")
    player.button("Draw").first.click()
    row = player.root.get_by_role("region", name="Drawing", exact=True)
    row.get_by_role("button", name="Caliper", exact=True).click()
    player.at_rest()
    box = player.panel("contraction").locator("canvas.msus-picture").bounding_box()
    assert box is not None
    scale = box["width"] / COLUMNS
    (left_x, left_y), (right_x, right_y) = muscle.left_px[frame_index], muscle.right_px[frame_index]
    page.mouse.move(box["x"] + left_x * scale, box["y"] + left_y * scale)
    page.mouse.down()
    page.mouse.move(box["x"] + right_x * scale, box["y"] + right_y * scale, steps=4)
    page.mouse.up()
    row.get_by_role("button", name="Details of the mark").click()
    concept = row.get_by_label("Concept")
    expect(concept).to_be_visible()
    concept.fill("gap between the stumps")
    concept.press("Tab")
    return row
