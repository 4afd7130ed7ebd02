"""The formats that marks can be written in, and what each of them cannot hold."""

from collections.abc import Iterator
from enum import StrEnum

from annotations.document import AnnotationDocument
from annotations.exchange.clip_facts import ClipFacts
from annotations.exchange.dicom_parts import reaches_out
from annotations.exchange.sightings import seen_frames
from annotations.mark import Kind, Mark, Style
from annotations.measurement import measure
from annotations.track import Track

RASTERED = (Kind.POLYGON, Kind.AREA, Kind.TISSUE, Kind.ELLIPSE)


class Format(StrEnum):
    """Formats of other programs, and our own."""

    JSON = "json"
    SR = "sr"
    GSPS = "gsps"
    SEG = "seg"
    CVAT = "cvat"
    COCO = "coco"

    @property
    def label(self) -> str:
        """Name for people."""
        return _TITLES[self]

    @property
    def suffix(self) -> str:
        """Usual ending of a file's name."""
        return _SUFFIXES[self]


_TITLES = {
    Format.JSON: "our JSON",
    Format.SR: "DICOM structured report (TID 1500)",
    Format.GSPS: "DICOM softcopy presentation state",
    Format.SEG: "DICOM segmentation",
    Format.CVAT: "CVAT for video 1.1",
    Format.COCO: "COCO",
}
_SUFFIXES = {
    Format.JSON: ".json",
    Format.SR: ".dcm",
    Format.GSPS: ".dcm",
    Format.SEG: ".dcm",
    Format.CVAT: ".xml",
    Format.COCO: ".json",
}


def losses(document: AnnotationDocument, clip: ClipFacts, wanted: Format) -> tuple[str, ...]:
    """Say what a format cannot hold of the marks of one clip, before it is written.

    Parameters
    ----------
    document : AnnotationDocument
        One layer.
    clip : ClipFacts
        The clip that is exported.
    wanted : Format
        The format.

    Returns
    -------
    tuple of str
        Sentences for people; empty where nothing is lost.
    """
    marks = document.marks_of(clip.clip)
    if wanted is Format.JSON:
        return ()
    told = [*_of_every_format(document, marks, clip), *_LOSSES[wanted](marks, clip)]
    return tuple(told)


def _of_every_format(document: AnnotationDocument, marks: tuple[Mark, ...], clip: ClipFacts) -> Iterator[str]:
    if document.frames_of(clip.clip):
        yield "Titles and text alternatives of the annotated frames are left out."
    unseen = [mark for mark in marks if not seen_frames(mark, clip.frames)]
    if unseen:
        yield f"{_marks(len(unseen))} not shown on any frame: left out."


def _of_sr(marks: tuple[Mark, ...], clip: ClipFacts) -> Iterator[str]:
    tracks = [mark.place for mark in marks if isinstance(mark.place, Track)]
    if any(track.carried for track in tracks):
        yield "Of marks carried by the tissue only the key frames are written."
    if any(key.outside for track in tracks for key in track.keys):
        yield "Key frames that say “outside” are left out."
    yield from _style(marks)
    if any(_is_in_px(mark, clip) for mark in marks):
        yield "Lengths and areas without a scale are left out; their points are kept."
    yield from _outside(marks, clip)


def _of_gsps(marks: tuple[Mark, ...], clip: ClipFacts) -> Iterator[str]:
    if any(mark.concept or mark.note or mark.author for mark in marks):
        yield "Codes, notes and authors are left out."
    if any(
        mark.kind not in (Kind.POINT, Kind.POLYLINE, Kind.POLYGON, Kind.ELLIPSE, Kind.TEXT) for mark in marks
    ):
        yield "Arrows, calipers and angles become lines, areas and tissue become polygons, without their measures."
    if any(isinstance(mark.place, Track) for mark in marks):
        yield "Tracks are written frame by frame: which frames were key frames is lost."
    yield from _style(marks)
    yield from _outside(marks, clip)


def _of_seg(marks: tuple[Mark, ...], _clip: ClipFacts) -> Iterator[str]:
    others = [mark for mark in marks if mark.kind not in RASTERED]
    if others:
        yield f"{_marks(len(others))} without an area (points, lines, calipers, text): left out."
    if len(others) < len(marks):
        yield "Outlines become whole pixels, and which frames were key frames is lost."
        yield "Notes, authors and the kind of the mark are left out."
    yield from _style(marks)


def _of_cvat(marks: tuple[Mark, ...], _clip: ClipFacts) -> Iterator[str]:
    if any(isinstance(mark.place, Track) for mark in marks):
        yield "How each key frame came to be (drawn, corrected, from the simulation) is left out."


def _of_coco(marks: tuple[Mark, ...], _clip: ClipFacts) -> Iterator[str]:
    if any(isinstance(mark.place, Track) for mark in marks):
        yield "Tracks are written frame by frame; other programs will not join them again."
        yield "How each key frame came to be (drawn, corrected, from the simulation) is left out."
    if any(mark.kind not in (Kind.POLYGON, Kind.AREA, Kind.TISSUE, Kind.ELLIPSE) for mark in marks):
        yield "Points, lines, arrows, calipers, angles and texts become keypoints."


def _style(marks: tuple[Mark, ...]) -> Iterator[str]:
    if any(mark.style != Style() for mark in marks):
        yield "Colours and line patterns are left out."


def _is_in_px(mark: Mark, clip: ClipFacts) -> bool:
    measured = measure(mark.kind, mark.every_points_px()[0], regions=clip.regions)
    return measured is not None and measured.in_px_because is not None


def _outside(marks: tuple[Mark, ...], clip: ClipFacts) -> Iterator[str]:
    outside = [
        mark
        for mark in marks
        if any(
            reaches_out(mark.kind, sighting.points_px, clip)
            for sighting in seen_frames(mark, clip.frames).values()
        )
    ]
    if outside:
        yield f"{_marks(len(outside))} reaching out of the picture: left out on those frames."


def _marks(count: int) -> str:
    return "1 mark" if count == 1 else f"{count} marks"


_LOSSES = {
    Format.SR: _of_sr,
    Format.GSPS: _of_gsps,
    Format.SEG: _of_seg,
    Format.CVAT: _of_cvat,
    Format.COCO: _of_coco,
}
