"""What the tests of keeping share: an author's browser, and an author who asks the server itself."""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.keeping.author import CASE, OpenTab, bar, stroke
from tests.browser.player import Player
from tests.running import RunningApp


@pytest.fixture
def item(server: httpx.Client) -> Iterator[str]:
    """Return a name that no other test uses; what was changed in two places is settled at the end."""
    name = f"mark-{uuid4().hex[:8]}"
    yield name
    for layer in server.get(f"/api/cases/{CASE}/layers").json()["layers"]:
        heads = layer["heads"].get(name, [])
        if len(heads) > 1:
            server.post(f"/api/cases/{CASE}/gestures", json=stroke(name, "settled", *heads))


@pytest.fixture
def context(browser: Browser, app: RunningApp) -> Iterator[BrowserContext]:
    """Return a browser that came by the author link."""
    opened = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    opened.request.get(app.author_link)
    yield opened
    opened.close()


@pytest.fixture
def open_tab(context: BrowserContext, app: RunningApp) -> OpenTab:
    def open_() -> Page:
        page = context.new_page()
        page.goto(f"{app.url}/compare?case={CASE}")
        Player(page).wait_first_picture()
        expect(bar(page)).to_be_visible()
        return page

    return open_


@pytest.fixture
def server(app: RunningApp) -> Iterator[httpx.Client]:
    """Return an author who asks the server itself."""
    with httpx.Client(base_url=app.url, timeout=60, headers={"Origin": app.url}) as client:
        client.get(app.author_link)
        yield client
