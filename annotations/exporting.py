"""One export: a file of marks, a picture or a film, with what it leaves out, its progress, and a way to stop it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from annotations.document import AnnotationDocument
from annotations.errors import ExportCancelledError, ExportError
from annotations.exchange.clip_facts import ClipFacts
from annotations.exchange.formats import RASTERED, Format
from annotations.exchange.losses import losses
from annotations.exchange.sightings import seen_frames
from annotations.exchange.steps import Steps
from annotations.exchange.writing import keep_whole, write_marks
from annotations.pictures.annotated_frame import AnnotatedClip, annotated_frame, png
from annotations.pictures.moving_picture import Film, Progress, write_film

PICTURE = "png"
PRODUCTS = (PICTURE, *(film.value for film in Film), *(known.value for known in Format))
FILM_TITLES = {Film.MP4: "MP4 film (H.264)", Film.WEBM: "WebM film (VP9)", Film.GIF: "animated GIF"}
IN_DICOM = (Format.SR, Format.GSPS, Format.SEG)


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted of a clip.

    Parameters
    ----------
    product : str
        One of `PRODUCTS`.
    frame_index : int
        Frame of a picture, counted from 0.
    scale : int
        1 for a picture of the clip's own size, 2 for twice that.
    frame_time_ms : float or None
        Frame time of a film, for a clip that does not say how fast it runs.
    """

    product: str
    frame_index: int = 0
    scale: int = 1
    frame_time_ms: float | None = None

    def __post_init__(self) -> None:
        if self.product not in PRODUCTS:
            raise ExportError(
                f"{self.product}: this format is not known; choose one of {', '.join(PRODUCTS)}."
            )
        if self.scale not in (1, 2):
            raise ExportError(f"A picture can be 1 or 2 times as large as the clip, not {self.scale} times.")

    @property
    def suffix(self) -> str:
        """Ending of the file's name."""
        return Format(self.product).suffix if self.product in Format else f".{self.product}"

    def file_name(self, case: str, clip: str, layer: str) -> str:
        """Return a name that tells what is in the file, of ids alone: nobody's name can be in it.

        >>> Order("png", frame_index=33, scale=2).file_name("tear", "long-axis", "teacher")
        'tear_long-axis_frame-34_2x.png'
        >>> Order("sr").file_name("tear", "long-axis", "teacher")
        'tear_long-axis_teacher_sr.dcm'
        """
        if self.product == Format.JSON:  # holds the marks of every clip
            words = [case, layer]
        elif self.product == PICTURE:
            words = [case, clip, f"frame-{self.frame_index + 1}", *(["2x"] if self.scale == 2 else [])]
        elif self.product in Format:
            words = [case, clip, layer, self.product]
        else:
            words = [case, clip]
        return "_".join(word for word in words if word) + self.suffix


def title_of(product: str) -> str:
    """Name of a product for people."""
    if product in Format:
        return Format(product).label
    return "PNG picture" if product == PICTURE else FILM_TITLES[Film(product)]


def left_out(document: AnnotationDocument, clip: ClipFacts, product: str) -> tuple[str, ...]:
    """Say what a product cannot hold of a layer, in sentences; a picture holds what is seen of the marks."""
    if product in Format:
        return losses(document, clip, Format(product))
    return ("Marks become part of the picture: nobody can move them or measure them again.",)


def hindrance(document: AnnotationDocument, clip: ClipFacts, product: str) -> str | None:
    """Say in one sentence why a product cannot be made of a clip, before it is tried; None where it can."""
    if product == Format.JSON:
        has_any = document.marks or document.annotated_frames
        return None if has_any else "There is nothing in this layer; draw a mark first."
    if product in Format:
        return _hindrance_of_marks(document, clip, Format(product))
    if product in Film and clip.frame_starts_s is None:
        return "The clip does not say how fast it runs; enter its frame rate first."
    return None


def _hindrance_of_marks(document: AnnotationDocument, clip: ClipFacts, wanted: Format) -> str | None:
    seen = [mark for mark in document.marks_of(clip.clip) if seen_frames(mark, clip.frames)]
    if not seen:
        return "No mark of this layer is shown on any frame of this clip; draw one first."
    if wanted is Format.SEG and not any(mark.kind in RASTERED for mark in seen):
        return "A segmentation holds outlines only, and this clip has none; draw one first."
    if wanted in IN_DICOM:
        try:
            clip.dicom_header()
        except ExportError as error:
            return str(error)
    return None


def export(
    clip: AnnotatedClip,
    order: Order,
    target: Path,
    *,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> None:
    """Write what is wanted; the file appears when it is complete.

    Parameters
    ----------
    clip : AnnotatedClip
        The clip and its layers; a file of marks holds the first of them.
    order : Order
        What is wanted.
    target : Path
        The file.
    progress : callable, optional
        Told the steps done and the steps there are: frames of a film, frames of the marks of a file; a picture is one.
    cancel : callable, optional
        Asked between the steps; the export ends when it says True.

    Raises
    ------
    ExportCancelledError
        If it was stopped; nothing is left behind.
    ExportError
        If it cannot be made; the message says why.
    """
    if order.product in Film:
        write_film(
            clip,
            Film(order.product),
            target,
            frame_time_ms=order.frame_time_ms,
            progress=progress,
            cancel=cancel,
        )
        return
    steps = Steps(progress, cancel)
    try:
        if order.product == PICTURE:
            picture = png(annotated_frame(clip, order.frame_index, scale=order.scale))
            keep_whole(target, lambda path: path.write_bytes(picture))
            steps.step()
        else:
            write_marks(clip.documents[0], clip.facts, Format(order.product), target, steps)
    except ExportCancelledError:
        target.unlink(missing_ok=True)  # stopped at the last moment, when it was there already
        raise
