"""Plain data as TOML text, with inline tables, so that comments can stand between lines."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Mapping

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def key(name: str) -> str:
    """A key, in quotation marks where it needs them."""
    return name if _BARE.fullmatch(name) else literal(name)


def literal(value: object) -> str:
    """A value on one line; TOML leaves out what is None.

    >>> literal({"column": "free", "split": ";", "days": [1, 2.5, True]})
    '{ column = "free", split = ";", days = [1, 2.5, true] }'
    """
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case int() | float():
            return repr(value)
        case datetime.date():
            return value.isoformat()
        case Mapping():
            there = {name: item for name, item in value.items() if item is not None}
            held = ", ".join(f"{key(name)} = {literal(item)}" for name, item in there.items())
            return f"{{ {held} }}" if held else "{}"
        case list() | tuple():
            return f"[{', '.join(literal(item) for item in value)}]"
    raise TypeError(f"TOML has no way to write {value!r}")


def _text(words: str) -> str:
    """A TOML string in which nothing is invisible; JSON's escapes are TOML's too."""
    quoted = json.dumps(words, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else _escaped(sign) for sign in quoted)


def _escaped(sign: str) -> str:
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"


def comment(words: str) -> list[str]:
    """Each line of the words as a comment."""
    return [f"# {line}".rstrip() for line in words.splitlines()]


def table(name: str, lines: Mapping[str, object], words: str = "") -> Iterable[str]:
    """A table's head and its lines, below an empty line and a comment."""
    yield ""
    yield from comment(words)
    yield f"[{name}]"
    yield from assignments(lines)


def assignments(lines: Mapping[str, object]) -> Iterable[str]:
    """One `name = value` on each line."""
    for name, value in lines.items():
        yield f"{key(name)} = {literal(value)}"
