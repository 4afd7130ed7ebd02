"""Real muscle: what the detector finds beside what people saw and measured.

The boundaries of the gastrocnemius clips were read off the pictures by eye, frame by frame, before the detector
was run on them. The clips carry no scale, so lengths are in px.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from annotations.motion.analysis import analyse_motion
from annotations.motion.border_detection import propose_borders
from annotations.motion.border_tracking import Border, follow_border
from annotations.motion.grey_frames import GreyFrames
from annotations.motion.result import MotionResult
from annotations.motion.tissue_area import TissueArea, tissue_area
from annotations.speckle import follow
from cases.cine import Cine
from cases.decoding import Decoder
from cases.store import ClipStore
from tests.annotations.motion.bland_altman import Agreement, plot
from tests.annotations.motion.human_values import SHARED, table

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data folder is not there"),
]
TOLERANCE_FRAMES = 5
HELD_BY_EYE = 40
FIRST_CONTRACTING_BY_EYE = {
    "p6_isokinetic030_01_push_01": 7,
    "p6_isokinetic120_01_push_02": 14,
    "p6_isokinetic500_01_push_01": 9,
    "p6_isometric_max_01_push_01": 0,
}
FIRST_RELAXING_BY_EYE = {"p6_isometric_max_01_push_01": 135}
FIRST_AT_REST_AGAIN_BY_EYE = {"p6_isometric_max_01_push_01": 151}
PASSIVE = "p6_passive_ROM_01_push_01"


@dataclass(frozen=True, slots=True, eq=False)
class Real:
    cine: Cine
    result: MotionResult


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Real]:
    store = ClipStore(tmp_path_factory.mktemp("clips"))
    clips = {}
    with Decoder(processes=1) as decoder:
        for name in (*FIRST_CONTRACTING_BY_EYE, PASSIVE):
            path = SHARED / "muscle_clips_ccby" / f"{name}.mp4"
            cine = store.cine(store.import_file(path, decoder).sha256)
            clips[name] = Real(cine, analyse_motion(cine))
    return clips


@pytest.mark.parametrize("name", FIRST_CONTRACTING_BY_EYE)
def test_contraction_begins_where_the_eye_sees_it(real: dict[str, Real], name: str) -> None:
    chapters = real[name].result.chapters
    contracting = chapters.first("contracting")
    assert contracting is not None
    assert abs(contracting.first_frame_index - FIRST_CONTRACTING_BY_EYE[name]) <= TOLERANCE_FRAMES
    assert chapters.certainty == "sure"


def test_contraction_ends_where_the_eye_sees_it(real: dict[str, Real]) -> None:
    for name, first in FIRST_RELAXING_BY_EYE.items():
        chapters = real[name].result.chapters
        relaxing, rest = chapters.first("relaxing"), chapters.chapters[-1]
        assert relaxing is not None
        assert abs(relaxing.first_frame_index - first) <= TOLERANCE_FRAMES
        assert rest.name == "rest"
        assert abs(rest.first_frame_index - FIRST_AT_REST_AGAIN_BY_EYE[name]) <= TOLERANCE_FRAMES


def test_the_clips_that_end_in_the_hold_have_no_relaxing(real: dict[str, Real]) -> None:
    for name in FIRST_CONTRACTING_BY_EYE.keys() - FIRST_RELAXING_BY_EYE.keys():
        assert real[name].result.chapters.first("relaxing") is None


def test_a_passive_movement_is_not_called_a_contraction_without_doubt(real: dict[str, Real]) -> None:
    chapters = real[PASSIVE].result.chapters
    assert chapters.certainty == "unsure"
    assert any("passive" in reason for reason in chapters.reasons)


def test_no_gap_is_seen_in_whole_muscle(real: dict[str, Real]) -> None:
    assert {clip.result.gap for clip in real.values()} == {None}


def test_text_and_margins_of_the_screen_are_not_followed(real: dict[str, Real]) -> None:
    for clip in real.values():
        x0, y0, x1, y1 = clip.result.provenance.area_px
        assert clip.result.unit == "px"
        assert 195 <= x0 <= 225
        assert 900 <= x1 <= 960
        assert 25 <= y0 <= 60
        assert y1 <= 624


def test_frozen_real_tissue_holds_no_contraction(real: dict[str, Real], tmp_path: Path) -> None:
    from tests.annotations.motion.torn_muscle import cine_of

    frame = GreyFrames(real[PASSIVE].cine.frames)[0]
    frozen = analyse_motion(cine_of(tmp_path, np.repeat(frame[None], 12, axis=0)))
    assert frozen.chapters.certainty == "no contraction"


def test_speckle_inside_the_muscle_comes_back_from_a_whole_contraction(real: dict[str, Real]) -> None:
    cine = real["p6_isometric_max_01_push_01"].cine
    area = tissue_area(cine.frames, cine.regions)
    frames = GreyFrames(cine.frames, area.rows, area.columns)
    upper, lower = propose_borders(frames[0], 0, area) or (None, None)
    assert upper is not None
    assert lower is not None
    x = area.x0 + np.linspace(0.3, 0.7, 8) * (area.x1 - area.x0)
    top, bottom = (np.interp(x, *np.array(border.points_px).T) for border in (upper, lower))
    inside = np.concatenate([np.column_stack([x, top + s * (bottom - top)]) for s in (0.35, 0.5, 0.65)])
    start = inside - area.origin_px
    there = list(range(HELD_BY_EYE + 1))
    *_, gone = follow(frames, there, start)
    *_, back = follow(frames, there[::-1], gone.points_px)
    off_px = np.linalg.norm(back.points_px - start, axis=1)
    assert np.median(np.linalg.norm(gone.points_px - start, axis=1)) > 40
    assert np.median(off_px) <= 1.5


def manual_heights(name: str) -> dict[int, float]:
    """Heights that a person measured on some frames, frame numbers counted from 1, on the 1148 x 624 grid."""
    sheets = table(SHARED / "gm_frames_ccby" / "dataset3_for_manual_estimation_obs1.xlsx")
    sheet, trial = name.rsplit("_push_", 1)
    prefix = f"push_{trial}_"
    return {
        int(str(row["A"]).removeprefix(prefix)): float(row["D"])
        for row in sheets[sheet]
        if str(row.get("A", "")).startswith(prefix)
    }


@pytest.mark.parametrize("name", [*FIRST_CONTRACTING_BY_EYE, PASSIVE])
def test_thickness_of_gastrocnemius_changes_as_people_measured(real: dict[str, Real], name: str) -> None:
    curve = real[name].result.thickness
    assert curve is not None
    heights = manual_heights(name)
    by_eye = np.array(list(heights.values()))
    ours = np.array([curve.thickness[number - 1] for number in heights])
    # A person takes the height at one column and outside the bright lines; the change is what we share.
    difference = (ours - ours.mean()) - (by_eye - by_eye.mean())
    assert np.abs(difference).mean() <= 6.0


VASTUS_STEPS = range(25, 450, 50)
MANUAL_COLUMN_PX = 10.0
"""The people's rows meet the borders at the left of the picture, where they took their lines' heights."""

DRAWN_ON_THE_FIRST_PICTURE = {
    1: (
        ((5, 42), (100, 42), (250, 43), (400, 44), (510, 45)),
        ((5, 329), (100, 338), (200, 350), (300, 360), (400, 370), (500, 378)),
    ),
    4: (
        ((5, 91), (100, 99), (200, 108), (300, 115), (400, 121), (510, 129)),
        ((5, 346), (100, 358), (200, 362), (300, 370), (400, 378), (500, 380)),
    ),
    9: (
        ((5, 67), (100, 72), (250, 76), (400, 78), (510, 79)),
        ((5, 349), (100, 349), (200, 350), (300, 356), (400, 364), (500, 377)),
    ),
    11: (
        ((5, 48), (100, 50), (250, 52), (400, 53), (510, 54)),
        ((5, 318), (100, 320), (200, 328), (300, 333), (400, 338), (500, 343)),
    ),
}


def vastus_heights() -> tuple[np.ndarray, np.ndarray]:
    """Our heights of the vastus lateralis pictures, and those of the three raters; px."""
    sheets = table(SHARED / "vl_stills_cc0" / "dataset1_for_manual_estimation.xlsx")
    raters = [
        {(row.get("A"), row.get("B"), row.get("C")): row.get("H") for row in rows} for rows in sheets.values()
    ]
    ours, theirs = [], []
    for subject, lines in DRAWN_ON_THE_FIRST_PICTURE.items():
        folder = SHARED / "vl_stills_cc0" / f"S{subject}"
        pictures = [cv2.imread(str(folder / f"S{subject}_R20_step_{k:03d}.png"), 0) for k in VASTUS_STEPS]
        area = TissueArea(0, 0, pictures[0].shape[1], pictures[0].shape[0], None, "picture")
        upper, lower = (follow_border(pictures, area, Border(0, points)) for points in lines)
        at = np.array([MANUAL_COLUMN_PX])
        for index, step in enumerate(VASTUS_STEPS):
            ours.append(float((lower.at(index, at) - upper.at(index, at))[0]))
            theirs.append([float(rater[(subject, "R", step)]) for rater in raters])
    return np.array(ours), np.array(theirs)


def test_thickness_of_vastus_lateralis_agrees_as_people_agree_with_each_other() -> None:
    ours, raters = vastus_heights()
    assert len(ours) == 36
    between = np.mean([np.abs(raters[:, a] - raters[:, b]).mean() for a, b in ((0, 1), (0, 2), (1, 2))])
    to_their_mean = np.abs(ours - raters.mean(axis=1)).mean()
    assert to_their_mean <= between
    bias = float((ours - raters.mean(axis=1)).mean())
    assert abs(bias) <= between


def test_borders_are_proposed_in_every_gastrocnemius_clip(real: dict[str, Real]) -> None:
    for clip in real.values():
        area = tissue_area(clip.cine.frames, clip.cine.regions)
        assert propose_borders(GreyFrames(clip.cine.frames, area.rows, area.columns)[0], 0, area) is not None


def test_the_disagreement_with_people_can_be_plotted(tmp_path: Path) -> None:
    ours, raters = vastus_heights()
    path = tmp_path / "vastus.svg"
    agreement = plot(ours, raters.mean(axis=1), "Vastus lateralis, height", "px", path)
    between = Agreement.of(raters[:, 0], raters[:, 1])
    assert path.stat().st_size > 1000
    assert agreement.high - agreement.low <= between.high - between.low
