"""``python -m annotations``: marks in and out of other programs' formats, pictures of them, and their schema."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from annotations.commands import export_marks, import_marks, write_bundled
from annotations.document import document_schema
from annotations.errors import AnnotationError
from annotations.motion.command import bundle_motion, motion
from cases.errors import CaseError

app = typer.Typer(help="Marks of a case.", no_args_is_help=True, pretty_exceptions_enable=False)
Clip = Annotated[str, typer.Option(help="Id of the clip; the first one of the case by default.")]
LayerOption = Annotated[str, typer.Option(help="Id of the layer.")]


@app.command("export")
def export(
    case: Annotated[str, typer.Argument(help="Id of the case.")],
    out: Annotated[Path, typer.Argument(help="File to write.")],
    to: Annotated[str, typer.Option(help="json, sr, gsps, seg, cvat, coco, png, webm, mp4 or gif.")],
    clip: Clip = "",
    layer: LayerOption = "teacher",
    frame: Annotated[int, typer.Option(min=1, help="Frame number of a png, counted from 1.")] = 1,
    scale: Annotated[int, typer.Option(min=1, max=2, help="1 or 2 times the size, for a png.")] = 1,
    frame_time_ms: Annotated[float, typer.Option(help="Frame time of a clip that states none.")] = 0.0,
) -> None:
    """Write the marks of one clip; what the format cannot hold is said before."""
    _run(
        lambda: export_marks(
            case, out, to, clip=clip, layer=layer, frame=frame, scale=scale, frame_time_ms=frame_time_ms
        )
    )


@app.command("import")
def import_(
    case: Annotated[str, typer.Argument(help="Id of the case.")],
    file: Annotated[Path, typer.Argument(help="SR, GSPS, SEG, CVAT for video, COCO or our JSON.")],
    clip: Annotated[
        str,
        typer.Option(
            help="Id of the clip; without it, all clips from our JSON, the first from another file."
        ),
    ] = "",
    layer: LayerOption = "imported",
    author: Annotated[str, typer.Option(help="Who imports.")] = "",
) -> None:
    """Take the marks of a file into a layer of the case; what could not be taken is said."""
    _run(lambda: import_marks(case, file, clip=clip, layer=layer, author=author))


@app.command()
def schema() -> None:
    """Print the JSON Schema of an annotation document."""
    typer.echo(document_schema(), nl=False)


@app.command()
def bundle(cases: Annotated[list[str], typer.Argument(help="Ids of simulated cases.")]) -> None:
    """Write the bundled marks of simulated cases from the truth of their clips."""
    for case in cases:
        _run(partial(write_bundled, case))


def _run(work: Callable[[], None]) -> None:
    try:
        work()
    except (AnnotationError, CaseError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    except KeyboardInterrupt as error:
        typer.echo("Stopped; nothing was written.", err=True)
        raise typer.Exit(130) from error


app.command("motion")(motion)
app.command("bundle-motion")(bundle_motion)

if __name__ == "__main__":
    app(prog_name="python -m annotations")
