"""Machines that use mentorkit at random and find where it breaks its promises.

A host runs them on a database of its own::

    TestKit = kit_machine(lambda: "postgresql://…/an_empty_database").TestCase
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

import attrs
import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mentorkit import lifecycle
from mentorkit.errors import Conflict, Forbidden
from mentorkit.models import Agreement, Member, Message, Relationship, Verdict
from mentorkit.testing.house import START
from mentorkit.testing.kit_machine import kit_machine

__all__ = ["LifecycleMachine", "kit_machine"]

DAY = datetime.timedelta(days=1)
PATHS = (("proposed", "agreeing", "active", "closed"), ("booked", "met", "closed"))
HOLD = Verdict(key="goal", effect="hold", message=Message("hold", "There is no goal"))
WHO = st.sampled_from(["ann", "bo", "cy", "stranger"])


class LifecycleMachine(RuleBasedStateMachine):
    """A relationship's way along every built-in path, by steps that come in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START

    @initialize(path=st.sampled_from(PATHS), size=st.integers(2, 3))
    def begin(self, path: tuple[str, ...], size: int) -> None:
        members = [Member(person, "peer") for person in ("ann", "bo", "cy")[:size]]
        self.terms = Agreement(starts=START.date(), ends=START.date() + 28 * DAY)
        self.held = lifecycle.begin(
            id="r",
            programme="p",
            members=members,
            path=path,
            agreement=self.terms,
            reasons=(),
            at=self.now,
        )

    def step(self, change: Callable[[], Relationship], *stages: str, person: str | None) -> None:
        """Take a step that may be taken from these stages alone, and twice without effect."""
        before = self.held
        try:
            after = change()
        except Conflict:
            return
        except Forbidden:
            assert person not in (None, *before.people), "a member's step was forbidden"
            return
        assert before.stage in stages or after == before, f"taken when {before.stage}"
        assert person in (None, *before.people), "a stranger took a step"
        self.compare(before, after)
        self.held = after

    def compare(self, before: Relationship, after: Relationship) -> None:
        """What holds of every step."""
        if before.stage == "closed":
            assert after == before, "closed is final"
        assert (after.members, after.path, after.id) == (before.members, before.path, before.id)
        assert set(before.since.items()) <= set(after.since.items()), "the past has changed"
        if after.stage != before.stage:
            assert after.since[after.stage] == self.now
            place = before.path.index
            assert place(after.stage) == place(before.stage) + 1 or after.outcome is not None
        assert set(before.accepted) <= set(after.accepted)
        if after.agreement == before.agreement:
            assert set(before.signed) <= set(after.signed)
        else:
            assert after.signed == (), "terms were changed under a signature"
        if (before.stage, after.stage) == ("proposed", "agreeing"):
            assert set(after.accepted) == set(after.people)
        if (before.stage, after.stage) == ("agreeing", "active"):
            assert set(after.signed) == set(after.people)

    @rule(days=st.integers(0, 9))
    def pass_time(self, days: int) -> None:
        self.now += days * DAY

    @rule(person=WHO)
    def accept(self, person: str) -> None:
        self.step(lambda: lifecycle.accept(self.held, person, self.now), "proposed", person=person)

    @rule(person=WHO)
    def decline(self, person: str) -> None:
        self.step(lambda: lifecycle.decline(self.held, person, self.now), "proposed", person=person)

    @rule(person=WHO, days=st.integers(28, 30))
    def propose(self, person: str, days: int) -> None:
        terms = attrs.evolve(self.terms, ends=START.date() + days * DAY)
        self.step(
            lambda: lifecycle.propose_terms(self.held, person, terms), "agreeing", person=person
        )

    @rule(person=WHO, holds=st.booleans())
    def sign(self, person: str, holds: bool) -> None:
        held = [HOLD] if holds else []
        before = self.held.stage
        self.step(
            lambda: lifecycle.sign(self.held, person, self.now, held), "agreeing", person=person
        )
        assert not (holds and before != self.held.stage), "a held step was taken"

    @rule()
    def meet(self) -> None:
        self.step(lambda: lifecycle.meet(self.held, self.now), "booked", "active", person=None)

    @rule()
    def complete(self) -> None:
        self.step(lambda: lifecycle.complete(self.held, self.now), "active", "met", person=None)

    @rule()
    def end(self) -> None:
        open_stages = self.held.path[:-1]
        self.step(lambda: lifecycle.end(self.held, self.now), *open_stages, person=None)

    @invariant()
    def it_is_sound(self) -> None:
        held = getattr(self, "held", None)
        if held is None:
            return
        assert held.stage in held.path
        assert (held.stage == "closed") == (held.outcome is not None)
        times = [held.since[stage] for stage in held.path if stage in held.since]
        assert times == sorted(times), "stages were entered out of order"
        assert held.stage in held.since
        for group in (held.accepted, held.signed):
            assert len(set(group)) == len(group), "somebody is there twice"
            assert set(group) <= set(held.people)
