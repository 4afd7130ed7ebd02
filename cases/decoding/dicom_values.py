"""What the samples of an MR picture mean, and whether the header still names a person."""

import math
import re
from collections.abc import Iterator

from pydicom.dataset import Dataset

from cases.clip import Window
from cases.decoding.dicom_header import items, value
from cases.decoding.dicom_scale import functional_groups
from cases.decoding.source import Findings
from cases.sentences import Remark

_NEUTRAL_WORDS = frozenset(
    [
        "anon",
        "anonymous",
        "anonymized",
        "anonymised",
        "anonymize",
        "deidentified",
        "deid",
        "removed",
        "unknown",
        "none",
        "null",
        "na",
        "nn",
        "test",
        "phantom",
        "simulated",
        "simulation",
        "demo",
        "sample",
        "example",
        "patient",
        "name",
        "id",
        "dicom",
        "derived",
        "case",
        "report",
        "volunteer",
        "subject",
        "no",
        "xxx",
        "xxxx",
    ]
)
_NEUTRAL_BIRTH_DATES = frozenset({"19000101", "19010101", "11111111", "00000000", "00010101"})


def read_rescale(dataset: Dataset) -> tuple[float, float] | None:
    """Return slope and intercept from samples to values (0028,1053), (0028,1052); 1 and 0 if absent.

    None where they differ between the frames of an enhanced file.
    """
    found = []
    for holder in _holders(dataset, "PixelValueTransformationSequence"):
        slope, intercept = _number(holder, "RescaleSlope"), _number(holder, "RescaleIntercept")
        if slope is not None and slope != 0:
            found.append((slope, intercept or 0.0))
            if holder is dataset:
                break
    return (1.0, 0.0) if not found else found[0] if len(set(found)) == 1 else None


def read_windows(dataset: Dataset, findings: Findings) -> tuple[Window, ...]:
    """Return the windows of the file (0028,1050), (0028,1051); those without a width are left out."""
    for holder in _holders(dataset, "FrameVOILUTSequence"):
        centers, widths = _numbers(holder, "WindowCenter"), _numbers(holder, "WindowWidth")
        pairs = [(center, width) for center, width in zip(centers, widths, strict=False) if width > 0]
        if pairs:
            return tuple(Window(_window_name(k, len(pairs)), *pair) for k, pair in enumerate(pairs))
        if centers:
            findings.remark(Remark.WINDOW_UNUSABLE)
    return ()


def slice_normal(dataset: Dataset) -> tuple[float, float, float] | None:
    """Return the normal of a slice by its orientation (0020,0037); None where that is not stated."""
    try:
        a, b, c, d, e, f = (float(entry) for entry in value(dataset, "ImageOrientationPatient"))
    except (TypeError, ValueError):
        return None
    return (b * f - c * e, c * d - a * f, a * e - b * d)


def carries_identity(dataset: Dataset) -> bool:
    """Whether name, number or birth date of a person stand in the header and are not obviously neutral."""
    name, number = (str(value(dataset, keyword) or "") for keyword in ("PatientName", "PatientID"))
    birth_date = str(value(dataset, "PatientBirthDate") or "").strip()
    return (
        not _is_neutral(name)
        or not _is_neutral(number)
        or not (birth_date == "" or birth_date in _NEUTRAL_BIRTH_DATES)
    )


def _is_neutral(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+", text.casefold())
    if not words:
        return not text.strip(" 0^-_.")
    return all(word in _NEUTRAL_WORDS for word in words)


def _window_name(index: int, count: int) -> str:
    return "From the file" if count == 1 else f"From the file, {index + 1}"


def _holders(dataset: Dataset, sequence: str) -> Iterator[Dataset]:
    yield dataset
    for group in functional_groups(dataset):
        yield from items(group, sequence)


def _number(holder: Dataset, keyword: str) -> float | None:
    found = _numbers(holder, keyword)
    return found[0] if found else None


def _numbers(holder: Dataset, keyword: str) -> list[float]:
    found = value(holder, keyword)
    if found is None or found == "":
        return []
    try:
        entries = [float(entry) for entry in (found if hasattr(found, "__iter__") else [found])]
    except (TypeError, ValueError):
        return []
    return entries if all(math.isfinite(entry) for entry in entries) else []
