import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import CaseError
from cases.frame_timing import FrameTiming, TimingSource, even_timing, vector_timing

intervals = st.floats(min_value=0.1, max_value=5_000)


@given(st.integers(1, 300), intervals)
def test_even_times_last_frames_times_interval(frames: int, interval_ms: float):
    timing = even_timing(frames, interval_ms, TimingSource.FRAME_TIME)
    assert timing.duration_s == pytest.approx(frames * interval_ms / 1000)
    assert timing.median_interval_ms == pytest.approx(interval_ms)


@given(st.lists(intervals, min_size=2, max_size=200))
def test_a_vector_gives_each_frame_the_sum_of_the_increments_before_it(increments_ms: list[float]):
    timing = vector_timing(tuple(increments_ms))
    assert timing.frame_starts_s is not None
    assert timing.frame_starts_s[-1] == pytest.approx(sum(increments_ms[1:]) / 1000)
    assert len(timing.frame_starts_s) == len(increments_ms)


def test_the_first_entry_of_a_vector_says_nothing():
    assert vector_timing((33.0, 10.0, 30.0)) == vector_timing((0.0, 10.0, 30.0))


@pytest.mark.parametrize("starts", [(0.0, 0.0), (0.0, -1.0), (1.0, 2.0), (0.0, float("nan"))])
def test_times_that_no_clock_has_are_refused(starts: tuple[float, ...]):
    with pytest.raises(CaseError):
        FrameTiming(starts, 10.0, TimingSource.CONTAINER)


def test_a_clip_cannot_end_before_its_last_frame_begins():
    with pytest.raises(CaseError):
        FrameTiming((0.0, 1.0), 0.5, TimingSource.CONTAINER)


def test_starts_and_duration_are_known_together_or_not_at_all():
    with pytest.raises(CaseError):
        FrameTiming((0.0,), None, TimingSource.CONTAINER)


def test_every_timing_source_has_words():
    assert TimingSource.FRAME_TIME_VECTOR.label == "Frame Time Vector"
    assert all(source.label for source in TimingSource)
