"""A first look at a file: what it is and which series it belongs to, without its frames."""

import hashlib
from pathlib import Path
from typing import Any

from cases.clip import Container
from cases.decoding.dicom_file import open_dicom
from cases.decoding.dicom_header import number, value
from cases.decoding.dicom_values import carries_identity
from cases.decoding.recognition import recognise
from cases.decoding.source import RefusedError
from cases.settings import Limits

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
        ``container``; ``series``: equal for the single slices of one MR or CT series, else None, made so that
        no identifier of the file can be read from it; ``carries_identity``.

    Raises
    ------
    RefusedError
        If the file is missing, empty or too large.
    """
    container = recognise(path, limits)
    answer: dict[str, Any] = {"container": container, "series": None, "carries_identity": False}
    if container is not Container.DICOM:
        return answer
    try:
        file = open_dicom(path, limits)
    except RefusedError:
        return answer  # reading it will say why
    with file.stream:
        dataset = file.dataset
        answer["carries_identity"] = carries_identity(dataset)
        is_slice = (
            str(value(dataset, "Modality")) in _SLICES and (number(dataset, "NumberOfFrames") or 1) == 1
        )
        uid = value(dataset, "SeriesInstanceUID")
        if is_slice and uid:
            size = f"{uid}/{number(dataset, 'Rows')}/{number(dataset, 'Columns')}"
            answer["series"] = hashlib.sha256(size.encode()).hexdigest()
    return answer
