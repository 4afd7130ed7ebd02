from dataclasses import replace

import cv2
import numpy as np
import pytest

from annotations.motion.chapters import find_chapters
from annotations.motion.errors import StillPictureError
from annotations.motion.grey_frames import GreyFrames
from annotations.motion.probe_motion import probe_motion, still_probe_matrices
from annotations.motion.tissue_area import still_marks, tissue_area
from annotations.motion.tissue_motion import TissueMotion, follow_tissue
from cases.calibration import Region
from tests.annotations.motion.torn_muscle import TornMuscle, activation_of, torn_muscle, whole_region


def on_screen(pictures: np.ndarray) -> np.ndarray:
    """Put the pictures on a scanner's screen with text and a ramp, which never move."""
    screens = np.zeros((len(pictures), 340, 520), np.uint8)
    screens[:, 30 : 30 + pictures.shape[1], 60 : 60 + pictures.shape[2]] = pictures
    for screen in screens:
        cv2.putText(screen, "FR 25 Hz", (5, 20), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 255, 1)
        screen[100:200, 10:20] = np.linspace(255, 0, 100, dtype=np.uint8)[:, None]
    return screens


@pytest.fixture(scope="module")
def motion(muscle: TornMuscle) -> TissueMotion:
    area = tissue_area(muscle.pictures, [whole_region(muscle.pictures)])
    return follow_tissue(GreyFrames(muscle.pictures), area)


def test_the_area_is_the_region_of_the_file_cut_to_the_picture(muscle: TornMuscle) -> None:
    area = tissue_area(on_screen(muscle.pictures), [Region(60, 30, 900, 309, 0.1, 0.1)])
    assert (area.x0, area.y0, area.x1, area.y1) == (60, 30, 520, 310)
    assert (area.source, area.unit) == ("region", "mm")


def test_of_two_regions_the_one_with_a_scale_counts(muscle: TornMuscle) -> None:
    regions = [Region(0, 0, 519, 339), Region(60, 30, 400, 300, 0.1, 0.2)]
    assert tissue_area(on_screen(muscle.pictures), regions).unit_per_px == pytest.approx([0.1, 0.2])


def test_without_a_region_the_area_is_where_the_picture_changes(muscle: TornMuscle) -> None:
    area = tissue_area(on_screen(muscle.pictures))
    assert (area.source, area.unit) == ("change", "px")
    assert (area.x0, area.y0, area.x1, area.y1) == pytest.approx((60, 30, 480, 310), abs=8)


def test_a_frozen_clip_is_measured_whole() -> None:
    area = tissue_area(np.full((10, 50, 60), 90, np.uint8))
    assert (area.source, area.x1, area.y1) == ("picture", 60, 50)


def test_text_burnt_into_the_tissue_is_not_followed(muscle: TornMuscle) -> None:
    pictures = muscle.pictures.copy()
    for picture in pictures:
        cv2.putText(picture, "SIMULATED", (150, 100), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 255, 3)
    area = tissue_area(pictures, [whole_region(pictures)])
    burnt = still_marks(pictures, area)
    followed = follow_tissue(GreyFrames(pictures), area, burnt=burnt).tracks.points_px[0]
    everything = follow_tissue(GreyFrames(pictures), area).tracks.points_px[0]

    def on_text(points: np.ndarray) -> int:
        inside = (points[:, 0] > 155) & (points[:, 0] < 300) & (points[:, 1] > 82) & (points[:, 1] < 98)
        return int(inside.sum())

    assert on_text(everything) > 0
    assert on_text(followed) == 0


def test_colour_and_sixteen_bits_become_the_same_grey(muscle: TornMuscle) -> None:
    grey = muscle.pictures[:3]
    assert np.array_equal(GreyFrames(np.repeat(grey[..., None], 3, axis=3))[1], grey[1])
    deep = GreyFrames(grey.astype(np.uint16) * 16)[1].astype(float)
    assert np.corrcoef(deep.ravel(), grey[1].ravel())[0, 1] > 0.99
    assert GreyFrames(grey)[-1].shape == grey[0].shape


def test_the_course_of_the_motion_is_the_course_of_the_effort(
    muscle: TornMuscle, motion: TissueMotion
) -> None:
    chapters = find_chapters(motion.evidence())
    assert chapters.certainty == "sure"
    assert np.abs(np.array(chapters.activity) - muscle.activation).max() < 0.1


@pytest.mark.parametrize("grey", [0, 120])
def test_a_hundred_identical_frames_hold_no_contraction(grey: int) -> None:
    frozen = np.full((100, 60, 80), grey, np.uint8)
    motion = follow_tissue(GreyFrames(frozen), tissue_area(frozen))
    assert find_chapters(motion.evidence()).certainty == "no contraction"
    assert np.isfinite(motion.tracks.confidence).all()
    assert probe_motion(motion, GreyFrames(frozen)).landmarks == 0


def test_identical_frames_of_tissue_hold_no_contraction(muscle: TornMuscle) -> None:
    frozen = np.repeat(muscle.pictures[:1], 100, axis=0)
    motion = follow_tissue(GreyFrames(frozen), tissue_area(frozen))
    assert find_chapters(motion.evidence()).certainty == "no contraction"
    assert probe_motion(motion, GreyFrames(frozen)).warnings == ()


def test_noise_alone_is_no_contraction() -> None:
    still = torn_muscle(np.zeros(20), noise=8.0)
    area = tissue_area(still.pictures, [whole_region(still.pictures)])
    assert (
        find_chapters(follow_tissue(GreyFrames(still.pictures), area).evidence()).certainty
        == "no contraction"
    )


def test_one_picture_has_no_motion(muscle: TornMuscle) -> None:
    one = muscle.pictures[:1]
    with pytest.raises(StillPictureError, match="no motion"):
        follow_tissue(GreyFrames(one), tissue_area(one))


def test_a_probe_held_still_is_not_accused(muscle: TornMuscle, motion: TissueMotion) -> None:
    probe = probe_motion(motion, GreyFrames(muscle.pictures))
    assert probe.warnings == ()
    assert probe.landmarks > 20
    assert max(np.abs(probe.shift_x)) < 0.2


def test_a_slipping_probe_is_measured_warned_of_and_removed() -> None:
    slid = torn_muscle(activation_of(24, 4, 12, 30, 40), shift_px=30.0)
    area = tissue_area(slid.pictures, [whole_region(slid.pictures)])
    motion = follow_tissue(GreyFrames(slid.pictures), area)
    probe = probe_motion(motion, GreyFrames(slid.pictures))
    assert probe.shift_x[-1] == pytest.approx(3.0, abs=0.15)
    assert any("the probe slipped" in sentence for sentence in probe.warnings)
    back = cv2.warpAffine(slid.pictures[-1], still_probe_matrices(probe, area)[-1], (420, 280))
    assert np.abs(back[5:40, 60:360].astype(float) - slid.pictures[0, 5:40, 60:360]).mean() < 12


def test_slip_is_no_contraction_where_nothing_deforms() -> None:
    base = torn_muscle(np.zeros(2)).pictures[0]
    pictures = np.stack([np.roll(base, 2 * index, axis=1) for index in range(15)])
    area = tissue_area(pictures, [whole_region(pictures)])
    motion = follow_tissue(GreyFrames(pictures), area)
    assert find_chapters(motion.evidence()).certainty == "no contraction"
    assert probe_motion(motion, GreyFrames(pictures)).warnings


def test_without_a_scale_the_motion_is_in_pixels(motion: TissueMotion) -> None:
    bare = TissueMotion(motion.tracks, replace(motion.area, calibration=None))
    assert bare.evidence().unit == "px"
    assert max(bare.evidence().values) == pytest.approx(10 * max(motion.evidence().values), rel=0.01)
