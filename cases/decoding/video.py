"""Video files: their frames with their own time stamps."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import median

from cases.clip import ClipHead, Container, Encoding
from cases.decoding.recognition import is_transport_stream
from cases.decoding.source import Findings, RefusedError, Wishes, check_frames
from cases.decoding.unscaled import unscaled_head
from cases.decoding.video_frames import VideoFrames
from cases.frame_timing import STILL_TIMING, UNKNOWN_TIMING, FrameTiming, TimingSource, even_timing
from cases.sentences import Refusal, Remark

DEMUXERS = {
    Container.MP4: "mov",
    Container.MOV: "mov",
    Container.AVI: "avi",
    Container.MKV: "matroska",
    Container.WEBM: "matroska",
    Container.WMV: "asf",
    Container.MPEG: "mpeg",
}

_BARE_MPEG = b"\x00\x00\x01\xb3"
_HEAD_BYTES = 1024


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
        self._file = path.open("rb")
        try:
            self._video = VideoFrames(self._file, self._demuxer(), wishes, findings)
        except RefusedError:
            self._file.close()
            raise
        findings.frames_declared = self._video.declared
        check_frames(self._video.declared or 0, wishes.limits)

    def frames(self) -> Iterator[bytes]:
        """Encode every frame in presentation order; refuse at the end if they are not as many as declared."""
        yield from self._video.encoded()
        declared, found = self.findings.frames_declared, self._video.found
        if self._video.left_out:
            self.findings.remark(Remark.LEFT_OUT_BY_FILE, count=self._video.left_out)
        good = len(self._video.starts)
        if declared is None:
            self._check_end()
            declared = found + self._video.left_out
        is_as_declared = declared == found + self._video.left_out
        if is_as_declared and good == found:
            return
        if not is_as_declared and not self.wishes.keep_good_frames:
            refusal = Refusal.FRAMES_FEWER if found < declared else Refusal.FRAMES_MORE
            raise RefusedError(refusal, declared=declared, found=found)
        self.findings.remark(Remark.FEWER_FRAMES_KEPT, declared=declared, good=good)

    def _demuxer(self) -> str:
        demuxer = DEMUXERS[self.findings.container]
        if demuxer != "mpeg":
            return demuxer
        head = self._file.read(_HEAD_BYTES)
        if head.startswith(_BARE_MPEG):
            return "mpegvideo"
        return "mpegts" if is_transport_stream(head) else demuxer

    def _check_end(self) -> None:
        missing_s = round(self._video.missing_s, 2)
        if missing_s and not self.wishes.keep_good_frames:
            raise RefusedError(Refusal.VIDEO_ENDS_EARLY, missing_s=missing_s)
        if missing_s:
            self.findings.remark(Remark.ENDS_EARLY, missing_s=missing_s)

    def head(self) -> ClipHead:
        """Say what the frames are."""
        timing = container_timing(self._video, self.wishes, self.findings)
        stored_as = (Encoding.PNG, self._video.colour)
        frames = len(self._video.starts)
        return unscaled_head(self.findings, self.wishes, timing, frames=frames, stored_as=stored_as)

    def close(self) -> None:
        """Close the file."""
        self._video.close()
        self._file.close()


def container_timing(video: VideoFrames, wishes: Wishes, findings: Findings) -> FrameTiming:
    """Time a video by its own stamps, else by its mean rate, else by what the caller knows.

    Parameters
    ----------
    video : VideoFrames
        The video, after all of its frames were taken.
    wishes : Wishes
        May hold a frame time.
    findings : Findings
        Takes the remarks.

    Returns
    -------
    FrameTiming
        Times of the frames.
    """
    frames = len(video.starts)
    if frames == 1:
        return STILL_TIMING
    by_stamps = None if video.is_bare else _by_time_stamps(video.starts, video.last_duration)
    if by_stamps is not None:
        return by_stamps
    if frames < video.found:
        findings.remark(Remark.TIMES_LOST)
        return UNKNOWN_TIMING
    if video.mean_interval_ms is not None:
        if not video.is_bare:
            findings.remark(Remark.TIME_STAMPS_WRONG)
        return even_timing(frames, video.mean_interval_ms, TimingSource.CONTAINER)
    if wishes.frame_time_ms is not None:
        return even_timing(frames, wishes.frame_time_ms, TimingSource.USER)
    findings.remark(Remark.TIME_UNKNOWN)
    return UNKNOWN_TIMING


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
