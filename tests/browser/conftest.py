"""One Chromium for all browser tests, a fresh context for each."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.browser.chromium import launch
from tests.browser.effort_cases import write_effort_case
from tests.running import RunningApp, running_app

READER = Path(__file__).parent / "number_reader.js"
OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run a browser test that failed once more: the machine may have stalled; the summary names it (R)."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            started = launch(playwright)
        except Error as error:
            pytest.skip(f"no Chromium starts on this machine: {error.message.splitlines()[0]}")
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser, app: RunningApp) -> Iterator[OpenPage]:
    """Return a function that opens a path of the application in a context of its own."""
    contexts = []

    def open_(
        path: str, *, width: int = 1280, height: int = 900, base: str | None = None, **options: Any
    ) -> Page:
        options.setdefault("reduced_motion", "reduce")  # so that nothing moves before a test asks for it
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        context.add_init_script(path=READER)
        page = context.new_page()
        page.goto((base or app.url) + path)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def efforts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """Start an application with the case of two efforts."""
    root = tmp_path_factory.mktemp("efforts")
    write_effort_case(root)
    with running_app(tmp_path_factory.mktemp("efforts-app"), cases_folder=root) as running:
        yield running
