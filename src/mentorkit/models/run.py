"""A programme that is run: who is enrolled in it, and the plans that were drafted."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Literal

import attrs

from mentorkit.models.message import Message
from mentorkit.models.participant import Participant
from mentorkit.models.plain import not_blank
from mentorkit.models.plan import MatchPlan
from mentorkit.models.programme import Blueprint, Programme


@attrs.frozen(kw_only=True)
class ProgrammeRun:
    """A programme under an id. The blueprint is that of the day it was created.

    So a plugin that changes later changes no programme that already runs.
    """

    id: str = attrs.field(validator=not_blank)
    version: int = 0
    programme: Programme
    blueprint: Blueprint
    state: Literal["open", "closed"] = "open"
    created: datetime.datetime


State = Literal["applied", "waiting", "enrolled", "declined", "left"]
"""Where somebody stands who came to take part in a programme."""
Entry = Literal["applied", "assigned", "invited", "imported"]
"""How somebody came: of their own accord, by the office's word, by an invitation, in a file."""


@attrs.frozen(kw_only=True)
class Rating:
    """How somebody was rated on a day, on a scale of the programme's.

    `shown` says whether the person reads it; it is fixed when they are rated.
    """

    field: str
    value: int
    on: datetime.date
    shown: bool


def _in_order(ratings: Iterable[Rating]) -> tuple[Rating, ...]:
    return tuple(sorted(ratings, key=lambda rating: (rating.field, rating.on)))


@attrs.frozen(kw_only=True)
class Enrolment:
    """A participant in a programme; its `id` is the person's.

    Who applied waits for approval, and who waits is on the waiting list, for a `reason`. Only
    those enrolled are matched. `entry` is how they came, and `entered` when: whoever waits
    comes in that order. `joined` is when they took part for the first time.
    """

    version: int = 0
    programme: str
    participant: Participant
    state: State = "enrolled"
    reason: Message | None = None
    entry: Entry
    entered: datetime.datetime
    joined: datetime.datetime | None = None
    ratings: tuple[Rating, ...] = attrs.field(default=(), converter=_in_order)

    @property
    def id(self) -> str:
        """The person's id."""
        return self.participant.id


@attrs.frozen(kw_only=True)
class Draft:
    """A plan on its way from the engine to the people: drafted, then published or replaced."""

    id: str
    version: int = 0
    programme: str
    plan: MatchPlan
    state: Literal["draft", "published", "replaced"] = "draft"
    made: datetime.datetime
