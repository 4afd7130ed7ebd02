"""A slow line to the server: everything passes at full speed, but the bytes of clips trickle."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

CHUNK_BYTES = 16_384
TICK_S = 0.02


@contextlib.contextmanager
def slow_line(port: int, *, bytes_per_s: int) -> Iterator[str]:
    """Listen on a port of its own and pass everything on to a server on this machine.

    Parameters
    ----------
    port : int
        Where the server listens.
    bytes_per_s : int
        How fast the answers to ``GET /api/clips/…`` are passed on.

    Yields
    ------
    str
        The address to open instead of the server's.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_accept, args=(listener, port, bytes_per_s), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()


def _accept(listener: socket.socket, port: int, bytes_per_s: int) -> None:
    while True:
        try:
            browser, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_connect, args=(browser, port, bytes_per_s), daemon=True).start()


def _connect(browser: socket.socket, port: int, bytes_per_s: int) -> None:
    slow = threading.Event()
    with browser, socket.create_connection(("127.0.0.1", port)) as server:
        requests = threading.Thread(target=_requests, args=(browser, server, slow), daemon=True)
        requests.start()
        _answers(server, browser, slow, bytes_per_s)
        requests.join()


def _requests(browser: socket.socket, server: socket.socket, slow: threading.Event) -> None:
    with contextlib.suppress(OSError):
        while sent := browser.recv(CHUNK_BYTES):
            (slow.set if sent.startswith(b"GET /api/clips/") else slow.clear)()
            server.sendall(sent)
    with contextlib.suppress(OSError):
        server.shutdown(socket.SHUT_WR)


def _answers(server: socket.socket, browser: socket.socket, slow: threading.Event, bytes_per_s: int) -> None:
    with contextlib.suppress(OSError):
        while received := server.recv(int(bytes_per_s * TICK_S) if slow.is_set() else CHUNK_BYTES):
            browser.sendall(received)
            if slow.is_set():
                time.sleep(TICK_S)
    with contextlib.suppress(OSError):
        browser.shutdown(socket.SHUT_WR)
