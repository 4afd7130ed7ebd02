"""A small ultrasound clip as a DICOM file, and the facts of it."""

from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, UltrasoundMultiFrameImageStorage

from annotations.exchange.clip_facts import ClipFacts
from cases.calibration import Region, ScaleSource
from tests.annotations.strategies import COLUMNS, FRAMES, ROWS

SOP_INSTANCE_UID = "2.25.1234567"


def dicom_clip(path: Path, *, colour: bool = False) -> Path:
    """Write a clip of `FRAMES` frames of speckle; it names nobody."""
    header = Dataset()
    header.file_meta = FileMetaDataset()
    header.file_meta.MediaStorageSOPClassUID = UltrasoundMultiFrameImageStorage
    header.file_meta.MediaStorageSOPInstanceUID = SOP_INSTANCE_UID
    header.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    header.SOPClassUID = UltrasoundMultiFrameImageStorage
    header.SOPInstanceUID = SOP_INSTANCE_UID
    header.SpecificCharacterSet = "ISO_IR 192"
    header.StudyInstanceUID, header.SeriesInstanceUID = "2.25.1", "2.25.2"
    header.PatientName, header.PatientID = "SIMULATED^NOBODY", "SIMULATED"
    for keyword in ("PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "StudyID", "AccessionNumber"):
        setattr(header, keyword, "")
    header.ReferringPhysicianName, header.Manufacturer, header.PatientOrientation = "", "", ""
    header.Modality, header.SeriesNumber, header.InstanceNumber, header.Laterality = "US", 1, 1, "R"
    header.ImageType = ["DERIVED", "PRIMARY"]
    header.Rows, header.Columns, header.NumberOfFrames = ROWS, COLUMNS, FRAMES
    header.SamplesPerPixel = 3 if colour else 1
    header.PhotometricInterpretation = "RGB" if colour else "MONOCHROME2"
    if colour:
        header.PlanarConfiguration = 0
    header.BitsAllocated, header.BitsStored, header.HighBit, header.PixelRepresentation = 8, 8, 7, 0
    header.FrameTime, header.FrameIncrementPointer = "40", 0x00181063
    shape = (FRAMES, ROWS, COLUMNS, 3) if colour else (FRAMES, ROWS, COLUMNS)
    header.PixelData = np.random.default_rng(1).integers(0, 255, shape, dtype=np.uint8).tobytes()
    header.save_as(path, enforce_file_format=True)
    return path


def facts_of(path: Path | None) -> ClipFacts:
    """Facts of that clip: 0.1 mm a pixel across, 0.2 mm down."""
    return ClipFacts(
        clip="clip-1",
        frames=FRAMES,
        rows=ROWS,
        columns=COLUMNS,
        regions=(Region(0, 0, COLUMNS - 1, ROWS - 1, 0.1, 0.2),),
        scale_source=ScaleSource.ULTRASOUND_REGIONS,
        file=path,
    )
