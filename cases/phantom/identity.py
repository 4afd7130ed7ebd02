"""Names that every object carries: unique identifiers from scene and seed, and that nobody was examined."""

import uuid

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID

NAMESPACE = uuid.UUID("6f0d7bd2-4a0e-5d0c-9a35-1e6a8f2f9b11")
IMPLEMENTATION = UID("2.25." + str(uuid.uuid5(NAMESPACE, "implementation").int))
DERIVATION = "Computed from a digital phantom; no person was examined. Not for diagnosis."
SYNTHETIC_DATA_TAG = 0x0008001C


def uid_of(*parts: object) -> UID:
    """Return a unique identifier that is always the same for the same parts.

    Parameters
    ----------
    *parts : object
        What the object is made from, such as its scene and the word ``"series"``.

    Returns
    -------
    UID
        Under 2.25, as PS3.5 Annex B.2 allows.
    """
    return UID("2.25." + str(uuid.uuid5(NAMESPACE, "/".join(map(str, parts))).int))


def file_meta(sop_class: UID, sop_instance: UID, transfer_syntax: UID) -> FileMetaDataset:
    """Head of a DICOM file."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = sop_class
    meta.MediaStorageSOPInstanceUID = sop_instance
    meta.TransferSyntaxUID = transfer_syntax
    meta.ImplementationClassUID = IMPLEMENTATION
    meta.ImplementationVersionName = "PHANTOM"
    return meta


def add_nobody(dataset: Dataset, *, case_id: str, side: str) -> None:
    """Fill patient, study and equipment of an object: simulated, nobody, no date.

    Parameters
    ----------
    dataset : Dataset
        Object to fill.
    case_id : str
        Case it belongs to; one case is one study.
    side : str
        ``"left"`` or ``"right"``.
    """
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName = "SIMULATED^PHANTOM"
    dataset.PatientID = "SIMULATED"
    dataset.PatientBirthDate = ""
    dataset.PatientSex = ""
    dataset.PatientComments = "Simulated. No person."
    dataset.StudyInstanceUID = uid_of(case_id, "study")
    dataset.StudyDate = ""
    dataset.StudyTime = ""
    dataset.ReferringPhysicianName = ""
    dataset.StudyID = "SIMULATED"
    dataset.AccessionNumber = ""
    dataset.StudyDescription = "SIMULATED thigh"
    dataset.Manufacturer = "SIMULATED"
    dataset.ManufacturerModelName = "digital phantom"
    dataset.SoftwareVersions = "1"
    dataset.add_new(SYNTHETIC_DATA_TAG, "CS", "YES")
    dataset.BodyPartExamined = "THIGH"
    dataset.Laterality = "R" if side == "right" else "L"
    dataset.DerivationDescription = DERIVATION
    dataset.BurnedInAnnotation = "NO"
    dataset.RecognizableVisualFeatures = "NO"
    dataset.PatientOrientation = ""
    dataset.InstanceNumber = 1
    dataset.AcquisitionNumber = None
    dataset.ContentDate = ""
    dataset.ContentTime = ""


def code_item(value: str, meaning: str, scheme: str = "SCT") -> Dataset:
    """One item of a code sequence."""
    item = Dataset()
    item.CodeValue = value
    item.CodingSchemeDesignator = scheme
    item.CodeMeaning = meaning
    return item
