"""Reading what has arrived in a visit, in threads of its own: planned, then as many at once as processes are kept.

Each is stoppable by itself. A thread holds one frame at most; the frames wait in the process that decodes them.
"""

import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from annotations.exchange.reference import keep_reference
from cases.decoding import Decoder
from cases.errors import ImportCancelledError
from cases.grouping import Group
from cases.intake import Opened, open_group, plan
from cases.sentences import Refusal
from viewer.arriving import Arrived
from viewer.results import Result, State
from viewer.visits import Visit, VisitEndedError

Say = Callable[[dict[str, Any]], None]
_BETWEEN_LINES_S = 0.1
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One order to read.

    Parameters
    ----------
    visit : Visit
        Whose files.
    decoder : Decoder
        Reads them.
    say : callable
        Takes each line for the browser.
    is_off : callable
        Whether it is cancelled, or nobody waits for the answer any more.
    """

    visit: Visit
    decoder: Decoder
    say: Say
    is_off: Callable[[], bool]
    _unwanted: list[str] = field(default_factory=list)
    """Packs of clips that were given up at the last moment."""

    def all_arrived(self) -> None:
        """Read all that has arrived; what is not read when the work is stopped is deleted."""
        with self.visit.at_work():
            taken = self.visit.arrivals.take()
            try:
                with tempfile.TemporaryDirectory(prefix="reading-", dir=self.visit.folder) as room:
                    self._planned_and_read(taken, Path(room))
            except ImportCancelledError:
                _log.info("reading stopped: arrived=%d", len(taken))
            except OSError as error:
                _log.warning("reading failed: %s", error.strerror)
                self.say({"error": f"The files could not be read on the server: {error.strerror}."})
            finally:
                for arrived in taken:
                    shutil.rmtree(arrived.path.parent, ignore_errors=True)

    def good_frames_of(self, row_id: int) -> None:
        """Read again what the person decided to keep; undecided as before where it is stopped."""
        group = self.visit.results.of(row_id).group
        if group is None or self.visit.results.begin(row_id) is None:
            return
        with self.visit.at_work():
            try:
                self._read(row_id, replace(group, keeps_good_frames=True))
            except ImportCancelledError:
                self.visit.results.back_to_undecided(row_id)
            self._remove_unwanted()

    def _planned_and_read(self, taken: list[Arrived], room: Path) -> None:
        groups = plan(
            [arrived.path for arrived in taken],
            self.decoder,
            room,
            disk=self.visit.disk,
            progress=_Now(lambda looked_at: self.say({"looking": looked_at})),
            cancel=self._is_stopped,
        )
        planned = [(self.visit.results.announce(_name(group, taken)).row_id, group) for group in groups]
        rows = {result.row_id: result.row() for result in self.visit.results.all()}
        self.say(
            {"planned": [{**rows[row_id], "numbers": _numbers(group, taken)} for row_id, group in planned]}
        )
        try:
            self._read_at_once(planned)
        finally:
            for row_id, _ in planned:
                self._give_up_unread(row_id)
            self._say_order()
            self._remove_unwanted()

    def _read_at_once(self, planned: list[tuple[int, Group]]) -> None:
        """Read in the order of the plan, as many at once as there are processes; after a fault no more are begun."""
        with ThreadPoolExecutor(self.decoder.processes, thread_name_prefix="reading") as pool:
            reads = [pool.submit(self._read_if_wanted, row_id, group) for row_id, group in planned]
            try:
                for read in as_completed(reads):
                    read.result()
                    self._say_order()
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def _read_if_wanted(self, row_id: int, group: Group) -> None:
        if self._is_stopped():
            raise ImportCancelledError("stopped")
        if self.visit.results.begin(row_id) is None:
            return
        try:
            self._read(row_id, group)
        except ImportCancelledError:
            if self._is_stopped():
                raise

    def _read(self, row_id: int, group: Group) -> None:
        results, visit = self.visit.results, self.visit
        self.say({"row": results.of(row_id).row()})
        tell = _Now(lambda done, of: self.say({"reading": row_id, "done": done, "declared": of}))
        all_opened = open_group(
            group,
            visit.store,
            self.decoder,
            progress=tell,
            cancel=lambda: self._is_stopped() or not results.is_wanted(row_id),
        )
        for number, opened in enumerate(all_opened):
            row_id_of_this = row_id if number == 0 else self._announce_another(row_id, opened.name)
            self._refer(group, opened)
            result = results.finish(row_id_of_this, _without_folder(opened, visit))
            if result is not None:
                self._say_order(result)
            elif opened.head is not None:
                self._unwanted.append(opened.head.sha256)

    def _say_order(self, finished: Result | None = None) -> None:
        """Say the rows that have their number now, or are known to be copies, and the one that was finished."""
        rows = {} if finished is None else {finished.row_id: finished}
        rows |= {result.row_id: result for result in self.visit.results.put_in_order()}
        for result in rows.values():
            self.say({"row": result.row()})

    def _refer(self, group: Group, opened: Opened) -> None:
        """Keep what marks need to refer to the file of a clip, if that is one file."""
        if opened.head is not None and len(group.arrivals) == 1:
            target = self.visit.references / f"{opened.head.sha256}.dcm"
            keep_reference(group.arrivals[0].path, target)

    def _announce_another(self, row_id: int, name: str) -> int:
        """Announce one more where files that seemed to belong together do not."""
        another = self.visit.results.announce(name)
        self.visit.results.begin(another.row_id)
        self.say({"row": another.row(), "after": row_id})
        return another.row_id

    def _remove_unwanted(self) -> None:
        """Remove packs when all are read: until then one of them may hold a clip that arrived a second time."""
        while self._unwanted:
            sha256 = self._unwanted.pop()
            if not self.visit.results.holds_clip(sha256):
                self.visit.store.remove(sha256)

    def _give_up_unread(self, row_id: int) -> None:
        result = self.visit.results.of(row_id)
        if result.state in {State.WAITING, State.READING}:
            given_up = self.visit.results.give_up(row_id)
            if given_up is not None:
                self.say({"row": given_up.row()})

    def _is_stopped(self) -> bool:
        return self.is_off() or self.visit.has_ended.is_set()


class _Now:
    """Passes on how far something is, a few times a second."""

    def __init__(self, pass_on: Callable[..., None]) -> None:
        self._pass_on = pass_on
        self._next_s = 0.0

    def __call__(self, *how_far: int | None) -> None:
        now_s = time.monotonic()
        if now_s >= self._next_s:
            self._next_s = now_s + _BETWEEN_LINES_S
            self._pass_on(*how_far)


def in_own_thread(order: Callable[[], None], say: Say) -> "Future[None]":
    """Carry out an order of reading; whatever happens in it, the person gets a sentence and the last line.

    A thread of its own, because the server's few shared ones write what arrives.
    """
    done: Future[None] = Future()

    def work() -> None:
        try:
            order()
        except VisitEndedError:
            _log.info("reading stopped: the visit has ended")
        except Exception as error:  # a fault of ours must neither hang the page nor put a name in the log
            _log.error("reading failed: %s", type(error).__name__)
            say({"error": Refusal.INTERNAL.say({})})
        finally:
            say({"end": True})
            done.set_result(None)

    threading.Thread(target=work, name="reading", daemon=True).start()
    return done


def _name(group: Group, taken: Sequence[Arrived]) -> str:
    first = group.arrivals[0]
    came_with = taken[first.index].path
    return group.name if first.path == came_with else f"{came_with.name}/{group.name}"


def _numbers(group: Group, taken: Sequence[Arrived]) -> list[int]:
    return sorted({taken[arrival.index].number for arrival in group.arrivals})


def _without_folder(opened: Opened, visit: Visit) -> Opened:
    return replace(opened, error=(opened.error or "").removeprefix(f"{visit.store.folder}: ") or None)
