"""What the server writes down: outcomes and numbers, never a name of a person or of a file."""

import logging

_OURS = ("cases", "annotations", "viewer")
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def write_outcomes() -> None:
    """Write what our packages report to the standard error, once; Streamlit would drop all below a warning."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(_FORMAT))
    for name in _OURS:
        log = logging.getLogger(name)
        log.setLevel(logging.INFO)
        log.propagate = False
        log.handlers = [handler]
