"""Visits: clips that somebody opens without making a case of them, and that are gone when she leaves.

A visit is a folder under an unguessable name. It is deleted when its Streamlit
session ends, when the server stops, and, should the server be killed, when the
next one starts: each server process holds a lock on its own folder of visits.
"""

import re
import secrets
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from annotations.motion.result_store import MotionStore
from annotations.motion.stump import StumpEdges
from annotations.motion.tissue_map_store import TISSUE_FOLDER, TissueMapStore
from cases.disk_room import DiskRoom
from cases.settings import MAX_VISIT_BYTES
from cases.store import ClipStore
from viewer.arriving import Arrivals
from viewer.results import Results

TOKEN_BYTES = 24
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_STOP_LIMIT_S = 5.0


class VisitEndedError(Exception):
    """Somebody left while something was still to be done for her."""


class Visit:
    """One person's opened clips.

    Parameters
    ----------
    token : str
        Unguessable name; who knows it may read the visit's clips.
    folder : Path
        Holds everything of the visit: what is arriving and what was opened.
    max_bytes : int
        What may lie there.
    """

    def __init__(self, token: str, folder: Path, max_bytes: int = MAX_VISIT_BYTES) -> None:
        self.token = token
        self.folder = folder
        folder.mkdir(parents=True, mode=0o700)
        self.disk = DiskRoom(folder, max_bytes)
        self.store = ClipStore(folder / "clips", self.disk)
        self.arrivals = Arrivals(folder / "arriving")
        self.results = Results(folder / "undecided")
        self.measured = MotionStore(folder / "motion")
        self.placed_edges: Mapping[str, StumpEdges] = {}
        self.references = folder / "references"
        self.references.mkdir(mode=0o700)
        self.tissue = TissueMapStore(folder / "motion" / TISSUE_FOLDER)
        self.has_ended = threading.Event()
        self.stop_reading = threading.Event()
        self._workers = 0
        self._guard = threading.Lock()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Hold the folder while something is written to it; the last one out of an ended visit clears it up.

        Raises
        ------
        VisitEndedError
            If the visit has ended.
        """
        with self._guard:
            if self.has_ended.is_set():
                raise VisitEndedError
            self._workers += 1
        try:
            yield
        finally:
            with self._guard:
                self._workers -= 1
                is_last = self._workers == 0 and self.has_ended.is_set()
            if is_last:
                self._delete()

    def end(self) -> None:
        """Delete everything, now or when the work under way has stopped; ending it twice does nothing."""
        with self._guard:
            self.has_ended.set()
            is_idle = self._workers == 0
        if is_idle:
            self._delete()

    def _delete(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class Visits:
    """All visits of this server process.

    Parameters
    ----------
    root : Path
        Folder shared by all server processes; made if it is not there.
    max_visit_bytes : int
        What may lie in the folder of one visit.
    """

    def __init__(self, root: Path, max_visit_bytes: int = MAX_VISIT_BYTES) -> None:
        self._max_visit_bytes = max_visit_bytes
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
        visit = Visit(token, self._home / token, self._max_visit_bytes)
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
        visit.end()

    def close(self) -> None:
        """End every visit and give the folder back."""
        for visit in list(self._visits.values()):
            self.end(visit)
        deadline = time.monotonic() + _STOP_LIMIT_S
        while any(self._home.iterdir()) and time.monotonic() < deadline:
            time.sleep(0.02)  # until the work under way has noticed
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
