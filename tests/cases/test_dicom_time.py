from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from cases.decoding import Wishes
from cases.frame_timing import TimingSource
from tests.cases import clip_factory as factory
from tests.cases.clip_factory import NumberedClip
from tests.cases.conftest import Import

CLIP = NumberedClip(frames=4)


def _file(tmp_path: Path, **said: object) -> Path:
    def change(dataset: Dataset) -> None:
        for keyword, value in said.items():
            setattr(dataset, keyword, value)

    return factory.write_dicom(tmp_path / "clip.dcm", CLIP, frame_time_ms=None, change=change)


ALL = {
    "FrameTimeVector": ["0", "20", "50", "35"],
    "FrameTime": "40",
    "CineRate": "10",
    "RecommendedDisplayFrameRate": "5",
}


@pytest.mark.parametrize(
    ("said", "source", "starts_s"),
    [
        (
            ("FrameTimeVector", "FrameTime", "CineRate"),
            TimingSource.FRAME_TIME_VECTOR,
            (0, 0.02, 0.07, 0.105),
        ),
        (
            ("FrameTime", "CineRate", "RecommendedDisplayFrameRate"),
            TimingSource.FRAME_TIME,
            (0, 0.04, 0.08, 0.12),
        ),
        (("CineRate", "RecommendedDisplayFrameRate"), TimingSource.CINE_RATE, (0, 0.1, 0.2, 0.3)),
        (("RecommendedDisplayFrameRate",), TimingSource.RECOMMENDED_DISPLAY_FRAME_RATE, (0, 0.2, 0.4, 0.6)),
    ],
)
def test_the_most_exact_statement_about_time_is_used(
    tmp_path: Path, imported: Import, said: tuple[str, ...], source: TimingSource, starts_s: tuple[float, ...]
):
    found, _ = imported(_file(tmp_path, **{keyword: ALL[keyword] for keyword in said}))
    assert found.head.timing_source is source
    assert found.head.frame_starts_s == pytest.approx(starts_s)


@pytest.mark.parametrize(
    ("vector", "reason"),
    [
        (["0", "20", "20"], "fewer entries"),
        (["0", "20", "20", "20", "20"], "more entries"),
        (["0", "20", "0", "20"], "zeros"),
        (["0", "20", "-5", "20"], "zeros or negative"),
    ],
)
def test_a_wrong_vector_gives_way_to_the_next_statement_and_says_why(
    tmp_path: Path, imported: Import, vector: list[str], reason: str
):
    found, _ = imported(_file(tmp_path, FrameTimeVector=vector, FrameTime="40"))
    assert found.head.timing_source is TimingSource.FRAME_TIME
    assert any(reason in sentence for sentence in found.head.warnings)


@pytest.mark.parametrize("wrong", ["0", "-40"])
def test_a_frame_time_that_is_no_interval_gives_way(tmp_path: Path, imported: Import, wrong: str):
    found, _ = imported(_file(tmp_path, FrameTime=wrong, CineRate="10"))
    assert found.head.timing_source is TimingSource.CINE_RATE
    assert any("Frame Time was not used" in sentence for sentence in found.head.warnings)


def test_without_any_statement_the_time_is_unknown_and_never_guessed(tmp_path: Path, imported: Import):
    found, _ = imported(_file(tmp_path))
    assert found.head.timing_source is TimingSource.UNKNOWN
    assert found.head.frame_starts_s is None
    assert found.head.duration_s is None


def test_a_frame_time_that_somebody_entered_is_used_only_where_the_file_states_none(
    tmp_path: Path, imported: Import
):
    entered = Wishes(frame_time_ms=25.0)
    found, _ = imported(_file(tmp_path), wishes=entered)
    assert (found.head.timing_source, found.head.duration_s) == (TimingSource.USER, pytest.approx(0.1))
    found, _ = imported(_file(tmp_path, FrameTime="40"), wishes=entered)
    assert found.head.timing_source is TimingSource.FRAME_TIME


def test_a_single_frame_has_no_time(tmp_path: Path, imported: Import):
    found, _ = imported(factory.write_dicom(tmp_path / "one.dcm", NumberedClip(frames=1)))
    assert found.head.timing_source is TimingSource.NOT_APPLICABLE


def test_a_screen_rate_unlike_the_files_is_shown_and_not_used(tmp_path: Path, imported: Import):
    found, _ = imported(_file(tmp_path, FrameTime="40", RecommendedDisplayFrameRate="10"))
    assert found.head.frame_starts_s == pytest.approx((0, 0.04, 0.08, 0.12))
    assert found.head.warnings == ("The file recommends showing 10.0 frames a second; it was taken at 25.0.",)
    found, _ = imported(_file(tmp_path, FrameTime="40", RecommendedDisplayFrameRate="25"))
    assert found.head.warnings == ()


@pytest.mark.parametrize(
    ("pointer", "source", "second_s"),
    [(0x00181063, TimingSource.FRAME_TIME, 0.04), (0x00181065, TimingSource.FRAME_TIME_VECTOR, 0.02)],
)
def test_of_frame_time_and_vector_the_one_pointed_to_is_used_and_both_are_said(
    tmp_path: Path, imported: Import, pointer: int, source: TimingSource, second_s: float
):
    def both(dataset: Dataset) -> None:
        dataset.FrameTime = "40"
        dataset.FrameTimeVector = ["0", *["20"] * 11]
        dataset.FrameIncrementPointer = pointer

    found, _ = imported(factory.write_dicom(tmp_path / "a.dcm", NumberedClip(), change=both))
    assert (found.head.timing_source, (found.head.frame_starts_s or ())[1]) == (source, second_s)
    assert any("frames a second" in said for said in found.head.warnings)


def test_two_statements_of_the_rate_that_disagree_are_both_said(tmp_path: Path, imported: Import):
    found, _ = imported(_file(tmp_path, FrameTime="40", CineRate="50"))
    assert found.head.frame_starts_s == pytest.approx((0, 0.04, 0.08, 0.12))
    assert found.head.warnings == (
        "The file states 25.0 frames a second as Frame Time and 50.0 as Cine Rate; the first was used.",
    )
    found, _ = imported(_file(tmp_path, FrameTime="33.33", CineRate="30"))
    assert found.head.warnings == ()


@pytest.mark.parametrize(
    ("stated_s", "is_said"), [(0.16, False), (0.12, False), (0.4, True), (0.05, True), (0, False)]
)
def test_a_length_that_the_frame_time_contradicts_is_said(
    tmp_path: Path, imported: Import, stated_s: float, is_said: bool
):
    found, _ = imported(_file(tmp_path, FrameTime="40", EffectiveDuration=stated_s))
    assert found.head.duration_s == pytest.approx(0.16)
    sentence = f"The file states a length of {stated_s} s, but 0.16 s by its Frame Time"
    assert any(sentence in warning for warning in found.head.warnings) == is_said
