"""Small answers leave at once.

Streamlit binds its socket without naming TCP, so asyncio does not switch off
Nagle's algorithm on the connections it accepts; a header and a body written
apart then wait some 40 ms for an acknowledgement. Accepted connections inherit
the option from the listening socket, so it is set there.
"""

import contextlib
import os
import socket
import stat
from collections.abc import Iterator

_DESCRIPTORS = "/dev/fd"


def send_small_answers_at_once() -> int:
    """Switch Nagle's algorithm off for every TCP socket that this process is bound to.

    Returns
    -------
    int
        How many sockets were set; 0 on a platform that does not list descriptors.
    """
    count = 0
    for bound in _bound_sockets():
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        count += 1
    return count


def _bound_sockets() -> Iterator[socket.socket]:
    """Yield a duplicate of each bound TCP socket; the option of a duplicate is that of the original."""
    if not os.path.isdir(_DESCRIPTORS):
        return
    for name in os.listdir(_DESCRIPTORS):
        with contextlib.suppress(OSError):
            if not stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                continue
            with socket.socket(fileno=os.dup(int(name))) as duplicate:
                if _is_bound_tcp(duplicate):
                    yield duplicate


def _is_bound_tcp(candidate: socket.socket) -> bool:
    internet = candidate.family in (socket.AF_INET, socket.AF_INET6)
    return internet and candidate.type == socket.SOCK_STREAM and candidate.getsockname()[1] > 0
