"""Kill a process that writes marks, over and over, and check that every acknowledged gesture is there.

Run as ``python -m tests.annotations.kill_rounds FOLDER ROUNDS SEED``. The process that is killed is a fork of this
one, so that a round takes a fraction of a second. It prints one line of JSON at the end.
"""

import json
import os
import random
import signal
import sqlite3
import sys
import threading
import time
from pathlib import Path

from annotations.database import DATABASE_NAME
from annotations.mark import Kind, Mark
from annotations.revision import Gesture, ItemKind
from annotations.store import AnnotationStore
from annotations.track import OnFrame

WRITERS = 4


def _gesture(name: str) -> Gesture:
    place = OnFrame(frame_index=0, points_px=((1.0, 2.0),))
    mark = Mark(id=name, clip="clip-1", kind=Kind.POINT, label=name, place=place)
    return Gesture(id=name, case="c", layer="teacher", item=name, kind=ItemKind.MARK, content=mark)


def _write_until_killed(folder: Path, round_number: int, out: int) -> None:
    store = AnnotationStore.in_folder(folder)

    def draw(writer: int) -> None:
        turn = 0
        while True:
            kept = store.keep(_gesture(f"g-{round_number}-{writer}-{turn}"))
            os.write(out, f"{kept.id}\n".encode())
            turn += 1

    for writer in range(WRITERS):
        threading.Thread(target=draw, args=(writer,), daemon=True).start()
    threading.Event().wait()


def _one_round(folder: Path, round_number: int, wait_s: float) -> set[str]:
    """Start a writer, kill it while it writes and return what it had acknowledged."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _write_until_killed(folder, round_number, write)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        first = pipe.readline()  # it writes by now
        time.sleep(wait_s)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        lines = first + pipe.read()
    return {line for line in lines.decode().split("\n")[:-1] if line}


def main(folder: Path, rounds: int, seed: int) -> dict[str, int]:
    chance = random.Random(seed)
    acknowledged: set[str] = set()
    lost = damaged = 0
    for round_number in range(rounds):
        acknowledged |= _one_round(folder, round_number, chance.uniform(0.0, 0.08))
        with sqlite3.connect(folder / DATABASE_NAME) as database:
            damaged += database.execute("PRAGMA quick_check").fetchone() != ("ok",)
            ids = [row[0] for row in database.execute("SELECT id FROM annotation_revisions")]
        database.close()
        lost += len(acknowledged - set(ids))
        damaged += len(ids) != len(set(ids))
    return {"rounds": rounds, "acknowledged": len(acknowledged), "lost": lost, "damaged": damaged}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))) + "\n")
