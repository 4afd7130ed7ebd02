"""The documents of bundled cases, written from the truth of their simulated clips."""

from pathlib import Path

from annotations.document import AnnotatedFrame, AnnotationDocument, Layer, LayerRole, document_text
from annotations.exchange.writing import keep_whole
from annotations.mark import Mark
from annotations.opened_case import OpenedCase
from annotations.seeds.truth import Truth
from annotations.seeds.truth_marks import marks_from_truth
from annotations.seeds.words import CLIP_WORDS, FRAME_WORDS, FrameWords
from cases.calibration import Region
from cases.clip import ClipHead

TEACHER = Layer(id="teacher", title="Teacher", role=LayerRole.TEACHER)


def document_from_truth(opened: OpenedCase) -> AnnotationDocument:
    """Make the teacher's document of a simulated case.

    Parameters
    ----------
    opened : OpenedCase
        The case, whose folder holds the truth files beside the clips.

    Returns
    -------
    AnnotationDocument
        The marks and annotated frames of every clip with a truth file.

    Raises
    ------
    AnnotationFormatError
        If a truth file cannot be read.
    """
    marks: list[Mark] = []
    frames: list[AnnotatedFrame] = []
    for clip in opened.case.manifest.clips:
        if clip.truth is not None:
            truth = Truth.read(opened.folder / clip.truth)
            region = _picture(opened.case.clips[clip.id])
            marks += marks_from_truth(clip.id, truth, region, CLIP_WORDS.get(clip.id, {}))
            frames += [_frame(clip.id, truth, words) for words in FRAME_WORDS.get(clip.id, ())]
    return AnnotationDocument(
        case=opened.case.manifest.id, layer=TEACHER, annotated_frames=tuple(frames), marks=tuple(marks)
    )


def write_bundled_document(opened: OpenedCase, target_folder: Path) -> Path:
    """Write the teacher's document of a simulated case where bundled documents lie.

    Parameters
    ----------
    opened : OpenedCase
        The case.
    target_folder : Path
        Holds one folder a case.

    Returns
    -------
    Path
        The file.
    """
    document = document_from_truth(opened)
    target = target_folder / document.case / f"{document.layer.id}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    keep_whole(target, lambda path: path.write_text(document_text(document), encoding="utf-8"))
    return target


def _frame(clip: str, truth: Truth, words: FrameWords) -> AnnotatedFrame:
    index = truth.frame_of(words.moment)
    values = {"gap_mm": f"{truth['gap_mid_mm'][index]:.1f}"}
    if truth.is_long_axis:
        values["thickness_mm"] = f"{truth['rectus_thickness_mm'][index, 1]:.1f}"
    else:
        values["open_area_mm2"] = f"{truth['open_area_mm2'][index]:.0f}"
    return AnnotatedFrame(
        id=f"{clip}.{words.moment}",
        clip=clip,
        frame_index=index,
        title=words.title,
        text_alternative=words.text.format(**values),
    )


def _picture(head: ClipHead) -> Region:
    """Return the largest calibrated rectangle, to which lines keep; the whole frame where there is none."""
    whole = Region(0, 0, head.columns - 1, head.rows - 1)
    return max(head.regions, key=lambda region: region.area_px, default=whole)
