"""What all tests share: where the real clips are, and that they may not be skipped in silence."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

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
