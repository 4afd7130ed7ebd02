"""Kill the real server while authors write, over and over, and check that every acknowledged gesture is there.

Run as ``python -m tests.viewer.kill_rounds FOLDER ROUNDS SEED [forked]``. Each round starts the application, lets
writers send gestures by HTTP as the browser does, ends it by SIGKILL in the middle, and sends what was not
acknowledged again after the next start. It prints one line of JSON at the end, and to the standard error how far it is.

The application is started as a user starts it; with ``forked`` by Streamlit's own runner in a fork of this process,
which spares each round the seconds of importing, and nothing else.
"""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from annotations.database import DATABASE_NAME
from tests.running import RunningApp, free_port, start_app, wait_until_it_answers

CASE = "rectus-femoris-tear"
CLIP = "long-axis-defect"
WRITERS = 4
LONGEST_WAIT_S = 0.6
APP = Path(__file__).resolve().parents[2] / "viewer" / "app.py"


@dataclass
class Writer:
    """One author, who changes her own mark again and again, each time on what she drew before."""

    item: str
    acknowledged: list[str] = field(default_factory=list)
    unsure: dict[str, Any] | None = None
    resent: int = 0
    known: int = 0
    turn: int = 0

    def gesture(self) -> dict[str, Any]:
        """Return what was not acknowledged, else the next stroke."""
        if self.unsure is not None:
            return self.unsure
        self.turn += 1
        place = {"on": "frame", "frame_index": 3, "points_px": [[float(self.turn % 500), 20.0], [30.0, 40.0]]}
        content = {"id": self.item, "clip": CLIP, "kind": "caliper", "label": str(self.turn), "place": place}
        name = f"{self.item}-{self.turn}"
        said = {"id": name, "case": CASE, "layer": "teacher", "item": self.item, "kind": "mark"}
        return {**said, "bases": self.acknowledged[-1:], "author": "", "content": content}

    def write(self, app: RunningApp, cookies: httpx.Cookies, first: threading.Event) -> None:
        """Send strokes until the server is gone."""
        with httpx.Client(
            base_url=app.url, cookies=cookies, timeout=30, headers={"Origin": app.url}
        ) as client:
            while True:
                gesture = self.gesture()
                again = gesture is self.unsure
                self.unsure = gesture
                try:
                    answer = client.post(f"/api/cases/{CASE}/gestures", json=gesture)
                except httpx.TransportError:
                    return
                kept = answer.raise_for_status().json()
                self.unsure = None
                self.acknowledged.append(gesture["id"])
                self.resent += again
                self.known += kept["was_known"]
                first.set()


class Forked(subprocess.Popen[bytes]):
    """The application in a fork of this process, as far as the rounds handle it."""

    def __init__(self, folder: Path, port: int, log: Path) -> None:
        os.environ["MSUS_DATA_DIR"] = str(folder / "data")
        self.returncode = None
        self.pid = os.fork()
        if self.pid == 0:
            try:
                _serve(port, log)
            finally:
                os._exit(1)

    def poll(self) -> int | None:
        if self.returncode is None and os.waitpid(self.pid, os.WNOHANG)[0] == self.pid:
            self.returncode = -signal.SIGKILL
        return self.returncode

    def __del__(self) -> None:
        """Leave the waiting to the rounds."""


def _serve(port: int, log: Path) -> None:
    from streamlit.web import bootstrap

    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for standard in (1, 2):
        os.dup2(descriptor, standard)
    options: dict[str, Any] = {"server_port": port, "server_headless": True}
    bootstrap.load_config_options(options)
    bootstrap.run_asgi_app(str(APP), "viewer.app:app", [], options)


def _started(folder: Path, port: int, *, forked: bool) -> RunningApp:
    if not forked:
        return start_app(folder, port)
    log = folder / "server.log"
    app = RunningApp(port, folder / "data", log, Forked(folder, port, log))
    wait_until_it_answers(app)
    return app


def main(folder: Path, rounds: int, seed: int, *, forked: bool = False) -> dict[str, Any]:
    """Run the rounds; return what was acknowledged, and what of it is lost, doubled or damaged."""
    folder.mkdir(parents=True, exist_ok=True)
    if forked:
        import viewer.app  # noqa: F401  once, for all rounds
    chance, port = random.Random(seed), free_port()
    writers = [Writer(f"writer-{number}") for number in range(WRITERS)]
    cookies: httpx.Cookies | None = None
    damaged = lost = 0
    for number in range(rounds):
        app = _started(folder, port, forked=forked)
        cookies = _signed_in(app) if cookies is None else cookies  # a kill ends no author's session
        _one_round(app, writers, cookies, chance.uniform(0.0, LONGEST_WAIT_S))
        ids, is_sound = _stored(app)
        damaged += not is_sound
        lost += sum((Counter(w.acknowledged) - Counter(ids)).total() for w in writers)
        sys.stderr.write(f"round {number + 1}: {len(ids)} kept, {lost} lost, {damaged} damaged\n")
        sys.stderr.flush()
    app = _started(folder, port, forked=forked)
    try:
        wrong = _wrong_by_http(app, writers, cookies)
    finally:
        _kill(app)
    counted = Counter(_stored(app)[0])
    return {
        "rounds": rounds,
        "acknowledged": sum(len(w.acknowledged) for w in writers),
        "sent_again": sum(w.resent for w in writers),
        "of_these_kept_before": sum(w.known for w in writers),
        "lost": lost,
        "doubled": sum(count > 1 for count in counted.values()),
        "damaged": damaged,
        "wrong_heads": wrong,
    }


def _kill(app: RunningApp) -> None:
    os.kill(app.process.pid, signal.SIGKILL)
    while app.process.poll() is None:
        time.sleep(0.005)


def _signed_in(app: RunningApp) -> httpx.Cookies:
    with httpx.Client() as client:
        client.get(app.author_link)
        return client.cookies


def _one_round(app: RunningApp, writers: list[Writer], cookies: httpx.Cookies, wait_s: float) -> None:
    first = threading.Event()
    threads = [threading.Thread(target=writer.write, args=(app, cookies, first)) for writer in writers]
    for thread in threads:
        thread.start()
    first.wait(timeout=30)
    time.sleep(wait_s)
    _kill(app)
    for thread in threads:
        thread.join()


def _stored(app: RunningApp) -> tuple[list[str], bool]:
    database = sqlite3.connect(app.data_folder / DATABASE_NAME)
    try:
        is_sound = database.execute("PRAGMA quick_check").fetchone() == ("ok",)
        return [row[0] for row in database.execute("SELECT id FROM annotation_revisions")], is_sound
    finally:
        database.close()


def _wrong_by_http(app: RunningApp, writers: list[Writer], cookies: httpx.Cookies | None) -> int:
    """Count marks whose history or present revision is not what their writer was told."""
    wrong: defaultdict[str, bool] = defaultdict(bool)
    with httpx.Client(base_url=app.url, cookies=cookies, timeout=60) as client:
        heads = client.get(f"/api/cases/{CASE}/layers").json()["layers"][0]["heads"]
        for writer in writers:
            told = client.get(f"/api/cases/{CASE}/history/teacher/{writer.item}").json()["revisions"]
            ids = [revision["id"] for revision in told]
            unsure = [] if writer.unsure is None else [writer.unsure["id"]]
            wrong[writer.item] |= ids not in (writer.acknowledged, writer.acknowledged + unsure)
            wrong[writer.item] |= heads[writer.item] != ids[-1:]
    return sum(wrong.values())


if __name__ == "__main__":
    outcome = main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), forked="forked" in sys.argv[4:])
    sys.stdout.write(json.dumps(outcome) + "\n")
