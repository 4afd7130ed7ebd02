"""Which pack was made of which files, so that a case opens a second time without decoding.

The index is a cache: where it is lost or wrong, the files are imported again.
"""

import contextlib
import hashlib
import json
import os
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

from cases.decoding.source import Wishes
from cases.pack import region_to_json

READER_VERSION = 2
"""Raised when the same file would make another pack."""

_CHUNK_BYTES = 1 << 20


class ImportIndex:
    """The index of one clip store, in one JSON file.

    Parameters
    ----------
    path : Path
        The file; it may be missing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._packs: dict[str, str] = _read(path)

    def find(self, paths: Sequence[Path], wishes: Wishes) -> str | None:
        """Return the pack of these files as they are now; None where it is not known.

        Files are known by name, size and time of their last change, else by their content.
        """
        found = self.find_unchanged(paths, wishes)
        if found is not None:
            return found
        with self._lock:
            found = self._packs.get(_key(_contents(paths), wishes))
        if found is not None:
            self._put({_key(_states(paths), wishes): found})
        return found

    def find_unchanged(self, paths: Sequence[Path], wishes: Wishes) -> str | None:
        """Return the pack of these files if they are known by name, size and time; no content is read.

        A file that is not there is not known.
        """
        try:
            by_state = _key(_states(paths), wishes)
        except OSError:
            return None
        with self._lock:
            return self._packs.get(by_state)

    def add(self, paths: Sequence[Path], wishes: Wishes, sha256: str) -> None:
        """Remember the pack of these files."""
        self._put({_key(_states(paths), wishes): sha256, _key(_contents(paths), wishes): sha256})

    def _put(self, packs: dict[str, str]) -> None:
        with self._lock:
            self._packs = {**_read(self._path), **self._packs, **packs}
            _write(self._path, self._packs)


def _states(paths: Sequence[Path]) -> list[str]:
    return [f"{path.resolve()}|{path.stat().st_size}|{path.stat().st_mtime_ns}" for path in paths]


def _contents(paths: Sequence[Path]) -> list[str]:
    return [_sha256(path) for path in paths]


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for piece in iter(lambda: stream.read(_CHUNK_BYTES), b""):
            digest.update(piece)
    return digest.hexdigest()


def _key(files: list[str], wishes: Wishes) -> str:
    said = {
        "reader": READER_VERSION,
        "files": files,
        "region": None if wishes.region is None else region_to_json(wishes.region),
        "scale_source": wishes.scale_source,
        "frame_time_ms": wishes.frame_time_ms,
        "keep_good_frames": wishes.keep_good_frames,
        "are_frames_in_time": wishes.are_frames_in_time,
        "pictures_missing": wishes.pictures_missing,
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _read(path: Path) -> dict[str, str]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {str(key): entry for key, entry in content.items() if isinstance(entry, str)}


def _write(path: Path, packs: dict[str, str]) -> None:
    # A cache that cannot be written costs time, not truth.
    with (
        contextlib.suppress(OSError),
        tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", suffix=".part", dir=path.parent, delete=False
        ) as stream,
    ):
        json.dump(packs, stream)
        stream.flush()
        os.fsync(stream.fileno())
        os.replace(stream.name, path)
