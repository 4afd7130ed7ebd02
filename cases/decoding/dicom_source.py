"""One DICOM file as a source of encoded frames."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pydicom.dataset import Dataset

from cases.clip import ClipHead, ClipKind, Container, Window
from cases.decoding.damage import DamageWatch
from cases.decoding.dicom_encoding import FrameEncoder, choose_encoder
from cases.decoding.dicom_file import DicomFile, open_dicom
from cases.decoding.dicom_fragments import EmptyFrameError
from cases.decoding.dicom_frames import as_stored, is_several_frames, refuse_floating_point, stored_frames
from cases.decoding.dicom_header import read_layout, value
from cases.decoding.dicom_palette import read_palette
from cases.decoding.dicom_samples import Display, inverted_zero
from cases.decoding.dicom_scale import note_pixel_shape, read_scale
from cases.decoding.dicom_time import read_timing, timing_of_kept
from cases.decoding.dicom_values import carries_identity, read_rescale, read_windows
from cases.decoding.dicom_video import VIDEO_SYNTAXES, DicomVideoSource
from cases.decoding.frame_decoders import NEVER_ZEROS
from cases.decoding.glance import is_disc_index
from cases.decoding.source import Findings, RefusedError, Wishes, check_frames, raise_if_out_of_memory
from cases.frame_timing import FrameTiming, TimingSource
from cases.sentences import Refusal, Remark

_SECTIONAL = frozenset({"MR", "CT", "PT", "NM"})
_ULTRASOUND_VOLUME = "1.2.840.10008.5.1.4.1.1.6.2"
"""Enhanced US Volume Storage, whose frames lie beside each other."""

_NOT_PICTURES = {
    "SR": "report",
    "PR": "presentation state",
    "KO": "key object selection",
    "SEG": "segmentation",
    "RTSTRUCT": "structure set",
    "RTPLAN": "treatment plan",
    "RTDOSE": "dose distribution",
    "REG": "registration",
    "DOC": "document",
    "ECG": "waveform",
    "HD": "waveform",
    "AU": "sound recording",
}
_CLASSES_OF_NO_PICTURES = {
    f"1.2.840.10008.5.1.4.1.1.{branch}": kind
    for branch, kind in (
        ("88.", "report"),
        ("104.", "document"),
        ("66.", "segmentation"),
        ("11.", "presentation state"),
        ("9.", "waveform"),
        ("481.", "radiotherapy object"),
    )
}


class DicomSource:
    """One DICOM file, opened.

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
        If the file holds no picture that can be shown.
    """

    def __init__(self, file: DicomFile, wishes: Wishes, findings: Findings) -> None:
        self.findings, self.wishes, self.file = findings, wishes, file
        self.dataset: Dataset = file.dataset
        self.layout = as_stored(file, read_layout(self.dataset, wishes.limits), findings)
        findings.frames_declared = self.layout.frames
        findings.rows, findings.columns = self.layout.rows, self.layout.columns
        self.stored = stored_frames(self.file, self.layout, findings)
        if not self.layout.frames_stated and is_several_frames(self.stored):
            findings.remark(Remark.FRAMES_COUNTED, found=self.stored.count)
            check_frames(self.stored.count, wishes.limits)
            findings.frames_declared = self.stored.count
            self.layout = replace(self.layout, frames=self.stored.count)
            self.stored = stored_frames(self.file, self.layout, findings)
        findings.codec = self.stored.codec
        self._palette = read_palette(self.dataset) if self.layout.photometric == "PALETTE COLOR" else None
        self.kept: list[int] = []
        self._is_first_damaged_empty = False
        self._encoder: FrameEncoder | None = None

    @property
    def encoder(self) -> FrameEncoder:
        """How every frame is stored; chosen by the first frame's bytes."""
        if self._encoder is None:
            self._encoder = choose_encoder(
                self._first_stored(),
                self.stored.codec,
                Display(self.layout, self.stored.codec, self._palette, self.findings),
                is_little_endian=self.file.encoding.is_little_endian,
                limits=self.wishes.limits,
            )
        return self._encoder

    def frames(self) -> Iterator[bytes]:
        """Encode every frame; refuse at the end if one of them is missing, too many or damaged.

        Raises
        ------
        RefusedError
            If not all declared frames are there, unless the good ones were asked for.
        """
        self.findings.frames_decoded = 0
        if self.stored.count == 0:
            self._refuse_nothing()
        encoder, first_damaged, watch = self.encoder, None, DamageWatch()
        for frame_index in range(min(self.stored.count, self.layout.frames)):
            try:
                stored = self.stored.read(frame_index)
                encoded = encoder.encode(stored)
            except RefusedError:
                raise
            except Exception as error:  # whatever a codec raises, the frame is damaged
                raise_if_out_of_memory(error)
                if first_damaged is None:
                    first_damaged = frame_index
                    self._is_first_damaged_empty = isinstance(error, EmptyFrameError)
                continue
            watch.see(encoded.thumbnail, stored if self.findings.codec in NEVER_ZEROS else b"")
            self.kept.append(frame_index)
            self.findings.frames_decoded = len(self.kept)
            yield encoded.content
        self.findings.suspect_frames(watch, are_in_time=self._has_time)
        self._check_count(first_damaged)

    def head(self) -> ClipHead:
        """Say what the frames are."""
        layout, findings = self.layout, self.findings
        timing = self._timing()
        scale = read_scale(self.dataset, layout.rows, layout.columns, self.wishes, findings)
        note_pixel_shape(self.dataset, scale, findings)
        rescale = read_rescale(self.dataset)
        if rescale is None:
            findings.remark(Remark.RESCALE_VARIES)
        slope, intercept = rescale or (1.0, 0.0)
        encoder = self.encoder
        return ClipHead(
            kind=self._kind(timing),
            frames=len(self.kept),
            rows=layout.rows,
            columns=layout.columns,
            encoding=encoder.encoding,
            colour=encoder.colour,
            timing=timing,
            regions=scale.regions,
            scale_source=scale.source,
            scale_refused_because=scale.refused_because,
            rescale_slope=slope,
            rescale_intercept=intercept,
            windows=() if rescale is None else self._windows(slope, intercept),
            warnings=tuple(findings.remarks),
        )

    def _windows(self, slope: float, intercept: float) -> tuple[Window, ...]:
        """Return the windows of a grey picture; where its grey was turned round, they are turned with it."""
        if self.layout.samples_per_pixel != 1:
            return ()
        windows = read_windows(self.dataset, self.findings)
        if self.layout.photometric != "MONOCHROME1":
            return windows
        mirror = slope * inverted_zero(self.layout) + 2 * intercept
        return tuple(replace(window, center=mirror - window.center) for window in windows)

    def rest(self) -> None:
        """Close the file until its frames are asked for."""
        self.file.rest()

    def close(self) -> None:
        """Close the file."""
        self.file.stream.close()

    def _first_stored(self) -> bytes:
        try:
            return self.stored.read(0)
        except EmptyFrameError:
            return b""
        except EOFError as error:
            raise RefusedError(Refusal.PIXELS_CUT, good=0, declared=self.layout.frames) from error

    def _kind(self, timing: FrameTiming) -> ClipKind:
        if len(self.kept) == 1:
            return ClipKind.STILL
        return ClipKind.CLIP if self._has_time or timing.frame_starts_s is not None else ClipKind.SERIES

    @property
    def _has_time(self) -> bool:
        """Whether the frames follow each other in time even where the file does not say how fast."""
        is_volume = str(value(self.dataset, "SOPClassUID")) == _ULTRASOUND_VOLUME
        return not is_volume and str(value(self.dataset, "Modality")) not in _SECTIONAL

    def _timing(self) -> FrameTiming:
        timing = read_timing(self.dataset, self.layout.frames, self.wishes, self.findings)
        if timing.frame_starts_s is None and timing.source is TimingSource.UNKNOWN:
            if not self._has_time:
                return FrameTiming(None, None, TimingSource.NOT_APPLICABLE)
            self.findings.remark(Remark.TIME_UNKNOWN)
        return timing_of_kept(timing, self.kept)

    def _refuse_nothing(self) -> None:
        needed = self.layout.frame_bytes * self.layout.frames
        present = getattr(self.stored, "present_bytes", 0)
        raise RefusedError(Refusal.PIXELS_SHORT, present=present, needed=needed)

    def _check_count(self, first_damaged: int | None) -> None:
        declared, found, good = self.layout.frames, self.stored.count, len(self.kept)
        if good == 0 and not self._is_first_damaged_empty:
            raise RefusedError(Refusal.NO_GOOD_FRAME)
        if found > declared and not self.layout.frames_stated:
            self.findings.remark(Remark.MORE_DATA_THAN_DECLARED, declared=declared)
            found = declared
        if good == found == declared:
            if self.stored.is_cut:
                self.findings.remark(Remark.END_MARK_MISSING)
            return
        if not self.wishes.keep_good_frames:
            raise self._count_refusal(first_damaged)
        if good < declared:
            self.findings.remark(Remark.FEWER_FRAMES_KEPT, declared=declared, good=good)
        else:
            self.findings.remark(Remark.MORE_DATA_THAN_DECLARED, declared=declared)

    def _count_refusal(self, first_damaged: int | None) -> RefusedError:
        declared, found, good = self.layout.frames, self.stored.count, len(self.kept)
        if self.stored.is_cut:
            return RefusedError(Refusal.PIXELS_CUT, good=good, declared=declared)
        if first_damaged is not None:
            refusal = Refusal.FRAME_EMPTY if self._is_first_damaged_empty else Refusal.FRAMES_DAMAGED
            return RefusedError(refusal, frame=first_damaged + 1, good=good, declared=declared)
        fewer = found < declared
        return RefusedError(
            Refusal.FRAMES_FEWER if fewer else Refusal.FRAMES_MORE, declared=declared, found=found
        )


def open_dicom_source(path: Path, wishes: Wishes, findings: Findings) -> "DicomSource | DicomVideoSource":
    """Open a DICOM file, as single frames or as a video by its transfer syntax.

    Parameters
    ----------
    path : Path
        The file.
    wishes : Wishes
        What the caller knows and asks for.
    findings : Findings
        Filled while the file is read.

    Returns
    -------
    DicomSource or DicomVideoSource
        The file as a source of frames.

    Raises
    ------
    RefusedError
        If the file holds no picture that can be shown.
    """
    findings.container = Container.DICOM
    file = open_dicom(path, wishes.limits)
    try:
        findings.carries_identity = carries_identity(file.dataset)
        refuse_other_types(file.dataset)
        if file.pixels_at >= file.file_bytes:
            raise RefusedError(Refusal.NO_PICTURE)
        refuse_floating_point(file)
        if not file.is_as_labelled:
            findings.remark(Remark.HEADER_NOT_AS_LABELLED)
        is_video = file.transfer_syntax in VIDEO_SYNTAXES
        return (DicomVideoSource if is_video else DicomSource)(file, wishes, findings)
    except RefusedError:
        file.stream.close()
        raise


def refuse_other_types(dataset: Dataset) -> None:
    """Refuse reports, segmentations and other objects that are no pictures, by their modality or class.

    Raises
    ------
    RefusedError
        If the object is one of them.
    """
    if is_disc_index(dataset):
        raise RefusedError(Refusal.IS_INDEX)
    kind = _NOT_PICTURES.get(str(value(dataset, "Modality") or "").strip())
    of_class = str(value(dataset, "SOPClassUID") or "")
    kinds = (said for root, said in _CLASSES_OF_NO_PICTURES.items() if of_class.startswith(root))
    kind = kind or next(kinds, None)
    if kind is not None:
        raise RefusedError(Refusal.NOT_A_PICTURE_TYPE, type=kind)
