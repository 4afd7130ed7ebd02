"""Make clips and cases: ``python -m cases.phantom --list | --all | --clip NAME … --out DIR``."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import cv2
import typer

from cases.phantom.canvas import put_on_screen
from cases.phantom.case_folder import manifest_text, write_checksums
from cases.phantom.catalogue import CLIPS, MAIN_CASE, SERIES, ShippedClip, case_ids, clip_named
from cases.phantom.likeness_report import write_likeness
from cases.phantom.mr_object import MrSeries
from cases.phantom.mr_series import render_series, write_series
from cases.phantom.render import fill, render
from cases.phantom.scene import Scene
from cases.phantom.sheet import write_clip_sheet, write_mr_sheet
from cases.phantom.truth import save, truth_of
from cases.phantom.ultrasound_object import write_clip

app = typer.Typer(add_completion=False, help=__doc__, no_args_is_help=True)
OutFolder = Annotated[Path, typer.Option("--out", help="Folder to write into; made when missing.")]


@app.callback(invoke_without_command=True)
def make(
    context: typer.Context,
    listed: Annotated[bool, typer.Option("--list", help="List every clip and static view.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Make every case.")] = False,
    clip: Annotated[str | None, typer.Option(help="Make one clip or static view.")] = None,
    gap_rest_mm: Annotated[float | None, typer.Option(help="Gap at rest.")] = None,
    gap_peak_mm: Annotated[float | None, typer.Option(help="Gap at full effort.")] = None,
    seed: Annotated[int | None, typer.Option(help="Another seed, another thigh.")] = None,
    frames_scale: Annotated[
        float, typer.Option(help="Share of the frames, to try things out quickly.")
    ] = 1.0,
    workers: Annotated[int, typer.Option(help="Number of processes.")] = 2,
    out: OutFolder = Path("out"),
) -> None:
    """Make simulated clips with their truth, and MRI-style views."""
    cv2.setNumThreads(1)
    if context.invoked_subcommand is not None:
        return
    if listed:
        _list()
        return
    if everything:
        for case_id in case_ids():
            _make_case(case_id, out / case_id, workers)
        write_checksums(out)
        return
    if clip is None:
        raise typer.BadParameter("give --list, --all or --clip NAME")
    series = next((one for one in SERIES if one.name == clip), None)
    if series is not None:
        out.mkdir(parents=True, exist_ok=True)
        _make_series(series, out, MAIN_CASE)
        return
    try:
        shipped = clip_named(clip)
    except KeyError as error:
        raise typer.BadParameter(str(error.args[0])) from error
    changed = _changed(shipped.scene, gap_rest_mm, gap_peak_mm, seed, frames_scale)
    out.mkdir(parents=True, exist_ok=True)
    _make_clip(replace(shipped, scene=changed), out, workers)


@app.command()
def manifest(out: OutFolder = Path("cases/bundled")) -> None:
    """Write the case.toml of every case, without rendering."""
    for case_id in case_ids():
        (out / case_id).mkdir(parents=True, exist_ok=True)
        (out / case_id / "case.toml").write_text(manifest_text(case_id), encoding="utf-8")
    write_checksums(out)


@app.command()
def sheet(clip: str, out: OutFolder = Path("out"), frames: int = 6) -> None:
    """Write a sheet of frames of a clip, or of slices of a static view, to look at."""
    out.mkdir(parents=True, exist_ok=True)
    series = next((one for one in SERIES if one.name == clip), None)
    if series is not None:
        typer.echo(write_mr_sheet(clip_named("long-axis-defect").scene, series, out / f"{clip}.sheet.png"))
        return
    typer.echo(write_clip_sheet(clip_named(clip).scene, out / f"{clip}.sheet.png", frames=frames))


@app.command()
def likeness(
    real: Annotated[Path, typer.Option(help="Folder with real pictures of muscle.")],
    out: OutFolder = Path("docs"),
) -> None:
    """Measure simulated beside real muscle; write likeness.md and likeness.png."""
    out.mkdir(parents=True, exist_ok=True)
    typer.echo(write_likeness(real, out))


def _list() -> None:
    """Print the catalogue."""
    for one in CLIPS:
        typer.echo(
            f"{one.case_id:24} {one.scene.name:20} {one.scene.plane:11} seed {one.scene.seed:<4} {one.title}"
        )
    for series in SERIES:
        typer.echo(
            f"{MAIN_CASE:24} {series.name:20} {series.geometry.plane:11} seed {series.seed:<4} MRI-style {series.sequence.name}"
        )


def _changed(
    scene: Scene, gap_rest_mm: float | None, gap_peak_mm: float | None, seed: int | None, frames_scale: float
) -> Scene:
    """Scene with what was asked for on the command line."""
    if gap_rest_mm is not None or gap_peak_mm is not None:
        if scene.tear is None:
            raise typer.BadParameter(f"clip {scene.name!r} has no tear, so it has no gap")
        tear = scene.tear
        try:
            tear = replace(
                tear,
                gap_rest_mm=tear.gap_rest_mm if gap_rest_mm is None else gap_rest_mm,
                gap_peak_mm=tear.gap_peak_mm if gap_peak_mm is None else gap_peak_mm,
            )
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error
        scene = replace(scene, tear=tear)
    if frames_scale != 1.0:
        scene = replace(scene, manoeuvre=scene.manoeuvre.with_frames(frames_scale))
    return scene if seed is None else replace(scene, seed=seed)


def _make_case(case_id: str, folder: Path, workers: int) -> None:
    """Make all clips, views and the manifest of a case."""
    folder.mkdir(parents=True, exist_ok=True)
    for shipped in CLIPS:
        if shipped.case_id == case_id:
            _make_clip(shipped, folder, workers)
    if case_id == MAIN_CASE:
        for series in SERIES:
            _make_series(series, folder, case_id)
    (folder / "case.toml").write_text(manifest_text(case_id), encoding="utf-8")


def _make_clip(shipped: ShippedClip, folder: Path, workers: int) -> None:
    """Make one clip and its truth."""
    scene = shipped.scene
    with typer.progressbar(length=scene.manoeuvre.frames, label=f"{scene.name:20}") as bar:
        pictures = render(scene, workers=workers, progress=bar.update)
    path = folder / f"{scene.name}.dcm"
    write_clip(put_on_screen(pictures, scene), scene, path, case_id=shipped.case_id)
    save(truth_of(fill(scene), pictures), folder / f"{scene.name}.truth.npz")
    typer.echo(f"{path} {path.stat().st_size / 1e6:.2f} MB")


def _make_series(series: MrSeries, folder: Path, case_id: str) -> None:
    """Make one MRI-style series."""
    scene = clip_named("long-axis-defect").scene
    with typer.progressbar(length=series.geometry.slices, label=f"{series.name:20}") as bar:
        slices = render_series(scene, series, progress=bar.update)
    write_series(slices, series, folder, case_id=case_id)


if __name__ == "__main__":
    app()
