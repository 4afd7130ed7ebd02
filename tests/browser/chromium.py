"""Which Chromium the tests and measurements drive; ``python -m tests.browser.chromium`` says whether it starts."""

import os
import shutil
import sys

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def executable() -> str | None:
    """Return the Chromium of this machine, or ``None`` to use Playwright's own."""
    named = os.environ.get("MSUS_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def launch(playwright: Playwright) -> Browser:
    """Start Chromium without a window.

    Raises
    ------
    playwright.sync_api.Error
        If there is none, or it does not start.
    """
    return playwright.chromium.launch(executable_path=executable(), args=FLAGS)


def main() -> int:
    """Start and stop Chromium once; exit status 0 if that worked."""
    try:
        with sync_playwright() as playwright:
            launch(playwright).close()
    except Error:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
