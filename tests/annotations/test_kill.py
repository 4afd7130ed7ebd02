import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# MSUS_KILL_ROUNDS=200 runs the whole proof.
ROUNDS = max(20, int(os.environ.get("MSUS_KILL_ROUNDS", "20")))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork to kill")
def test_every_acknowledged_gesture_is_there_after_kill_minus_nine(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.annotations.kill_rounds", str(tmp_path), str(ROUNDS), "7"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1_200, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["acknowledged"] > ROUNDS
    assert (told["lost"], told["damaged"]) == (0, 0)
