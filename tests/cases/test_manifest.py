import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from cases.errors import ManifestError
from cases.manifest import manifest_schema, parse_manifest, read_manifest

SCHEMA = Path(__file__).resolve().parents[2] / "cases" / "case.schema.json"

WHOLE = """
schema_version = 1
id = "tear"
title = "A tear"
teaches = "Contraction shows it"
level = "beginner"
origin = "simulated"
licence = "CC-BY-4.0"
credit = "Us"
sources = ["A paper"]

[text]
history = "A *kick*."

[[clips]]
id = "long"
file = "long.dcm"
title = "Long axis"
alt = "A muscle"
plane = "long axis"
side = "left"
screen_left = "proximal"
truth = "long.truth.npz"
frame_time_ms = 33.3
chapters = [
  { name = "rest", first_frame = 1, last_frame = 3 },
  { name = "hold", first_frame = 4, last_frame = 6 },
]
simulation = { scene = "thigh", seed = 1, parameters = { gap_mm = 10 } }
calibration = { x0 = 0, y0 = 0, x1 = 99, y1 = 49, mm_per_px_x = 0.1, mm_per_px_y = 0.1, source = "a ruler" }

[[static_views]]
id = "mr"
files = ["mr-1.dcm", "mr-2.dcm"]
title = "MRI-style"
alt = "A thigh"
mri_style = true
sequence = "T1"
key_slice = 2

[[static_views.scan_planes]]
clip = "long"
slice = 1
outline_px = [[1, 2], [3.5, 4]]

[[static_views.landmarks]]
label = "tendon"
clip = "long"
frame = 1
clip_px = [1, 2]
slice = 1
static_px = [3, 4]

[[comparisons]]
id = "main"
title = "Rest and contraction"
link = "time"
static = { view = "mr", slice = 1 }
rest = { clip = "long", frame = 1 }
contraction = { clip = "long", chapter = "hold" }
"""


def _write(folder: Path, text: str = WHOLE) -> Path:
    for name in ("long.dcm", "long.truth.npz", "mr-1.dcm", "mr-2.dcm"):
        (folder / name).write_bytes(b"x")
    (folder / "case.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_whole_manifest_is_read(tmp_path: Path):
    manifest = read_manifest(_write(tmp_path))
    assert manifest.clips[0].chapters[1].first_frame == 4
    assert manifest.static_views[0].scan_planes[0].outline_px == ((1.0, 2.0), (3.5, 4.0))
    assert manifest.comparisons[0].contraction is not None
    assert manifest.comparisons[0].contraction.chapter == "hold"
    assert manifest.file_names() == ("long.dcm", "long.truth.npz", "mr-1.dcm", "mr-2.dcm")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("schema_version = 1", "schema_version = 2", "schema_version"),
        ('id = "tear"', 'id = "Tear tear"', "key id"),
        ('level = "beginner"', 'level = "easy"', "key level"),
        ('title = "A tear"', 'titel = "A tear"', "key title"),
        ('title = "A tear"', 'title = "A tear"\nspeed = 3', "key speed"),
        ("seed = 1", 'seed = "1"', r"clips\[1\]\.simulation\.seed"),
        ("last_frame = 3", "last_frame = 5", "begins before chapter rest has ended"),
        ("first_frame = 1", "first_frame = 0", r"chapters\[1\]\.first_frame"),
        ("first_frame = 4, last_frame = 6", "first_frame = 6, last_frame = 4", "before it begins"),
        ('file = "long.dcm"', 'file = "../long.dcm"', "relative to the case's folder"),
        ('file = "long.dcm"', 'file = "/etc/passwd"', "relative to the case's folder"),
        ('file = "long.dcm"', 'file = "C:\\\\long.dcm"', "relative to the case's folder"),
        ('file = "long.dcm"', 'file = "short.dcm"', "there is no file “short.dcm”"),
        ("mm_per_px_x = 0.1", "mm_per_px_x = 0", "mm_per_px_x"),
        ("mm_per_px_x = 0.1", "mm_per_px_x = inf", "mm_per_px_x"),
        ("x1 = 99", "x1 = -1", "x1"),
        ("frame_time_ms = 33.3", "frame_time_ms = nan", "frame_time_ms"),
        ('rest = { clip = "long", frame = 1 }', 'rest = { clip = "short" }', "there is no clip “short”"),
        ('static = { view = "mr", slice = 1 }', 'static = { view = "ct" }', "there is no static view “ct”"),
        ('chapter = "hold"', 'chapter = "relaxing"', "has no chapter “relaxing”"),
        (
            'rest = { clip = "long", frame = 1 }',
            'rest = { clip = "long", frame = 1, chapter = "rest" }',
            "not both",
        ),
        ("key_slice = 2", "key_slice = 3", "key_slice 3 of 2 files"),
        ('label = "tendon"\nclip = "long"', 'label = "tendon"\nclip = "x"', "there is no clip “x”"),
        ("mri_style = true", 'mri_style = "yes"', "mri_style"),
    ],
)
def test_a_wrong_manifest_names_the_file_the_key_and_what_to_do(
    tmp_path: Path, old: str, new: str, sentence: str
):
    assert old in WHOLE
    with pytest.raises(ManifestError, match=sentence) as refused:
        read_manifest(_write(tmp_path, WHOLE.replace(old, new, 1)))
    assert "case.toml" in str(refused.value)


def test_an_id_stands_for_one_clip_only(tmp_path: Path):
    content: dict[str, Any] = tomllib.loads(WHOLE)
    content["clips"].append(content["clips"][0])
    with pytest.raises(ManifestError, match="the id “long” is used twice"):
        parse_manifest(content, tmp_path / "case.toml")


def test_a_comparison_shows_at_least_one_panel(tmp_path: Path):
    content: dict[str, Any] = tomllib.loads(WHOLE)
    content["comparisons"] = [{"id": "none", "title": "Nothing", "link": "none"}]
    with pytest.raises(ManifestError, match="at least one panel"):
        parse_manifest(content, tmp_path / "case.toml")


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path):
    folder = tmp_path / "case"
    folder.mkdir()
    _write(folder)
    (tmp_path / "secret.dcm").write_bytes(b"x")
    (folder / "long.dcm").unlink()
    (folder / "long.dcm").symlink_to(tmp_path / "secret.dcm")
    with pytest.raises(ManifestError, match="leads outside"):
        read_manifest(folder)


@pytest.mark.parametrize("content", [b"id = ", b"\xff\xfe\x00", b"a = 1\na = 2"])
def test_what_is_not_toml_is_refused(tmp_path: Path, content: bytes):
    (tmp_path / "case.toml").write_bytes(content)
    with pytest.raises(ManifestError, match="not TOML"):
        read_manifest(tmp_path)


def test_a_folder_without_manifest_says_so(tmp_path: Path):
    with pytest.raises(ManifestError, match="there is no manifest"):
        read_manifest(tmp_path)


def test_the_published_schema_is_that_of_the_code():
    assert SCHEMA.read_text(encoding="utf-8") == manifest_schema()
    assert json.loads(manifest_schema())["additionalProperties"] is False


@pytest.mark.parametrize("content", ["a = " + "[" * 5_000, "a = " + "9" * 5_000])
def test_a_manifest_nested_without_end_or_with_endless_numbers_is_refused(
    tmp_path: Path, content: str
) -> None:
    (tmp_path / "case.toml").write_text(content)
    with pytest.raises(ManifestError, match="not TOML"):
        read_manifest(tmp_path)
