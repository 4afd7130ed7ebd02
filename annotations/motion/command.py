"""``python -m annotations motion``: print the chapters and curves of a case's clips or of a file."""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from annotations.errors import AnnotationError
from annotations.layers import bundled_documents
from annotations.motion.analysis import analyse_motion
from annotations.motion.errors import PlaceError
from annotations.motion.placed_request import request_of
from annotations.motion.result import MotionRequest, MotionResult
from annotations.motion.result_store import MotionStore
from annotations.motion.shipped import ship_motion
from annotations.motion.stump import StumpEdges
from annotations.motion.tissue_map_store import TissueMapStore, missing_map
from annotations.opened_case import OpenedCase, opened_case
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
    edges: Annotated[
        str | None,
        typer.Option(help="Stump edges as FRAME:X,Y:X,Y, frame number from 1 and px; else the author's own."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a clip, on a line.")] = False,
    keep: Annotated[
        bool, typer.Option(help="Keep the result in the data folder, and use a kept one.")
    ] = True,
) -> None:
    """Print chapters, gap, thickness and probe motion; exit status 1 when a clip cannot be measured."""
    try:
        wanted = None if edges is None else MotionRequest(edges=edges_from_text(edges))
        with _clips(source, clip) as clips:
            if wanted is not None and len(clips) > 1:
                names = ", ".join(name for name, _, _ in clips)
                raise PlaceError(f"Edges lie in one clip; say which with --clip: {names}.")
            for name, cine, request in clips:
                _print(name, cine, wanted or request, as_json=as_json, keep=keep)
    except (AnnotationError, CaseError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def bundle_motion(cases: Annotated[list[str], typer.Argument(help="Ids of bundled cases.")]) -> None:
    """Measure the long-axis clips of bundled cases and write the results that are shipped with their marks."""
    try:
        with (
            tempfile.TemporaryDirectory() as folder
        ):  # a data folder may hold clips as an older version read them
            settings = replace(Settings.from_environment(), data_folder=Path(folder))
            for case in cases:
                with opened_case(case, settings) as opened:
                    ship_motion(opened, typer.echo)
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
    lines.append(_thickness_in_words(result))
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


def _thickness_in_words(result: MotionResult) -> str:
    thickness = result.thickness
    if thickness is None and not result.provenance.request.propose:
        return "  thickness not measured: in short axis only borders that an author placed are followed"
    if thickness is None:
        return "  thickness not measured: no two clear lines that bound a muscle cross the picture"
    values = thickness.thickness
    unsure = ", unsure" if thickness.doubts else ""
    return f"  thickness {min(values):.1f} to {max(values):.1f} {result.unit}, borders of the {thickness.source}{unsure}"


def _print(name: str, cine: Cine, request: MotionRequest, *, as_json: bool, keep: bool) -> None:
    store = MotionStore() if keep else None
    result = analyse_motion(cine, request, store=store, progress=_progress if sys.stderr.isatty() else None)
    tissue = missing_map(cine, result, TissueMapStore()) if keep else None
    if tissue is not None:
        TissueMapStore().keep(tissue)
    if as_json:
        content: dict[str, Any] = {"name": name, **result.to_json()}
        typer.echo(json.dumps(content, ensure_ascii=False, allow_nan=False))
    else:
        typer.echo(in_words(name, result))


def _progress(done: int, planned: int) -> None:
    end = "\n" if done == planned else "\r"
    typer.echo(f"  {done} of {planned} steps{end}", err=True, nl=False)


def edges_from_text(text: str) -> StumpEdges:
    """Read stump edges as a person writes them.

    Raises
    ------
    PlaceError
        If the text is something else.

    Examples
    --------
    >>> edges_from_text("34:210,184.5:398,190").left_px
    (210.0, 184.5)
    """
    try:
        frame, *points = text.split(":")
        left, right = ((float(x), float(y)) for x, y in (point.split(",") for point in points))
        return StumpEdges(int(frame) - 1, left, right)
    except ValueError as error:
        raise PlaceError(
            f"“{text}” are no stump edges; write FRAME:X,Y:X,Y in pixels, such as 34:210,184.5:398,190."
        ) from error


def _clips_of(opened: OpenedCase, wanted: str | None) -> list[tuple[str, Cine, MotionRequest]]:
    documents = bundled_documents(opened.case.manifest.id)
    found = []
    for name, head in opened.case.clips.items():
        if head.kind is ClipKind.CLIP and wanted in (None, name):
            plane = opened.case.manifest_clip(name).plane
            found.append((name, opened.cine(name), request_of(documents, name, plane=plane)))
    return found


@contextmanager
def _clips(source: str, clip: str | None) -> Iterator[list[tuple[str, Cine, MotionRequest]]]:
    """Clips of a case, or the one of a file, which is decoded into a folder that is removed again."""
    settings = Settings.from_environment()
    path = Path(source)
    if not path.is_file():
        if path.suffix or path.parent != Path():
            raise PlaceError(
                f"{source}: there is no such file; name a file with a clip, or the id of a case."
            )
        with opened_case(source, settings) as opened:
            if clip is not None:
                opened.case.manifest_clip(clip)
            yield _clips_of(opened, clip)
        return
    if clip is not None:
        raise PlaceError(f"{path.name}: a file holds one clip; leave --clip out.")
    with Decoder(settings.limits, processes=1) as decoder, tempfile.TemporaryDirectory() as folder:
        store = ClipStore(Path(folder))
        imported = store.import_file(path, decoder)
        yield [(path.name, store.cine(imported.sha256), MotionRequest())]
