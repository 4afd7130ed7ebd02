"""The same seed gives the same clip, on one process or two, and what is shipped can be made again."""

from dataclasses import replace

import numpy as np
import pytest

from cases.phantom.catalogue import CLIPS, MAIN_CASE, clip_named
from cases.phantom.probe import ProbePreset
from cases.phantom.render import render
from cases.phantom.scene import Manoeuvre, Scene, Tear
from tests.cases.phantom.shipped import BUNDLED

TINY = ProbePreset(width_mm=24.0, depth_mm=28.8, steering_deg=(0.0, 6.0))
BRIEF = Manoeuvre(frames=8, contract_at=2, hold_at=4, relax_at=6, rest_at=7)


def _tiny(plane: str, seed: int) -> Scene:
    return Scene("tiny", plane=plane, seed=seed, tear=Tear(), probe=TINY, manoeuvre=BRIEF)


@pytest.mark.parametrize("plane", ["long axis", "short axis"])
def test_the_same_seed_gives_the_same_clip_byte_for_byte(plane: str) -> None:
    first, again = (render(_tiny(plane, 8), frame_indices=[0, 4]) for _ in range(2))
    assert first.tobytes() == again.tobytes()


def test_another_seed_gives_another_clip() -> None:
    one, other = (render(_tiny("long axis", seed), frame_indices=[0]) for seed in (8, 9))
    assert np.abs(one.astype(int) - other).mean() > 5


def test_two_processes_give_what_one_gives() -> None:
    scene = _tiny("long axis", 8)
    alone = render(scene, frame_indices=[0, 2, 4], workers=1)
    together = render(scene, frame_indices=[0, 2, 4], workers=2)
    assert alone.tobytes() == together.tobytes()


def test_a_scene_can_be_cut_to_fewer_frames() -> None:
    scene = clip_named("long-axis-defect").scene
    brief = replace(scene, manoeuvre=scene.manoeuvre.with_frames(0.2))
    assert brief.manoeuvre.frames == 15


def test_clip_names_and_scenes_are_unique() -> None:
    names = [clip.scene.name for clip in CLIPS]
    assert len(set(names)) == len(names)
    assert len(set(map(repr, (clip.scene for clip in CLIPS)))) == len(names)
    with pytest.raises(KeyError, match="choose one of"):
        clip_named("no such clip")


@pytest.mark.parametrize("name", ["long-axis-defect", "short-axis-defect"])
def test_a_shipped_clip_made_again_is_the_same_within_one_grey_level(name: str) -> None:
    truth = np.load(BUNDLED / MAIN_CASE / f"{name}.truth.npz", allow_pickle=False)
    kept, indices = truth["reference_pixels"], truth["reference_frames"]
    made = render(clip_named(name).scene, frame_indices=indices.tolist())[:, ::4, ::4]
    assert np.abs(made.astype(int) - kept.astype(int)).max() <= 1
