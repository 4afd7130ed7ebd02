"""atheris on one parser: bytes are kept and spoiled further where they reach new lines of it.

``python -m tests.cases.fuzzing.guided PARSER FOLDER SECONDS`` runs one; ``guide`` runs it from outside and reads how
it ended.
"""

import random
import re
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

SPOILED_BYTES = 4_096
ANSWER_S = 10
MEMORY_MIB = 1_024
_RUNS = re.compile(r"(?:number_of_executed_units:|^#|Done) *(\d+)", re.MULTILINE)
_FAULT = re.compile(r"=== Uncaught Python exception: ===\n(.*)|(ERROR: libFuzzer: .*)")


@dataclass(frozen=True, slots=True)
class Guided:
    """How the guided run of one parser ended.

    Parameters
    ----------
    parser : str
        Name of the parser.
    runs : int
        How often it was called.
    fault : str or None
        What it raised that is none of its own errors, or that it was late or too large; None where nothing was.
    """

    parser: str
    runs: int
    fault: str | None


def is_there() -> bool:
    """Whether atheris can be imported here; it has no package for every system."""
    return find_spec("atheris") is not None


def guide(parser: str, folder: Path, *, seconds: int) -> Guided:
    """Run atheris on one parser, in a process of its own.

    Parameters
    ----------
    parser : str
        Name of the parser.
    folder : Path
        Where the bytes found so far are kept, and those that it failed on.
    seconds : int
        How long.

    Returns
    -------
    Guided
        How often it was called, and its first fault.
    """
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tests.cases.fuzzing.guided", parser, str(folder), str(seconds)]
    ended = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    said = ended.stdout + ended.stderr
    (folder / "said.txt").write_text(said)
    runs = max((int(count) for count in _RUNS.findall(said)), default=0)
    found = _FAULT.search(said)
    fault = next((words for words in found.groups() if words), None) if found else None
    if ended.returncode and fault is None:
        fault = f"status {ended.returncode}"
    return Guided(parser, runs, fault)


def _run(name: str, folder: Path, seconds: str) -> None:
    import atheris

    with atheris.instrument_imports(include=["cases", "annotations"]):
        from tests.cases.fuzzing.parsers import PARSERS
    parser = PARSERS[name]
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for k, seed in enumerate(parser.seeds()):
        (corpus / f"seed-{k}").write_bytes(seed)
    longest = max(len(seed) for seed in parser.seeds()) + SPOILED_BYTES
    options = [
        f"-max_total_time={seconds}", f"-max_len={longest}", f"-timeout={ANSWER_S}", f"-rss_limit_mb={MEMORY_MIB}",
        f"-artifact_prefix={folder}/", "-print_final_stats=1", "-seed=1",
    ]  # fmt: skip

    def spoil(content: bytes, most: int, seed: int) -> bytes:
        rng = random.Random(seed)
        changed = atheris.Mutate(content, most) if rng.random() < 0.4 else parser.spoiled(content, rng)
        return bytes(changed[:most])

    atheris.Setup([sys.argv[0], *options, str(corpus)], parser.answers, custom_mutator=spoil)
    atheris.Fuzz()


if __name__ == "__main__":
    _run(sys.argv[1], Path(sys.argv[2]).absolute(), sys.argv[3])
