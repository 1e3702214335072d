"""A house for the tests of an app that embeds mentoring: made in a line, and in its own time.

A fixture in a host's `conftest.py`::

    @pytest.fixture
    def mentoring():
        with house() as held:
            yield held
"""

from __future__ import annotations

import datetime
import itertools
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, get_args

import attrs

import mentorkit
from mentorkit.errors import Invalid
from mentorkit.house import House
from mentorkit.interfaces import Reader, Subscriber
from mentorkit.kit import Kit
from mentorkit.models import (
    Choice,
    Event,
    Participant,
    Person,
    Programme,
    ProgrammeRun,
    Relationship,
)
from mentorkit.registry import Registry, installed
from mentorkit.services.work import Authorize
from mentorkit.testing.databases import sqlite_database

__all__ = ["START", "Clock", "Recorder", "TrialHouse", "counted", "house", "populated"]

START = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
"""When a trial house's clock begins: a Monday morning."""

Stage = Literal["enrolled", "drafted", "published", "active"]
"""How far `populated` takes its programme."""


@attrs.define
class Clock:
    """A clock that stands still until a test sets it: an aware time in `now`."""

    now: datetime.datetime = START

    def __call__(self) -> datetime.datetime:
        return self.now

    def forward(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> None:
        """Let time pass; a day has 24 hours."""
        self.now += datetime.timedelta(days=days, hours=hours, minutes=minutes)


@attrs.define
class Recorder:
    """A subscriber that keeps what it is given: each event under its delivery's key."""

    wants: frozenset[str] = frozenset({"*"})
    received: dict[str, Event] = attrs.field(factory=dict)

    def deliver(self, event: Event, key: str, read: Reader) -> None:
        """Keep the event; the same key a second time changes nothing."""
        self.received.setdefault(key, event)

    @property
    def events(self) -> tuple[Event, ...]:
        """The events in the order in which they came."""
        return tuple(self.received.values())

    def kinds(self) -> tuple[str, ...]:
        """The kinds of the events in the order in which they came."""
        return tuple(event.kind for event in self.events)


@attrs.frozen(kw_only=True)
class TrialHouse(House):
    """A house whose clock stands still, whose ids count up, and whose events are recorded."""

    clock: Clock = attrs.field(factory=Clock)
    recorder: Recorder = attrs.field(factory=Recorder)


def counted(prefix: str = "id") -> Callable[[], str]:
    """Ids in the order of their making: id-00001, id-00002, and so on."""
    numbers = itertools.count(1)
    return lambda: f"{prefix}-{next(numbers):05}"


@contextmanager
def house(
    url: str | None = None,
    *,
    start: datetime.datetime = START,
    subscribers: Mapping[str, Choice | Subscriber] | None = None,
    plugins: Registry | None = None,
    authorize: Authorize | None = None,
) -> Iterator[TrialHouse]:
    """A house over migrated tables: in a file that is gone afterwards, or at the `url`.

    Its clock stands at `start` until it is set. Events are carried to `house.recorder`, and
    to the `subscribers`, each a choice or an object of the test's own.
    """
    with tempfile.TemporaryDirectory(prefix="mentorkit-") as folder:
        url = url if url is not None else sqlite_database(Path(folder))
        mentorkit.migrate(url)
        recorder, registry = Recorder(), plugins or installed()
        given = dict(subscribers or {})
        choices = {name: held for name, held in given.items() if isinstance(held, Choice)}
        own = {name: held for name, held in given.items() if not isinstance(held, Choice)}
        opened = mentorkit.open(url, plugins=registry, subscribers=choices)
        try:
            yield TrialHouse(
                engine=opened.engine,
                registry=registry,
                subscribers={"recorder": recorder, **opened.subscribers, **own},
                clock=Clock(start),
                ids=counted(),
                authorize=authorize,
                recorder=recorder,
            )
        finally:
            opened.close()


def populated(
    house: House,
    *,
    teams: int = 2,
    programme: Programme | None = None,
    id: str = "programme",
    until: Stage = "active",
    tenant: str = "default",
) -> tuple[Relationship, ...]:
    """A programme with made-up people, enough for as many `teams`; gives its relationships,
    in the order of their members.

    It is taken to a stage: "enrolled", "drafted", "published", or "active" (for a flash
    programme that is booked, with its meeting planned). In a team nobody's department is
    another's; ids are such as "mentee-1-1", the first mentee of the first team.
    """
    if until not in get_args(Stage):
        raise Invalid("until", f"must be one of {', '.join(get_args(Stage))}, not {until!r}")
    with house.kit(actor=mentorkit.SYSTEM, tenant=tenant) as kit:
        run = kit.programmes.create(programme or Programme(), id=id)
        kit.programmes.enrol(run.id, _people(run, teams))
        if until == "enrolled":
            return ()
        draft = kit.matching.draft(run.id)
        if until == "drafted":
            return ()
        made = kit.matching.publish(draft.id)
        if until == "active":
            for held in made:
                _agree(kit, run, held)
            kit.sessions.schedule([held.id for held in made])
        found = kit.relationships.page(run.id, limit=len(made))
    return tuple(sorted(found, key=lambda held: held.people))


def _people(run: ProgrammeRun, teams: int) -> list[Participant]:
    """For every team the fewest that each role asks for, each with room for the others."""
    size = sum(max(1, role.least) for role in run.blueprint.roles)
    people = []
    for team in range(1, teams + 1):
        seats = [
            (role.name, number)
            for role in run.blueprint.roles
            for number in range(1, max(1, role.least) + 1)
        ]
        for seat, (role, number) in enumerate(seats):
            others = size - max(1, sum(1 for name, _ in seats if name == role))
            person = Person(
                id=f"{role}-{team}-{number}",
                name=f"{role.capitalize()} {number} of team {team}",
                attributes={"department": f"department {seat + 1}"},
            )
            people.append(Participant(person=person, roles={role: others}))
    return people


def _agree(kit: Kit, run: ProgrammeRun, held: Relationship) -> None:
    """Take a relationship to where people meet."""
    if "proposed" in held.path:
        for person in held.people:
            kit.relationships.accept(held.id, person=person)
    if "agreeing" in held.path:
        if run.blueprint.policies.goals == "smart":
            _agree_goal(kit, held)
        for person in held.people:
            kit.relationships.sign(held.id, person=person)


def _agree_goal(kit: Kit, held: Relationship) -> None:
    goal = kit.goals.propose(
        held.id,
        "lead a meeting every week",
        metric="meetings led",
        baseline=0,
        target=4,
        first_step="watch one",
        objective="leadership",
        due=START.date() + datetime.timedelta(days=90),
        person=held.people[0],
    )
    for person in held.people:
        kit.goals.accept(goal.id, person=person)
