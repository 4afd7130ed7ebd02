"""Videos trimmed by their edit list, bare streams of MPEG, and transport streams."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from cases.decoding import Wishes
from cases.errors import UnreadableClipError
from cases.sentences import Remark
from tests.cases import video_defect_files as made
from tests.cases.clip_factory import NumberedClip, read_frame_index
from tests.cases.conftest import Import

CLIP = NumberedClip(frames=12, rows=96, columns=208)


def _saved(folder: Path, content: bytes) -> Path:
    path = folder / "a.bin"
    path.write_bytes(content)
    return path


def _shown(frames: Iterable[NDArray[Any]]) -> list[int]:
    return [read_frame_index(frame, CLIP) for frame in frames]


@pytest.mark.parametrize(("first", "last"), [(0, 8), (2, 10), (4, 12)])
def test_a_trimmed_video_shows_what_was_kept_and_says_how_much_was_not(
    tmp_path: Path, imported: Import, first: int, last: int
):
    found, cine = imported(_saved(tmp_path, made.trimmed(CLIP, first, last)))
    assert _shown(cine.frames) == list(range(first, last))
    assert np.allclose(found.head.frame_starts_s or (), 0.04 * np.arange(last - first))
    assert any(f"leaves out {12 - last + first} of its frames" in said for said in found.head.warnings)


def test_a_trimmed_video_that_is_cut_off_is_refused_all_the_same(tmp_path: Path, imported: Import):
    content = made.index_first(made.trimmed(CLIP, 0, 8))
    with pytest.raises(UnreadableClipError, match=r"cannot be decoded|declares 12 frames but holds"):
        imported(_saved(tmp_path, made.cut(content, 0.5)))


def test_the_good_frames_of_a_damaged_bare_stream_have_no_times(tmp_path: Path, imported: Import):
    content = bytearray(made.video("mpeg2video", "mpeg2video", clip=CLIP, g="4"))
    picture = [at for at in range(len(content)) if content[at : at + 4] == b"\0\0\1\0"][5]
    content[picture + 60 : picture + 160] = b"\xaa" * 100
    found, cine = imported(_saved(tmp_path, bytes(content)), wishes=Wishes(keep_good_frames=True))
    assert len(cine.frames) < 12
    assert (found.head.frame_starts_s, found.head.warnings[-1]) == (None, Remark.TIMES_LOST.say())


@pytest.mark.parametrize(
    ("container", "codec"),
    [("mpeg1video", "mpeg1video"), ("mpeg2video", "mpeg2video"), ("mpegts", "mpeg2video")],
)
def test_bare_and_transport_streams_of_mpeg_keep_order_and_rate(
    tmp_path: Path, imported: Import, container: str, codec: str
):
    found, cine = imported(_saved(tmp_path, made.video(container, codec, clip=CLIP)))
    assert _shown(cine.frames) == list(range(12))
    assert np.allclose(found.head.frame_starts_s or (), 0.04 * np.arange(12))
