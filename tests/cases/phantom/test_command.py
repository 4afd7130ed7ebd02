"""The command that makes clips."""

from pathlib import Path

import pydicom
import pytest
from typer.testing import CliRunner

from cases.phantom.__main__ import app
from cases.phantom.catalogue import CLIPS, SERIES
from cases.phantom.toml_text import to_toml

runner = CliRunner()


def test_the_list_names_every_clip_and_view() -> None:
    listed = runner.invoke(app, ["--list"])
    assert listed.exit_code == 0
    for name in [clip.scene.name for clip in CLIPS] + [series.name for series in SERIES]:
        assert name in listed.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--clip", "nothing"], "choose one of"),
        (["--clip", "other-side", "--gap-rest-mm", "3"], "has no tear"),
        (["--clip", "long-axis-defect", "--gap-rest-mm", "9", "--gap-peak-mm", "4"], "gap"),
        (["--out", "x"], "--list"),
    ],
)
def test_a_wrong_wish_is_answered_with_what_to_do(arguments: list[str], said: str) -> None:
    answered = runner.invoke(app, arguments)
    assert answered.exit_code == 2
    assert said in " ".join(answered.output.replace("│", " ").split())


def test_a_clip_with_another_gap_can_be_made(tmp_path: Path) -> None:
    wish = ["--clip", "long-axis-defect", "--gap-rest-mm", "3", "--gap-peak-mm", "6", "--seed", "77"]
    made = runner.invoke(app, [*wish, "--frames-scale", "0.1", "--workers", "1", "--out", str(tmp_path)])
    assert made.exit_code == 0, made.output
    dataset = pydicom.dcmread(tmp_path / "long-axis-defect.dcm", stop_before_pixels=True)
    assert "seed 77" in dataset.ImageComments
    assert int(dataset.NumberOfFrames) == 10
    assert (tmp_path / "long-axis-defect.truth.npz").is_file()


def test_what_toml_cannot_hold_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot write"):
        to_toml({"nothing": None})
