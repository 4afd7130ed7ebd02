"""Results kept by what they were computed from: the same clip and the same question are computed once.

::

    <data folder>/motion/ab/abcdef….json    named by the SHA-256 of pack, request and algorithm
"""

import contextlib
import hashlib
import json
import os
import tempfile
from pathlib import Path

from annotations.motion.errors import MotionStoreError
from annotations.motion.json_values import to_json
from annotations.motion.result import ALGORITHM, MotionRequest, MotionResult
from cases.settings import data_folder


class MotionStore:
    """Results in one folder; a result is there whole or not at all.

    Parameters
    ----------
    folder : Path, optional
        The folder; ``motion`` in the data folder when left out. Made when the first result is kept.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = data_folder() / "motion" if folder is None else folder

    def path(self, pack_sha256: str, request: MotionRequest) -> Path:
        """Return where a result is kept, whether or not it is there."""
        key = result_key(pack_sha256, request)
        return self.folder / key[:2] / f"{key}.json"

    def find(self, pack_sha256: str, request: MotionRequest) -> MotionResult | None:
        """Return a kept result; None where there is none that can be read."""
        try:
            content = json.loads(self.path(pack_sha256, request).read_text(encoding="utf-8"))
            return MotionResult.from_json(content)
        except (OSError, ValueError, MotionStoreError):
            return None

    def keep(self, result: MotionResult) -> None:
        """Write a result.

        Raises
        ------
        MotionStoreError
            If the data folder cannot be written to; the result itself is not lost.
        """
        path = self.path(result.provenance.pack_sha256, result.provenance.request)
        content = json.dumps(result.to_json(), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, content)
        except OSError as error:
            raise MotionStoreError(
                f"{self.folder}: the data folder cannot be written to ({error.strerror}); free some space."
            ) from error


def result_key(pack_sha256: str, request: MotionRequest) -> str:
    """Name of a result: SHA-256 of the clip, the question and the version of the trackers.

    >>> len(result_key("ab" * 32, MotionRequest()))
    64
    """
    asked = json.dumps(
        {"algorithm": ALGORITHM, "pack": pack_sha256, "request": to_json(request)},
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(asked.encode()).hexdigest()


def _write_whole(path: Path, content: str) -> None:
    descriptor, part = tempfile.mkstemp(suffix=".part", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(part)
        raise
