"""A file that is closed while nobody reads it, so that a series may have more files than a process may open."""

from pathlib import Path
from typing import BinaryIO


class RestingFile:
    """A file for reading that may rest: it is closed then, and opened again where it was by the next read.

    Parameters
    ----------
    path : Path
        The file; opened at once.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = 0
        self._open: BinaryIO | None = path.open("rb")

    def read(self, size: int = -1) -> bytes:
        """Read so many bytes, or all that follow."""
        return self._awake().read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move to a position."""
        return self._awake().seek(offset, whence)

    def tell(self) -> int:
        """Return the position."""
        return self._awake().tell()

    def rest(self) -> None:
        """Close the file until it is used again."""
        if self._open is not None:
            self._at = self._open.tell()
            self._open.close()
            self._open = None

    def close(self) -> None:
        """Close the file."""
        if self._open is not None:
            self._open.close()

    def __enter__(self) -> "RestingFile":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _awake(self) -> BinaryIO:
        if self._open is None:
            self._open = self._path.open("rb")
            self._open.seek(self._at)
        return self._open
