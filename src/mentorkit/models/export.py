"""All that is held of one person, to be handed to them."""

from __future__ import annotations

import datetime

import attrs

from mentorkit.models.action import Action
from mentorkit.models.agreement import Expectation
from mentorkit.models.conduct import ConductReport
from mentorkit.models.exchange import Query, Resource
from mentorkit.models.gathering import Seat
from mentorkit.models.goal import Goal
from mentorkit.models.insight import Insight
from mentorkit.models.office_hours import OfficeHours
from mentorkit.models.person import Person
from mentorkit.models.relationship import Note, Relationship
from mentorkit.models.rule import Award, Signal
from mentorkit.models.run import Enrolment
from mentorkit.models.session import Session
from mentorkit.models.story import Story
from mentorkit.models.survey import Request


@attrs.frozen(kw_only=True)
class Export:
    """What is a person's: what they stated, wrote, answered, were given and took part in.

    Of others it holds the ids of those with whom they were together, and nothing that these
    wrote, answered or stated. `thanks` are what they gave, `awards` what they were given,
    `conduct` what they reported, `kept_apart` the ids of those with whom they asked never to be
    matched again; in `queries` and `stories` are no words but their own. Each is in the order of
    its programme, relationship and id.
    """

    person: Person
    made: datetime.datetime
    enrolments: tuple[Enrolment, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    kept_apart: tuple[str, ...] = ()
    office_hours: tuple[OfficeHours, ...] = ()
    seats: tuple[Seat, ...] = ()
    sessions: tuple[Session, ...] = ()
    goals: tuple[Goal, ...] = ()
    notes: tuple[Note, ...] = ()
    expectations: tuple[Expectation, ...] = ()
    requests: tuple[Request, ...] = ()
    signals: tuple[Signal, ...] = ()
    awards: tuple[Award, ...] = ()
    thanks: tuple[Award, ...] = ()
    conduct: tuple[ConductReport, ...] = ()
    actions: tuple[Action, ...] = ()
    queries: tuple[Query, ...] = ()
    resources: tuple[Resource, ...] = ()
    insights: tuple[Insight, ...] = ()
    stories: tuple[Story, ...] = ()
