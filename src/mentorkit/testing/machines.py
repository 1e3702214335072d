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
from mentorkit.errors import Conflict, Forbidden, Invalid
from mentorkit.models import Agreement, Former, Member, Message, Relationship, Verdict
from mentorkit.testing.house import START
from mentorkit.testing.kit_machine import kit_machine

__all__ = ["LifecycleMachine", "kit_machine"]

DAY = datetime.timedelta(days=1)
PATHS = (("proposed", "agreeing", "active", "closed"), ("booked", "met", "closed"))
HOLD = Verdict(key="goal", effect="hold", message=Message("hold", "There is no goal"))
ASKED = ("proposed", "chemistry")
WHO = st.sampled_from(["ann", "bo", "cy", "stranger"])

TURNS = st.lists(st.tuples(st.sampled_from([15, 30, 60]), st.integers(0, 3)), max_size=4)
"""Terms proposed one after the other: how long meetings are, and how many then sign."""


class LifecycleMachine(RuleBasedStateMachine):
    """A relationship's way along every built-in path, by steps that come in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.stating, self.signing = False, ""

    @initialize(
        path=st.sampled_from((PATHS[0], *PATHS)),
        size=st.integers(2, 3),
        agreed=st.sampled_from([True, True, False]),
        turns=TURNS,
    )
    def begin(
        self, path: tuple[str, ...], size: int, agreed: bool, turns: list[tuple[int, int]]
    ) -> None:
        """Most relationships that are proposed are agreed already: few come that far."""
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
        for act in (lifecycle.accept, lifecycle.sign) if agreed and path == PATHS[0] else ():
            for person in self.held.people:
                self.held = act(self.held, person, self.now)
        self.change_terms("ann", turns, ["bo", "ann", "cy"])

    def step(self, change: Callable[[], Relationship], *stages: str, person: str | None) -> None:
        """Take a step that may be taken from these stages alone, and twice without effect."""
        before = self.held
        try:
            after = change()
        except (Conflict, Invalid):
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
            place = before.path.index
            stays = lifecycle.on_path(after) == lifecycle.on_path(before)
            new = before.since.get(after.stage, self.now)
            assert after.since[after.stage] == (new if stays else self.now)
            ahead = place(lifecycle.on_path(after)) - place(lifecycle.on_path(before))
            assert ahead == 1 - stays or after.outcome is not None
        assert set(before.accepted) <= set(after.accepted)
        self.compare_terms(before, after)
        self.compare_proposals(before, after)
        if after.outcome == "withdrawn":
            assert before.outcome == "withdrawn" or not before.accepted
        if lifecycle.on_path(before) == "proposed" and after.stage == "agreeing":
            assert set(after.accepted) == set(after.people)
        if (before.stage, after.stage) == ("agreeing", "active"):
            assert set(after.signed) == set(after.people)

    def compare_terms(self, before: Relationship, after: Relationship) -> None:
        """Terms change before they are signed, or by the days of a pause, or as all agree."""
        first, then = before.agreement, after.agreement
        assert first is not None
        assert then is not None
        if then == first or before.stage == "agreeing":
            settled = after.stage == "active" and attrs.evolve(then, points=first.points) == first
            same = then == first or settled
            kept = before.signed if same and not self.stating else ()
            assert set(kept) <= set(after.signed), "terms were changed under a signature"
            assert same or after.signed == ()
            return
        if after.former != before.former:
            self.compare_amended(before, after)
            return
        assert attrs.evolve(then, ends=first.ends) == first
        assert then.ends > first.ends, "something that was agreed became shorter"
        made = [one for one in after.extensions if one not in before.extensions]
        if before.stage == "paused" and after.stage == "active":
            pause = after.pauses[-1]
            assert then.ends - first.ends == (self.now.date() - pause.begun.date())
        else:
            assert set(made[-1].agreed) == set(after.people), "a member did not agree to it"
            assert (made[-1].ends, made[-1].made) == (then.ends, self.now)

    def compare_amended(self, before: Relationship, after: Relationship) -> None:
        """Terms in force give way to those that all have signed, on the same days."""
        first, then, proposed = before.agreement, after.agreement, before.proposal
        assert first is not None
        assert then is not None
        assert proposed is not None, "terms in force were changed, and nobody proposed others"
        assert after.former == (*before.former, Former(agreement=first, until=self.now))
        assert len({*proposed.signed, self.signing} & {*before.people}) == len(before.people)
        assert (then.starts, then.ends) == (first.starts, first.ends), "signing moved the days"
        signed = attrs.evolve(proposed.agreement, starts=first.starts, ends=first.ends)
        assert then == signed, "what was signed is something else"
        assert after.proposal is None

    def compare_proposals(self, before: Relationship, after: Relationship) -> None:
        """What holds is kept, and no signature stands under terms that it was not given for."""
        assert after.former[: len(before.former)] == before.former, "the past has changed"
        if before.stage == "closed" or after.proposal is None:
            return
        assert after.since.get("active"), "terms that are not in force were set aside"
        same = before.proposal and before.proposal.agreement == after.proposal.agreement
        kept = before.proposal.signed if same and before.proposal is not None else ()
        assert set(kept) <= set(after.proposal.signed) <= {*kept, self.signing}

    @rule(days=st.integers(0, 9))
    def pass_time(self, days: int) -> None:
        self.now += days * DAY

    @rule(person=WHO)
    def accept(self, person: str) -> None:
        self.step(lambda: lifecycle.accept(self.held, person, self.now), *ASKED, person=person)

    @rule(person=WHO)
    def decline(self, person: str) -> None:
        self.step(lambda: lifecycle.decline(self.held, person, self.now), *ASKED, person=person)

    @rule(person=WHO)
    def ask_chat(self, person: str) -> None:
        self.step(
            lambda: lifecycle.ask_chat(self.held, person, self.now), "proposed", person=person
        )

    @rule(change=st.sampled_from([lifecycle.expire, lifecycle.withdraw]))
    def take_back(self, change: Callable[..., Relationship]) -> None:
        stages = (*ASKED, "booked") if change is lifecycle.withdraw else ASKED
        self.step(lambda: change(self.held, self.now), *stages, person=None)

    @rule(days=st.integers(-1, 20))
    def pause(self, days: int) -> None:
        until = self.now.date() + days * DAY
        self.step(lambda: lifecycle.pause(self.held, until, self.now), "active", person=None)

    @rule()
    def resume(self) -> None:
        self.step(lambda: lifecycle.resume(self.held, self.now), "paused", person=None)

    @rule(
        person=WHO, days=st.integers(20, 80), goal=st.sampled_from(["g", "h"]), holds=st.booleans()
    )
    def extend(self, person: str, days: int, goal: str, holds: bool) -> None:
        last = self.held.extensions[-1] if self.held.extensions else None
        ends = START.date() + days * DAY
        if last is not None and last.made is None and days % 2:
            ends, goal = last.ends, last.goal
        held = [HOLD.message] if holds else []
        self.step(
            lambda: lifecycle.extend(self.held, person, ends, goal, self.now, held),
            "active",
            "paused",
            person=person,
        )

    @rule()
    def hand_over(self) -> None:
        self.step(
            lambda: lifecycle.hand_over(self.held, self.now),
            "agreeing",
            "active",
            "paused",
            person=None,
        )

    @rule(
        person=WHO, days=st.integers(28, 30), minutes=st.sampled_from([30, 60]), kept=st.booleans()
    )
    def propose(self, person: str, days: int, minutes: int, kept: bool) -> None:
        now = self.held.agreement
        assert now is not None
        ends = now.ends if kept else START.date() + days * DAY
        terms = attrs.evolve(self.terms, ends=ends, minutes=minutes)
        self.step(
            lambda: lifecycle.propose_terms(self.held, person, terms),
            "agreeing",
            "active",
            "paused",
            person=person,
        )

    @rule(person=WHO)
    def expect(self, person: str) -> None:
        self.stating = True
        self.step(lambda: lifecycle.expect(self.held, person), "agreeing", person=person)
        self.stating = False

    @rule(person=WHO, holds=st.booleans(), points=st.sampled_from([(), (), ("reply",)]))
    def sign(self, person: str, holds: bool, points: tuple[str, ...]) -> None:
        held = [HOLD] if holds else []
        before, self.signing = self.held, person
        settled = {"reply": "in a week"}
        self.step(
            lambda: lifecycle.sign(self.held, person, self.now, held, points, settled),
            "agreeing",
            "active",
            "paused",
            person=person,
        )
        self.signing = ""
        moved = before.stage != self.held.stage
        assert not (holds and moved), "a held step was taken"
        if points:
            assert not moved, "it was signed while a point was open"
            assert before.signed == self.held.signed, "it was signed while a point was open"
        if moved and self.held.agreement is not None:
            assert self.held.agreement.points == settled

    @rule(
        person=WHO,
        turns=TURNS,
        order=st.permutations(["ann", "bo", "cy"]),
    )
    def change_terms(self, person: str, turns: list[tuple[int, int]], order: list[str]) -> None:
        """Propose and sign in a row: left to chance, few would get that far."""
        for minutes, count in turns:
            self.propose(person, 28, minutes, kept=True)
            for signer in order[:count]:
                self.sign(signer, holds=False, points=())

    @rule()
    def meet(self) -> None:
        self.step(
            lambda: lifecycle.meet(self.held, self.now),
            "booked",
            "active",
            "chemistry",
            person=None,
        )

    @rule()
    def complete(self) -> None:
        self.step(
            lambda: lifecycle.complete(self.held, self.now),
            "active",
            "paused",
            "met",
            person=None,
        )

    @rule()
    def end(self) -> None:
        open_stages = (*self.held.path[:-1], *lifecycle.BESIDE)
        self.step(lambda: lifecycle.end(self.held, self.now), *open_stages, person=None)

    @invariant()
    def it_is_sound(self) -> None:
        held = getattr(self, "held", None)
        if held is None:
            return
        assert lifecycle.on_path(held) in held.path
        assert (held.stage == "closed") == (held.outcome is not None)
        times = [held.since[stage] for stage in held.path if stage in held.since]
        assert times == sorted(times), "stages were entered out of order"
        assert held.stage in held.since
        running = [one for one in held.pauses if one.ended is None]
        assert len(running) == (held.stage == "paused"), "a pause did not end"
        assert all(one.made for one in held.extensions[:-1]), "two extensions are proposed at once"
        goals = [one.goal for one in held.extensions]
        assert len(set(goals)) == len(goals), "it was extended for the same goal twice"
        for group in (held.accepted, held.signed, *(one.agreed for one in held.extensions)):
            assert len(set(group)) == len(group), "somebody is there twice"
            assert set(group) <= set(held.people)
