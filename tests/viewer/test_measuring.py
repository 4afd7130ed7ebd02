"""Measuring a clip's motion beside the server: progress, the kept result, stopping and failing."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotations.motion.result import MotionRequest
from annotations.motion.result_store import MotionStore
from annotations.motion.stump import StumpEdges
from annotations.motion.tissue_map_store import TISSUE_FOLDER, TissueMapStore
from tests.annotations.motion.torn_muscle import (
    activation_of,
    cine_of,
    even_starts,
    torn_muscle,
    whole_region,
)
from viewer import measuring
from viewer.measuring import Measurements, Measuring, Question

MOST_S = 300.0


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    muscle = torn_muscle(activation_of(30, 4, 10, 18, 26))
    folder = tmp_path_factory.mktemp("pack")
    cine = cine_of(
        folder, muscle.pictures, frame_starts_s=even_starts(30), regions=(whole_region(muscle.pictures),)
    )
    return folder / f"{cine.head.sha256}.pack", cine.head.sha256


@pytest.fixture
def measurements() -> Iterator[Measurements]:
    made = Measurements()
    yield made
    made.close()


def question(pack: tuple[Path, str], folder: Path, request: MotionRequest | None = None) -> Question:
    return Question(pack[0], pack[1], 30, folder, request or MotionRequest())


def over(measurements: Measurements, asked: Question) -> Measuring:
    """Wait until a measuring is over."""
    pause = threading.Event()
    for _ in range(round(MOST_S / 0.05)):
        state = measurements.state(asked)
        if state is not None and state.is_over:
            return state
        pause.wait(0.05)
    raise AssertionError("the measuring did not end")


def test_what_was_measured_is_kept_where_the_server_looks_for_it(
    measurements: Measurements, pack: tuple[Path, str], tmp_path: Path
) -> None:
    asked = question(pack, tmp_path)
    assert measurements.state(asked) is None
    measurements.begin(asked)
    measurements.begin(asked)
    state = over(measurements, asked)
    assert (state.stage, state.share) == ("kept", 1.0)
    assert TissueMapStore(tmp_path / TISSUE_FOLDER, tmp_path).find(pack[1]) is not None
    result = MotionStore(tmp_path).find(pack[1], MotionRequest())
    assert result is not None
    assert result.chapters.certainty == "sure"


def test_a_stopped_measuring_keeps_nothing(
    measurements: Measurements, pack: tuple[Path, str], tmp_path: Path
) -> None:
    asked = question(pack, tmp_path)
    measurements.begin(asked)
    measurements.stop(asked)
    assert over(measurements, asked).stage == "stopped"
    measurements.close()
    assert not list(tmp_path.rglob("*.json"))


def test_what_cannot_be_measured_says_why(
    measurements: Measurements, pack: tuple[Path, str], tmp_path: Path
) -> None:
    edges = StumpEdges(0, (1.0, 2.0), (9.0, 900.0))
    asked = question(pack, tmp_path, MotionRequest(edges=edges))
    measurements.begin(asked)
    state = over(measurements, asked)
    assert state.stage == "failed"
    assert "outside the ultrasound picture" in state.sentence


def test_a_measuring_that_takes_too_long_is_broken_off(pack: tuple[Path, str], tmp_path: Path) -> None:
    impatient = Measurements(max_s=0.01)
    asked = question(pack, tmp_path)
    impatient.begin(asked)
    state = over(impatient, asked)
    impatient.close()
    assert (state.stage, "broken off" in state.sentence) == ("failed", True)


def test_too_many_at_once_are_refused(
    measurements: Measurements, pack: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "MAX_WAITING", 1)
    measurements.begin(question(pack, tmp_path / "one"))
    with pytest.raises(measuring.MotionError, match="try again in a minute"):
        measurements.begin(question(pack, tmp_path / "two"))


def test_what_is_under_way_for_a_folder_stops_before_the_folder_goes(
    measurements: Measurements, pack: tuple[Path, str], tmp_path: Path
) -> None:
    going, staying = tmp_path / "visit" / "motion", tmp_path / "motion"
    going.parent.mkdir()
    asked = [question(pack, folder) for folder in (going, staying)]
    for each in asked:
        measurements.begin(each)
    measurements.stop_below(going.parent)
    assert over(measurements, asked[0]).stage == "stopped"
    assert over(measurements, asked[1]).stage == "kept"
    assert not list(going.glob("*.json"))
