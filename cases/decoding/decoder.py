"""The parent's side of decoding: a few warm processes, one for each file, replaced when one is killed."""

import contextlib
import queue
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from cases.clip import ClipHead, Inspection
from cases.decoding.child import Child, Watchdog
from cases.decoding.conversation import (
    Conversation,
    FrameSink,
    MemberSink,
    Nothing,
    Progress,
    SinkRefusedError,
    Unpacking,
    inspection_from_json,
    refused_error,
)
from cases.decoding.first_look import Glance, glance_from_json
from cases.decoding.messages import Kind
from cases.decoding.source import Wishes
from cases.errors import DecoderStoppedError, ImportCancelledError, StoreError, UnreadableClipError
from cases.pack import head_from_json, region_to_json
from cases.sentences import Refusal
from cases.settings import Limits

IsCancelled = Callable[[], bool]
_POLL_S = 0.1
_CANCELLED = "The import was stopped; nothing of it was kept."


class Decoder:
    """Decodes files from outside in child processes that are started once and kept.

    It may be used from several threads; each file has a process of its own.

    Parameters
    ----------
    limits : Limits
        What a file may ask for.
    processes : int
        How many files are decoded at once.
    """

    def __init__(self, limits: Limits | None = None, processes: int = 2) -> None:
        self.limits = limits or Limits()
        self.processes = processes
        self._idle: queue.LifoQueue[Child | None] = queue.LifoQueue()
        self._all: set[Child] = set()
        self._lock = threading.Lock()
        self._is_closed = False
        for _ in range(processes):
            self._idle.put(None)
        self._finalizer = weakref.finalize(self, _close_all, self._all)

    def warm(self) -> None:
        """Start one process now, so that the first file need not wait for it."""
        child = self._idle.get()
        self._idle.put(child if child is not None else self._started())

    def close(self) -> None:
        """End all processes; a file that is being read is then refused."""
        self._is_closed = True
        self._finalizer()

    def __enter__(self) -> "Decoder":
        """Use as a context that closes at its end."""
        return self

    def __exit__(self, *_: object) -> None:
        """End all processes."""
        self.close()

    def look(self, path: Path, *, cancel: IsCancelled | None = None) -> Glance:
        """Say what a file is.

        Parameters
        ----------
        path : Path
            The file.
        cancel : callable or None
            Asked while all processes are busy.

        Returns
        -------
        Glance
            Its kind, series, whether it names a person, and what it names as the index of a disc.

        Raises
        ------
        UnreadableClipError
            If it is missing, empty or too large.
        ImportCancelledError
            If it was cancelled.
        """
        request = {"paths": [str(path.absolute())], "limits": self.limits.to_json()}
        with self._child(cancel) as child, self._watch(child, cancel) as dog:
            content = Conversation(path.name, child, dog).hear(Kind.LOOK, request, Nothing(), None)
        try:
            return glance_from_json(content)
        except (KeyError, TypeError, ValueError) as error:
            raise refused_error(path.name, Refusal.INTERNAL, {}) from error

    def unpack(self, path: Path, sink: MemberSink, *, cancel: IsCancelled | None = None) -> None:
        """Inflate the files of an archive.

        Parameters
        ----------
        path : Path
            The zip file.
        sink : MemberSink
            Takes the files as they come; what it raises ends the process that gives them.
        cancel : callable or None
            Asked often.

        Raises
        ------
        UnreadableClipError
            If the archive cannot be unpacked, or the sink wants no more of it.
        ImportCancelledError
            If it was cancelled.
        """
        request = {"paths": [str(path.absolute())], "limits": self.limits.to_json()}
        try:
            with self._child(cancel) as child, self._watch(child, cancel) as dog:
                Unpacking(path.name, child, dog, sink=sink).hear(Kind.UNPACK, request, Nothing(), None)
        except SinkRefusedError as refused:
            raise refused.error from None

    def read(
        self,
        paths: Sequence[Path],
        sink: FrameSink,
        *,
        wishes: Wishes | None = None,
        progress: Progress | None = None,
        cancel: IsCancelled | None = None,
    ) -> tuple[ClipHead, Inspection]:
        """Decode one file, or several as one series.

        Parameters
        ----------
        paths : sequence of Path
            The files.
        sink : FrameSink
            Takes the frames.
        wishes : Wishes
            What the caller knows and asks for.
        progress : callable or None
            Called with the frames done and the frames declared, or None where that is not known.
        cancel : callable or None
            Asked often; the work stops soon after it says True.

        Returns
        -------
        head : ClipHead
            What the frames are.
        inspection : Inspection
            What was found in the files.

        Raises
        ------
        UnreadableClipError
            If a file cannot be shown; its ``inspection`` says what it was found to be.
        ImportCancelledError
            If it was cancelled.
        """
        name = paths[0].name if len(paths) == 1 else f"{paths[0].name} and {len(paths) - 1} more"
        request = _request(paths, wishes or Wishes(), self.limits)
        try:
            with self._child(cancel) as child, self._watch(child, cancel) as dog:
                content = Conversation(name, child, dog).hear(Kind.READ, request, sink, progress)
        except SinkRefusedError as refused:
            raise refused.error from None
        if cancel is not None and cancel():  # said while the last frames arrived
            raise ImportCancelledError(_CANCELLED)
        try:
            return head_from_json(content["head"]), inspection_from_json(content["inspection"])
        except (StoreError, KeyError, TypeError, ValueError) as error:
            raise refused_error(name, Refusal.INTERNAL, {}) from error

    def _watch(self, child: Child, cancel: IsCancelled | None) -> Watchdog:
        return Watchdog(child, self.limits.max_frame_s, self.limits.max_file_s, cancel)

    @contextlib.contextmanager
    def _child(self, cancel: IsCancelled | None = None) -> Iterator[Child]:
        idle = self._next_idle(cancel)
        child = idle if idle is not None and idle.is_alive else None
        if idle is not None and child is None:
            self._forget(idle)
        child = child or self._started()
        is_sound = False
        try:
            yield child
            is_sound = True
        except UnreadableClipError as error:
            is_stopped = isinstance(error, DecoderStoppedError)
            is_sound = not is_stopped and error.refusal != Refusal.OUT_OF_MEMORY.name
            raise
        finally:
            if not is_sound:
                self._forget(child)
            self._idle.put(child if is_sound else self._replacement())

    def _next_idle(self, cancel: IsCancelled | None) -> Child | None:
        """Wait for a process; also while all are busy the person may cancel."""
        while cancel is not None:
            if cancel():
                raise ImportCancelledError(_CANCELLED)
            with contextlib.suppress(queue.Empty):
                return self._idle.get(timeout=_POLL_S)
        return self._idle.get()

    def _replacement(self) -> Child | None:
        """Start a process for the next file now; where that fails, its file will say so."""
        if self._is_closed:
            return None
        with contextlib.suppress(OSError):
            return self._started()
        return None

    def _started(self) -> Child:
        child = Child(self.limits)
        with self._lock:
            self._all.add(child)
        return child

    def _forget(self, child: Child) -> None:
        with self._lock:
            self._all.discard(child)
        child.close()


def _request(paths: Sequence[Path], wishes: Wishes, limits: Limits) -> dict[str, Any]:
    return {
        "paths": [str(path.absolute()) for path in paths],
        "limits": limits.to_json(),
        "region": None if wishes.region is None else region_to_json(wishes.region),
        "scale_source": wishes.scale_source,
        "frame_time_ms": wishes.frame_time_ms,
        "keep_good_frames": wishes.keep_good_frames,
        "are_frames_in_time": wishes.are_frames_in_time,
        "pictures_missing": wishes.pictures_missing,
    }


def _close_all(children: set[Child]) -> None:
    while children:
        children.pop().close()
