"""Marks taken over from COCO, ours or that of another program."""

import json
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from annotations.concept import Concept
from annotations.errors import ImportRefusedError
from annotations.exchange.clip_facts import ClipFacts
from annotations.exchange.imported import Imported, cleaned, id_from
from annotations.exchange.sightings import PointList, place_of, point_list
from annotations.mark import Colour, Kind, LineKind, Mark, MarkSource, Style
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


def read_coco(content: bytes, name: str, *, clip: str, facts: ClipFacts | None = None) -> Imported:
    """Take the annotations out of a file of COCO.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        What the file is called in messages.
    clip : str
        Id of the clip that the marks shall lie on.
    facts : ClipFacts, optional
        What is known of that clip; the size of its frames is checked.

    Returns
    -------
    Imported
        The marks.

    Raises
    ------
    ImportRefusedError
        If it is not such a file, is of other pictures, or holds no shape.
    """
    try:
        parsed = json.loads(content)
        images, annotations = parsed["images"], parsed["annotations"]
        frames = _frame_indices(images)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ImportRefusedError(
            f"{name}: this is not a file of COCO; it has images and annotations."
        ) from error
    _check_size(images, name, facts)
    remarks: list[str] = []
    names = {
        c.get("id"): str(c.get("name", "")) for c in parsed.get("categories") or [] if isinstance(c, dict)
    }
    seen = [part for one in annotations for part in _read(one, frames, names, remarks)]
    if not seen:
        said = " ".join(dict.fromkeys(remarks)) or "It holds no shape."
        raise ImportRefusedError(f"{name}: no mark can be taken from this file of COCO. {said}")
    return Imported(FORMAT_NAME, tuple(_marks(seen, clip)), tuple(dict.fromkeys(remarks)))


def _frame_indices(images: list[dict[str, Any]]) -> dict[Any, int]:
    """Frame of each image: the one that it names, else its place in the order of the file."""
    return {image["id"]: int(image.get("frame_index", number)) for number, image in enumerate(images)}


def _check_size(images: list[dict[str, Any]], name: str, facts: ClipFacts | None) -> None:
    for image in images if facts is not None else []:
        width, height = image.get("width"), image.get("height")
        if facts is not None and (width, height) != (facts.columns, facts.rows):
            raise ImportRefusedError(
                f"{name}: the marks are of pictures of {width} × {height} pixels, the clip has "
                f"{facts.columns} × {facts.rows}; choose the clip that they were made for."
            )


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
    except (KeyError, TypeError, ValueError, AttributeError):
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


def _marks(seen: list[_Seen], clip: str) -> Iterator[Mark]:
    followed: defaultdict[str, list[_Seen]] = defaultdict(list)
    for part in seen:
        followed[part.name].append(part)
    for name, parts in followed.items():
        first = parts[0]
        ours = "kind" in first.said
        alike = {part.frame_index: part for part in parts if part.kind is first.kind}
        yield Mark(
            id=id_from(name),
            clip=clip,
            kind=first.kind,
            label=cleaned(str(first.said.get("text", "")) if ours else first.label, 200),
            concept=_concept(first.said),
            note=cleaned(str(first.said.get("note", "")), 4_000),
            author=cleaned(str(first.said.get("author", "")), 200),
            source=MarkSource.IMPORTED,
            style=_style(first.said),
            place=_place(alike, first.said.get("place")),
        )


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


def _concept(said: dict[str, Any]) -> Concept | None:
    scheme, code, meaning = (cleaned(str(said.get(key) or ""), 64) for key in ("scheme", "code", "meaning"))
    return Concept(scheme=scheme[:16], code=code, meaning=meaning or code) if scheme and code else None


def _style(said: dict[str, Any]) -> Style:
    default = Style()
    colours, lines = {colour.value for colour in Colour}, {kind.value for kind in LineKind}
    return Style(
        colour=Colour(said["colour"]) if said.get("colour") in colours else default.colour,
        line=LineKind(said["line"]) if said.get("line") in lines else default.line,
    )
