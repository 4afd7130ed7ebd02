import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cases.__main__ import app
from tests.cases import clip_factory as factory
from tests.cases.clip_factory import NumberedClip, RegionOfTest

KEYS = [
    "path", "kind", "container", "codec", "frames_declared", "frames_decoded", "rows", "columns", "duration_s",
    "median_interval_ms", "timing_source", "regions", "scale_source", "scale_refused_because", "warnings", "error",
]  # fmt: skip


def _lines(*paths: Path) -> tuple[int, list[dict[str, object]]]:
    result = CliRunner().invoke(app, ["inspect", "--json", *map(str, paths)])
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def test_a_readable_file_is_one_line_with_the_agreed_keys_and_status_0(tmp_path: Path):
    path = factory.write_dicom(
        tmp_path / "a.dcm", NumberedClip(frames=4), regions=[RegionOfTest(0, 0, 99, 49, delta_y=0.01)]
    )
    status, (line,) = _lines(path)
    assert status == 0
    assert list(line) == KEYS
    assert line == {
        "path": str(path), "kind": "clip", "container": "dicom", "codec": "uncompressed", "frames_declared": 4,
        "frames_decoded": 4, "rows": 96, "columns": 208, "duration_s": 0.16, "median_interval_ms": 40.0,
        "timing_source": "frame_time",
        "regions": [{"x0": 0, "y0": 0, "x1": 99, "y1": 49, "mm_per_px_x": 0.2, "mm_per_px_y": 0.1}],
        "scale_source": "ultrasound_regions", "scale_refused_because": None, "warnings": [], "error": None,
    }  # fmt: skip


def test_one_bad_file_among_good_ones_gives_status_1_and_its_sentence(tmp_path: Path):
    bad = tmp_path / "bad.dcm"
    bad.write_bytes(b"")
    status, lines = _lines(
        factory.write_png(tmp_path / "a.png", NumberedClip().frame(0)), bad, tmp_path / "none"
    )
    assert status == 1
    assert [line["error"] is None for line in lines] == [True, False, False]
    assert [line["kind"] for line in lines] == ["still", None, None]
    assert all(list(line) == KEYS for line in lines)
    assert lines[1]["error"] == "The file is empty (0 bytes); copy it again from where it came."


def test_a_series_is_one_line_a_file(tmp_path: Path):
    status, lines = _lines(*factory.write_mr_series(tmp_path, slices=3))
    assert (status, len(lines)) == (0, 3)
    assert {line["kind"] for line in lines} == {"still"}
    assert {line["timing_source"] for line in lines} == {"not_applicable"}


def test_unknown_times_are_null(tmp_path: Path):
    _, (line,) = _lines(factory.write_dicom(tmp_path / "a.dcm", NumberedClip(frames=4), frame_time_ms=None))
    assert (line["duration_s"], line["median_interval_ms"], line["timing_source"]) == (None, None, "unknown")


def test_the_words_for_people_say_the_same(tmp_path: Path):
    path = factory.write_dicom(tmp_path / "a.dcm", NumberedClip(frames=4))
    result = CliRunner().invoke(app, ["inspect", str(path), str(tmp_path / "none")])
    assert result.exit_code == 1
    assert "4 frames of 208 × 96 px, 40 ms each (Frame Time), no scale" in result.stdout
    assert "There is no such file" in result.stdout


def test_the_command_itself_ends_with_a_status_and_without_a_traceback(tmp_path: Path):
    (tmp_path / "x").write_bytes(b"\x00" * 50)
    ended = subprocess.run(
        [sys.executable, "-m", "cases", "inspect", "--json", str(tmp_path / "x")],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert ended.returncode == 1
    assert ended.stderr == ""
    assert json.loads(ended.stdout)["error"]


def test_the_schema_is_printed(tmp_path: Path):
    result = CliRunner().invoke(app, ["schema"])
    assert json.loads(result.stdout)["title"] == "CaseManifest"


@pytest.mark.parametrize("name", ["Codec", "TimingSource", "ScaleSource", "Container"])
def test_the_closed_lists_stand_in_the_readme(name: str):
    from cases import calibration, clip, frame_timing

    text = (Path(__file__).resolve().parents[2] / "cases" / "README.md").read_text(encoding="utf-8")
    module = {"TimingSource": frame_timing, "ScaleSource": calibration}.get(name, clip)
    assert [value for value in getattr(module, name) if f"`{value}`" not in text] == []
