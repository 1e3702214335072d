"""A person in the host, under the host's own opaque id."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

import attrs

from mentorkit.errors import Invalid, below
from mentorkit.models.frozenmap import EMPTY, FrozenMap

_UNKEPT = re.compile(r"[\x00\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ADDRESS = re.compile(r"[^@\s<>(),;:\"\\\x00-\x1f\x7f]+@[^@\s<>(),;:\"\\\x00-\x1f\x7f]+")

LEAST, MOST = -(2**63), 2**63 - 1
"""Whole numbers that fit 64 bits, as databases and columns hold them."""


def sorted_unique(words: Iterable[str]) -> tuple[str, ...]:
    """`words` each once, in order; an attrs converter for fields that are sets."""
    if isinstance(words, str):
        raise TypeError(f"a list of words is needed, not the single word {words!r}")
    return tuple(sorted(set(words)))


def not_blank(_: object, field: attrs.Attribute[str], value: str) -> None:
    """Refuse text that is empty, padded or holds control characters; an attrs validator."""
    if not isinstance(value, str) or not value or value != value.strip() or _CONTROL.search(value):
        raise Invalid(
            field.name,
            f"must be text without surrounding space or control characters, not {value!r}",
        )


def whole(least: int, most: int) -> Any:
    """An attrs validator for whole numbers from `least` to `most`."""

    def check(_: object, field: attrs.Attribute[int], value: int) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise Invalid(
                field.name, f"must be a whole number from {least} to {most}, not {value!r}"
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


@attrs.frozen
class Level:
    """A step on an ordered scale: `rank` counts from 0, the lowest; `name` is its word."""

    rank: int = attrs.field(validator=whole(0, MOST))
    name: str = attrs.field(validator=not_blank)

    def __str__(self) -> str:
        return self.name


Value = str | bool | int | float | Level | tuple[str, ...]
"""What an attribute holds: a word, a truth, a number, a step of a scale, or several words."""


def _known_zone(_: object, field: attrs.Attribute[str | None], value: str | None) -> None:
    if value is None:
        return
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise Invalid(
            field.name, f"{value!r} is not a known time zone; write one like 'Europe/Berlin'"
        ) from None


def _plain_address(_: object, field: attrs.Attribute[str | None], value: str | None) -> None:
    if value is not None and not (isinstance(value, str) and _ADDRESS.fullmatch(value)):
        raise Invalid(
            field.name, f"{value!r} is not an e-mail address; write one like 'ann@example.org'"
        )


def _attributes(items: Mapping[str, Any]) -> FrozenMap[Value]:
    return FrozenMap(
        {name: tuple(held) if isinstance(held, list) else held for name, held in items.items()}
    )


def _values(_: object, field: attrs.Attribute[FrozenMap[Value]], values: FrozenMap[Value]) -> None:
    for name, held in values.items():
        words = held if isinstance(held, tuple) else ()
        if not (isinstance(held, Level | tuple) or plain(held)) or not all(
            isinstance(word, str) and plain(word) for word in words
        ):
            raise Invalid(
                below(field.name, name),
                "must be text, a number, true or false, a list of texts or a Level, not"
                f" {held!r}; leave out what is missing",
            )


@attrs.frozen(kw_only=True)
class Person:
    """One human. `id` is the host's; `attributes` is open: department, organisation, grade…

    `timezone` is an IANA name, `languages` are words that the programme's people share
    (codes such as `en`, or names). What is unknown is left out, never a placeholder.
    """

    id: str = attrs.field(validator=not_blank)
    name: str = ""
    email: str | None = attrs.field(default=None, validator=_plain_address)
    timezone: str | None = attrs.field(default=None, validator=_known_zone)
    locale: str | None = None
    languages: tuple[str, ...] = attrs.field(default=(), converter=sorted_unique)
    attributes: FrozenMap[Value] = attrs.field(
        default=EMPTY, converter=_attributes, validator=_values
    )
