"""A clip as every algorithm takes it: frames read when they are asked for, their times and their scale."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from cases.calibration import Calibration, Point, Region, ScaleSource, region_at
from cases.clip import ClipHead, Colour, Encoding
from cases.errors import StoreError
from cases.frame_timing import TimingSource
from cases.pack import read_head


class FrameSequence:
    """Frames of one pack, decoded one at a time.

    ``frames[index]`` is an ndarray ``[row, column]`` for grey clips, ``[row, column, channel]`` for colour,
    of uint8, uint16 or int16; it is read from the file at each call and cannot be written to.

    Parameters
    ----------
    path : Path
        The pack.
    head : ClipHead
        Its head.
    positions : tuple of int
        Position of each frame in the file, and of the end of the last.
    """

    __slots__ = ("_head", "_path", "_positions")

    def __init__(self, path: Path, head: ClipHead, positions: tuple[int, ...]) -> None:
        self._path, self._head, self._positions = path, head, positions

    def __len__(self) -> int:
        """Return the number of frames."""
        return self._head.frames

    def __iter__(self) -> Iterator[NDArray[Any]]:
        """Decode every frame in its order."""
        return (self[index] for index in range(len(self)))

    def __getitem__(self, frame_index: int) -> NDArray[Any]:
        """Decode one frame, counted from 0.

        Raises
        ------
        IndexError
            If there is no such frame.
        StoreError
            If the pack can no longer be read.
        """
        index = frame_index + len(self) if frame_index < 0 else frame_index
        if not 0 <= index < len(self):
            raise IndexError(f"frame index {frame_index} of {len(self)} frames")
        frame = _decoded(self.encoded(index), self._head)
        frame.setflags(write=False)
        return frame

    def encoded(self, frame_index: int) -> bytes:
        """Return one frame as it stands in the pack."""
        start, end = self._positions[frame_index : frame_index + 2]
        try:
            with self._path.open("rb") as source:
                source.seek(start)
                return source.read(end - start)
        except OSError as error:
            raise StoreError(f"{self._path}: the pack cannot be read; import the clip again.") from error


class Cine:
    """One clip, opened for reading.

    Parameters
    ----------
    path : Path
        The pack.

    Raises
    ------
    StoreError
        If the file cannot be read or is not a whole pack.
    """

    __slots__ = ("frames", "head")

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as source:
                head, positions = read_head(source, path.stem)
        except OSError as error:
            raise StoreError(f"{path}: the pack cannot be read; import the clip again.") from error
        self.head: ClipHead = head
        self.frames = FrameSequence(path, head, positions)

    @property
    def frame_starts_s(self) -> tuple[float, ...] | None:
        """Start of each frame in seconds; None where it is not known."""
        return self.head.frame_starts_s

    @property
    def regions(self) -> tuple[Region, ...]:
        """Calibrated rectangles of the picture."""
        return self.head.regions

    @property
    def timing_source(self) -> TimingSource:
        """Where the times came from."""
        return self.head.timing_source

    @property
    def scale_source(self) -> ScaleSource:
        """Where the scale came from."""
        return self.head.scale_source

    def calibration_at(self, point_px: Point) -> Calibration | None:
        """Scale under a point; None where a length is in px."""
        region = region_at(self.regions, point_px)
        return None if region is None else region.calibration


def _decoded(encoded: bytes, head: ClipHead) -> NDArray[Any]:
    if head.encoding is Encoding.SAMPLES16:
        dtype = "<i2" if head.colour is Colour.INT16 else "<u2"
        return np.frombuffer(encoded, dtype=dtype).reshape(head.rows, head.columns)
    if head.encoding is Encoding.JPEG:
        layout = "GRAY" if head.colour is Colour.GREY8 else "RGB"
        frame = simplejpeg.decode_jpeg(encoded, colorspace=layout)
        return np.asarray(frame[..., 0] if head.colour is Colour.GREY8 else frame)
    return _decoded_png(encoded, head)


def _decoded_png(encoded: bytes, head: ClipHead) -> NDArray[Any]:
    import cv2  # a tenth of a second that most readers never need

    if head.colour is Colour.GREY8:
        return np.asarray(cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_GRAYSCALE))
    return np.asarray(cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR_RGB))
