"""A first look at a file: what it is and which series it belongs to, without its frames."""

import hashlib
from pathlib import Path
from typing import Any

from pydicom.dataset import Dataset

from cases.clip import Container
from cases.decoding.dicom_file import open_dicom
from cases.decoding.dicom_header import items, number, value
from cases.decoding.dicom_values import carries_identity, slice_normal
from cases.decoding.first_look import MAX_REFERENCES
from cases.decoding.recognition import recognise
from cases.decoding.source import RefusedError
from cases.settings import Limits

DISC_INDEX = "1.2.840.10008.1.3.10"
_SLICES = frozenset({"MR", "CT"})


def glance_at(path: Path, limits: Limits) -> dict[str, Any]:
    """Say what a file is.

    Parameters
    ----------
    path : Path
        The file.
    limits : Limits
        Largest file.

    Returns
    -------
    dict
        ``container``; ``series``: equal for the single slices of one MR or CT series, else None;
        ``carries_identity``; ``instance``: equal for files of one identifier; ``references``: what the index of a
        disc names. ``series`` and ``instance`` are made so that no identifier can be read from them.

    Raises
    ------
    RefusedError
        If the file is missing, empty or too large.
    """
    container = recognise(path, limits)
    answer: dict[str, Any] = {
        "container": container,
        "series": None,
        "carries_identity": False,
        "instance": None,
        "references": None,
    }
    if container is not Container.DICOM:
        return answer
    try:
        file = open_dicom(path, limits)
    except RefusedError:
        return answer  # reading it will say why
    with file.stream:
        dataset = file.dataset
        answer["carries_identity"] = carries_identity(dataset)
        answer["instance"] = _hashed(value(dataset, "SOPInstanceUID"))
        answer["series"] = _series(dataset)
        if is_disc_index(dataset):
            answer["references"] = _references(dataset)
    return answer


def is_disc_index(dataset: Dataset) -> bool:
    """Whether this is the index of a disc (DICOMDIR), which holds no picture but names files that do."""
    return DISC_INDEX in (value(dataset.file_meta, "MediaStorageSOPClassUID"), value(dataset, "SOPClassUID"))


def _series(dataset: Dataset) -> str | None:
    is_slice = str(value(dataset, "Modality")) in _SLICES and (number(dataset, "NumberOfFrames") or 1) == 1
    uid = value(dataset, "SeriesInstanceUID")
    if not is_slice or not uid:
        return None
    return _hashed(f"{uid}/{number(dataset, 'Rows')}/{number(dataset, 'Columns')}/{_plane(dataset)}")


def _plane(dataset: Dataset) -> int | None:
    """Return which axis of the body the slice is most across (0020,0037): scouts hold all three in one series."""
    normal = slice_normal(dataset)
    return None if normal is None else max(range(3), key=lambda axis: abs(normal[axis]))


def _references(dataset: Dataset) -> list[dict[str, Any]]:
    """Return the files of the directory records (0004,1220) in their order: (0004,1500) and (0004,1511)."""
    found = []
    for record in items(dataset, "DirectoryRecordSequence")[:MAX_REFERENCES]:
        parts = value(record, "ReferencedFileID")
        if parts:
            listed = [str(part) for part in ([parts] if isinstance(parts, str) else parts)]
            instance = _hashed(value(record, "ReferencedSOPInstanceUIDInFile"))
            found.append({"parts": listed, "instance": instance})
    return found


def _hashed(uid: object) -> str | None:
    return hashlib.sha256(str(uid).encode()).hexdigest() if uid else None
