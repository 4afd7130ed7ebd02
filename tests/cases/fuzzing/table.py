"""The result of a whole run as a document."""

import platform
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version

from cases.sentences import Refusal
from tests.cases.fuzzing.guided import Guided
from tests.cases.fuzzing.parsers import PARSERS
from tests.cases.fuzzing.trial import ANSWER_S, CHILD_BYTES, OPENED, Tally

_PACKAGES = (
    "av",
    "pydicom",
    "pillow",
    "simplejpeg",
    "pylibjpeg-openjpeg",
    "pylibjpeg-rle",
    "imagecodecs",
    "numpy",
)
_WRONG = (
    "the server ended",
    "the decoding process ended by itself",
    "a reason nobody foresaw",
    "late without saying so",
    "left on disk",
    "words outside the list",
)
_LATE = (Refusal.TOO_SLOW.name, Refusal.FRAME_TOO_SLOW.name)
_TEXT = """# Fuzzing

Intact files are made in every format, spoiled, and imported as the viewer imports them: by a decoding process, into a
store. Each must open, or be refused in one sentence of the closed list (`cases/sentences.py`), within {answer_s:g} s (the
decoding process is ended then), with at most {gib:g} GiB of memory, and leave nothing behind.

`make fuzz` makes this page; in every continuous integration {ci} are tried (`tests/cases/test_fuzzing.py`), and every
parser of ours is given spoiled bytes by hypothesis (`tests/cases/test_parsers.py`).

Last run: {when}, Python {python}, {packages}.

## Files

{structure:,} files whose structure lies (lengths, fields, frame counts, offset tables, headers of code streams, boxes; parts
removed, doubled, exchanged) and {bytewise:,} with changed bytes, formats in turn. *Over time*: refused because the decoding
process was ended after {answer_s:g} s. *Wrong*: the server ended, the decoding process ended by itself, a reason nobody
foresaw, something left on the disk, words outside the list, an answer after the time limit.

| format | files | opened | refused | over time | slowest answer, s | process, MiB | wrong |
|---|---:|---:|---:|---:|---:|---:|---:|
{files}

| what must not happen | how often |
|---|---:|
{wrong}

| sentence | how often |
|---|---:|
{sentences}

## Parsers

atheris calls each parser of ours with bytes that it keeps and spoils further where they reach new lines of it. A parser reads
them or refuses them with an error of its own; *wrong* is anything else it raises, an answer after 10 s, or more than 1 GiB.

| parser | reads | calls | wrong |
|---|---|---:|---|
{parsers}
"""


def document(tallies: Mapping[str, Tally], guided: Iterable[Guided], *, structure: int, bytewise: int) -> str:
    """Write the page of a run.

    Parameters
    ----------
    tallies : mapping of str to Tally
        What became of the files of each format.
    guided : iterable of Guided
        How the run of each parser ended; none where atheris is absent.
    structure, bytewise : int
        How many files were spoiled in which way.

    Returns
    -------
    str
        Markdown.
    """
    whole = Tally()
    for tally in tallies.values():
        whole.add(tally)
    lines = [_line(name, tallies[name]) for name in sorted(tallies)]
    sentences = [f"| {_sentence(said)} | {count:,} |" for said, count in whole.said.most_common()]
    return _TEXT.format(
        answer_s=ANSWER_S,
        gib=CHILD_BYTES / 1024**3,
        ci="200 of the first kind below and 2,000 of the second",
        when=datetime.now(UTC).strftime("%Y-%m-%d"),
        python=platform.python_version(),
        packages=", ".join(f"{name} {version(name)}" for name in _PACKAGES),
        structure=structure,
        bytewise=bytewise,
        files="\n".join([*lines, _line("**all**", whole)]),
        wrong="\n".join(f"| {what} | {whole.wrong[what]} |" for what in _WRONG),
        sentences="\n".join(sentences),
        parsers="\n".join(_parser_line(one) for one in guided)
        or "| – | atheris is not on this machine | – | – |",
    )


def _line(name: str, tally: Tally) -> str:
    late = sum(tally.said[said] for said in _LATE)
    refused = tally.files - tally.said[OPENED]
    peak_mib = tally.largest_child_bytes / 1024**2
    counts = f"{tally.files:,} | {tally.said[OPENED]:,} | {refused:,} | {late:,}"
    return f"| {name} | {counts} | {tally.slowest_s:.2f} | {peak_mib:.0f} | {tally.wrong.total()} |"


def _sentence(said: str) -> str:
    return "*opened*" if said == OPENED else Refusal[said].value


def _parser_line(one: Guided) -> str:
    return f"| `{one.parser}` | {PARSERS[one.parser].reads} | {one.runs:,} | {one.fault or 'nothing'} |"
