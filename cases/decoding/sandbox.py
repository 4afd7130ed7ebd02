"""The limits that a decoding process puts on itself before it opens a file from outside.

Memory: RLIMIT_AS counts address space, of which the libraries of a fresh process hold some hundred MiB that
are never touched. So the limit is ``untouched + max_memory_bytes``: the process can then not have more than
``max_memory_bytes`` in memory, and the limit does not depend on what a library maps when it is loaded.
"""

import contextlib
import os
import sys
from pathlib import Path

MAX_OPEN_FILES = 64
_FORBIDDEN_EVENTS = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "ftplib.")


def restrict_process(max_memory_bytes: int) -> None:
    """Limit memory, open files and output of this process for good; forbid network and other programs.

    On Windows nothing of this exists; there the parent's clock is the only limit.

    Parameters
    ----------
    max_memory_bytes : int
        Memory that the process may have.
    """
    sys.addaudithook(_refuse_forbidden)
    if sys.platform == "win32":
        return
    import resource

    _leave_network()
    untouched = _untouched_bytes()
    for limit, value in (
        (resource.RLIMIT_AS, untouched + max_memory_bytes),
        (resource.RLIMIT_NOFILE, MAX_OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _lower(limit, value)


def allow_cpu(seconds: float) -> None:
    """Allow so many seconds of CPU time from now on; the process is ended when they are used up."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    end = int(used.ru_utime + used.ru_stime + seconds) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = end if hard == resource.RLIM_INFINITY else min(end, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _leave_network() -> None:
    """Move into a network of our own without an interface, where Linux allows it: also libraries then reach nobody.

    Elsewhere the hook above still refuses what Python itself would open.
    """
    unshare = getattr(os, "unshare", None)  # Python 3.12 on Linux
    if unshare is None:
        return
    for flags in ("CLONE_NEWNET",), ("CLONE_NEWUSER", "CLONE_NEWNET"):  # the second without privileges
        with contextlib.suppress(OSError):
            unshare(sum(getattr(os, flag) for flag in flags))
            return


def _refuse_forbidden(event: str, _: object) -> None:
    if event.startswith(_FORBIDDEN_EVENTS):
        raise PermissionError(event)


def _lower(limit: int, value: int) -> None:
    import resource

    _, hard = resource.getrlimit(limit)
    allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(limit, (allowed, allowed))
    except (OSError, ValueError):  # macOS refuses some limits; the clock of the parent stays
        return


def _untouched_bytes() -> int:
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return 0
    pages = statm.read_text().split()
    return (int(pages[0]) - int(pages[1])) * os.sysconf("SC_PAGE_SIZE")
