"""What structured reports, presentation states and segmentations have in common."""

import math
import re
import uuid
from collections.abc import Sequence

import numpy as np
from highdicom.sr import CodedConcept
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import UID

from annotations.concept import PRIVATE_SCHEME, Concept
from annotations.exchange.clip_facts import ClipFacts
from annotations.exchange.sightings import PointList, point_list
from annotations.mark import Kind
from annotations.outline import principal_axes_px
from annotations.part import PointPx

NAMESPACE = uuid.UUID("0b1f2f46-2f0e-5b53-9a55-6b6c2f8f6a10")
MANUFACTURER = "MSUS teaching viewer"
MODEL_NAME = "annotations"
SOFTWARE_VERSION = "1"
SERIAL_NUMBER = "none"
LO_LENGTH = 64
SAME_PX = 0.0005
"""Coordinates are written as 32-bit floats."""


def uid_of(*parts: str) -> UID:
    """Make the identifier that is always the same for the same parts, under 2.25.

    References
    ----------
    DICOM PS3.5 B.2, UUID Derived UID.
    """
    return UID("2.25." + str(uuid.uuid5(NAMESPACE, "\n".join(parts)).int))


def new_uid() -> UID:
    """Make the identifier of a new object."""
    return UID("2.25." + str(uuid.uuid4().int))


def coded(concept: Concept) -> CodedConcept:
    """Return a concept as DICOM writes it."""
    return CodedConcept(value=concept.code, scheme_designator=concept.scheme, meaning=concept.meaning)


def concept_of(code: Dataset | None) -> Concept | None:
    """Read a concept from an item of a code sequence; None where it has no usable code."""
    if code is None:
        return None
    value = code.get("CodeValue") or code.get("LongCodeValue") or ""
    scheme, meaning = code.get("CodingSchemeDesignator") or "", code.get("CodeMeaning") or value
    if not value or not scheme:
        return None
    return Concept(scheme=str(scheme)[:16], code=str(value)[:64], meaning=str(meaning)[:64])


def our_code(value: str, meaning: str) -> CodedConcept:
    """Return a code of our private scheme."""
    return CodedConcept(value=value, scheme_designator=PRIVATE_SCHEME, meaning=meaning)


def short_text(text: str, limit: int = LO_LENGTH) -> str:
    r"""Make a text fit for a short string of DICOM: one line, without a backslash.

    >>> short_text("gap\nat rest \\ peak")
    'gap at rest / peak'
    """
    return re.sub(r"\s+", " ", text.replace("\\", "/")).strip()[:limit]


def person_name(text: str) -> str:
    """Make a name fit for DICOM: as a family name, so that it is never taken for two."""
    family = re.sub(r"[\\^=\s]+", " ", text).strip()[:60]
    return f"{family or 'unknown'}^"


def graphic_of(kind: Kind, points_px: Sequence[PointPx]) -> tuple[str, NDArray[np.float64]]:
    """Return the graphic type and data that draw a mark.

    Parameters
    ----------
    kind : Kind
        What the mark is.
    points_px : sequence of points
        Its points, in image pixels, corner origin, as DICOM counts too.

    Returns
    -------
    graphic_type : str
        ``POINT``, ``POLYLINE`` or ``ELLIPSE``.
    data : ndarray of float64, shape (points, 2)
        An outline ends where it begins; an ellipse is the ends of its longer, then of its shorter axis.

    References
    ----------
    DICOM PS3.3 C.18.6.1.2 and C.10.5.1.2, Graphic Data and Graphic Type.
    """
    points = np.asarray(points_px, dtype=np.float64)
    if len(points) == 1:
        return "POINT", points
    if kind is Kind.ELLIPSE:
        center, longer, shorter = np.asarray(principal_axes_px(points_px))
        return "ELLIPSE", np.stack([longer, 2 * center - longer, shorter, 2 * center - shorter])
    return "POLYLINE", np.concatenate([points, points[:1]]) if kind.is_closed else points


def reaches_out(kind: Kind, points_px: Sequence[PointPx], clip: ClipFacts) -> bool:
    """Tell whether a graphic leaves the picture, where DICOM allows no coordinates."""
    data = graphic_of(kind, points_px)[1]
    return bool((data < 0).any() or (data > (clip.columns, clip.rows)).any())


def mark_of_graphic(graphic_type: str, data: NDArray[np.float64]) -> tuple[Kind, PointList] | None:
    """Return the kind and points of a mark that a graphic draws.

    Parameters
    ----------
    graphic_type : str
        As in DICOM.
    data : ndarray of float64, shape (points, 2)
        Graphic data.

    Returns
    -------
    kind, points_px
        None where the graphic is of no kind of ours or has too few points.
    """
    count = len(data)
    if graphic_type == "POINT" and count >= 1:
        return Kind.POINT, point_list(data[:1])
    if graphic_type == "CIRCLE" and count == 2:
        radius = math.dist(data[0], data[1])
        return Kind.ELLIPSE, point_list([data[0], data[0] + [radius, 0], data[0] + [0, radius]])
    if graphic_type == "ELLIPSE" and count == 4:
        center = (data[0] + data[1]) / 2
        return Kind.ELLIPSE, point_list([center, data[0], data[2]])
    if graphic_type in ("POLYLINE", "INTERPOLATED"):
        if is_outline(data):
            return Kind.POLYGON, point_list(data[:-1])
        return (Kind.POLYLINE, point_list(data)) if count >= 2 else None
    return None


def is_outline(points_px: NDArray[np.float64]) -> bool:
    """Return whether DICOM takes a line for the outline of an area: one that ends where it begins (PS3.3 C.10.5)."""
    return len(points_px) >= 4 and np.allclose(points_px[0], points_px[-1], rtol=0.0, atol=SAME_PX)
