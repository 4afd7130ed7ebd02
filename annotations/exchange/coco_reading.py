"""Marks taken over from COCO, ours or that of another program."""

import json
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from annotations.errors import ImportRefusedError
from annotations.exchange.attributes import mark_said
from annotations.exchange.imported import Imported, Reading
from annotations.exchange.sightings import PointList, place_of, point_list
from annotations.mark import Kind, Mark
from annotations.outline import outlines_of
from annotations.part import MAX_COORDINATE_PX, MAX_POINTS
from annotations.track import CarriedFrame, KeyFrame, KeySource, OnFrame, Place, Track

FORMAT_NAME = "COCO"
MAX_MASK_PIXELS = 4096 * 4096


@dataclass(frozen=True, slots=True)
class _Seen:
    name: str
    kind: Kind
    frame_index: int
    points_px: PointList
    label: str
    said: dict[str, Any]


def read_coco(content: bytes, reading: Reading) -> Imported:
    """Take the annotations out of a file of COCO, as a `Reader` does."""
    try:
        parsed = json.loads(content)
        images, annotations = parsed["images"], parsed["annotations"]
        frames, names = _frame_indices(images), _names(parsed.get("categories") or [])
        if not isinstance(annotations, list):
            raise TypeError("annotations")
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise ImportRefusedError(
            f"{reading.name}: this is not a file of COCO; it has images and annotations."
        ) from error
    for image in images:
        reading.check_size(image.get("width"), image.get("height"))
    seen = [part for one in annotations for part in _read(one, frames, names, reading.remarks)]
    return reading.imported(FORMAT_NAME, _marks(seen, reading), "It holds no shape.")


def _frame_indices(images: list[dict[str, Any]]) -> dict[Any, int]:
    """Frame of each image: the one that it names, else its place in the order of the file."""
    return {image["id"]: int(image.get("frame_index", number)) for number, image in enumerate(images)}


def _names(categories: list[Any]) -> dict[Any, str]:
    return {one.get("id"): str(one.get("name", "")) for one in categories if isinstance(one, dict)}


def _read(
    one: dict[str, Any], frames: dict[Any, int], names: dict[Any, str], remarks: list[str]
) -> Iterator[_Seen]:
    try:
        index, said = frames[one["image_id"]], one.get("attributes") or {}
        label = names.get(one.get("category_id"), "")
        for number, (kind, points) in enumerate(_shapes(one, said, remarks)):
            if not 1 <= len(points) <= MAX_POINTS or not _is_finite(points):
                raise ValueError("points")
            name = str(said.get("id") or f"coco-{one.get('id')}-{number}")
            yield _Seen(name, kind, index, points, label, said)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        remarks.append("An annotation whose image or numbers cannot be read was left out.")


def _is_finite(points_px: PointList) -> bool:
    return all(math.isfinite(v) and abs(v) <= MAX_COORDINATE_PX for point in points_px for v in point)


def _shapes(
    one: dict[str, Any], said: dict[str, Any], remarks: list[str]
) -> Iterator[tuple[Kind, PointList]]:
    """Shapes of an annotation; one that says what kind of ours it is, is just that one."""
    keypoints = np.asarray(one.get("keypoints") or [], dtype=np.float64).reshape(-1, 3)
    visible = point_list(keypoints[keypoints[:, 2] > 0, :2])
    ours = Kind(said["kind"]) if said.get("kind") in {kind.value for kind in Kind} else None
    if ours is not None and not ours.is_closed:
        yield ours, visible
        return
    for outline in _outlines(one, remarks):
        yield ours or Kind.POLYGON, outline
    if ours is None:
        for point in visible:
            yield Kind.POINT, (point,)


def _outlines(one: dict[str, Any], remarks: list[str]) -> Iterator[PointList]:
    shape = one.get("segmentation") or []
    if isinstance(shape, dict):
        yield from _of_mask(shape, remarks)
        return
    for numbers in shape:
        points = point_list(np.asarray(numbers, dtype=np.float64).reshape(-1, 2))
        if len(points) >= 3:
            yield points
    if not shape and not one.get("keypoints") and one.get("bbox"):
        x, y, width, height = (float(value) for value in one["bbox"])
        yield ((x, y), (x + width, y), (x + width, y + height), (x, y + height))


def _of_mask(shape: dict[str, Any], remarks: list[str]) -> Iterator[PointList]:
    """Outlines of a mask by run lengths, column by column, beginning with a run outside."""
    counts = shape["counts"]
    if not isinstance(counts, list):
        remarks.append("A mask with compressed run lengths was left out; export it uncompressed.")
        return
    rows, columns = (int(side) for side in shape["size"])
    if (
        not 0 < rows * columns <= MAX_MASK_PIXELS
        or min(counts, default=0) < 0
        or sum(counts) > rows * columns
    ):
        raise ValueError("mask")
    runs = np.repeat(np.arange(len(counts)) % 2, counts)
    filled = np.zeros(rows * columns, dtype=np.uint8)
    filled[: len(runs)] = runs
    for outline in outlines_of(np.ascontiguousarray(filled.reshape(columns, rows).T)):
        yield point_list(outline)


def _marks(seen: list[_Seen], reading: Reading) -> Iterator[Mark]:
    followed: defaultdict[str, list[_Seen]] = defaultdict(list)
    for part in seen:
        followed[part.name].append(part)
    for name, parts in followed.items():
        yield from reading.possible(_mark(name, parts, reading.clip))


def _mark(name: str, parts: list[_Seen], clip: str) -> Iterator[Mark]:
    first = parts[0]
    ours = "kind" in first.said
    alike = {part.frame_index: part for part in parts if part.kind is first.kind}
    said = first.said if ours else {**first.said, "text": first.label}
    yield mark_said(name, clip, first.kind, said, _place(alike, first.said.get("place")))


def _place(alike: dict[int, _Seen], said: object) -> Place:
    """Make a track of key frames again where the file says which they were; else every frame is one."""
    shapes = {index: part.points_px for index, part in alike.items()}
    keys = [index for index in sorted(alike) if alike[index].said.get("keyframe", True)]
    if said not in ("linear", "carried") or not keys or len({len(points) for points in shapes.values()}) > 1:
        return place_of(shapes)
    if len(shapes) == 1:
        return OnFrame(frame_index=keys[0], points_px=shapes[keys[0]])
    whole = place_of(shapes)
    outside = {k.frame_index: k for k in whole.keys if k.outside} if isinstance(whole, Track) else {}
    last = max(shapes)
    drawn = {
        i: KeyFrame(frame_index=i, points_px=shapes[i], source=KeySource.IMPORTED) for i in {*keys, last}
    }
    # Before a frame that is outside, what was shown must stay as it was shown.
    before = {i - 1: KeyFrame(frame_index=i - 1, points_px=shapes[i - 1]) for i in outside if i - 1 in shapes}
    placed = {**before, **drawn, **outside}
    between = [i for i in sorted(shapes) if i not in placed]
    carried = [
        CarriedFrame(frame_index=i, points_px=shapes[i], confidence=_confidence(alike[i].said))
        for i in between
    ]
    return Track(
        between="carried" if said == "carried" else "linear",
        keys=tuple(placed[i] for i in sorted(placed)),
        carried=tuple(carried) if said == "carried" else (),
    )


def _confidence(said: dict[str, Any]) -> float:
    value = said.get("confidence", 1.0)
    return min(1.0, max(0.0, float(value))) if isinstance(value, int | float) else 1.0
