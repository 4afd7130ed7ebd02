"""Many spoiled files in parts: each part is a process of its own, and a run that was cut off goes on where it was.

A part stands for the server: it holds the parent's side of decoding. One that ends in any other way than by writing
its result is counted as an exit of the server.
"""

import json
import logging
import os
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.cases.fuzzing.mutation import spoiled
from tests.cases.fuzzing.seeds import seeds
from tests.cases.fuzzing.trial import Tally, Trial


@dataclass(frozen=True, slots=True)
class Part:
    """One share of a run.

    Parameters
    ----------
    number : int
        Its place; with the seed it says which files are made.
    structure, bytewise : int
        How many files are spoiled by structure and by bytes.
    seed : int
        Equal seeds make equal files.
    """

    number: int
    structure: int
    bytewise: int
    seed: int

    @property
    def name(self) -> str:
        """Name of its folder; equal for equal parts."""
        return f"part-{self.seed}-{self.number:03d}-{self.structure}-{self.bytewise}"


def shares(structure: int, bytewise: int, *, parts: int, seed: int) -> list[Part]:
    """Divide a run into parts of about the same size.

    >>> [(part.structure, part.bytewise) for part in shares(5, 4, parts=2, seed=0)]
    [(2, 2), (3, 2)]
    """
    ends = [(k * structure // parts, k * bytewise // parts) for k in range(parts + 1)]
    return [Part(k, ends[k + 1][0] - ends[k][0], ends[k + 1][1] - ends[k][1], seed) for k in range(parts)]


def try_part(part: Part, folder: Path) -> dict[str, Tally]:
    """Spoil as many files as a part says, formats in turn, and say by format what became of them."""
    folder.mkdir(parents=True, exist_ok=True)
    intact = seeds(folder)
    rng = random.Random(f"{part.seed}/{part.number}")
    order = [True] * part.structure + [False] * part.bytewise
    rng.shuffle(order)
    first = rng.randrange(len(intact))
    with Trial(folder) as trial:
        for k, by_structure in enumerate(order):
            seed = intact[(first + k) % len(intact)]
            trial.give(f"spoiled-{k}", spoiled(seed, rng, by_structure=by_structure), of_format=seed.format)
    return trial.tallies


def run_parts(parts: list[Part], folder: Path, say: Callable[[str], None]) -> dict[str, Tally]:
    """Run every part that has no result yet, each in its own process, and put the results together."""
    whole: dict[str, Tally] = {}
    for done, part in enumerate(parts, start=1):
        result = folder / f"{part.name}.json"
        if not result.is_file():
            _run_in_process(part, folder)
        tallies = {name: Tally.from_json(one) for name, one in json.loads(result.read_text()).items()}
        for name, tally in tallies.items():
            whole.setdefault(name, Tally()).add(tally)
        say(f"{done} of {len(parts)} parts: {_in_short(whole)}")
    return whole


def work(part: Part, folder: Path) -> None:
    """Do one part and write its result, whole or not at all."""
    logging.disable()  # every refusal is logged
    tallies = try_part(part, folder / part.name)
    written = folder / f"{part.name}.unfinished"
    written.write_text(json.dumps({name: tally.to_json() for name, tally in tallies.items()}))
    os.replace(written, folder / f"{part.name}.json")


def _run_in_process(part: Part, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tests.cases.fuzzing", "part", json.dumps(asdict(part)), str(folder)]
    ended = subprocess.run(command, env={**os.environ, "SVT_LOG": "0"}, check=False)
    result = folder / f"{part.name}.json"
    if ended.returncode or not result.is_file():
        exited = Tally()
        exited.wrong["the server ended"] += 1
        exited.examples.append(f"{part.name}, status {ended.returncode}")
        result.write_text(json.dumps({"the server": exited.to_json()}))


def _in_short(whole: dict[str, Tally]) -> str:
    total = Tally()
    for tally in whole.values():
        total.add(tally)
    wrong = ", ".join(f"{count} × {what}" for what, count in total.wrong.items()) or "nothing wrong"
    return (
        f"{total.files} files, {total.said['opened']} opened, slowest {total.slowest_s:.2f} s, "
        f"largest process {total.largest_child_bytes >> 20} MiB, {wrong}"
    )
