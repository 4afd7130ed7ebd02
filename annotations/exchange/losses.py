"""What each format cannot hold of the marks of one clip, said before it is written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from annotations.document import AnnotationDocument
from annotations.exchange.clip_facts import ClipFacts
from annotations.exchange.dicom_parts import LO_LENGTH, is_outline, reaches_out, short_text
from annotations.exchange.formats import RASTERED, Format
from annotations.exchange.imported import marks_in_words
from annotations.exchange.sightings import seen_frames
from annotations.mark import Kind, Mark, MarkSource, Style
from annotations.measurement import measure
from annotations.track import OnRange, Track


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The marks of one clip that are seen on some frame of it."""

    clip: ClipFacts
    marks: tuple[Mark, ...]

    @property
    def tracks(self) -> list[Track]:
        return [mark.place for mark in self.marks if isinstance(mark.place, Track)]


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
    if wanted is Format.JSON:
        return ()
    marks = document.marks_of(clip.clip)
    drawn = _Drawn(clip, tuple(mark for mark in marks if seen_frames(mark, clip.frames)))
    told = [*_of_every_format(document, drawn, len(marks)), *_LOSSES[wanted](drawn)]
    return tuple(told)


def _of_every_format(document: AnnotationDocument, drawn: _Drawn, count: int) -> Iterator[str]:
    others = len(document.marks) - count
    if others:
        yield f"{marks_in_words(others)} on other clips of the layer: left out; export them clip by clip."
    if count > len(drawn.marks):
        yield f"{marks_in_words(count - len(drawn.marks))} not shown on any frame: left out."
    if document.frames_of(drawn.clip.clip):
        yield "Titles and text alternatives of the annotated frames are left out."
    yield "Whose layer it is (teacher, student, reader) is left out."
    if any(document.not_understood.values()) or any(mark.model_extra for mark in drawn.marks):
        yield "What a newer version of the viewer wrote and this one cannot read is left out."


def _of_sr(drawn: _Drawn) -> Iterator[str]:
    if any(track.carried for track in drawn.tracks):
        yield "Of marks carried by the tissue only the key frames are written."
    elif any(len(track.keys) > 1 for track in drawn.tracks):
        yield "Other programs show a mark on its key frames only, not between them."
    if any(key.outside for track in drawn.tracks for key in track.keys):
        yield "Key frames that say “outside” are left out."
    yield from _origin(drawn)
    yield from _style(drawn)
    yield from _ellipses(drawn)
    if any(_is_in_px(mark, drawn.clip) for mark in drawn.marks):
        yield "Lengths and areas without a scale are left out; their points are kept."
    yield from _out_of_the_picture(drawn)


def _of_gsps(drawn: _Drawn) -> Iterator[str]:
    if any(mark.concept or mark.note or mark.author for mark in drawn.marks):
        yield "Codes, notes and authors are left out."
    if any("\\" in mark.label for mark in drawn.marks):
        yield "Backslashes in labels become slashes."
    plain = (Kind.POINT, Kind.POLYLINE, Kind.POLYGON, Kind.ELLIPSE, Kind.TEXT)
    if any(mark.kind not in plain for mark in drawn.marks):
        yield "Arrows, calipers and angles become lines, areas and tissue become polygons."
    if any(mark.kind is Kind.POLYLINE and _comes_back_on_itself(mark) for mark in drawn.marks):
        yield "Lines that end where they begin become polygons."
    yield from _measures(drawn)
    yield from _frame_by_frame(drawn)
    yield from _uncertain(drawn)
    yield from _origin(drawn)
    yield from _style(drawn)
    yield from _ellipses(drawn)
    yield from _out_of_the_picture(drawn)


def _comes_back_on_itself(line: Mark) -> bool:
    return any(is_outline(np.array(points_px)) for points_px in line.every_points_px())


def _of_seg(drawn: _Drawn) -> Iterator[str]:
    others = [mark for mark in drawn.marks if mark.kind not in RASTERED]
    outlines = _Drawn(drawn.clip, tuple(mark for mark in drawn.marks if mark.kind in RASTERED))
    if others:
        yield f"{marks_in_words(len(others))} without an area (points, lines, calipers, text): left out."
    if not outlines.marks:
        return
    yield "Outlines become whole pixels; where one crosses itself, what it encloses is filled."
    yield "Notes, authors and the kind of the mark are left out."
    if any(short_text(mark.label) != mark.label.strip() for mark in outlines.marks):
        yield f"Labels are written on one line, without backslashes, and cut after {LO_LENGTH} letters."
    if any(not mark.label.strip() for mark in outlines.marks):
        yield "Marks without a label are named after their kind."
    if any(mark.concept is None for mark in outlines.marks):
        yield "Marks without a code are called tissue."
    if any(region.calibration is not None for region in drawn.clip.regions):
        yield "The scale (mm per pixel) is left out, because an ultrasound clip has no place in space: areas are in pixels."
    yield from _measures(outlines)
    yield from _frame_by_frame(outlines)
    yield from _uncertain(outlines)
    yield from _style(outlines)
    cut = sum(_reaches_out(mark, drawn.clip) for mark in outlines.marks)
    if cut:
        yield f"{marks_in_words(cut)} reaching out of the picture: cut off at its edge."


def _of_cvat(drawn: _Drawn) -> Iterator[str]:
    if any(_pauses(track) for track in drawn.tracks):
        yield "Where a mark is not seen between carried frames before or after its key frames, it is shown still."
    yield from _scale(drawn)
    yield from _measures(drawn)
    yield from _origin(drawn)
    yield from _ellipses(drawn)


def _pauses(track: Track) -> bool:
    """Tell whether frames are left out where the tissue carries a mark beyond its key frames."""
    first, last = track.keys[0].frame_index, track.keys[-1].frame_index
    known = {first, last, *(part.frame_index for part in track.carried)}
    begin, end = track.frame_span
    return any(index not in known for index in (*range(begin, first), *range(last, end + 1)))


def _of_coco(drawn: _Drawn) -> Iterator[str]:
    if drawn.tracks or any(isinstance(mark.place, OnRange) for mark in drawn.marks):
        yield "Tracks are written frame by frame; other programs will not join them again."
    if any(mark.kind not in RASTERED for mark in drawn.marks):
        yield "Points, lines, arrows, calipers, angles and texts become keypoints."
    yield from _scale(drawn)
    yield from _measures(drawn)
    yield from _origin(drawn)


def _scale(drawn: _Drawn) -> Iterator[str]:
    if any(region.calibration is not None for region in drawn.clip.regions):
        yield "The scale (mm per pixel) is left out: other programs measure in pixels."


def _measures(drawn: _Drawn) -> Iterator[str]:
    if any(measure(mark.kind, mark.every_points_px()[0]) is not None for mark in drawn.marks):
        yield "Lengths, areas and angles with their uncertainty are left out; their points are kept."


def _frame_by_frame(drawn: _Drawn) -> Iterator[str]:
    if drawn.tracks:
        yield "Tracks are written frame by frame: which frames were key frames is lost."


def _uncertain(drawn: _Drawn) -> Iterator[str]:
    if any(track.carried for track in drawn.tracks):
        yield "How sure the place of a carried mark is, is left out."


def _origin(drawn: _Drawn) -> Iterator[str]:
    if drawn.tracks or any(mark.source is MarkSource.SIMULATION for mark in drawn.marks):
        yield "How each mark and key frame came to be (drawn, corrected, from the simulation) is left out."


def _style(drawn: _Drawn) -> Iterator[str]:
    if any(mark.style != Style() for mark in drawn.marks):
        yield "Colours and line patterns are left out."


def _ellipses(drawn: _Drawn) -> Iterator[str]:
    if any(mark.kind is Kind.ELLIPSE and _is_skew(mark) for mark in drawn.marks):
        yield "Ellipses keep their shape, not the two half diameters that they were drawn by."


def _is_skew(mark: Mark) -> bool:
    for points in mark.every_points_px():
        center, first, second = np.asarray(points)
        if abs(float((first - center) @ (second - center))) > 1e-6:
            return True
    return False


def _is_in_px(mark: Mark, clip: ClipFacts) -> bool:
    measured = measure(mark.kind, mark.every_points_px()[0], regions=clip.regions)
    return measured is not None and measured.in_px_because is not None


def _out_of_the_picture(drawn: _Drawn) -> Iterator[str]:
    outside = sum(_reaches_out(mark, drawn.clip) for mark in drawn.marks)
    if outside:
        yield f"{marks_in_words(outside)} reaching out of the picture: left out on those frames."


def _reaches_out(mark: Mark, clip: ClipFacts) -> bool:
    return any(
        reaches_out(mark.kind, sighting.points_px, clip)
        for sighting in seen_frames(mark, clip.frames).values()
    )


_LOSSES: dict[Format, Callable[[_Drawn], Iterator[str]]] = {
    Format.SR: _of_sr,
    Format.GSPS: _of_gsps,
    Format.SEG: _of_seg,
    Format.CVAT: _of_cvat,
    Format.COCO: _of_coco,
}
