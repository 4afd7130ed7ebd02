"""A file of another program, recognised by its bytes and read, or refused with the reason."""

import io
import json
import warnings
from dataclasses import replace
from pathlib import Path

import pydicom
from pydicom.dataset import Dataset

from annotations.document import parse_document
from annotations.errors import AnnotationFormatError, ImportRefusedError
from annotations.exchange.clip_facts import ClipFacts
from annotations.exchange.coco_reading import read_coco
from annotations.exchange.cvat_reading import read_cvat
from annotations.exchange.imported import Imported, Reader, Reading, marks_in_words
from annotations.exchange.presentation_state_reading import read_presentation_state
from annotations.exchange.segmentation_reading import read_segmentation
from annotations.exchange.structured_report_reading import read_structured_report

MAX_FILE_BYTES = 512 * 1024 * 1024
SR_CLASSES = "1.2.840.10008.5.1.4.1.1.88."
PRESENTATION_STATE_CLASSES = "1.2.840.10008.5.1.4.1.1.11."
SEGMENTATION_CLASSES = ("1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7")


def read_marks(
    path: Path,
    *,
    clip: str,
    facts: ClipFacts | None = None,
    case: str = "",
    other_clips: frozenset[str] = frozenset(),
) -> Imported:
    """Read the marks of a file of any format that we know.

    Parameters
    ----------
    path : Path
        The file.
    clip : str
        Id of the clip that the marks shall lie on.
    facts : ClipFacts, optional
        What is known of that clip; a file that was made for other pictures is then refused.
    case, other_clips : str and frozenset of str
        The case of that clip and its other clips, as in `Reading`.

    Returns
    -------
    Imported
        The marks, and in sentences what was left out.

    Raises
    ------
    ImportRefusedError
        If nothing can be taken over; the message says why.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ImportRefusedError(f"{path.name}: the file is larger than 512 MiB; export fewer marks.")
        content = path.read_bytes()
    except OSError as error:
        raise ImportRefusedError(f"{path.name}: the file cannot be read ({error.strerror}).") from error
    return read_content(content, Reading(path.name, clip, facts, case, other_clips))


def read_content(content: bytes, reading: Reading) -> Imported:
    """Read the marks of a file whose bytes are at hand, as a `Reader` does.

    Raises
    ------
    ImportRefusedError
        If nothing can be taken over; the message says why.
    """
    start = content[:256].lstrip(b"\xef\xbb\xbf \t\r\n")
    if content[128:132] == b"DICM":
        return _read_dicom(content, reading)
    if start.startswith(b"<"):
        return read_cvat(content, reading)
    if start.startswith(b"{"):
        return _read_json(content, reading)
    raise ImportRefusedError(
        f"{reading.name}: this is no file of marks that we know; use DICOM SR, GSPS or SEG, CVAT for video 1.1, "
        "COCO or our own JSON."
    )


def _read_json(content: bytes, reading: Reading) -> Imported:
    name, clip = reading.name, reading.clip
    try:
        keys = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ImportRefusedError(f"{name}: this is not JSON; export the marks again.") from error
    if "schema_version" not in keys:
        return read_coco(content, reading)
    try:
        document = parse_document(content.decode("utf-8"), name)
    except (AnnotationFormatError, UnicodeDecodeError) as error:
        raise ImportRefusedError(str(error)) from error
    wanted = {clip, *(reading.other_clips if document.case == reading.case else ())}
    marks = tuple(mark for mark in document.marks if mark.clip in wanted)
    if not marks:
        clips = ", ".join(sorted({mark.clip for mark in document.marks})) or "none"
        raise ImportRefusedError(
            f"{name}: the document has no mark on the clip “{clip}”; its clips are: {clips}."
        )
    others = len(document.marks) - len(marks)
    if others:
        reading.remarks.append(f"On other clips, so left out: {marks_in_words(others)}.")
    if document.chapters:
        reading.remarks.append("The chapters in the file were left out; set them below the player.")
    if any(document.not_understood.values()):
        reading.remarks.append(
            "What a newer version of the viewer wrote and this one cannot read was left out."
        )
    imported = reading.imported("our JSON", marks, "")
    frames = tuple(frame for frame in document.annotated_frames if frame.clip in wanted)
    return replace(imported, frames=frames, layer=document.layer)


def _read_dicom(content: bytes, reading: Reading) -> Imported:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # values that break the rules of DICOM still serve
            dataset = pydicom.dcmread(io.BytesIO(content))
            sop_class = str(dataset.get("SOPClassUID") or "")
            reader: Reader[Dataset]
            if sop_class.startswith(SR_CLASSES):
                reader = read_structured_report
            elif sop_class.startswith(PRESENTATION_STATE_CLASSES):
                reader = read_presentation_state
            elif sop_class in SEGMENTATION_CLASSES:
                reader = read_segmentation
            else:
                kind = dataset.SOPClassUID.name if sop_class else "object of no stated class"
                raise ImportRefusedError(
                    f"{reading.name}: this DICOM file is a {kind} and holds no marks of ours to read."
                )
            _check_image(dataset, reading)
            return reader(dataset, reading)
    except ImportRefusedError:
        raise
    except Exception as error:  # a damaged file makes pydicom fail in any way, and late
        raise ImportRefusedError(f"{reading.name}: the DICOM file is damaged; export it again.") from error


def _check_image(dataset: Dataset, reading: Reading) -> None:
    """Refuse an object that refers to images, but not to the clip's own."""
    if reading.facts is None or reading.facts.file is None:
        return
    try:
        own = str(reading.facts.dicom_header().SOPInstanceUID)
    except Exception:  # not a DICOM clip: nothing to compare with
        return
    referred = {
        str(element.value) for element in dataset.iterall() if element.keyword == "ReferencedSOPInstanceUID"
    }
    if referred and own not in referred:
        raise ImportRefusedError(
            f"{reading.name}: it was made for another image than this clip; choose that clip."
        )
