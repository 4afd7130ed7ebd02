"""A series of MRI-style slices as DICOM MR Image Storage, one file a slice."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage

from cases.phantom.identity import add_nobody, code_item, file_meta, uid_of
from cases.phantom.mr_scan import MrGeometry
from cases.phantom.spin_echo import MrSequence

WORDS = "SIMULATED, not MRI"
FONT, FONT_SCALE = cv2.FONT_HERSHEY_SIMPLEX, 0.42
FULL_SCALE = 4000.0
"""Stored value of fully relaxed water; the rescale slope leads back to it."""
FIELD_STRENGTH_T = 3.0


@dataclass(frozen=True, slots=True)
class MrSeries:
    """What a series is called and how it was taken.

    Parameters
    ----------
    name : str
        Also the stem of its file names.
    geometry, sequence
        How it was taken.
    side : str
        ``"left"`` or ``"right"``.
    seed : int
        Seed of its scene.
    """

    name: str
    geometry: MrGeometry
    sequence: MrSequence
    side: str
    seed: int

    @property
    def file_names(self) -> tuple[str, ...]:
        """Name of each slice's file, in order of position."""
        return tuple(f"{self.name}-{number:02d}.dcm" for number in range(1, self.geometry.slices + 1))


def write_slice(
    magnitude: NDArray[np.float32],
    series: MrSeries,
    slice_index: int,
    window: tuple[float, float],
    folder: Path,
    *,
    case_id: str,
) -> Path:
    """Write one slice.

    Parameters
    ----------
    magnitude : ndarray of float32, shape (matrix, matrix)
        Signal against fully relaxed water.
    series : MrSeries
        The series.
    slice_index : int
        Zero-based slice.
    window : tuple of float
        Centre and width, in the unit of ``magnitude``.
    folder : Path
        Where to.
    case_id : str
        Case it belongs to.
    """
    stored = with_words(np.clip(np.round(magnitude * FULL_SCALE), 0, 32767).astype(np.uint16), window)
    path = folder / series.file_names[slice_index]
    instance = uid_of(case_id, series.name, series.seed, series.geometry, "slice", slice_index)
    meta = file_meta(MRImageStorage, instance, ExplicitVRLittleEndian)
    dataset = FileDataset(str(path), {}, file_meta=meta, preamble=b"\0" * 128)
    add_nobody(dataset, case_id=case_id, side=series.side)
    dataset.SOPClassUID = MRImageStorage
    dataset.SOPInstanceUID = instance
    dataset.Modality = "MR"
    dataset.SeriesInstanceUID = uid_of(case_id, series.name, series.seed, series.geometry, "series")
    dataset.SeriesNumber = 1
    dataset.SeriesDescription = f"SIMULATED MRI-style {series.sequence.name} {series.geometry.plane}"
    dataset.ImageType = ["DERIVED", "SECONDARY", "OTHER"]
    dataset.ImageComments = f"SIMULATED, not MRI. seed {series.seed}. Not for diagnosis."
    dataset.InstanceNumber = slice_index + 1
    dataset.AnatomicRegionSequence = Sequence([code_item("68367000", "Thigh")])
    dataset.PositionReferenceIndicator = ""
    dataset.PatientPosition = "HFS"
    _add_sequence(dataset, series.sequence)
    _add_position(dataset, series, slice_index, case_id)
    _add_pixels(dataset, stored, window)
    dataset.save_as(path, enforce_file_format=True)
    return path


def with_words(stored: NDArray[np.uint16], window: tuple[float, float]) -> NDArray[np.uint16]:
    """Burn the words in on a black strip, as bright as the window's white.

    Parameters
    ----------
    stored : ndarray of uint16, shape (rows, columns)
        Slice without words.
    window : tuple of float
        Centre and width, in the unit of the signal.
    """
    mask, marked = np.zeros(stored.shape, dtype=np.uint8), stored.copy()
    (width, height), below = cv2.getTextSize(WORDS, FONT, FONT_SCALE, 1)
    baseline = stored.shape[0] - 8
    cv2.putText(mask, WORDS, (6, baseline), FONT, FONT_SCALE, 255, 1, cv2.LINE_AA)
    marked[baseline - height - 2 : baseline + below, 3 : 9 + width] = 0
    white = (window[0] + window[1] / 2) * FULL_SCALE
    return np.maximum(marked, (mask / 255.0 * white).astype(np.uint16))


def _add_sequence(dataset: Dataset, sequence: MrSequence) -> None:
    """Sequence parameters, as simulated."""
    dataset.ScanningSequence = ["SE", "IR"] if sequence.inversion_time_ms > 0 else "SE"
    dataset.SequenceVariant = "SK"
    dataset.ScanOptions = "FS" if sequence.fat_factor < 1 else ""
    dataset.MRAcquisitionType = "2D"
    dataset.SequenceName = sequence.name
    dataset.RepetitionTime = sequence.repetition_time_ms
    dataset.EchoTime = sequence.echo_time_ms
    if sequence.inversion_time_ms > 0:
        dataset.InversionTime = sequence.inversion_time_ms
    dataset.EchoTrainLength = 1
    dataset.MagneticFieldStrength = FIELD_STRENGTH_T


def _add_position(dataset: Dataset, series: MrSeries, slice_index: int, case_id: str) -> None:
    """Position in the patient's left-posterior-superior axes.

    Medial is left on a right thigh and right on a left one; distal is inferior; depth is posterior.
    """
    geometry = series.geometry
    x0, y0, z0 = geometry.middle_mm
    half = geometry.field_of_view_mm / 2 - geometry.mm_per_px / 2
    medial = 1.0 if series.side == "right" else -1.0
    at = geometry.slice_position_mm(slice_index)
    if geometry.plane == "sagittal":
        first, orientation = (medial * at, z0 - half, -(x0 - half)), [0, 1, 0, 0, 0, -1]
    else:
        first, orientation = (medial * (y0 - half), z0 - half, -at), [int(medial), 0, 0, 0, 1, 0]
    dataset.FrameOfReferenceUID = uid_of(case_id, "frame of reference", series.side)
    dataset.ImagePositionPatient = [round(value, 4) for value in first]
    dataset.ImageOrientationPatient = orientation
    pitch = round(geometry.mm_per_px, 8)
    dataset.PixelSpacing = [pitch, pitch]
    dataset.SliceThickness = geometry.slice_thickness_mm
    dataset.SpacingBetweenSlices = round(geometry.slice_thickness_mm + geometry.slice_gap_mm, 6)
    dataset.SliceLocation = round(at, 4)
    dataset.PatientOrientation = (
        ["P", "F"] if geometry.plane == "sagittal" else ["L" if medial > 0 else "R", "P"]
    )


def _add_pixels(dataset: Dataset, stored: NDArray[np.uint16], window: tuple[float, float]) -> None:
    """Pixels, 16 bits, with the slope back to the signal and the window to show it in."""
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows, dataset.Columns = stored.shape
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit = 15
    dataset.PixelRepresentation = 0
    dataset.RescaleSlope = 1.0 / FULL_SCALE * 1000.0
    dataset.RescaleIntercept = 0.0
    dataset.RescaleType = "US"
    dataset.WindowCenter = round(window[0] * 1000, 2)
    dataset.WindowWidth = round(window[1] * 1000, 2)
    dataset.PixelData = stored.tobytes()
    dataset["PixelData"].VR = "OW"
