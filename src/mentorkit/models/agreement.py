"""How members come to agree: what a format proposes, and what each of them expects."""

from __future__ import annotations

import datetime
from typing import Any, Literal, get_args

import attrs

from mentorkit.errors import Invalid, below
from mentorkit.models.frozenmap import EMPTY, FrozenMap, frozen_map
from mentorkit.models.plain import not_blank, shown

Confidentiality = Literal["author", "members", "coordinator"]
"""Who reads notes, at most: their author, all members, or the coordinator as well."""


def confidential(_: object, field: attrs.Attribute[Any], value: str | None) -> None:
    """Refuse what says of nobody whether they read notes; an attrs validator."""
    if value not in get_args(Confidentiality):
        known = ", ".join(get_args(Confidentiality))
        raise Invalid(field.name, f"must be one of {known}, not {shown(value)}")


def point_texts(_: object, field: attrs.Attribute[FrozenMap[str]], held: FrozenMap[str]) -> None:
    """Refuse points without a name or words; an attrs validator."""
    for name, words in held.items():
        if not name.strip():
            raise Invalid(field.name, f"must have names as keys, not {shown(name)}")
        if not isinstance(words, str) or not words.strip():
            raise Invalid(below(field.name, name), f"must be text, not {shown(words)}")


@attrs.frozen(kw_only=True)
class AgreementTemplate:
    """What a format proposes to agree on; None is left to the practices and the topology.

    `channels` is how members reach each other, `boundaries` what is no part of it,
    `confidentiality` who reads notes that are shared. `points` are the questions on which
    each member states alone what they expect, by name.
    """

    channels: str | None = attrs.field(default=None, validator=attrs.validators.optional(not_blank))
    boundaries: str | None = attrs.field(
        default=None, validator=attrs.validators.optional(not_blank)
    )
    confidentiality: Confidentiality | None = attrs.field(
        default=None, validator=attrs.validators.optional(confidential)
    )
    points: FrozenMap[str] = attrs.field(default=EMPTY, converter=frozen_map, validator=point_texts)


@attrs.frozen(kw_only=True)
class Expectation:
    """What one member expects, by the names of the points, stated alone."""

    id: str
    version: int = 0
    programme: str
    relationship: str
    person: str
    words: FrozenMap[str] = attrs.field(converter=frozen_map, validator=point_texts)
    stated: datetime.datetime


@attrs.frozen(kw_only=True)
class AgreementPoint:
    """What members said to the `question` of a point, by their ids, side by side.

    Until all have stated what they expect, it holds the reader's own words alone. They are
    `alike` once all said the same, upper and lower case and outer space aside. What `settles`
    the point are the agreement's words for it, or else what all said; while nothing does, it is
    open, if anybody has stated anything.
    """

    name: str
    question: str
    said: FrozenMap[str] = attrs.field(default=EMPTY, converter=frozen_map)
    alike: bool = False
    settles: str | None = None
