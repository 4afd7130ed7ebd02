"""What one visit may take on the disk: no more is kept, and one sentence says so."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from cases.archive import unpack
from cases.decoding import Decoder
from cases.disk_room import DiskRoom
from cases.errors import LimitExceededError
from cases.settings import GIB, MAX_VISIT_BYTES, Settings
from cases.store import ClipStore
from tests.cases import clip_factory as factory
from tests.cases.clip_factory import NumberedClip

CLIP = NumberedClip(frames=8)
MOST_BYTES = 60_000


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _noise(folder: Path) -> Path:
    """Write a clip that no encoder makes small."""

    def change(dataset: object) -> None:
        frames = np.random.default_rng(3).integers(0, 255, (CLIP.frames, CLIP.rows, CLIP.columns), np.uint8)
        factory.set_uncompressed(dataset, list(frames))  # type: ignore[arg-type]

    return factory.write_dicom(folder / "noise.dcm", CLIP, change=change)


def test_the_room_is_what_the_files_below_leave(tmp_path: Path):
    room = DiskRoom(tmp_path, 1_000)
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "a").write_bytes(bytes(300))
    assert room.left_bytes() == 700
    (tmp_path / "b").write_bytes(bytes(800))
    assert room.left_bytes() == 0


def test_a_clip_that_needs_more_than_is_left_is_not_kept_and_the_next_one_is(tmp_path: Path):
    large = _noise(tmp_path)
    small = factory.write_dicom(tmp_path / "small.dcm", NumberedClip(frames=2))
    folder = tmp_path / "visit"
    folder.mkdir()
    store = ClipStore(folder / "clips", DiskRoom(folder, MOST_BYTES))
    with Decoder(processes=1) as decoder:
        with pytest.raises(LimitExceededError, match=r"may take 0\.0 GiB together; open fewer files"):
            store.import_file(large, decoder)
        assert _files(folder) == []
        kept = store.import_file(small, decoder)
    assert _files(folder) == [store.path(kept.sha256)]


def test_an_archive_is_unpacked_only_into_what_is_left(tmp_path: Path, decoder: Decoder):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.dcm", bytes(MOST_BYTES + 1))
    folder = tmp_path / "visit"
    with pytest.raises(LimitExceededError, match="reload the page to begin anew"):
        unpack(path, folder / "room", decoder, disk=DiskRoom(folder, MOST_BYTES))
    assert sum(file.stat().st_size for file in _files(folder)) <= MOST_BYTES


@pytest.mark.parametrize(
    ("said", "expected"),
    [("2.5", 5 * GIB // 2), ("", MAX_VISIT_BYTES), ("-1", MAX_VISIT_BYTES), ("many", MAX_VISIT_BYTES)],
)
def test_the_limit_of_a_visit_is_a_setting(monkeypatch: pytest.MonkeyPatch, said: str, expected: int):
    monkeypatch.setenv("MSUS_VISIT_GIB", said)
    assert Settings.from_environment().max_visit_bytes == expected
