"""What an exchange format has to know of the clip that marks were drawn on."""

import warnings
from dataclasses import dataclass
from pathlib import Path

import pydicom
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError

from annotations.errors import ExportError
from annotations.measurement import Precision
from cases.calibration import Region, ScaleSource
from cases.clip import ClipHead


@dataclass(frozen=True, slots=True)
class ClipFacts:
    """One clip, as far as marks are concerned.

    Parameters
    ----------
    clip : str
        Id of the clip in its case.
    frames, rows, columns : int
        Number of frames; size of each in pixels.
    regions : tuple of Region
        Calibrated rectangles.
    scale_source : ScaleSource
        Where the scale came from.
    file : Path or None
        The file that the clip came from; None where it is not known.
    frame_starts_s : tuple of float or None
        Start of each frame in seconds.
    """

    clip: str
    frames: int
    rows: int
    columns: int
    regions: tuple[Region, ...] = ()
    scale_source: ScaleSource = ScaleSource.NONE
    file: Path | None = None
    frame_starts_s: tuple[float, ...] | None = None

    @classmethod
    def of_head(cls, clip: str, head: ClipHead, file: Path | None = None) -> "ClipFacts":
        """Take the facts from the head of a clip's pack."""
        return cls(
            clip=clip,
            frames=head.frames,
            rows=head.rows,
            columns=head.columns,
            regions=head.regions,
            scale_source=head.scale_source,
            file=file,
            frame_starts_s=head.frame_starts_s,
        )

    @property
    def precision(self) -> Precision:
        """How well a point of this clip can be placed."""
        return Precision.for_scale(self.scale_source)

    def dicom_header(self) -> Dataset:
        """Read the header of the clip's own DICOM file, without its pixels.

        Returns
        -------
        Dataset
            What an SR, a presentation state or a segmentation refers to.

        Raises
        ------
        ExportError
            If the clip did not come as a DICOM file, or the file has other frames than the clip.
        """
        if self.file is None:
            raise ExportError(
                f"{self.clip}: the clip did not come as one DICOM file that can be referred to (but as a video, a "
                "picture, a series or without identifiers); export to CVAT or COCO instead."
            )
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # values of headers that break their own rules still serve
                header = pydicom.dcmread(self.file, stop_before_pixels=True)
        except (InvalidDicomError, OSError) as error:
            raise ExportError(
                f"{self.file.name}: the clip did not come as a DICOM file, so nothing in DICOM can refer to it; "
                "export to CVAT or COCO instead."
            ) from error
        size = (header.get("Rows"), header.get("Columns"), int(header.get("NumberOfFrames") or 1))
        if size != (self.rows, self.columns, self.frames):
            raise ExportError(
                f"{self.clip}: the clip has not all frames of its file, or other pictures, so nothing in DICOM can refer "
                "to them; export to CVAT or COCO instead."
            )
        return header
