"""Exports under way, and their files until they are fetched: one at a time for each visitor, few at a time for all."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from annotations.errors import ExportError
from viewer.visits import Visits

AT_ONCE = 2
MAX_WAITING = 20
KEPT_S = 600.0


@dataclass(frozen=True, slots=True, eq=False)
class Export:
    """One export of one visitor.

    Parameters
    ----------
    ticket : str
        Unguessable name; who knows it may fetch the file.
    target : Path
        The file; it is there when the export is complete.
    began_s : float
        When it began, on a clock that only goes forward.
    """

    ticket: str
    target: Path
    began_s: float
    stopped: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)


class Exports:
    """All exports of this server process; nothing of them outlives it.

    Parameters
    ----------
    root : Path
        Folder shared by all server processes; made if it is not there.
    clock : callable
        Returns seconds, and only goes forward.
    """

    def __init__(self, root: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._folders = Visits(root)
        self._clock = clock
        self._guard = threading.Lock()
        self._by_visitor: dict[str, Export] = {}
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="export")

    def begin(self, visitor: str, file_name: str) -> Export:
        """Begin an export in a folder of its own; the visitor's file before it is deleted.

        Parameters
        ----------
        visitor : str
            Name that the visitor's browser gave itself.
        file_name : str
            What the file shall be called.

        Raises
        ------
        ExportError
            If the visitor has one under way, or too many wait.
        """
        with self._guard:
            self._forget_old()
            under_way = [export for export in self._by_visitor.values() if not export.done.is_set()]
            before = self._by_visitor.get(visitor)
            if before is not None and not before.done.is_set():
                raise ExportError("An export of yours is under way; wait for it or stop it, then try again.")
            if len(under_way) >= MAX_WAITING:
                raise ExportError("Many exports are under way on this server; try again in a minute.")
            if before is not None:
                self._delete(visitor)
            folder = self._folders.begin()
            export = Export(folder.token, folder.folder / file_name, self._clock())
            self._by_visitor[visitor] = export
            return export

    def run(self, export: Export, work: Callable[[], None]) -> Future[None]:
        """Do the work of an export as soon as there is room; it is over when the work is, whatever came of it."""

        def whole() -> None:
            try:
                work()
            finally:
                export.done.set()

        return self._pool.submit(whole)

    def find(self, ticket: str) -> Path | None:
        """Return the complete file of a ticket; ``None`` where there is none (any more)."""
        with self._guard:
            found = next((e for e in self._by_visitor.values() if e.ticket == ticket), None)
        return found.target if found is not None and found.target.is_file() else None

    def end(self, export: Export) -> None:
        """Delete the file of an export; ending it twice does nothing."""
        with self._guard:
            for visitor, kept in list(self._by_visitor.items()):
                if kept is export:
                    self._delete(visitor)

    def close(self) -> None:
        """Stop every export and delete every file."""
        for export in list(self._by_visitor.values()):
            export.stopped.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._folders.close()

    def _forget_old(self) -> None:
        oldest_s = self._clock() - KEPT_S
        for visitor, export in list(self._by_visitor.items()):
            if export.done.is_set() and export.began_s < oldest_s:
                self._delete(visitor)

    def _delete(self, visitor: str) -> None:
        folder = self._folders.find(self._by_visitor.pop(visitor).ticket)
        if folder is not None:
            self._folders.end(folder)
