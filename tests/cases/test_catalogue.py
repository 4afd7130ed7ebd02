from pathlib import Path

import pytest

from cases.calibration import ScaleSource
from cases.catalogue import Catalogue
from cases.decoding import Decoder
from cases.errors import CaseNotFoundError, ManifestError
from cases.store import ClipStore
from tests.cases import clip_factory as factory
from tests.cases.clip_factory import NumberedClip

CASE = """
schema_version = 1
id = "{id}"
title = "Case {id}"
teaches = "Frames"
level = "beginner"
origin = "simulated"
licence = "CC0-1.0"
[[clips]]
id = "moving"
file = "moving.mp4"
title = "Moving"
alt = "Blocks"
plane = "long axis"
side = "left"
screen_left = "proximal"
chapters = [{{ name = "rest", first_frame = 1, last_frame = {last} }}]
calibration = {{ x0 = 0, y0 = 0, x1 = 99, y1 = 49, mm_per_px_x = 0.1, mm_per_px_y = 0.1, source = "a ruler" }}
[[static_views]]
id = "slices"
files = ["slice-1.dcm", "slice-2.dcm", "slice-3.dcm"]
title = "Slices"
alt = "Ramps"
mri_style = true
key_slice = 3
[[static_views]]
id = "pictures"
files = ["one.png", "two.png"]
title = "Pictures"
alt = "Ramps"
mri_style = false
"""
COMPARISONS = """
[[comparisons]]
id = "beside"
title = "Beside"
static = { view = "slices" }
rest = { clip = "moving" }
contraction = { clip = "moving" }
[[comparisons]]
id = "alone"
title = "Alone"
contraction = { clip = "moving" }
"""


def _case(folder: Path, case_id: str = "first", last: int = 3) -> Path:
    folder.mkdir(parents=True)
    factory.write_video(folder / "moving.mp4", NumberedClip(frames=5))
    factory.write_mr_series(folder, slices=3)
    factory.write_png(folder / "one.png", NumberedClip().frame(1))
    factory.write_png(folder / "two.png", NumberedClip().frame(2))
    (folder / "case.toml").write_text(CASE.format(id=case_id, last=last), encoding="utf-8")
    return folder


def test_a_case_opens_with_the_heads_of_its_clips_and_views(
    tmp_path: Path, store: ClipStore, decoder: Decoder
):
    _case(tmp_path / "cases" / "a")
    catalogue = Catalogue([tmp_path / "cases"], store, decoder)
    (summary,) = catalogue.cases()
    assert (summary.case_id, summary.title, summary.error) == ("first", "Case first", None)
    case = catalogue.case("first")
    moving = case.clips["moving"]
    assert (moving.frames, moving.scale_source) == (5, ScaleSource.MANIFEST)
    assert case.static_views["slices"].frames == 3
    assert case.static_views["pictures"].frames == 2
    assert case.manifest_clip("moving").title == "Moving"
    assert case.manifest_view("slices").key_slice == 3
    with pytest.raises(CaseNotFoundError):
        case.manifest_clip("other")


def test_a_second_opening_decodes_nothing(tmp_path: Path, store: ClipStore, decoder: Decoder):
    _case(tmp_path / "cases" / "a")
    first = Catalogue([tmp_path / "cases"], store, decoder).case("first")
    with Decoder(processes=1) as never_asked:
        second = Catalogue([tmp_path / "cases"], store, never_asked).case("first")
        assert not never_asked._all
    assert second == first


def test_a_file_that_was_only_touched_is_known_by_its_content(
    tmp_path: Path, store: ClipStore, decoder: Decoder
):
    folder = _case(tmp_path / "cases" / "a")
    first = Catalogue([tmp_path / "cases"], store, decoder).case("first")
    (folder / "moving.mp4").touch()
    with Decoder(processes=1) as never_asked:
        assert Catalogue([tmp_path / "cases"], store, never_asked).case("first") == first
        assert not never_asked._all


def test_a_file_that_changed_is_imported_again(tmp_path: Path, store: ClipStore, decoder: Decoder):
    folder = _case(tmp_path / "cases" / "a")
    catalogue = Catalogue([tmp_path / "cases"], store, decoder)
    assert catalogue.case("first").clips["moving"].frames == 5
    factory.write_video(folder / "moving.mp4", NumberedClip(frames=7))
    assert catalogue.case("first").clips["moving"].frames == 7


def test_the_packs_of_a_comparison_are_told_as_far_as_they_are_kept(
    tmp_path: Path, store: ClipStore, decoder: Decoder
):
    folder = _case(tmp_path / "cases" / "a")
    with (folder / "case.toml").open("a", encoding="utf-8") as manifest:
        manifest.write(COMPARISONS)
    catalogue = Catalogue([tmp_path / "cases"], store, decoder)
    assert catalogue.kept_packs("first", None) == []
    case = catalogue.case("first")
    assert [case.comparison(name).id for name in (None, "alone", "no such")] == ["beside", "alone", "beside"]
    moving, slices = case.clips["moving"].sha256, case.static_views["slices"].sha256
    assert catalogue.kept_packs("first", None) == [slices, moving]
    assert catalogue.kept_packs("first", "alone") == [moving]
    assert catalogue.kept_packs("first", "no such comparison") == [slices, moving]
    assert catalogue.kept_packs("no such case", None) == []
    store.remove(moving)
    (folder / "slice-2.dcm").unlink()
    assert catalogue.kept_packs("first", None) == []


def test_a_case_without_a_comparison_says_what_its_author_has_to_add(
    tmp_path: Path, store: ClipStore, decoder: Decoder
):
    _case(tmp_path / "cases" / "a")
    catalogue = Catalogue([tmp_path / "cases"], store, decoder)
    with pytest.raises(ManifestError, match=r"names no comparison.*add one as \[\[comparisons\]\]"):
        catalogue.case("first").comparison(None)
    assert catalogue.kept_packs("first", None) == []


def test_a_lost_pack_or_index_is_made_again(tmp_path: Path, store: ClipStore, decoder: Decoder):
    _case(tmp_path / "cases" / "a")
    catalogue = Catalogue([tmp_path / "cases"], store, decoder)
    first = catalogue.case("first")
    store.remove(first.clips["moving"].sha256)
    store.path(first.static_views["slices"].sha256).write_bytes(b"damaged")
    (store.folder / "imported.json").write_bytes(b"{not json")
    assert Catalogue([tmp_path / "cases"], store, decoder).case("first") == first
    assert catalogue.case("first") == first


def test_a_broken_case_is_listed_with_its_sentence_and_hides_no_other(
    tmp_path: Path, store: ClipStore, decoder: Decoder
):
    _case(tmp_path / "cases" / "a")
    broken = tmp_path / "cases" / "broken"
    broken.mkdir()
    (broken / "case.toml").write_text("id = ", encoding="utf-8")
    _case(tmp_path / "cases" / "copy")
    (tmp_path / "cases" / "no-case").mkdir()
    catalogue = Catalogue([tmp_path / "nowhere", tmp_path / "cases"], store, decoder)
    assert [(summary.case_id, summary.error is None) for summary in catalogue.cases()] == [
        ("first", True),
        ("broken", False),
        ("first (copy)", False),
    ]
    with pytest.raises(ManifestError, match="not TOML"):
        catalogue.case("broken")
    with pytest.raises(CaseNotFoundError, match="go back to the library"):
        catalogue.case("missing")


def test_a_chapter_past_the_end_of_its_clip_is_an_error_of_the_manifest(
    tmp_path: Path, store: ClipStore, decoder: Decoder
):
    _case(tmp_path / "cases" / "a", last=9)
    with pytest.raises(ManifestError, match="chapter rest speaks of frame or slice 9, but there are 5"):
        Catalogue([tmp_path / "cases"], store, decoder).case("first")
