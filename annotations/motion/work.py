"""Progress of a long computation, and the question whether to stop."""

from collections.abc import Callable

from annotations.motion.errors import MotionCancelledError

Progress = Callable[[int, int], None]
IsCancelled = Callable[[], bool]


class Work:
    """Counts the steps of a computation and stops it when it is asked to.

    Parameters
    ----------
    progress : callable or None
        Called with the steps done and the steps planned so far.
    cancel : callable or None
        Asked at every step; the computation ends when it says True.
    """

    def __init__(self, progress: Progress | None = None, cancel: IsCancelled | None = None) -> None:
        self._progress, self._cancel = progress, cancel
        self._done, self._planned = 0, 0

    def plan(self, steps: int) -> None:
        """Announce more steps."""
        self._planned += steps

    def step(self) -> None:
        """Count one step.

        Raises
        ------
        MotionCancelledError
            If the person has stopped the computation.
        """
        if self._cancel is not None and self._cancel():
            raise MotionCancelledError("The computation was stopped; nothing of it was kept.")
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, max(self._planned, self._done))
