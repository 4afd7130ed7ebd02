"""Our routes on a real socket, with a house that the test can reach into: its visits, and what they have under way."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from starlette.applications import Starlette

from tests.running import free_port
from viewer.house import house
from viewer.routes import routes
from viewer.visits import Visit

LIMIT_S = 60


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Serve our routes, and nothing of Streamlit, from a house of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MSUS_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        house.cache_clear()
        chosen = free_port()
        server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes()), port=chosen, log_level="error"))
        thread = threading.Thread(target=server.run)
        thread.start()
        until(lambda: server.started)
        yield chosen
        server.should_exit = True
        thread.join()
        house().followings.close()
        house().visits.close()
        house().decoder.close()
        house.cache_clear()


@pytest.fixture
def visit(port: int) -> Iterator[Visit]:
    """Begin a visit, and see that nothing of it is left."""
    begun = house().visits.begin()
    yield begun
    house().visits.end(begun)
    assert not begun.folder.exists()


def until(is_true: Callable[[], object]) -> None:
    """Wait until something is true.

    Raises
    ------
    AssertionError
        If it does not become true within a minute.
    """
    deadline = time.monotonic() + LIMIT_S
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
