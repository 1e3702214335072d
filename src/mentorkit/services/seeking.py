"""Somebody else for those who were left: the next best after a proposal, or a successor."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from mentorkit import lifecycle
from mentorkit.admission import rated
from mentorkit.errors import Conflict, Invalid
from mentorkit.models import (
    Agreement,
    Draft,
    Member,
    ProgrammeRun,
    Relationship,
)
from mentorkit.services.beginning import begin, first_terms, note_readings, reasons_of
from mentorkit.services.of_relationship import LEFT, OfRelationship
from mentorkit.services.relationships import Relationships
from mentorkit.services.room import Room, room
from mentorkit.services.work import changing, check_version
from mentorkit.store.shelves import DRAFTS, GOALS, PROGRAMMES, RELATIONSHIPS


class Seeking(OfRelationship):
    """Matches those who were left with those who have room, and proposes it to them."""

    def _look(self, programmes: Iterable[str]) -> dict[str, datetime.datetime | None]:
        """Propose the next best wherever a programme wants that; there is no next look."""
        for programme in programmes:
            self._next_best(self._rows.get(PROGRAMMES, programme))
        return dict.fromkeys(programmes)

    def _next_best(self, run: ProgrammeRun) -> None:
        # While a draft waits, its coordinator decides about all who have room.
        waiting = self._rows.find(DRAFTS, programme=run.id, state="draft")
        if run.state == "closed" or not run.blueprint.policies.next_best or waiting:
            return
        past = self._rows.find(RELATIONSHIPS, programme=run.id)
        left = {one: held for held in past if held.outcome in LEFT for one in held.members}
        silent, free = _silent(past), self._room(run, past)
        seekers = {one for one in left if one.person in free.having(one.role) - silent}
        if not seekers:
            return
        draft = self._drafted(run, past, without=_unasked(run, free, seekers, silent))
        made = [
            attrs.evolve(held, follows=_followed(held, left))
            for held in self._relationships(run, draft)
            if seekers & set(held.members)
        ]
        if made:
            self._rows.add(DRAFTS, [draft])
            note_readings(self._work, run, draft)
            self._begin(run, draft, made)

    @changing
    def hand_over(
        self,
        relationship: str,
        leaving: str,
        *,
        to: str | None = None,
        version: int | None = None,
    ) -> Relationship:
        """Propose to the others of a relationship somebody in the place of one who is leaving.

        Without `to`, whoever fits best of those who have room. The relationship closes, and
        the new one follows it, with the goals that those who stay have agreed on. Invalid
        where the one is no member or the other is one, Conflict where they are not to be
        matched. As long as a successor is there, doing it again gives that one.
        """
        run = self._rows.get(
            PROGRAMMES, self._rows.get(RELATIONSHIPS, relationship).programme, lock=True
        )
        held = self._together(relationship, "matching.hand_over")
        check_version(held, version)
        past = self._rows.find(RELATIONSHIPS, programme=run.id)
        for one in past:
            if one.follows == held.id and one.stage != lifecycle.CLOSED:
                return self._shown(RELATIONSHIPS, one, self._ties_of(one))
        if run.state == "closed":
            raise Conflict(f"programme {run.id!r} is closed")
        place = _place(held, leaving, to)
        Relationships(self._work)._handed_over(held)
        past = self._rows.find(RELATIONSHIPS, programme=run.id)
        not_for = _not_for(run, self._room(run, past), held, place, to)
        draft = self._drafted(run, past, without=not_for)
        found = [
            one for one in self._relationships(run, draft) if set(held.people) & set(one.people)
        ]
        if len(found) != 1 or len(found[0].members) != len(held.members):
            whom = "nobody with room" if to is None else f"{to!r} is not available, or nobody"
            raise Conflict(f"{whom} can be matched with those who stay")
        terms = _terms_on(run, held, draft.made)
        made = attrs.evolve(found[0], agreement=terms, follows=held.id)
        self._rows.add(DRAFTS, [draft])
        note_readings(self._work, run, draft)
        self._begin(run, draft, [made])
        self._take_goals_along(held, made)
        self._work.happened(
            "relationship.followed",
            held.id,
            programme=run.id,
            relationship=made.id,
            people=made.people,
        )
        return self._shown(
            RELATIONSHIPS, self._rows.get(RELATIONSHIPS, made.id), self._ties_of(made)
        )

    def _room(self, run: ProgrammeRun, past: Sequence[Relationship], **more: Any) -> Room:
        """Who has room; what the coordinator forbade in drafts that were published holds on."""
        drafts = self._rows.find(DRAFTS, programme=run.id, state="published")
        forbidden = [pair for draft in drafts for pair in draft.plan.record.forbids]
        return room(self._rows, run, past=past, apart=forbidden, **more)

    def _drafted(
        self, run: ProgrammeRun, past: Sequence[Relationship], without: Iterable[tuple[str, str]]
    ) -> Draft:
        """A draft that is published as it is made, of who has room but for these."""
        from mentorkit.matching import match

        free = self._room(run, past, without=without)
        plan = match(
            free.people,
            rated(run.programme),
            forbids=free.apart,
            registry=self._work.registry,
            executor=self._work.executor,
        )
        return Draft(
            id=self._work.ids(),
            programme=run.id,
            plan=plan,
            state="published",
            made=self._work.now(),
        )

    def _relationships(self, run: ProgrammeRun, draft: Draft) -> list[Relationship]:
        """What publishing makes: the same from the same draft, so that it can be repeated."""
        from mentorkit.matching import teams

        agreement = first_terms(run, draft.made)
        reasons = reasons_of(draft.plan)
        return [
            lifecycle.begin(
                id=self._work.id("relationship", f"{draft.id}/{' '.join(team.people)}"),
                programme=run.id,
                members=team.members,
                path=run.blueprint.path,
                agreement=agreement,
                reasons=reasons.get(team, ()),
                at=self._work.now(),
            )
            for team in teams(draft.plan, run.blueprint.roles)[0]
        ]

    def _begin(self, run: ProgrammeRun, draft: Draft, made: Sequence[Relationship]) -> None:
        """Say that a draft is published, and keep what begins with it."""
        facts = {"relationships": len(made)}
        self._work.happened("plan.published", draft.id, programme=run.id, facts=facts)
        begin(self._work, run, made)

    def _take_goals_along(self, held: Relationship, made: Relationship) -> None:
        """What those who stay have agreed on goes along, to be accepted by the new member."""
        stay = set(held.people) & set(made.people)
        goals = [
            attrs.evolve(
                goal,
                id=self._work.ids(),
                version=0,
                relationship=made.id,
                state="proposed",
                accepted=tuple(sorted({goal.owner, *stay & set(goal.accepted)})),
                made=self._work.now(),
            )
            for goal in self._rows.find(GOALS, relationship=held.id, state="agreed")
            if goal.owner in stay
        ]
        self._rows.add(GOALS, goals)
        for goal in goals:
            self._told(made, "goal.proposed", goal.id, people=(goal.owner,))


def _silent(past: Sequence[Relationship]) -> set[str]:
    """Who let their last proposal expire without a word."""
    begun = {held.id: held.since[held.path[0]] for held in past}
    said, kept_silent = dict[str, datetime.datetime](), dict[str, datetime.datetime]()
    for held in past:
        for person in held.people:
            answered = person in held.accepted or held.outcome != "expired"
            last = said if answered else kept_silent
            last[person] = max(begun[held.id], last.get(person, begun[held.id]))
    return {one for one, at in kept_silent.items() if one not in said or said[one] < at}


def _unasked(
    run: ProgrammeRun, free: Room, seekers: Collection[Member], silent: Collection[str]
) -> Iterator[tuple[str, str]]:
    """The (person, role) that are no answer to anybody who seeks somebody."""
    names = [role.name for role in run.blueprint.roles]
    for name in names:
        others = {other for other in names if other != name} or {name}
        sought = any(one.role in others for one in seekers)
        for person in free.having(name):
            if person in silent or not (sought or Member(person, name) in seekers):
                yield person, name


def _followed(held: Relationship, left: Mapping[Member, Relationship]) -> str | None:
    """What it follows, where a successor was proposed to a member and came to nothing."""
    before = (left[one].follows for one in held.members if one in left)
    return next((follows for follows in before if follows is not None), None)


def _place(held: Relationship, leaving: str, to: str | None) -> Member:
    """The place in a relationship that becomes empty."""
    for member in held.members:
        if member.person == leaving:
            break
    else:
        raise Invalid("leaving", f"{leaving!r} is no member; they are {', '.join(held.people)}")
    if to in held.people:
        raise Invalid("to", f"{to!r} is a member already")
    if to is None and len(held.members) > 2:
        raise Invalid("to", "is missing; where several stay, say who comes")
    return member


def _not_for(
    run: ProgrammeRun, free: Room, held: Relationship, place: Member, to: str | None
) -> Iterator[tuple[str, str]]:
    """The (person, role) that are not for a relationship with an empty place."""
    stay = set(held.members) - {place}
    for role in run.blueprint.roles:
        for person in free.having(role.name):
            wanted = person == to if to is not None else person != place.person
            if Member(person, role.name) in stay:
                continue
            if role.name != place.role or not wanted or person in held.people:
                yield person, role.name


def _terms_on(run: ProgrammeRun, held: Relationship, now: datetime.datetime) -> Agreement:
    """The terms that go on: until the day agreed, unless there is no time for a meeting left.

    Their words do not: whoever comes has not said them, and is not to read them.
    """
    terms, fresh = held.agreement, first_terms(run, now)
    if terms is None or terms.ends < fresh.starts + datetime.timedelta(days=terms.cadence):
        return fresh
    return attrs.evolve(
        fresh,
        starts=min(fresh.starts, terms.ends),
        ends=terms.ends,
        cadence=terms.cadence,
        minutes=terms.minutes,
        timezone=terms.timezone,
    )
