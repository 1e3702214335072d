"""Goals: proposed, accepted by all, worked on, reached."""

from __future__ import annotations

import datetime
from typing import Any

import attrs

from mentorkit.errors import Conflict, Fault, Invalid
from mentorkit.lifecycle import CLOSED
from mentorkit.models import Goal, Progress, Relationship
from mentorkit.services.of_relationship import OfRelationship
from mentorkit.services.work import changing, check_version
from mentorkit.store.shelves import GOALS


class Goals(OfRelationship):
    """`kit.goals`: what the members of a relationship work on.

    `person` says in whose name something is done; without it, in the actor's own.
    """

    @changing
    def propose(
        self,
        relationship: str,
        title: str,
        *,
        metric: str = "",
        baseline: float | None = None,
        target: float | None = None,
        first_step: str = "",
        objective: str = "",
        due: datetime.date | None = None,
        person: str | None = None,
        key: str | None = None,
    ) -> Goal:
        """A member proposes a goal of their own, which they thereby accept.

        Where the programme's goals are smart, Invalid names each letter that is missing; so it
        does a `due` day that is past, where the relationship's days are. The same `key` gives the
        same goal again.
        """
        held, person = self._as_member(relationship, "goals.propose", person)
        if held.stage == CLOSED:
            raise Conflict(f"relationship {relationship!r} is closed")
        id = self._work.id("goal", key, held.id, person)
        if again := self._again(GOALS, id, key):
            return again
        self._check_due(held, due)
        goal = Goal(
            id=id,
            programme=held.programme,
            relationship=held.id,
            owner=person,
            title=title,
            metric=metric,
            baseline=baseline,
            target=target,
            first_step=first_step,
            objective=objective,
            due=due,
            accepted=(person,),
            made=self._work.now(),
        )
        if self._run_of(held).blueprint.policies.goals == "smart" and goal.lacking():
            raise Invalid(faults=[Fault("goal", str(lack)) for lack in goal.lacking()])
        goal = self._agreed(held, goal)
        self._rows.add(GOALS, [goal])
        self._told(held, "goal.proposed", goal.id, people=(person,))
        if goal.state == "agreed":
            self._told(held, "goal.agreed", goal.id)
        return self._rows.get(GOALS, goal.id)

    def get(self, goal: str) -> Goal:
        """A goal, as far as the actor may see it."""
        found = self._rows.get(GOALS, goal)
        return self._shown(GOALS, found, self._ties_of(self._relationship(found.relationship)))

    def of(self, relationship: str) -> tuple[Goal, ...]:
        """The goals of a relationship, as far as the actor may see them."""
        return self._all_shown(GOALS, relationship)

    @changing
    def accept(self, goal: str, *, person: str | None = None, version: int | None = None) -> Goal:
        """A member accepts a goal; once all have, it is agreed."""
        held, found, person = self._goal(goal, "goals.accept", person, version)
        if person in found.accepted:
            return found
        self._check(found, "proposed", "agreed")
        accepted = tuple(sorted({*found.accepted, person}))
        changed = self._agreed(held, attrs.evolve(found, accepted=accepted))
        self._told(held, "goal.accepted", goal, people=(person,))
        if changed.state == "agreed" != found.state:
            self._told(held, "goal.agreed", goal)
        return self._rows.save(GOALS, changed)

    @changing
    def record(
        self,
        goal: str,
        value: float,
        *,
        on: datetime.date | None = None,
        person: str | None = None,
        version: int | None = None,
    ) -> Goal:
        """A member records where the metric stands, by default today."""
        held, found, person = self._goal(goal, "goals.record", person, version)
        self._check(found, "agreed")
        step = Progress(on=on or held.day(self._work.now()), value=float(value), by=person)
        progress = tuple(sorted((*found.progress, step), key=lambda held: held.on))
        self._told(held, "goal.progressed", goal, people=(person,), steps=len(progress))
        return self._rows.save(GOALS, attrs.evolve(found, progress=progress))

    @changing
    def reach(self, goal: str, *, person: str | None = None, version: int | None = None) -> Goal:
        """A member says that a goal is reached."""
        return self._ended(goal, "reached", person, version)

    @changing
    def drop(self, goal: str, *, person: str | None = None, version: int | None = None) -> Goal:
        """A member gives a goal up."""
        return self._ended(goal, "dropped", person, version)

    def _ended(self, goal: str, state: Any, person: str | None, version: int | None) -> Goal:
        act = {"reached": "goals.reach", "dropped": "goals.drop"}[state]
        held, found, person = self._goal(goal, act, person, version)
        if found.state == state:
            return found
        self._check(found, "agreed", *(["proposed"] if state == "dropped" else []))
        self._told(held, f"goal.{state}", goal, people=(person,))
        return self._rows.save(GOALS, attrs.evolve(found, state=state))

    def _goal(
        self, goal: str, act: str, person: str | None, version: int | None
    ) -> tuple[Relationship, Goal, str]:
        found = self._rows.get(GOALS, goal)
        held, person = self._as_member(found.relationship, act, person)
        check_version(found, version)
        return held, found, person

    def _agreed(self, held: Relationship, goal: Goal) -> Goal:
        everybody = set(goal.accepted) == set(held.people)
        return attrs.evolve(goal, state="agreed") if everybody else goal

    def _check(self, goal: Goal, *states: str) -> None:
        if goal.state not in states:
            raise Conflict(f"goal {goal.id!r} is {goal.state}, not {' or '.join(states)}")
