"""Marks as COCO: an image a frame, an annotation for each mark on each frame on which it is seen.

What has an area is a segmentation; everything else, and the three points of an ellipse, are keypoints. COCO knows no
tracks, so each annotation names its mark and whether the frame was a key frame under ``attributes``.

References
----------
https://cocodataset.org/#format-data
"""

import json
from typing import Any

import numpy as np

from annotations.document import AnnotationDocument
from annotations.errors import ExportError
from annotations.exchange.attributes import attributes_of, class_of
from annotations.exchange.clip_facts import ClipFacts
from annotations.exchange.sightings import seen_frames
from annotations.exchange.steps import Steps
from annotations.json_layout import diff_friendly
from annotations.mark import Kind, Mark
from annotations.measurement import measure
from annotations.outline import closed_outline_px
from annotations.track import Origin, Sighting

VISIBLE = 2


def coco_json(document: AnnotationDocument, clip: ClipFacts, steps: Steps) -> bytes:
    """Write the marks of one clip as COCO.

    Parameters
    ----------
    document : AnnotationDocument
        One layer.
    clip : ClipFacts
        The clip; its frames are named ``<clip>_000001.png`` and so on.
    steps : Steps
        Told of each frame of a mark; may stop the writing.

    Returns
    -------
    bytes
        JSON in UTF-8.

    Raises
    ------
    ExportError
        If no mark is shown on any frame.
    """
    categories: dict[tuple[str, int], int] = {}
    annotations: list[dict[str, Any]] = []
    seen = [(mark, seen_frames(mark, clip.frames)) for mark in document.marks_of(clip.clip)]
    steps.plan(sum(len(sightings) for _, sightings in seen))
    for mark, sightings in seen:
        for index, sighting in sightings.items():
            steps.step()
            has_points = not mark.kind.is_closed
            key = (class_of(mark), len(sighting.points_px) if has_points else 0)
            category = categories.setdefault(key, len(categories) + 1)
            annotations.append(_annotation(len(annotations) + 1, mark, index, sighting, category))
    if not annotations:
        raise ExportError(f"{clip.clip}: no mark is shown on any frame; draw one before exporting.")
    content = {
        "info": {"description": f"{document.case} / {document.layer.id}", "version": "1.0", "year": 0},
        "licenses": [{"id": 0, "name": "", "url": ""}],
        "images": [_image(index, clip) for index in range(clip.frames)],
        "categories": [_category(name, count, number) for (name, count), number in categories.items()],
        "annotations": annotations,
    }
    return diff_friendly(json.loads(json.dumps(content))).encode()


def _image(index: int, clip: ClipFacts) -> dict[str, Any]:
    image: dict[str, Any] = {
        "id": index + 1,
        "width": clip.columns,
        "height": clip.rows,
        "file_name": f"{clip.clip}_{index + 1:06d}.png",
        "license": 0,
        "frame_index": index,
    }
    return image


def _category(name: str, points: int, number: int) -> dict[str, Any]:
    category: dict[str, Any] = {"id": number, "name": name, "supercategory": ""}
    if points:
        category["keypoints"] = [str(part + 1) for part in range(points)]
        category["skeleton"] = [[part, part + 1] for part in range(1, points)]
    return category


def _annotation(number: int, mark: Mark, index: int, sighting: Sighting, category: int) -> dict[str, Any]:
    points = np.asarray(sighting.points_px)
    is_ellipse = mark.kind is Kind.ELLIPSE
    has_area = mark.kind.is_closed or is_ellipse
    outline = closed_outline_px(sighting.points_px, is_ellipse=is_ellipse) if has_area else points
    low, high = outline.min(axis=0), outline.max(axis=0)
    area = measure(mark.kind, sighting.points_px) if has_area else None
    annotation: dict[str, Any] = {
        "id": number,
        "image_id": index + 1,
        "category_id": category,
        "segmentation": [_rounded(outline)] if has_area else [],
        "area": 0.0 if area is None else round(area.value, 3),
        "bbox": _rounded(np.concatenate([low, high - low])),
        "iscrowd": 0,
        "attributes": {
            **attributes_of(mark),
            "keyframe": sighting.origin in (Origin.KEY, Origin.STILL),
            "confidence": sighting.confidence,
        },
    }
    if not mark.kind.is_closed:
        visible = np.full((len(points), 1), VISIBLE)
        annotation["keypoints"] = _rounded(np.concatenate([points, visible], axis=1))
        annotation["num_keypoints"] = len(points)
    return annotation


def _rounded(values: np.ndarray) -> list[float]:
    return [round(float(value), 4) for value in values.ravel()]
