"""A programme as its coordinator would write it to `programme.toml`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from mentorkit import codec
from mentorkit.models import Programme


def programme_file(programme: Programme) -> str:
    """TOML that reads back as an equal programme; what is not set is left out."""
    data = codec.unstructure(programme)
    data["policies"] = {name: held for name, held in data["policies"].items() if held is not None}
    stated = {name: held for name, held in data.items() if held not in (None, {}, [])}
    return "\n".join(_lines(stated, ())).strip() + "\n"


def _lines(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    """A table's own values first: what follows a deeper header would belong to that."""
    values = {key: held for key, held in table.items() if not isinstance(held, Mapping)}
    tables = {key: held for key, held in table.items() if isinstance(held, Mapping)}
    if path and (values or not tables):
        yield f"\n[{'.'.join(map(_key, path))}]"
    for key, held in values.items():
        yield f"{_key(key)} = {_value(held)}"
    for key, held in tables.items():
        yield from _lines(held, (*path, key))


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _text(name)


def _value(held: Any) -> str:
    match held:
        case str():
            return _text(held)
        case bool():
            return "true" if held else "false"
        case Mapping():
            inside = (f"{_key(key)} = {_value(item)}" for key, item in held.items())
            return "{" + ", ".join(inside) + "}"
        case list():
            return "[" + ", ".join(map(_value, held)) + "]"
    return repr(held)


def _text(words: str) -> str:
    """A TOML string in which nothing is invisible."""
    quoted = json.dumps(words, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else _escaped(sign) for sign in quoted)


def _escaped(sign: str) -> str:
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"
