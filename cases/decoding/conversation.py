"""One request to a decoding process and the messages that answer it, each checked."""

import json
from collections.abc import Callable
from typing import Any, Protocol

from cases.clip import Codec, Container, Inspection
from cases.decoding.child import Child, ChildEndedError, Watchdog
from cases.decoding.messages import Kind
from cases.errors import ImportCancelledError, UnreadableClipError
from cases.sentences import Refusal

Progress = Callable[[int, int | None], None]


class FrameSink(Protocol):
    """Takes the encoded frames of one clip as they come."""

    def add(self, encoded: bytes) -> None:
        """Take the next frame."""
        ...

    def restart(self) -> None:
        """Forget the frames taken so far."""
        ...


class MemberSink(Protocol):
    """Takes the files of one archive as they come."""

    def begin(self, name: str) -> None:
        """Begin the next file."""
        ...

    def add(self, piece: bytes) -> None:
        """Take the next bytes of it."""
        ...

    def spoil(self, refusal: Refusal) -> None:
        """Forget what came of it."""
        ...


class Nothing:
    """Takes no frame."""

    def add(self, encoded: bytes) -> None:
        """Take no frame."""

    def restart(self) -> None:
        """Forget nothing."""


class Conversation:
    """One request and the messages that answer it."""

    def __init__(self, name: str, child: Child, dog: Watchdog) -> None:
        self._name, self._child, self._dog = name, child, dog
        self._done = 0
        self._declared: int | None = None

    def hear(
        self, kind: Kind, request: dict[str, Any], sink: FrameSink, progress: Progress | None
    ) -> dict[str, Any]:
        """Ask, and give what comes to the sink until the answer is complete; that is returned."""
        try:
            self._child.ask(kind, request)
            while True:
                answer, body = self._child.answer()
                if self._dog.barked is not None:
                    raise self._dog.barked
                self._dog.frame_done()
                content = self._take(answer, body, sink, progress)
                if content is not None:
                    return content
                del body  # else two frames would be in memory while the next one comes
        except ChildEndedError as ended:
            raise self._error(self._dog.barked or ended) from ended

    def _take(
        self, answer: Kind, body: bytes, sink: FrameSink, progress: Progress | None
    ) -> dict[str, Any] | None:
        if answer is Kind.FRAME:
            _give(sink, body)
            self._done += 1
        elif answer is Kind.AGAIN:
            sink.restart()
            self._done = 0
        elif answer is Kind.OPENED:
            self._declared = _whole(json.loads(body)["frames_declared"])
        elif answer is Kind.DONE:
            return dict(json.loads(body))
        elif answer is Kind.REFUSED:
            raise _refusal_from_json(self._name, json.loads(body))
        if progress is not None:
            progress(self._done, self._declared)
        return None

    def _error(self, ended: ChildEndedError) -> Exception:
        if ended.refusal is None:
            return ImportCancelledError(f"{self._name}: the import was stopped; nothing of it was kept.")
        seconds = self._child.limits.max_file_s
        if ended.refusal is Refusal.FRAME_TOO_SLOW:
            seconds = self._child.limits.max_frame_s
        return refused_error(self._name, ended.refusal, {"limit_s": round(seconds, 1)})


def _give(sink: FrameSink, frame: bytes) -> None:
    try:
        sink.add(frame)
    except UnreadableClipError as error:
        raise SinkRefusedError(error) from error


class SinkRefusedError(Exception):
    """What takes the answers wants no more of them; the process is still giving them.

    Parameters
    ----------
    error : UnreadableClipError
        Why.
    """

    def __init__(self, error: UnreadableClipError) -> None:
        super().__init__("refused by the sink")
        self.error = error


class Unpacking(Conversation):
    """The unpacking of one archive.

    Parameters
    ----------
    conversation : str, Child and Watchdog
        As of any conversation.
    sink : MemberSink
        Takes the files.
    """

    def __init__(self, name: str, child: Child, dog: Watchdog, *, sink: MemberSink) -> None:
        super().__init__(name, child, dog)
        self._members = sink

    def _take(
        self, answer: Kind, body: bytes, sink: FrameSink, progress: Progress | None
    ) -> dict[str, Any] | None:
        try:
            if answer is Kind.MEMBER:
                self._members.begin(str(json.loads(body)["name"]))
            elif answer is Kind.PIECE:
                self._members.add(body)
            elif answer is Kind.SPOILT:
                self._members.spoil(Refusal[json.loads(body)["refusal"]])
            else:
                return super()._take(answer, body, sink, progress)
        except UnreadableClipError as error:
            if answer is Kind.REFUSED:
                raise
            raise SinkRefusedError(error) from error
        return None


def refused_error(
    name: str,
    refusal: Refusal,
    values: dict[str, int | float | str],
    inspection: Inspection | None = None,
) -> UnreadableClipError:
    """Make the error of a refused file: its name, what is wrong, what to do."""
    message = f"{name}: {refusal.say(values)}"
    return refusal.error_class(message, refusal.name, inspection or Inspection())


def inspection_from_json(content: dict[str, Any]) -> Inspection:
    """Check what the child says about a file."""
    codec = content["codec"]
    return Inspection(
        container=Container(content["container"]),
        codec=None if codec is None else Codec(codec),
        frames_declared=_whole(content["frames_declared"]),
        frames_decoded=_whole(content["frames_decoded"]),
        rows=_whole(content["rows"]),
        columns=_whole(content["columns"]),
        carries_identity=content["carries_identity"] is True,
    )


def _refusal_from_json(name: str, content: dict[str, Any]) -> UnreadableClipError:
    values = {
        str(key): entry for key, entry in content["values"].items() if isinstance(entry, (int, float, str))
    }
    return refused_error(
        name, Refusal[content["refusal"]], values, inspection_from_json(content["inspection"])
    )


def _whole(found: object) -> int | None:
    if found is None:
        return None
    if not isinstance(found, int) or found < 0:
        raise ValueError("not a count")
    return found
