import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# MSUS_KILL_ROUNDS=200 runs the whole proof.
ROUNDS = min(max(3, int(os.environ.get("MSUS_KILL_ROUNDS", "3"))), 1_000)


@pytest.mark.skipif(not hasattr(os, "kill") or os.name == "nt", reason="this system has no SIGKILL")
def test_every_acknowledged_gesture_is_there_after_the_server_was_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.viewer.kill_rounds", str(tmp_path), str(ROUNDS), "7"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60 * ROUNDS, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["acknowledged"] > ROUNDS
    assert (told["lost"], told["doubled"], told["damaged"], told["wrong_heads"]) == (0, 0, 0, 0)
