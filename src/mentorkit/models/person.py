"""A person in the host, under the host's own opaque id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import attrs

from mentorkit.errors import Invalid, below
from mentorkit.models.frozenmap import EMPTY, FrozenMap
from mentorkit.models.plain import MOST, known_zone, not_blank, plain, shown, sorted_unique, whole

_ADDRESS = re.compile(r"[^@\s<>(),;:\"\\\x00-\x1f\x7f]+@[^@\s<>(),;:\"\\\x00-\x1f\x7f]+")

ERASED = "erased:"
"""What an id begins with that stands for somebody who was erased. No host's id does."""


def erased(person: str) -> bool:
    """Whether an id stands for somebody who was erased."""
    return person.startswith(ERASED)


@attrs.frozen
class Level:
    """A step on an ordered scale: `rank` counts from 0, the lowest; `name` is its word."""

    rank: int = attrs.field(validator=whole(0, MOST))
    name: str = attrs.field(validator=not_blank)

    def __str__(self) -> str:
        return self.name


Value = str | bool | int | float | Level | tuple[str, ...]
"""What an attribute holds: a word, a truth, a number, a step of a scale, or several words."""


def plain_address(_: object, field: attrs.Attribute[str | None], value: str | None) -> None:
    """Refuse what is no e-mail address; an attrs validator."""
    if value is not None and not (isinstance(value, str) and _ADDRESS.fullmatch(value)):
        raise Invalid(
            field.name, f"{shown(value)} is not an e-mail address; write one like 'ann@example.org'"
        )


def attributes_of(items: Mapping[str, Any]) -> FrozenMap[Value]:
    """`items` as attributes, with lists as tuples; an attrs converter."""
    return FrozenMap(
        {name: tuple(held) if isinstance(held, list) else held for name, held in items.items()}
    )


def check_attributes(
    _: object, field: attrs.Attribute[FrozenMap[Value]], values: FrozenMap[Value]
) -> None:
    """Refuse what no attribute may hold; an attrs validator."""
    for name, held in values.items():
        words = held if isinstance(held, tuple) else ()
        if not (isinstance(held, Level | tuple) or plain(held)) or not all(
            isinstance(word, str) and plain(word) for word in words
        ):
            raise Invalid(
                below(field.name, name),
                "must be text, a number, true or false, a list of texts or a Level, not"
                f" {shown(held)}; leave out what is missing",
            )


@attrs.frozen(kw_only=True)
class Person:
    """One human. `id` is the host's; `attributes` is open: department, organisation, grade…

    `timezone` is an IANA name, `languages` are words that the programme's people share
    (codes such as `en`, or names). `capacity` is how many partners this person takes at most
    in all programmes together; None leaves it to what each of them states. What is unknown is
    left out, never a placeholder.
    """

    id: str = attrs.field(validator=not_blank)
    name: str = ""
    email: str | None = attrs.field(default=None, validator=plain_address)
    timezone: str | None = attrs.field(default=None, validator=known_zone)
    locale: str | None = None
    languages: tuple[str, ...] = attrs.field(default=(), converter=sorted_unique)
    attributes: FrozenMap[Value] = attrs.field(
        default=EMPTY, converter=attributes_of, validator=check_attributes
    )
    capacity: int | None = attrs.field(
        default=None, validator=attrs.validators.optional(whole(0, 1_000_000))
    )
