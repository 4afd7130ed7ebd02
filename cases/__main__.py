"""``python -m cases``: inspect files, and print the schema of a case's manifest."""

import json
from pathlib import Path
from typing import Annotated

import typer

from cases.decoding import Decoder
from cases.inspection import in_words, inspect_file
from cases.manifest import manifest_schema
from cases.settings import Settings

app = typer.Typer(help="Cases and their clips.", no_args_is_help=True, pretty_exceptions_enable=False)


@app.command()
def inspect(
    files: Annotated[list[Path], typer.Argument(help="DICOM files, videos and pictures.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Say what we make of each file; exit status 1 when one of them cannot be read."""
    with Decoder(Settings.from_environment().limits, processes=1) as decoder:
        readable = True
        for path in files:
            line = inspect_file(path, decoder)
            typer.echo(json.dumps(line, ensure_ascii=False) if as_json else in_words(line))
            readable = readable and line["error"] is None
    raise typer.Exit(0 if readable else 1)


@app.command()
def schema() -> None:
    """Print the JSON Schema of case.toml."""
    typer.echo(manifest_schema(), nl=False)


if __name__ == "__main__":
    app(prog_name="python -m cases")
