"""Zip archives from outside, unpacked within limits and never outside their folder."""

import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from cases.errors import ImportCancelledError, UnreadableClipError
from cases.sentences import Refusal
from cases.settings import GIB, Limits

MAX_FILES = 20_000
_CHUNK_BYTES = 1 << 20
_ENCRYPTED = 0x1
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ZIP_START = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class UnpackedFile:
    """One file of an archive.

    Parameters
    ----------
    path : Path
        Where it was unpacked.
    name : str
        Its name inside the archive.
    """

    path: Path
    name: str


@dataclass(slots=True)
class _Budget:
    left_bytes: int
    left_files: int
    limits: Limits
    cancel: Callable[[], bool] | None

    def take(self, count: int) -> None:
        if self.cancel is not None and self.cancel():
            raise ImportCancelledError("The unpacking was stopped; nothing of it was kept.")
        self.left_bytes -= count
        if self.left_bytes < 0:
            raise _error(
                Refusal.ARCHIVE_EXPANDS,
                limit_gib=round(self.limits.max_archive_bytes / GIB, 2),
                ratio=self.limits.max_archive_ratio,
            )

    def take_file(self) -> None:
        self.left_files -= 1
        if self.left_files < 0:
            raise _error(Refusal.ARCHIVE_TOO_MANY, limit=MAX_FILES)


def is_archive(path: Path) -> bool:
    """Whether a file is a zip archive, told by its first bytes."""
    try:
        with path.open("rb") as stream:
            return stream.read(4) in (_ZIP_START, b"PK\x05\x06")
    except OSError:
        return False


def unpack(
    archive: Path, folder: Path, limits: Limits, *, cancel: Callable[[], bool] | None = None
) -> list[UnpackedFile]:
    """Unpack an archive, and the archives in it one level deep.

    Nothing of a name in the archive becomes a folder: each file goes into a numbered folder of its own, so no
    name can lead outside.

    Parameters
    ----------
    archive : Path
        The zip file.
    folder : Path
        An empty folder.
    limits : Limits
        How far it may expand; counted while it is unpacked, not believed from its headers.
    cancel : callable or None
        Asked at each piece that is unpacked.

    Returns
    -------
    list of UnpackedFile
        The files in the order of the archive.

    Raises
    ------
    UnreadableClipError
        If it is damaged, locked, unsafe or expands too far.
    ImportCancelledError
        If it was cancelled.
    """
    allowed = min(limits.max_archive_bytes, archive.stat().st_size * limits.max_archive_ratio)
    budget = _Budget(allowed, MAX_FILES, limits, cancel)
    return list(_unpacked(archive, folder, "", limits.max_archive_depth, budget))


def _unpacked(
    archive: Path, folder: Path, prefix: str, depth: int, budget: _Budget
) -> Iterator[UnpackedFile]:
    try:
        with zipfile.ZipFile(archive) as opened:
            for index, member in enumerate(opened.infolist()):
                if member.is_dir() or _is_of_the_packer(member.filename):
                    continue
                budget.take_file()
                _check(member, archive.stat().st_size)
                target = folder / str(index) / _file_name(member.filename)
                target.parent.mkdir(parents=True)
                with opened.open(member) as source, target.open("wb") as copy:
                    _copy(source, copy, budget)
                yield from _result(target, prefix + member.filename, depth, budget)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise _error(Refusal.ARCHIVE_DAMAGED) from error


def _result(path: Path, name: str, depth: int, budget: _Budget) -> Iterator[UnpackedFile]:
    if not is_archive(path):
        yield UnpackedFile(path, name)
        return
    if depth == 0:
        raise _error(Refusal.ARCHIVE_NESTED)
    yield from _unpacked(path, path.parent / "inside", f"{name}/", depth - 1, budget)
    path.unlink()


def _check(member: zipfile.ZipInfo, archive_bytes: int) -> None:
    name = PurePosixPath(member.filename.replace("\\", "/"))
    has_drive = re.match(r"^[A-Za-z]:", member.filename) is not None
    if name.is_absolute() or ".." in name.parts or has_drive or "\0" in member.orig_filename:
        raise _error(Refusal.ARCHIVE_UNSAFE)
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise _error(Refusal.ARCHIVE_UNSAFE)
    if member.flag_bits & _ENCRYPTED:
        raise _error(Refusal.ARCHIVE_ENCRYPTED)
    # Other methods are rare, and may ask for gigabytes of memory before the first byte comes out.
    if member.compress_type not in _METHODS or not 0 <= member.header_offset < archive_bytes:
        raise _error(Refusal.ARCHIVE_DAMAGED)


def _copy(source: IO[bytes], target: IO[bytes], budget: _Budget) -> None:
    while piece := source.read(_CHUNK_BYTES):
        budget.take(len(piece))
        target.write(piece)


def _file_name(name: str) -> str:
    last = re.sub(r"[^\w.+ -]", "_", PurePosixPath(name.replace("\\", "/")).name)
    return last[-100:].strip(". ") or "file"


def _is_of_the_packer(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or (bool(parts) and parts[-1] in (".DS_Store", "Thumbs.db", "desktop.ini"))


def _error(refusal: Refusal, **values: int | float | str) -> UnreadableClipError:
    return refusal.error_class(refusal.say(values), refusal.name)
