"""Where the tissue goes, in the form that the browser draws."""

from pathlib import Path

import numpy as np
import pytest

from annotations.errors import AnnotationError
from annotations.layers import BUNDLED_FOLDER
from annotations.motion.errors import MotionStoreError
from annotations.motion.tissue_map import MAP_ALGORITHM, TissueMap, measure_tissue_map, read_map_head
from annotations.motion.tissue_map_store import TissueMapStore, shipped_map_path
from cases.cine import Cine
from cases.decoding import Decoder
from cases.settings import Settings
from cases.store import ClipStore

SHIPPED = sorted(BUNDLED_FOLDER.glob("*/motion/*.json"))
CASES = Path(__file__).parents[3] / "cases" / "bundled"


def _made(pack_sha256: str = "ab" * 32) -> TissueMap:
    random = np.random.default_rng(3)
    moved = random.uniform(-20, 20, (4, 6, 2))
    moved[2, 1] = np.nan
    strain = random.uniform(-0.3, 0.3, (4, 6))
    strain[3, 5] = np.nan
    return TissueMap(pack_sha256, 1, random.uniform(0, 500, (6, 2)), moved, strain, 19.5)


def test_a_map_is_read_as_it_was_written_to_within_half_a_step() -> None:
    tissue = _made()
    read = TissueMap.from_bytes(tissue.to_bytes())
    assert (read.pack_sha256, read.rest_frame_index, read.cell_px) == ("ab" * 32, 1, 19.5)
    assert np.allclose(read.rest_px, tissue.rest_px, atol=1e-4)
    assert np.allclose(read.moved_px, tissue.moved_px, atol=20 / 127 / 2 + 1e-6, equal_nan=True)
    assert np.allclose(read.strain, tissue.strain, atol=0.0026, equal_nan=True)


@pytest.mark.parametrize(
    "content", [b"", b"MSUSTM01", b"MSUSTM01\x02\x00\x00\x00{}", _made().to_bytes()[:-3]]
)
def test_a_file_that_is_no_map_says_what_to_do(content: bytes) -> None:
    with pytest.raises(MotionStoreError, match="measure the clip again"):
        TissueMap.from_bytes(content)


def test_a_map_is_found_by_its_clip_and_a_broken_one_is_not(tmp_path: Path) -> None:
    store = TissueMapStore(tmp_path / "tissue", tmp_path)
    assert store.path("ab" * 32) is None
    store.keep(_made())
    found = store.find("ab" * 32)
    assert found is not None
    assert found.rest_frame_index == 1
    (tmp_path / "tissue" / f"{'cd' * 32}.tissue").write_bytes(b"noise")
    assert store.find("cd" * 32) is None


def test_a_shipped_map_is_found_until_a_newer_one_is_kept(tmp_path: Path) -> None:
    shipped = shipped_map_path("case", "clip", tmp_path / "shipped")
    shipped.parent.mkdir(parents=True)
    shipped.write_bytes(_made().to_bytes())
    store = TissueMapStore(tmp_path / "tissue", tmp_path / "shipped")
    assert store.path("ab" * 32) == shipped
    store.keep(_made())
    assert store.path("ab" * 32) == tmp_path / "tissue" / f"{'ab' * 32}.tissue"


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "tissue").write_text("in the way", encoding="utf-8")
    with pytest.raises(AnnotationError, match="cannot be written"):
        TissueMapStore(tmp_path / "tissue").keep(_made())


@pytest.fixture(scope="module")
def intact(tmp_path_factory: pytest.TempPathFactory) -> Cine:
    store = ClipStore(tmp_path_factory.mktemp("store"))
    with Decoder(Settings.from_environment().limits, processes=1) as decoder:
        imported = store.import_file(CASES / "rectus-femoris-tear" / "other-side.dcm", decoder)
    return store.cine(imported.sha256)


def test_the_shipped_map_is_that_of_the_code_and_of_the_clip(intact: Cine) -> None:
    shipped = shipped_map_path("rectus-femoris-tear", "other-side")
    head = read_map_head(shipped.read_bytes())
    assert (head["pack_sha256"], head["algorithm"]) == (intact.head.sha256, MAP_ALGORITHM)
    known = TissueMap.from_bytes(shipped.read_bytes())
    anew = measure_tissue_map(intact, known.rest_frame_index)
    seen = ~np.isnan(known.moved_px) & ~np.isnan(anew.moved_px)
    assert seen.mean() > 0.9
    assert np.percentile(np.abs(known.moved_px - anew.moved_px)[seen], 99) < 0.6


def test_the_tissue_goes_where_the_simulation_moved_it(intact: Cine) -> None:
    tissue = measure_tissue_map(intact)
    with np.load(CASES / "rectus-femoris-tear" / "other-side.truth.npz") as truth:
        grid = truth["grid_px"].astype(np.float64)
    apart = np.hypot(*(tissue.rest_px[:, None] - grid[0][None]).transpose(2, 0, 1))
    nearest, point = apart.min(axis=1), apart.argmin(axis=1)
    hold = 34
    both = (nearest < 6) & ~np.isnan(tissue.moved_px[hold]).any(axis=1)
    error_mm = 0.096 * np.hypot(*(tissue.moved_px[hold] - (grid[hold] - grid[0])[point]).T)[both]
    assert both.sum() > 60
    assert np.median(error_mm) < 0.15


def test_every_bundled_clip_whose_motion_is_shipped_has_its_map() -> None:
    assert SHIPPED
    for path in SHIPPED:
        head = read_map_head(path.with_suffix(".tissue").read_bytes())
        assert head["algorithm"] == MAP_ALGORITHM
