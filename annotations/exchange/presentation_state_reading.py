"""Marks taken over from the graphics of a DICOM softcopy presentation state."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from annotations.exchange.dicom_parts import mark_of_graphic
from annotations.exchange.imported import Imported, Reading, cleaned, id_from
from annotations.exchange.sightings import PointList, place_of
from annotations.mark import Kind, Mark, MarkSource

FORMAT_NAME = "DICOM softcopy presentation state"


@dataclass(frozen=True, slots=True)
class _Drawn:
    key: str
    kind: Kind
    points_px: PointList
    frames: tuple[int, ...]
    text: str


def read_presentation_state(state: Dataset, reading: Reading) -> Imported:
    """Take the graphics and texts out of a presentation state, as a `Reader` does.

    Graphics without frame numbers lie on every frame of the clip.
    """
    frames = reading.facts.frames if reading.facts is not None else 1
    drawn = [
        part
        for item in state.get("GraphicAnnotationSequence") or []
        for part in _drawn(item, state, frames, reading.remarks)
    ]
    otherwise = "It has no graphics: it changes only grey levels, shutters or overlays."
    return reading.imported(FORMAT_NAME, _marks(drawn, reading.clip), otherwise)


def _drawn(item: Dataset, state: Dataset, frames: int, remarks: list[str]) -> Iterator[_Drawn]:
    shown_on = _frames(item, frames)
    layer = str(item.get("GraphicLayer") or "")
    for number, part in enumerate(item.get("GraphicObjectSequence") or []):
        values = np.asarray(part.get("GraphicData"), dtype=np.float64).reshape(-1, 2)
        placed = _in_pixels(values, str(part.get("GraphicAnnotationUnits") or "PIXEL"), state)
        shape = None if placed is None else mark_of_graphic(str(part.get("GraphicType") or ""), placed)
        if shape is None:
            remarks.append(f"A graphic of type {part.get('GraphicType')} was left out.")
            continue
        yield _Drawn(_key(part, layer, number), *shape, shown_on, "")
    for number, part in enumerate(item.get("TextObjectSequence") or []):
        anchor = _text_place(part, state)
        if anchor is None:
            remarks.append("A text without a place in the picture was left out.")
            continue
        text = str(part.get("UnformattedTextValue") or "")
        yield _Drawn(_key(part, layer, 1_000 + number), Kind.TEXT, anchor, shown_on, text)
    if item.get("CompoundGraphicSequence"):
        remarks.append("Compound graphics were left out.")


def _frames(item: Dataset, frames: int) -> tuple[int, ...]:
    numbers = [
        int(number)
        for image in item.get("ReferencedImageSequence") or []
        for number in np.atleast_1d(image.get("ReferencedFrameNumber") or [])
    ]
    return tuple(number - 1 for number in numbers) or tuple(range(frames))


def _key(part: Dataset, layer: str, number: int) -> str:
    """Name what follows one thing: its tracking id, else where it stands."""
    tracked = str(part.get("TrackingID") or part.get("TrackingUID") or "")
    return tracked or f"{layer}/{number}"


def _text_place(part: Dataset, state: Dataset) -> PointList | None:
    for corner, units in (
        ("AnchorPoint", "AnchorPointAnnotationUnits"),
        ("BoundingBoxTopLeftHandCorner", "BoundingBoxAnnotationUnits"),
    ):
        if part.get(corner) is not None:
            values = np.asarray(part.get(corner), dtype=np.float64).reshape(1, 2)
            placed = _in_pixels(values, str(part.get(units) or "PIXEL"), state)
            if placed is not None:
                return ((float(placed[0, 0]), float(placed[0, 1])),)
    return None


def _in_pixels(values: NDArray[np.float64], units: str, state: Dataset) -> NDArray[np.float64] | None:
    """Bring coordinates to image pixels, corner origin; those of the display through the displayed area."""
    if units == "PIXEL":
        return values
    areas = state.get("DisplayedAreaSelectionSequence") or []
    if units != "DISPLAY" or not areas:
        return None
    top_left = np.asarray(areas[0].DisplayedAreaTopLeftHandCorner, dtype=np.float64) - 1
    bottom_right = np.asarray(areas[0].DisplayedAreaBottomRightHandCorner, dtype=np.float64)
    return np.asarray(top_left + values * (bottom_right - top_left))


def _marks(drawn: list[_Drawn], clip: str) -> Iterator[Mark]:
    """Join what follows one thing; a text that goes with a graphic is its label."""
    followed: defaultdict[str, list[_Drawn]] = defaultdict(list)
    for part in drawn:
        followed[part.key].append(part)
    for key, parts in followed.items():
        shapes = [part for part in parts if part.kind is not Kind.TEXT] or parts
        kind = shapes[0].kind
        seen = {index: part.points_px for part in shapes if part.kind is kind for index in part.frames}
        label = next((part.text for part in parts if part.text), "")
        yield Mark(
            id=id_from(key),
            clip=clip,
            kind=kind,
            label=cleaned(label, 200),
            source=MarkSource.IMPORTED,
            place=place_of(seen),
        )
