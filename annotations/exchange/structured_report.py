"""Marks as a DICOM structured report: one group of TID 1410 for each key frame of each mark, by TID 1500.

References
----------
DICOM PS3.16 TID 1500, Measurement Report; TID 1410, Planar ROI Measurements; PS3.3 A.35.3, Comprehensive SR.
"""

from collections.abc import Iterator

import highdicom as hd
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from annotations.document import AnnotationDocument
from annotations.errors import ExportError
from annotations.exchange.clip_facts import ClipFacts
from annotations.exchange.dicom_parts import (
    MANUFACTURER,
    coded,
    graphic_of,
    new_uid,
    our_code,
    person_name,
    reaches_out,
    uid_of,
)
from annotations.exchange.sightings import PointList, key_frames
from annotations.exchange.steps import Steps
from annotations.mark import Kind, Mark
from annotations.measurement import Measurement, Quantity, Unit, measure
from annotations.track import OnRange

KIND_NAME = our_code("MARK_KIND", "Kind of mark")
LABEL_NAME = our_code("MARK_LABEL", "Label of mark")
AUTHOR_NAME = our_code("MARK_AUTHOR", "Author of mark")
MEASURED_NAME = our_code("MARK_MEASURED", "Measure with uncertainty")
# codes.DCM has no keyword for plain "Comment" that highdicom takes by itself; 121106 is DCM "Comment".
COMMENT_NAME = hd.sr.CodedConcept(value="121106", scheme_designator="DCM", meaning="Comment")

QUANTITIES = {
    Quantity.LENGTH: codes.SCT.Length,
    Quantity.AREA: codes.SCT.Area,
    Quantity.ANGLE: codes.SCT.Angle,
}
UNITS = {
    Unit.MM: codes.UCUM.Millimeter,
    Unit.MM2: codes.UCUM.SquareMillimeter,
    Unit.DEGREE: codes.UCUM.Degree,
}


def structured_report(document: AnnotationDocument, clip: ClipFacts, steps: Steps) -> Dataset:
    """Write the marks of one clip as a structured report.

    Parameters
    ----------
    document : AnnotationDocument
        One layer.
    clip : ClipFacts
        The clip; it came as a DICOM file, whose own identifiers the report refers to.
    steps : Steps
        Told of each key frame of a mark; may stop the writing.

    Returns
    -------
    Dataset
        A Comprehensive SR.

    Raises
    ------
    ExportError
        If the clip is no DICOM file, its header cannot be referred to, or no mark is shown.
    """
    header = clip.dicom_header()
    marks = document.marks_of(clip.clip)
    steps.plan(sum(len(key_frames(mark, clip.frames)) for mark in marks))
    groups = [group for mark in marks for group in _groups(mark, clip, header, steps)]
    if not groups:
        raise ExportError(f"{clip.clip}: no mark is shown inside the picture; draw one before exporting.")
    observer = hd.sr.ObserverContext(
        codes.DCM.Person,
        hd.sr.PersonObserverIdentifyingAttributes(person_name(document.layer.title or document.layer.id)),
    )
    try:
        report = hd.sr.MeasurementReport(
            hd.sr.ObservationContext(observer_person_context=observer),
            codes.SCT.Ultrasonography,
            groups,
            title=codes.DCM.ImagingMeasurementReport,
        )
        return hd.sr.ComprehensiveSR(
            [header],
            report,
            series_instance_uid=new_uid(),
            series_number=9001,
            sop_instance_uid=new_uid(),
            instance_number=1,
            manufacturer=MANUFACTURER,
            is_complete=True,
        )
    except (AttributeError, ValueError, TypeError, KeyError) as error:
        raise ExportError(
            f"{clip.clip}: the header of the clip's file cannot be referred to ({error})."
        ) from error


def _groups(
    mark: Mark, clip: ClipFacts, header: Dataset, steps: Steps
) -> Iterator[hd.sr.PlanarROIMeasurementsAndQualitativeEvaluations]:
    for index, sighting in key_frames(mark, clip.frames).items():
        steps.step()
        if reaches_out(mark.kind, sighting.points_px, clip):
            continue
        numbers = [index + 1]
        if isinstance(mark.place, OnRange):
            numbers = list(range(index + 1, min(mark.place.last_frame_index, clip.frames - 1) + 2))
        yield _group(mark, sighting.points_px, clip, _source(header, numbers))


def _source(header: Dataset, frame_numbers: list[int]) -> hd.sr.SourceImageForRegion:
    return hd.sr.SourceImageForRegion(
        referenced_sop_class_uid=header.SOPClassUID,
        referenced_sop_instance_uid=header.SOPInstanceUID,
        referenced_frame_numbers=frame_numbers if int(header.get("NumberOfFrames") or 1) > 1 else None,
    )


def _group(
    mark: Mark, points_px: PointList, clip: ClipFacts, source: hd.sr.SourceImageForRegion
) -> hd.sr.PlanarROIMeasurementsAndQualitativeEvaluations:
    graphic_type, data = graphic_of(mark.kind, points_px)
    measured = measure(mark.kind, points_px, regions=clip.regions, precision=clip.precision)
    group = hd.sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        hd.sr.TrackingIdentifier(uid=uid_of("mark", mark.id), identifier=mark.id),
        referenced_region=hd.sr.ImageRegion(graphic_type, data, source),
        finding_type=None if mark.concept is None else coded(mark.concept),
        measurements=_numbers(measured),
        qualitative_evaluations=[_kind(mark.kind)],
    )
    for name, text in (
        (LABEL_NAME, mark.label),
        (COMMENT_NAME, mark.note),
        (AUTHOR_NAME, mark.author),
        (MEASURED_NAME, _in_words(measured)),
    ):
        if text:
            group[0].ContentSequence.append(
                hd.sr.TextContentItem(name, text, hd.sr.RelationshipTypeValues.CONTAINS)
            )
    return group


def _kind(kind: Kind) -> hd.sr.QualitativeEvaluation:
    return hd.sr.QualitativeEvaluation(KIND_NAME, our_code(f"MARK_{kind.name}", f"{kind} mark"))


def _numbers(measured: Measurement | None) -> list[hd.sr.Measurement] | None:
    if measured is None or measured.unit not in UNITS:
        return None
    return [hd.sr.Measurement(QUANTITIES[measured.quantity], measured.value, UNITS[measured.unit])]


def _in_words(measured: Measurement | None) -> str:
    if measured is None or measured.unit not in UNITS:
        return ""
    return f"{measured.quantity} {measured.text} (about 95 %)"
