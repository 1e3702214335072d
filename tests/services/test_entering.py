"""How people come to take part: every step against a table of what ought to become of it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from worlds import PAIR, World, participant

from mentorkit import (
    SYSTEM,
    Actor,
    Conflict,
    Forbidden,
    Invalid,
    MentorkitError,
    NotFound,
    Participant,
    Person,
    Policies,
    Programme,
    Protected,
)
from mentorkit.testing.house import TrialHouse, house

OPEN = Programme()
ASKS = Programme(policies=Policies(approval=True))
"""In both, an hour every two weeks: two hours a month."""


def one(id: str, hours: float | None = None, **more: Any) -> Participant:
    return participant(id, "mentee", hours=hours, **more)


@attrs.define
class Model:
    """What becomes of one person, step by step, said once more and in other words."""

    approval: bool
    state: str | None = None
    """`short` and `told` are the two ways to wait: for few hours, and by the office's word."""
    entry: str | None = None

    def enrol(self, short: bool) -> None:
        if self.state in ("enrolled", "told"):
            return
        if self.state in (None, "left", "declined"):
            self.entry = "assigned"
        self.state = "short" if short else "enrolled"

    def apply(self, short: bool) -> None:
        self.need(self.state != "declined")
        if self.state in (None, "left"):
            self.entry = "applied"
            self.state = "short" if short else "applied" if self.approval else "enrolled"
        else:
            self.restate(short)

    def restate(self, short: bool) -> None:
        self.need(self.state is not None, NotFound)
        self.need(self.state not in ("left", "declined"))
        if self.state == "applied" and short:
            self.state = "short"
        elif self.state == "short" and not short:
            asks = self.approval and self.entry == "applied"
            self.state = "applied" if asks else "enrolled"

    def approve(self, _: bool) -> None:
        self.need(self.state is not None, NotFound)
        self.need(self.state != "left")
        self.state = "enrolled"

    def wait(self, _: bool) -> None:
        self.need(self.state is not None, NotFound)
        self.need(self.state not in ("enrolled", "left"))
        self.state = "told"

    def decline(self, _: bool) -> None:
        self.need(self.state is not None, NotFound)
        self.need(self.state not in ("enrolled", "left"))
        self.state = "declined"

    def leave(self, _: bool) -> None:
        self.need(self.state is not None, NotFound)
        if self.state != "declined":
            self.state = "left"

    def need(self, true: bool, refusal: type[MentorkitError] = Conflict) -> None:
        if not true:
            raise refusal


STEPS = ("enrol", "apply", "restate", "approve", "wait", "decline", "leave")
PEOPLE = ("ann", "bob")


@pytest.fixture(scope="module")
def trial() -> Iterator[TrialHouse]:
    with house() as held:
        yield held


NUMBER = itertools.count()


@settings(max_examples=60)
@given(
    st.booleans(),
    st.lists(
        st.tuples(st.sampled_from(STEPS), st.sampled_from(PEOPLE), st.booleans()),
        min_size=6,
        max_size=20,
    ),
)
@example(True, [(step, "ann", False) for step in ("apply", "wait", "enrol", "restate")])
def test_every_step_does_what_the_table_says(
    trial: TrialHouse, approval: bool, steps: list[tuple[str, str, bool]]
) -> None:
    id = f"p{next(NUMBER)}"
    models = {person: Model(approval) for person in PEOPLE}
    came: list[str] = []
    with trial.kit(actor=SYSTEM) as kit:
        kit.programmes.create(ASKS if approval else OPEN, id=id)
        for step, person, short in steps:
            trial.clock.forward(minutes=1)
            model = models[person]
            before = attrs.evolve(model)
            expected = got = None
            try:
                getattr(model, step)(short)
            except MentorkitError as error:
                expected, models[person] = type(error), before
            stated = one(person, 1.5 if short else 2)
            arguments: dict[str, tuple[Any, ...]] = {
                "enrol": ([stated],),
                "apply": (stated,),
                "restate": (stated,),
            }
            try:
                getattr(kit.programmes, step)(id, *arguments.get(step, (person,)))
            except MentorkitError as error:
                got = type(error)
            assert got is expected, (step, person)
            if (
                before.state in (None, "left", "declined")
                and step in ("apply", "enrol")
                and not got
            ):
                came = [other for other in came if other != person] + [person]
        words = {"short": "waiting", "told": "waiting"}
        for person, model in models.items():
            if model.state is None:
                continue
            held = kit.programmes.participant(id, person)
            assert held.state == words.get(model.state, model.state)
            assert held.entry == model.entry
            assert (held.reason is not None) == (held.state == "waiting")
        enrolled = sorted(person for person in PEOPLE if models[person].state == "enrolled")
        assert [held.id for held in kit.programmes.participants(id)] == enrolled
        queue = [who for who in came if models[who].state in ("applied", "short", "told")]
        assert [held.id for held in kit.programmes.waiting(id)] == queue
        status = kit.reports.status(id)
        assert status.participants == len(enrolled)
        assert sum(status.waiting.values()) == status.enrolments.get("waiting", 0)
        there = [model for model in models.values() if model.state is not None]
        assert sum(status.enrolments.values()) == len(there)


def test_only_those_enrolled_are_matched(world: World) -> None:
    with world.kit() as kit:
        kit.programmes.create(ASKS, id="autumn")
        kit.programmes.enrol("autumn", [PAIR[1]])
        kit.programmes.apply("autumn", one("ann", 3))
        kit.programmes.apply("autumn", one("bob", 1.9))
        assert kit.matching.draft("autumn").plan.matches == ()
        (waits, few) = kit.programmes.waiting("autumn")
        assert (waits.id, waits.state, waits.reason) == ("ann", "applied", None)
        words = "offers fewer than the 2 hours a month that meetings with one partner take"
        assert (few.id, few.state, str(few.reason)) == ("bob", "waiting", words)
        status = kit.reports.status("autumn")
        assert status.waiting == {words: 1}
        assert status.enrolments == {"applied": 1, "enrolled": 1, "waiting": 1}
        assert (status.participants, status.entries) == (1, {"assigned": 1})
        kit.programmes.approve("autumn", "bob")
        assert kit.matching.draft("autumn").plan.pairs == (("bob", "may"),)


def test_a_person_comes_in_their_own_name_alone(world: World) -> None:
    with world.kit() as kit:
        kit.programmes.create(ASKS, id="autumn")
    ann, other = Actor(person="ann"), Actor(person="eve", coordinates=["autumn"])
    for actor in (Actor(), Actor(person="bob"), other):
        with world.kit(actor=actor) as kit, pytest.raises(Forbidden):
            kit.programmes.apply("autumn", one("ann"))
    with world.kit(actor=ann) as kit:
        assert kit.programmes.apply("autumn", one("ann")).state == "applied"
        assert [held.id for held in kit.programmes.waiting("autumn")] == ["ann"]
        with pytest.raises(Forbidden):
            kit.programmes.approve("autumn", "ann")
        with pytest.raises(NotFound):
            kit.programmes.get("autumn")
    with world.kit(actor=other) as kit:
        held = kit.programmes.wait("autumn", "ann", "all mentors are taken; in March")
        assert str(held.reason) == "all mentors are taken; in March"
        with pytest.raises(Conflict, match="version"):
            kit.programmes.approve("autumn", "ann", version=held.version - 1)
    with world.kit(actor=ann) as kit:
        mine = kit.programmes.participant("autumn", "ann")
        assert (mine.state, str(mine.reason)) == ("waiting", "all mentors are taken; in March")
    with world.kit(actor=other) as kit:
        assert kit.programmes.approve("autumn", "ann", version=held.version).state == "enrolled"
    with world.kit() as kit:
        kinds = [event.kind for event in kit.reports.journal("autumn")]
        told = repr(kit.reports.journal())
    assert kinds[1:] == ["participants.applied", "participants.waiting", "participants.enrolled"]
    assert "March" not in told


def test_answers_change_while_one_takes_part_and_roles_need_approval(world: World) -> None:
    with world.kit() as kit:
        kit.programmes.create(ASKS, id="autumn")
        kit.programmes.enrol("autumn", [one("ann")])
    with world.kit(actor=Actor(person="ann")) as kit:
        again = one("ann", 5, interests=["chess"], aims="to lead")
        held = kit.programmes.restate("autumn", again)
        assert (held.participant, held.state, held.entry) == (again, "enrolled", "assigned")
        assert kit.programmes.apply("autumn", again) == held
        mentor = attrs.evolve(again, roles={"mentee": 1, "mentor": 1})
        with pytest.raises(Invalid, match=r"roles\.mentor: needs approval"):
            kit.programmes.restate("autumn", mentor)
        with pytest.raises(Conflict, match="version"):
            kit.programmes.restate("autumn", one("ann"), version=held.version - 1)
        assert kit.programmes.restate("autumn", one("ann"), version=held.version).version == 3


def test_what_is_fixed_is_the_hosts(world: World) -> None:
    fixed = Policies(fixed=("manager", "email", "department"))
    with world.kit() as kit:
        kit.programmes.create(Programme(policies=fixed), id="autumn")
        kit.programmes.enrol("autumn", [one("ann", manager="may")])
    with world.kit(actor=Actor(person="ann")) as kit:
        known = kit.programmes.participant("autumn", "ann").participant
        bare = Participant(person=Person(id="ann"), roles={"mentee": 0})
        held = kit.programmes.restate("autumn", bare).participant
        assert (held.person, held.manager, held.roles) == (known.person, "may", {"mentee": 0})
        moved = attrs.evolve(
            known,
            manager="moe",
            person=Person(id="ann", email="ann@example.org", attributes={"department": "x"}),
        )
        with pytest.raises(Invalid) as refused:
            kit.programmes.restate("autumn", moved)
        assert [fault.path for fault in refused.value.faults] == [
            "email",
            "attributes.department",
            "manager",
        ]
        named = attrs.evolve(bare, person=Person(id="ann", name="Ann of the Lake"))
        person = kit.programmes.restate("autumn", named).participant.person
        assert (person.name, person.attributes) == ("Ann of the Lake", {"department": "a"})
    with world.kit(actor=Actor(person="bob")) as kit:
        stated = one("bob", manager="ann")
        with pytest.raises(Invalid, match="manager"):
            kit.programmes.apply("autumn", stated)


def test_hours_are_asked_by_how_often_and_how_long_people_meet(world: World) -> None:
    weekly = Programme(policies=Policies(cadence=7, minutes=30))
    flash = Programme(topology="flash")
    monthly = Programme(policies=Policies(cadence=28, minutes=45))
    cases = ((OPEN, 2, "2"), (weekly, 2, "2"), (flash, 0.5, "0.5"), (monthly, 0.75, "0.8"))
    for stated, hours, words in cases:
        with world.kit() as kit:
            run = kit.programmes.create(stated)
            enough, none, paused = one("ann", hours), one("cyn"), one("dee", 0)
            paused = attrs.evolve(paused, roles={"mentee": 0})
            few = one("bob", hours - 0.1)
            done = kit.programmes.enrol(run.id, [enough, few, none, paused])
            assert done.waiting == ("bob",), stated
            assert f"the {words} hours" in str(kit.programmes.waiting(run.id)[0].reason)
            again = kit.programmes.enrol(run.id, [enough, few, none, paused])
            assert (again.changed, again.same) == ((), 4)


def test_what_was_stated_for_a_purpose_goes_when_somebody_is_declined(world: World) -> None:
    stated = attrs.evolve(ASKS, protected={"faith": Protected("to match all alike")})
    with world.kit() as kit:
        kit.programmes.create(stated, id="autumn")
        kit.programmes.apply("autumn", one("ann", protected={"faith": "x"}))
        held = kit.programmes.decline("autumn", "ann", "full")
        assert (held.participant.protected, str(held.reason)) == ({}, "full")
        assert kit.programmes.decline("autumn", "ann", "full", version=1) == held
        with pytest.raises(Conflict, match="declined"):
            kit.programmes.apply("autumn", one("ann"))


def test_reports_know_those_who_took_part_and_how_they_came(world: World) -> None:
    with world.kit() as kit:
        run = kit.programmes.create(ASKS, id="autumn")
        kit.programmes.enrol("autumn", PAIR, entry="imported")
        kit.programmes.apply("autumn", one("bob", aims="mine", brings="much"))
        kit.programmes.approve("autumn", "bob")
        kit.programmes.apply("autumn", one("cyn"))
        kit.programmes.leave("autumn", "may")
        kit.programmes.leave("autumn", "cyn")
        chronicle = kit.reports._chronicle(run)
    assert chronicle.entries == {"ann": "imported", "bob": "applied", "may": "imported"}
    assert [held.id for held in chronicle.people] == ["ann", "bob", "may"]
    assert {(held.aims, held.brings) for held in chronicle.people} == {("", "")}
