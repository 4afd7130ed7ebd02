import errno
import hashlib
import os
import subprocess
import sys
import textwrap
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from cases.decoding import Decoder
from cases.errors import StoreError, UnreadableClipError
from cases.store import ClipStore
from tests.cases import clip_factory as factory
from tests.cases.clip_factory import NumberedClip

CLIP = NumberedClip(frames=6)


def _inside(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_pack_stands_under_its_own_hash(tmp_path: Path, store: ClipStore, decoder: Decoder):
    clip = store.import_file(factory.write_dicom(tmp_path / "a.dcm", CLIP), decoder)
    assert store.path(clip.sha256) == store.folder / clip.sha256[:2] / f"{clip.sha256}.pack"
    assert hashlib.sha256(store.path(clip.sha256).read_bytes()).hexdigest() == clip.sha256
    assert store.head(clip.sha256) == clip.head


def test_the_same_file_twice_is_one_pack(tmp_path: Path, store: ClipStore, decoder: Decoder):
    path = factory.write_dicom(tmp_path / "a.dcm", CLIP)
    assert store.import_file(path, decoder).sha256 == store.import_file(path, decoder).sha256
    assert len(_inside(store.folder)) == 1


def test_a_refused_file_leaves_nothing(tmp_path: Path, store: ClipStore, decoder: Decoder):
    path = tmp_path / "a.dcm"
    path.write_bytes(factory.write_dicom(path, CLIP).read_bytes()[:-5000])
    with pytest.raises(UnreadableClipError):
        store.import_file(path, decoder)
    assert _inside(store.folder) == []


def test_an_import_holds_one_frame_in_memory_and_no_more(tmp_path: Path, store: ClipStore, decoder: Decoder):
    noise = np.random.default_rng(3).integers(0, 256, (8, 1024, 2048), dtype=np.uint8)
    clip = NumberedClip(frames=8, rows=1024, columns=2048)
    path = factory.write_dicom(
        tmp_path / "a.dcm", clip, change=lambda dataset: factory.set_uncompressed(dataset, list(noise))
    )
    tracemalloc.start()
    try:
        kept = store.import_file(path, decoder)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    largest_bytes = max(len(store.cine(kept.sha256).frames.encoded(k)) for k in range(8))
    assert largest_bytes > 2_000_000
    assert peak_bytes < 1.5 * largest_bytes


def test_an_import_that_cannot_be_kept_is_in_the_log_too(
    tmp_path: Path,
    store: ClipStore,
    decoder: Decoder,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with caplog.at_level("INFO", logger="cases"), pytest.raises(StoreError, match="No space left"):
        store.import_file(factory.write_dicom(tmp_path / "a.dcm", CLIP), decoder)
    assert f"import not kept: errno={errno.ENOSPC}" in caplog.text


def test_no_pack_holds_what_the_header_says_of_the_person(tmp_path: Path, store: ClipStore, decoder: Decoder):
    def named(dataset: object) -> None:
        for keyword in (
            "PatientName",
            "PatientID",
            "InstitutionName",
            "StudyDescription",
            "SeriesDescription",
        ):
            setattr(dataset, keyword, "CANARY")

    path = factory.write_dicom(tmp_path / "a.dcm", CLIP, change=named)
    clip = store.import_file(path, decoder)
    assert clip.inspection.carries_identity
    assert b"CANARY" not in store.path(clip.sha256).read_bytes()


def test_what_a_killed_server_left_is_swept_away_at_the_next_start(tmp_path: Path):
    code = f"""
    import os, signal
    from pathlib import Path
    from cases.decoding import Decoder
    from cases.store import ClipStore
    decoder = Decoder(processes=1)
    store = ClipStore(Path({str(tmp_path / "store")!r}))
    store.import_file(
        Path({str(tmp_path / "a.dcm")!r}), decoder,
        progress=lambda done, declared: done == 3 and os.kill(os.getpid(), signal.SIGKILL),
    )
    """
    factory.write_dicom(tmp_path / "a.dcm", CLIP)
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=False, timeout=120)
    assert ended.returncode == -9
    left = _inside(tmp_path / "store")
    assert left
    assert all(name.endswith(".part") for name in left)
    ClipStore(tmp_path / "store")
    assert _inside(tmp_path / "store") == []


def test_a_second_server_does_not_sweep_what_the_first_is_importing(tmp_path: Path, decoder: Decoder):
    store = ClipStore(tmp_path / "store")

    def open_second(done: int, declared: int | None) -> None:
        if done == 3:
            ClipStore(tmp_path / "store")

    path = factory.write_dicom(tmp_path / "a.dcm", CLIP)
    clip = store.import_file(path, decoder, progress=open_second)
    assert store.has(clip.sha256)


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_when_the_disk_fails_the_person_is_told_and_nothing_half_is_kept(
    tmp_path: Path, store: ClipStore, decoder: Decoder, monkeypatch: pytest.MonkeyPatch, step: str
):
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = factory.write_dicom(tmp_path / "a.dcm", CLIP)
    with monkeypatch.context() as patched:
        patched.setattr(os, step, fail)
        with pytest.raises(StoreError, match="No space left"):
            store.import_file(path, decoder)
    assert _inside(store.folder) == []
    assert store.import_file(path, decoder).head.frames == 6


def test_a_folder_that_cannot_be_made_is_an_error_with_its_name(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="file"):
        ClipStore(tmp_path / "file" / "store")


def test_a_damaged_pack_is_an_error_and_not_a_picture(tmp_path: Path, store: ClipStore, decoder: Decoder):
    clip = store.import_file(factory.write_dicom(tmp_path / "a.dcm", CLIP), decoder)
    store.path(clip.sha256).write_bytes(b"MSUSPK01")
    with pytest.raises(StoreError, match="import the clip again"):
        store.cine(clip.sha256)
    store.remove(clip.sha256)
    store.remove(clip.sha256)
    assert not store.has(clip.sha256)


def test_frames_are_read_one_at_a_time_and_cannot_be_written_to(
    tmp_path: Path, store: ClipStore, decoder: Decoder
):
    clip = store.import_file(factory.write_dicom(tmp_path / "a.dcm", CLIP), decoder)
    frames = store.cine(clip.sha256).frames
    assert len(frames) == 6
    assert np.array_equal(frames[-1], frames[5])
    assert [frame.shape for frame in frames] == [(96, 208)] * 6
    with pytest.raises(ValueError, match="read-only"):
        frames[0][0, 0] = 1
    with pytest.raises(IndexError):
        frames[6]
