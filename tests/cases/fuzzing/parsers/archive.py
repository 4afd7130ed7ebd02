"""Zip archives: unpacked within limits, and never outside their folder."""

import contextlib
import io
import shutil
import tempfile
import zipfile
from pathlib import Path

from cases.archive import Budget, Unpacked, UnpackedFile, is_archive
from cases.decoding.source import RefusedError
from cases.decoding.zip_members import Begun, Spoilt, members
from cases.errors import UnreadableClipError
from cases.settings import Limits
from tests.cases.fuzzing.parsers.parser import Parser, in_a_file

_FOLDER = Path(tempfile.mkdtemp(prefix="parser-"))
_LIMITS = Limits(max_archive_bytes=1 << 20)


def _parse(content: bytes) -> None:
    inside = _FOLDER / "inside"
    archive = in_a_file(content, "a.zip", _FOLDER)
    is_archive(archive)
    inside.mkdir()
    try:
        for file in _unpacked(archive, inside):
            assert file.path.resolve().is_relative_to(inside.resolve())
            assert file.path.is_file() == (file.refused is None)
    finally:
        shutil.rmtree(inside)
        assert [path.name for path in _FOLDER.iterdir()] == ["a.zip"]


def _unpacked(archive: Path, inside: Path) -> list[UnpackedFile]:
    """Unpack as the viewer does, but for the process between the two sides."""
    with contextlib.closing(Unpacked(inside, Budget(len(archive.read_bytes()), _LIMITS))) as unpacked:
        for event in members(archive):
            if isinstance(event, Begun):
                unpacked.begin(event.name)
            elif isinstance(event, Spoilt):
                unpacked.spoil(event.refusal)
            else:
                unpacked.add(event)
    return unpacked.files


def _seeds() -> list[bytes]:
    stored = _zip({"a.dcm": b"abc" * 20, "folder/b.dcm": b"de"}, zipfile.ZIP_STORED)
    return [stored, _zip({"a.txt": b"a" * 2000, "one.zip": stored}, zipfile.ZIP_DEFLATED), _zip({}, 0)]


def _zip(files: dict[str, bytes], method: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return target.getvalue()


PARSER = Parser("a zip archive", _parse, (UnreadableClipError, RefusedError), _seeds)
