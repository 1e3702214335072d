"""A person in the host, under the host's own opaque id."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterable
from math import isfinite

import attrs

from mentorkit.models.frozenmap import EMPTY, FrozenMap, frozen_map

_ADDRESS = re.compile(r"[^@\s<>(),;:\"\\\x00-\x1f\x7f]+@[^@\s<>(),;:\"\\\x00-\x1f\x7f]+")


@attrs.frozen
class Level:
    """A step on an ordered scale: `rank` counts from 0, the lowest; `name` is its word."""

    rank: int
    name: str

    def __str__(self) -> str:
        return self.name


Value = str | bool | int | float | Level | tuple[str, ...]
"""What an attribute holds: a word, a truth, a number, a step of a scale, or several words."""


def sorted_unique(words: Iterable[str]) -> tuple[str, ...]:
    """`words` each once, in order; an attrs converter for fields that are sets."""
    if isinstance(words, str):
        raise TypeError(f"a list of words is needed, not the single word {words!r}")
    return tuple(sorted(set(words)))


def not_blank(_: object, field: attrs.Attribute[str], value: str) -> None:
    """Refuse text that is empty, padded or holds control characters; an attrs validator."""
    if not value or value != value.strip() or any(ord(sign) < 32 for sign in value):
        raise ValueError(f"{field.name} must be text without surrounding space, not {value!r}")


def _known_zone(_: object, field: attrs.Attribute[str | None], value: str | None) -> None:
    if value is None:
        return
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"{value!r} is not a known time zone; write one like 'Europe/Berlin'"
        ) from None


def _plain_address(_: object, field: attrs.Attribute[str | None], value: str | None) -> None:
    if value is not None and not _ADDRESS.fullmatch(value):
        raise ValueError(f"{value!r} is not an e-mail address; write one like 'ann@example.org'")


def _finite(_: object, field: attrs.Attribute[FrozenMap[Value]], value: FrozenMap[Value]) -> None:
    for name, held in value.items():
        if isinstance(held, float) and not isfinite(held):
            raise ValueError(f"{name} must be a number, not {held!r}; leave out what is missing")


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
        default=EMPTY, converter=frozen_map, validator=_finite
    )
