"""Reading by syntax and container: our own code through the kept child process, the same code without one, and the plain way.

The plain way is what anybody would write: pydicom's ``pixel_array``, PyAV's ``decode`` to RGB.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import cv2
import pydicom
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames

from cases.decoding import Decoder
from cases.decoding.source import EncodeAgainError, Findings, Wishes
from cases.decoding.worker import open_source
from tests.cases import clip_factory as factory
from tests.shared_data import FOLDER as SHARED_DATA

FRAMES = 100
_DERIVED = SHARED_DATA / "derived"
_VIDEO_IN_DICOM = "us_video_"


@dataclass(frozen=True, slots=True)
class File:
    """One file to read, and its name in the table."""

    name: str
    path: Path


class _Counted:
    """Takes frames and forgets them."""

    def __init__(self) -> None:
        self.frames = 0

    def add(self, encoded: bytes) -> None:
        """Take the next frame."""
        self.frames += 1

    def restart(self) -> None:
        """Forget the frames taken so far."""
        self.frames = 0


def files(folder: Path) -> list[File]:
    """Make the files: the shared real clips, their frames repeated to a hundred, or generated clips where they are absent."""
    folder.mkdir(parents=True, exist_ok=True)
    if not _DERIVED.is_dir():
        return list(_generated(folder))
    real = [path for path in sorted(_DERIVED.iterdir()) if not path.name.startswith("bad_")]
    return [File(path.stem, _with_more_frames(path, folder)) for path in real]


def read(file: File, decoder: Decoder, *, repeats: int) -> dict[str, float]:
    """Read a file in the three ways, in turn, and return the speeds.

    Parameters
    ----------
    file : File
        What to read.
    decoder : Decoder
        Its process has read a file before.
    repeats : int
        How often; the fastest of each way counts, because everything that is not the work itself only adds.

    Returns
    -------
    dict of str to float
        Frames and MB (of pixels, 10⁶ bytes) a second, and the time through the child over that without one.
    """
    cv2.setNumThreads(1)  # as in the child
    frames, frame_bytes = _through_child(file.path, decoder)
    times: dict[str, list[float]] = {"ours": [], "alone": [], "plain": []}
    ways: dict[str, Callable[[], object]] = {
        "alone": lambda: _alone(file.path),
        "ours": lambda: _through_child(file.path, decoder),
        "plain": lambda: _plain(file.path),
    }
    for _ in range(repeats):
        for name, way in ways.items():
            begun_s = time.perf_counter()
            with suppress(
                NotImplementedError, RuntimeError, ValueError
            ):  # a syntax that the plain way cannot read
                way()
                times[name].append(time.perf_counter() - begun_s)
    figures = {"read_frames": float(frames), "child_against_alone": min(times["ours"]) / min(times["alone"])}
    for name in ("ours", "plain"):
        if times[name]:
            figures[f"{name}_frames_per_s"] = frames / min(times[name])
            figures[f"{name}_mb_per_s"] = frames * frame_bytes / min(times[name]) / 1e6
    return figures


def _through_child(path: Path, decoder: Decoder) -> tuple[int, int]:
    sink = _Counted()
    head, _ = decoder.read([path], sink)
    samples = 3 if head.colour == "rgb8" else 2 if head.encoding == "samples16" else 1
    return sink.frames, head.rows * head.columns * samples


def _alone(path: Path) -> int:
    source = open_source(path, Wishes(), Findings())
    try:
        while True:
            with suppress(EncodeAgainError):
                frames = sum(1 for _ in source.frames())
                source.head()
                return frames
    finally:
        source.close()


def _plain(path: Path) -> int:
    if path.suffix != ".dcm":
        return _plain_video(str(path))
    dataset = pydicom.dcmread(path)
    if path.name.startswith(_VIDEO_IN_DICOM):
        return _plain_video(_stream_in(dataset))
    return len(dataset.pixel_array)


def _plain_video(source: Any) -> int:
    with av.open(source) as container:
        return sum(frame.to_ndarray(format="rgb24").ndim == 3 for frame in container.decode(video=0))


def _stream_in(dataset: Dataset) -> Any:
    import io

    return io.BytesIO(b"".join(generate_frames(dataset.PixelData, number_of_frames=1)))


def _with_more_frames(path: Path, folder: Path) -> Path:
    if path.suffix != ".dcm" or path.name.startswith(_VIDEO_IN_DICOM):
        return path
    dataset = pydicom.dcmread(path)
    frames = int(dataset.NumberOfFrames)
    syntax = dataset.file_meta.TransferSyntaxUID
    if syntax.is_encapsulated:
        streams = list(generate_frames(dataset.PixelData, number_of_frames=frames))
        for keyword in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths"):
            if keyword in dataset:
                delattr(dataset, keyword)
        factory.set_encapsulated(dataset, [streams[k % frames] for k in range(FRAMES)])
    else:
        size = len(dataset.PixelData) // frames
        starts = [k % frames * size for k in range(FRAMES)]
        dataset.PixelData = b"".join(dataset.PixelData[start : start + size] for start in starts)
    dataset.NumberOfFrames = FRAMES
    if "FrameTimeVector" in dataset:
        dataset.FrameTimeVector = ["0", *["33"] * (FRAMES - 1)]
    return factory.save(dataset, folder / path.name)


def _generated(folder: Path) -> Iterator[File]:
    clip = factory.NumberedClip(frames=FRAMES, rows=312, columns=574, block_px=48)
    for name, syntax in (("explicit", factory.EXPLICIT), ("jpeg_baseline", factory.JPEG_BASELINE)):
        yield File(name, factory.write_dicom(folder / f"{name}.dcm", clip, syntax))
    for ending, codec in (("mp4", "libx264"), ("webm", "libvpx-vp9"), ("mkv", "mpeg4")):
        yield File(ending, factory.write_video(folder / f"a.{ending}", clip, codec=codec))
