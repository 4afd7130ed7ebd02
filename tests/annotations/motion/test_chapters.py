from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.motion.chapters import Chapters, Evidence, find_chapters, thickness_doubts
from annotations.motion.smoothing import smooth, steepest_rise_per_s
from tests.annotations.motion.torn_muscle import activation_of, even_starts


def found(curve: np.ndarray, interval_s: float | None = 0.04, floor: float = 0.5) -> Chapters:
    starts = None if interval_s is None else even_starts(len(curve), interval_s)
    return find_chapters(Evidence("gap", tuple(map(float, curve)), "mm", floor), starts)


def crossings(activation: np.ndarray) -> list[int]:
    """First frames of contracting, hold, relaxing and rest: 5 and 95 % of activation."""
    on, full = np.flatnonzero(activation >= 0.05), np.flatnonzero(activation >= 0.95)
    return [int(on[0]), int(full[0]), int(full[-1]) + 1, int(on[-1]) + 1]


@settings(max_examples=60, deadline=None)
@given(
    rest=st.integers(5, 15), rise=st.integers(8, 25), hold=st.integers(8, 20), fall=st.integers(8, 20),
    height=st.floats(1.5, 25.0), seed=st.integers(0, 99),
)  # fmt: skip
def test_boundaries_lie_within_two_frames_of_5_and_95_percent(
    rest: int, rise: int, hold: int, fall: int, height: float, seed: int
) -> None:
    activation = activation_of(
        rest + rise + hold + fall + 8, rest, rest + rise, rest + rise + hold, rest + rise + hold + fall
    )
    noise = np.random.default_rng(seed).normal(0, 0.01, len(activation))
    chapters = found(2.5 + height * (activation + noise))
    assert [one.name for one in chapters.chapters] == ["rest", "contracting", "hold", "relaxing", "rest"]
    starts = [one.first_frame_index for one in chapters.chapters[1:]]
    assert np.abs(np.subtract(starts, crossings(activation))).max() <= 2


def test_chapters_leave_no_hole() -> None:
    chapters = found(10 * activation_of(60, 8, 20, 40, 52)).chapters
    assert chapters[0].first_frame_index == 0
    assert chapters[-1].last_frame_index == 59
    for before, after in pairwise(chapters):
        assert after.first_frame_index == before.last_frame_index + 1


@pytest.mark.parametrize("curve", [np.zeros(100), np.full(100, 3.0), 2 + 0.01 * np.sin(np.arange(100))])
def test_a_clip_without_contraction_says_so(curve: np.ndarray) -> None:
    chapters = found(curve)
    assert chapters.certainty == "no contraction"
    assert chapters.chapters == ()
    assert "No contraction was found" in chapters.reasons[0]
    assert set(chapters.activity) == {0.0}


def test_two_frames_and_one_frame_are_no_contraction() -> None:
    assert found(np.zeros(2)).certainty == "no contraction"
    assert found(np.zeros(1)).certainty == "no contraction"


def test_two_efforts_are_two_contractions() -> None:
    once = activation_of(40, 6, 14, 22, 30)
    names = [one.name for one in found(10 * np.concatenate([once, once])).chapters]
    assert names == ["rest", "contracting", "hold", "relaxing"] * 2 + ["rest"]


def test_a_clip_that_ends_in_the_hold_has_no_relaxing() -> None:
    names = [one.name for one in found(10 * activation_of(30, 6, 15, 90, 99)).chapters]
    assert names == ["rest", "contracting", "hold"]


def test_a_slow_movement_is_called_unsure() -> None:
    slow = activation_of(120, 10, 100, 400, 500)
    assert found(10 * slow).certainty == "unsure"
    assert "passive" in found(10 * slow).reasons[0]
    assert found(10 * slow, interval_s=0.004).certainty == "sure"
    assert found(10 * slow, interval_s=None).certainty == "unsure"


def test_doubts_about_the_probe_make_a_proposal_unsure() -> None:
    evidence = Evidence("motion", tuple(activation_of(40, 6, 15, 25, 33)), "mm", 0.1)
    assert find_chapters(evidence, doubts=("The probe slipped.",)).certainty == "unsure"


def test_a_muscle_that_keeps_its_thickness_raises_a_doubt() -> None:
    assert thickness_doubts(20.0, 20.3)
    assert thickness_doubts(20.0, 23.0) == ()
    assert thickness_doubts(0.0, 1.0) == ()


def test_smoothing_keeps_a_parabola_and_short_curves() -> None:
    parabola = np.arange(12.0) ** 2
    assert np.allclose(smooth(parabola), parabola)
    assert np.allclose(smooth(np.array([1.0, 5.0])), [1.0, 5.0])


def test_opening_speed_uses_the_true_times() -> None:
    starts = (0.0, 0.04, 0.08, 0.2, 0.24, 0.28)
    values = 50.0 * np.array(starts)
    assert steepest_rise_per_s(values, starts, 0, 5) == pytest.approx(50.0)
    assert steepest_rise_per_s(values, starts, 2, 2) == 0.0
