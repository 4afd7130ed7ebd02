"""Videos: every frame in presentation order with its own time stamp, by PyAV.

The demuxer is named by the file's own bytes and reads from our file object only, so that no playlist inside a
file can lead anywhere else; the codec must be one of a list before the first frame is decoded.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import av
import numpy as np
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from cases.calibration import ScaleSource
from cases.clip import ClipHead, ClipKind, Codec, Colour, Container, Encoding
from cases.decoding import frame_encoding
from cases.decoding.dicom_scale import Scale, given_scale
from cases.decoding.source import (
    EncodeAgainError,
    Findings,
    RefusedError,
    Wishes,
    check_frames,
    check_size,
    raise_if_out_of_memory,
)
from cases.frame_timing import STILL_TIMING, UNKNOWN_TIMING, FrameTiming, TimingSource, even_timing
from cases.sentences import Refusal, Remark, ScaleRefusal

DEMUXERS = {
    Container.MP4: "mov",
    Container.MOV: "mov",
    Container.AVI: "avi",
    Container.MKV: "matroska",
    Container.WEBM: "matroska",
    Container.WMV: "asf",
    Container.MPEG: "mpeg",
}
CODECS = {
    "h264": Codec.H264,
    "hevc": Codec.HEVC,
    "mjpeg": Codec.MJPEG,
    "mpeg1video": Codec.MPEG1,
    "mpeg2video": Codec.MPEG2,
    "mpeg4": Codec.MPEG4,
    "msmpeg4v2": Codec.MSMPEG4,
    "msmpeg4v3": Codec.MSMPEG4,
    "wmv1": Codec.WMV,
    "wmv2": Codec.WMV,
    "wmv3": Codec.WMV,
    "vc1": Codec.VC1,
    "vp8": Codec.VP8,
    "vp9": Codec.VP9,
    "av1": Codec.AV1,
    "libdav1d": Codec.AV1,
    "rawvideo": Codec.UNCOMPRESSED,
}
_LOSSLESS = frozenset({Codec.UNCOMPRESSED})


class VideoSource:
    """One video file, opened.

    Parameters
    ----------
    path : Path
        The file.
    wishes : Wishes
        What the caller knows and asks for.
    findings : Findings
        Filled while the file is read; its container says which demuxer to use.

    Raises
    ------
    RefusedError
        If the file is damaged, holds no moving picture, or one compressed in a way that is not on the list.
    """

    def __init__(self, path: Path, wishes: Wishes, findings: Findings) -> None:
        self.findings, self.wishes = findings, wishes
        self._stream_of_bytes = path.open("rb")
        self._open()
        self._expects_colour = False
        self._starts: list[Fraction | None] = []
        self._last_duration: Fraction | None = None
        self._note_declared()

    def frames(self) -> Iterator[bytes]:
        """Encode every frame in presentation order.

        Raises
        ------
        RefusedError
            If the video is damaged or its frames are not as many as declared.
        EncodeAgainError
            If a frame has colour after all those before it had none.
        """
        self.findings.frames_decoded, self._starts = 0, []
        try:
            for frame in self._container.decode(self._video):
                check_size(frame.height, frame.width, self.wishes.limits)
                check_frames(len(self._starts) + 1, self.wishes.limits)
                yield self._encoded(frame)
        except FFmpegError as error:
            raise_if_out_of_memory(error)
            if not (self.wishes.keep_good_frames and self._starts):
                raise RefusedError(Refusal.VIDEO_DAMAGED) from error
        self._check_count()

    def head(self) -> ClipHead:
        """Say what the frames are."""
        findings, rows, columns = self.findings, self.findings.rows or 1, self.findings.columns or 1
        none = Scale((), ScaleSource.NONE, ScaleRefusal.VIDEO)
        scale = given_scale(self.wishes, rows, columns, none)
        timing = self._timing()
        return ClipHead(
            kind=ClipKind.CLIP if len(self._starts) > 1 else ClipKind.STILL,
            frames=len(self._starts),
            rows=rows,
            columns=columns,
            encoding=self._encoding,
            colour=Colour.RGB8 if self._expects_colour else Colour.GREY8,
            timing=timing,
            regions=scale.regions,
            scale_source=scale.source,
            scale_refused_because=scale.refused_because,
            rescale_slope=1.0,
            rescale_intercept=0.0,
            windows=(),
            warnings=tuple(findings.remarks),
        )

    def close(self) -> None:
        """Close the file."""
        self._container.close()
        self._stream_of_bytes.close()

    def _open(self) -> None:
        self._stream_of_bytes.seek(0)
        try:
            self._container = av.open(
                self._stream_of_bytes,
                mode="r",
                format=DEMUXERS[self.findings.container],
                options={"protocol_whitelist": "file"},
                io_open=_refuse_other_files,
            )
        except (FFmpegError, ValueError) as error:
            raise RefusedError(Refusal.VIDEO_DAMAGED) from error
        self._video = self._first_video()

    @property
    def _encoding(self) -> Encoding:
        return Encoding.PNG if self.findings.codec in _LOSSLESS else Encoding.JPEG

    def _first_video(self) -> VideoStream:
        videos = self._container.streams.video
        if not videos:
            raise RefusedError(Refusal.NO_VIDEO_STREAM)
        video: VideoStream = videos[0]
        name = video.codec_context.name
        codec = CODECS.get(name)
        if codec is None:
            raise RefusedError(Refusal.VIDEO_CODEC, codec=name[:32])
        self.findings.codec = codec
        check_size(video.codec_context.height, video.codec_context.width, self.wishes.limits)
        video.thread_type = "AUTO"
        return video

    def _note_declared(self) -> None:
        declared = self._video.frames or None
        self.findings.frames_declared = declared
        self.findings.rows = self._video.codec_context.height
        self.findings.columns = self._video.codec_context.width
        if declared is not None:
            check_frames(declared, self.wishes.limits)

    def _encoded(self, frame: VideoFrame) -> bytes:
        pixels = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
        if not self._starts:
            self.findings.rows, self.findings.columns = pixels.shape[:2]
        elif pixels.shape[:2] != (self.findings.rows, self.findings.columns):
            raise RefusedError(
                Refusal.FRAME_SIZE_DIFFERS,
                frame=len(self._starts) + 1,
                rows=pixels.shape[0],
                columns=pixels.shape[1],
            )
        encoded = self._pixels_encoded(pixels)
        self._note_time(frame)
        self.findings.frames_decoded = len(self._starts)
        return encoded

    def _pixels_encoded(self, pixels: NDArray[np.uint8]) -> bytes:
        if not self._expects_colour and not is_grey(pixels):
            self._expects_colour = True
            if self._starts:
                self._container.close()
                self._open()
                raise EncodeAgainError
        shown = pixels if self._expects_colour else pixels[..., 0]
        is_png = self._encoding is Encoding.PNG
        return frame_encoding.png(np.ascontiguousarray(shown)) if is_png else frame_encoding.jpeg(shown)

    def _note_time(self, frame: VideoFrame) -> None:
        base = frame.time_base
        self._starts.append(None if frame.pts is None or base is None else frame.pts * base)
        duration: Any = frame.duration
        self._last_duration = duration * base if duration and base is not None else None

    def _check_count(self) -> None:
        declared, found = self.findings.frames_declared, len(self._starts)
        if found == 0:
            raise RefusedError(Refusal.NO_GOOD_FRAME)
        if declared is None or declared == found:
            return
        if not self.wishes.keep_good_frames:
            fewer = found < declared
            refusal = Refusal.FRAMES_FEWER if fewer else Refusal.FRAMES_MORE
            raise RefusedError(refusal, declared=declared, found=found)
        self.findings.remark(Remark.FEWER_FRAMES_KEPT, declared=declared, good=found)

    def _timing(self) -> FrameTiming:
        frames = len(self._starts)
        if frames == 1:
            return STILL_TIMING
        by_stamps = _by_time_stamps(self._starts, self._last_duration)
        if by_stamps is not None:
            return by_stamps
        self.findings.remark(Remark.TIME_STAMPS_WRONG)
        rate_hz = self._video.average_rate
        if rate_hz:
            return even_timing(frames, float(1000 / rate_hz), TimingSource.CONTAINER)
        if self.wishes.frame_time_ms is not None:
            return even_timing(frames, self.wishes.frame_time_ms, TimingSource.USER)
        return UNKNOWN_TIMING


def _refuse_other_files(url: str, *_: Any) -> Any:
    raise PermissionError("a video opens no other file")


def is_grey(pixels: NDArray[np.uint8]) -> bool:
    """Whether red, green and blue are equal in every pixel."""
    green = pixels[..., 1]
    return bool(np.array_equal(pixels[..., 0], green) and np.array_equal(pixels[..., 2], green))


def _by_time_stamps(starts: list[Fraction | None], last_duration: Fraction | None) -> FrameTiming | None:
    known = [start for start in starts if start is not None]
    if len(known) != len(starts):
        return None
    gaps = [later - earlier for earlier, later in pairwise(known)]
    if any(gap <= 0 for gap in gaps):
        return None
    end = known[-1] - known[0] + (last_duration or median(gaps))
    starts_s = tuple(float(start - known[0]) for start in known)
    return FrameTiming(starts_s, float(end), TimingSource.CONTAINER)
