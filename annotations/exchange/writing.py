"""Marks of one clip written in a format, whole or not at all."""

import os
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from pydicom.dataset import Dataset

from annotations.document import AnnotationDocument, document_text
from annotations.errors import ExportError
from annotations.exchange.clip_facts import ClipFacts
from annotations.exchange.coco import coco_json
from annotations.exchange.cvat import cvat_xml
from annotations.exchange.formats import Format
from annotations.exchange.presentation_state import presentation_state
from annotations.exchange.segmentation import segmentation
from annotations.exchange.steps import Steps, StoppableFile
from annotations.exchange.structured_report import structured_report

_DICOM = {Format.SR: structured_report, Format.GSPS: presentation_state, Format.SEG: segmentation}


def write_marks(
    document: AnnotationDocument, clip: ClipFacts, wanted: Format, target: Path, steps: Steps | None = None
) -> None:
    """Write the marks of one clip; our own JSON holds those of every clip of the layer.

    Parameters
    ----------
    document : AnnotationDocument
        One layer.
    clip : ClipFacts
        The clip.
    wanted : Format
        The format.
    target : Path
        The file; it appears when it is complete.
    steps : Steps, optional
        Told of each frame of each mark that is written; may stop the writing.

    Raises
    ------
    ExportCancelledError
        If it was stopped; nothing is left behind.
    ExportError
        If the format cannot be written for this clip, or the file cannot.
    """
    steps = steps or Steps()
    if wanted in _DICOM:
        dataset = _DICOM[wanted](document, clip, steps)
        keep_whole(target, lambda path: _save(dataset, path, steps))
        steps.step()
        return
    content = {
        Format.JSON: lambda: document_text(document).encode(),
        Format.CVAT: lambda: cvat_xml(document, clip, steps),
        Format.COCO: lambda: coco_json(document, clip, steps),
    }[wanted]()
    keep_whole(target, lambda path: _write(path, content))
    steps.step()


def keep_whole(target: Path, write: Callable[[Path], object]) -> None:
    """Let a file appear under its name only once it is written and on the disk.

    Parameters
    ----------
    target : Path
        Where it shall be.
    write : callable
        Writes the file whose path it is given; what it raises leaves nothing behind.

    Raises
    ------
    ExportError
        If the folder cannot be written to.
    """
    part = target.with_name(f".{target.name}.{uuid4().hex[:8]}.part{target.suffix}")
    try:
        write(part)
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.replace(target)
    except OSError as error:
        raise ExportError(
            f"{target}: the file cannot be written ({error.strerror}); choose another folder."
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _save(dataset: Dataset, path: Path, steps: Steps) -> None:
    with StoppableFile(path, steps) as file:
        dataset.save_as(file, enforce_file_format=True)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
