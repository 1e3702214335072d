"""A programme that is run: who is enrolled in it, and the plans that were drafted."""

from __future__ import annotations

import datetime
from typing import Literal

import attrs

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


@attrs.frozen(kw_only=True)
class Enrolment:
    """A participant in a programme; its `id` is the person's."""

    version: int = 0
    programme: str
    participant: Participant
    state: Literal["enrolled", "left"] = "enrolled"

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
