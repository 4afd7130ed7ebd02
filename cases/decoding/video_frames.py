"""The frames of a video stream, decoded by PyAV in presentation order and made upright, whole and square.

The demuxer is named by the stream's own bytes and reads from our stream only, so that no playlist inside a file
can lead anywhere else; the codec must be one of a list before the first frame is decoded, also those that FFmpeg
decodes to learn what a stream is.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, BinaryIO, NoReturn

import av
import numpy as np
from av.error import FFmpegError, InvalidDataError
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from cases.clip import Codec, Colour
from cases.decoding import frame_encoding
from cases.decoding.damage import DamageWatch, thumbnail_of
from cases.decoding.deinterlacing import Deinterlacer
from cases.decoding.source import (
    EncodeAgainError,
    Findings,
    RefusedError,
    Wishes,
    check_frames,
    check_size,
    raise_if_out_of_memory,
)
from cases.decoding.uprightness import display_matrix, upright, with_square_pixels
from cases.sentences import Refusal, Remark

# A number in the file can send FFmpeg to a place that our stream has not; PyAV passes the stream's error on.
_DAMAGE = (FFmpegError, OSError)
CODECS = {
    "h264": Codec.H264,
    "hevc": Codec.HEVC,
    "mjpeg": Codec.MJPEG,
    "mpeg1video": Codec.MPEG1,
    "mpeg2video": Codec.MPEG2,
    "mpeg4": Codec.MPEG4,
    "msmpeg4v2": Codec.MSMPEG4,
    "msmpeg4v3": Codec.MSMPEG4,
    "msmpeg4": Codec.MSMPEG4,
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
OPENING = {"protocol_whitelist": "file", "codec_whitelist": ",".join(CODECS)}
"""FFmpeg decodes a few frames to learn what a stream is: by no other decoders than these, and from no other file."""

_MATROSKA = "matroska"
_BARE_STREAMS = frozenset({"h264", "hevc", "mpegvideo"})
_FEW_FRAMES, _SMALL_SHARE = 3, Fraction(1, 20)
_COVER = Disposition.attached_pic
_NARROWEST, _WIDEST = Fraction(1, 2), Fraction(2)
_STRICT = {
    # These say only so that a frame is damaged; the others give it with a mark.
    **dict.fromkeys(("mjpeg", "hevc"), "explode"),
    # Codes that overflow, and frames that end too early or too late; else these hide most damage.
    **dict.fromkeys(("msmpeg4v2", "msmpeg4v3", "msmpeg4", "wmv1", "wmv2"), "bitstream+buffer"),
}
"""How strictly decoders look for damage (FFmpeg's ``err_detect``)."""

_HABIT_SHARE = Fraction(1, 2)
"""Where more of the frames than this fail a strict look, it is a habit of what wrote the file and no damage."""


class VideoFrames:
    """One video stream, opened.

    Parameters
    ----------
    stream : binary file
        The stream; seekable.
    demuxer : str
        FFmpeg's name of its container.
    wishes : Wishes
        What the caller knows and asks for.
    findings : Findings
        Filled while the stream is read.

    Raises
    ------
    RefusedError
        If the stream is damaged, holds no moving picture, or one compressed in a way that is not on the list.
    """

    def __init__(self, stream: BinaryIO, demuxer: str, wishes: Wishes, findings: Findings) -> None:
        self.findings, self._wishes = findings, wishes
        self._stream, self._demuxer = stream, demuxer
        self._expects_colour = False
        self._damaged: list[int] = []
        self._is_strict, self._may_relax = True, False
        self._faults = 0
        self.left_out = self._cut_by_edits = 0
        self.is_turned = False
        self.stored_size: tuple[int, int] | None = None
        self.starts: list[Fraction | None] = []
        self.last_duration: Fraction | None = None
        self._watch = DamageWatch()
        self._open()
        context = self._video.codec_context
        findings.rows, findings.columns = context.height, context.width

    @property
    def declared(self) -> int | None:
        """Frames that the container declares; None where it does not."""
        return self._video.frames or None

    @property
    def is_bare(self) -> bool:
        """Whether no container is around the stream, so that FFmpeg makes its time stamps up."""
        return self._demuxer in _BARE_STREAMS

    @property
    def mean_interval_ms(self) -> float | None:
        """Mean time from one frame to the next by the container's own rate; None where nothing states one.

        For a bare stream FFmpeg says 25 frames a second whatever it is; there only the stream's own header counts.
        """
        rate_hz = self._video.codec_context.framerate if self.is_bare else self._video.average_rate
        return float(1000 / rate_hz) if rate_hz else None

    @property
    def missing_s(self) -> float:
        """Seconds between the end of the last frame and the end that the file declares; 0 where it declares none.

        Only Matroska states a length but no number of frames; with sound beside it, it is that of the longer one.
        """
        length = self._container.duration
        known = [start for start in self.starts if start is not None]
        if self._demuxer != _MATROSKA or not length or len(self._container.streams) > 1 or len(known) < 2:
            return 0.0
        interval = (known[-1] - known[0]) / (len(known) - 1)
        missing = Fraction(length, av.time_base) - known[-1] - interval
        return float(missing) if missing > max(_FEW_FRAMES * interval, _SMALL_SHARE * known[-1]) else 0.0

    @property
    def colour(self) -> Colour:
        """What a pixel is."""
        return Colour.RGB8 if self._expects_colour else Colour.GREY8

    @property
    def found(self) -> int:
        """Frames that came, the damaged ones among them."""
        return len(self.starts) + len(self._damaged)

    def encoded(self) -> Iterator[bytes]:
        """Encode every frame in presentation order.

        Raises
        ------
        RefusedError
            If the stream or a frame is damaged, unless the good frames were asked for.
        EncodeAgainError
            If a frame has colour after all those before it had none, or the look at them was too strict.
        """
        self.findings.frames_decoded, self.starts, self._damaged = 0, [], []
        self.left_out = self._cut_by_edits
        self._faults = 0
        self._watch = DamageWatch()
        try:
            for frame in self._whole_frames():
                check_size(frame.height, frame.width, self._wishes.limits)
                check_frames(len(self.starts) + 1, self._wishes.limits)
                yield self._encode(frame)
        except _DAMAGE as error:
            raise_if_out_of_memory(error)
            if not (self._wishes.keep_good_frames and self.starts):
                raise RefusedError(Refusal.VIDEO_DAMAGED) from error
        if self._may_relax and self._faults > _HABIT_SHARE * self.found:
            self._is_strict = False
            self._open_again()
        if not self.starts:
            raise RefusedError(Refusal.NO_GOOD_FRAME)
        self._name_damaged()
        self.findings.suspect_frames(self._watch)

    def close(self) -> None:
        """Close the container; the stream stays open."""
        self._container.close()

    def _open(self) -> None:
        self._stream.seek(0)
        try:
            self._container = av.open(
                self._stream,
                mode="r",
                format=self._demuxer,
                options=OPENING,
                io_open=_refuse_other_files,
            )
        except (*_DAMAGE, ValueError) as error:
            raise_if_out_of_memory(error)
            raise RefusedError(Refusal.VIDEO_DAMAGED) from error
        self._video = self._first_video()
        self._cut_by_edits = self._frames_cut_by_edits()

    def _frames_cut_by_edits(self) -> int:
        """Return how many frames an edit list (of a clip that was trimmed) takes out of the index altogether."""
        entries, declared = len(self._video.index_entries), self._video.frames
        if self._demuxer != "mov" or not 0 < entries < declared:
            return 0
        at = self._stream.tell()
        self._stream.seek(0)
        try:
            with av.open(
                self._stream,
                format="mov",
                options={**OPENING, "ignore_editlist": "1"},
                io_open=_refuse_other_files,
            ) as whole:
                all_entries = len(whole.streams[self._video.index].index_entries)
        except _DAMAGE:
            return 0
        finally:
            self._stream.seek(at)
        return declared - entries if all_entries == declared else 0

    def _first_video(self) -> VideoStream:
        videos = [one for one in self._container.streams.video if not one.disposition & _COVER]
        if not videos:
            is_other = len(self._container.streams) > 0
            raise RefusedError(Refusal.NO_VIDEO_STREAM if is_other else Refusal.VIDEO_DAMAGED)
        if len(videos) > 1:
            self.findings.remark(Remark.OTHER_VIDEOS_LEFT_OUT, count=len(videos))
        video: VideoStream = videos[0]
        context: Any = video.codec_context  # None where FFmpeg does not know the codec
        name = "of this file" if context is None else str(context.name)[:32]
        codec = CODECS.get(name)
        if codec is None:
            raise RefusedError(Refusal.VIDEO_CODEC, codec=name)
        self.findings.codec = codec
        if not (video.codec_context.height and video.codec_context.width):
            raise RefusedError(Refusal.VIDEO_DAMAGED)
        check_size(video.codec_context.height, video.codec_context.width, self._wishes.limits)
        # Never by frame: PyAV's frame threads call back into Python, and closing a video while they do waits for
        # ever, which damaged videos showed once in some hundred.
        video.thread_type = "SLICE"
        look = _STRICT.get(name)
        self._may_relax = self._is_strict and look is not None and look != "explode"
        if look is not None and (self._is_strict or look == "explode"):
            video.codec_context.options = {"err_detect": look}
        return video

    def _good_frames(self) -> Iterator[VideoFrame]:
        """Give the frames that were decoded without an error, and do not rest on one that was not."""
        is_broken, late = False, set[int]()
        for packet in self._container.demux(self._video):
            if packet.has_sidedata("encryption_info"):
                raise RefusedError(Refusal.VIDEO_ENCRYPTED)
            self.left_out += packet.is_discard
            try:
                frames = packet.decode()
            except InvalidDataError:
                is_broken = True
                if packet.pts is None:
                    self._damaged.append(self.found)
                else:
                    late.add(packet.pts)  # some decoders give its frame all the same, later
                continue
            except ValueError as error:
                # A packet of a stream that appeared late, of a codec that FFmpeg does not know.
                raise RefusedError(Refusal.VIDEO_DAMAGED) from error
            for frame in frames:
                self._count_lost(late, before=frame.pts)
                self._faults += frame.is_corrupt
                is_its_own = frame.is_corrupt or frame.pts in late
                is_broken = is_its_own or (is_broken and not frame.key_frame)
                if frame.pts is not None:
                    late.discard(frame.pts)
                if is_broken:
                    self._damaged.append(self.found)
                else:
                    yield frame
        self._count_lost(late, before=None)

    def _count_lost(self, late: set[int], *, before: int | None) -> None:
        """Count the frames of damaged packets that have not come, though they would stand before this one."""
        lost = {pts for pts in late if before is None or pts < before}
        self._damaged += [self.found + k for k in range(len(lost))]
        late -= lost

    def _name_damaged(self) -> None:
        if not self._damaged:
            return
        good, declared = len(self.starts), max(self.found, self.declared or 0)
        if not self._wishes.keep_good_frames:
            first = self._damaged[0] + 1
            raise RefusedError(Refusal.FRAMES_DAMAGED, frame=first, good=good, declared=declared)

    def _whole_frames(self) -> Iterator[VideoFrame]:
        deinterlacer: Deinterlacer | None = None
        for frame in self._good_frames():
            if deinterlacer is None and frame.interlaced_frame and not self.starts:
                deinterlacer = Deinterlacer(self._video)
                self.findings.remark(Remark.DEINTERLACED)
            if deinterlacer is None:
                yield frame
            else:
                yield from deinterlacer.push(frame)
        if deinterlacer is not None:
            yield from deinterlacer.end()

    def _encode(self, frame: VideoFrame) -> bytes:
        pixels = self._shown(frame)
        if not self.starts:
            self.findings.rows, self.findings.columns = pixels.shape[:2]
        elif pixels.shape[:2] != (self.findings.rows, self.findings.columns):
            rows, columns = pixels.shape[:2]
            number = len(self.starts) + 1
            raise RefusedError(Refusal.FRAME_SIZE_DIFFERS, frame=number, rows=rows, columns=columns)
        encoded = self._in_colour_or_grey(pixels)
        self._watch.see(thumbnail_of(pixels))
        self._note_time(frame)
        self.findings.frames_decoded = len(self.starts)
        return encoded

    def _shown(self, frame: VideoFrame) -> NDArray[np.uint8]:
        pixels = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
        self.stored_size = (frame.height, frame.width)
        aspect = _fraction(self._video.sample_aspect_ratio)
        if aspect is not None and aspect > 0 and aspect != 1:
            is_likely = _NARROWEST <= aspect <= _WIDEST
            self.findings.remark(Remark.PIXELS_MADE_SQUARE if is_likely else Remark.PIXEL_SHAPE_UNLIKELY)
            pixels = with_square_pixels(pixels, aspect) if is_likely else pixels
        turned = upright(pixels, display_matrix(frame))
        if turned is not pixels:
            self.is_turned = True
            self.findings.remark(Remark.ROTATED)
        return turned

    def _in_colour_or_grey(self, pixels: NDArray[np.uint8]) -> bytes:
        if not self._expects_colour and not is_grey(pixels):
            self._expects_colour = True
            if self.starts:
                self._open_again()
        shown = pixels if self._expects_colour else pixels[..., 0]
        return frame_encoding.png(np.ascontiguousarray(shown))

    def _open_again(self) -> NoReturn:
        self._container.close()
        self._open()
        raise EncodeAgainError

    def _note_time(self, frame: VideoFrame) -> None:
        base = _fraction(frame.time_base)
        self.starts.append(None if frame.pts is None or base is None else frame.pts * base)
        duration: Any = frame.duration
        self.last_duration = duration * base if duration and base is not None else None


def is_grey(pixels: NDArray[np.uint8]) -> bool:
    """Whether red, green and blue are equal in every pixel."""
    green = pixels[..., 1]
    return bool(np.array_equal(pixels[..., 0], green) and np.array_equal(pixels[..., 2], green))


def _fraction(ratio: Any) -> Fraction | None:
    """Return a ratio of FFmpeg's as a fraction; None where it says nothing."""
    return Fraction(ratio.numerator, ratio.denominator) if ratio and ratio.denominator else None


def _refuse_other_files(url: str, *_: Any) -> Any:
    raise PermissionError("a video opens no other file")
