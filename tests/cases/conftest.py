"""What the tests of clips share: one warm decoder, a store a test, and the real clips where they are there."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cases.cine import Cine
from cases.clip import ImportedClip
from cases.decoding import Decoder, Wishes
from cases.store import ClipStore

SHARED_DATA = Path(
    os.environ.get("MSUS_SHARED_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data"
)

Import = Callable[..., tuple[ImportedClip, Cine]]


@pytest.fixture(scope="session")
def decoder() -> Iterator[Decoder]:
    with Decoder(processes=1) as shared:
        yield shared


@pytest.fixture
def store(tmp_path: Path) -> ClipStore:
    return ClipStore(tmp_path / "store")


@pytest.fixture
def imported(store: ClipStore, decoder: Decoder) -> Import:
    """Import a file and open its pack."""

    def import_one(*paths: Path, wishes: Wishes | None = None) -> tuple[ImportedClip, Cine]:
        clip = store.import_series(paths, decoder, wishes=wishes)
        return clip, store.cine(clip.sha256)

    return import_one


@pytest.fixture(scope="session")
def shared_data() -> Path:
    if not SHARED_DATA.is_dir():
        pytest.skip(f"the shared data folder is not there ({SHARED_DATA})")
    return SHARED_DATA
