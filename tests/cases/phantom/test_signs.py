"""The signs a reader looks for: shadows at both edges, enhancement below, reverberation under the cortex."""

import numpy as np
import pytest

from cases.phantom.attenuation import beam_loss_db, loss_rate_map
from cases.phantom.catalogue import CLIPS, MAIN_CASE, clip_named
from cases.phantom.image_processing import to_gray
from cases.phantom.long_axis import LongAxisThigh
from cases.phantom.point_spread import BeamGrid
from cases.phantom.render import fill, picture
from cases.phantom.scan import ScanOptions, echo_envelope

TORN = [
    clip.scene.name
    for clip in CLIPS
    if clip.case_id == MAIN_CASE and clip.scene.plane == "long axis" and clip.scene.tear is not None
]


@pytest.mark.parametrize("name", TORN)
def test_both_ends_cast_a_shadow_and_the_fluid_between_them_none(name: str) -> None:
    scene = clip_named(name).scene
    thigh = LongAxisThigh.of(scene)
    index = scene.manoeuvre.hold_at + 4
    rate, grid = loss_rate_map(thigh.frame(index), scene.probe), BeamGrid(scene.probe)
    losses = [
        beam_loss_db(rate, scene.probe, angle, grid.x_mm, grid.z_mm) for angle in scene.probe.steering_deg
    ]
    motion = thigh.motion(index)
    depth = float(motion.border("vastus", np.zeros(1))[0]) + 3.0
    below = np.mean(losses, axis=0)[int(depth / grid.pitch_z_mm)]
    left, right = (float(np.median(motion.end(side)[0])) for side in (-1, 1))
    outside = float(np.median(below[(grid.x_mm < left - 5) | (grid.x_mm > right + 5)]))
    middle = float(below[np.argmin(np.abs(grid.x_mm - (left + right) / 2))])
    for end in (left, right):
        assert below[np.abs(grid.x_mm - end) < 4].max() > outside + 2.5
    assert middle < outside - 3


def test_reverberation_fills_the_shadow_of_the_bone() -> None:
    scene = clip_named("other-side").scene
    thigh, grid = LongAxisThigh.of(scene), BeamGrid(scene.probe)
    frame = thigh.frame(0)
    deep = grid.z_mm > float(frame.bone_depth_mm(np.zeros(1))[0]) + 1.5
    deep &= grid.z_mm < scene.probe.depth_mm
    levels = [
        echo_envelope(frame, grid, options=ScanOptions(noise=False, clutter=False, reverberation=on))[
            deep
        ].mean()
        for on in (True, False)
    ]
    assert 20 * np.log10(levels[0] / levels[1]) > 6


@pytest.mark.parametrize("name", ["long-axis-defect", "short-axis-defect"])
def test_the_defect_is_hard_to_see_at_rest_and_dark_at_the_peak(name: str) -> None:
    scene = clip_named(name).scene
    thigh = fill(scene)
    contrast = []
    for index in (0, scene.manoeuvre.hold_at + 4):
        gray = to_gray(picture(thigh, index), scene.processing).astype(float)
        motion, pitch = thigh.motion(index), scene.probe.mm_per_px
        at = np.array([scene.short_axis_at_mm])
        top, bottom = float(motion.border("top", at)[0]), float(motion.border("bottom", at)[0])
        rows = slice(round((top + 0.3 * (bottom - top)) / pitch), round((top + 0.7 * (bottom - top)) / pitch))
        middle = gray.shape[1] // 2 + round(float(at[0]) / pitch)
        half = 10 if index == 0 else 40
        inside = gray[rows, middle - half : middle + half].mean()
        deep = slice(round((bottom + 2) / pitch), round((bottom + 8) / pitch))
        muscle = gray[deep].mean() if index else gray[rows].mean()
        contrast.append(inside / muscle)
    assert 0.7 < contrast[0] < 1.15
    assert contrast[1] < 0.75


def test_nothing_seems_to_bridge_while_the_gap_opens() -> None:
    scene = clip_named("long-axis-defect").scene
    thigh, pitch = LongAxisThigh.of(scene), scene.probe.mm_per_px
    index = int(np.argmax(thigh.activation > 0.45))
    gray = to_gray(picture(thigh, index), scene.processing).astype(float)
    motion = thigh.motion(index)
    left, right = (float(np.median(motion.end(side)[0])) for side in (-1, 1))
    top, bottom = (float(motion.border(name, np.zeros(1))[0]) for name in ("top", "bottom"))
    middle = round(((left + right) / 2 + scene.probe.width_mm / 2) / pitch)
    column = gray[round((top + 1.2) / pitch) : round((bottom - 1.2) / pitch), middle - 8 : middle + 8].mean(
        axis=1
    )
    muscle = gray[
        round((top + 1.2) / pitch) : round((bottom - 1.2) / pitch), middle + 150 : middle + 220
    ].mean()
    assert np.percentile(column, 90) < muscle


def test_a_wasted_muscle_is_thinner_and_brighter_than_the_other_side() -> None:
    thickness, gray = [], []
    for name in ("dynamic-atrophy", "other-side"):
        scene = clip_named(name).scene
        thigh = LongAxisThigh.of(scene)
        motion, pitch = thigh.motion(0), scene.probe.mm_per_px
        at = np.array([14.0])
        top, bottom = float(motion.border("top", at)[0]), float(motion.border("bottom", at)[0])
        thickness.append(bottom - top)
        shown = to_gray(picture(thigh, 0), scene.processing)
        columns = slice(round(34 / pitch), round(44 / pitch))
        gray.append(shown[round((top + 1) / pitch) : round((bottom - 1) / pitch), columns].mean())
    assert thickness[1] - thickness[0] > 3.0
    assert gray[0] > gray[1]
