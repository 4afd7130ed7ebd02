"""Clips whose motion is being measured: each in a process of its own, one after the other, with progress, and stopped at will."""

import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from annotations.motion.errors import MotionError
from annotations.motion.json_values import to_json
from annotations.motion.result import MotionRequest
from annotations.motion.result_store import result_key

MAX_WAITING = 8
MAX_S = 600.0
MAX_S_IS_FOR_FRAMES = 600
ROOT = Path(__file__).parents[1]
_BROKEN_OFF = "The measuring was broken off; try again, or open a shorter clip."


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be measured, and where the answer is kept.

    Parameters
    ----------
    pack : Path
        The clip.
    pack_sha256 : str
        Its name.
    frames : int
        How many it has.
    folder : Path
        Of the store of results.
    request : MotionRequest
        What is asked.
    """

    pack: Path
    pack_sha256: str
    frames: int
    folder: Path
    request: MotionRequest

    @property
    def key(self) -> str:
        """Equal for the same question about the same clip with the answer at the same place."""
        return f"{self.folder}|{result_key(self.pack_sha256, self.request)}"

    def as_line(self) -> str:
        """Return the line that the process is asked by."""
        asked = {
            "pack": str(self.pack.absolute()),
            "folder": str(self.folder.absolute()),
            "request": to_json(self.request),
        }
        return json.dumps(asked) + "\n"


@dataclass(frozen=True, slots=True)
class Measuring:
    """How far one measuring is; `sentence` says why it failed."""

    stage: Literal["waiting", "measuring", "kept", "failed", "stopped"]
    done: int = 0
    planned: int = 0
    sentence: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.stage in ("kept", "failed", "stopped")

    @property
    def share(self) -> float:
        """Share of the steps that are done."""
        return min(1.0, self.done / self.planned) if self.planned else 0.0


@dataclass(slots=True, eq=False)
class _Job:
    question: Question
    state: Measuring
    stopped: threading.Event = field(default_factory=threading.Event)
    process: "subprocess.Popen[str] | None" = None

    def stop(self) -> None:
        if self.state.is_over:
            return
        self.state = Measuring("stopped")
        self.stopped.set()
        if self.process is not None:
            self.process.kill()


class Measurements:
    """All measuring of this server process; what is under way ends with it.

    Parameters
    ----------
    max_s : float
        Seconds after which a measuring is broken off; in a clip of more than 600 frames, more in proportion.
    """

    def __init__(self, max_s: float = MAX_S) -> None:
        self._max_s = max_s
        self._guard = threading.Lock()
        self._jobs: dict[str, _Job] = {}
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="measure")

    def begin(self, question: Question) -> None:
        """Measure as soon as there is room; asked again while it is under way, nothing new begins.

        Raises
        ------
        MotionError
            If too many wait.
        """
        with self._guard:
            known = self._jobs.get(question.key)
            if known is not None and not known.state.is_over:
                return
            self._jobs = {key: job for key, job in self._jobs.items() if not job.state.is_over}
            if len(self._jobs) >= MAX_WAITING:
                raise MotionError("Many clips are being measured on this server; try again in a minute.")
            job = self._jobs[question.key] = _Job(question, Measuring("waiting"))
        self._pool.submit(self._measure, question, job)

    def state(self, question: Question) -> Measuring | None:
        """Return how far a measuring is; ``None`` where it was not begun."""
        with self._guard:
            job = self._jobs.get(question.key)
            return None if job is None else job.state

    def stop(self, question: Question) -> None:
        """Stop a measuring; nothing of it is kept. One that is over stays as it is."""
        with self._guard:
            job = self._jobs.get(question.key)
            if job is not None:
                job.stop()

    def stop_below(self, folder: Path) -> None:
        """Stop every measuring whose answer would be kept in a folder that is going to be deleted, or below it."""
        with self._guard:
            for job in self._jobs.values():
                if job.question.folder.is_relative_to(folder):
                    job.stop()

    def close(self) -> None:
        """Stop everything."""
        with self._guard:
            for job in self._jobs.values():
                job.stopped.set()
                if job.process is not None:
                    job.process.kill()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _measure(self, question: Question, job: _Job) -> None:
        try:
            question.folder.mkdir(exist_ok=True)
            process = _started()
        except OSError:
            self._put(job, Measuring("failed", sentence=_BROKEN_OFF))
            return
        with process:
            with self._guard:
                job.process = process
                if job.stopped.is_set():
                    process.kill()
            longer = max(1.0, question.frames / MAX_S_IS_FOR_FRAMES)
            timer = threading.Timer(longer * self._max_s, process.kill)
            timer.start()
            try:
                self._listen(process, question, job)
            finally:
                timer.cancel()
                process.kill()
        if not job.state.is_over:
            self._put(job, Measuring("failed", sentence=_BROKEN_OFF))

    def _listen(self, process: "subprocess.Popen[str]", question: Question, job: _Job) -> None:
        if process.stdin is None or process.stdout is None:
            return
        try:
            process.stdin.write(question.as_line())
            process.stdin.close()
            for line in process.stdout:
                self._put(job, _heard(line, job.state))
        except (OSError, ValueError):
            return  # it was killed in the middle of a line

    def _put(self, job: _Job, state: Measuring) -> None:
        with self._guard:
            if not job.stopped.is_set():
                job.state = state


def _heard(line: str, before: Measuring) -> Measuring:
    content = json.loads(line)
    if "error" in content:
        return Measuring("failed", sentence=str(content["error"]))
    if "kept" in content:
        return replace(before, stage="kept", done=before.planned)
    return Measuring("measuring", int(content["done"]), int(content["planned"]))


def _started() -> "subprocess.Popen[str]":
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        [sys.executable, "-m", "annotations.motion.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )
