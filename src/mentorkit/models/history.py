"""What rules, surveys and reports are shown: all that happened, without its secrets."""

from __future__ import annotations

import datetime
from typing import Literal

import attrs

from mentorkit.models.frozenmap import EMPTY, FrozenMap, frozen_map
from mentorkit.models.goal import Goal
from mentorkit.models.insight import Insight
from mentorkit.models.message import Message
from mentorkit.models.outcome import Change, Figure
from mentorkit.models.participant import Participant
from mentorkit.models.relationship import Relationship
from mentorkit.models.rule import Award, Signal
from mentorkit.models.run import ProgrammeRun
from mentorkit.models.session import Session
from mentorkit.models.survey import Concern, Request, Tally

What = Literal["wrote", "progressed", "worked", "asked", "answered", "shared"]
"""Shared a note; worked on a goal; did an action; asked, answered or shared something."""


@attrs.frozen(kw_only=True)
class Deed:
    """What one member did between meetings, and when: shared a note, worked on a goal.

    As the journal has it, and so without its words.
    """

    person: str
    what: What
    at: datetime.datetime


@attrs.frozen(kw_only=True)
class History:
    """One relationship's past, as its coordinator may read it: states, dates and counts.

    Notes, what a session brought forth and what was answered are not in it, but for answers
    whose audience is the coordinator. Sessions are in the order of their start, deeds and
    concerns in that of time, goals in that of their ids, and so are the rest.
    """

    relationship: Relationship
    sessions: tuple[Session, ...] = ()
    goals: tuple[Goal, ...] = ()
    requests: tuple[Request, ...] = ()
    signals: tuple[Signal, ...] = ()
    awards: tuple[Award, ...] = ()
    deeds: tuple[Deed, ...] = ()
    concerns: tuple[Concern, ...] = ()
    insights: tuple[Insight, ...] = ()

    @property
    def held(self) -> tuple[Session, ...]:
        """The sessions that took place, but for chats before an answer."""
        return tuple(one for one in self.sessions if one.state == "held" and not one.chat)

    @property
    def chats(self) -> tuple[Session, ...]:
        """The chats before an answer that took place."""
        return tuple(one for one in self.sessions if one.state == "held" and one.chat)

    @property
    def pauses(self) -> tuple[tuple[datetime.datetime, datetime.datetime], ...]:
        """The times in which nothing is expected, in order: from an instant up to another.

        One that lasts still goes on until the day that was said begins.
        """
        held = self.relationship
        return tuple((one.begun, one.ended or held.begins(one.until)) for one in held.pauses)

    def since(self, stage: str) -> datetime.datetime | None:
        """When the relationship entered a stage; None if it has not."""
        return self.relationship.since.get(stage)


@attrs.frozen(kw_only=True)
class Chronicle:
    """A whole programme's past, for the sections of its report.

    `people` are those who took part, in the order of their ids, without their names,
    addresses and private wishes; `entries` says by id how each came. `tallies` are counts that
    anyone may read. `fits` are those that relationships were matched with, by id, in thousandths
    of a point. `figures` are those that were given of the people, `strange` is of how many
    others some were. `stories` is how many are published.
    """

    run: ProgrammeRun
    people: tuple[Participant, ...]
    histories: tuple[History, ...]
    tallies: tuple[Tally, ...] = ()
    entries: FrozenMap[str] = attrs.field(default=EMPTY, converter=frozen_map)
    fits: FrozenMap[int] = attrs.field(default=EMPTY, converter=frozen_map)
    changes: tuple[Change, ...] = ()
    figures: tuple[Figure, ...] = ()
    strange: int = 0
    stories: int = 0


@attrs.frozen(kw_only=True)
class Part:
    """A part of a report: sentences, and a table if it has columns."""

    title: Message
    sentences: tuple[Message, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str | int, ...], ...] = ()


@attrs.frozen(kw_only=True)
class ProgrammeReport:
    """What came of a programme, part by part, under the name of each use of a section."""

    programme: str
    name: str
    made: datetime.datetime
    parts: tuple[Part, ...]


@attrs.frozen(kw_only=True)
class Status:
    """How a programme stands: counts by role, stage and state.

    `participants` and `roles` count those enrolled, `enrolments` everybody by state, `entries`
    those enrolled by how they came, and `waiting` those on the waiting list by reason.
    Of meetings, `sessions` counts those that are no chats before an answer, and `chats` these.
    `failing` are the relationships that the last look could not deal with, and why.
    """

    programme: str
    name: str
    state: str
    participants: int
    roles: FrozenMap[int] = attrs.field(converter=frozen_map)
    drafts: FrozenMap[int] = attrs.field(converter=frozen_map)
    relationships: FrozenMap[int] = attrs.field(converter=frozen_map)
    sessions: FrozenMap[int] = attrs.field(converter=frozen_map)
    requests: FrozenMap[int] = attrs.field(converter=frozen_map)
    signals: FrozenMap[int] = attrs.field(converter=frozen_map)
    failing: FrozenMap[str] = attrs.field(default=EMPTY, converter=frozen_map)
    enrolments: FrozenMap[int] = attrs.field(default=EMPTY, converter=frozen_map)
    entries: FrozenMap[int] = attrs.field(default=EMPTY, converter=frozen_map)
    waiting: FrozenMap[int] = attrs.field(default=EMPTY, converter=frozen_map)
    chats: FrozenMap[int] = attrs.field(default=EMPTY, converter=frozen_map)
