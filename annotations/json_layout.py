"""JSON that reads well in a diff: what fits stands on one line, what does not is opened part by part."""

import json

from pydantic import JsonValue

LINE_LENGTH = 110


def diff_friendly(value: JsonValue) -> str:
    """Write a value so that a change of one mark changes the lines of that mark only.

    Parameters
    ----------
    value : JSON value
        Anything that JSON can hold; numbers are finite.

    Returns
    -------
    str
        JSON with a line break at its end.

    Examples
    --------
    >>> print(diff_friendly({"id": "a", "points_px": [[1.0, 2.0]]}), end="")
    {"id": "a", "points_px": [[1.0, 2.0]]}
    """
    return "\n".join(_lines(value, indent="", prefix="", room=LINE_LENGTH)) + "\n"


def _lines(value: JsonValue, *, indent: str, prefix: str, room: int) -> list[str]:
    flat = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if len(indent) + len(prefix) + len(flat) <= room or not isinstance(value, dict | list) or not value:
        return [f"{indent}{prefix}{flat}"]
    if isinstance(value, dict):
        parts = [(f"{json.dumps(name, ensure_ascii=False)}: ", part) for name, part in value.items()]
        opening, closing = "{", "}"
    else:
        parts = [("", part) for part in value]
        opening, closing = "[", "]"
    lines = [f"{indent}{prefix}{opening}"]
    for number, (name, part) in enumerate(parts, start=1):
        inner = _lines(part, indent=indent + " ", prefix=name, room=room - 1)
        if number < len(parts):
            inner[-1] += ","
        lines += inner
    return [*lines, indent + closing]
