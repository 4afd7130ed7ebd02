"""The database of marks, opened when somebody first asks for it."""

import threading

from annotations.store import AnnotationStore


class MarkStore:
    """One store of marks for the whole process.

    Where the database cannot be opened, cases are still shown; it is tried again each time it is asked for, so that
    a database that comes back is found.

    Parameters
    ----------
    url : str
        ``sqlite:///path`` or ``postgresql+psycopg://…``.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._store: AnnotationStore | None = None

    def open(self) -> AnnotationStore:
        """Return the store.

        Raises
        ------
        AnnotationStoreError
            If the database cannot be opened.
        """
        with self._lock:
            if self._store is None:
                self._store = AnnotationStore(self._url)
            return self._store

    def close(self) -> None:
        """Commit what waits and let go of the database."""
        with self._lock:
            if self._store is not None:
                self._store.close()
