"""Frozen dataclasses to JSON and back, by their own type hints."""

import types
from dataclasses import fields, is_dataclass
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Value = TypeVar("Value")


def to_json(value: Any) -> Any:
    """Turn a frozen value into lists, objects, numbers and strings; a number that is none becomes null."""
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: to_json(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, tuple | list):
        return [to_json(part) for part in value]
    if isinstance(value, dict):
        return {str(key): to_json(part) for key, part in value.items()}
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None
    return value


def from_json(kind: type[Value], content: Any) -> Value:
    """Build a frozen value from what `to_json` made of it.

    Parameters
    ----------
    kind : type
        A dataclass of numbers, strings, tuples, options of None, and other such dataclasses.
    content : object
        The parsed JSON.

    Returns
    -------
    object of type ``kind``
        The value.

    Raises
    ------
    ValueError, KeyError, TypeError
        If the content does not fit.
    """
    return _built(kind, content)  # type: ignore[no-any-return]


def _built(kind: Any, content: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return kind(**{part.name: _built(hints[part.name], content[part.name]) for part in fields(kind)})
    if origin in (Union, types.UnionType):
        if content is None:
            return None
        return _built(next(one for one in inner if one is not type(None)), content)
    if origin is tuple:
        return _tuple(inner, content)
    if origin is Literal:
        if content not in inner:
            raise ValueError(f"{content!r} is not one of {inner}")
        return content
    if kind is float:
        return float(content)
    if not isinstance(content, kind):
        raise TypeError(f"{content!r} is no {kind}")
    return content


def _tuple(inner: tuple[Any, ...], content: Any) -> tuple[Any, ...]:
    if len(inner) == 2 and inner[1] is Ellipsis:
        return tuple(_built(inner[0], part) for part in content)
    return tuple(_built(kind, part) for kind, part in zip(inner, content, strict=True))
