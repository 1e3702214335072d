"""What a day costs: `house.advance` with two running programmes, day after day.

    python benchmarks/days.py [--people 10000] [--days 45] [--spread 14] [--database sqlite]

Each programme has so many people, matched in pairs, who accept, sign and are scheduled through
the public API within the first `spread` days. From then on they meet, miss and cancel meetings,
answer some of what they are asked, and reach goals; some never meet. The second programme ends
after six weeks, so that one day has to close all of it. Every day at six the house does what is
due: that alone is measured, in seconds of the processor (of this process) and of the clock.
What is owed to a subscriber is delivered each day too, and told beside it.
"""

from __future__ import annotations

import argparse
import datetime
import gc
import json
import random
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import attrs
from store import databases

import mentorkit
from mentorkit.models import (
    Choice,
    Event,
    Participant,
    Person,
    Policies,
    Programme,
    Relationship,
    Use,
    Window,
)

BEGIN = datetime.datetime(2026, 9, 7, 6, tzinfo=datetime.UTC)
WEEKDAYS = 5
LENGTHS = {"autumn": 180, "sprint": 42}
"""The programmes, and how many days they last."""
ANSWERS: dict[str, dict[str, str | int]] = {
    "pulse": {"useful": 4, "progress": 3, "help": "no"},
    "after-session": {"useful": 4, "to-others": "Thank you"},
    "self-assessment": {"confidence": 4, "insight": 3, "learning": 4},
    "closing": {"recommend": 9, "reached": 4, "change": "Nothing"},
}
HOUR = datetime.timedelta(hours=1)
DAY = 24 * HOUR


def people(programme: str, count: int) -> list[Participant]:
    """As many mentees as mentors, each free on one weekday, which their partner shares."""
    return [
        Participant(
            person=Person(
                id=f"{programme}-{number:06}", attributes={"day": f"day {number // 2 % WEEKDAYS}"}
            ),
            roles={("mentee", "mentor")[number % 2]: 1},
            availability=[Window(number // 2 % WEEKDAYS, 9 * 60, 17 * 60)],
        )
        for number in range(count)
    ]


def stated(name: str) -> Programme:
    """Cheap to match: who is free on the same day, and nothing else."""
    return Programme(
        name=name,
        constraints={"same day": Use("same", {"attribute": "day"})},
        awards={"goals": Choice("goal-reached")},
        policies=Policies(matcher=Choice("greedy"), base=1, length=LENGTHS[name]),
    )


@attrs.define
class Asked:
    """A subscriber that keeps the requests of a day."""

    held: list[Event] = attrs.field(factory=list)
    wants = frozenset({"*"})

    def deliver(self, event: Event, key: str, read: object) -> None:
        """Keep it, if it asks somebody."""
        if event.kind == "survey.asked":
            self.held.append(event)


@attrs.frozen
class Day:
    """What a day's `advance` came to, in seconds."""

    number: int
    looked_at: int
    processor: float
    clock: float
    happened: Counter[str]
    delivered: float


class Run:
    """Two programmes, and what happens in them."""

    def __init__(self, url: str, options: argparse.Namespace) -> None:
        self.now, self.drawn = BEGIN, random.Random(options.seed)
        self.asked = Asked()
        house = mentorkit.open(url, clock=lambda: self.now)
        self.house = attrs.evolve(house, subscribers={"asked": self.asked})
        self.plan: defaultdict[int, list[Callable[[mentorkit.Kit], Any]]] = defaultdict(list)
        self.signed: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
        for name in LENGTHS:
            with self.house.kit(actor=mentorkit.SYSTEM) as kit:
                kit.programmes.create(stated(name), id=name)
                kit.programmes.enrol(name, people(name, options.people))
                for held in kit.matching.publish(kit.matching.draft(name).id):
                    day = self.drawn.randrange(options.spread)
                    self.plan[day].append(self._begins(held))
                    self.signed[day, name].append(held.id)

    def _begins(self, held: Relationship) -> Callable[[mentorkit.Kit], Any]:
        """Everybody accepts and signs; every fifth pair sets itself a goal."""

        def begin(kit: mentorkit.Kit) -> None:
            for person in held.people:
                kit.relationships.accept(held.id, person=person)
            for person in held.people:
                kit.relationships.sign(held.id, person=person)

        def aim(kit: mentorkit.Kit) -> None:
            goal = kit.goals.propose(held.id, "a talk", person=held.people[0])
            kit.goals.accept(goal.id, person=held.people[1])
            day = self.day + self.drawn.randint(7, 35)
            self.plan[day].append(lambda kit: kit.goals.reach(goal.id, person=held.people[0]))

        def both(kit: mentorkit.Kit) -> None:
            begin(kit)
            if self.drawn.random() < 0.2:
                aim(kit)

        return both

    @property
    def day(self) -> int:
        """The number of the day that it is."""
        return (self.now - BEGIN).days

    def today(self) -> Day:
        """What is due at six; then what people do during the day."""
        # What this program itself holds is not the house's to look through.
        gc.collect()
        gc.freeze()
        processor, start = time.process_time(), time.perf_counter()
        done = self.house.advance()
        day = Day(
            self.day,
            done.looked_at,
            time.process_time() - processor,
            time.perf_counter() - start,
            self._happened(),
            self._delivered(),
        )
        if done.failed:
            sys.exit(done.failed[0])
        self.now += 12 * HOUR
        self._people_act()
        self.now += 12 * HOUR
        return day

    def _happened(self) -> Counter[str]:
        """What `advance` brought about, by kind: all that is of this instant."""
        with self.house.kit(actor=mentorkit.SYSTEM) as kit:
            owed = kit.deliveries.page("waiting")
        return Counter(one.event.kind for one in owed if one.event.at == self.now)

    def _delivered(self) -> float:
        start = time.perf_counter()
        self.house.deliver()
        for event in self.asked.held:
            # Two in five answer the next day, one in five after the reminder, and two never.
            if wait := self.drawn.choice((1, 1, 5, 0, 0)):
                self.plan[self.day + wait].append(self._answers(event))
        self.asked.held.clear()
        return time.perf_counter() - start

    def _answers(self, event: Event) -> Callable[[mentorkit.Kit], Any]:
        answers = ANSWERS[str(event.facts["survey"])]
        return lambda kit: kit.feedback.answer(event.subject, answers)

    def _people_act(self) -> None:
        """All that was planned for this day, in one transaction."""
        with self.house.kit(actor=mentorkit.SYSTEM) as kit:
            for act in self.plan.pop(self.day, ()):
                act(kit)
            for name in LENGTHS:
                made = kit.sessions.schedule(self.signed.pop((self.day, name), ())).sessions
                silent = {one.relationship for one in made if self.drawn.random() < 0.01}
                for session in made:
                    day = (session.starts - BEGIN).days
                    dice = self.drawn.random()
                    act = "cancel" if session.relationship in silent or dice < 0.05 else "hold"
                    act = "miss" if act == "hold" and dice > 0.95 else act
                    self.plan[day].append(self._meets(act, session.id))

    def _meets(self, act: str, session: str) -> Callable[[mentorkit.Kit], Any]:
        def meet(kit: mentorkit.Kit) -> None:
            if kit.sessions.get(session).state == "planned":
                getattr(kit.sessions, act)(session)

        return meet


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """All days, one after the other."""
    days = []
    with databases(options.database) as fresh:
        run = Run(fresh(), options)
        print(" day  looked at  processor s    clock s  deliver s  what happened")
        for _ in range(options.days):
            day = run.today()
            days.append(day)
            words = ", ".join(f"{count} {kind}" for kind, count in day.happened.most_common())
            print(
                f"{day.number:4} {day.looked_at:10} {day.processor:12.2f} {day.clock:10.2f}"
                f" {day.delivered:10.2f}  {words}",
                flush=True,
            )
        run.house.engine.dispose()
    figures: dict[str, Any] = {"database": options.database, "people": options.people}
    for name in ("processor", "clock"):
        taken = [getattr(day, name) for day in days[1:]]
        worst = max(days[1:], key=lambda day: getattr(day, name))
        figures[name] = {
            "median": round(statistics.median(taken), 2),
            "worst": round(getattr(worst, name), 2),
            "worst day": worst.number,
        }
        print(f"{name:>10}: {figures[name]}")
    return figures


def main() -> None:
    """Measure, print a table, then the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000, help="in each of two programmes")
    parser.add_argument("--days", type=int, default=45)
    parser.add_argument("--spread", type=int, default=14, help="days within which all begin")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    print(json.dumps(measure(parser.parse_args())))


if __name__ == "__main__":
    main()
