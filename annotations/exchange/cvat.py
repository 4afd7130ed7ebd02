"""Marks as CVAT for video 1.1 XML: a track a mark, its key frames, and where it is outside.

References
----------
https://docs.cvat.ai/docs/manual/advanced/formats/format-cvat/ and
https://docs.cvat.ai/docs/manual/advanced/xml_format/
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from annotations.document import AnnotationDocument
from annotations.errors import ExportError
from annotations.exchange.attributes import NAMES, attributes_of, class_of
from annotations.exchange.clip_facts import ClipFacts
from annotations.exchange.sightings import PointList, seen_frames
from annotations.exchange.steps import Steps
from annotations.mark import Kind, Mark
from annotations.outline import principal_axes_px
from annotations.track import OnRange, Track

VERSION = "1.1"
CONFIDENCE = "confidence"
ELEMENTS = {
    Kind.POINT: "points",
    Kind.TEXT: "points",
    Kind.ARROW: "polyline",
    Kind.POLYLINE: "polyline",
    Kind.CALIPER: "polyline",
    Kind.ANGLE: "polyline",
    Kind.POLYGON: "polygon",
    Kind.AREA: "polygon",
    Kind.TISSUE: "polygon",
    Kind.ELLIPSE: "ellipse",
}


@dataclass(frozen=True, slots=True)
class _Shape:
    frame_index: int
    points_px: PointList
    outside: bool = False
    is_key: bool = True
    confidence: float | None = None


def cvat_xml(document: AnnotationDocument, clip: ClipFacts, steps: Steps) -> bytes:
    """Write the marks of one clip as CVAT for video 1.1.

    Parameters
    ----------
    document : AnnotationDocument
        One layer.
    clip : ClipFacts
        The clip.
    steps : Steps
        Told of each mark; may stop the writing.

    Returns
    -------
    bytes
        XML in UTF-8.

    Raises
    ------
    ExportError
        If no mark is shown on any frame.
    """
    marks = [mark for mark in document.marks_of(clip.clip) if seen_frames(mark, clip.frames)]
    if not marks:
        raise ExportError(f"{clip.clip}: no mark is shown on any frame; draw one before exporting.")
    root = Element("annotations")
    SubElement(root, "version").text = VERSION
    _add_task(SubElement(root, "meta"), document, clip, marks)
    steps.plan(len(marks))
    for number, mark in enumerate(marks):
        steps.step()
        _add_track(root, number, mark, clip.frames)
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _add_task(meta: Element, document: AnnotationDocument, clip: ClipFacts, marks: list[Mark]) -> None:
    task = SubElement(meta, "task")
    for name, value in (
        ("id", "1"),
        ("name", f"{document.case} / {document.layer.id}"),
        ("size", str(clip.frames)),
        ("mode", "interpolation"),
        ("overlap", "0"),
        ("bugtracker", ""),
        ("start_frame", "0"),
        ("stop_frame", str(clip.frames - 1)),
        ("frame_filter", ""),
    ):
        SubElement(task, name).text = value
    labels = SubElement(task, "labels")
    for name in dict.fromkeys(class_of(mark) for mark in marks):
        label = SubElement(labels, "label")
        SubElement(label, "name").text = name
        attributes = SubElement(label, "attributes")
        # What CVAT has no field of its own for goes into attributes, which it keeps and shows.
        for attribute in (*NAMES, CONFIDENCE):
            _add_attribute(attributes, attribute, mutable=attribute == CONFIDENCE)
    size = SubElement(task, "original_size")
    SubElement(size, "width").text = str(clip.columns)
    SubElement(size, "height").text = str(clip.rows)
    SubElement(meta, "source").text = clip.file.name if clip.file is not None else clip.clip


def _add_attribute(attributes: Element, name: str, *, mutable: bool) -> None:
    attribute = SubElement(attributes, "attribute")
    for key, value in (
        ("name", name),
        ("mutable", str(mutable)),
        ("input_type", "text"),
        ("default_value", ""),
        ("values", ""),
    ):
        SubElement(attribute, key).text = value


def _add_track(root: Element, number: int, mark: Mark, frames: int) -> None:
    track = SubElement(root, "track", id=str(number), label=class_of(mark), source="manual")
    for shape in _shapes(mark, frames):
        fields = {
            "frame": str(shape.frame_index),
            "outside": str(int(shape.outside)),
            "occluded": "0",
            "keyframe": str(int(shape.is_key)),
            **_geometry(mark.kind, shape.points_px),
            "z_order": "0",
        }
        element = SubElement(track, ELEMENTS[mark.kind], fields)
        said = attributes_of(mark)
        if shape.confidence is not None:
            said[CONFIDENCE] = str(shape.confidence)
        for name, value in said.items():
            SubElement(element, "attribute", name=name).text = value


def _shapes(mark: Mark, frames: int) -> Iterator[_Shape]:
    """Key frames of CVAT: there a shape stays until the next one, so the end of a mark is one that is outside."""
    if isinstance(mark.place, Track):
        shapes = [_Shape(k.frame_index, k.points_px, k.outside) for k in mark.place.keys]
        shapes += [_Shape(c.frame_index, c.points_px, False, False, c.confidence) for c in mark.place.carried]
    elif isinstance(mark.place, OnRange):
        shapes = [_Shape(mark.place.first_frame_index, mark.place.points_px)]
    else:
        shapes = [_Shape(mark.place.frame_index, mark.place.points_px)]
    shapes = sorted((s for s in shapes if s.frame_index < frames), key=lambda shape: shape.frame_index)
    yield from shapes
    end = min(mark.place.frame_span[1], frames - 1) + 1
    if end < frames and not shapes[-1].outside:
        yield _Shape(end, shapes[-1].points_px, outside=True)


def _geometry(kind: Kind, points_px: PointList) -> dict[str, str]:
    if kind is not Kind.ELLIPSE:
        return {"points": ";".join(f"{x:.4f},{y:.4f}" for x, y in points_px)}
    center, longer, shorter = principal_axes_px(points_px)
    turn = math.degrees(math.atan2(longer[1] - center[1], longer[0] - center[0])) % 360
    return {
        "cx": f"{center[0]:.4f}",
        "cy": f"{center[1]:.4f}",
        "rx": f"{math.dist(center, longer):.4f}",
        "ry": f"{math.dist(center, shorter):.4f}",
        "rotation": f"{turn:.6f}",
    }
