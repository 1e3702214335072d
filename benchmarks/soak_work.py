"""What the soak's child does until it is killed: everything that changes a database.

Before each step it notes what it is about to do, and after the commit returned what was
promised thereby, in a file outside the database. It is a plugin too: its subscriber appends
each event with its key to a file.
"""

from __future__ import annotations

import datetime
import itertools
import json
import os
import random
import runpy
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import attrs

import mentorkit
from mentorkit.errors import Conflict
from mentorkit.interfaces import Kind, Reader
from mentorkit.models import Choice, Participant, Person, Programme, Skill, Use, Window

BEGIN = datetime.datetime(2026, 9, 7, 8, tzinfo=datetime.UTC)
SKILLS = ("data", "design", "finance", "law", "people", "python", "sales", "writing")
CROWD = "crowd"
"""The programme into which large batches of people are imported."""


@attrs.frozen
class Lines:
    """Appends lines of JSON to a file; each is on the disk before the call returns."""

    path: str
    wants = frozenset({"*"})

    def write(self, line: dict[str, Any]) -> None:
        """One line more."""
        held = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(held, (json.dumps(line) + "\n").encode())
            os.fsync(held)
        finally:
            os.close(held)

    def read(self) -> list[Any]:
        """All lines; a file that is not there yet has none."""
        if not os.path.exists(self.path):
            return []
        with open(self.path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def deliver(self, event: mentorkit.Event, key: str, _: Reader) -> None:
        """As a subscriber: one line for an event."""
        self.write({"key": key, "id": event.id, "kind": event.kind, "subject": event.subject})


@mentorkit.hookimpl
def mentorkit_subscribers() -> Iterable[Kind[Any, Any]]:
    """The subscriber of the soak's own."""
    return [mentorkit.kind("lines", Lines)]


@attrs.frozen
class Place:
    """Where a run happens: its database, and the files beside it."""

    database: str
    folder: Path

    @property
    def notes(self) -> Lines:
        """What the child was about to do, and what it was promised."""
        return Lines(str(self.folder / "notes"))

    def delivered(self, subscriber: str) -> list[Any]:
        """What arrived at a subscriber."""
        return Lines(str(self.folder / subscriber)).read()

    def open(self, clock: Callable[[], datetime.datetime]) -> mentorkit.House:
        """The house over it, with both subscribers."""
        where = {name: {"path": str(self.folder / name)} for name in ("log", "own")}
        return mentorkit.open(
            self.database,
            plugins=mentorkit.load(files=[__file__], allowed=["mentorkit"], strict=True),
            clock=clock,
            subscribers={
                "log": Choice("log-file", where["log"]),
                "own": Choice("lines", where["own"]),
            },
        )


def crowd(batch: int, count: int, wave: int) -> list[Participant]:
    """A batch of people; those of another wave differ in the person and in the part."""
    return [
        Participant(
            person=Person(
                id=f"b{batch:03}-{number:05}",
                name=f"Person {number}",
                timezone="Europe/Berlin",
                attributes={"wave": wave},
            ),
            roles={"mentee": 1},
            seeks=[Skill(SKILLS[number % len(SKILLS)])],
            interests=[f"wave {wave}"],
        )
        for number in range(count)
    ]


def pairs(programme: str, count: int) -> list[Participant]:
    """As many mentees as mentors, all of whom can be matched."""
    return [
        Participant(
            person=Person(id=f"{programme}-{role}-{number:03}"),
            roles={role: 1},
            offers=[Skill(SKILLS[number % len(SKILLS)])] if role == "mentor" else (),
            seeks=[Skill(SKILLS[number % len(SKILLS)])] if role == "mentee" else (),
            availability=[Window(day, 9 * 60, 17 * 60) for day in range(5)],
        )
        for role in ("mentee", "mentor")
        for number in range(count)
    ]


class Work:
    """Steps in random order and of random size, endlessly."""

    def __init__(self, place: Place, drawn: random.Random, told: Any) -> None:
        self.now = BEGIN
        self.house = place.open(lambda: self.now)
        self.notes = place.notes
        self.drawn = drawn
        self.told = told
        self.waves: dict[int, tuple[int, int]] = {}
        self.relationships: dict[str, list[str]] = {"proposed": [], "agreeing": [], "active": []}
        self.people: dict[str, tuple[str, ...]] = {}
        self.sessions: list[tuple[datetime.datetime, str]] = []
        self.bookable: list[str] = []
        self.programmes = itertools.count()

    def forever(self) -> None:
        """Until the process is killed."""
        steps = (self.imports, self.publish, self.accept, self.sign, self.schedule)
        steps += (self.hold, self.advance, self.deliver, self.publish_flash, self.book)
        steps += (self.answer, self.leave)
        with self.house.kit(actor=mentorkit.SYSTEM) as kit:
            kit.programmes.create(Programme(name="Crowd", topology="one-to-one"), id=CROWD)
        self.notes.write({"ready": True})
        self.told.send(("ready", ""))
        while True:
            self.drawn.choices(steps, weights=(3, 3, 2, 2, 2, 2, 2, 4, 1, 2, 1, 1))[0]()

    def _will(self, step: str, **more: Any) -> None:
        self.notes.write({"will": step, "now": self.now.isoformat(), **more})
        self.told.send(("will", step))

    def _done(self, step: str, **more: Any) -> None:
        self.told.send(("done", step))
        self.notes.write({"done": step, **more})

    def _some(self, stage: str) -> Iterator[str]:
        """A few of the relationships of a stage, taken off it."""
        held = self.relationships[stage]
        for _ in range(min(len(held), self.drawn.randint(1, 12))):
            yield held.pop()

    def imports(self) -> None:
        """A new batch of people, or an earlier one once more with changes."""
        batch = self.drawn.randrange(len(self.waves) + 1)
        if batch in self.waves:
            count, wave = self.waves[batch][0], self.waves[batch][1] + 1
        else:
            count, wave = self.drawn.randint(300, 3000), 0
        people = crowd(batch, count, wave)
        said = {"batch": batch, "count": count, "wave": wave}
        self._will("import", **said)
        with self.house.kit(actor=mentorkit.SYSTEM) as kit:
            kit.programmes.enrol(CROWD, people)
        self._done("import", **said)
        self.waves[batch] = (count, wave)

    def publish(self) -> None:
        """A new programme, matched and published in three transactions."""
        self.relationships["proposed"] += self._published("one-to-one")

    def publish_flash(self) -> None:
        """The same, of one meeting each, for which a time is yet to be booked."""
        self.bookable += self._published("flash")

    def _published(self, topology: str) -> list[str]:
        programme = f"p{next(self.programmes)}"
        self._will("enrol", programme=programme)
        stated = Programme(
            name=programme, topology=topology, criteria={"skills": Use("skills", weight=1)}
        )
        with self.house.kit(actor=mentorkit.SYSTEM) as kit:
            kit.programmes.create(stated, id=programme)
            kit.programmes.enrol(programme, pairs(programme, self.drawn.randint(5, 50)))
        self._done("enrol", programme=programme)
        self._will("draft", programme=programme)
        with self.house.kit(actor=mentorkit.SYSTEM) as kit:
            draft = kit.matching.draft(programme).id
        self._done("draft", draft=draft)
        self._will("publish", draft=draft)
        with self.house.kit(actor=mentorkit.SYSTEM) as kit:
            made = kit.matching.publish(draft)
        self._done("publish", draft=draft, relationships=[held.id for held in made])
        self.people |= {held.id: held.people for held in made}
        return [held.id for held in made]

    def book(self) -> None:
        """A time for the one meeting of a relationship, asked for twice under one key."""
        for _ in range(min(len(self.bookable), self.drawn.randint(1, 6))):
            held = self.bookable.pop()
            starts = self.now + datetime.timedelta(hours=self.drawn.randint(1, 99))
            self._will("book", relationship=held)
            for _ in range(2):
                with self.house.kit(actor=mentorkit.SYSTEM) as kit:
                    made = kit.sessions.plan(held, starts, key="the one").id
            self._done("book", relationship=held, sessions=[made])
            self.sessions.append((starts, made))

    def answer(self) -> None:
        """Somebody answers all that they are asked, each in a transaction of its own."""
        for people in self.drawn.sample(sorted(self.people.values()), min(5, len(self.people))):
            with self.house.kit(actor=mentorkit.SYSTEM) as kit:
                asked = kit.feedback.asked_of(people[0])
            for request in asked:
                if request.until <= self.now:
                    continue
                answers = {one.id: 4 for one in request.questions if one.form == "scale"}
                self._will("answer", relationship=request.relationship)
                with self.house.kit(actor=mentorkit.SYSTEM) as kit:
                    kit.feedback.answer(request.id, answers)
                self._done("answer", relationship=request.relationship, request=request.id)

    def leave(self) -> None:
        """Somebody takes part no longer, which ends what they are in."""
        if not self.people:
            return
        held = self.drawn.choice(sorted(self.people))
        person = self.people[held][0]
        programme = person.split("-")[0]
        self._will("leave", programme=programme, person=person)
        with self.house.kit(actor=mentorkit.SYSTEM) as kit:
            kit.programmes.leave(programme, person)
        self._done("leave", programme=programme, person=person)
        self._forget(held)

    def _forget(self, held: str) -> None:
        """What is closed is nothing to work on any more."""
        del self.people[held]
        for several in (*self.relationships.values(), self.bookable):
            several[:] = [one for one in several if one != held]

    def accept(self) -> None:
        """All members of a relationship accept, each in a transaction of their own."""
        for held in self._some("proposed"):
            for person in self.people[held]:
                self._will("accept", relationship=held)
                try:
                    with self.house.kit(actor=mentorkit.SYSTEM) as kit:
                        kit.relationships.accept(held, person=person)
                except Conflict:  # nobody had answered in time
                    self._forget(held)
                    break
                self._done("accept", relationship=held, person=person)
            else:
                self.relationships["agreeing"].append(held)

    def sign(self) -> None:
        """All members of a relationship sign in one transaction."""
        for held in self._some("agreeing"):
            self._will("sign", relationship=held)
            with self.house.kit(actor=mentorkit.SYSTEM) as kit:
                for person in self.people[held]:
                    kit.relationships.sign(held, person=person)
            self._done("sign", relationship=held, people=self.people[held])
            self.relationships["active"].append(held)

    def schedule(self) -> None:
        """All meetings of a relationship."""
        for held in self._some("active"):
            self._will("schedule", relationship=held)
            with self.house.kit(actor=mentorkit.SYSTEM) as kit:
                made = kit.sessions.schedule([held]).sessions
            self._done("schedule", relationship=held, sessions=[session.id for session in made])
            self.sessions += [(session.starts, session.id) for session in made]

    def hold(self) -> None:
        """Meetings that have begun."""
        self.sessions.sort(reverse=True)
        for _ in range(self.drawn.randint(1, 10)):
            if not self.sessions or self.sessions[-1][0] > self.now:
                return
            session = self.sessions.pop()[1]
            with self.house.kit(actor=mentorkit.SYSTEM) as kit:
                found = kit.sessions.get(session)
            if found.state != "planned":
                continue  # cancelled, when somebody left
            self._will("hold", session=session)
            with self.house.kit(actor=mentorkit.SYSTEM) as kit:
                kit.sessions.hold(session)
            self._done("hold", session=session, relationship=found.relationship)

    def advance(self) -> None:
        """Some days go by."""
        self.now += datetime.timedelta(days=self.drawn.randint(1, 9))
        self._will("advance")
        failed = self.house.advance().failed
        self._done("advance", failed=failed)

    def deliver(self) -> None:
        """Everything that is owed by now."""
        self._will("deliver")
        done = self.house.deliver()
        self._done("deliver", arrived=done.done, failed=done.waiting + done.dead)


def work(place: Place, seed: str, told: Any, broken: str | None) -> None:
    """Work until the process is killed, and send each step to whoever kills it.

    Tests show with a `broken` file that what is wrong is noticed.
    """
    if broken is not None:
        runpy.run_path(broken)
    Work(place, random.Random(seed), told).forever()


def resume(place: Place) -> None:
    """What a house does after a crash, once the leases of the dead process have ended."""
    times = [note["now"] for note in place.notes.read() if "now" in note]
    now = datetime.datetime.fromisoformat(max(times, default=BEGIN.isoformat()))
    now += datetime.timedelta(hours=1)
    house = place.open(lambda: now)
    failed = house.advance().failed
    done = house.deliver()
    place.notes.write({"resumed": done.done, "failed": [*failed, *["delivery"] * done.waiting]})
