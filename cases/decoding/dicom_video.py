"""Videos inside DICOM: the bit stream is taken out of its fragments and read like a video file.

Times and scale are those of the DICOM header; the stream's own time stamps are used where the header says nothing.

References
----------
DICOM PS3.5 A.4.4 to A.4.8 for MPEG-2, H.264 and HEVC in encapsulated form.
"""

import io
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, pairwise
from statistics import median
from typing import Any, BinaryIO, cast

from cases.calibration import ScaleSource
from cases.clip import ClipHead, ClipKind, Encoding
from cases.decoding.dicom_file import DicomFile
from cases.decoding.dicom_fragments import Fragment, read_fragments
from cases.decoding.dicom_frames import pixel_element
from cases.decoding.dicom_header import UNDEFINED_LENGTH, number, required_number
from cases.decoding.dicom_scale import Scale, given_scale, read_scale, widened
from cases.decoding.dicom_time import read_timing, timing_of_kept
from cases.decoding.source import Findings, RefusedError, Wishes, check_frames, check_size
from cases.decoding.video import container_timing
from cases.decoding.video_frames import VideoFrames
from cases.frame_timing import STILL_TIMING, UNKNOWN_TIMING, FrameTiming
from cases.sentences import Refusal, Remark, ScaleRefusal

_MPEG_2 = frozenset(f"1.2.840.10008.1.2.4.{k}" for k in ("100", "100.1", "101", "101.1"))
_H264 = frozenset(f"1.2.840.10008.1.2.4.{k}{f}" for k in range(102, 107) for f in ("", ".1"))
_HEVC = frozenset(f"1.2.840.10008.1.2.4.{k}" for k in ("107", "108"))
VIDEO_SYNTAXES = _MPEG_2 | _H264 | _HEVC
_TRANSPORT_PACKET_BYTES = 188


class FragmentStream(io.RawIOBase):
    """Fragments of a file, read as one stream without holding them in memory.

    Parameters
    ----------
    file : binary file
        The DICOM file.
    fragments : sequence of Fragment
        The fragments in their order.
    """

    def __init__(self, file: BinaryIO, fragments: tuple[Fragment, ...]) -> None:
        self._file, self._fragments = file, fragments
        self._ends = list(accumulate(fragment.length for fragment in fragments))
        self._at = 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that it can be moved in."""
        return True

    def tell(self) -> int:
        """Return the position in the stream."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to a position."""
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._ends[-1]}[whence]
        self._at = max(0, origin + offset)
        return self._at

    def readinto(self, target: Any) -> int:
        """Read up to the end of the current fragment."""
        index = bisect_right(self._ends, self._at)
        if index == len(self._fragments):
            return 0
        fragment = self._fragments[index]
        inside = self._at - (self._ends[index] - fragment.length)
        self._file.seek(fragment.position + inside)
        piece = self._file.read(min(len(target), fragment.length - inside))
        target[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


class DicomVideoSource:
    """One DICOM file that holds a video, opened.

    Parameters
    ----------
    file : DicomFile
        The file, with its stream at the pixel data.
    wishes : Wishes
        What the caller knows and asks for.
    findings : Findings
        Filled while the file is read.

    Raises
    ------
    RefusedError
        If the header cannot be true or the stream cannot be read.
    """

    def __init__(self, file: DicomFile, wishes: Wishes, findings: Findings) -> None:
        self.findings, self.wishes, self._file = findings, wishes, file
        self._stated_size = (required_number(file.dataset, "Rows"), required_number(file.dataset, "Columns"))
        check_size(*self._stated_size, wishes.limits)
        self._declared = number(file.dataset, "NumberOfFrames") or 1
        findings.frames_declared = self._declared
        check_frames(self._declared, wishes.limits)
        if pixel_element(file)[1] != UNDEFINED_LENGTH:
            raise RefusedError(Refusal.FRAGMENTS_DAMAGED)
        found = read_fragments(file.stream, file.file_bytes)
        self._is_cut = not found.is_complete
        stream = io.BufferedReader(FragmentStream(file.stream, found.fragments), 1 << 16)
        demuxer = _demuxer_of(stream.peek(1024), file.transfer_syntax)
        self._video = VideoFrames(cast(BinaryIO, stream), demuxer, wishes, findings)

    def frames(self) -> Iterator[bytes]:
        """Encode every frame; refuse at the end if they are not as many as declared."""
        yield from self._video.encoded()
        found, good, declared = self._video.found, len(self._video.starts), self._declared
        is_as_declared = found == declared and not self._is_cut
        if is_as_declared and good == found:
            return
        if not is_as_declared and not self.wishes.keep_good_frames:
            raise self._count_refusal(found)
        self.findings.remark(Remark.FEWER_FRAMES_KEPT, declared=declared, good=good)

    def head(self) -> ClipHead:
        """Say what the frames are."""
        findings = self.findings
        rows, columns = findings.rows or 1, findings.columns or 1
        scale = self._scale(rows, columns)
        scale = scale if scale.regions else given_scale(self.wishes, rows, columns, scale)
        return ClipHead(
            kind=ClipKind.CLIP if len(self._video.starts) > 1 else ClipKind.STILL,
            frames=len(self._video.starts),
            rows=rows,
            columns=columns,
            encoding=Encoding.PNG,
            colour=self._video.colour,
            timing=self._timing(),
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
        self._video.close()
        self._file.stream.close()

    def _scale(self, rows: int, columns: int) -> Scale:
        """Return the header's scale, which is that of the frames as they were before their pixels were made square."""
        if self._video.is_turned or self._video.stored_size != self._stated_size:
            return Scale((), ScaleSource.NONE, ScaleRefusal.UNLIKE_HEADER)
        stored_rows, stored_columns = self._stated_size
        scale = read_scale(self._file.dataset, stored_rows, stored_columns, Wishes(), self.findings)
        return widened(scale, columns / stored_columns, rows / stored_rows)

    def _timing(self) -> FrameTiming:
        frames = len(self._video.starts)
        if frames == 1:
            return STILL_TIMING
        shown = list(range(frames)) if frames >= self._declared else self._shown_of_declared()
        by_header = read_timing(self._file.dataset, max(frames, self._declared), Wishes(), self.findings)
        if by_header.frame_starts_s is not None and shown is not None:
            return timing_of_kept(by_header, shown)
        if by_header.frame_starts_s is not None:
            self.findings.remark(Remark.TIMES_LOST)
            return UNKNOWN_TIMING
        return container_timing(self._video, self.wishes, self.findings)

    def _shown_of_declared(self) -> list[int] | None:
        """Tell by the stream's own stamps which of the declared frames are there; None where they do not say."""
        starts = [start for start in self._video.starts if start is not None]
        if len(starts) < len(self._video.starts):
            return None
        interval = median(later - earlier for earlier, later in pairwise(starts))
        shown = [round((start - starts[0]) / interval) for start in starts] if interval > 0 else []
        is_rising = all(later > earlier for earlier, later in pairwise(shown))
        return shown if shown and is_rising and shown[-1] < self._declared else None

    def _count_refusal(self, found: int) -> RefusedError:
        if self._is_cut:
            return RefusedError(Refusal.PIXELS_CUT, good=found, declared=self._declared)
        refusal = Refusal.FRAMES_FEWER if found < self._declared else Refusal.FRAMES_MORE
        return RefusedError(refusal, declared=self._declared, found=found)


def _demuxer_of(head: bytes, syntax: str) -> str:
    if head[4:8] == b"ftyp":
        return "mov"
    if head.startswith(b"\x00\x00\x01\xba"):
        return "mpeg"
    if head[:1] == b"G" and head[_TRANSPORT_PACKET_BYTES : _TRANSPORT_PACKET_BYTES + 1] == b"G":
        return "mpegts"
    if syntax in _MPEG_2:
        return "mpegvideo"
    return "hevc" if syntax in _HEVC else "h264"
