"""A house with a clock that the test moves, and people for it."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import attrs

import mentorkit
from mentorkit import House, Kit, Participant, Person, Programme, Relationship, Skill

START = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)


@attrs.define
class World:
    """A house and its time."""

    house: House
    now: dt.datetime = START

    def forward(self, **by: float) -> None:
        """Let time pass, and do what is due."""
        self.now += dt.timedelta(**by)
        assert self.house.advance().failed == ()

    def kit(self, **options: object) -> Kit:
        return self.house.kit(**{"actor": mentorkit.SYSTEM, **options})  # type: ignore[arg-type]

    def begun(
        self, programme: Programme, people: Sequence[Participant], id: str = "autumn"
    ) -> tuple[Relationship, ...]:
        """The relationships of a programme that was created, joined, matched and published."""
        with self.kit() as kit:
            run = kit.programmes.create(programme, id=id)
            kit.programmes.enrol(run.id, people)
            return kit.matching.publish(kit.matching.draft(run.id).id)

    def active(self, held: Relationship) -> Relationship:
        """A relationship that everybody accepted and signed."""
        with self.kit() as kit:
            for person in held.people:
                kit.relationships.accept(held.id, person=person)
            for person in held.people:
                held = kit.relationships.sign(held.id, person=person)
        return held


def participant(id: str, role: str, places: int = 1, **more: object) -> Participant:
    """Somebody who seeks or offers Python."""
    skills = {"seeks" if role == "mentee" else "offers": [Skill("Python")]}
    held = Person(id=id, name=id.title(), attributes={"department": id[0]})
    return Participant(person=held, roles={role: places}, **skills, **more)  # type: ignore[arg-type]


PAIR = (participant("ann", "mentee"), participant("may", "mentor"))


@contextmanager
def opened(url: str) -> Iterator[World]:
    """A world over an empty database."""
    mentorkit.migrate(url)
    count: Callable[[], int] = itertools.count(1).__next__
    made: World
    house = mentorkit.open(url, clock=lambda: made.now, ids=lambda: f"id{count():05}")
    made = World(house)
    yield made
    house.close()
