"""Zip archives from outside: inflated by a decoding process, written here within limits and never outside a folder."""

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from cases.decoding.decoder import Decoder
from cases.decoding.zip_members import MAX_FILES
from cases.disk_room import DiskRoom
from cases.errors import LimitExceededError, UnreadableClipError
from cases.sentences import Refusal
from cases.settings import GIB, Limits

_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_OF_THE_WHOLE = frozenset(
    one.name for one in (Refusal.ARCHIVE_EXPANDS, Refusal.ARCHIVE_TOO_MANY, Refusal.VISIT_FULL)
)
"""Limits that an archive breaks with all that lies in it, whichever file was the last."""


@dataclass(frozen=True, slots=True)
class UnpackedFile:
    """One file of an archive.

    Parameters
    ----------
    path : Path
        Where it was unpacked.
    name : str
        Its name inside the archive.
    refused : UnreadableClipError or None
        Why it could not be unpacked; its path then leads nowhere.
    """

    path: Path
    name: str
    refused: UnreadableClipError | None = None


class Budget:
    """What an archive, with the archives in it, may still fill.

    Parameters
    ----------
    archive_bytes : int
        Its size.
    limits : Limits
        How far it may expand; counted while it is unpacked, not believed from its headers.
    disk : DiskRoom or None
        Where there may be less left.
    """

    def __init__(self, archive_bytes: int, limits: Limits, disk: DiskRoom | None = None) -> None:
        self._left_bytes = min(limits.max_archive_bytes, archive_bytes * limits.max_archive_ratio)
        self._left_files = MAX_FILES
        self._limits = limits
        self._full: LimitExceededError | None = None
        if disk is not None and disk.left_bytes() < self._left_bytes:
            self._left_bytes, self._full = disk.left_bytes(), disk.full_error()

    def take(self, count: int) -> None:
        """Take so many bytes.

        Raises
        ------
        LimitExceededError
            If they are too many.
        """
        self._left_bytes -= count
        if self._left_bytes < 0:
            raise self._full or _error(
                Refusal.ARCHIVE_EXPANDS,
                limit_gib=round(self._limits.max_archive_bytes / GIB, 2),
                ratio=self._limits.max_archive_ratio,
            )

    def take_file(self) -> None:
        """Take one file more.

        Raises
        ------
        LimitExceededError
            If it is one too many.
        """
        self._left_files -= 1
        if self._left_files < 0:
            raise _error(Refusal.ARCHIVE_TOO_MANY, limit=MAX_FILES)


class Unpacked:
    """Writes the files of one archive as they come.

    Nothing of a name in the archive becomes a folder: each file goes into a numbered folder of its own, so no
    name can lead outside.

    Parameters
    ----------
    folder : Path
        An empty folder.
    budget : Budget
        What may still be written.
    """

    def __init__(self, folder: Path, budget: Budget) -> None:
        self.files: list[UnpackedFile] = []
        self._folder, self._budget = folder, budget
        self._open: BinaryIO | None = None

    def begin(self, name: str) -> None:
        """Begin the next file."""
        self.close()
        self._budget.take_file()
        path = self._folder / str(len(self.files)) / _file_name(name)
        path.parent.mkdir(parents=True)
        self._open = path.open("wb")
        self.files.append(UnpackedFile(path, name))

    def add(self, piece: bytes) -> None:
        """Write the next bytes of it."""
        self._budget.take(len(piece))
        if self._open is not None:
            self._open.write(piece)

    def spoil(self, refusal: Refusal) -> None:
        """Forget what came of it."""
        self.close()
        if self.files:
            self.files[-1].path.unlink(missing_ok=True)
            self.files[-1] = replace(self.files[-1], refused=_error(refusal))

    def close(self) -> None:
        """Close the last file."""
        if self._open is not None:
            self._open.close()
            self._open = None


def is_archive(path: Path) -> bool:
    """Whether a file is a zip archive, told by its first bytes."""
    try:
        with path.open("rb") as stream:
            return stream.read(4) in _ZIP_STARTS
    except OSError:
        return False


def unpack(
    archive: Path,
    folder: Path,
    decoder: Decoder,
    *,
    cancel: Callable[[], bool] | None = None,
    disk: DiskRoom | None = None,
) -> list[UnpackedFile]:
    """Unpack an archive, and the archives in it as deep as the limits of the decoder say.

    Parameters
    ----------
    archive : Path
        The zip file.
    folder : Path
        An empty folder.
    decoder : Decoder
        Inflates it.
    cancel : callable or None
        Asked often.
    disk : DiskRoom or None
        The room that it is unpacked into, where that is limited.

    Returns
    -------
    list of UnpackedFile
        The files in the order of the archive, those among them that are damaged.

    Raises
    ------
    UnreadableClipError
        If it has no directory, is locked, unsafe or expands too far.
    ImportCancelledError
        If it was cancelled.
    """
    limits = decoder.limits
    budget = Budget(archive.stat().st_size, limits, disk)
    outer = UnpackedFile(archive, "")
    return list(_inside(outer, folder, limits.max_archive_depth, (decoder, budget, cancel)))


_Means = tuple[Decoder, Budget, Callable[[], bool] | None]


def _inside(outer: UnpackedFile, folder: Path, depth: int, means: _Means) -> Iterator[UnpackedFile]:
    decoder, budget, cancel = means
    with contextlib.closing(Unpacked(folder, budget)) as unpacked:
        decoder.unpack(outer.path, unpacked, cancel=cancel)
    for file in unpacked.files:
        named = replace(file, name=outer.name + file.name)
        if named.refused is not None or not is_archive(named.path):
            yield named
            continue
        yield from _nested(named, depth, means)
        named.path.unlink()


def _nested(archive: UnpackedFile, depth: int, means: _Means) -> list[UnpackedFile]:
    if depth == 0:
        return [replace(archive, refused=_error(Refusal.ARCHIVE_NESTED))]
    outer = replace(archive, name=f"{archive.name}/")
    try:
        return list(_inside(outer, archive.path.parent / "inside", depth - 1, means))
    except UnreadableClipError as error:
        if error.refusal in _OF_THE_WHOLE:
            raise
        sentence = str(error).removeprefix(f"{archive.path.name}: ")
        return [replace(archive, refused=type(error)(sentence, error.refusal))]


def _file_name(name: str) -> str:
    last = re.sub(r"[^\w.+ -]", "_", PurePosixPath(name.replace("\\", "/")).name)
    return last[-100:].strip(". ") or "file"


def _error(refusal: Refusal, **values: int | float | str) -> UnreadableClipError:
    return refusal.error_class(refusal.say(values), refusal.name)
