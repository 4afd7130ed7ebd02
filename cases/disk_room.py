"""How much may lie below one folder, so that one person cannot fill the disk for all."""

import os
from pathlib import Path

from cases.errors import LimitExceededError
from cases.sentences import Refusal
from cases.settings import GIB


class DiskRoom:
    """The room of one folder, measured whenever it is asked for.

    Parameters
    ----------
    folder : Path
        Everything below it counts.
    max_bytes : int
        What may lie there.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder, self._max_bytes = folder, max_bytes

    def left_bytes(self) -> int:
        """Return what may still be written; at least 0."""
        return max(0, self._max_bytes - _bytes_below(self._folder))

    def full_error(self) -> LimitExceededError:
        """Make the error that says that the room is used up."""
        sentence = Refusal.VISIT_FULL.say({"limit_gib": round(self._max_bytes / GIB, 2)})
        return LimitExceededError(sentence, Refusal.VISIT_FULL.name)


def _bytes_below(folder: Path) -> int:
    total = 0
    for inside, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(inside, name)).st_size
            except FileNotFoundError:
                continue  # it was moved or removed meanwhile
    return total
