from pathlib import Path

import pytest
from typer.testing import CliRunner

from annotations.__main__ import app
from annotations.document import document_schema, document_text, read_document
from annotations.exchange.formats import Format
from tests.annotations.clips import dicom_clip

run = CliRunner()
MANIFEST = """
schema_version = 1
id = "case-1"
title = "A case"
teaches = "Something."
level = "beginner"
origin = "simulated"
licence = "CC0-1.0"

[[clips]]
id = "clip-1"
file = "clip.dcm"
title = "A clip"
alt = "Speckle."
plane = "long axis"
side = "right"
screen_left = "proximal"
"""
CVAT = """<annotations><version>1.1</version><track id="0" label="Gap">
<polyline frame="0" outside="0" occluded="0" keyframe="1" points="10,20;40,20"></polyline>
<polyline frame="6" outside="0" occluded="0" keyframe="1" points="10,20;60,20"></polyline>
<mask frame="6" outside="0" occluded="0" keyframe="1"></mask>
</track></annotations>"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cases" / "case-1"
    folder.mkdir(parents=True)
    dicom_clip(folder / "clip.dcm")
    (folder / "case.toml").write_text(MANIFEST, encoding="utf-8")
    monkeypatch.setenv("MSUS_CASES_DIR", str(tmp_path / "cases"))
    monkeypatch.setenv("MSUS_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "marks.xml").write_text(CVAT, encoding="utf-8")
    taken = run.invoke(app, ["import", "case-1", str(tmp_path / "marks.xml"), "--author", "A"])
    assert taken.exit_code == 0, taken.output
    assert "1 mark of CVAT for video" in taken.output
    assert "“mask” were left out" in taken.output
    return tmp_path


@pytest.mark.parametrize(
    "wanted", [*(f.value for f in Format if f is not Format.SEG), "png", "webm", "mp4", "gif"]
)
def test_marks_that_were_imported_can_be_exported_in_every_format(wanted: str, home: Path) -> None:
    out = home / f"out.{wanted}"
    done = run.invoke(app, ["export", "case-1", str(out), "--to", wanted, "--layer", "imported"])
    assert done.exit_code == 0, done.output
    assert out.stat().st_size > 100


def test_importing_twice_doubles_nothing(home: Path) -> None:
    for _ in range(2):
        assert run.invoke(app, ["import", "case-1", str(home / "marks.xml")]).exit_code == 0
    run.invoke(app, ["export", "case-1", str(home / "out.json"), "--to", "json", "--layer", "imported"])
    assert len(read_document(home / "out.json").marks) == 1


def test_our_json_brings_the_marks_of_all_clips_of_its_case_unless_one_is_named(home: Path) -> None:
    folder = home / "cases" / "case-1"
    dicom_clip(folder / "other.dcm", colour=True)
    _, clip_table = MANIFEST.split("[[clips]]")
    other = clip_table.replace("clip-1", "clip-2").replace("clip.dcm", "other.dcm")
    (folder / "case.toml").write_text(f"{MANIFEST}\n[[clips]]{other}", encoding="utf-8")
    run.invoke(app, ["import", "case-1", str(home / "marks.xml"), "--clip", "clip-2", "--layer", "second"])
    run.invoke(app, ["export", "case-1", str(home / "one.json"), "--to", "json", "--layer", "imported"])
    run.invoke(app, ["export", "case-1", str(home / "two.json"), "--to", "json", "--layer", "second"])
    one, two = (read_document(home / name) for name in ("one.json", "two.json"))
    (mark,) = two.marks
    both = one.model_copy(update={"marks": (*one.marks, mark.model_copy(update={"id": "other"}))})
    (home / "both.json").write_text(document_text(both), encoding="utf-8")
    whole = run.invoke(app, ["import", "case-1", str(home / "both.json"), "--layer", "whole"])
    assert "2 marks of our JSON" in whole.output
    assert "left out" not in whole.output
    part = run.invoke(
        app, ["import", "case-1", str(home / "both.json"), "--layer", "part", "--clip", "clip-2"]
    )
    assert "On other clips, so left out: 1 mark." in part.output
    run.invoke(app, ["export", "case-1", str(home / "back.json"), "--to", "json", "--layer", "whole"])
    assert [(m.id, m.clip, m.place) for m in read_document(home / "back.json").marks] == [
        (m.id, m.clip, m.place) for m in both.marks
    ]
    elsewhere = both.model_copy(update={"case": "case-2"})
    (home / "elsewhere.json").write_text(document_text(elsewhere), encoding="utf-8")
    foreign = run.invoke(app, ["import", "case-1", str(home / "elsewhere.json"), "--layer", "foreign"])
    assert "On other clips, so left out: 1 mark." in foreign.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["export", "case-1", "x.seg", "--to", "seg", "--layer", "imported"], "no outline"),
        (["export", "case-1", "x", "--to", "word", "--layer", "imported"], "not known"),
        (["export", "case-1", "x.png", "--to", "png", "--layer", "absent"], "there are: imported"),
        (["export", "absent", "x.png", "--to", "png"], "no case"),
        (["export", "case-1", "x.png", "--to", "png", "--layer", "imported", "--clip", "absent"], "no clip"),
        (["export", "case-1", "x.png", "--to", "png", "--layer", "imported", "--frame", "99"], "no frame 99"),
        (["import", "case-1", "absent.xml"], "cannot be read"),
        (["import", "case-1", "absent.xml", "--layer", "My layer"], "small letters, digits and hyphens"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(arguments: list[str], said: str, home: Path) -> None:
    done = run.invoke(app, arguments)
    assert done.exit_code == 1
    assert said in done.output
    assert "Traceback" not in done.output


def test_the_schema_is_printed() -> None:
    assert run.invoke(app, ["schema"]).output == document_schema()
