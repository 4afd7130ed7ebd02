"""Files of several pictures: GIF, WebP, TIFF and animated PNG, with the time of each frame where the file states it."""

from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cases.clip import ClipHead, Codec, Colour, Container, Encoding
from cases.decoding import frame_encoding
from cases.decoding.picture import PICTURE_ERRORS, pixels_of
from cases.decoding.source import (
    EncodeAgainError,
    Findings,
    RefusedError,
    Wishes,
    check_frames,
    check_size,
    raise_if_out_of_memory,
)
from cases.decoding.unscaled import unscaled_head
from cases.decoding.video_frames import is_grey
from cases.frame_timing import STILL_TIMING, UNKNOWN_TIMING, FrameTiming, TimingSource, even_timing
from cases.sentences import Refusal, Remark

ANIMATIONS = {
    Container.PNG: ("PNG", Codec.PNG),
    Container.GIF: ("GIF", Codec.GIF),
    Container.WEBP: ("WEBP", Codec.WEBP),
    Container.TIFF: ("TIFF", Codec.TIFF),
}


class AnimationSource:
    """One file of one or more pictures, opened.

    Parameters
    ----------
    path : Path
        The file.
    wishes : Wishes
        What the caller knows and asks for.
    findings : Findings
        Filled while the file is read; its container says which format it is.

    Raises
    ------
    RefusedError
        If the file is damaged or larger than the limits.
    """

    def __init__(self, path: Path, wishes: Wishes, findings: Findings) -> None:
        self.findings, self.wishes = findings, wishes
        name, findings.codec = ANIMATIONS[findings.container]
        try:
            self._picture = Image.open(path, formats=[name])
            findings.rows, findings.columns = self._picture.height, self._picture.width
            check_size(findings.rows, findings.columns, wishes.limits)
            pictures = int(getattr(self._picture, "n_frames", 1))
            # An animated PNG may begin with a picture that is only for programs that do not play it.
            is_stand_in = bool(getattr(self._picture, "default_image", False)) and pictures > 1
            self._first = 1 if is_stand_in else 0
            findings.frames_declared = pictures - self._first
        except PICTURE_ERRORS as error:
            raise RefusedError(Refusal.PICTURE_DAMAGED) from error
        check_frames(findings.frames_declared, wishes.limits)
        self._expects_colour = False
        self._colour: Colour | None = None
        self._durations_ms: list[float] = []

    def frames(self) -> Iterator[bytes]:
        """Encode every frame in its order.

        Raises
        ------
        RefusedError
            If a frame is damaged or of another size, unless the good frames before it were asked for.
        EncodeAgainError
            If a frame has colour after all those before it had none.
        """
        self._durations_ms = []
        declared = self.findings.frames_declared or 1
        for frame_index in range(declared):
            try:
                frame = self._decoded(frame_index)
            except PICTURE_ERRORS as error:
                raise_if_out_of_memory(error)
                self._refuse_unless_kept(frame_index, declared, error)
                return
            encoded = self._encoded(frame)
            self._durations_ms.append(float(self._picture.info.get("duration") or 0))
            self.findings.frames_decoded = len(self._durations_ms)
            yield encoded

    def head(self) -> ClipHead:
        """Say what the frames are."""
        encoding = Encoding.SAMPLES16 if self._colour is Colour.UINT16 else Encoding.PNG
        stored_as = (encoding, self._colour or Colour.GREY8)
        frames, timing = len(self._durations_ms), self._timing()
        return unscaled_head(self.findings, self.wishes, timing, frames=frames, stored_as=stored_as)

    def close(self) -> None:
        """Close the file."""
        self._picture.close()

    def _decoded(self, frame_index: int) -> NDArray[Any]:
        self._picture.seek(self._first + frame_index)
        size = (self._picture.height, self._picture.width)
        if size != (self.findings.rows, self.findings.columns):
            rows, columns = size
            raise RefusedError(Refusal.FRAME_SIZE_DIFFERS, frame=frame_index + 1, rows=rows, columns=columns)
        return pixels_of(self._picture)

    def _encoded(self, frame: NDArray[Any]) -> bytes:
        if frame.dtype == np.uint16:
            self._colour = self._colour or Colour.UINT16
            if self._colour is not Colour.UINT16:
                raise RefusedError(Refusal.FRAMES_UNALIKE, frame=len(self._durations_ms) + 1)
            return frame_encoding.samples16(frame)
        colour = np.stack([frame] * 3, axis=-1) if frame.ndim == 2 else frame
        if not self._expects_colour and not is_grey(colour):
            self._expects_colour = True
            if self._durations_ms:
                raise EncodeAgainError
        self._colour = Colour.RGB8 if self._expects_colour else Colour.GREY8
        return frame_encoding.png(colour if self._expects_colour else np.ascontiguousarray(colour[..., 0]))

    def _refuse_unless_kept(self, frame_index: int, declared: int, error: Exception) -> None:
        if not (self.wishes.keep_good_frames and frame_index):
            raise RefusedError(
                Refusal.FRAMES_DAMAGED if declared > 1 else Refusal.PICTURE_DAMAGED,
                frame=frame_index + 1,
                good=frame_index,
                declared=declared,
            ) from error
        self.findings.remark(Remark.FEWER_FRAMES_KEPT, declared=declared, good=frame_index)

    def _timing(self) -> FrameTiming:
        frames = len(self._durations_ms)
        if frames == 1:
            return STILL_TIMING
        if all(duration_ms > 0 for duration_ms in self._durations_ms):
            *starts_ms, end_ms = accumulate(self._durations_ms, initial=0.0)
            starts_s = tuple(start_ms / 1000 for start_ms in starts_ms)
            return FrameTiming(starts_s, end_ms / 1000, TimingSource.CONTAINER)
        if self.wishes.frame_time_ms is not None:
            return even_timing(frames, self.wishes.frame_time_ms, TimingSource.USER)
        has_delays = self.findings.container is not Container.TIFF
        self.findings.remark(Remark.NO_DELAY if has_delays else Remark.TIME_UNKNOWN)
        return UNKNOWN_TIMING
