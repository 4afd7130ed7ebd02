"""``python -m annotations motion``: print the chapters and curves of a case's clips or of a file."""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from annotations.errors import AnnotationError
from annotations.motion.analysis import analyse_motion
from annotations.motion.errors import PlaceError
from annotations.motion.result import MotionRequest, MotionResult
from annotations.motion.result_store import MotionStore
from annotations.motion.stump import StumpEdges
from cases.catalogue import Catalogue
from cases.cine import Cine
from cases.clip import ClipKind
from cases.decoding import Decoder
from cases.errors import CaseError
from cases.settings import Settings
from cases.store import ClipStore

app = typer.Typer(
    help="Motion of the tissue.", no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False
)


@app.command()
def motion(
    source: Annotated[str, typer.Argument(help="Id of a case, or a file with a clip.")],
    clip: Annotated[str | None, typer.Option(help="Only this clip of the case.")] = None,
    frame: Annotated[int, typer.Option(help="Frame number, from 1, on which the edges lie.")] = 1,
    left: Annotated[str | None, typer.Option(help="Left stump edge, as x,y in px.")] = None,
    right: Annotated[str | None, typer.Option(help="Right stump edge, as x,y in px.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a clip, on a line.")] = False,
    keep: Annotated[
        bool, typer.Option(help="Keep the result in the data folder, and use a kept one.")
    ] = True,
) -> None:
    """Print chapters, gap, thickness and probe motion; exit status 1 when a clip cannot be measured."""
    try:
        request = MotionRequest(edges=_edges(frame, left, right))
        with _clips(source, clip) as clips:
            for name, cine in clips:
                _print(name, cine, request, as_json=as_json, keep=keep)
    except (AnnotationError, CaseError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def in_words(name: str, result: MotionResult) -> str:
    """Say the result in a few lines for people; frames are numbered from 1."""
    chapters = result.chapters
    parts = [
        f"{chapter.name} {chapter.first_frame_index + 1}-{chapter.last_frame_index + 1}"
        for chapter in chapters.chapters
    ]
    lines = [f"{name}: {', '.join(parts) or 'no contraction'} ({chapters.certainty})"]
    if result.gap is not None:
        lines.append(_gap_in_words(result))
    if result.thickness is not None:
        values = result.thickness.thickness
        lines.append(
            f"  thickness {min(values):.1f} to {max(values):.1f} {result.unit}, borders of the "
            f"{result.thickness.source}"
        )
    return "\n".join([*lines, *(f"  ! {sentence}" for sentence in result.warnings)])


def _gap_in_words(result: MotionResult) -> str:
    gap = result.gap
    if gap is None:
        return ""
    half = 0.5 * (gap.high[gap.peak_frame_index] - gap.low[gap.peak_frame_index])
    speed = "" if gap.opening_per_s is None else f", opens at up to {gap.opening_per_s:.1f} {gap.unit}/s"
    return (
        f"  gap {gap.rest:.1f} {gap.unit} at rest (frame {gap.rest_frame_index + 1}), {gap.peak:.1f} ± {half:.1f} "
        f"{gap.unit} at its widest (frame {gap.peak_frame_index + 1}){speed}; edges of the {gap.edges.source}"
    )


def _print(name: str, cine: Cine, request: MotionRequest, *, as_json: bool, keep: bool) -> None:
    store = MotionStore() if keep else None
    result = analyse_motion(cine, request, store=store, progress=_progress if sys.stderr.isatty() else None)
    if as_json:
        content: dict[str, Any] = {"name": name, **result.to_json()}
        typer.echo(json.dumps(content, ensure_ascii=False, allow_nan=False))
    else:
        typer.echo(in_words(name, result))


def _progress(done: int, planned: int) -> None:
    end = "\n" if done == planned else "\r"
    typer.echo(f"  {done} of {planned} steps{end}", err=True, nl=False)


def _edges(frame: int, left: str | None, right: str | None) -> StumpEdges | None:
    if left is None and right is None:
        return None
    if left is None or right is None:
        raise PlaceError("Give both stump edges, --left x,y and --right x,y.")
    return StumpEdges(frame - 1, _point(left), _point(right))


def _point(text: str) -> tuple[float, float]:
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError as error:
        raise PlaceError(f"“{text}” is no point; write x,y in pixels, such as 210,184.5.") from error
    return x, y


@contextmanager
def _clips(source: str, clip: str | None) -> Iterator[list[tuple[str, Cine]]]:
    """Clips of a case, or the one of a file, which is decoded into a folder that is removed again."""
    settings = Settings.from_environment()
    path = Path(source)
    with Decoder(settings.limits, processes=1) as decoder:
        if path.is_file():
            with tempfile.TemporaryDirectory() as folder:
                store = ClipStore(Path(folder))
                imported = store.import_file(path, decoder)
                yield [(path.name, store.cine(imported.sha256))]
            return
        store = ClipStore(settings.data_folder / "clips")
        case = Catalogue(settings.case_folders, store, decoder).case(source)
        if clip is not None:
            case.manifest_clip(clip)
        yield [
            (name, store.cine(head.sha256))
            for name, head in case.clips.items()
            if head.kind is ClipKind.CLIP and clip in (None, name)
        ]
