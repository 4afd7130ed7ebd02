"""What becomes of each thing that was opened in a visit: being read, opened, refused, or waiting for a decision."""

import shutil
import threading
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from cases.clip import ClipHead
from cases.grouping import Group
from cases.intake import Opened
from viewer.words import clip_in_words


class State(StrEnum):
    """Where a result stands; the browser has a word and an icon for each."""

    WAITING = "waiting"
    READING = "reading"
    OPENED = "opened"
    SAME = "same"
    UNDECIDED = "undecided"
    REFUSED = "refused"
    LEFT_OUT = "left_out"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Result:
    """One file, or the files that are opened as one.

    Parameters
    ----------
    row_id : int
        Its name in the visit.
    name : str
        What the person knows it by.
    state : State
        Where it stands.
    sentence : str
        What it is, why it could not be read, or what it is the same as.
    clip_number : int or None
        The number of an opened clip, for people; 1-based.
    good_frames : int or None
        How many frames can be kept, where the person has to decide.
    carries_identity : bool
        Whether the header names a person.
    head : ClipHead or None
        The clip.
    group : Group or None
        What it was read from, until the person has decided.
    """

    row_id: int
    name: str
    state: State = State.WAITING
    sentence: str = ""
    clip_number: int | None = None
    good_frames: int | None = None
    carries_identity: bool = False
    head: ClipHead | None = field(default=None, repr=False)
    group: Group | None = field(default=None, repr=False)

    def row(self) -> dict[str, Any]:
        """Return what the browser's list shows, as in ``intake/web/types.d.ts``."""
        return {
            "row_id": self.row_id,
            "name": self.name,
            "state": self.state.value,
            "sentence": self.sentence,
            "clip_number": self.clip_number,
            "good_frames": self.good_frames,
            "carries_identity": self.carries_identity,
            "warnings": list(self.head.warnings) if self.head else [],
        }


class Results:
    """The results of one visit, in the order of arrival; used by several threads.

    Parameters
    ----------
    folder : Path
        Where files wait for the person's decision.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._results: dict[int, Result] = {}
        self._unwanted: set[int] = set()
        self._last_id = 0
        self._guard = threading.Lock()

    def __len__(self) -> int:
        """Count them."""
        return len(self._results)

    def all(self) -> list[Result]:
        """Return them in the order of arrival."""
        with self._guard:
            return list(self._results.values())

    def clips(self) -> list[Result]:
        """Return the opened clips that have a number, in the order of their numbers; each clip once."""
        numbered = (result for result in self.all() if result.clip_number is not None)
        return sorted(numbered, key=lambda result: result.clip_number or 0)

    def of(self, row_id: int) -> Result:
        """Return one of them; one that nobody knows is refused."""
        with self._guard:
            return self._results.get(row_id) or Result(row_id, "", State.REFUSED)

    def announce(self, name: str) -> Result:
        """Add one that is to be read."""
        with self._guard:
            self._last_id += 1
            self._results[self._last_id] = announced = Result(self._last_id, name)
        return announced

    def is_wanted(self, row_id: int) -> bool:
        """Whether nobody has cancelled it."""
        return row_id not in self._unwanted

    def begin(self, row_id: int) -> Result | None:
        """Say that it is being read; None where it is no longer wanted."""
        return self._change(row_id, {State.WAITING, State.UNDECIDED}, state=State.READING)

    def back_to_undecided(self, row_id: int) -> None:
        """Take back a decision that could not be carried out."""
        self._change(row_id, {State.READING}, state=State.UNDECIDED)

    def finish(self, row_id: int, opened: Opened) -> Result | None:
        """Say what became of it; files that wait for a decision are moved to a folder of their own.

        Returns
        -------
        Result or None
            What it is now; None where it was given up meanwhile, so that nothing of it may be kept.
        """
        group = self._put_aside(row_id, opened.group) if opened.group else None
        with self._guard:
            before = self._results[row_id]
            is_wanted = before.state is State.READING
            if is_wanted:
                self._results[row_id] = replace(
                    before,
                    state=_state_of(opened, group),
                    sentence=clip_in_words(opened.head) if opened.head else opened.error or "",
                    good_frames=opened.good_frames,
                    carries_identity=opened.carries_identity,
                    head=opened.head,
                    group=group,
                )
        if group is None or not is_wanted:
            self._clear(row_id)
        return self._results[row_id] if is_wanted else None

    def put_in_order(self) -> list[Result]:
        """Give the opened clips their numbers, and tell copies from them, in the order of arrival.

        A clip has no number while something that arrived before it is still being read.

        Returns
        -------
        list of Result
            Those that are other than before.
        """
        changed = []
        with self._guard:
            for result in self._results.values():
                if result.state in {State.WAITING, State.READING}:
                    break
                if result.state is State.OPENED and result.clip_number is None:
                    changed.append(self._numbered(result))
                    self._results[result.row_id] = changed[-1]
        return changed

    def give_up(self, row_id: int) -> Result | None:
        """Say that the person does not want it, and delete what was kept for her decision.

        Returns
        -------
        Result or None
            What it is now; None where there is no such result or it is past giving up.
        """
        with self._guard:
            before = self._results.get(row_id)
            if before is None or before.state not in _CAN_BE_GIVEN_UP:
                return None
            self._unwanted.add(row_id)
            is_decision = before.group is not None
            state = State.LEFT_OUT if is_decision else State.CANCELLED
            sentence = before.sentence if is_decision else "Nothing of it was kept."
            given_up = replace(before, state=state, sentence=sentence, good_frames=None, group=None)
            self._results[row_id] = given_up
        self._clear(row_id)
        return given_up

    def holds_clip(self, sha256: str) -> bool:
        """Whether one of them is this clip."""
        return any(result.head is not None and result.head.sha256 == sha256 for result in self.all())

    def _change(self, row_id: int, among: set[State], *, state: State) -> Result | None:
        with self._guard:
            before = self._results.get(row_id)
            if before is None or before.state not in among:
                return None
            self._results[row_id] = changed = replace(before, state=state)
            return changed

    def _numbered(self, result: Result) -> Result:
        numbered = [other for other in self._results.values() if other.clip_number is not None]
        for other in numbered:
            if other.head is not None and result.head is not None and other.head.sha256 == result.head.sha256:
                return replace(result, state=State.SAME, sentence=f"The same clip as {other.name}.")
        return replace(result, clip_number=len(numbered) + 1)

    def _put_aside(self, row_id: int, group: Group) -> Group:
        moved = []
        for number, arrival in enumerate(group.arrivals):
            place = self._folder / str(row_id) / str(number) / arrival.path.name
            place.parent.mkdir(parents=True)
            moved.append(replace(arrival, path=arrival.path.replace(place)))
        return replace(group, arrivals=moved)

    def _clear(self, row_id: int) -> None:
        shutil.rmtree(self._folder / str(row_id), ignore_errors=True)


_CAN_BE_GIVEN_UP = frozenset({State.WAITING, State.READING, State.UNDECIDED})


def _state_of(opened: Opened, group: Group | None) -> State:
    if opened.head is not None:
        return State.OPENED
    return State.REFUSED if group is None else State.UNDECIDED
