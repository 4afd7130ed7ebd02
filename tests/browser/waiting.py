"""Wait for what a page comes to show, instead of looking once at whatever it shows just now."""

import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")

LIMIT_S = 15.0
PAUSE_S = 0.03


def comes_to(read: Callable[[], Value], expected: Callable[[Value], bool] | Value) -> Value:
    """Read again and again until the value is what is expected, or until the time is up.

    Parameters
    ----------
    read : callable
        Looks at the page.
    expected : callable or value
        What the value must be equal to, or a function that is true of it.

    Returns
    -------
    value
        The last that was read; the caller asserts on it, so that a failure shows it.
    """
    holds = expected if callable(expected) else lambda value: value == expected
    deadline = time.monotonic() + LIMIT_S
    while True:
        value = read()
        if holds(value) or time.monotonic() > deadline:
            return value
        time.sleep(PAUSE_S)
