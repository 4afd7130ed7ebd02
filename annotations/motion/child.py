"""Measure one clip in a process of its own, so that a server goes on answering and can end it at any time.

One question comes as a line of JSON on standard input: ``pack`` and ``folder``, paths of the clip's pack and of the
store of results, and ``request``. Lines of JSON answer on standard output: ``done`` and ``planned`` steps again and
again, and at last ``error``, a sentence, or ``kept``.
"""

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import cv2

from annotations.errors import AnnotationError
from annotations.motion.analysis import analyse_motion, planned_steps
from annotations.motion.json_values import from_json
from annotations.motion.result import MotionRequest
from annotations.motion.result_store import MotionStore
from annotations.motion.tissue_map import map_steps
from annotations.motion.tissue_map_store import TISSUE_FOLDER, TissueMapStore, missing_map
from annotations.motion.work import Progress, Work
from cases.cine import Cine
from cases.errors import CaseError

MAX_MEMORY_BYTES = 4 * 1024**3
LOW_PRIORITY = 10


def main() -> int:
    """Answer one question; exit status 1 where the clip cannot be measured."""
    _step_back()
    question = json.loads(sys.stdin.readline())
    try:
        request = from_json(MotionRequest, question["request"])
        if not _measure(Cine(Path(question["pack"])), request, Path(question["folder"])):
            return 1
    except (AnnotationError, CaseError) as error:
        _say({"error": str(error)})
        return 1
    except MemoryError:
        _say({"error": "The clip is too large to be measured on this server; open a shorter one."})
        return 1
    _say({"kept": True})
    return 0


def _measure(cine: Cine, request: MotionRequest, folder: Path) -> bool:
    """Keep the map of the tissue and the result; nothing where the folder is gone, because the visit is over."""
    steps, steps_of_map = planned_steps(len(cine.frames)), map_steps(len(cine.frames))
    tissue = TissueMapStore(folder / TISSUE_FOLDER)
    result = analyse_motion(cine, request, progress=_say_part(0, steps_of_map))
    made = missing_map(cine, result, tissue, work=Work(_say_part(steps, 0)))
    if not folder.is_dir():
        return False
    if made is not None:
        tissue.keep(made)
    MotionStore(folder).keep(result)  # last: what has a result is not measured again
    return True


def _say_part(before: int, after: int) -> Progress:
    """Return what tells the progress of a part of the work, with the steps before and after it."""
    return lambda done, planned: _say({"done": before + done, "planned": before + planned + after})


def _say(line: dict[str, Any]) -> None:
    """Write a line; where the server is gone this fails, and the process ends."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _step_back() -> None:
    """Use one core at low priority and no more memory than is allowed, where the system knows of such limits."""
    cv2.setNumThreads(1)
    if hasattr(os, "nice"):
        os.nice(LOW_PRIORITY)
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, most))


if __name__ == "__main__":
    sys.exit(main())
