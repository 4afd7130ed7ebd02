"""What the commands do: a case is opened, its layers are read, and marks go in or out."""

from pathlib import Path

import typer

from annotations.database import DATABASE_NAME
from annotations.document import AnnotationDocument, Layer
from annotations.errors import ExportError, ImportRefusedError
from annotations.exchange.formats import Format
from annotations.exchange.imported import marks_in_words
from annotations.exchange.reading import read_marks
from annotations.exporting import Order, export, left_out, title_of
from annotations.importing import keep_imported
from annotations.layers import BUNDLED_FOLDER, layer_states, untitled_layer
from annotations.opened_case import OpenedCase, opened_case
from annotations.seeds.bundle import write_bundled_document
from annotations.store import AnnotationStore
from cases.settings import Settings


def export_marks(
    case_id: str,
    out: Path,
    wanted: str,
    *,
    clip: str = "",
    layer: str = "teacher",
    frame: int = 1,
    scale: int = 1,
    frame_time_ms: float = 0.0,
) -> None:
    """Write the marks of one clip of a case, as a file of marks or as a picture.

    Parameters
    ----------
    case_id : str
        Id of the case.
    out : Path
        The file.
    wanted : str
        json, sr, gsps, seg, cvat, coco, png, webm, mp4 or gif.
    clip, layer : str
        Id of the clip, by default the first one, and of the layer.
    frame, scale : int
        Frame number and size of a png.
    frame_time_ms : float
        Frame time of a clip that states none; 0 where it does.

    Raises
    ------
    ExportError
        If the format is not known or cannot be written.
    """
    order = Order(wanted, frame_index=frame - 1, scale=scale, frame_time_ms=frame_time_ms or None)
    with opened_case(case_id, Settings.from_environment()) as opened:
        clip = clip or opened.case.manifest.clips[0].id
        facts, document = opened.facts(clip), _document(opened, layer)
        if wanted in Format:
            for sentence in left_out(document, facts, wanted):
                typer.echo(f"{title_of(wanted)}: {sentence}", err=True)
        with typer.progressbar(length=1, label=out.name) as bar:

            def progress(done: int, of: int) -> None:
                bar.length = of
                bar.update(done - bar.pos)

            export(opened.annotated(clip, (document,)), order, out, progress=progress)
    typer.echo(str(out))


def import_marks(
    case_id: str, file: Path, *, clip: str = "", layer: str = "imported", author: str = ""
) -> None:
    """Take the marks of a file into a layer of a case.

    Parameters
    ----------
    case_id : str
        Id of the case.
    file : Path
        SR, GSPS, SEG, CVAT, COCO or our JSON.
    clip, layer : str
        Id of the clip that they lie on, and of the layer. Without a clip, our own JSON of the case brings the marks
        of all of its clips; another file those of the first clip.
    author : str
        Who imports.

    Raises
    ------
    ImportRefusedError
        If nothing can be taken over.
    """
    settings, title = Settings.from_environment(), _layer_called(layer)
    with opened_case(case_id, settings) as opened:
        others = frozenset[str]() if clip else frozenset(opened.case.clips)
        clip = clip or opened.case.manifest.clips[0].id
        typer.echo(f"Reading {file.name} …", err=True)
        imported = read_marks(file, clip=clip, facts=opened.facts(clip), case=case_id, other_clips=others)
    for remark in imported.remarks:
        typer.echo(remark, err=True)
    typer.echo(f"Keeping {marks_in_words(len(imported.marks))} …", err=True)
    with AnnotationStore.in_folder(settings.data_folder) as store:
        keep_imported(store, imported, case=case_id, layer=title, author=author)
    count = marks_in_words(len(imported.marks))
    typer.echo(f"{count} of {imported.format_name} in the layer “{layer}”.")


def write_bundled(case_id: str) -> None:
    """Write the bundled document of a simulated case from the truth of its clips."""
    with opened_case(case_id, Settings.from_environment()) as opened:
        typer.echo(str(write_bundled_document(opened, BUNDLED_FOLDER)))


def _layer_called(layer: str) -> Layer:
    try:
        return untitled_layer(layer)
    except ValueError as error:
        raise ImportRefusedError(
            f"{layer}: the id of a layer is of small letters, digits and hyphens, at most 64; choose another."
        ) from error


def _document(opened: OpenedCase, layer: str) -> AnnotationDocument:
    """One layer as it stands: the bundled seed and what the store of this installation keeps."""
    case_id, folder = opened.case.manifest.id, Settings.from_environment().data_folder
    if (folder / DATABASE_NAME).is_file():
        with AnnotationStore.in_folder(folder) as store:
            states = layer_states(case_id, store)
    else:
        states = layer_states(case_id)
    for state in states:
        if state.document.layer.id == layer:
            return state.document
    names = ", ".join(state.document.layer.id for state in states) or "none"
    raise ExportError(f"{case_id}: there is no layer “{layer}”; there are: {names}.")
