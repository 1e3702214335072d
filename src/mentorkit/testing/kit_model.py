"""A tenant in plain dictionaries: what the store should hold after each call on a kit.

Each function changes the model as the call changes the store, or raises the error that the
call raises. It knows nothing of tables, versions of tables, or transactions.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

import attrs

from mentorkit.errors import Conflict, Forbidden, MentorkitError, NotFound
from mentorkit.models import Draft, Participant, Person, Relationship, Session


def need(true: object, refusal: type[MentorkitError] = Conflict) -> None:
    """Refuse, unless it is true."""
    if not true:
        raise refusal


GONE = "erased"
"""Stands for whoever is erased; nobody else has this id, nor does anything in this name."""


def renamed(one: str, person: str) -> str:
    """Somebody's id, once a person is erased."""
    return GONE if one == person else one


@attrs.define
class Bond:
    """A relationship as the model knows it."""

    programme: str
    people: tuple[str, ...]
    path: tuple[str, ...]
    stage: str
    ends: datetime.date
    begun: datetime.datetime
    version: int = 1
    accepted: set[str] = attrs.field(factory=set)
    signed: set[str] = attrs.field(factory=set)
    outcome: str | None = None
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
        self.stage = self.path[self.path.index(self.stage) + 1]


@attrs.define
class Model:
    """All of a tenant."""

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
        for goal in self.goals.values():
            goal["accepted"] = {renamed(one, person) for one in goal["accepted"]}
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
            assert all(set(pair) != set(bond.people) for bond in mine), "a pair is matched again"

    def publish(self, draft: str, made: tuple[Relationship, ...] | None) -> None:
        held, state = self.drafts[draft]
        need(state != "replaced")
        if state == "published":
            return
        people = {person for pair in held.plan.pairs for person in pair}
        need(all(self.parts.get((held.programme, person)) == "enrolled" for person in people))
        self.drafts[draft] = (held, "published")
        for one in made or ():
            assert one.agreement is not None
            self.bonds[one.id] = Bond(
                one.programme,
                one.people,
                one.path,
                one.path[0],
                one.agreement.ends,
                one.since[one.path[0]],
            )

    def accept(self, id: str, person: str, version: int | None) -> None:
        bond = self.bonds[id]
        bond.check(person, version)
        if person in bond.accepted:
            return
        need(bond.stage == "proposed")
        bond.accepted.add(person)
        bond.version += 1
        if bond.accepted == set(bond.people):
            bond.onward()

    def decline(self, id: str, person: str, version: int | None) -> None:
        bond = self.bonds[id]
        bond.check(person, version)
        if bond.outcome != "declined":
            need(bond.stage == "proposed")
            self._close(id, "declined")

    def propose(self, id: str, person: str, ends: datetime.date, version: int | None) -> None:
        bond = self.bonds[id]
        bond.check(person, version)
        if ends != bond.ends:
            need(bond.stage == "agreeing")
            bond.ends, bond.signed = ends, set()
            bond.version += 1
        elif bond.stage == "active":
            self._amend(bond, bond.cadence)

    def amend(self, id: str, person: str, cadence: int, version: int | None) -> None:
        bond = self.bonds[id]
        bond.check(person, version)
        if bond.stage == "active":
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
        if bond.stage == "active" and bond.proposal is not None:
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

    def _sign_other(self, bond: Bond, person: str) -> None:
        bond.version += person not in bond.agreed
        bond.agreed.add(person)
        if bond.agreed == set(bond.people) and bond.proposal is not None:
            bond.cadence, bond.proposal, bond.agreed = bond.proposal, None, set()

    def finish(self, id: str, outcome: str, version: int | None) -> None:
        bond = self.bonds[id]
        need(version in (None, bond.version))
        if bond.outcome != outcome:
            need(bond.stage in ("active", "met") or (outcome == "ended" and not bond.outcome))
            self._close(id, outcome)

    def goal(self, id: str, person: str, key: str, made: str | None) -> None:
        bond = self.bonds[id]
        need(person in bond.people and person != GONE, Forbidden)
        need(bond.stage != "closed")
        known = self.keys.setdefault((id, person, key), made or "")
        assert made in (None, known), "one key made two goals"
        self.goals.setdefault(known, {"bond": id, "state": "proposed", "accepted": {person}})

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

    def hold(self, session: str, now: datetime.datetime) -> None:
        held = self.sessions[session]
        if held["state"] == "held":
            return
        bond = self.bonds[held["bond"]]
        need(held["state"] == "planned" and held["starts"] <= now)
        need(bond.stage in ("active", "booked"))
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
                self._close(id, "completed" if bond.stage in ("active", "met") else "ended")
        self.programmes[programme] = "closed"

    def advance(self, now: datetime.datetime) -> None:
        """Whatever has met is over, what is active when its last day is, and what nobody
        answered after two weeks."""
        for id, bond in self.bonds.items():
            if bond.stage == "proposed" and now >= bond.begun + datetime.timedelta(days=14):
                self._close(id, "expired")
            if bond.stage == "met" or (bond.stage == "active" and bond.ends < now.date()):
                self._close(id, "completed")

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
        for held in self.sessions.values():
            if held["bond"] == id and held["state"] == "planned":
                held["state"] = "cancelled"
