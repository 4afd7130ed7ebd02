"""Servers of the contestants, each on a free loopback port of its own, and the processor time they use."""

import functools
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil  # type: ignore[import-untyped]

START_LIMIT_S = 60.0
LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """Return a loopback port that nobody listens on at this moment."""
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        port: int = listener.getsockname()[1]
        return port


class StreamlitServer:
    """One ``streamlit run``, with Streamlit's defaults unless the folder it starts in configures it.

    Only three settings are ours: the port, no browser on the server, and no
    telemetry (this measurement stays on the loopback interface).

    Parameters
    ----------
    script : Path
        What to run.
    folder : Path
        Where to start; a ``.streamlit/config.toml`` in it is honoured.
    home : Path
        An empty folder in place of the user's own, so that nobody's settings are measured.
    environment : Mapping of str to str
        Further variables.
    """

    def __init__(self, script: Path, *, folder: Path, home: Path, environment: Mapping[str, str]) -> None:
        self.url = f"http://{LOOPBACK}:{(port := free_port())}"
        options = {
            "server.port": str(port),
            "server.address": LOOPBACK,
            "server.headless": "true",
            "browser.gatherUsageStats": "false",
        }
        command = [sys.executable, "-m", "streamlit", "run", str(script)]
        command += [word for name, value in options.items() for word in (f"--{name}", value)]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
        self._log = (home / f"{script.stem}-{port}.log").open("wb")
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env={**inherited, "HOME": str(home), **environment},
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    def __enter__(self) -> Self:
        """Wait until the server answers.

        Raises
        ------
        RuntimeError
            If it ends or stays silent; the message holds what it printed.
        """
        until_s = time.monotonic() + START_LIMIT_S
        while time.monotonic() < until_s and self._process.poll() is None:
            if _answers(f"{self.url}/_stcore/health"):
                return self
            time.sleep(0.1)
        self._end()
        raise RuntimeError(
            f"the server did not start: {Path(self._log.name).read_text(errors='replace')[-2000:]}"
        )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the server and its children."""
        self._end()

    def cpu_s(self) -> float:
        """Return the processor time of the server and its children so far, in seconds."""
        family = [psutil.Process(self._process.pid)]
        family += family[0].children(recursive=True)
        times = [process.cpu_times() for process in family if process.is_running()]
        ended = family[0].cpu_times()
        return float(sum(t.user + t.system for t in times) + ended.children_user + ended.children_system)

    def _end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()


class _QuietHandler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing; the terminal is for progress."""


@contextmanager
def folder_served(folder: Path) -> Iterator[str]:
    """Serve the files of a folder and yield the address."""
    handler = functools.partial(_QuietHandler, directory=str(folder))
    with ThreadingHTTPServer((LOOPBACK, 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://{LOOPBACK}:{server.server_port}"
        finally:
            server.shutdown()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
