"""Plays a programme for a year through the public API, and checks everything after each step.

    python benchmarks/year.py [--people 200] [--weeks 52] [--seed 1] [--database sqlite]

Week by week people join, leave and come back, are matched, accept and decline, agree on goals
and sign, meet, miss and cancel, answer, thank and end; time passes day by day, and the house
does what is due and delivers. Each does so as who they are. After every step all that can be
read is compared with what was there before (see `year_checks`). The first finding ends it,
with status 1, and the same seed finds it again.
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import attrs
from year_checks import COORDINATOR, MARK, PROGRAMME, Witness

import mentorkit
from mentorkit.errors import Conflict, Invalid
from mentorkit.models import (
    Actor,
    Participant,
    Person,
    Policies,
    Programme,
    Relationship,
    Skill,
    Use,
    Window,
)
from mentorkit.models.person import erased
from mentorkit.testing.databases import postgres_server, sqlite_database
from mentorkit.testing.house import TrialHouse, house

SKILLS = ("data", "design", "finance", "law", "people", "python", "sales", "writing")
DEPARTMENTS = ("Finance", "IT", "Legal", "Sales")
LENGTH = 98
"""Days that a relationship lasts; so a year has several rounds of them."""


def stated() -> Programme:
    """One-to-one, with goals that must be agreed before the last signature."""
    return Programme(
        name=f"{MARK}programme",
        topology="one-to-one",
        practices=("smart-goals",),
        criteria={"skills": Use("skills", weight=3), "other": Use("different", DEPARTMENT)},
        policies=Policies(length=LENGTH, cadence=14, minutes=60),
    )


DEPARTMENT = {"attribute": "department"}
HOUR = datetime.timedelta(hours=1)


def participant(number: int, drawn: random.Random) -> Participant:
    """Every third is a mentor, some of whom take two; all private words bear the mark."""
    mentor = number % 3 == 0
    held = [Skill(name) for name in drawn.sample(SKILLS, 3)]
    return Participant(
        person=Person(
            id=f"p{number:04}",
            name=f"{MARK}name of {number}",
            email=f"{MARK}@example.org",
            attributes={"department": drawn.choice(DEPARTMENTS)},
        ),
        roles={"mentor": drawn.choice((1, 2))} if mentor else {"mentee": 1},
        offers=held if mentor else (),
        seeks=() if mentor else held,
        interests=[f"{MARK}interest {drawn.randrange(9)}"],
        availability=[Window(day, 9 * 60, 12 * 60) for day in drawn.sample(range(5), 3)],
    )


class Year:
    """A programme's people, and what they do in a week."""

    def __init__(self, trial: TrialHouse, people: int, seed: int) -> None:
        self.house, self.drawn = trial, random.Random(seed)
        self.minds = random.Random(seed + 1)
        self.numbers = itertools.count()
        self.witness = Witness(trial)
        self.done: Counter[str] = Counter()
        self.published: str | None = None
        with self.office() as kit:
            kit.programmes.create(stated(), id=PROGRAMME)
        self.step("enrol", lambda: self.enrol(people))

    def office(self) -> mentorkit.Kit:
        """What the coordinator does."""
        return self.house.kit(actor=COORDINATOR)

    def as_member(self, person: str) -> mentorkit.Kit:
        """What somebody does in their own name."""
        return self.house.kit(actor=Actor(person=person))

    def chance(self, percent: int) -> bool:
        """Whether something happens that is so likely."""
        return self.drawn.randrange(100) < percent

    def step(self, name: str, act: Callable[[], int]) -> None:
        """Do something, count it, and look at everything; after a finding, nothing more."""
        if self.witness.findings:
            return
        self.done[name] += act()
        self.witness.look(name)

    def week(self, number: int) -> None:
        """All that happens in a week; each call is a step."""
        self.step("join", lambda: self.enrol(self.drawn.randrange(4)))
        self.step("return", self.come_back)
        self.step("leave", self.leave)
        if number % 2 == 0:
            self.step("match", self.match)
        for name, act in ACTS.items():
            self.step(name, lambda act=act: act(self))  # type: ignore[misc]
        for _ in range(7):
            self.house.clock.forward(days=1)
            self.step("advance", self.advance)
        self.step("deliver", self.deliver)

    def enrol(self, count: int) -> int:
        """New people."""
        made = [participant(next(self.numbers), self.drawn) for _ in range(count)]
        with self.office() as kit:
            kit.programmes.enrol(PROGRAMME, made)
        self.witness.enrolled |= {one.id for one in made}
        self.witness.known |= {one.id for one in made}
        return count

    def come_back(self) -> int:
        """Some of those who left, and some who are there change what they are interested in."""
        gone = sorted(self.witness.known - self.witness.enrolled)
        some = [id for id in gone if self.chance(5)]
        with self.office() as kit:
            there = [one.participant for one in kit.programmes.participants(PROGRAMME)]
            again = [kit.programmes.participant(PROGRAMME, id).participant for id in some]
            there = [one for one in there if self.chance(1)]
            changed = [attrs.evolve(one, interests=[f"{MARK}other"]) for one in there]
            kit.programmes.enrol(PROGRAMME, [*again, *changed])
        self.witness.enrolled |= set(some)
        return len(again) + len(changed)

    def leave(self) -> int:
        """A few leave, and now and then somebody is forgotten altogether."""
        enrolled = sorted(self.witness.enrolled)
        going = self.drawn.sample(enrolled, min(self.drawn.randrange(3), len(enrolled)))
        for person in going:
            if self.chance(15):
                with self.house.kit(actor=mentorkit.SYSTEM) as kit:
                    kit.people.remove(person)
                self.witness.removed(person)
            else:
                with self.as_member(person) as kit:
                    kit.programmes.leave(PROGRAMME, person)
            self.witness.enrolled.discard(person)
        return len(going)

    def match(self) -> int:
        """Draft, sometimes again, look that nobody was lost, and publish, sometimes twice."""
        for _ in range(self.drawn.choice((1, 1, 2))):
            with self.office() as kit:
                draft = kit.matching.draft(PROGRAMME)
        self.witness.drafted(draft)
        with self.office() as kit:
            made = kit.matching.publish(draft.id)
        if self.chance(20):
            with self.office() as kit:
                again = kit.matching.publish(draft.id)
            self.witness.same("publishing twice", [one.id for one in made], [o.id for o in again])
        self.witness.published(made)
        self.published = draft.id
        return len(made)

    def held(self, *stages: str) -> list[Relationship]:
        """The relationships of some stages."""
        with self.office() as kit:
            return [
                one for one in kit.relationships.page(PROGRAMME, limit=9999) if one.stage in stages
            ]

    def respond(self) -> int:
        """Most accept, some decline, some want a chat first, and some let it wait."""
        count = 0
        for held in self.held("proposed", "chemistry"):
            for person in sorted(set(held.people) - set(held.accepted)):
                if self.chance(60):
                    with self.as_member(person) as kit:
                        kit.relationships.accept(held.id)
                    count += 1
                elif self.chance(20):
                    with self.as_member(person) as kit:
                        kit.relationships.decline(held.id, not_again=self.chance(30))
                    count += 1
                    break
                elif self.chance(20) and not held.accepted:
                    with self.as_member(person) as kit:
                        kit.relationships.ask_chat(held.id)
        return count

    def agree(self) -> int:
        """A goal first, sometimes other terms, then signatures."""
        count = 0
        for held in self.held("agreeing"):
            with self.as_member(held.people[0]) as kit:
                goals = [goal for goal in kit.goals.of(held.id) if goal.state != "dropped"]
                if not goals:
                    goals = [self._goal(kit, held)]
                if self.chance(10) and held.agreement is not None and not held.signed:
                    longer = held.agreement.ends + datetime.timedelta(days=7)
                    terms = attrs.evolve(held.agreement, ends=longer, terms=f"{MARK}terms")
                    kit.relationships.propose_terms(held.id, terms)
            if not held.signed and self.minds.randrange(100) < 30:
                self._expect(held)
            for person in held.people:
                if self.chance(80):
                    with self.as_member(person) as kit:
                        kit.goals.accept(goals[0].id)
                        count += self._signed(kit, held.id)
        return count

    def _expect(self, held: Relationship) -> None:
        """Each says alone what they expect; where that differs, the terms settle it."""
        for person in held.people:
            with self.as_member(person) as kit:
                asked = kit.relationships.expectations(held.id)
                known = {one.person for one in held.members if one.person in asked[0].said}
                self.witness.alone(held, person, known)
                reply = self.minds.choice(("soon", "later"))
                said = {one.name: f"{MARK}{reply}" for one in asked}
                kit.relationships.expect(held.id, said)
        with self.as_member(held.people[0]) as kit:
            found = kit.relationships.expectations(held.id)
            points = {one.name: f"{MARK}settled" for one in found if not one.alike}
            terms = kit.relationships.get(held.id).agreement
            if points and terms is not None:
                settled = attrs.evolve(terms, points=points)
                kit.relationships.propose_terms(held.id, settled)
        self.done["expect"] += 1

    def change_terms(self) -> int:
        """Some propose other terms for what is in force; they hold once all have signed."""
        count = 0
        for held in self.held("active", "paused"):
            if held.proposal is None and held.agreement and self.minds.randrange(100) < 4:
                cadence = self.minds.choice((7, 14, 21))
                other = attrs.evolve(held.agreement, cadence=cadence, terms=f"{MARK}{cadence}")
                with self.as_member(held.people[1]) as kit:
                    held = kit.relationships.propose_terms(held.id, other)
            for person in held.people if held.proposal is not None else ():
                if self.minds.randrange(100) < 60:
                    with self.as_member(person) as kit:
                        kit.relationships.sign(held.id)
                    count += 1
        return count

    def _signed(self, kit: mentorkit.Kit, relationship: str) -> int:
        try:
            kit.relationships.sign(relationship)
        except Conflict:  # the last signature waits for a goal that all accept
            self.done["held back"] += 1
            return 0
        return 1

    def _goal(self, kit: mentorkit.Kit, held: Relationship) -> Any:
        return kit.goals.propose(
            held.id,
            f"{MARK}give a talk",
            metric="talks",
            baseline=0,
            target=3,
            first_step="ask",
            objective="speaking",
            due=self.house.clock.now.date() + datetime.timedelta(days=60),
            key=f"goal {self.house.clock.now:%Y-%m}",
        )

    def schedule(self) -> int:
        """Plan what is still to come; and again, which plans nothing."""
        ids = [held.id for held in self.held("active")]
        with self.office() as kit:
            made = kit.sessions.schedule(ids).sessions
        with self.office() as kit:
            self.witness.same("scheduling twice", len(kit.sessions.schedule(ids).sessions), 0)
        return len(made)

    def meet(self) -> int:
        """Whatever has begun is held, missed or cancelled; now and then one meeting more."""
        count, now = 0, self.house.clock.now
        for held in self.held("active"):
            with self.as_member(held.people[0]) as kit:
                for session in kit.sessions.of(held.id):
                    if session.state != "planned" or session.starts > now:
                        continue
                    act = self.drawn.choices(("hold", "miss", "cancel"), (8, 1, 1))[0]
                    getattr(kit.sessions, act)(session.id)
                    count += 1
                if self.chance(3):
                    self.meet_more(kit, held.id)
        return count

    def meet_more(self, kit: mentorkit.Kit, relationship: str) -> None:
        """One meeting more to come, and one that was never planned, where they have none then."""
        now = self.house.clock.now
        starts = now + datetime.timedelta(days=self.drawn.randint(1, 9))
        where: dict[str, Any] = {"place": f"{MARK}room", "public": True}
        with suppress(Conflict):
            kit.sessions.plan(relationship, starts, key=f"{now:%Y-%m}", **where)
        with suppress(Conflict):
            kit.sessions.record(relationship, now - 2 * HOUR, key=f"then {now:%Y-%m}", **where)

    def work(self) -> int:
        """Progress on goals; some are reached, some given up, some set anew."""
        count = 0
        for held in self.held("active"):
            with self.as_member(held.people[1]) as kit:
                for goal in kit.goals.of(held.id):
                    if goal.state == "agreed" and self.chance(20):
                        act = self.drawn.choices(("record", "reach", "drop"), (8, 2, 1))[0]
                        more = (self.drawn.randrange(4),) if act == "record" else ()
                        getattr(kit.goals, act)(goal.id, *more)
                        count += 1
                if self.chance(2):
                    self._goal(kit, held)
        return count

    def answer(self) -> int:
        """Some answer what they are asked, and some of them anew."""
        count = 0
        for person in sorted(self.witness.enrolled):
            if not self.chance(40):
                continue
            with self.as_member(person) as kit:
                for request in kit.feedback.asked_of(person):
                    if request.until > self.house.clock.now:
                        answers = {one.id: self._answer(one) for one in request.questions}
                        kit.feedback.answer(request.id, answers)
                        count += 1
        return count

    def _answer(self, question: Any) -> str | int:
        if question.form == "text":
            return f"{MARK}answer"
        options = question.options or range(question.least, question.most + 1)
        return self.drawn.choice(list(options))

    def write(self) -> int:
        """Notes, private and shared, and thanks in words of one's own."""
        count = 0
        for held in self.held("active"):
            if self.chance(10):
                with self.as_member(held.people[0]) as kit:
                    kit.relationships.write(held.id, f"{MARK}note", shared=self.chance(50))
                    kit.recognition.thank(held.id, held.people[1], f"{MARK}thanks", key="once")
                count += 2
        return count

    def exchange(self) -> int:
        """Questions, answers, pages, actions and insights; and sheets for the next meeting."""
        count = 0
        for held in self.held("active"):
            one, other = self.drawn.sample(held.people, 2)
            if not self.chance(15):
                continue
            with self.as_member(one) as kit:
                query = kit.exchange.ask(held.id, f"{MARK}question")
                kit.actions.add(held.id, f"{MARK}read", owner=self.drawn.choice((one, other)))
                kit.insights.add(held.id, f"{MARK}insight", source="Sales")
            with self.as_member(other) as kit:
                kit.exchange.answer(query.id, f"{MARK}yes")
                kit.exchange.share(held.id, f"{MARK}page", link="https://example.org/page")
                count += 5 + self._work_off(kit, held.id, other)
                self._prepare(kit, held)
        return count

    def _work_off(self, kit: mentorkit.Kit, relationship: str, person: str) -> int:
        """Some of their actions are done, and some of their insights tried."""
        actions = [one for one in kit.actions.of(relationship) if one.owner == person]
        insights = [one for one in kit.insights.of(relationship) if one.owner == person]
        for action in actions[:2]:
            if action.state == "open":
                (kit.actions.done if self.chance(80) else kit.actions.drop)(action.id)
        for insight in insights[:1]:
            if insight.state == "heard":
                kit.insights.tried(insight.id)
        return len(actions[:2]) + len(insights[:1])

    def _prepare(self, kit: mentorkit.Kit, held: Relationship) -> None:
        """A sheet for each meeting that is planned, with a topic of one's own."""
        wanted = [one.id for one in kit.actions.of(held.id) if one.state == "open"]
        for session in kit.sessions.of(held.id):
            if session.state == "planned":
                kit.sessions.add_topic(session.id, f"{MARK}topic")
                sheet = kit.sessions.prepare(session.id)
                self.witness.same("open actions", [one.id for one in sheet.actions], wanted)

    def tell(self) -> int:
        """Stories are written, rewritten, consented to, taken back and dropped, also afterwards."""
        count = 0
        for held in self.held("agreeing", "active", "paused", "closed"):
            if self.minds.randrange(100) >= 10:
                continue
            for person in () if any(map(erased, held.people)) else held.people:
                with self.as_member(person) as kit:
                    count += self._tell(kit, held, person)
        return count

    def _tell(self, kit: mentorkit.Kit, held: Relationship, person: str) -> int:
        """What one member does about each story of theirs; the witness keeps account of it."""
        told = kit.stories.of(held.id)
        if not told and "agreeing" in held.since:
            made = kit.stories.write(held.id, f"{MARK}story", f"{MARK}it went well")
            self.witness.told.written(made, held.people)
        for story in told:
            act = self.minds.choices(("consent", "withdraw", "rewrite", "drop"), (12, 3, 2, 1))[0]
            if act == "consent":
                kit.stories.consent(story.id, story.edition)
            elif act == "withdraw":
                kit.stories.withdraw(story.id)
            elif person != story.author:
                continue
            elif act == "rewrite":
                words = f"{MARK}it went on, {story.edition}"
                kit.stories.rewrite(story.id, words=words, version=story.version)
            else:
                kit.stories.drop(story.id, version=story.version)
            self.witness.told.said(story.id, person, act)
        return len(told) or 1

    def settle(self) -> int:
        """The office attends to signals, and takes an award back now and then."""
        with self.office() as kit:
            signals = [one for one in kit.feedback.signals(PROGRAMME) if self.chance(50)]
            for signal in signals:
                kit.feedback.settle(signal.id)
            awards = kit.recognition.awards(PROGRAMME)
            if awards and self.chance(10):
                kit.recognition.revoke(self.drawn.choice(awards).id)
        return len(signals)

    def pause(self) -> int:
        """A few pause for some weeks, which ends by itself or earlier."""
        count, today = 0, self.house.clock.now.date()
        for held in self.held("active", "paused"):
            if held.stage == "active" and self.chance(8):
                with self.as_member(held.people[0]) as kit:
                    until = today + datetime.timedelta(days=self.drawn.randint(2, 30))
                    kit.relationships.pause(held.id, until)
                count += 1
            elif held.stage == "paused" and self.chance(20):
                with self.as_member(held.people[1]) as kit:
                    kit.relationships.resume(held.id)
                count += 1
        return count

    def extend(self) -> int:
        """Some go on for longer, for the sake of a goal that is new."""
        count = 0
        for held in self.held("active"):
            if held.agreement is None or not self.chance(3):
                continue
            ends = held.agreement.ends + datetime.timedelta(days=28)
            for person in held.people:
                with self.as_member(person) as kit:
                    goal = self._goal(kit, held)
                    if goal.state == "proposed":
                        kit.goals.accept(goal.id)
            for person in held.people:
                with self.as_member(person) as kit:
                    count += self._extended(kit, held, ends, goal.id)
        return count

    def _extended(
        self, kit: mentorkit.Kit, held: Relationship, ends: datetime.date, goal: str
    ) -> int:
        try:
            kit.relationships.extend(held.id, ends, goal)
        except (Conflict, Invalid):  # the goal was there before, or was given up
            self.done["not extended"] += 1
            return 0
        return 1

    def hand_over(self) -> int:
        """Now and then somebody else takes a mentor's place."""
        for held in self.held("active", "paused"):
            if self.chance(1):
                leaving = next(one.person for one in held.members if one.role == "mentor")
                try:
                    with self.office() as kit:
                        made = kit.matching.hand_over(held.id, leaving)
                except Conflict:  # nobody has room
                    self.done["not handed over"] += 1
                else:
                    self.witness.same("what a successor follows", made.follows, held.id)
                    return 1
        return 0

    def withdraw(self) -> int:
        """The office takes a plan back, now and then, unless somebody has answered."""
        if self.published is None or not self.chance(15):
            return 0
        try:
            with self.office() as kit:
                gone = kit.matching.withdraw(self.published)
        except Conflict:
            self.done["not withdrawn"] += 1
            return 0
        self.witness.withdrawn(gone)
        return len(gone)

    def gather(self) -> int:
        """A talk with few seats, which some sign up for and some give back; and the last one."""
        now, day = self.house.clock.now, datetime.timedelta(days=1)
        with self.office() as kit:
            for old in kit.gatherings.of(PROGRAMME):
                if old.state == "planned" and old.ends <= now:
                    coming = [one for one in kit.gatherings.seats(old.id) if one.state == "coming"]
                    came = [one.person for one in coming if self.chance(80)]
                    kit.gatherings.hold(old.id, attended=came)
            made = kit.gatherings.announce(
                PROGRAMME, "A talk", now + 2 * day, now + 2 * day + HOUR, seats=5
            )
        count = 0
        for person in sorted(self.witness.enrolled):
            if self.chance(10):
                with self.as_member(person) as kit:
                    kit.gatherings.sign_up(made.id)
                    if self.chance(20):
                        kit.gatherings.sign_off(made.id)
                count += 1
        return count

    def end(self) -> int:
        """A few end early, with a reason that is theirs, or are done before their last day."""
        count = 0
        for held in self.held("active"):
            if self.chance(1):
                with self.as_member(held.people[0]) as kit:
                    kit.relationships.end(
                        held.id, reason=f"{MARK}reason", not_again=self.chance(50)
                    )
                count += 1
            elif self.chance(1):
                with self.as_member(held.people[1]) as kit:
                    kit.relationships.complete(held.id)
                count += 1
        return count

    def advance(self) -> int:
        """What is due by this day; and at once again, which finds nothing."""
        done = self.house.advance()
        self.witness.same("what could not be dealt with", done.failed, ())
        self.witness.same("advancing twice looks at", self.house.advance().looked_at, 0)
        return done.looked_at

    def deliver(self) -> int:
        """Everything that happened has arrived, once."""
        done = self.house.deliver()
        self.witness.same("deliveries that wait or died", (done.waiting, done.dead), (0, 0))
        self.witness.delivered()
        return done.done


ACTS: dict[str, Callable[[Year], int]] = {
    "withdraw": Year.withdraw,
    "respond": Year.respond,
    "agree": Year.agree,
    "schedule": Year.schedule,
    "meet": Year.meet,
    "work": Year.work,
    "answer": Year.answer,
    "write": Year.write,
    "exchange": Year.exchange,
    "tell": Year.tell,
    "settle": Year.settle,
    "change terms": Year.change_terms,
    "pause": Year.pause,
    "extend": Year.extend,
    "hand over": Year.hand_over,
    "gather": Year.gather,
    "end": Year.end,
}
"""What happens every week, in this order."""


@contextmanager
def houses(database: str) -> Iterator[TrialHouse]:
    """A house over an empty database, whose clock the year moves."""
    if database == "sqlite":
        with tempfile.TemporaryDirectory() as folder, house(sqlite_database(folder)) as held:
            yield held
    else:
        with postgres_server() as server, house(server.new_database()) as held:
            yield held


def play(options: argparse.Namespace) -> dict[str, Any]:
    """A year; its figures, and what was found."""
    start = time.monotonic()
    with houses(options.database) as held:
        year = Year(held, options.people, options.seed)
        for number in range(options.weeks):
            if year.witness.findings:
                break
            year.week(number)
            if options.verbose:
                print(f"week {number + 1}: {dict(year.done)}", flush=True)
    return {
        "database": options.database,
        "seed": options.seed,
        "weeks": number + 1,
        "seconds": round(time.monotonic() - start),
        "looks": year.witness.looks,
        **year.witness.figures(),
        "done": dict(year.done),
        "findings": year.witness.findings,
    }


def main() -> int:
    """Play, print what was found and the figures; 1 if something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--verbose", action="store_true", help="a line for each week")
    figures = play(parser.parse_args())
    for finding in figures["findings"]:
        print(finding)
    print(json.dumps(figures))
    return 1 if figures["findings"] else 0


if __name__ == "__main__":
    sys.exit(main())
