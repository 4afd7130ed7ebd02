"""Outlined tissue as a DICOM segmentation: one segment a mark, one binary frame for each frame it is seen on.

highdicom writes segmentations of images that have a place in space; an ultrasound clip has none. It is therefore
written on a stand-in geometry, one plane a frame, which is then taken out again and replaced by the number of the
frame in time; every frame still names the frame of the clip that it was drawn on.

References
----------
DICOM PS3.3 A.51, Segmentation IOD; C.7.6.16.2.2.6, Frame Content (Temporal Position Index).
"""

from collections.abc import Iterator

import highdicom as hd
import numpy as np
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.tag import Tag

from annotations.document import AnnotationDocument
from annotations.errors import ExportError
from annotations.exchange.clip_facts import ClipFacts
from annotations.exchange.dicom_parts import (
    MANUFACTURER,
    MODEL_NAME,
    SERIAL_NUMBER,
    SOFTWARE_VERSION,
    coded,
    new_uid,
    our_code,
    person_name,
    short_text,
    uid_of,
)
from annotations.exchange.formats import RASTERED
from annotations.exchange.sightings import seen_frames
from annotations.exchange.steps import Steps
from annotations.mark import Kind, Mark, MarkSource
from annotations.outline import closed_outline_px, raster
from annotations.track import Track

MAX_BYTES = 2 * 1024**3


def segmentation(document: AnnotationDocument, clip: ClipFacts, steps: Steps) -> Dataset:
    """Write the outlined tissue of one clip as a segmentation.

    Parameters
    ----------
    document : AnnotationDocument
        One layer; polygons, areas, tissue and ellipses become segments.
    clip : ClipFacts
        The clip; it came as a DICOM file.
    steps : Steps
        Told of each frame of an outline; may stop the writing.

    Returns
    -------
    Dataset
        A binary segmentation.

    Raises
    ------
    ExportError
        If the clip is no DICOM file, its header cannot be referred to, or no outline is shown.
    """
    header = clip.dicom_header()
    marks = [mark for mark in document.marks_of(clip.clip) if mark.kind in RASTERED]
    steps.plan(sum(len(seen_frames(mark, clip.frames)) for mark in marks))
    filled = {mark.id: dict(_filled(mark, clip, steps)) for mark in marks}
    marks = [mark for mark in marks if filled[mark.id]]
    if not marks:
        raise ExportError(f"{clip.clip}: no outline is shown inside the picture; draw one before exporting.")
    if len(marks) * clip.frames * clip.rows * clip.columns > MAX_BYTES:
        raise ExportError(f"{clip.clip}: the segmentation would need more than 2 GiB; export fewer outlines.")
    pixels = np.zeros((clip.frames, clip.rows, clip.columns, len(marks)), dtype=np.uint8)
    for number, mark in enumerate(marks):
        for index, raster_of_frame in filled[mark.id].items():
            pixels[index, :, :, number] = raster_of_frame
    try:
        written = _written(document, marks, header, pixels)
    except (AttributeError, ValueError, TypeError, KeyError) as error:
        raise ExportError(
            f"{clip.clip}: the header of the clip's file cannot be referred to ({error})."
        ) from error
    _let_go(written)
    _without_space(written)
    # Required where there is no place in space, and highdicom leaves it to us.
    written.PatientOrientation = header.get("PatientOrientation") or ""
    return written


def _filled(mark: Mark, clip: ClipFacts, steps: Steps) -> Iterator[tuple[int, np.ndarray]]:
    for index, sighting in seen_frames(mark, clip.frames).items():
        steps.step()
        outline = closed_outline_px(sighting.points_px, is_ellipse=mark.kind is Kind.ELLIPSE)
        pixels = raster(outline, clip.rows, clip.columns)
        if pixels.any():
            yield index, pixels


def _written(
    document: AnnotationDocument, marks: list[Mark], header: Dataset, pixels: np.ndarray
) -> hd.seg.Segmentation:
    return hd.seg.Segmentation(
        [_in_space(header)],
        pixels,
        hd.seg.SegmentationTypeValues.BINARY,
        [_described(mark, number) for number, mark in enumerate(marks, start=1)],
        series_instance_uid=new_uid(),
        series_number=9003,
        sop_instance_uid=new_uid(),
        instance_number=1,
        manufacturer=MANUFACTURER,
        manufacturer_model_name=MODEL_NAME,
        software_versions=SOFTWARE_VERSION,
        device_serial_number=SERIAL_NUMBER,
        content_label="TISSUE",
        content_description=short_text(document.layer.title) or None,
        content_creator_name=person_name(document.layer.title or document.layer.id),
    )


def _described(mark: Mark, number: int) -> hd.seg.SegmentDescription:
    family = _computed_by(mark)
    algorithm = (
        None if family is None else hd.AlgorithmIdentificationSequence(MODEL_NAME, family, SOFTWARE_VERSION)
    )
    kind = hd.seg.SegmentAlgorithmTypeValues
    return hd.seg.SegmentDescription(
        number,
        short_text(mark.label) or mark.kind.value,
        codes.SCT.AnatomicalStructure,
        codes.SCT.Tissue if mark.concept is None else coded(mark.concept),
        kind.SEMIAUTOMATIC if algorithm else kind.MANUAL,
        algorithm_identification=algorithm,
        tracking_uid=uid_of("mark", mark.id),
        tracking_id=mark.id,
    )


def _computed_by(mark: Mark) -> hd.sr.CodedConcept | None:
    """Return what computed an outline; None for one that a person drew."""
    if mark.source is MarkSource.SIMULATION:
        return our_code("SIMULATION", "Truth of a simulation")
    if isinstance(mark.place, Track) and mark.place.between == "carried":
        return our_code("SPECKLE_TRACKING", "Carried between key frames by the speckle")
    return None


def _in_space(header: Dataset) -> Dataset:
    """Return the header with the stand-in geometry: one plane for each frame, a millimetre apart."""
    image = Dataset()
    image.update(header)
    image.file_meta = header.file_meta
    image.FrameOfReferenceUID = new_uid()
    shared = Dataset()
    shared.PlaneOrientationSequence = hd.PlaneOrientationSequence("PATIENT", [1, 0, 0, 0, 1, 0])
    shared.PixelMeasuresSequence = hd.PixelMeasuresSequence([1, 1], 1.0)
    image.SharedFunctionalGroupsSequence = [shared]
    image.PerFrameFunctionalGroupsSequence = []
    for index in range(int(image.get("NumberOfFrames") or 1)):
        plane = Dataset()
        plane.PlanePositionSequence = hd.PlanePositionSequence("PATIENT", [0, 0, index])
        image.PerFrameFunctionalGroupsSequence.append(plane)
    return image


def _let_go(written: Dataset) -> None:
    """Close the database in memory that highdicom keeps for looking frames up; writing needs none."""
    connection = getattr(written, "_db_con", None)
    if connection is not None:
        connection.close()


def _without_space(written: Dataset) -> None:
    """Take the stand-in geometry out again; what orders the frames is their number in the clip."""
    for keyword in ("FrameOfReferenceUID", "PositionReferenceIndicator"):
        if keyword in written:
            delattr(written, keyword)
    shared = written.SharedFunctionalGroupsSequence[0]
    for keyword in ("PixelMeasuresSequence", "PlaneOrientationSequence"):
        if keyword in shared:
            delattr(shared, keyword)
    for groups in written.PerFrameFunctionalGroupsSequence:
        source = groups.DerivationImageSequence[0].SourceImageSequence[0]
        number = int(source.get("ReferencedFrameNumber") or 1)
        content = groups.FrameContentSequence[0]
        content.TemporalPositionIndex = number
        content.DimensionIndexValues = [*list(content.DimensionIndexValues)[:-1], number]
        del groups.PlanePositionSequence
    dimension = written.DimensionIndexSequence[-1]
    dimension.DimensionIndexPointer = Tag("TemporalPositionIndex")
    dimension.FunctionalGroupPointer = Tag("FrameContentSequence")
    dimension.DimensionDescriptionLabel = "Temporal Position Index"
