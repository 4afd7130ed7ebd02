"""Marks being followed: one at a time for each visitor, few at a time for all; nothing of them is kept."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from annotations.errors import FollowingError

AT_ONCE = 1
MAX_WAITING = 8
_YOURS = "A mark of yours is being followed; wait for it or stop it, then try again."
_MANY = "Many marks are being followed on this server; try again in a minute."


class Followings:
    """All following of this server process."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._stops: dict[str, threading.Event] = {}
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="follow")

    def run(self, visitor: str, stopped: threading.Event, work: Callable[[], None]) -> Future[None]:
        """Do the work as soon as there is room; the visitor's place is free when it is over.

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
            If the visitor has one under way, or too many wait.
        """

        def whole() -> None:
            try:
                work()
            finally:
                with self._guard:
                    self._stops.pop(visitor, None)

        with self._guard:
            if visitor in self._stops:
                raise FollowingError(_YOURS)
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
