"""Just enough TOML to write a manifest: tables, arrays of tables, strings, numbers, and short inline tables."""

from collections.abc import Mapping, Sequence


def to_toml(content: Mapping[str, object]) -> str:
    """Write a mapping as TOML.

    Parameters
    ----------
    content : mapping
        Strings, numbers, booleans, lists of them, mappings, and lists of mappings.

    >>> print(to_toml({"id": "a", "clips": [{"x": 1.5}]}))
    id = "a"
    <BLANKLINE>
    [[clips]]
    x = 1.5
    <BLANKLINE>
    """
    return "\n".join(_table(content, ())) + "\n"


def _table(content: Mapping[str, object], path: tuple[str, ...]) -> list[str]:
    """Lines of one table: plain keys first, then tables inside it."""
    plain = {key: value for key, value in content.items() if not _is_table(value)}
    lines = [f"{key} = {_value(value)}" for key, value in plain.items()]
    for key, value in content.items():
        if key in plain:
            continue
        name = ".".join((*path, key))
        if isinstance(value, Mapping):
            lines += ["", f"[{name}]", *_table(value, (*path, key))]
        elif isinstance(value, Sequence):
            for item in value:
                lines += ["", f"[[{name}]]", *_table(item, (*path, key))]
    return lines


def _is_table(value: object) -> bool:
    """Whether a value is written as a table of its own rather than behind a key."""
    if isinstance(value, Mapping):
        return any(isinstance(inner, str) and "\n" in inner for inner in value.values())
    big = isinstance(value, Sequence) and not isinstance(value, str) and bool(value)
    return big and all(isinstance(item, Mapping) and "name" not in item for item in value)  # type: ignore[attr-defined]


def _value(value: object) -> str:
    """One value behind a key."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _string(value)
        case float():
            return repr(round(value, 3))
        case int():
            return str(value)
        case Mapping():
            return "{ " + ", ".join(f"{key} = {_value(inner)}" for key, inner in value.items()) + " }"
        case Sequence():
            return "[" + ", ".join(_value(inner) for inner in value) + "]"
    raise TypeError(f"cannot write {type(value).__name__} as TOML")


def _string(text: str) -> str:
    """Write a string, over several lines when it has them."""
    escaped = text.replace("\\", "\\\\")
    if "\n" in text:
        return '"""\n' + escaped.strip("\n").replace('"""', '\\"\\"\\"') + '\n"""'
    return '"' + escaped.replace('"', '\\"') + '"'
