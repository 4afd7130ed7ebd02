import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from typer.testing import CliRunner

from annotations.motion import result_store
from annotations.motion.analysis import analyse_motion
from annotations.motion.border_tracking import Border
from annotations.motion.command import app
from annotations.motion.errors import MotionCancelledError, MotionStoreError, StillPictureError
from annotations.motion.json_values import from_json, to_json
from annotations.motion.result import MotionRequest, MotionResult
from annotations.motion.result_store import MotionStore, result_key
from annotations.motion.stump import StumpEdges
from cases.cine import Cine
from cases.clip import ClipKind
from tests.annotations.motion.torn_muscle import TornMuscle, cine_of, even_starts, whole_region

COORDINATES = st.floats(0, 500, width=32)
POINTS = st.tuples(COORDINATES, COORDINATES)


@pytest.fixture(scope="module")
def cine(muscle: TornMuscle, tmp_path_factory: pytest.TempPathFactory) -> Cine:
    return cine_of(
        tmp_path_factory.mktemp("pack"),
        muscle.pictures,
        frame_starts_s=even_starts(40),
        regions=(whole_region(muscle.pictures),),
    )


@pytest.fixture(scope="module")
def request_of_the_author(muscle: TornMuscle) -> MotionRequest:
    left, right = (tuple(map(float, side[20])) for side in (muscle.left_px, muscle.right_px))
    return MotionRequest(edges=StumpEdges(20, (left[0], left[1]), (right[0], right[1])))


@pytest.fixture(scope="module")
def result(cine: Cine, request_of_the_author: MotionRequest) -> MotionResult:
    return analyse_motion(cine, request_of_the_author)


def test_everything_about_a_clip_is_measured_at_once(
    muscle: TornMuscle, cine: Cine, result: MotionResult
) -> None:
    assert result.unit == "mm"
    assert result.chapters.certainty == "sure"
    assert [one.name for one in result.chapters.chapters] == [
        "rest",
        "contracting",
        "hold",
        "relaxing",
        "rest",
    ]
    assert result.chapters.evidence.kind == "gap"
    assert result.gap is not None
    assert np.median(np.abs(np.array(result.gap.gap) - muscle.gap_mm)) < 0.1
    assert result.thickness is not None
    assert result.thickness.source == "detector"
    assert len(result.motion_confidence) == 40
    assert result.provenance.pack_sha256 == cine.head.sha256
    assert result.provenance.scale_source == "ultrasound_regions"
    assert result.provenance.area_px == (0, 0, 420, 280)


def test_where_most_of_the_tissue_changes_at_once_the_chapters_are_unsure(
    tmp_path: Path, muscle: TornMuscle, request_of_the_author: MotionRequest
) -> None:
    cut = muscle.pictures.copy()
    cut[30:] = cut[30:, ::-1, ::-1]  # from here on the clip shows another place
    chapters = analyse_motion(cine_of(tmp_path, cut), request_of_the_author).chapters
    assert chapters.certainty == "unsure"
    assert any(reason.startswith("From frame 30 to 31 most of the tissue") for reason in chapters.reasons)


def test_noise_is_no_sure_contraction(tmp_path: Path) -> None:
    noise = np.random.default_rng(3).integers(0, 255, (20, 200, 300), dtype=np.uint8)
    result = analyse_motion(cine_of(tmp_path, noise))
    assert result.chapters.certainty != "sure"
    assert any("most of the tissue stops looking like itself" in one for one in result.warnings)


@pytest.mark.parametrize(
    ("rows", "columns", "grey", "sentence"),
    [(16, 16, None, "Only 4 of the 24 places that it takes"), (100, 120, 90, "Nothing can be followed")],
)
def test_a_picture_in_which_too_little_can_be_followed_says_so(
    tmp_path: Path, muscle: TornMuscle, rows: int, columns: int, grey: int | None, sentence: str
) -> None:
    pictures = muscle.pictures[:, 100 : 100 + rows, 100 : 100 + columns].copy()
    if grey is not None:
        pictures[:] = grey
    result = analyse_motion(cine_of(tmp_path, pictures))
    assert result.chapters.certainty != "sure"
    assert any(one.startswith(sentence) for one in result.warnings)


def test_a_result_survives_json_to_the_last_digit(result: MotionResult) -> None:
    text = json.dumps(result.to_json(), allow_nan=False)
    assert MotionResult.from_json(json.loads(text)) == result


def test_what_is_no_result_is_refused() -> None:
    with pytest.raises(MotionStoreError, match="compute it again"):
        MotionResult.from_json({"unit": "mm"})


def test_the_same_question_is_computed_once(
    tmp_path: Path, cine: Cine, request_of_the_author: MotionRequest, result: MotionResult
) -> None:
    store = MotionStore(tmp_path / "motion")
    store.keep(result)
    steps: list[int] = []
    kept = analyse_motion(
        cine, request_of_the_author, store=store, progress=lambda done, _: steps.append(done)
    )
    assert kept == result
    assert steps == []
    assert store.find(cine.head.sha256, MotionRequest()) is None
    assert [path.suffix for path in (tmp_path / "motion").rglob("*") if path.is_file()] == [".json"]


def test_a_damaged_result_is_computed_anew(tmp_path: Path, result: MotionResult) -> None:
    store = MotionStore(tmp_path)
    store.keep(result)
    path = store.path(result.provenance.pack_sha256, result.provenance.request)
    path.write_text(path.read_text(encoding="utf-8")[:100], encoding="utf-8")
    assert store.find(result.provenance.pack_sha256, result.provenance.request) is None


def test_a_result_that_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, result: MotionResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(result_store.os, "fsync", full)
    with pytest.raises(MotionStoreError, match="free some space"):
        MotionStore(tmp_path).keep(result)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_the_key_depends_on_the_clip_and_on_the_question() -> None:
    keys = {
        result_key("aa", MotionRequest()),
        result_key("bb", MotionRequest()),
        result_key("aa", MotionRequest(propose=False)),
        result_key("aa", MotionRequest(edges=StumpEdges(0, (1.0, 1.0), (9.0, 1.0)))),
    }
    assert len(keys) == 4


def test_progress_rises_to_what_was_planned_and_cancelling_keeps_nothing(tmp_path: Path, cine: Cine) -> None:
    steps: list[tuple[int, int]] = []
    store = MotionStore(tmp_path)
    with pytest.raises(MotionCancelledError):
        analyse_motion(
            cine,
            store=store,
            progress=lambda done, planned: steps.append((done, planned)),
            cancel=lambda: len(steps) >= 10,
        )
    assert [done for done, _ in steps] == list(range(1, 11))
    assert all(planned >= done for done, planned in steps)
    assert not list(tmp_path.iterdir())


def test_pictures_and_series_have_no_motion(tmp_path: Path, muscle: TornMuscle) -> None:
    still = cine_of(tmp_path, muscle.pictures[:1], kind=ClipKind.STILL)
    with pytest.raises(StillPictureError, match="choose a clip"):
        analyse_motion(still)
    series = cine_of(tmp_path, muscle.pictures[:3], kind=ClipKind.SERIES)
    with pytest.raises(StillPictureError):
        analyse_motion(series)


def test_a_frozen_clip_is_measured_without_complaint(tmp_path: Path, muscle: TornMuscle) -> None:
    frozen = analyse_motion(cine_of(tmp_path, np.repeat(muscle.pictures[:1], 100, axis=0)))
    assert frozen.unit == "px"
    assert frozen.frame_starts_s is None
    assert frozen.chapters.certainty == "no contraction"
    assert frozen.gap is None


def test_borders_of_the_author_are_measured_as_they_were_drawn(cine: Cine) -> None:
    upper = Border(0, ((10.0, 65.0), (400.0, 65.0)))
    lower = Border(0, ((10.0, 216.0), (400.0, 216.0)))
    result = analyse_motion(cine, MotionRequest(superficial_border=upper, deep_border=lower, propose=False))
    assert result.gap is None
    assert result.thickness is not None
    assert result.thickness.source == "author"
    assert result.thickness.thickness[0] == pytest.approx(15.1, abs=0.05)


@given(
    frame=st.integers(0, 4999), left=POINTS, right=POINTS, placing=st.floats(0, 3),
    border=st.lists(st.floats(0, 500), min_size=2, max_size=6, unique_by=lambda x: round(x / 3)),
)  # fmt: skip
def test_a_request_survives_json(
    frame: int, left: tuple[float, float], right: tuple[float, float], placing: float, border: list[float]
) -> None:
    right = (left[0] + 5 + right[0], right[1])
    drawn = Border(frame, tuple((3.0 * index + x / 1000, x) for index, x in enumerate(border)))
    asked = MotionRequest(StumpEdges(frame, left, right, "author", placing), drawn, None)
    assert from_json(MotionRequest, json.loads(json.dumps(to_json(asked)))) == asked


@pytest.fixture
def gif(tmp_path: Path, muscle: TornMuscle) -> Path:
    first, *more = (Image.fromarray(picture[::2, ::2]) for picture in muscle.pictures[:24])
    path = tmp_path / "clip.gif"
    first.save(path, save_all=True, append_images=more, duration=40)
    return path


def test_the_command_prints_words_or_json(gif: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MSUS_DATA_DIR", str(tmp_path / "data"))
    words = CliRunner().invoke(app, [str(gif), "--edges", "20:84,70:126,70"])
    assert words.exit_code == 0, words.output
    assert "contracting" in words.stdout
    assert "px at its widest" in words.stdout
    assert len(list((tmp_path / "data" / "motion").rglob("*.json"))) == 1
    machine = CliRunner().invoke(app, [str(gif), "--json", "--no-keep"])
    content = json.loads(machine.stdout)
    assert content["name"] == "clip.gif"
    assert MotionResult.from_json({key: value for key, value in content.items() if key != "name"})


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--edges", "1:1,2"], "are no stump edges"),
        (["--edges", "1:1;2:9,2"], "are no stump edges"),
        (["--edges", "1:1,2:9,900"], "outside the ultrasound picture"),
        (["--clip", "long"], "a file holds one clip"),
    ],
)
def test_the_command_ends_with_a_sentence(
    gif: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.setenv("MSUS_DATA_DIR", str(tmp_path / "data"))
    result = CliRunner().invoke(app, [str(gif), *arguments])
    assert result.exit_code == 1
    assert sentence in result.stderr


def test_edges_for_all_clips_of_a_case_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MSUS_DATA_DIR", str(tmp_path / "data"))
    result = CliRunner().invoke(app, ["partial-tear", "--edges", "31:210,184:398,190"])
    assert result.exit_code == 1
    assert "say which with --clip: partial-long, partial-short" in result.stderr


def test_in_short_axis_nothing_is_proposed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MSUS_DATA_DIR", str(tmp_path / "data"))
    said = CliRunner().invoke(app, ["rectus-femoris-tear", "--clip", "short-axis-defect", "--no-keep"]).stdout
    assert "(sure)" in said
    assert "thickness not measured: in short axis" in said
    assert "passive" not in said


def test_a_file_that_is_not_there_is_called_a_file(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [str(tmp_path / "clip.mp4")])
    assert result.exit_code == 1
    assert "clip.mp4: there is no such file" in result.stderr


def test_an_unknown_case_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MSUS_DATA_DIR", str(tmp_path / "data"))
    result = CliRunner().invoke(app, ["no-such-case"])
    assert result.exit_code == 1
    assert "no-such-case" in result.stderr
