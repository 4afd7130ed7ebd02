"""Zip archives: inflated by a decoding process, bounded in every way, and opened but for what is damaged in them."""

import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cases.archive import unpack
from cases.decoding import Decoder
from cases.errors import LimitExceededError, UnreadableClipError
from cases.intake import open_files
from cases.sentences import Refusal
from cases.settings import Limits
from cases.store import ClipStore
from tests.cases import clip_factory as factory
from tests.cases.clip_factory import NumberedClip


def _zip(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def _clip_bytes(frames: int) -> bytes:
    dataset = factory.dicom_dataset(NumberedClip(frames=frames))
    factory.set_uncompressed(dataset, NumberedClip(frames=frames).all_frames())
    return factory.as_bytes(dataset)


def test_an_archive_is_opened_one_level_deep_and_leaves_nothing_behind(
    tmp_path: Path, store: ClipStore, decoder: Decoder
):
    inner = _zip(tmp_path / "inner.zip", **{"deep/b.dcm": _clip_bytes(4)})
    outer = _zip(tmp_path / "outer.zip", **{"a.dcm": _clip_bytes(2), "in.zip": inner.read_bytes()})
    opened = open_files([outer], store, decoder)
    assert [(one.name, one.head.frames if one.head else one.error) for one in opened] == [
        ("a.dcm", 2),
        ("in.zip/deep/b.dcm", 4),
    ]
    assert [path.suffix for path in store.folder.rglob("*") if path.is_file()] == [".pack", ".pack"]


def test_what_a_packer_adds_of_its_own_is_no_clip(tmp_path: Path, store: ClipStore, decoder: Decoder):
    own = ("__MACOSX/a/._a.dcm", "a/._a.dcm", "a/.DS_Store", "Thumbs.db")
    path = _zip(tmp_path / "a.zip", **{"a/a.dcm": _clip_bytes(2), **dict.fromkeys(own, b"\0\5\x16\7")})
    assert [one.name for one in open_files([path], store, decoder)] == ["a/a.dcm"]


def test_archives_three_deep_are_refused_and_what_lies_beside_them_opens(
    tmp_path: Path, store: ClipStore, decoder: Decoder
):
    path = _zip(tmp_path / "0.zip", a=b"x")
    for k in range(1, 3):
        path = _zip(tmp_path / f"{k}.zip", **{"inner.zip": path.read_bytes(), "b.dcm": _clip_bytes(1 + k)})
    opened = open_files([path], store, decoder)
    assert [(one.name, one.head.frames if one.head else None) for one in opened] == [
        ("b.dcm", 3),
        ("inner.zip/b.dcm", 2),
        ("inner.zip/inner.zip", None),
    ]
    assert "inside an archive inside" in (opened[2].error or "")


@pytest.mark.parametrize("name", ["../evil.dcm", "/etc/evil", "C:\\evil.dcm", "a/../../evil", "..\\evil"])
def test_a_path_that_leads_outside_is_refused(tmp_path: Path, decoder: Decoder, name: str):
    path = tmp_path / "slip.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), b"x")
    with pytest.raises(UnreadableClipError, match="unsafe path"):
        unpack(path, tmp_path / "room", decoder)
    assert not (tmp_path / "evil.dcm").exists()


def test_a_link_in_an_archive_is_refused(tmp_path: Path, decoder: Decoder):
    path = tmp_path / "link.zip"
    member = zipfile.ZipInfo("link")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "/etc/passwd")
    with pytest.raises(UnreadableClipError, match="unsafe path"):
        unpack(path, tmp_path / "room", decoder)


def test_an_archive_that_expands_too_far_is_stopped_while_it_expands(tmp_path: Path, decoder: Decoder):
    path = _zip(tmp_path / "bomb.zip", zeros=bytes(50_000_000))
    assert path.stat().st_size < 100_000
    with pytest.raises(LimitExceededError, match="200 times its size"):
        unpack(path, tmp_path / "room", decoder)
    written = sum(file.stat().st_size for file in (tmp_path / "room").rglob("*") if file.is_file())
    assert written <= path.stat().st_size * 200
    assert unpack(_zip(tmp_path / "good.zip", a=b"x"), tmp_path / "other", decoder)[0].refused is None


def test_a_directory_of_gigabytes_is_refused_by_the_decoding_process_and_not_held_by_the_server(
    tmp_path: Path,
):
    member = bytearray(_zip(tmp_path / "one.zip", a=b"x").read_bytes())
    entry = bytes(member[member.index(b"PK\x01\x02") : member.index(b"PK\x05\x06")])
    entries = 2_000_000
    directory = entry * entries
    end = b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, 0xFFFF, 0xFFFF, len(directory), 0, 0)
    path = tmp_path / "many.zip"
    path.write_bytes(directory + end)
    with Decoder(Limits(max_memory_bytes=200 << 20), processes=1) as small:
        tracemalloc.start()
        with pytest.raises(LimitExceededError, match=r"more than 20000 files|more memory than"):
            unpack(path, tmp_path / "room", small)
        _, most_bytes = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert most_bytes < 8 << 20


def test_the_server_holds_a_piece_of_an_archive_at_a_time(tmp_path: Path, decoder: Decoder):
    path = tmp_path / "stored.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("big.dcm", bytes(64 << 20))
    decoder.warm()
    tracemalloc.start()
    (file,) = unpack(path, tmp_path / "room", decoder)
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert file.path.stat().st_size == 64 << 20
    assert most_bytes < 4 << 20


def _spoiled(path: Path, name: str, change: Callable[[bytearray, int], None]) -> Path:
    """Change an archive where its directory speaks of a file."""
    content = bytearray(path.read_bytes())
    at = content.index(name.encode(), content.index(b"PK\x01\x02")) - 46
    change(content, at)
    path.write_bytes(content)
    return path


def _other_method(content: bytearray, at: int) -> None:
    content[at + 10 : at + 12] = zipfile.ZIP_LZMA.to_bytes(2, "little")


def _elsewhere(content: bytearray, at: int) -> None:
    content[at + 42 : at + 46] = b"\xff\xff\xff\x7f"


def _wrong_checksum(content: bytearray, at: int) -> None:
    content[at + 16] ^= 0xFF


def _rotten(content: bytearray, at: int) -> None:
    start = int.from_bytes(content[at + 42 : at + 46], "little")
    content[start + 60 : start + 70] = b"\xff" * 10


@pytest.mark.parametrize("change", [_other_method, _elsewhere, _wrong_checksum, _rotten])
def test_a_damaged_file_of_an_archive_is_named_and_the_others_open(
    tmp_path: Path, store: ClipStore, decoder: Decoder, change: Callable[[bytearray, int], None]
):
    files = {f"{k}.dcm": _clip_bytes(2 + k) for k in range(3)}
    opened = open_files([_spoiled(_zip(tmp_path / "a.zip", **files), "1.dcm", change)], store, decoder)
    assert [(one.name, one.head.frames if one.head else None) for one in opened] == [
        ("0.dcm", 2),
        ("1.dcm", None),
        ("2.dcm", 4),
    ]
    assert opened[1].error == Refusal.MEMBER_DAMAGED.value
    assert [path.suffix for path in store.folder.rglob("*") if path.is_file()] == [".pack", ".pack"]


def test_a_damaged_archive_in_an_archive_is_named_and_the_others_open(
    tmp_path: Path, store: ClipStore, decoder: Decoder
):
    inner = _zip(tmp_path / "inner.zip", a=_clip_bytes(2)).read_bytes()[:-30]
    opened = open_files(
        [_zip(tmp_path / "o.zip", **{"in.zip": inner, "b.dcm": _clip_bytes(3)})], store, decoder
    )
    assert [(one.name, one.error is None) for one in opened] == [("b.dcm", True), ("in.zip", False)]
    assert opened[1].error == Refusal.ARCHIVE_DAMAGED.value
