"""What a DICOM file must say so that other objects can refer to it: its identifiers and its pictures' shape, no name.

Of an opened clip the file itself is not kept. This much of its header is, so that marks can be written as a report,
a presentation state or a segmentation that refers to the very file that the person opened.
"""

import warnings
from pathlib import Path

import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

KEPT = (
    "SOPClassUID",
    "SOPInstanceUID",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "Modality",
    "SeriesNumber",
    "InstanceNumber",
    "ImageType",
    "Laterality",
    "PatientOrientation",
    "Rows",
    "Columns",
    "NumberOfFrames",
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "PlanarConfiguration",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
)
REQUIRED = KEPT[:4]
# What objects that refer to it must hold, be it empty; of a person none of it is kept.
EMPTY = (
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "PatientSex",
    "StudyDate",
    "StudyTime",
    "StudyID",
    "AccessionNumber",
    "ReferringPhysicianName",
    "Manufacturer",
)
DEFLATED = b"1.2.840.10008.1.2.1.99"
META_BYTES = 4096


def keep_reference(file: Path, target: Path) -> bool:
    """Keep of a DICOM file what others need to refer to it.

    Parameters
    ----------
    file : Path
        A file that was read as a clip before; one that is no DICOM file is left alone.
    target : Path
        Where it is kept.

    Returns
    -------
    bool
        Whether there is something to refer to.
    """
    with file.open("rb") as opened:
        start = opened.read(META_BYTES)
    if start[128:132] != b"DICM" or DEFLATED in start:  # a deflated header has no bound on its size
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # values that break the rules of DICOM still serve
            said = pydicom.dcmread(file, stop_before_pixels=True, specific_tags=list(KEPT), defer_size=1024)
            if not all(said.get(keyword) for keyword in REQUIRED):
                return False
            _reference(said).save_as(target, enforce_file_format=True)
    except Exception:  # a header that breaks its rules fails in any way; then nothing refers to the file
        return False
    return True


def _reference(said: Dataset) -> Dataset:
    kept = Dataset()
    kept.file_meta = FileMetaDataset()
    kept.file_meta.MediaStorageSOPClassUID = said.SOPClassUID
    kept.file_meta.MediaStorageSOPInstanceUID = said.SOPInstanceUID
    kept.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    for keyword in KEPT:
        if keyword in said:
            setattr(kept, keyword, said[keyword].value)
    for keyword in EMPTY:
        setattr(kept, keyword, "")
    return kept
