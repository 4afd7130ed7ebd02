"""Bit rot that a video's decoder notices only when it is asked to look strictly."""

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from cases.errors import UnreadableClipError
from tests.cases.clip_factory import NumberedClip, read_frame_index
from tests.cases.conftest import Import
from tests.cases.fuzzing.rot import rates
from tests.cases.video_defect_files import video

CLIP = NumberedClip(frames=8, rows=96, columns=208)


def _packets(content: bytes) -> list[tuple[int, int]]:
    with av.open(io.BytesIO(content)) as opened:
        found = [(packet.pos, packet.size) for packet in opened.demux(opened.streams.video[0])]
    return [(position, size) for position, size in found if position is not None and size]


def _rotten(content: bytes, frame_index: int) -> bytes:
    position, size = _packets(content)[frame_index]
    middle = position + size // 2
    return (
        content[:middle] + bytes(255 - byte for byte in content[middle : middle + 4]) + content[middle + 4 :]
    )


@pytest.mark.parametrize(
    ("name", "container", "codec", "options"),
    [
        ("a.wmv", "asf", "wmv2", {"b": "2M"}),
        ("a.avi", "avi", "msmpeg4", {"b": "2M"}),
    ],
    ids=["WMV", "MS MPEG-4"],
)
def test_rot_is_noticed_where_the_decoder_can_tell(
    tmp_path: Path, imported: Import, name: str, container: str, codec: str, options: dict[str, str]
):
    content = video(container, codec, clip=CLIP, **options)
    path = tmp_path / name
    path.write_bytes(content)
    _, cine = imported(path)
    assert [read_frame_index(frame, CLIP) for frame in cine.frames] == list(range(CLIP.frames))
    path.write_bytes(_rotten(content, 3))
    with pytest.raises(
        UnreadableClipError, match=r"Frame \d cannot be decoded|No frame of the clip could be decoded"
    ):
        imported(path)


def test_what_every_frame_of_a_file_does_is_a_habit_and_no_damage(tmp_path: Path, imported: Import):
    path = tmp_path / "padded.avi"
    with av.open(str(path), mode="w") as opened:
        stream: Any = opened.add_stream("msmpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = CLIP.columns, CLIP.rows, "yuv420p"
        for k in range(CLIP.frames + 1):
            frame = None
            if k < CLIP.frames:
                frame = av.VideoFrame.from_ndarray(np.stack([CLIP.frame(k)] * 3, axis=-1), format="rgb24")
                frame.pts = k
            for packet in stream.encode(frame):
                padded = av.Packet(bytes(packet) + bytes(64))
                padded.stream, padded.pts, padded.dts = stream, packet.pts, packet.dts
                padded.time_base, padded.is_keyframe = packet.time_base, packet.is_keyframe
                opened.mux(padded)
    found, cine = imported(path)
    assert [read_frame_index(frame, CLIP) for frame in cine.frames] == list(range(CLIP.frames))
    assert found.head.warnings == ()


def test_a_frame_that_comes_although_it_was_said_to_be_damaged_is_counted_once(
    tmp_path: Path, imported: Import
):
    intact = video("mp4", "libx265", clip=CLIP, **{"x265-params": "log-level=none"})
    path = tmp_path / "a.mp4"
    numbers = []
    for frame_index in range(CLIP.frames):
        path.write_bytes(_rotten(intact, frame_index))
        with contextlib.suppress(UnreadableClipError):
            imported(path)
            continue
        with pytest.raises(UnreadableClipError) as refused:
            imported(path)
        numbers.append(re.findall(r"Frame (\d) cannot be decoded; (\d) of (\d+)", str(refused.value)))
    assert numbers
    assert all(found and int(found[0][2]) == CLIP.frames for found in numbers), numbers


def test_the_share_of_rot_that_is_noticed_is_counted(tmp_path: Path):
    found = rates(tmp_path, files=2)
    assert "webm, VP9" in found
    assert all(noticed.said <= noticed.changed <= 2 for noticed in found.values())
