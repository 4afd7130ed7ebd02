"""Marks being followed: one at a time for each visitor, the last asked for, few at a time for all; nothing is kept."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from annotations.errors import FollowingError

AT_ONCE = 1
MAX_WAITING = 8
_MANY = "Many marks are being followed on this server; try again in a minute."


class Followings:
    """All following of this server process."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._stops: dict[str, threading.Event] = {}
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="follow")

    def run(self, visitor: str, stopped: threading.Event, work: Callable[[], None]) -> Future[None]:
        """Do the work as soon as there is room; what the visitor had under way is stopped, for she corrected it.

        Parameters
        ----------
        visitor : str
            Name that the visitor's browser gave itself.
        stopped : threading.Event
            Stops the work, which looks at it; set by `close` too.
        work : callable
            Follows one mark.

        Raises
        ------
        FollowingError
            If too many wait.
        """

        def whole() -> None:
            try:
                work()
            finally:
                with self._guard:
                    if self._stops.get(visitor) is stopped:
                        del self._stops[visitor]

        with self._guard:
            before = self._stops.pop(visitor, None)
            if before is not None:
                before.set()
            if len(self._stops) >= MAX_WAITING:
                raise FollowingError(_MANY)
            self._stops[visitor] = stopped
            return self._pool.submit(whole)

    def close(self) -> None:
        """Stop everything."""
        with self._guard:
            for stop in self._stops.values():
                stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
