"""Marks taken over from a DICOM structured report of TID 1500, ours or that of another program."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from annotations.concept import Concept
from annotations.exchange.dicom_parts import concept_of, mark_of_graphic
from annotations.exchange.imported import Imported, Reading, cleaned, id_from
from annotations.exchange.sightings import PointList, place_of
from annotations.mark import Kind, Mark, MarkSource

FORMAT_NAME = "DICOM structured report"
GROUP = "125007"
TRACKING_IDENTIFIER, TRACKING_UID = "112039", "112040"
FINDING, COMMENT = "121071", "121106"
OURS = {f"MARK_{kind.name}": kind for kind in Kind}


# Kind and points as drawn, the frames it is on, and the image that it refers to.
_Shape = tuple[Kind, PointList, tuple[int, ...], str]


@dataclass(slots=True)
class _Group:
    """What a measurement group says, as it is read."""

    name: str = ""
    identifier: str = ""
    concept: Concept | None = None
    kind: Kind | None = None
    texts: dict[str, str] = field(default_factory=dict)
    shapes: list[_Shape] = field(default_factory=list)


def read_structured_report(report: Dataset, reading: Reading) -> Imported:
    """Take the marks out of a structured report, as a `Reader` does."""
    groups: defaultdict[str, list[_Group]] = defaultdict(list)
    for number, item in enumerate(_measurement_groups(report)):
        group = _read_group(item, reading.remarks)
        groups[group.name or f"group {number + 1}"].append(group)
    images = {image for parts in groups.values() for part in parts for *_, image in part.shapes}
    if len(images) > 1:
        reading.remarks.append(
            "The report refers to more than one image; all of its marks were put on this clip."
        )
    marks = (mark for key, parts in groups.items() for mark in _marks(key, parts, reading.clip))
    return reading.imported(FORMAT_NAME, marks, "It holds no measurement with coordinates.")


def _measurement_groups(item: Dataset) -> Iterator[Dataset]:
    for child in item.get("ContentSequence") or []:
        if child.get("ValueType") == "CONTAINER" and _name_code(child) == GROUP:
            yield child
        else:
            yield from _measurement_groups(child)


def _read_group(item: Dataset, remarks: list[str]) -> _Group:
    group = _Group()
    for child in _descendants(item):
        code, kind = _name_code(child), child.get("ValueType")
        if kind == "TEXT" and code == TRACKING_IDENTIFIER:
            group.identifier = str(child.get("TextValue") or "")
        elif kind == "UIDREF" and code == TRACKING_UID:
            group.name = str(child.get("UID") or "")
        elif kind == "TEXT":
            group.texts[code] = str(child.get("TextValue") or "")
        elif kind == "CODE" and code == FINDING:
            group.concept = concept_of(_first(child, "ConceptCodeSequence"))
        elif kind == "CODE" and code == "MARK_KIND":
            group.kind = OURS.get(_code(_first(child, "ConceptCodeSequence")))
        elif kind == "SCOORD":
            _read_shape(child, group, remarks)
        elif kind == "SCOORD3D":
            remarks.append("Coordinates in space (SCOORD3D) were left out: a clip has no place in space.")
    return group


def _read_shape(item: Dataset, group: _Group, remarks: list[str]) -> None:
    values = np.asarray(item.get("GraphicData"), dtype=np.float64).reshape(-1, 2)
    drawn = mark_of_graphic(str(item.get("GraphicType") or ""), values)
    if drawn is None:
        remarks.append(f"A graphic of type {item.get('GraphicType')} was left out.")
        return
    images = [child for child in _descendants(item) if child.get("ValueType") == "IMAGE"]
    reference = _first(images[0], "ReferencedSOPSequence") if images else None
    numbers: Any = (reference.get("ReferencedFrameNumber") if reference is not None else None) or 1
    frames = tuple(
        int(n) - 1
        for n in (numbers if isinstance(numbers, list | tuple) or hasattr(numbers, "__iter__") else [numbers])
    )
    image = str(reference.get("ReferencedSOPInstanceUID") or "") if reference is not None else ""
    group.shapes.append((*drawn, frames, image))


def _marks(key: str, groups: list[_Group], clip: str) -> Iterator[Mark]:
    """Make marks of the groups that follow one thing: one for each shape of a group, as a rule one."""
    first = groups[0]
    for number in range(max(len(group.shapes) for group in groups)):
        drawn = [group.shapes[number] for group in groups if number < len(group.shapes)]
        shapes = [_as_said(shape, first.kind) for shape in drawn]
        kind = shapes[0][0]
        alike = [shape for shape in shapes if shape[0] is kind]
        seen = {index: points for _, points, frames, _ in alike for index in frames}
        name = (first.identifier or key) + (f".{number + 1}" if number else "")
        yield Mark(
            id=id_from(name),
            clip=clip,
            kind=_fitting(first.kind, kind),
            label=cleaned(first.texts.get("MARK_LABEL", "" if first.kind else first.identifier), 200),
            concept=first.concept,
            note=cleaned(first.texts.get(COMMENT, ""), 4_000),
            author=cleaned(first.texts.get("MARK_AUTHOR", ""), 200),
            source=MarkSource.IMPORTED,
            place=place_of(seen, with_gaps=len(alike) == 1),
        )


def _as_said(shape: _Shape, said: Kind | None) -> _Shape:
    """Return a line that ends where it begins as the line that the file says it is, not as an outline."""
    drawn, points, frames, image = shape
    if said is None or said.is_closed or drawn is not Kind.POLYGON:
        return shape
    return Kind.POLYLINE, (*points, points[0]), frames, image


def _fitting(said: Kind | None, drawn: Kind) -> Kind:
    """Return the kind that the file says, where its graphic can be one."""
    return drawn if said is None or said.is_closed != drawn.is_closed else said


def _descendants(item: Dataset) -> Iterator[Dataset]:
    for child in item.get("ContentSequence") or []:
        yield child
        yield from _descendants(child)


def _name_code(item: Dataset) -> str:
    return _code(_first(item, "ConceptNameCodeSequence"))


def _code(item: Dataset | None) -> str:
    return "" if item is None else str(item.get("CodeValue") or "")


def _first(item: Dataset, keyword: str) -> Dataset | None:
    sequence = item.get(keyword)
    return sequence[0] if sequence else None
