"""Outlines taken over from the pixels of a DICOM segmentation."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from annotations.errors import ImportRefusedError
from annotations.exchange.dicom_parts import concept_of
from annotations.exchange.imported import Imported, Reading, cleaned, id_from
from annotations.exchange.sightings import PointList, place_of, point_list
from annotations.mark import Kind, Mark, MarkSource
from annotations.outline import outlines_of
from annotations.part import MAX_POINTS

FORMAT_NAME = "DICOM segmentation"
MAX_PIXELS = 2 * 1024**3


def read_segmentation(written: Dataset, reading: Reading) -> Imported:
    """Take the outlines out of a segmentation, as a `Reader` does: one mark a segment, and each patch of it apart."""
    reading.check_size(int(written.get("Columns") or 0), int(written.get("Rows") or 0))
    segments = {int(item.SegmentNumber): item for item in written.get("SegmentSequence") or []}
    patches: defaultdict[tuple[int, int], dict[int, PointList]] = defaultdict(dict)
    for segment, index, filled in _frames(written, reading.name, reading.remarks):
        for rank, outline in enumerate(outlines_of(filled)):
            if len(outline) > MAX_POINTS:
                reading.remarks.append("An outline of more than 2000 corners was left out.")
            else:
                patches[segment, rank][index] = point_list(outline)
    marks = (
        _mark(segments.get(segment), segment, rank, seen, reading.clip)
        for (segment, rank), seen in sorted(patches.items())
    )
    return reading.imported(FORMAT_NAME, marks, "It is empty: no pixel belongs to a segment.")


def _frames(written: Dataset, name: str, remarks: list[str]) -> Iterator[tuple[int, int, NDArray[np.uint8]]]:
    """Segment number, frame index of the clip and raster of each frame of the segmentation."""
    pixels = _pixels(written, name)
    if written.get("SegmentationType") == "FRACTIONAL":
        remarks.append("The segmentation is fractional; a pixel belongs to a segment from one half on.")
        pixels = pixels >= 0.5 * int(written.get("MaximumFractionalValue") or 255)
    images: dict[str, int] = {}
    for frame, groups in zip(pixels, written.get("PerFrameFunctionalGroupsSequence") or [], strict=False):
        index = _source_index(groups, images)
        if written.get("SegmentationType") == "LABELMAP":
            for segment in np.unique(frame[frame > 0]):
                yield int(segment), index, (frame == segment).astype(np.uint8)
        else:
            yield _segment_of(groups, written), index, (frame > 0).astype(np.uint8)
    if len(images) > 1:
        remarks.append(
            "The segmentation refers to several images; they became the frames of the clip, in order."
        )


def _pixels(written: Dataset, name: str) -> NDArray[Any]:
    frames, rows, columns = (int(written.get(k) or 0) for k in ("NumberOfFrames", "Rows", "Columns"))
    if frames * rows * columns > MAX_PIXELS:
        raise ImportRefusedError(f"{name}: the segmentation needs more than 2 GiB; split it.")
    try:
        return np.asarray(written.pixel_array).reshape(-1, rows, columns)
    except (AttributeError, ValueError, RuntimeError, NotImplementedError) as error:
        raise ImportRefusedError(
            f"{name}: the pixels of the segmentation cannot be read; export it anew."
        ) from error


def _source_index(groups: Dataset, images: dict[str, int]) -> int:
    """Frame of the clip: by its number, else by the order in which the images appear."""
    derivation = groups.get("DerivationImageSequence")
    sources = derivation[0].get("SourceImageSequence") if derivation else None
    if sources and sources[0].get("ReferencedFrameNumber") is not None:
        return int(np.atleast_1d(sources[0].ReferencedFrameNumber)[0]) - 1
    if sources:
        return images.setdefault(str(sources[0].get("ReferencedSOPInstanceUID")), len(images))
    position = groups.get("PlanePositionSequence")
    return images.setdefault(str(position[0].get("ImagePositionPatient") if position else ""), len(images))


def _segment_of(groups: Dataset, written: Dataset) -> int:
    for holder in (groups, *(written.get("SharedFunctionalGroupsSequence") or [])):
        found = holder.get("SegmentIdentificationSequence")
        if found:
            return int(found[0].ReferencedSegmentNumber)
    return 1


def _mark(segment: Dataset | None, number: int, rank: int, seen: dict[int, PointList], clip: str) -> Mark:
    said = segment if segment is not None else Dataset()
    name = str(said.get("TrackingID") or f"segment-{number}") + (f".{rank + 1}" if rank else "")
    types = said.get("SegmentedPropertyTypeCodeSequence")
    return Mark(
        id=id_from(name),
        clip=clip,
        kind=Kind.TISSUE,
        label=cleaned(str(said.get("SegmentLabel") or ""), 200),
        concept=concept_of(types[0] if types else None),
        source=MarkSource.IMPORTED,
        place=place_of(seen),
    )
