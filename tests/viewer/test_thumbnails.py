"""The picture on a case's card."""

import io
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

from cases.decoding import Decoder
from cases.settings import Limits
from cases.store import ClipStore
from tests.cases.clip_factory import JPEG_BASELINE, NumberedClip, write_dicom, write_mr_series
from tests.running import RunningApp
from viewer.thumbnails import HEIGHT_PX, LOOP_FRAMES, WIDTH_PX, thumbnail


def _cine(paths: list[Path], folder: Path) -> object:
    store, decoder = ClipStore(folder), Decoder(Limits())
    imported = store.import_series(paths, decoder)
    decoder.close()
    return store.cine(imported.sha256)


def test_the_loop_runs_through_the_whole_clip_and_the_still_is_one_of_it(tmp_path: Path) -> None:
    clip = write_dicom(tmp_path / "clip.dcm", NumberedClip(frames=60), JPEG_BASELINE)
    made = thumbnail(_cine([clip], tmp_path / "store"))  # type: ignore[arg-type]
    loop, still = Image.open(io.BytesIO(made.loop)), Image.open(io.BytesIO(made.still))
    assert (loop.size, loop.n_frames) == ((WIDTH_PX, HEIGHT_PX), LOOP_FRAMES)  # type: ignore[attr-defined]
    assert (still.size, getattr(still, "n_frames", 1)) == ((WIDTH_PX, HEIGHT_PX), 1)
    assert len(made.loop) < 500_000


def test_a_series_of_16_bits_is_spread_over_black_to_white(tmp_path: Path) -> None:
    slices = write_mr_series(tmp_path, slices=3, rows=60, columns=90)
    made = thumbnail(_cine(slices, tmp_path / "store"))  # type: ignore[arg-type]
    grey = np.asarray(Image.open(io.BytesIO(made.still)).convert("L"))
    assert grey.min() < 20
    assert grey.max() > 200


@pytest.mark.parametrize("name", ["still.webp", "loop.webp"])
def test_the_library_can_fetch_both_and_a_broken_case_has_none(app: RunningApp, name: str) -> None:
    answer = httpx.get(f"{app.url}/api/cases/numbered/{name}", timeout=60)
    assert answer.headers["content-type"] == "image/webp"
    assert Image.open(io.BytesIO(answer.content)).size == (WIDTH_PX, HEIGHT_PX)
    assert httpx.get(f"{app.url}/api/cases/broken/{name}", timeout=60).status_code == httpx.codes.NOT_FOUND
