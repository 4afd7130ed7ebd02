"""The real application, started as a user starts it, on a port and data folder of its own."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
START_LIMIT_S = 120.0


@dataclass(frozen=True, slots=True)
class RunningApp:
    """A started server: where it listens, what it keeps, and what it printed."""

    port: int
    data_folder: Path
    log: Path
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """Address of the server, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def author_link(self) -> str:
        """Address that makes a browser an author's, as the server printed it."""
        link = re.search(r"http://\S+/author\?token=\S+", self.log.read_text(encoding="utf-8"))
        if link is None:
            raise RuntimeError("The server printed no author link.")
        return link.group()


def free_port() -> int:
    """Return a loopback port that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_app(
    folder: Path,
    *,
    cases_folder: Path | None = None,
    options: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> Iterator[RunningApp]:
    """Start the application with an empty data folder and stop it at the end.

    Options of Streamlit and variables of the environment may be added.

    Raises
    ------
    RuntimeError
        If it ends, or does not answer, while it starts; the message holds what it printed.
    """
    said = {"MSUS_CASES_DIR": str(cases_folder or ""), **(environment or {})}
    app = start_app(folder, free_port(), options=options, environment=said)
    try:
        yield app
    finally:
        stop_app(app)


def start_app(
    folder: Path, port: int, *, options: Sequence[str] = (), environment: Mapping[str, str] | None = None
) -> RunningApp:
    """Start the application on a port with what lies in a folder, and wait until it answers.

    Raises
    ------
    RuntimeError
        If it ends, or does not answer, while it starts; the message holds what it printed.
    """
    log = folder / "server.log"
    command = [sys.executable, "-m", "streamlit", "run", "viewer/app.py"]
    command += [f"--server.port={port}", "--server.headless=true", *options]
    said = {"MSUS_DATA_DIR": str(folder / "data"), **(environment or {})}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **said}, stdout=output, stderr=subprocess.STDOUT
        )
    app = RunningApp(port, folder / "data", log, process)
    try:
        wait_until_it_answers(app)
    except BaseException:
        stop_app(app)
        raise
    return app


def stop_app(app: RunningApp) -> None:
    """Ask the application to stop; if it does not, end it."""
    app.process.terminate()
    try:
        app.process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        app.process.kill()
        app.process.wait()


def wait_until_it_answers(app: RunningApp) -> None:
    """Wait until a server that was started is there.

    Raises
    ------
    RuntimeError
        If it ends, or does not answer in time.
    """
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        if app.process.poll() is not None:
            break
        try:
            if httpx.get(f"{app.url}/_stcore/health").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise RuntimeError(f"The server did not start:\n{app.log.read_text(errors='replace')}")
