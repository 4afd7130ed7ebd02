"""The clip store: packs under their own hash, each visible only when it is whole and on the disk.

::

    <folder>/ab/abcdef….pack    one clip
    <folder>/….part             an import that is under way, or one that was cut off and is swept away
"""

import contextlib
import functools
import logging
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO

from cases.cine import Cine
from cases.clip import ClipHead, ImportedClip, Inspection
from cases.decoding.conversation import Progress
from cases.decoding.decoder import Decoder, IsCancelled
from cases.decoding.source import Wishes
from cases.disk_room import DiskRoom
from cases.errors import ImportCancelledError, StoreError, UnreadableClipError
from cases.pack import read_pack_head, write_pack

_log = logging.getLogger(__name__)

_PART = ".part"
_PACK = ".pack"


class ClipStore:
    """Packs of one folder.

    Parameters
    ----------
    folder : Path
        The folder; made where it is missing. What cut-off imports have left there is removed.
    disk : DiskRoom or None
        How much may be kept, where that is limited.

    Raises
    ------
    StoreError
        If the folder cannot be made or written to.
    """

    def __init__(self, folder: Path, disk: DiskRoom | None = None) -> None:
        self.folder, self._disk = folder, disk
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _store_error(folder, error) from error
        _sweep(folder)

    def path(self, sha256: str) -> Path:
        """Return where a pack is kept, whether or not it is there."""
        return self.folder / sha256[:2] / f"{sha256}{_PACK}"

    def has(self, sha256: str) -> bool:
        """Whether a pack is kept."""
        return self.path(sha256).is_file()

    def head(self, sha256: str) -> ClipHead:
        """Read the head of a pack.

        Raises
        ------
        StoreError
            If it is not kept or damaged.
        """
        path = self.path(sha256)
        try:
            said = path.stat()
        except OSError:
            return read_pack_head(path)  # says what is wrong
        return _remembered_head(path, said.st_mtime_ns, said.st_size)

    def cine(self, sha256: str) -> Cine:
        """Open a pack for analysis.

        Raises
        ------
        StoreError
            If it is not kept or damaged.
        """
        return Cine(self.path(sha256))

    def remove(self, sha256: str) -> None:
        """Delete a pack; nothing happens where it is not kept."""
        with contextlib.suppress(FileNotFoundError):
            self.path(sha256).unlink()

    def import_file(
        self,
        path: Path,
        decoder: Decoder,
        *,
        wishes: Wishes | None = None,
        progress: Progress | None = None,
        cancel: IsCancelled | None = None,
    ) -> ImportedClip:
        """Decode one file and keep it; see ``import_series``."""
        return self.import_series([path], decoder, wishes=wishes, progress=progress, cancel=cancel)

    def import_series(
        self,
        paths: Sequence[Path],
        decoder: Decoder,
        *,
        wishes: Wishes | None = None,
        progress: Progress | None = None,
        cancel: IsCancelled | None = None,
    ) -> ImportedClip:
        """Decode several files as one series and keep it as one pack.

        Parameters
        ----------
        paths : sequence of Path
            The files; the slices of an MR series in any order, pictures in theirs.
        decoder : Decoder
            Decodes them.
        wishes : Wishes
            A scale or frame time for files that carry none; whether good frames are kept without bad ones.
        progress : callable or None
            Called with the frames done and the frames declared.
        cancel : callable or None
            Asked often; the import stops soon after it says True.

        Returns
        -------
        ImportedClip
            Head and name of the pack, and what was found in the files.

        Raises
        ------
        UnreadableClipError
            If a file cannot be shown.
        ImportCancelledError
            If it was cancelled.
        StoreError
            If the disk is full or cannot be written to.
        """
        try:
            with _part_file(self.folder) as payload, _part_file(self.folder) as whole:
                draft = _Draft(payload, self._disk)
                head, inspection = _read_and_logged(
                    paths, draft, decoder, wishes=wishes, progress=progress, cancel=cancel
                )
                if head.frames != len(draft.lengths):
                    raise StoreError(f"{paths[0].name}: the frames are not as many as announced; try again.")
                payload.seek(0)
                sha256 = write_pack(whole, head, draft.lengths, payload)
                self._keep(whole, sha256)
        except OSError as error:
            _log.error("import not kept: errno=%s", error.errno)
            raise _store_error(self.folder, error) from error
        return ImportedClip(replace(head, sha256=sha256), inspection)

    def _keep(self, whole: IO[bytes], sha256: str) -> None:
        final = self.path(sha256)
        whole.flush()
        os.fsync(whole.fileno())
        final.parent.mkdir(exist_ok=True)
        os.replace(whole.name, final)
        _sync_folder(final.parent)
        _sync_folder(self.folder)


def _read_and_logged(
    paths: Sequence[Path],
    draft: "_Draft",
    decoder: Decoder,
    *,
    wishes: Wishes | None,
    progress: Progress | None,
    cancel: IsCancelled | None,
) -> tuple[ClipHead, Inspection]:
    """Read files and write the outcome to the log, without any name: neither of a person nor of a file."""
    try:
        head, found = decoder.read(paths, draft, wishes=wishes, progress=progress, cancel=cancel)
    except ImportCancelledError:
        _log.info("import cancelled: files=%d", len(paths))
        raise
    except UnreadableClipError as error:
        seen = error.inspection or Inspection()
        _log.warning("import refused: %s container=%s codec=%s", error.refusal, seen.container, seen.codec)
        raise
    _log.info(
        "imported: files=%d container=%s codec=%s frames=%d bytes=%d remarks=%d",
        len(paths), found.container, found.codec, head.frames, sum(draft.lengths), len(head.warnings),
    )  # fmt: skip
    return head, found


@functools.lru_cache(maxsize=1024)
def _remembered_head(path: Path, _mtime_ns: int, _size: int) -> ClipHead:
    return read_pack_head(path)


class _Draft:
    """Encoded frames on their way to the disk."""

    def __init__(self, payload: IO[bytes], disk: DiskRoom | None) -> None:
        self._payload, self._disk = payload, disk
        self._left_bytes = None if disk is None else disk.left_bytes()
        self.lengths: list[int] = []

    def add(self, encoded: bytes) -> None:
        if self._disk is not None and self._payload.tell() + len(encoded) > (self._left_bytes or 0):
            raise self._disk.full_error()
        self._payload.write(encoded)
        self.lengths.append(len(encoded))

    def restart(self) -> None:
        self._payload.seek(0)
        self._payload.truncate()
        self.lengths.clear()


@contextlib.contextmanager
def _part_file(folder: Path) -> Iterator[IO[bytes]]:
    """Open a file that is removed at the end unless it was renamed, and locked so that no sweep takes it."""
    with tempfile.NamedTemporaryFile(suffix=_PART, dir=folder, delete=False) as stream:
        _lock(stream.fileno())
        try:
            yield stream
        finally:
            with contextlib.suppress(OSError):
                Path(stream.name).unlink()


def _lock(descriptor: int) -> bool:
    if sys.platform == "win32":
        return True  # an open file cannot be removed there
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _sweep(folder: Path) -> None:
    for left in folder.glob(f"*{_PART}"):
        with contextlib.suppress(OSError), left.open("rb") as stream:
            if _lock(stream.fileno()):
                left.unlink()


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _store_error(folder: Path, error: OSError) -> StoreError:
    return StoreError(f"{folder}: the data folder cannot be written to ({error.strerror}); free some space.")
