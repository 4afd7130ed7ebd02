"""A real PostgreSQL for the tests, started where the machine has one."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

# The server refuses to run as root; an unprivileged account that every Debian has does.
ACCOUNT = "postgres"


def _program(name: str) -> str | None:
    found = shutil.which(name)
    if found is not None:
        return found
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(versions[-1]) if versions else None


def _as_server(command: list[str]) -> list[str]:
    return ["runuser", "-u", ACCOUNT, "--", *command] if os.geteuid() == 0 else command


def _run(command: list[str]) -> None:
    done = subprocess.run(_as_server(command), capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        pytest.skip(f"PostgreSQL does not start here: {(done.stderr or done.stdout).strip()[-200:]}")


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Start a server that listens on a socket in its own folder, and stop it at the end."""
    initdb, control = _program("initdb"), _program("pg_ctl")
    if initdb is None or control is None:
        pytest.skip("PostgreSQL is not installed on this machine")
    # Its path must be short, for a socket's name has at most 107 characters.
    folder = Path("/tmp") / f"msus-pg-{uuid4().hex[:12]}"
    folder.mkdir(mode=0o755)
    if os.geteuid() == 0:
        shutil.chown(folder, ACCOUNT, ACCOUNT)
    cluster = folder / "cluster"
    try:
        _run([initdb, "-D", str(cluster), "-U", "msus", "--auth=trust", "--no-sync", "-E", "UTF8"])
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        log = str(folder / "log")
        _run([control, "-D", str(cluster), "-w", "-l", log, "-o", options, "start"])
        yield folder
        _run([control, "-D", str(cluster), "-w", "-m", "fast", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql_url(postgresql_server: Path) -> str:
    """Address of a new, empty database."""
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
    name = f"marks_{uuid4().hex[:12]}"
    with psycopg.connect(f"host={postgresql_server} user=msus dbname=postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    return f"postgresql+psycopg://msus@/{name}?host={postgresql_server}"
