"""Matching: drafted, reviewed, published."""

from __future__ import annotations

import datetime
import zoneinfo
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

import attrs

from mentorkit import lifecycle
from mentorkit.access import Ties
from mentorkit.admission import rated
from mentorkit.errors import Conflict, Invalid, NotFound
from mentorkit.models import (
    Agreement,
    Audit,
    Columns,
    Draft,
    MatchPlan,
    Message,
    Pair,
    Participant,
    ProgrammeRun,
    Relationship,
    Team,
)
from mentorkit.services.of_relationship import KIND
from mentorkit.services.work import Service, changing, check_version
from mentorkit.store import journal, members
from mentorkit.store.shelves import DRAFTS, PEOPLE, PROGRAMMES, RELATIONSHIPS

LENGTH, CADENCE, MINUTES = 180, 14, 60
"""What a relationship's terms are where no format and no programme states them."""


class Matching(Service):
    """`kit.matching`: plans on their way from the engine to the people."""

    @changing
    def draft(
        self,
        programme: str,
        *,
        pins: Iterable[Pair] = (),
        forbids: Iterable[Pair] = (),
        key: str | None = None,
    ) -> Draft:
        """Match those who are enrolled and have room, and keep the plan to be reviewed.

        Places that open relationships fill are taken; people who once declined or ended a
        relationship with each other are not matched again. An earlier draft is replaced.
        The same `key` gives the same draft again.
        """
        run = self._rows.get(PROGRAMMES, programme, lock=True)
        self._work.allow("matching.draft", Ties(programme=run.id), run)
        if run.state == "closed":
            raise Conflict(f"programme {programme!r} is closed")
        id = self._work.id("draft", key, run.id)
        if again := self._again(DRAFTS, id, key):
            return self._shown(DRAFTS, again, Ties(programme=run.id))
        # NumPy loads when a plan is made, not with every kit.
        from mentorkit.matching import match

        people, known = self._people(run)
        plan = match(
            people,
            rated(run.programme),
            pins=pins,
            forbids=(*forbids, *known),
            registry=self._work.registry,
            executor=self._work.executor,
        )
        for earlier in self._rows.find(DRAFTS, programme=run.id, state="draft"):
            self._rows.save(DRAFTS, attrs.evolve(earlier, state="replaced"))
        draft = Draft(id=id, programme=run.id, plan=plan, made=self._work.now())
        self._rows.add(DRAFTS, [draft])
        facts = {"matches": len(plan.matches), "unmatched": len(plan.unmatched)}
        self._work.happened("plan.drafted", draft.id, programme=run.id, facts=facts)
        for attribute, stated in run.blueprint.protected.items():
            if stated.uses:
                self._note_reading(draft, attribute)
        return self.get(draft.id)

    @changing
    def audit(self, draft: str, by: str) -> Audit:
        """How a draft treats groups of people, by an attribute: see `mentorkit.matching.audit`.

        The people must be as they were when it was made. By a protected attribute, the
        journal keeps who asked, for which, and when.
        """
        found = self._rows.get(DRAFTS, draft)
        self._work.allow("matching.audit", Ties(programme=found.programme), found)
        from mentorkit.matching import audit

        run = self._rows.get(PROGRAMMES, found.programme)
        made = {held.id for held in self._relationships(run, found)}
        told = audit(found.plan, self._people(run, made)[0], by, registry=self._work.registry)
        if told.purpose is not None:
            self._note_reading(found, by)
        return told

    def _note_reading(self, draft: Draft, attribute: str) -> None:
        """Keep in the journal that a protected attribute was read, and for whom."""
        reader = self._work.actor.person
        self._work.happened(
            "protected.read",
            draft.id,
            programme=draft.programme,
            people=() if reader is None else (reader,),
            facts={"attribute": attribute},
        )

    def _people(
        self, run: ProgrammeRun, passed_over: Collection[str] = ()
    ) -> tuple[Columns, list[Pair]]:
        """Those with room left, and the pairs among them that were tried already.

        Relationships whose ids are `passed_over` take no room.
        """
        taken: Counter[tuple[str, str]] = Counter()
        tried: set[Pair] = set()
        for held in self._rows.find(RELATIONSHIPS, programme=run.id):
            if held.id in passed_over:
                continue
            pairs = _pairs(held)
            tried |= {(min(pair), max(pair)) for pair in pairs}
            if held.stage != lifecycle.CLOSED:
                taken.update(_places(held))
        people = members.columns(
            self._rows, run, taken, lambda people: self._everywhere(people, passed_over)
        )
        able = {
            role: {person for person, places in zip(people.ids, column, strict=True) if places}
            for role, column in people.roles.items()
        }
        roles = run.blueprint.roles
        left, right = (able.get(role.name, set()) for role in (roles[0], roles[-1]))
        known = {
            pair
            for pair in tried
            if (pair[0] in left and pair[1] in right) or (pair[1] in left and pair[0] in right)
        }
        return people, sorted(known)

    def _everywhere(
        self, people: Collection[str], passed_over: Collection[str] = ()
    ) -> Counter[str]:
        """The places that open relationships fill in all programmes, by person."""
        ids = members.relationships_of(self._rows, *people)
        return Counter(
            person
            for held in self._rows.find(RELATIONSHIPS, id=ids)
            if held.stage != lifecycle.CLOSED and held.id not in passed_over
            for person, _ in _places(held)
        )

    def get(self, draft: str) -> Draft:
        """A draft, whatever became of it."""
        found = self._rows.get(DRAFTS, draft)
        return self._shown(DRAFTS, found, Ties(programme=found.programme))

    def latest(self, programme: str) -> Draft:
        """The draft that waits to be published; NotFound without one."""
        for found in self._rows.find(DRAFTS, programme=programme, state="draft"):
            return self._shown(DRAFTS, found, Ties(programme=programme))
        raise NotFound(f"programme {programme!r} has no draft to publish; draft one first")

    @changing
    def publish(self, draft: str, *, version: int | None = None) -> tuple[Relationship, ...]:
        """Make relationships of a draft, at the first stage of the programme's path.

        Doing it again gives the same ones. Conflict where the draft was replaced, or where
        somebody in it takes part no longer.
        """
        run = self._rows.get(PROGRAMMES, self._rows.get(DRAFTS, draft).programme, lock=True)
        found = self._rows.get(DRAFTS, draft)
        self._work.allow("matching.publish", Ties(programme=run.id), found)
        made = self._relationships(run, found)
        if found.state == "published":
            return self._published(made)
        if found.state == "replaced":
            raise Conflict(f"draft {draft!r} was replaced by a later one")
        check_version(found, version)
        self._check_present(run, made)
        self._rows.save(DRAFTS, attrs.evolve(found, state="published"))
        self._rows.add(RELATIONSHIPS, made)
        members.add_members(self._rows, made)
        facts = {"relationships": len(made)}
        self._work.happened("plan.published", found.id, programme=run.id, facts=facts)
        for held in made:
            self._work.happened(
                "relationship.begun",
                held.id,
                programme=run.id,
                relationship=held.id,
                people=held.people,
                facts={"stage": held.stage},
            )
        journal.set_timers(self._rows, KIND, [held.id for held in made], self._work.now())
        return self._published(made)

    def _published(self, made: list[Relationship]) -> tuple[Relationship, ...]:
        """What was made of a draft, as it stands now and as far as the actor may see it."""
        found = self._rows.find(RELATIONSHIPS, id=[held.id for held in made])
        return self._visible(found, lambda held: self._ties(held.programme, held.people))

    def _relationships(self, run: ProgrammeRun, draft: Draft) -> list[Relationship]:
        """What publishing makes: the same from the same draft, so that it can be repeated."""
        from mentorkit.matching import teams

        agreement = _first_terms(run, draft.made)
        reasons = _reasons(draft.plan)
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

    def _check_present(self, run: ProgrammeRun, made: list[Relationship]) -> None:
        people = {person for held in made for person in held.people}
        there = {
            held.id: held.participant
            for held in members.enrolments(self._rows, run.id, people)
            if held.state == "enrolled"
        }
        if gone := sorted(people - there.keys()):
            raise Conflict(f"{gone[0]!r} takes part no longer; draft the plan again")
        self._check_room(run, made, there)

    def _check_room(
        self, run: ProgrammeRun, made: list[Relationship], there: Mapping[str, Participant]
    ) -> None:
        """Nobody is given more partners than they take here, or in all programmes together."""
        limited = [person for person in there if there[person].person.capacity is not None]
        # Two programmes that are published at once must not both fill the last place.
        self._rows.lock(PEOPLE, limited)
        here, everywhere = Counter[tuple[str, str]](), self._everywhere(limited)
        for held in self._rows.find(RELATIONSHIPS, programme=run.id):
            if held.stage != lifecycle.CLOSED:
                here.update(_places(held))
        new = Counter(place for held in made for place in _places(held))
        everywhere.update(person for person, _ in new.elements())
        full = {one for one in limited if everywhere[one] > (there[one].person.capacity or 0)}
        for (person, role), places in new.items():
            if here[person, role] + places > there[person].roles.get(role, 0) or person in full:
                raise Conflict(f"{person!r} has no place left; draft the plan again")


def _pairs(held: Relationship) -> list[Pair]:
    """Every two members with different roles, or of the one role that all have."""
    alike = len({member.role for member in held.members}) == 1
    return [
        (one.person, other.person)
        for index, one in enumerate(held.members)
        for other in held.members[index + 1 :]
        if alike or one.role != other.role
    ]


def _places(held: Relationship) -> list[tuple[str, str]]:
    """The places (person, role) that a relationship fills: one for each partner."""
    roles = {member.person: member.role for member in held.members}
    return [(person, roles[person]) for pair in _pairs(held) for person in pair]


def _reasons(plan: MatchPlan) -> dict[Team, tuple[Message, ...]]:
    """Why two people were matched. In larger teams reasons would tell others' wishes."""
    return {held.team: tuple(found.message for found in held.reasons) for held in plan.matches}


def _first_terms(run: ProgrammeRun, made: datetime.datetime) -> Agreement:
    """The terms that a relationship starts from, as the programme states them."""
    policies = run.blueprint.policies
    zone = policies.timezone or "UTC"
    today = made.astimezone(zoneinfo.ZoneInfo(zone)).date()
    starts = max(today, run.programme.starts or today)
    try:
        return Agreement(
            starts=starts,
            ends=starts + datetime.timedelta(days=(policies.length or LENGTH) - 1),
            cadence=policies.cadence or CADENCE,
            minutes=policies.minutes or MINUTES,
            timezone=zone,
        )
    except OverflowError:
        raise Invalid("starts", "is too far in the future") from None
