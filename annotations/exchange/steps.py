"""Progress of writing a file of marks, and the question whether to stop."""

import io
from collections.abc import Callable
from pathlib import Path

from annotations.errors import ExportCancelledError

Progress = Callable[[int, int], None]
IsCancelled = Callable[[], bool]
STOPPED = "The export was stopped; nothing of it was kept."


class Steps:
    """Counts the frames of marks that are written, and stops when it is asked to.

    Parameters
    ----------
    progress : callable or None
        Told the steps done and the steps there are.
    cancel : callable or None
        Asked at every step; the writing ends when it says True.
    """

    def __init__(self, progress: Progress | None = None, cancel: IsCancelled | None = None) -> None:
        self._progress, self._cancel = progress, cancel
        self._done, self._planned = 0, 1  # the last one is the file itself

    def plan(self, steps: int) -> None:
        """Announce more steps."""
        self._planned += steps

    def step(self) -> None:
        """Count one step.

        Raises
        ------
        ExportCancelledError
            If the person has stopped the export.
        """
        self.ask()
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, max(self._planned, self._done))

    def ask(self) -> None:
        """Stop if it is asked to, between two steps.

        Raises
        ------
        ExportCancelledError
            If the person has stopped the export.
        """
        if self._cancel is not None and self._cancel():
            raise ExportCancelledError(STOPPED)


class StoppableFile(io.FileIO):
    """A file that a library writes in many pieces; between two of them it may be stopped."""

    def __init__(self, path: Path, steps: Steps) -> None:
        super().__init__(path, "wb")
        self._steps = steps

    def write(self, piece: object) -> int:
        """Write one piece, unless the export was stopped."""
        self._steps.ask()
        return super().write(piece)  # type: ignore[arg-type]
