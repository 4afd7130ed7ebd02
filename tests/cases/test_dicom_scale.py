import struct
from dataclasses import replace
from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from cases.calibration import Region, ScaleSource, region_at
from cases.decoding import Wishes
from tests.cases import clip_factory as factory
from tests.cases.clip_factory import NumberedClip, RegionOfTest
from tests.cases.conftest import Import

CLIP = NumberedClip(frames=2)


def _file(tmp_path: Path, *regions: RegionOfTest, **said: object) -> Path:
    def change(dataset: Dataset) -> None:
        for keyword, value in said.items():
            setattr(dataset, keyword, value)

    return factory.write_dicom(tmp_path / "clip.dcm", CLIP, regions=regions, change=change)


def test_centimetres_of_the_region_become_millimetres(tmp_path: Path, imported: Import):
    found, cine = imported(_file(tmp_path, RegionOfTest(10, 20, 99, 79, delta_x=0.02, delta_y=0.01)))
    assert found.head.scale_source is ScaleSource.ULTRASOUND_REGIONS
    assert found.head.scale_refused_because is None
    (region,) = found.head.regions
    assert (region.x0, region.y0, region.x1, region.y1) == (10, 20, 99, 79)
    assert (region.mm_per_px_x, region.mm_per_px_y) == (pytest.approx(0.2), pytest.approx(0.1))
    assert cine.calibration_at((50, 50)) is not None
    assert cine.calibration_at((5, 50)) is None


def test_two_regions_keep_their_own_scales(tmp_path: Path, imported: Import):
    left, right = RegionOfTest(0, 0, 49, 79, 0.02, 0.02), RegionOfTest(50, 0, 99, 79, 0.01, 0.01)
    found, _ = imported(_file(tmp_path, left, right))
    under = region_at(found.head.regions, (75, 40))
    assert under is not None
    assert under.mm_per_px_x == pytest.approx(0.1)


def test_two_pictures_side_by_side_have_their_own_scales_and_none_between_them(
    tmp_path: Path, imported: Import
):
    left, right = RegionOfTest(0, 0, 89, 79, 0.02, 0.02), RegionOfTest(110, 0, 199, 79, 0.01, 0.03)
    _, cine = imported(_file(tmp_path, left, right))
    found = [cine.calibration_at((x_px, 40)) for x_px in (45, 100, 150)]
    assert [one and (round(one.mm_per_px_x, 6), round(one.mm_per_px_y, 6)) for one in found] == [
        (0.2, 0.2), None, (0.1, 0.3),
    ]  # fmt: skip


def test_a_trace_over_the_picture_takes_its_place_where_its_flags_say_so(tmp_path: Path, imported: Import):
    picture = RegionOfTest(20, 0, 99, 79, flags=0b1)
    trace = RegionOfTest(0, 40, 199, 79, units_x=4, units_y=0)
    _, cine = imported(_file(tmp_path, picture, trace))
    assert cine.calibration_at((50, 20)) is not None
    assert cine.calibration_at((50, 70)) is None
    _, cine = imported(_file(tmp_path, replace(picture, flags=0), trace))
    assert cine.calibration_at((50, 70)) is not None


@pytest.mark.parametrize(("axis", "unit"), [("x", 4), ("y", 7)], ids=["seconds", "cm a second"])
def test_an_axis_of_time_or_velocity_is_no_length(tmp_path: Path, imported: Import, axis: str, unit: int):
    units = {"units_x": unit} if axis == "x" else {"units_y": unit}
    found, cine = imported(_file(tmp_path, RegionOfTest(0, 0, 99, 79, delta_x=0.005, delta_y=0.005, **units)))
    (region,) = found.head.regions
    lengths = [region.mm_per_px_x, region.mm_per_px_y]
    assert lengths == ([None, pytest.approx(0.05)] if axis == "x" else [pytest.approx(0.05), None])
    assert "one axis" in str(found.head.scale_refused_because)
    assert cine.calibration_at((50, 40)) is None


def test_a_spectrum_beside_a_picture_does_not_take_its_scale(tmp_path: Path, imported: Import):
    picture = RegionOfTest(0, 0, 89, 79)
    spectrum = RegionOfTest(110, 0, 199, 79, delta_x=0.01, delta_y=0.5, units_x=4, units_y=7)
    found, cine = imported(_file(tmp_path, picture, spectrum))
    assert cine.calibration_at((45, 40)) is not None
    assert cine.calibration_at((150, 40)) is None
    assert found.head.scale_refused_because is None


@pytest.mark.parametrize(
    ("region", "reason"),
    [
        (RegionOfTest(0, 0, 9, 9, units_x=0, units_y=0), "units"),
        (RegionOfTest(0, 0, 9, 9, delta_x=0.0, delta_y=0.0), "zero, missing or not a number"),
        (
            RegionOfTest(0, 0, 9, 9, delta_x=float("nan"), delta_y=float("inf")),
            "zero, missing or not a number",
        ),
        (RegionOfTest(50, 0, 9, 9), "outside"),
        (RegionOfTest(500, 500, 600, 600), "outside"),
        (RegionOfTest(0, 0, 2 * CLIP.columns, 2 * CLIP.rows), "rescaled after export"),
    ],
)
def test_a_wrong_region_leaves_lengths_in_px_and_says_why(
    tmp_path: Path, imported: Import, region: RegionOfTest, reason: str
):
    found, cine = imported(_file(tmp_path, region))
    assert found.head.scale_source is ScaleSource.NONE
    assert reason in str(found.head.scale_refused_because)
    assert cine.calibration_at((5, 5)) is None


def test_a_region_past_the_edge_is_cut_at_the_edge(tmp_path: Path, imported: Import):
    found, _ = imported(_file(tmp_path, RegionOfTest(0, 0, CLIP.columns, CLIP.rows + 1)))
    assert (found.head.regions[0].x1, found.head.regions[0].y1) == (CLIP.columns - 1, CLIP.rows - 1)
    assert any("past the edge" in sentence for sentence in found.head.warnings)


def test_an_axis_that_runs_backwards_is_as_long_as_forwards(tmp_path: Path, imported: Import):
    found, _ = imported(_file(tmp_path, RegionOfTest(0, 0, 99, 79, delta_x=-0.02)))
    assert found.head.regions[0].mm_per_px_x == pytest.approx(0.2)
    assert any("backwards" in sentence for sentence in found.head.warnings)


def test_pixels_that_are_not_square_are_said_to_be_shown_square(tmp_path: Path, imported: Import):
    found, _ = imported(_file(tmp_path, PixelAspectRatio=["4", "3"]))
    assert any("not square" in sentence for sentence in found.head.warnings)
    found, _ = imported(_file(tmp_path, PixelAspectRatio=["1", "1"]))
    assert found.head.warnings == ()


def test_pixel_spacing_is_rows_first(tmp_path: Path, imported: Import):
    found, _ = imported(_file(tmp_path, PixelSpacing=["0.5", "0.25"]))
    assert found.head.scale_source is ScaleSource.PIXEL_SPACING
    assert found.head.regions == (Region(0, 0, CLIP.columns - 1, CLIP.rows - 1, 0.25, 0.5),)


def test_regions_win_over_pixel_spacing(tmp_path: Path, imported: Import):
    found, _ = imported(_file(tmp_path, RegionOfTest(0, 0, 99, 79), PixelSpacing=["9", "9"]))
    assert found.head.scale_source is ScaleSource.ULTRASOUND_REGIONS
    assert any("Pixel Spacing was not used" in sentence for sentence in found.head.warnings)


@pytest.mark.parametrize("spacing", [["0", "0"], ["-1", "1"]])
def test_a_spacing_that_is_no_length_is_refused(tmp_path: Path, imported: Import, spacing: list[str]):
    found, _ = imported(_file(tmp_path, PixelSpacing=spacing))
    assert found.head.scale_source is ScaleSource.NONE
    assert "Pixel Spacing" in str(found.head.scale_refused_because)


def test_a_scale_from_the_manifest_is_used_only_where_the_file_has_none(tmp_path: Path, imported: Import):
    given = Wishes(region=Region(0, 0, 9999, 50, 0.1, 0.1), scale_source=ScaleSource.MANIFEST)
    found, _ = imported(_file(tmp_path), wishes=given)
    assert found.head.scale_source is ScaleSource.MANIFEST
    assert found.head.regions == (Region(0, 0, CLIP.columns - 1, 50, 0.1, 0.1),)
    found, _ = imported(_file(tmp_path, RegionOfTest(0, 0, 99, 79)), wishes=given)
    assert found.head.scale_source is ScaleSource.ULTRASOUND_REGIONS


def test_a_list_of_regions_that_is_no_list_is_no_scale(tmp_path: Path, imported: Import):
    path = _file(tmp_path, RegionOfTest(0, 0, 99, 79))
    content = path.read_bytes()
    at = content.index(b"\x18\x00\x11\x60SQ")
    (length,) = struct.unpack("<I", content[at + 8 : at + 12])
    number = b"\x18\x00\x11\x60" + struct.pack("<2sHH", b"US", 2, 7)
    path.write_bytes(content[:at] + number + content[at + 12 + length :])
    found, _ = imported(path)
    assert found.head.scale_source is ScaleSource.NONE
