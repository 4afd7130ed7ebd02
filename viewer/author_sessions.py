"""Who may write: the author link of this start, and the browsers that came by it.

As Jupyter does. The token of the link is new at every start and is kept in
memory only, for it is printed and a printed thing is soon read by somebody
else. A browser that came by the link gets a cookie of its own; of that cookie
only the SHA-256 is kept, in a file that its owner alone can read, so that an
author goes on writing after a restart and leaving ends it for good.
"""

import contextlib
import hashlib
import json
import os
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path

TOKEN_BYTES = 32
SESSION_S = 12 * 3600
RENEWED_AFTER_S = 3600
OPENING_S = 120
FILE_NAME = "author-sessions.json"


class AuthorSessions:
    """The browsers that may write.

    Parameters
    ----------
    data_folder : Path
        Holds the file of sessions; made if it is not there.
    clock : callable
        Returns seconds since 1970.
    """

    def __init__(self, data_folder: Path, clock: Callable[[], float] = time.time) -> None:
        data_folder.mkdir(parents=True, exist_ok=True)
        self._path = data_folder / FILE_NAME
        self._clock = clock
        self._lock = threading.Lock()
        self._token = _digest(token := secrets.token_urlsafe(TOKEN_BYTES))
        self.link_token = token
        self._openings: dict[str, float] = {}
        self._ends_s = _read(self._path)

    def opening_token(self) -> str:
        """Return a token that signs one browser in, once and soon; it may stand in a list of processes."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        with self._lock:
            self._openings[_digest(token)] = self._clock() + OPENING_S
        return token

    def sign_in(self, token: str) -> str | None:
        """Return the secret of a new session for the token of the link; None for any other text."""
        if not self._is_good(token):
            return None
        return self._begin()

    def is_author(self, secret: str) -> bool:
        """Say whether a session of that secret is open."""
        with self._lock:
            return self._ends_s.get(_digest(secret), 0.0) > self._clock()

    def renew(self, secret: str) -> bool:
        """Put off the end of an open session that is no longer young; say whether that was done."""
        digest = _digest(secret)
        with self._lock:
            left_s = self._ends_s.get(digest, 0.0) - self._clock()
            if not 0 < left_s < SESSION_S - RENEWED_AFTER_S:
                return False
            self._ends_s[digest] = self._clock() + SESSION_S
            self._write()
        return True

    def end(self, secret: str) -> None:
        """Close a session for good; closing it twice does nothing."""
        with self._lock:
            if self._ends_s.pop(_digest(secret), None) is not None:
                self._write()

    def _is_good(self, token: str) -> bool:
        digest = _digest(token)
        with self._lock:
            soon_enough = self._openings.pop(digest, 0.0) > self._clock()
        return secrets.compare_digest(digest, self._token) or soon_enough

    def _begin(self) -> str:
        secret = secrets.token_urlsafe(TOKEN_BYTES)
        with self._lock:
            now_s = self._clock()
            self._ends_s = {digest: end_s for digest, end_s in self._ends_s.items() if end_s > now_s}
            self._ends_s[_digest(secret)] = now_s + SESSION_S
            self._write()
        return secret

    def _write(self) -> None:
        """Replace the file at once, so that a kill leaves the old one or the new one."""
        beside = self._path.with_suffix(".new")
        beside.unlink(missing_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(self._ends_s, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, self._path)


def _digest(secret: str) -> str:
    # Looked up by its digest, so that how long a look-up takes says nothing of the secret.
    return hashlib.sha256(secret.encode("utf-8", errors="replace")).hexdigest()


def _read(path: Path) -> dict[str, float]:
    """Return the kept sessions; a file that cannot be read opens none, and the link makes new ones."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {digest: float(end_s) for digest, end_s in kept.items() if isinstance(end_s, int | float)}
    return {}
