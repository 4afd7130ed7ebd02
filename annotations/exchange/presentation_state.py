"""Marks as a DICOM softcopy presentation state: graphics and labels on the frames on which they are seen.

References
----------
DICOM PS3.3 C.10.5, Graphic Annotation Module; A.33.1 and A.33.2, Grayscale and Color Softcopy Presentation State.
"""

from collections.abc import Callable, Iterator
from functools import partial

import highdicom as hd
from PIL import ImageCms
from pydicom.dataset import Dataset

from annotations.document import AnnotationDocument
from annotations.errors import ExportError
from annotations.exchange.clip_facts import ClipFacts
from annotations.exchange.dicom_parts import (
    MANUFACTURER,
    MODEL_NAME,
    SERIAL_NUMBER,
    SOFTWARE_VERSION,
    graphic_of,
    new_uid,
    person_name,
    reaches_out,
    short_text,
    uid_of,
)
from annotations.exchange.sightings import PointList, seen_frames
from annotations.exchange.steps import Steps
from annotations.mark import Kind, Mark

TEXT_LENGTH = 1_000


def presentation_state(document: AnnotationDocument, clip: ClipFacts, steps: Steps) -> Dataset:
    """Write the marks of one clip as a presentation state, grey or in colour as the clip is.

    Parameters
    ----------
    document : AnnotationDocument
        One layer, which becomes one graphic layer.
    clip : ClipFacts
        The clip; it came as a DICOM file.
    steps : Steps
        Told of each frame of a mark; may stop the writing.

    Returns
    -------
    Dataset
        A softcopy presentation state.

    Raises
    ------
    ExportError
        If the clip is no DICOM file, its header cannot be referred to, or no mark is shown.
    """
    header = clip.dicom_header()
    title = document.layer.title or document.layer.id
    layer = hd.pr.GraphicLayer(_layer_name(document), 1, short_text(title))
    image = _as_enhanced(header)
    marks = document.marks_of(clip.clip)
    steps.plan(sum(len(seen_frames(mark, clip.frames)) for mark in marks))
    try:
        annotations = [
            annotation
            for mark in marks
            for annotation in _annotations(mark, clip, partial(_annotation, mark, image, layer), steps)
        ]
        if not annotations:
            raise ExportError(f"{clip.clip}: no mark is shown inside the picture; draw one before exporting.")
        state = _state(image, layer, annotations, title)
    except (AttributeError, ValueError, TypeError, KeyError) as error:
        raise ExportError(
            f"{clip.clip}: the header of the clip's file cannot be referred to ({error})."
        ) from error
    # Type 2C in the General Series Module, and highdicom leaves it to us.
    state.Laterality = header.get("Laterality") or ""
    return state


def _state(
    image: Dataset, layer: hd.pr.GraphicLayer, annotations: list[hd.pr.GraphicAnnotation], title: str
) -> Dataset:
    state_class = (
        partial(hd.pr.ColorSoftcopyPresentationState, icc_profile=image.get("ICCProfile") or _srgb())
        if int(image.get("SamplesPerPixel") or 1) > 1
        else hd.pr.GrayscaleSoftcopyPresentationState
    )
    return state_class(
        [image],
        series_instance_uid=new_uid(),
        series_number=9002,
        sop_instance_uid=new_uid(),
        instance_number=1,
        manufacturer=MANUFACTURER,
        manufacturer_model_name=MODEL_NAME,
        software_versions=SOFTWARE_VERSION,
        device_serial_number=SERIAL_NUMBER,
        content_label=layer.GraphicLayer,
        content_description=short_text(title) or None,
        graphic_annotations=annotations,
        graphic_layers=[layer],
        content_creator_name=person_name(title),
    )


def _srgb() -> bytes:
    """Return the profile of a usual screen, which ultrasound in colour is made for."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[12:16] = b"scnr"  # the class of an input device, the only one that DICOM allows for images
    return bytes(profile)


def _as_enhanced(header: Dataset) -> Dataset:
    """Return the header with empty functional groups, which highdicom looks for in every multi-frame image."""
    image = Dataset()
    image.update(header)
    image.file_meta = header.file_meta
    if "NumberOfFrames" in image and "SharedFunctionalGroupsSequence" not in image:
        image.SharedFunctionalGroupsSequence = [Dataset()]
        image.PerFrameFunctionalGroupsSequence = [Dataset()] * int(image.NumberOfFrames)
    return image


def _annotations(
    mark: Mark,
    clip: ClipFacts,
    annotation: Callable[[PointList, list[int] | None], hd.pr.GraphicAnnotation],
    steps: Steps,
) -> Iterator[hd.pr.GraphicAnnotation]:
    for index, sighting in seen_frames(mark, clip.frames).items():
        steps.step()
        if not reaches_out(mark.kind, sighting.points_px, clip):
            yield annotation(sighting.points_px, [index + 1] if clip.frames > 1 else None)


def _annotation(
    mark: Mark,
    image: Dataset,
    layer: hd.pr.GraphicLayer,
    points_px: PointList,
    frame_numbers: list[int] | None,
) -> hd.pr.GraphicAnnotation:
    return hd.pr.GraphicAnnotation(
        [image],
        layer,
        referenced_frame_number=frame_numbers,
        graphic_objects=None if mark.kind is Kind.TEXT else [_graphic(mark, points_px)],
        text_objects=_texts(mark, points_px) or None,
    )


def _graphic(mark: Mark, points_px: PointList) -> hd.pr.GraphicObject:
    graphic_type, data = graphic_of(mark.kind, points_px)
    return hd.pr.GraphicObject(
        graphic_type,
        data,
        units=hd.pr.AnnotationUnitsValues.PIXEL,
        is_filled=False,
        tracking_id=mark.id,
        tracking_uid=uid_of("mark", mark.id),
    )


def _texts(mark: Mark, points_px: PointList) -> list[hd.pr.TextObject]:
    """Label at the first point, without backslashes, which part values; a text mark without a word says its kind."""
    text = mark.label.strip().replace("\\", "/")[:TEXT_LENGTH] or ("text" if mark.kind is Kind.TEXT else "")
    if not text:
        return []
    return [
        hd.pr.TextObject(
            text,
            units=hd.pr.AnnotationUnitsValues.PIXEL,
            anchor_point=points_px[0],
            anchor_point_visible=False,
            tracking_id=mark.id,
            tracking_uid=uid_of("mark", mark.id),
        )
    ]


def _layer_name(document: AnnotationDocument) -> str:
    return document.layer.id.upper().replace("-", "_")[:16]
