"""The files inside a zip archive, inflated piece by piece in the decoding process; nothing is written here."""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from cases.decoding.source import RefusedError
from cases.sentences import Refusal

MAX_FILES = 20_000
PIECE_BYTES = 1 << 18
_ENCRYPTED = 0x1
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, struct.error, OSError)
"""What Python's own reader raises on damaged archives."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A file of the archive begins; its bytes follow.

    Parameters
    ----------
    name : str
        Its path in the archive.
    """

    name: str


@dataclass(frozen=True, slots=True)
class Spoilt:
    """The file that began last cannot be unpacked.

    Parameters
    ----------
    refusal : Refusal
        Why.
    """

    refusal: Refusal


def members(archive: Path) -> Iterator[Begun | bytes | Spoilt]:
    """Unpack an archive.

    Parameters
    ----------
    archive : Path
        The zip file.

    Yields
    ------
    Begun, bytes or Spoilt
        Each file's name, then its bytes in pieces, then, where it is damaged, why it is not whole.

    Raises
    ------
    RefusedError
        If the archive has no directory, is locked, holds too many files, or a name in it leads outside.
    """
    archive_bytes = archive.stat().st_size
    try:
        opened = zipfile.ZipFile(archive)
    except _DAMAGE as error:
        raise RefusedError(Refusal.ARCHIVE_DAMAGED) from error
    with opened:
        files = [one for one in opened.infolist() if not (one.is_dir() or _is_of_the_packer(one.filename))]
        if len(files) > MAX_FILES:
            raise RefusedError(Refusal.ARCHIVE_TOO_MANY, limit=MAX_FILES)
        for file in files:
            _refuse_unsafe(file)
        for file in files:
            yield Begun(file.filename)
            try:
                yield from _pieces(opened, file, archive_bytes)
            except _DAMAGE:
                yield Spoilt(Refusal.MEMBER_DAMAGED)


def _pieces(opened: zipfile.ZipFile, file: zipfile.ZipInfo, archive_bytes: int) -> Iterator[bytes]:
    # Other methods are rare, and may ask for gigabytes of memory before the first byte comes out.
    if file.compress_type not in _METHODS or not 0 <= file.header_offset < archive_bytes:
        raise zipfile.BadZipFile
    with opened.open(file) as stream:
        while piece := stream.read(PIECE_BYTES):
            yield piece


def _refuse_unsafe(file: zipfile.ZipInfo) -> None:
    name = PurePosixPath(file.filename.replace("\\", "/"))
    has_drive = re.match(r"^[A-Za-z]:", file.filename) is not None
    if name.is_absolute() or ".." in name.parts or has_drive or "\0" in file.orig_filename:
        raise RefusedError(Refusal.ARCHIVE_UNSAFE)
    if stat.S_IFMT(file.external_attr >> 16) not in (0, stat.S_IFREG):
        raise RefusedError(Refusal.ARCHIVE_UNSAFE)
    if file.flag_bits & _ENCRYPTED:
        raise RefusedError(Refusal.ARCHIVE_ENCRYPTED)


def _is_of_the_packer(name: str) -> bool:
    parts = PurePosixPath(name).parts
    if not parts or "__MACOSX" in parts:
        return bool(parts)
    return parts[-1] in (".DS_Store", "Thumbs.db", "desktop.ini") or parts[-1].startswith("._")
