"""A tenant in plain dictionaries: what the store should hold after each call on a kit.

Each function changes the model as the call changes the store, or raises the error that the
call raises. It knows nothing of tables, versions of tables, or transactions.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from mentorkit.errors import Conflict, Forbidden, Invalid, MentorkitError, NotFound
from mentorkit.models import Draft, Goal, Participant, Person, Relationship, Session
from mentorkit.testing.house import Clock


def need(true: object, refusal: type[MentorkitError] = Conflict) -> None:
    """Refuse, unless it is true."""
    if not true:
        raise refusal


GONE = "erased"
"""Stands for whoever is erased; nobody else has this id, nor does anything in this name."""


def renamed(one: str, person: str) -> str:
    """Somebody's id, once a person is erased."""
    return GONE if one == person else one


IN_FORCE = ("active", "paused")
"""The stages in which terms that hold give way to others only when all have signed these."""
LASTS = ("active", "paused", "met")
"""The stages in which a relationship can be completed."""


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), datetime.UTC)


def _goal(bond: str, owner: str, made: datetime.datetime | None) -> dict[str, Any]:
    return {"bond": bond, "state": "proposed", "accepted": {owner}, "owner": owner, "made": made}


def _silent(bonds: Iterable[Bond], person: str) -> bool:
    """Whether somebody let the last of what was proposed to them expire without a word."""
    theirs = [bond for bond in bonds if person in bond.people]
    last = max(theirs, key=lambda bond: bond.begun, default=None)
    return last is not None and last.outcome == "expired" and person not in last.accepted


@attrs.define
class Bond:
    """A relationship as the model knows it."""

    programme: str
    people: tuple[str, ...]
    path: tuple[str, ...]
    stage: str
    ends: datetime.date
    begun: datetime.datetime
    follows: str | None = None
    version: int = 1
    accepted: set[str] = attrs.field(factory=set)
    signed: set[str] = attrs.field(factory=set)
    outcome: str | None = None
    asked: datetime.datetime = attrs.field(default=attrs.Factory(lambda self: self.begun, True))
    """Since when an answer is waited for."""
    active: datetime.datetime | None = None
    paused: tuple[datetime.date, datetime.date] | None = None
    """The day on which it was paused last, and the one on which it goes on."""
    extended: list[tuple[datetime.date, str, datetime.datetime]] = attrs.field(factory=list)
    wanted: tuple[datetime.date, str, set[str]] | None = None
    draft: str | None = None
    said: dict[str, str] = attrs.field(factory=dict)
    """What each member expects, the same on all points."""
    cadence: int = 7
    proposal: int | None = None
    """Another cadence, which waits for all signatures."""
    agreed: set[str] = attrs.field(factory=set)
    """Who has signed it."""

    def check(self, person: str, version: int | None) -> None:
        need(person in self.people and person != GONE, Forbidden)
        need(version in (None, self.version))

    def erase(self, person: str) -> None:
        self.people = tuple(renamed(one, person) for one in self.people)
        self.accepted = {renamed(one, person) for one in self.accepted}
        self.signed = {renamed(one, person) for one in self.signed}
        self.said.pop(person, None)
        self.proposal, self.agreed = None, set()
        self.version += 1

    def onward(self) -> None:
        stage = {"chemistry": "proposed"}.get(self.stage, self.stage)
        self.stage = self.path[self.path.index(stage) + 1]

    def resume(self, day: datetime.date) -> None:
        assert self.paused is not None
        self.ends += day - self.paused[0]
        self.stage = "active"
        self.version += 1


@attrs.define
class Model:
    """All of a tenant, as the clock has it."""

    clock: Clock
    people: dict[str, str] = attrs.field(factory=dict)
    programmes: dict[str, str] = attrs.field(factory=dict)
    """Each programme's state."""
    parts: dict[tuple[str, str], str] = attrs.field(factory=dict)
    """The state of each (programme, person)."""
    drafts: dict[str, tuple[Draft, str]] = attrs.field(factory=dict)
    bonds: dict[str, Bond] = attrs.field(factory=dict)
    goals: dict[str, dict[str, Any]] = attrs.field(factory=dict)
    keys: dict[tuple[str, str, str], str] = attrs.field(factory=dict)
    sessions: dict[str, dict[str, Any]] = attrs.field(factory=dict)
    apart: set[tuple[str, str]] = attrs.field(factory=set)
    """Who asked never to be matched again, with whom."""
    left: set[str] = attrs.field(factory=set)
    """Programmes in which somebody was declined or left without an answer, since the last look."""

    def put(self, people: Iterable[Person]) -> None:
        self.people.update({person.id: person.name for person in people})

    def remove(self, person: str) -> None:
        need(person in self.people, NotFound)
        self._end_all(person, None)
        del self.people[person]
        self.parts = {part: state for part, state in self.parts.items() if part[1] != person}
        for bond in self.bonds.values():
            if person in bond.people:
                bond.erase(person)
        self.apart = {pair for pair in self.apart if person not in pair}
        for goal in self.goals.values():
            goal["accepted"] = {renamed(one, person) for one in goal["accepted"]}
            goal["owner"] = renamed(goal["owner"], person)
        for id, (draft, state) in self.drafts.items():
            if state == "draft" and any(person in pair for pair in draft.plan.pairs):
                self.drafts[id] = (draft, "replaced")

    def create(self, programme: str) -> None:
        need(programme not in self.programmes)
        self.programmes[programme] = "open"

    def enrol(self, programme: str, people: Iterable[Participant]) -> None:
        self._open(programme)
        for held in people:
            self.people[held.id] = held.person.name
            self.parts[programme, held.id] = "enrolled"

    def leave(self, programme: str, person: str) -> None:
        need(programme in self.programmes and (programme, person) in self.parts, NotFound)
        if self.parts[programme, person] == "enrolled":
            self._end_all(person, programme)
            self.parts[programme, person] = "left"

    def draft(self, programme: str, made: Draft | None) -> None:
        self._open(programme)
        for id, (draft, state) in self.drafts.items():
            if draft.programme == programme and state == "draft":
                self.drafts[id] = (draft, "replaced")
        if made is not None:
            self._check_plan(made)
            self.drafts[made.id] = (made, "draft")

    def _check_plan(self, made: Draft) -> None:
        """Only whoever is there and free is matched, and nobody with a former partner."""
        mine = [bond for bond in self.bonds.values() if bond.programme == made.programme]
        busy = {person for bond in mine if bond.stage != "closed" for person in bond.people}
        for pair in made.plan.pairs:
            assert all(self.parts.get((made.programme, person)) == "enrolled" for person in pair)
            assert not busy & set(pair), "somebody is matched beyond their capacity"
            assert not self._tried(made.programme, *pair), "a pair is matched again"

    def _tried(self, programme: str, one: str, other: str) -> bool:
        """Whether two people are not to be matched: they were, or one does not want to again."""
        return bool(self.apart & {(one, other), (other, one)}) or any(
            set(bond.people) == {one, other} and bond.outcome != "withdrawn"
            for bond in self.bonds.values()
            if bond.programme == programme
        )

    def _free(self, programme: str) -> set[str]:
        busy = {
            person
            for bond in self.bonds.values()
            if bond.programme == programme and bond.stage != "closed"
            for person in bond.people
        }
        here = {part[1] for part, state in self.parts.items() if state == "enrolled"}
        return {one for one in here - busy if self.parts.get((programme, one)) == "enrolled"}

    def publish(self, draft: str, made: tuple[Relationship, ...] | None) -> None:
        held, state = self.drafts[draft]
        need(state not in ("replaced", "withdrawn"))
        if state == "published":
            return
        people = {person for pair in held.plan.pairs for person in pair}
        need(all(self.parts.get((held.programme, person)) == "enrolled" for person in people))
        self.drafts[draft] = (held, "published")
        for one in made or ():
            self._begin(one)
            self.bonds[one.id].draft = draft

    def _begin(self, one: Relationship) -> None:
        assert one.agreement is not None
        self.bonds[one.id] = Bond(
            one.programme,
            one.people,
            one.path,
            one.path[0],
            one.agreement.ends,
            one.since[one.path[0]],
            one.follows,
        )

    def withdraw(self, draft: str) -> None:
        held, state = self.drafts[draft]
        if state == "withdrawn":
            return
        need(state == "published")
        for id, bond in self.bonds.items():
            if bond.draft == draft and GONE not in bond.people:
                need(bond.stage in ("proposed", "booked", "chemistry") and not bond.accepted)
                self._close(id, "withdrawn")
        self.drafts[draft] = (held, "withdrawn")

    def accept(self, id: str, person: str, version: int | None) -> None:
        bond = self.bonds[id]
        bond.check(person, version)
        if person in bond.accepted:
            return
        need(bond.stage in ("proposed", "chemistry"))
        bond.accepted.add(person)
        bond.version += 1
        if bond.accepted == set(bond.people):
            bond.onward()

    def chat(self, id: str, person: str, version: int | None) -> None:
        bond = self.bonds[id]
        bond.check(person, version)
        if bond.stage != "chemistry":
            need(bond.stage == "proposed")
            bond.stage, bond.asked = "chemistry", self.clock.now
            bond.version += 1

    def decline(self, id: str, person: str, version: int | None, not_again: bool = False) -> None:
        bond = self.bonds[id]
        bond.check(person, version)
        if bond.outcome != "declined":
            need(bond.stage in ("proposed", "chemistry"))
            self._close(id, "declined")
        self._keep_apart(bond, person, not_again)

    def _keep_apart(self, bond: Bond, person: str, wanted: bool) -> None:
        # Whoever is erased can be matched with nobody anyway.
        if wanted:
            self.apart |= {(person, other) for other in bond.people if other not in (person, GONE)}

    def let_again(self, person: str, other: str) -> None:
        self.apart.discard((person, other))

    def propose(self, id: str, person: str, ends: datetime.date, version: int | None) -> None:
        bond = self.bonds[id]
        bond.check(person, version)
        if ends != bond.ends:
            need(bond.stage == "agreeing")
            bond.ends, bond.signed = ends, set()
            bond.version += 1
        elif bond.stage in IN_FORCE:
            self._amend(bond, bond.cadence)

    def amend(self, id: str, person: str, cadence: int, version: int | None) -> None:
        bond = self.bonds[id]
        bond.check(person, version)
        if bond.stage in IN_FORCE:
            self._amend(bond, cadence)
        elif cadence != bond.cadence:
            need(bond.stage == "agreeing")
            bond.cadence, bond.signed = cadence, set()
            bond.version += 1

    def _amend(self, bond: Bond, cadence: int) -> None:
        """What holds stays until all have signed the other; to propose what holds ends that."""
        proposal = None if cadence == bond.cadence else cadence
        if proposal != bond.proposal:
            bond.proposal, bond.agreed = proposal, set()
            bond.version += 1

    def expect(self, id: str, person: str, words: str) -> None:
        bond = self.bonds[id]
        bond.check(person, None)
        if bond.said.get(person) != words:
            need(bond.stage == "agreeing")
            bond.said[person] = words
            bond.version += bool(bond.signed)
            bond.signed = set()

    def sign(self, id: str, person: str, version: int | None) -> None:
        bond = self.bonds[id]
        bond.check(person, version)
        if bond.stage in IN_FORCE and bond.proposal is not None:
            self._sign_other(bond, person)
            return
        if person in bond.signed:
            return
        need(bond.stage == "agreeing")
        alike = set(bond.said) == set(bond.people) and len({*bond.said.values()}) == 1
        need(alike or not bond.said)
        bond.signed.add(person)
        bond.version += 1
        if bond.signed == set(bond.people):
            bond.onward()
            bond.active = self.clock.now

    def pause(self, id: str, until: datetime.date, version: int | None) -> None:
        bond = self.bonds[id]
        need(version in (None, bond.version))
        if bond.stage == "paused" and bond.paused == (bond.paused and bond.paused[0], until):
            return
        need(bond.stage == "active")
        need(self.clock.now.date() < until, Invalid)
        bond.stage, bond.paused = "paused", (self.clock.now.date(), until)
        bond.version += 1
        for held in self.sessions.values():
            planned = held["bond"] == id and held["state"] == "planned"
            if planned and self.clock.now <= held["starts"] < _midnight(until):
                held["state"] = "cancelled"

    def resume(self, id: str, version: int | None) -> None:
        bond = self.bonds[id]
        need(version in (None, bond.version))
        if bond.stage != "active" or bond.paused is None:
            need(bond.stage == "paused")
            bond.resume(self.clock.now.date())

    def extend(
        self,
        id: str,
        person: str,
        days: int,
        goal: str,
        version: int | None,
    ) -> None:
        bond, held = self.bonds[id], self.goals[goal]
        bond.check(person, version)
        need(held["bond"] == id, NotFound)
        ends = bond.ends + datetime.timedelta(days=days)
        agreed = {person}
        if bond.wanted is not None and bond.wanted[:2] == (ends, goal):
            agreed |= bond.wanted[2]
            if person in bond.wanted[2]:
                return
        if any(one[:2] == (ends, goal) for one in bond.extended):
            return
        need(bond.stage in ("active", "paused"))
        need(days > 0 and goal not in {one[1] for one in bond.extended}, Invalid)
        bond.wanted = (ends, goal, agreed)
        if agreed == set(bond.people):
            assert bond.active is not None
            need(held["state"] == "agreed")
            need(held["made"] > max([bond.active, *(one[2] for one in bond.extended)]))
            bond.extended.append((ends, goal, self.clock.now))
            bond.ends, bond.wanted = ends, None
        bond.version += 1

    def hand_over(
        self,
        id: str,
        leaving: str,
        version: int | None,
        made: tuple[Relationship, tuple[Goal, ...]] | None,
    ) -> None:
        bond = self.bonds[id]
        need(version in (None, bond.version))
        for other in self.bonds.values():
            if other.follows == id and other.stage != "closed":
                return
        need(self.programmes[bond.programme] == "open")
        need(leaving in bond.people and leaving != GONE, Invalid)
        if bond.outcome != "handed-over":
            need(bond.stage in ("agreeing", "active", "paused"))
            self._close(id, "handed-over")
        (stays,) = set(bond.people) - {leaving}
        free = self._free(bond.programme)
        comes = {
            one
            for one in free - {leaving, stays}
            if one.startswith("m") == leaving.startswith("m")
            and not self._tried(bond.programme, one, stays)
        }
        need(stays in free and comes)
        if made is None:
            return
        after, goals = made
        assert after.follows == id
        assert set(after.people) - {stays} <= comes
        self._begin(after)
        along = [
            one
            for one in self.goals.values()
            if (one["bond"], one["state"], one["owner"]) == (id, "agreed", stays)
        ]
        assert len(goals) == len(along)
        for goal in goals:
            assert (goal.owner, goal.accepted) == (stays, (stays,))
            self.goals[goal.id] = _goal(after.id, stays, goal.made)

    def _sign_other(self, bond: Bond, person: str) -> None:
        bond.version += person not in bond.agreed
        bond.agreed.add(person)
        if bond.agreed == set(bond.people) and bond.proposal is not None:
            bond.cadence, bond.proposal, bond.agreed = bond.proposal, None, set()

    def finish(self, id: str, outcome: str, version: int | None) -> None:
        bond = self.bonds[id]
        need(version in (None, bond.version))
        if bond.outcome != outcome:
            need(bond.stage in LASTS or (outcome == "ended" and not bond.outcome))
            self._close(id, outcome)

    def end(self, id: str, person: str, version: int | None, not_again: bool) -> None:
        bond = self.bonds[id]
        need(version in (None, bond.version))
        if not_again:
            bond.check(person, version)
        self.finish(id, "ended", version)
        self._keep_apart(bond, person, not_again)

    def goal(self, id: str, person: str, key: str, made: str | None) -> None:
        bond = self.bonds[id]
        need(person in bond.people and person != GONE, Forbidden)
        need(bond.stage != "closed")
        known = self.keys.setdefault((id, person, key), made or "")
        assert made in (None, known), "one key made two goals"
        self.goals.setdefault(known, _goal(id, person, self.clock.now))

    def accept_goal(self, goal: str, person: str) -> None:
        held = self.goals[goal]
        people = self.bonds[held["bond"]].people
        need(person in people and person != GONE, Forbidden)
        if person not in held["accepted"]:
            need(held["state"] in ("proposed", "agreed"))
            held["accepted"].add(person)
            if held["accepted"] == set(people):
                held["state"] = "agreed"

    def end_goal(self, goal: str, person: str, state: str) -> None:
        held = self.goals[goal]
        need(person in self.bonds[held["bond"]].people and person != GONE, Forbidden)
        if held["state"] != state:
            need(held["state"] == "agreed" or (held["state"], state) == ("proposed", "dropped"))
            held["state"] = state

    def planned(self, sessions: Iterable[Session]) -> None:
        for one in sessions:
            assert self.bonds[one.relationship].stage in ("active", "booked")
            assert one.id not in self.sessions, "a session was planned twice"
            self.sessions[one.id] = {
                "bond": one.relationship,
                "state": "planned",
                "starts": one.starts,
            }

    def hold(self, session: str) -> None:
        held = self.sessions[session]
        if held["state"] == "held":
            return
        bond = self.bonds[held["bond"]]
        need(held["state"] == "planned" and held["starts"] <= self.clock.now)
        need(bond.stage in ("active", "booked", "paused", "closed"))
        held["state"] = "held"
        if bond.stage == "booked":
            bond.onward()
            bond.version += 1

    def strike(self, session: str, state: str) -> None:
        held = self.sessions[session]
        if held["state"] != state:
            need(held["state"] == "planned")
            held["state"] = state

    def close(self, programme: str) -> None:
        need(programme in self.programmes, NotFound)
        if self.programmes[programme] == "closed":
            return
        for id, bond in self.bonds.items():
            if bond.programme == programme and bond.stage != "closed":
                self._close(id, "completed" if bond.stage in LASTS else "ended")
        self.programmes[programme] = "closed"

    def advance(self, made: Sequence[Relationship]) -> None:
        """Whatever has met is over, what is active when its last day is, and what nobody
        answered after two weeks; pauses end, and whoever was left is proposed to the next best."""
        now = self.clock.now
        for id, bond in self.bonds.items():
            waits = bond.stage in ("proposed", "chemistry")
            if waits and now >= bond.asked + datetime.timedelta(days=14):
                self._close(id, "expired")
            if bond.stage == "paused" and bond.paused and now >= _midnight(bond.paused[1]):
                bond.resume(now.date())
            if bond.stage == "met" or (bond.stage == "active" and bond.ends < now.date()):
                self._close(id, "completed")

        for programme in self.programmes:
            here = [one for one in made if one.programme == programme]
            self._check_next_best(programme, here)
        self.left.clear()
        for one in made:
            self._begin(one)

    def _check_next_best(self, programme: str, made: Sequence[Relationship]) -> None:
        """In each is somebody who was left, and in none is anybody who kept silent."""
        waits = any(
            (draft.programme, state) == (programme, "draft")
            for draft, state in self.drafts.values()
        )
        looked = programme in self.left and self.programmes[programme] == "open" and not waits
        mine = [bond for bond in self.bonds.values() if bond.programme == programme]
        left = {
            one for bond in mine if bond.outcome in ("declined", "expired") for one in bond.people
        }
        free = {one for one in self._free(programme) if not _silent(mine, one)}
        possible = {
            (one, other)
            for one in free
            for other in free
            if not one.startswith("m") and other.startswith("m")
            if {one, other} & left and not self._tried(programme, one, other)
        }
        found = [one.people for one in made]
        assert not found or looked, "nobody was to be proposed to anybody"
        assert set(found) <= possible, "somebody is proposed who should not be"
        people = [person for pair in found for person in pair]
        assert len(set(people)) == len(people), "somebody is proposed twice"
        assert found or not (looked and possible), "somebody is left who could be proposed"

    def _open(self, programme: str) -> None:
        need(programme in self.programmes, NotFound)
        need(self.programmes[programme] == "open")

    def _end_all(self, person: str, programme: str | None) -> None:
        for id, bond in self.bonds.items():
            here = person in bond.people and programme in (None, bond.programme)
            if here and bond.stage != "closed":
                self._close(id, "ended")

    def _close(self, id: str, outcome: str) -> None:
        bond = self.bonds[id]
        bond.stage, bond.outcome = "closed", outcome
        bond.version += 1
        if outcome in ("declined", "expired"):
            self.left.add(bond.programme)
        for held in self.sessions.values():
            ahead = held["starts"] > self.clock.now
            if held["bond"] == id and held["state"] == "planned" and ahead:
                held["state"] = "cancelled"
