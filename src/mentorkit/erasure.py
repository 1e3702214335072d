"""What becomes of each kind of thing when somebody in it is erased: all of it, and nowhere else.

What is one person's goes. What several share keeps its dates, states and counts, under a name
that stands for whoever was erased, and loses the words that tell of them or may be theirs.
Pure functions: each takes a thing, and gives what is left of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import attrs

from mentorkit.models import (
    Action,
    Award,
    Blueprint,
    Certificate,
    ConductReport,
    Draft,
    Expectation,
    FrozenMap,
    Gathering,
    Goal,
    Insight,
    Invitation,
    Match,
    MatchPlan,
    Member,
    Message,
    Note,
    OddSet,
    OfficeHours,
    Pair,
    Person,
    Programme,
    ProgrammeRun,
    Query,
    Relationship,
    Request,
    Resource,
    Seat,
    Session,
    Signal,
    Team,
    Unmatched,
)
from mentorkit.models.person import ERASED

T = TypeVar("T")
S = TypeVar("S", Programme, Blueprint)
GONE = "(erased)"
"""What stands where words were and something has to."""
SAID = Message("erased", GONE)


@attrs.frozen
class Erasure:
    """Somebody's id, what stands in its place from now on, and their address."""

    person: str
    stand_in: str
    address: str | None = None

    def name(self, person: str) -> str:
        """Anybody's id, as it is after the erasure."""
        return self.stand_in if person == self.person else person

    def names(self, people: Iterable[str]) -> tuple[str, ...]:
        """Several ids, in the order that they had."""
        return tuple(map(self.name, people))

    def sorted_names(self, people: Iterable[str]) -> tuple[str, ...]:
        """Several ids, in their order."""
        return tuple(sorted(self.names(people)))

    def key(self, key: str) -> str:
        """A rule's key, in which an id may be a part; different keys stay different.

        A number may be a round's as well: what was asked or found would be so once more. By
        itself it tells nothing, and stays.
        """
        if self.person.isdecimal():
            return key
        whole = rf"(?<![\w-]){re.escape(self.person)}(?![\w-])"
        return re.sub(whole, lambda _: self.stand_in, key)

    def message(self, said: Message) -> Message:
        """A sentence that others read too, without the id."""
        values = {
            name: self.key(held) if isinstance(held, str) else held
            for name, held in said.values.items()
        }
        return said if values == dict(said.values) else attrs.evolve(said, values=values)


Rule = Callable[[Any, Erasure], Any]
"""Gives what is left of a thing, the same thing if it is not touched, or None if nothing is."""


def _nothing(_: object, __: Erasure) -> None:
    return None


def _programme(held: ProgrammeRun, erasure: Erasure) -> ProgrammeRun:
    """What was stated, but for a contact who is gone."""
    return attrs.evolve(
        held,
        programme=_stated(held.programme, erasure),
        blueprint=_stated(held.blueprint, erasure),
    )


def _stated(held: S, erasure: Erasure) -> S:
    if held.policies.safeguarding != erasure.person:
        return held
    return attrs.evolve(held, policies=attrs.evolve(held.policies, safeguarding=None))


def _relationship(held: Relationship, erasure: Erasure) -> Relationship:
    """Who was together, when, and how it ended; not why, nor their terms."""
    return attrs.evolve(
        held,
        members=_members(held.members, erasure),
        accepted=erasure.sorted_names(held.accepted),
        signed=erasure.sorted_names(held.signed),
        give_back=erasure.sorted_names(held.give_back),
        agreement=held.agreement and held.agreement.wordless,
        # Nobody signs any more with whoever is gone.
        proposal=None,
        former=tuple(attrs.evolve(one, agreement=one.agreement.wordless) for one in held.former),
        reasons=(),
        extensions=tuple(
            attrs.evolve(one, agreed=erasure.sorted_names(one.agreed)) for one in held.extensions
        ),
    )


def _members(members: Iterable[Member], erasure: Erasure) -> tuple[Member, ...]:
    return tuple(Member(erasure.name(held.person), held.role) for held in members)


def _note(held: Note, erasure: Erasure) -> Note | None:
    """A note is its author's, shared or not."""
    return None if held.author == erasure.person else held


def _expectation(held: Expectation, erasure: Erasure) -> Expectation | None:
    """What one member expects is theirs; what the other does stays so."""
    return None if held.person == erasure.person else held


def _session(held: Session, erasure: Erasure) -> Session:
    """When they met, who came, and which outputs there were; not what was said in them.

    Nobody can tell any more whose words these were, nor of whom they tell.
    """
    return attrs.evolve(
        held,
        title=erasure.message(held.title),
        place=None,
        link=None,
        agenda=(),
        outputs=dict.fromkeys(held.outputs, GONE),
        attended=erasure.sorted_names(held.attended),
    )


def _goal(held: Goal, erasure: Erasure) -> Goal:
    """A goal is its owner's; of theirs, its state and day are left."""
    if held.owner != erasure.person:
        progress = tuple(attrs.evolve(one, by=erasure.name(one.by)) for one in held.progress)
        accepted = erasure.sorted_names(held.accepted)
        return attrs.evolve(held, accepted=accepted, progress=progress)
    return attrs.evolve(
        held,
        owner=erasure.stand_in,
        title=GONE,
        metric="",
        baseline=None,
        target=None,
        first_step="",
        objective="",
        accepted=erasure.sorted_names(held.accepted),
        progress=(),
    )


def _action(held: Action, erasure: Erasure) -> Action:
    """Whose it was, and whether it was done; its words are both its owner's and its writer's."""
    if erasure.person not in (held.owner, held.by):
        return held
    return attrs.evolve(held, owner=erasure.name(held.owner), by=erasure.name(held.by), title=GONE)


def _query(held: Query, erasure: Erasure) -> Query:
    """That something was asked and answered; what others said stays theirs."""
    replies = tuple(
        attrs.evolve(one, by=erasure.stand_in, words=GONE) if one.by == erasure.person else one
        for one in held.replies
    )
    words = GONE if held.asker == erasure.person else held.words
    return attrs.evolve(held, asker=erasure.name(held.asker), words=words, replies=replies)


def _resource(held: Resource, erasure: Erasure) -> Resource:
    """That something was shared, and when."""
    if held.by != erasure.person:
        return held
    return attrs.evolve(held, by=erasure.stand_in, title=GONE, link=None, words=GONE)


def _insight(held: Insight, erasure: Erasure) -> Insight:
    """How far it went, and when; neither what it was nor where it came from."""
    if held.owner != erasure.person:
        return held
    return attrs.evolve(held, owner=erasure.stand_in, words=GONE, source="")


def _request(held: Request, erasure: Erasure) -> Request:
    """That somebody was asked, and what is counted: others' rates rest on it, and stay.

    A rate that changed with the erasure would tell what the erased one had answered.
    """
    held = attrs.evolve(held, key=erasure.key(held.key))
    if held.person != erasure.person:
        return held
    counted = {
        one.id for one in held.questions if one.audience == "aggregate" and one.form != "text"
    }
    return attrs.evolve(
        held,
        person=erasure.stand_in,
        state="closed" if held.state == "open" else held.state,
        answers={name: answer for name, answer in held.answers.items() if name in counted},
    )


def _signal(held: Signal, erasure: Erasure) -> Signal:
    """What a signal said of several people; of them alone, or by them, only that there was one."""
    alone = held.people == (erasure.person,) or held.by == erasure.person
    return attrs.evolve(
        held,
        key=erasure.key(held.key),
        message=SAID if alone else erasure.message(held.message),
        people=erasure.names(held.people),
        by=held.by and erasure.name(held.by),
        state="settled" if alone else held.state,
    )


def _award(held: Award, erasure: Erasure) -> Award:
    """What was granted, and when; not what they were thanked for, nor their thanks."""
    title = erasure.message(held.title)
    if held.giver is not None and erasure.person in (held.person, held.giver):
        title = SAID
    return attrs.evolve(
        held,
        person=erasure.name(held.person),
        giver=held.giver and erasure.name(held.giver),
        key=erasure.key(held.key),
        title=title,
    )


def _conduct(held: ConductReport, erasure: Erasure) -> ConductReport:
    """That there was a report, and whether it is settled; the words are its writer's.

    Whoever it is about does not take it away by having themselves erased.
    """
    theirs = held.reporter == erasure.person
    return attrs.evolve(
        held,
        reporter=erasure.name(held.reporter),
        about=erasure.name(held.about),
        contact=held.contact and erasure.name(held.contact),
        words=GONE if theirs else held.words,
    )


def _invitation(held: Invitation, erasure: Erasure) -> Invitation:
    """That there was one, and what became of it; not where it was sent."""
    theirs = held.email is not None and held.email == erasure.address
    return attrs.evolve(
        held,
        person=held.person and erasure.name(held.person),
        email=None if theirs else held.email,
        state="revoked" if theirs and held.state == "open" else held.state,
    )


def _office_hours(held: OfficeHours, erasure: Erasure) -> OfficeHours | None:
    """They are of the one who offers them."""
    return None if held.person == erasure.person else held


def _gathering(held: Gathering, _: Erasure) -> Gathering:
    """It is the programme's, and names nobody; how many came is a count."""
    return held


def _seat(held: Seat, erasure: Erasure) -> Seat | None:
    """That somebody came, or was missed; of whoever did neither, nothing."""
    if held.person != erasure.person:
        return held
    gone = held.state not in ("came", "missed")
    return None if gone else attrs.evolve(held, person=erasure.stand_in)


def _draft(held: Draft, erasure: Erasure) -> Draft:
    """Who was to be with whom, with others' reasons and the figures.

    One that waits to be published would match somebody who is gone, and so is replaced.
    """
    matched = any(erasure.person in match.team.people for match in held.plan.matches)
    stale = matched and held.state == "draft"
    plan = _plan(held.plan, erasure)
    return attrs.evolve(held, plan=plan, state="replaced" if stale else held.state)


def _plan(held: MatchPlan, erasure: Erasure) -> MatchPlan:
    record = attrs.evolve(
        held.record,
        programme=_stated(held.record.programme, erasure),
        pins=_without(held.record.pins, erasure),
        forbids=_without(held.record.forbids, erasure),
        stays=_without(held.record.stays, erasure),
    )
    return attrs.evolve(
        held,
        matches=tuple(_match(one, erasure) for one in held.matches),
        unmatched=tuple(_unmatched(one, erasure) for one in held.unmatched),
        certificate=_certificate(held.certificate, erasure),
        record=record,
        notes=tuple(erasure.message(note) for note in held.notes),
    )


def _without(pairs: Iterable[Pair], erasure: Erasure) -> tuple[Pair, ...]:
    return tuple(pair for pair in pairs if erasure.person not in pair)


def _match(held: Match, erasure: Erasure) -> Match:
    """Reasons and directed scores tell of wishes; the fit is the pair's."""
    if erasure.person not in held.team.people:
        return held
    team = Team(_members(held.team.members, erasure))
    return attrs.evolve(held, team=team, wishes=(0, 0), findings=())


def _unmatched(held: Unmatched, erasure: Erasure) -> Unmatched:
    if held.person != erasure.person:
        return held
    return attrs.evolve(held, person=erasure.stand_in, cause=SAID, remedy=None)


def _certificate(held: Certificate, erasure: Erasure) -> Certificate:
    """The figures, without what somebody's place was worth. It proves nothing any more.

    Nor could it, as the record's digest is of people of whom one is gone.
    """
    freely = held.freely and attrs.evolve(
        held.freely,
        pairs=_without(held.freely.pairs, erasure),
        prices=_prices(held.freely.prices, erasure),
    )
    return attrs.evolve(
        held,
        prices=_prices(held.prices, erasure),
        many=_prices(held.many, erasure),
        above=_prices(held.above, erasure),
        sets=tuple(
            OddSet(price=one.price, people=erasure.names(one.people), sets=one.sets)
            for one in held.sets
        ),
        freely=freely,
    )


def _prices(held: Mapping[str, FrozenMap[int]], erasure: Erasure) -> dict[str, dict[str, int]]:
    return {
        role: {person: price for person, price in prices.items() if person != erasure.person}
        for role, prices in held.items()
    }


ERASE: Mapping[type, Rule] = {
    Person: _nothing,
    ProgrammeRun: _programme,
    Draft: _draft,
    Relationship: _relationship,
    Note: _note,
    Expectation: _expectation,
    Session: _session,
    Goal: _goal,
    Action: _action,
    Query: _query,
    Resource: _resource,
    Insight: _insight,
    Request: _request,
    Signal: _signal,
    Award: _award,
    Invitation: _invitation,
    OfficeHours: _office_hours,
    Gathering: _gathering,
    Seat: _seat,
    ConductReport: _conduct,
}
"""What is left of each kind of thing that is kept, where it is of the one who is erased or of
a relationship that they were in."""


def left_of(thing: T, erasure: Erasure) -> T | None:
    """What is left of a thing; None where nothing is. KeyError for a kind without a rule."""
    left: T | None = ERASE[type(thing)](thing, erasure)
    return left


def stand_in(id: str) -> str:
    """The name, under a new id, that stands for somebody who is erased."""
    return f"{ERASED}{id}"
