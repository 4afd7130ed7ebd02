"""Real muscle: what the detector finds beside what people saw and measured.

The boundaries of the gastrocnemius clips were read off the pictures by eye, frame by frame, before the detector
was run on them. The clips carry no scale, so lengths are in px.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from annotations.motion.analysis import analyse_motion
from annotations.motion.border_detection import propose_borders
from annotations.motion.grey_frames import GreyFrames
from annotations.motion.result import MotionResult
from annotations.motion.tissue_area import tissue_area
from cases.cine import Cine
from cases.decoding import Decoder
from cases.store import ClipStore
from tests.annotations.motion.human_values import SHARED
from tests.annotations.motion.people import gastrocnemius_heights
from tests.annotations.motion.real_muscle import carried_and_back, effort_of

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data folder is not there"),
]
TOLERANCE_FRAMES = 5
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


def test_marks_inside_the_muscle_come_back_from_a_whole_contraction(real: dict[str, Real]) -> None:
    off_px = []
    for name in ("p6_isometric_max_01_push_01", "p6_isokinetic500_01_push_01"):
        effort = effort_of(real[name].cine)
        few = replace(effort, start_px=effort.start_px[::4])
        way = list(few.way)
        back = carried_and_back(few, way, way[::-1])
        assert np.median(back.way_px) > 40
        off_px.append(back.off_px)
    assert np.median(np.concatenate(off_px)) <= 1.5


@pytest.mark.parametrize("name", [*FIRST_CONTRACTING_BY_EYE, PASSIVE])
def test_thickness_of_gastrocnemius_changes_as_people_measured(real: dict[str, Real], name: str) -> None:
    curve = real[name].result.thickness
    assert curve is not None
    heights = gastrocnemius_heights(name)
    by_eye = np.array(list(heights.values()))
    ours = np.array([curve.thickness[number - 1] for number in heights])
    # A person takes the height at one column; the change is what we share.
    difference = (ours - ours.mean()) - (by_eye - by_eye.mean())
    assert np.abs(difference).mean() <= 6.0


def test_borders_are_proposed_in_every_gastrocnemius_clip(real: dict[str, Real]) -> None:
    for clip in real.values():
        area = tissue_area(clip.cine.frames, clip.cine.regions)
        found = propose_borders(GreyFrames(clip.cine.frames, area.rows, area.columns)[0], 0, area)
        assert found is not None
        assert found.sure
