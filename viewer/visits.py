"""Visits: clips that somebody opens without making a case of them, and that are gone when she leaves.

A visit is a folder under an unguessable name. It is deleted when its Streamlit
session ends, when the server stops, and, should the server be killed, when the
next one starts: each server process holds a lock on its own folder of visits.
"""

import re
import secrets
import shutil
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from cases.store import ClipStore

TOKEN_BYTES = 24
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True, slots=True, eq=False)
class Visit:
    """One person's opened clips.

    Parameters
    ----------
    token : str
        Unguessable name; who knows it may read the visit's clips.
    folder : Path
        Holds everything of the visit: what is arriving and what was opened.
    store : ClipStore
        The packs of the clips that could be read.
    opened : list
        What became of each file, in the order of arrival (`cases.intake.Opened`).
    """

    token: str
    folder: Path
    store: ClipStore
    opened: list[Any] = field(default_factory=list)

    @property
    def arriving(self) -> Path:
        """Folder of files that are still being uploaded or read."""
        return self.folder / "arriving"


class Visits:
    """All visits of this server process.

    Parameters
    ----------
    root : Path
        Folder shared by all server processes; made if it is not there.
    """

    def __init__(self, root: Path) -> None:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(root)
        self._home = root / secrets.token_hex(8)
        self._home.mkdir(mode=0o700)
        self._lock = FileLock(root / f"{self._home.name}.lock")
        self._lock.acquire()
        self._visits: dict[str, Visit] = {}
        self._guard = threading.Lock()

    def begin(self) -> Visit:
        """Begin a visit in an empty folder of its own."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        folder = self._home / token
        (folder / "arriving").mkdir(parents=True, mode=0o700)
        visit = Visit(token=token, folder=folder, store=ClipStore(folder / "clips"))
        with self._guard:
            self._visits[token] = visit
        return visit

    def find(self, token: str) -> Visit | None:
        """Return the visit of that name, or ``None`` where there is none (any more)."""
        if not _TOKEN.fullmatch(token):
            return None
        with self._guard:
            return self._visits.get(token)

    def end(self, visit: Visit) -> None:
        """Delete everything of a visit; ending it twice does nothing."""
        with self._guard:
            self._visits.pop(visit.token, None)
        shutil.rmtree(visit.folder, ignore_errors=True)

    def close(self) -> None:
        """End every visit and give the folder back."""
        for visit in list(self._visits.values()):
            self.end(visit)
        shutil.rmtree(self._home, ignore_errors=True)
        self._lock.release()
        Path(self._lock.lock_file).unlink(missing_ok=True)


def _sweep(root: Path) -> None:
    """Delete the visits of servers that no longer run."""
    for home in [path for path in root.iterdir() if path.is_dir()]:
        lock = FileLock(root / f"{home.name}.lock", timeout=0)
        try:
            with lock:
                shutil.rmtree(home, ignore_errors=True)
        except Timeout:
            continue
        Path(lock.lock_file).unlink(missing_ok=True)
