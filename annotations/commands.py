"""What the commands do: a case is opened, its layers are read, and marks go in or out."""

from pathlib import Path

import typer

from annotations.database import DATABASE_NAME
from annotations.document import AnnotationDocument, Layer, LayerRole
from annotations.errors import ExportError
from annotations.exchange.formats import Format
from annotations.exchange.imported import marks_in_words
from annotations.exchange.losses import losses
from annotations.exchange.reading import read_marks
from annotations.exchange.writing import keep_whole, write_marks
from annotations.importing import keep_imported
from annotations.layers import BUNDLED_FOLDER, layer_states
from annotations.opened_case import OpenedCase, opened_case
from annotations.pictures.annotated_frame import annotated_frame, png
from annotations.pictures.moving_picture import Film, write_film
from annotations.seeds.bundle import write_bundled_document
from annotations.store import AnnotationStore
from cases.settings import Settings

PICTURE = "png"


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
    with opened_case(case_id, Settings.from_environment()) as opened:
        clip = clip or opened.case.manifest.clips[0].id
        document = _document(opened, layer)
        if wanted == PICTURE:
            picture = annotated_frame(opened.annotated(clip, (document,)), frame - 1, scale=scale)
            keep_whole(out, lambda path: path.write_bytes(png(picture)))
        elif wanted in {film.value for film in Film}:
            _write_film(opened, clip, document, Film(wanted), out, frame_time_ms)
        elif wanted in {known.value for known in Format}:
            for sentence in losses(document, opened.facts(clip), Format(wanted)):
                typer.echo(f"{Format(wanted).label}: {sentence}", err=True)
            write_marks(document, opened.facts(clip), Format(wanted), out)
        else:
            known = ", ".join([*Format, PICTURE, *Film])
            raise ExportError(f"{wanted}: this format is not known; choose one of {known}.")
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
        Id of the clip that they lie on, by default the first one, and of the layer.
    author : str
        Who imports.

    Raises
    ------
    ImportRefusedError
        If nothing can be taken over.
    """
    settings = Settings.from_environment()
    with opened_case(case_id, settings) as opened:
        clip = clip or opened.case.manifest.clips[0].id
        imported = read_marks(file, clip=clip, facts=opened.facts(clip))
    for remark in imported.remarks:
        typer.echo(remark, err=True)
    title = Layer(id=layer, title=layer, role=LayerRole.TEACHER)
    with AnnotationStore.in_folder(settings.data_folder) as store:
        keep_imported(store, imported, case=case_id, layer=title, author=author)
    count = marks_in_words(len(imported.marks))
    typer.echo(f"{count} of {imported.format_name} in the layer “{layer}”.")


def write_bundled(case_id: str) -> None:
    """Write the bundled document of a simulated case from the truth of its clips."""
    with opened_case(case_id, Settings.from_environment()) as opened:
        typer.echo(str(write_bundled_document(opened, BUNDLED_FOLDER)))


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


def _write_film(
    opened: OpenedCase, clip: str, document: AnnotationDocument, film: Film, out: Path, frame_time_ms: float
) -> None:
    frames = opened.facts(clip).frames
    with typer.progressbar(length=frames, label=out.name) as bar:
        write_film(
            opened.annotated(clip, (document,)),
            film,
            out,
            frame_time_ms=frame_time_ms or None,
            progress=lambda _done, _of: bar.update(1),
        )
