"""Several files shown as one: MR slices sorted by position, or pictures in the order given."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pydicom.dataset import Dataset

from cases.calibration import ScaleSource
from cases.clip import ClipHead, ClipKind
from cases.decoding.dicom_header import number, value
from cases.decoding.dicom_source import DicomSource
from cases.decoding.dicom_time import timing_of_kept
from cases.decoding.dicom_values import slice_normal
from cases.decoding.source import Findings, RefusedError, Source, Wishes
from cases.errors import LimitExceededError
from cases.frame_timing import UNKNOWN_TIMING, FrameTiming, TimingSource, even_timing
from cases.sentences import Refusal, Remark, ScaleRefusal


class Unopened:
    """A file of a series that could not be opened; its one frame is refused with the others' frames around it.

    Parameters
    ----------
    refused : RefusedError
        Why.
    findings : Findings
        What was found until then.
    """

    def __init__(self, refused: RefusedError, findings: Findings) -> None:
        self.findings, self._refused = findings, refused
        findings.frames_declared = 1

    def frames(self) -> Iterator[bytes]:
        """Refuse."""
        raise self._refused

    def head(self) -> ClipHead:
        """Refuse."""
        raise self._refused

    def close(self) -> None:
        """Nothing is open."""


class SeriesSource:
    """Several opened files as one source.

    Parameters
    ----------
    sources : sequence of Source
        The files, opened.
    wishes : Wishes
        Says whether the files are frames in time.
    findings : Findings
        Those of the whole series; filled while it is read.
    """

    def __init__(self, sources: Sequence[Source], wishes: Wishes, findings: Findings) -> None:
        self.findings, self._wishes = findings, wishes
        if wishes.pictures_missing:
            findings.remark(Remark.PICTURES_MISSING, missing=wishes.pictures_missing)
        self._sources = _by_position(sources)
        self._kept: list[Source] = list(self._sources)
        self._places: list[int] = []
        first = next(
            (one for one in self._sources if not isinstance(one, Unopened)), self._sources[0]
        ).findings
        findings.container, findings.codec = first.container, first.codec
        findings.rows, findings.columns = first.rows, first.columns
        declared = [source.findings.frames_declared for source in self._sources]
        findings.frames_declared = sum(count or 0 for count in declared)
        findings.carries_identity = any(source.findings.carries_identity for source in self._sources)

    def frames(self) -> Iterator[bytes]:
        """Encode the frames of each file after those of the one before it.

        Raises
        ------
        RefusedError
            If a file is damaged, unless the good ones were asked for.
        """
        good, self._kept, self._places, lost = 0, [], [], []
        for place, source in enumerate(self._sources):
            try:
                for encoded in source.frames():
                    good += 1
                    self.findings.frames_decoded = good
                    self._places.append(place)
                    yield encoded
            except RefusedError as refused:
                if issubclass(refused.refusal.error_class, LimitExceededError):
                    raise
                lost.append((place, refused))
                continue
            finally:
                _rest(source)
            self._kept.append(source)
        if lost:
            self._note_lost(lost, good)
        first = self._kept[0].findings
        self.findings.codec, self.findings.rows = first.codec, first.rows
        self.findings.columns = first.columns

    def head(self) -> ClipHead:
        """Say what the frames are.

        Raises
        ------
        RefusedError
            If the files differ in size or kind.
        """
        heads = [source.head() for source in self._kept]
        first = heads[0]
        if any(_kind_of_frame(head) != _kind_of_frame(first) for head in heads):
            raise RefusedError(Refusal.SERIES_UNALIKE)
        has_one_scale = all(head.regions == first.regions for head in heads)
        timing = self._timing(sum(head.frames for head in heads))
        said = (sentence for head in heads for sentence in head.warnings)
        remarks = tuple(dict.fromkeys((*self.findings.remarks, *said)))
        return replace(
            first,
            kind=ClipKind.CLIP if self._wishes.are_frames_in_time else ClipKind.SERIES,
            frames=sum(head.frames for head in heads),
            timing=timing,
            regions=first.regions if has_one_scale else (),
            scale_source=first.scale_source if has_one_scale else ScaleSource.NONE,
            scale_refused_because=first.scale_refused_because
            if has_one_scale
            else ScaleRefusal.SPACING_VARIES,
            warnings=remarks,
        )

    def _timing(self, frames: int) -> FrameTiming:
        if not self._wishes.are_frames_in_time:
            return FrameTiming(None, None, TimingSource.NOT_APPLICABLE)
        if self._wishes.frame_time_ms is not None:
            declared = frames + len(self._sources) - len(self._kept)
            every_frame = even_timing(declared, self._wishes.frame_time_ms, TimingSource.USER)
            return timing_of_kept(every_frame, self._places) if declared > frames else every_frame
        self.findings.remark(Remark.TIME_UNKNOWN)
        return UNKNOWN_TIMING

    def _note_lost(self, lost: list[tuple[int, RefusedError]], good: int) -> None:
        """Say which file is damaged, by the place of its frame; keep the others where that was asked for."""
        place, refused = lost[0]
        if not good:
            raise refused
        declared = len(self._sources)
        if not self._wishes.keep_good_frames:
            raise RefusedError(Refusal.FRAMES_DAMAGED, frame=place + 1, good=good, declared=declared)
        self.findings.remark(Remark.FEWER_FRAMES_KEPT, declared=declared, good=good)

    def close(self) -> None:
        """Close every file."""
        for source in self._sources:
            source.close()


def _rest(source: Source) -> None:
    """Close its file for a while: a process may have fewer files open than a series has slices."""
    if isinstance(source, DicomSource):
        source.rest()


def _kind_of_frame(head: ClipHead) -> tuple[object, ...]:
    return (
        head.rows,
        head.columns,
        head.encoding,
        head.colour,
        head.rescale_slope,
        head.rescale_intercept,
    )


def _by_position(sources: Sequence[Source]) -> list[Source]:
    unopened = [k for k, source in enumerate(sources) if isinstance(source, Unopened)]
    if unopened:
        opened = _by_position([source for source in sources if not isinstance(source, Unopened)])
        for place in unopened:
            opened.insert(place, sources[place])
        return opened
    if not all(isinstance(source, DicomSource) for source in sources):
        return list(sources)
    headers = [source.dataset for source in sources if isinstance(source, DicomSource)]
    heights_mm = [_height_mm(header) for header in headers]
    # Where one position is missing, the others say nothing of its place; then the numbers of all decide.
    has_all = None not in heights_mm
    places = [
        (height_mm if has_all and height_mm is not None else 0.0, number(header, "InstanceNumber") or 0)
        for height_mm, header in zip(heights_mm, headers, strict=True)
    ]
    return [sources[k] for k in sorted(range(len(sources)), key=places.__getitem__)]


def _height_mm(dataset: Dataset) -> float | None:
    """Return the distance along the normal of the slices (0020,0032), (0020,0037); None where it is not stated."""
    normal = slice_normal(dataset)
    try:
        position_mm = [float(entry) for entry in value(dataset, "ImagePositionPatient")]
    except (TypeError, ValueError):
        return None
    if normal is None or len(position_mm) != 3:
        return None
    return sum(along * across for along, across in zip(position_mm, normal, strict=True))
