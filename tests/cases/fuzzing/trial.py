"""What became of each spoiled file: imported as the viewer imports it, and everything it may leave looked at."""

import re
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from cases.clip import ImportedClip
from cases.decoding import Decoder
from cases.decoding.child import Child
from cases.errors import UnreadableClipError
from cases.sentences import Refusal, Remark, ScaleRefusal
from cases.settings import GIB, Limits
from cases.store import ClipStore

ANSWER_S = 10.0
CHILD_BYTES = GIB
OPENED = "opened"
_TOO_SLOW = frozenset({Refusal.TOO_SLOW.name, Refusal.FRAME_TOO_SLOW.name})
_NEVER = frozenset({Refusal.INTERNAL.name, Refusal.DECODER_ENDED.name})
_KILLING_S = 2.0  # what the machine may need to end a process that is out of its time


@dataclass(slots=True)
class Tally:
    """What became of many spoiled files of one format.

    Parameters
    ----------
    said : Counter of str
        How often each refusal was given; ``opened`` for those that opened.
    slowest_s : float
        The longest answer, in seconds.
    largest_child_bytes : int
        Most memory that a decoding process held.
    wrong : Counter of str
        How often something happened that must not: the decoding process ended by itself, a reason that nobody
        foresaw, something left on the disk, words outside the list, an answer after the time limit.
    examples : list of str
        Where the first files lie with which something went wrong.
    """

    said: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0
    largest_child_bytes: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    @property
    def files(self) -> int:
        """How many files were tried."""
        return self.said.total()

    def add(self, other: "Tally") -> None:
        """Count another tally in."""
        self.said.update(other.said)
        self.slowest_s = max(self.slowest_s, other.slowest_s)
        self.largest_child_bytes = max(self.largest_child_bytes, other.largest_child_bytes)
        self.wrong.update(other.wrong)
        self.examples += other.examples

    def to_json(self) -> dict[str, Any]:
        """Return the tally as plain values."""
        return {
            "said": dict(self.said),
            "slowest_s": self.slowest_s,
            "largest_child_bytes": self.largest_child_bytes,
            "wrong": dict(self.wrong),
            "examples": self.examples,
        }

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        """Make a tally of what ``to_json`` gave."""
        counted = {name: Counter(content[name]) for name in ("said", "wrong")}
        return cls(**{**content, **counted})


class Trial:
    """Imports spoiled files one after the other into a store of its own.

    Parameters
    ----------
    folder : Path
        Where everything is written, the temporary files of the decoding processes included.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._temporary = folder / "temporary"
        self._temporary.mkdir(parents=True, exist_ok=True)
        self._store = ClipStore(folder / "store")
        self._decoder = Decoder(Limits(max_file_s=ANSWER_S), processes=1)
        self._ended_bytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
        self.tallies: dict[str, Tally] = {}

    def __enter__(self) -> Self:
        """Use as a context that ends the decoding process."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the decoding process and look for what it left."""
        self._decoder.close()
        if any(self._temporary.iterdir()):
            self.tallies.setdefault("after the end", Tally()).wrong["left on disk"] += 1

    def give(self, name: str, content: bytes, *, of_format: str) -> None:
        """Import one file and count what became of it."""
        tally = self.tallies.setdefault(of_format, Tally())
        path = self._folder / f"{name}.file"
        path.write_bytes(content)
        with _temporary_files_in(self._temporary):
            self._forget_peaks()
            begun_s = time.monotonic()
            said, problems = self._import(path)
            took_s = time.monotonic() - begun_s
        tally.said[said] += 1
        tally.slowest_s = max(tally.slowest_s, took_s)
        tally.largest_child_bytes = max(tally.largest_child_bytes, self._peak_bytes())
        problems += self._left_behind()
        if took_s > ANSWER_S + _KILLING_S and said not in _TOO_SLOW:
            problems.append("late without saying so")
        if problems:
            tally.wrong.update(problems)
            tally.examples.append(path.name)
        else:
            path.unlink()

    def _import(self, path: Path) -> tuple[str, list[str]]:
        try:
            imported = self._store.import_file(path, self._decoder)
        except UnreadableClipError as error:
            problems = [_NAMES[error.refusal]] if error.refusal in _NEVER else []
            return error.refusal, problems + _strange_words(error, path.name)
        self._store.remove(imported.sha256)
        return OPENED, _strange_remarks(imported)

    def _left_behind(self) -> list[str]:
        kept = [path for path in self._store.folder.rglob("*") if not path.is_dir()]
        in_use = {child.folder for child in self._children()}
        inside = [path for folder in in_use if folder.is_dir() for path in folder.iterdir()]
        orphans = set(self._temporary.iterdir()) - in_use
        for path in kept:
            path.unlink()
        return ["left on disk"] if kept or inside or orphans else []

    def _children(self) -> list[Child]:
        return list(self._decoder._all)

    def _forget_peaks(self) -> None:
        for child in self._children():
            with suppress(OSError):  # where the system does not forget, the peak is the highest so far
                Path(f"/proc/{child.pid}/clear_refs").write_text("5")

    def _peak_bytes(self) -> int:
        peaks = [self._peak_of_the_ended()]
        for child in self._children():
            with suppress(OSError):
                lines = Path(f"/proc/{child.pid}/status").read_text().splitlines()
                peaks += [int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")]
        return max(peaks)

    def _peak_of_the_ended(self) -> int:
        """Peak of a process that was ended just now; 0 where none was, or none needed more than those before."""
        so_far, peak = self._ended_bytes, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
        self._ended_bytes = max(so_far, peak)
        return peak if peak > so_far else 0


_NAMES = {
    Refusal.INTERNAL.name: "a reason nobody foresaw",
    Refusal.DECODER_ENDED.name: "the decoding process ended by itself",
}


@contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


def _as_pattern(sentence: str) -> str:
    # A value is a number, a tag or a word of ours; a question mark would be one that is missing.
    return re.sub(r"\\\{\w+\\\}", r"[^\\n{}?]{1,80}", re.escape(sentence))


_REFUSALS = {refusal.name: _as_pattern(refusal.value) for refusal in Refusal}
_REMARKS = re.compile("|".join(_as_pattern(remark.value) for remark in Remark))


def _strange_words(error: UnreadableClipError, name: str) -> list[str]:
    pattern = _REFUSALS.get(error.refusal)
    is_ours = pattern is not None and re.fullmatch(f"{re.escape(name)}: {pattern}", str(error)) is not None
    return [] if is_ours else ["words outside the list"]


def _strange_remarks(imported: ImportedClip) -> list[str]:
    head = imported.head
    are_ours = all(_REMARKS.fullmatch(warning) for warning in head.warnings)
    reasons = {reason.value for reason in ScaleRefusal}
    is_reason_ours = head.scale_refused_because is None or head.scale_refused_because in reasons
    return [] if are_ours and is_reason_ours else ["words outside the list"]
