"""The real clips that some tests read; they are not part of the repository."""

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("MSUS_SHARED_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")

needs_shared_data = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the shared data (real clips) is not on this machine"
)


def shared(name: str) -> Path:
    """Return the path of one real file or folder."""
    return FOLDER / name
