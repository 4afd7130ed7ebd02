"""Small probes and scenes, so that every physical fact is shown in seconds."""

from dataclasses import replace

import cv2
import pytest

from cases.phantom.probe import ProbePreset
from cases.phantom.scene import Manoeuvre, ProbeMotion, Scene, Tear


@pytest.fixture(autouse=True)
def one_thread() -> None:
    cv2.setNumThreads(1)


@pytest.fixture
def small_probe() -> ProbePreset:
    """One steering angle and a small picture."""
    return ProbePreset(width_mm=24.0, depth_mm=28.8, steering_deg=(0.0,))


@pytest.fixture
def short_scene() -> Scene:
    """Return the main tear in a short manoeuvre, seen by a still hand with nothing leaving the plane."""
    return Scene(
        "short", seed=3, tear=Tear(), probe_motion=ProbeMotion(drift_mm=0.0),
        manoeuvre=replace(Manoeuvre(), out_of_plane_mm=0.0),
    )  # fmt: skip
