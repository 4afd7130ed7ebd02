"""One frame of a clip as a picture: marks, scale bar and caption, at its own size or twice that."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from annotations.document import AnnotationDocument
from annotations.errors import ExportError
from annotations.exchange.clip_facts import ClipFacts
from annotations.motion.grey_frames import Frames, GreyFrames
from annotations.pictures.drawing import draw_marks
from annotations.pictures.label_places import Box, LabelPlace
from annotations.pictures.labels import LabelSheet, Seen, places_of, write_labels
from annotations.pictures.lettering import DARK, LIGHT, Canvas, wrapped, write_text
from cases.calibration import Region

CAPTION_PX = 13
BAR_MM = (100, 50, 20, 10, 5, 2, 1)
SAMPLES = 7
Places = Mapping[str, LabelPlace]


@dataclass(frozen=True, slots=True, eq=False)
class AnnotatedClip:
    """What pictures are made from.

    Parameters
    ----------
    facts : ClipFacts
        The clip.
    frames : Frames
        Its frames, read when they are needed.
    documents : sequence of AnnotationDocument
        The layers to draw.
    title : str
        Words for the caption.
    simulated : bool
        Whether no person was examined; every caption then says so.
    """

    facts: ClipFacts
    frames: Frames
    documents: Sequence[AnnotationDocument]
    title: str = ""
    simulated: bool = False

    def label_places(self, scale: int = 1) -> Places:
        """Choose where labels stand on all pictures of the clip, so that they keep their places from frame to frame."""
        frames = np.unique(np.linspace(0, self.facts.frames - 1, SAMPLES).round().astype(int))
        named = [frame.frame_index for each in self.documents for frame in each.frames_of(self.facts.clip)]
        sampled = sorted({*map(int, frames), *(index for index in named if index < self.facts.frames)})
        return places_of([self._seen(index) for index in sampled], self._sheet(scale))

    def picture(self, frame_index: int, scale: int = 1, places: Places | None = None) -> Canvas:
        """Draw one frame with its marks and scale bar, without a caption.

        Parameters
        ----------
        frame_index : int
            Frame, counted from 0.
        scale : int
            1 for the size of the clip, 2 for twice that.
        places : mapping of str to LabelPlace, optional
            What `label_places` chose, for those who draw many frames.

        Returns
        -------
        ndarray of uint8, shape (scale · rows, scale · columns, 3)
            RGB.

        Raises
        ------
        ExportError
            If there is no such frame.
        """
        if not 0 <= frame_index < self.facts.frames:
            raise ExportError(
                f"{self.facts.clip}: there is no frame {frame_index + 1} of {self.facts.frames}; choose another."
            )
        canvas = _rgb(self.frames, frame_index)
        if scale != 1:
            size = (self.facts.columns * scale, self.facts.rows * scale)
            canvas = np.ascontiguousarray(
                cv2.resize(canvas, size, interpolation=cv2.INTER_CUBIC), dtype=np.uint8
            )
        seen = self._seen(frame_index)
        draw_marks(canvas, seen, scale=scale)
        chosen = self.label_places(scale) if places is None else places
        write_labels(canvas, seen, chosen, self._sheet(scale))
        draw_scale_bar(canvas, self.facts, scale)
        return canvas

    def _seen(self, frame_index: int) -> Seen:
        return [
            (mark, sighting)
            for document in self.documents
            for mark in document.marks_of(self.facts.clip)
            if (sighting := mark.sighting(frame_index)) is not None
        ]

    def _sheet(self, scale: int) -> LabelSheet:
        return LabelSheet(
            columns=self.facts.columns,
            rows=self.facts.rows,
            scale=scale,
            regions=tuple(self.facts.regions),
            precision=self.facts.precision,
            kept_free=tuple(_written_on(self.facts, scale)),
        )

    def caption(self, frame_index: int) -> str:
        """Say what the picture shows: title, annotated frame, place in the clip, and whether it is simulated."""
        named = [
            frame.title
            for document in self.documents
            for frame in document.frames_of(self.facts.clip)
            if frame.frame_index == frame_index
        ]
        place = f"frame {frame_index + 1} of {self.facts.frames}"
        if self.facts.frame_starts_s is not None:
            place += f", {self.facts.frame_starts_s[frame_index]:.2f} s"
        words = ["SIMULATED" if self.simulated else "", self.title, *named, place]
        return " · ".join(word for word in words if word) + "\nFor teaching, not a medical device."


def annotated_frame(
    clip: AnnotatedClip, frame_index: int, *, scale: int = 1, places: Places | None = None
) -> Canvas:
    """Draw one frame with its marks, scale bar and caption below it.

    Parameters
    ----------
    clip : AnnotatedClip
        The clip and its marks.
    frame_index : int
        Frame, counted from 0.
    scale : int
        1 for the size of the clip, 2 for twice that.
    places : mapping of str to LabelPlace, optional
        Where the labels stand, for those who draw many frames.

    Returns
    -------
    ndarray of uint8, shape (rows, columns, 3)
        RGB; higher than the frame by the caption.

    Raises
    ------
    ExportError
        If there is no such frame.
    """
    return with_caption(clip.picture(frame_index, scale, places), clip.caption(frame_index), scale)


def with_caption(picture: Canvas, caption: str, scale: int = 1) -> Canvas:
    """Put a caption below a picture, on black, broken into lines that fit."""
    columns = picture.shape[1]
    strip = np.zeros((caption_rows(caption, columns, scale), columns, 3), dtype=np.uint8)
    lines = wrapped(caption, CAPTION_PX * scale, columns - 12 * scale)
    write_text(strip, "\n".join(lines), (6 * scale, 3 * scale), CAPTION_PX * scale)
    return np.concatenate([picture, strip])


def caption_rows(caption: str, columns: int, scale: int = 1) -> int:
    """Rows of pixels that a caption takes below a picture."""
    lines = wrapped(caption, CAPTION_PX * scale, columns - 12 * scale)
    return (len(lines) * CAPTION_PX * scale * 3) // 2 + 8 * scale


def png(picture: Canvas) -> bytes:
    """Encode a picture as PNG."""
    good, encoded = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    if not good:
        raise ExportError("The picture cannot be encoded as PNG; export a smaller one.")
    return encoded.tobytes()


def draw_scale_bar(canvas: Canvas, clip: ClipFacts, scale: int) -> None:
    """Draw a bar of a round length at the lower left of the largest calibrated region; none without a scale."""
    bar = _scale_bar(clip, scale)
    if bar is None:
        return
    length_mm, left, right, bottom = bar
    for thickness, colour in ((3 * scale + 2, DARK), (3 * scale, LIGHT)):
        ends = ((round(left), round(bottom)), (round(right), round(bottom)))
        cv2.line(canvas, *ends, colour, thickness)
    write_text(canvas, f"{length_mm} mm", (left, bottom - 20 * scale), 12 * scale)


def _scale_bar(clip: ClipFacts, scale: int) -> tuple[int, float, float, float] | None:
    """Length of the bar in mm, and where it lies: left, right and bottom, in pixels of the picture."""
    region = _largest_region(clip)
    if region is None or region.calibration is None:
        return None
    mm_per_px_x = region.calibration.mm_per_px_x
    room_mm = (region.x1 + 1 - region.x0) * mm_per_px_x / 3
    length_mm = next((length for length in BAR_MM if length <= room_mm), None)
    if length_mm is None:
        return None
    left, bottom = float((region.x0 + 8) * scale), float((region.y1 + 1 - 10) * scale)
    return length_mm, left, left + length_mm / mm_per_px_x * scale, bottom


def _largest_region(clip: ClipFacts) -> Region | None:
    calibrated = [region for region in clip.regions if region.calibration is not None]
    return max(calibrated, key=lambda part: part.area_px, default=None)


def _written_on(clip: ClipFacts, scale: int) -> Iterator[Box]:
    """Yield where something is written: the scale bar, and above and below the region what the scanner wrote there."""
    region, bar = _largest_region(clip), _scale_bar(clip, scale)
    if region is not None:
        yield (0.0, 0.0, float(clip.columns * scale), float(region.y0 * scale))
        yield (0.0, float((region.y1 + 1) * scale), float(clip.columns * scale), float(clip.rows * scale))
    if bar is not None:
        _, left, right, bottom = bar
        yield (left, bottom - 20.0 * scale, max(right, left + 48 * scale), bottom + 4.0 * scale)


def _rgb(frames: Frames, frame_index: int) -> Canvas:
    """One frame as RGB of 8 bits, a copy to draw on."""
    frame: NDArray[Any] = np.asarray(frames[frame_index])
    if frame.dtype != np.uint8:
        frame = GreyFrames(frames)[frame_index]
    return np.array(cv2.cvtColor(frame, cv2.COLOR_GRAY2RGB) if frame.ndim == 2 else frame, dtype=np.uint8)
