"""A file of marks that somebody sent, read in a process of its own with limits on memory, time and network.

The process is given a line of JSON on standard input and then the file, and answers with one line of JSON: ``error``,
a sentence, or the parts of `Imported`.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from annotations.document import AnnotatedFrame, Layer, content_of
from annotations.errors import ImportRefusedError
from annotations.exchange.clip_facts import ClipFacts
from annotations.exchange.imported import Imported, Reading
from annotations.exchange.reading import read_content
from annotations.mark import Mark
from cases.decoding.sandbox import allow_cpu, restrict_process

MAX_MEMORY_BYTES = 2 * 1024**3
LIMIT_S = 60.0
_ROOT = Path(__file__).resolve().parents[2]
_CODE = "import sys; sys.path.insert(0, {!r}); from annotations.exchange.apart import main; main()"


def read_apart(content: bytes, reading: Reading) -> Imported:
    """Read the marks of a file, as `read_content` does, but outside of this process.

    Raises
    ------
    ImportRefusedError
        If nothing can be taken over, or the file needs more memory or time than it is given; the message says why.
    """
    facts = reading.facts
    question = {
        "name": reading.name,
        "clip": reading.clip,
        "case": reading.case,
        "other_clips": sorted(reading.other_clips),
        "facts": None if facts is None else _size_and_file(facts),
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-B", "-c", _CODE.format(str(_ROOT))],
            input=json.dumps(question).encode() + b"\n" + content,
            capture_output=True,
            timeout=LIMIT_S,
            check=True,
        )
        answer = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise ImportRefusedError(
            f"{reading.name}: the file takes too much memory or time to be read here; export fewer marks."
        ) from error
    if "error" in answer:
        raise ImportRefusedError(answer["error"])
    return _imported(answer)


def main() -> None:
    """Read one file, with no more than is allowed."""
    restrict_process(MAX_MEMORY_BYTES)
    allow_cpu(LIMIT_S)
    question = json.loads(sys.stdin.buffer.readline())
    facts = question["facts"]
    if facts is not None:
        facts = ClipFacts(**{**facts, "file": None if facts["file"] is None else Path(facts["file"])})
    try:
        other_clips = frozenset(question["other_clips"])
        reading = Reading(question["name"], question["clip"], facts, question["case"], other_clips)
        found = read_content(sys.stdin.buffer.read(), reading)
        answer = _answer(found)
    except ImportRefusedError as refused:
        answer = {"error": str(refused)}
    sys.stdout.write(json.dumps(answer))


def _size_and_file(facts: ClipFacts) -> dict[str, Any]:
    said = {name: getattr(facts, name) for name in ("clip", "frames", "rows", "columns")}
    return {**said, "file": None if facts.file is None else str(facts.file)}


def _answer(found: Imported) -> dict[str, Any]:
    return {
        **{name: getattr(found, name) for name in ("format_name", "remarks")},
        "marks": [content_of(mark) for mark in found.marks],
        "frames": [content_of(frame) for frame in found.frames],
        "layer": None if found.layer is None else content_of(found.layer),
    }


def _imported(answer: dict[str, Any]) -> Imported:
    return Imported(
        format_name=answer["format_name"],
        remarks=tuple(answer["remarks"]),
        marks=tuple(Mark.model_validate_json(json.dumps(mark)) for mark in answer["marks"]),
        frames=tuple(AnnotatedFrame.model_validate_json(json.dumps(frame)) for frame in answer["frames"]),
        layer=None if answer["layer"] is None else Layer.model_validate_json(json.dumps(answer["layer"])),
    )
