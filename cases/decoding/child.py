"""One decoding process, as its parent holds it: started warm, spoken to by messages, killed on excess."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, cast

from cases.decoding.messages import BUFFER_BYTES, FOLDER_PREFIX, Kind, receive, send_json
from cases.sentences import Refusal
from cases.settings import Limits

START_UP_S = 60.0
_POLL_S = 0.1
_PIPE_BYTES = 1 << 20 if sys.platform == "linux" else -1  # the most that Linux allows without asking
_KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TZ")
_SOURCE_ROOT = Path(__file__).resolve().parents[2]


class ChildEndedError(Exception):
    """The process ended; says which sentence applies, or that the person cancelled."""

    def __init__(self, refusal: Refusal | None) -> None:
        super().__init__("cancelled" if refusal is None else refusal.name)
        self.refusal = refusal


class Child:
    """One decoding process.

    Parameters
    ----------
    limits : Limits
        Memory of the process.
    """

    def __init__(self, limits: Limits) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX))
        self.limits = limits
        code = (
            f"import sys; sys.path.insert(0, {str(_SOURCE_ROOT)!r}); "
            f"from cases.decoding.worker import main; main({limits.max_memory_bytes})"
        )
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=BUFFER_BYTES,
            pipesize=_PIPE_BYTES,
            cwd=self.folder,
            env=_environment(self.folder),
            start_new_session=True,
        )
        self._is_ready = False

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def ask(self, kind: Kind, request: dict[str, Any]) -> None:
        """Send a request; waits until the process has started.

        Raises
        ------
        ChildEndedError
            If it has ended, or does not start.
        """
        try:
            self._await_ready()
            send_json(self._input, kind, request)
        except (OSError, ValueError, EOFError) as error:
            raise ChildEndedError(Refusal.DECODER_ENDED) from error

    def answer(self) -> tuple[Kind, bytes]:
        """Read the next message.

        Raises
        ------
        ChildEndedError
            If the process ends instead of answering.
        """
        try:
            return receive(self._output)
        except (OSError, ValueError, EOFError) as error:
            raise ChildEndedError(self._why_it_ended()) from error

    def kill(self) -> None:
        """End the process at once and remove its folder; safe to call twice and from any thread."""
        with contextlib.suppress(OSError):
            self._process.kill()

    def close(self) -> None:
        """Kill the process, wait for it and remove its folder."""
        self.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _input(self) -> BinaryIO:
        return cast(BinaryIO, self._process.stdin)

    @property
    def _output(self) -> BinaryIO:
        return cast(BinaryIO, self._process.stdout)

    def _await_ready(self) -> None:
        if self._is_ready:
            return
        with Watchdog(self, START_UP_S, START_UP_S, None):
            kind, _ = receive(self._output)
        if kind is not Kind.READY:
            raise ValueError("the process did not say that it is ready")
        self._is_ready = True

    def _why_it_ended(self) -> Refusal:
        self.kill()
        import signal

        used_up = getattr(signal, "SIGXCPU", None)
        ended_by = -self._process.wait()
        return Refusal.TOO_SLOW if used_up is not None and ended_by == used_up else Refusal.DECODER_ENDED


class Watchdog:
    """Kills a process that takes too long for a frame or for a file, or that the person no longer wants.

    Parameters
    ----------
    child : Child
        The process.
    max_frame_s, max_file_s : float
        Seconds between two messages, and for all of them.
    is_cancelled : callable or None
        Asked ten times a second.
    """

    def __init__(
        self, child: Child, max_frame_s: float, max_file_s: float, is_cancelled: Callable[[], bool] | None
    ) -> None:
        self._child, self._is_cancelled = child, is_cancelled
        self._max_frame_s = max_frame_s
        self._file_end = time.monotonic() + max_file_s
        self._frame_end = time.monotonic() + max_frame_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.barked: ChildEndedError | None = None

    def __enter__(self) -> "Watchdog":
        """Begin to watch."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop watching."""
        self._stop.set()
        self._thread.join()

    def frame_done(self) -> None:
        """Begin the time of the next frame."""
        self._frame_end = time.monotonic() + self._max_frame_s

    def _watch(self) -> None:
        while not self._stop.wait(_POLL_S):
            now = time.monotonic()
            if self._is_cancelled is not None and self._is_cancelled():
                self._bark(None)
            elif now > self._file_end:
                self._bark(Refusal.TOO_SLOW)
            elif now > self._frame_end:
                self._bark(Refusal.FRAME_TOO_SLOW)
            else:
                continue
            return

    def _bark(self, refusal: Refusal | None) -> None:
        self.barked = ChildEndedError(refusal)
        self._child.kill()


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    threads = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
    return {
        **kept,
        **threads,
        "TMPDIR": str(folder),
        "TEMP": str(folder),
        "OPENCV_VIDEOIO_PRIORITY_FFMPEG": "0",
    }
