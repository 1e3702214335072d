"""Single values: what any model may hold, and how a refused one is shown."""

from __future__ import annotations

import datetime
import re
import zoneinfo
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

import attrs

from mentorkit.errors import Fault, Invalid

_UNKEPT = re.compile(r"[\x00\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

LONGEST_ID = 200
"""Signs: of several such ids, each sign of four bytes, an entry of PostgreSQL's indexes is made."""
LONGEST_NAME = 50
"""Signs of what a programme names: they head columns, and stand in indexes beside several ids."""
LEAST, MOST = -(2**63), 2**63 - 1
"""Whole numbers that fit 64 bits, as databases and columns hold them."""


def sorted_unique(words: Iterable[str]) -> tuple[str, ...]:
    """`words` each once, in order; an attrs converter for fields that are sets."""
    if isinstance(words, str):
        raise TypeError(f"a list of words is needed, not the single word {words!r}")
    return tuple(sorted(set(words)))


def in_order(words: Iterable[str]) -> tuple[str, ...]:
    """`words` as they come; an attrs converter for fields that are lists."""
    if isinstance(words, str):
        raise TypeError(f"a list of words is needed, not the single word {words!r}")
    return tuple(words)


def not_blank(_: object, field: attrs.Attribute[str], value: str) -> None:
    """Refuse text that is empty, padded or holds control characters; an attrs validator."""
    if not isinstance(value, str) or not value or value != value.strip() or _CONTROL.search(value):
        raise Invalid(
            field.name,
            f"must be text without surrounding space or control characters, not {shown(value)}",
        )


def long_id(id: str) -> Fault | None:
    """What is wrong with an id that is too long for a database's index."""
    if len(id) <= LONGEST_ID:
        return None
    return Fault("", f"{shown(id)} must be an id of at most {LONGEST_ID} signs, not of {len(id)}")


def long_name(name: str, most: int = LONGEST_NAME) -> Fault | None:
    """What is wrong with a name that is too long to be read in a table."""
    if len(name) <= most:
        return None
    return Fault("", f"{shown(name)} must be a name of at most {most} signs, not of {len(name)}")


def not_empty(_: object, field: attrs.Attribute[str], value: str) -> None:
    """Refuse text of any length that says nothing; an attrs validator."""
    if not isinstance(value, str) or not value.strip():
        raise Invalid(field.name, "is missing; say it in words")


def whole(least: int, most: int) -> Any:
    """An attrs validator for whole numbers from `least` to `most`."""

    def check(_: object, field: attrs.Attribute[int], value: int) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise Invalid(
                field.name, f"must be a whole number from {least} to {most}, not {shown(value)}"
            )

    return check


def plain(value: object) -> bool:
    """Whether any file or database can keep `value`: text, true or false, or a number."""
    match value:
        case str():
            return not _UNKEPT.search(value)
        case int():
            return LEAST <= value <= MOST
        case float():
            return isfinite(value)
    return False


def shown(value: object) -> str:
    """A refused value in words, shortened."""
    match value:
        case None:
            return "nothing (null)"
        case bool():
            return str(value).lower()
        case Mapping():
            return "a table"
        case list() | tuple():
            return "a list"
        case datetime.date() | datetime.time():
            return value.isoformat()
        case int() if not plain(value):
            return "a number beyond 64 bits"
        case str() | int() | float():
            text = repr(value)
            return text if len(text) <= 60 else text[:57] + "..."
    return f"a {type(value).__name__}"


def https(_: object, field: attrs.Attribute[Any], value: str | None) -> None:
    """Refuse a link that is not to a page by https; an attrs validator."""
    if value is not None and not re.fullmatch(r"https://[^\s/?#]+(?:[/?#]\S*)?", value):
        raise Invalid(
            field.name, f"must be a link like 'https://example.org/room', not {shown(value)}"
        )


def known_zone(_: object, field: attrs.Attribute[Any], value: str | None) -> None:
    """Refuse a zone that the time zone database does not have; an attrs validator."""
    if value is None:
        return
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise Invalid(
            field.name, f"{shown(value)} is not a known time zone; write one like 'Europe/Berlin'"
        ) from None
