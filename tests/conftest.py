"""What all tests share: where the real clips are, and that they may not be skipped in silence."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.browser.numbered_cases import write_broken_case, write_numbered_case
from tests.running import RunningApp, running_app

ROOT = Path(__file__).resolve().parent.parent
REQUIRED = os.environ.get("MSUS_REQUIRE_SHARED_DATA") == "1"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip for want of the shared data into a failure where that data is there."""
    report = yield
    if REQUIRED and report.skipped and "shared data" in str(report.longrepr).lower():
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: skipped for want of the shared data, but the folder is there"
    return report


@pytest.fixture(scope="session")
def cases_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of case folders: numbered clips linked by frame, by time, to write on, and a broken one."""
    root = tmp_path_factory.mktemp("cases")
    write_numbered_case(root, "numbered", title="Numbered clips", link="frame")
    write_numbered_case(root, "uneven", title="Numbered clips, uneven times", link="time", uneven=True)
    write_numbered_case(root, "written", title="Numbered clips to write on", link="frame")
    write_broken_case(root)
    return root


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory, cases_folder: Path) -> Iterator[RunningApp]:
    """Return the real application, started as a user starts it, with cases of numbered clips."""
    with running_app(tmp_path_factory.mktemp("app"), cases_folder=cases_folder) as running:
        yield running


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let golden pictures be taken anew."""
    parser.addoption("--update-golden", action="store_true", help="take the golden pictures anew")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Say whether golden pictures are to be taken anew."""
    return bool(request.config.getoption("--update-golden"))
