"""Spoil files and what parsers read, and see that each is read or refused in a sentence of ours."""

import json
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from tests.cases.fuzzing import guided, parts, table
from tests.cases.fuzzing.parsers import PARSERS
from tests.cases.fuzzing.rot import rates

application = typer.Typer(add_completion=False, help=__doc__)
Kept = Annotated[
    Path | None, typer.Option(help="Where results are kept; a run that was cut off goes on there.")
]


@application.command()
def part(described: str, folder: Path) -> None:
    """Do one part of a run (``files`` calls this)."""
    parts.work(parts.Part(**json.loads(described)), folder)


@application.command()
def files(
    structure: Annotated[int, typer.Option(help="Files whose structure lies.")] = 2_000,
    bytewise: Annotated[int, typer.Option("--bytes", help="Files with changed bytes.")] = 100_000,
    number: Annotated[int, typer.Option("--parts", help="Processes, one after the other.")] = 40,
    seed: Annotated[int, typer.Option(help="Equal seeds make equal files.")] = 0,
    seconds: Annotated[int, typer.Option(help="atheris on each parser, in seconds; 0 leaves it out.")] = 30,
    folder: Kept = None,
    page: Annotated[Path | None, typer.Option(help="Document to write the result to.")] = None,
) -> None:
    """Spoil files of every format and import them, then run atheris; status 1 when something went wrong."""
    chosen = (folder or Path(tempfile.mkdtemp(prefix="fuzzing-"))).absolute()
    typer.echo(f"results are kept in {chosen}")
    tallies = parts.run_parts(parts.shares(structure, bytewise, parts=number, seed=seed), chosen, typer.echo)
    called = [_guide(name, chosen, seconds) for name in PARSERS] if seconds and guided.is_there() else []
    if page is not None:
        page.write_text(
            table.document(tallies, called, structure=structure, bytewise=bytewise), encoding="utf-8"
        )
    wrong = [f"{name}: {dict(one.wrong)} {one.examples[:5]}" for name, one in tallies.items() if one.wrong]
    wrong += [f"{one.parser}: {one.fault}" for one in called if one.fault]
    typer.echo("\n".join(wrong) or "nothing went wrong")
    raise typer.Exit(1 if wrong else 0)


@application.command()
def parsers(
    names: Annotated[
        list[str] | None, typer.Argument(help=f"Of {', '.join(PARSERS)}; all by default.")
    ] = None,
    seconds: Annotated[int, typer.Option(help="For each parser.")] = 30,
    folder: Kept = None,
) -> None:
    """Run atheris on some parsers, or on all; status 1 when one of them failed."""
    if not guided.is_there():
        typer.echo("atheris is not on this machine; it has packages for Linux on x86-64")
        return
    chosen = (folder or Path(tempfile.mkdtemp(prefix="fuzzing-"))).absolute()
    called = [_guide(name, chosen, seconds) for name in names or PARSERS]
    raise typer.Exit(1 if any(one.fault for one in called) else 0)


@application.command()
def rot(
    number: Annotated[int, typer.Option("--files", help="Of each format.")] = 200,
    seed: Annotated[int, typer.Option(help="Equal seeds make equal files.")] = 0,
) -> None:
    """Change bytes inside the frames of videos, and say how often that is noticed."""
    with tempfile.TemporaryDirectory(prefix="rot-") as folder:
        for name, noticed in rates(Path(folder), number, seed).items():
            typer.echo(
                f"| {name} | {noticed.changed} | {100 * noticed.said / max(noticed.changed, 1):.0f} % |"
            )


def _guide(name: str, folder: Path, seconds: int) -> guided.Guided:
    result = guided.guide(name, folder / "parsers" / name, seconds=seconds)
    typer.echo(f"{name}: {result.runs} calls, {result.fault or 'nothing wrong'}")
    return result


application()
