"""Marks taken over from CVAT for video 1.1 XML (and from CVAT for images), ours or that of another program."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

import numpy as np
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from annotations.errors import ImportRefusedError
from annotations.exchange.attributes import mark_said
from annotations.exchange.clip_facts import ClipFacts
from annotations.exchange.cvat import CONFIDENCE, ELEMENTS
from annotations.exchange.imported import Imported, Reading, id_from
from annotations.exchange.sightings import PointList, with_corners
from annotations.mark import Kind, Mark
from annotations.track import CarriedFrame, KeyFrame, KeySource, OnFrame, OnRange, Place, Track

FORMAT_NAME = "CVAT for video"


@dataclass(frozen=True, slots=True)
class _Shape:
    element: str
    frame_index: int
    points_px: PointList
    outside: bool
    is_key: bool
    confidence: float | None
    said: dict[str, str]


def read_cvat(content: bytes, reading: Reading) -> Imported:
    """Take the tracks and shapes out of an XML file of CVAT, as a `Reader` does."""
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:  # an encoding nobody knows
        raise ImportRefusedError(
            f"{reading.name}: this is not a safe XML file; export it from CVAT again."
        ) from error
    if root.tag != "annotations":
        raise ImportRefusedError(
            f"{reading.name}: this is XML, but not of CVAT; export as “CVAT for video 1.1”."
        )
    columns, rows = (root.findtext(f".//original_size/{side}") for side in ("width", "height"))
    if columns is not None and rows is not None:
        reading.check_size(_whole(columns), _whole(rows))
    last = _last_frame(root, reading.facts)
    tracks, images = root.iter("track"), enumerate(root.iter("image"))
    marks = [mark for track in tracks for mark in reading.possible(_of_track(track, reading, last))]
    for number, image in images:
        marks += reading.possible(_of_image(image, number, reading))
    return reading.imported(FORMAT_NAME, _with_own_ids(marks), "It holds no shape.")


def _whole(text: str) -> int | str:
    return int(text) if text.strip().isdecimal() else text.strip()


def _last_frame(root: Element, facts: ClipFacts | None) -> int:
    """Last frame of the clip, to which an open track of CVAT goes."""
    if facts is not None:
        return facts.frames - 1
    stop = root.findtext(".//stop_frame") or ""
    return int(stop) if stop.strip().isdigit() else 0


def _of_track(track: Element, reading: Reading, last: int) -> Iterator[Mark]:
    shapes = sorted(_shapes(track, reading.remarks), key=lambda shape: shape.frame_index)
    if not shapes or all(shape.outside for shape in shapes):
        return
    key, said = f"track-{track.get('id', '')}", shapes[0].said
    kind = _kind(shapes[0].element, said.get("kind"))
    alike = [shape for shape in shapes if shape.element == shapes[0].element]
    singles = len(alike[0].points_px) if alike[0].element == "points" else 1
    for number in range(singles):
        own = [_point_of(shape, number) for shape in alike] if alike[0].element == "points" else alike
        suffix = f".{number + 1}" if singles > 1 else ""
        place = _place([shape for shape in own if shape is not None], last, said.get("place"))
        yield _mark(said.get("id", key) + suffix, reading.clip, kind, track.get("label", ""), said, place)


def _of_image(image: Element, number: int, reading: Reading) -> Iterator[Mark]:
    for order, element in enumerate(image):
        shape = _shape(element, reading.remarks, frame_index=int(image.get("id", str(number))))
        if shape is None:
            continue
        for part in range(len(shape.points_px) if shape.element == "points" else 1):
            own = _point_of(shape, part) if shape.element == "points" else shape
            if own is not None:
                place = OnFrame(frame_index=own.frame_index, points_px=own.points_px)
                kind = _kind(shape.element, shape.said.get("kind"))
                name = f"image-{number}-{order}-{part}"
                yield _mark(name, reading.clip, kind, element.get("label", ""), shape.said, place)


def _shapes(track: Element, remarks: list[str]) -> Iterator[_Shape]:
    for element in track:
        shape = _shape(element, remarks)
        if shape is not None:
            yield shape


def _shape(element: Element, remarks: list[str], frame_index: int | None = None) -> _Shape | None:
    try:
        points = _points(element)
        if points is None:
            remarks.append(f"Shapes of the kind “{element.tag}” were left out.")
            return None
        said = {part.get("name", ""): part.text or "" for part in element.findall("attribute")}
        confidence = said.get(CONFIDENCE)
        return _Shape(
            element="polygon" if element.tag == "box" else element.tag,
            frame_index=int(element.get("frame", "0")) if frame_index is None else frame_index,
            points_px=points,
            outside=element.get("outside") == "1",
            is_key=element.get("keyframe", "1") == "1",
            confidence=None if confidence is None else min(1.0, max(0.0, float(confidence))),
            said=said,
        )
    except ValueError:
        remarks.append("A shape whose numbers cannot be read was left out.")
        return None


def _points(element: Element) -> PointList | None:
    if element.tag == "box":
        left, top, right, bottom = (_number(element, key) for key in ("xtl", "ytl", "xbr", "ybr"))
        corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
        return _turned(corners, float(element.get("rotation", "0")))
    if element.tag == "ellipse":
        cx, cy, rx, ry = (_number(element, key) for key in ("cx", "cy", "rx", "ry"))
        return _turned(
            np.array([(cx, cy), (cx + rx, cy), (cx, cy + ry)]), float(element.get("rotation", "0")), (cx, cy)
        )
    if element.tag in ("polygon", "polyline", "points"):
        pairs = [pair.split(",") for pair in element.get("points", "").split(";") if pair]
        points = tuple((float(x), float(y)) for x, y in pairs)
        fewest = {"polygon": 3, "polyline": 2, "points": 1}[element.tag]
        if len(points) < fewest or not np.isfinite(points).all():
            raise ValueError("too few points")
        return points
    return None


def _number(element: Element, key: str) -> float:
    value = float(element.get(key, "nan"))
    if not math.isfinite(value):
        raise ValueError(key)
    return value


def _turned(corners: np.ndarray, degrees: float, about: tuple[float, float] | None = None) -> PointList:
    """Turn points about a centre, their own by default, clockwise on the screen as CVAT does."""
    center = corners.mean(axis=0) if about is None else np.array(about)
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    turned = center + (corners - center) @ np.array([[cosine, sine], [-sine, cosine]])
    return tuple((float(x), float(y)) for x, y in turned)


def _point_of(shape: _Shape, number: int) -> _Shape | None:
    """Return one of the several points that a shape of CVAT may have."""
    if number >= len(shape.points_px):
        return None
    one = (shape.points_px[number],)
    return _Shape(
        shape.element, shape.frame_index, one, shape.outside, shape.is_key, shape.confidence, shape.said
    )


def _kind(element: str, said: str | None) -> Kind:
    """Return the kind that our own attribute says, where the element can be one; else its own."""
    if said in {kind.value for kind in Kind} and ELEMENTS[Kind(said)] == element:
        return Kind(said)
    return {"points": Kind.POINT, "polyline": Kind.POLYLINE, "ellipse": Kind.ELLIPSE}.get(
        element, Kind.POLYGON
    )


def _place(shapes: list[_Shape], last: int, said: str | None) -> Place:
    keys = {shape.frame_index: shape for shape in shapes if shape.is_key}
    seen = [shape for shape in keys.values() if not shape.outside]
    if said == "frame" or (said is None and _is_one_frame(shapes, last)):
        return OnFrame(frame_index=seen[0].frame_index, points_px=seen[0].points_px)
    if said == "range":
        ends = [shape.frame_index - 1 for shape in keys.values() if shape.outside]
        return OnRange(
            first_frame_index=seen[0].frame_index,
            last_frame_index=max([seen[-1].frame_index, *(ends or [last])]),
            points_px=seen[0].points_px,
        )
    final = shapes[-1]
    if said is None and not final.outside and final.frame_index < last:
        keys[last] = _Shape(final.element, last, final.points_px, False, True, None, {})
    most = max(len(shape.points_px) for shape in shapes)
    carried = [shape for shape in shapes if not shape.is_key and shape.confidence is not None]
    return Track(
        between="carried" if said == "carried" else "linear",
        keys=tuple(_key(keys[index], most) for index in sorted(keys)),
        carried=tuple(
            CarriedFrame(frame_index=s.frame_index, points_px=s.points_px, confidence=s.confidence or 0.0)
            for s in carried
        ),
    )


def _is_one_frame(shapes: list[_Shape], last: int) -> bool:
    first = shapes[0]
    if len(shapes) == 1:
        return first.frame_index >= last
    return len(shapes) == 2 and shapes[1].outside and shapes[1].frame_index == first.frame_index + 1


def _key(shape: _Shape, corners: int) -> KeyFrame:
    return KeyFrame(
        frame_index=shape.frame_index,
        points_px=with_corners(shape.points_px, corners),
        outside=shape.outside,
        source=KeySource.IMPORTED,
    )


def _mark(name: str, clip: str, kind: Kind, label: str, said: dict[str, str], place: Place) -> Mark:
    return mark_said(name, clip, kind, said if "kind" in said else {**said, "text": label}, place)


def _with_own_ids(marks: list[Mark]) -> Iterator[Mark]:
    """Give each mark an id of its own where a file uses one twice."""
    used: set[str] = set()
    for number, mark in enumerate(marks):
        if mark.id in used:
            mark = mark.model_copy(update={"id": id_from(f"{mark.id}/{number}")})
        used.add(mark.id)
        yield mark
