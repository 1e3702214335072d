"""Who may read what, and who may do what: all of it, and nowhere else.

A rule for a kind of thing says, for each standing that a reader can have to it, what that
reader sees: the thing with some of it left out, or nothing at all, which then looks as if
it were not there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar, get_args

import attrs

from mentorkit.blueprint import PARITY
from mentorkit.models import (
    Action,
    Actor,
    AgreementPoint,
    Award,
    ConductReport,
    Delivery,
    Draft,
    Duty,
    Enrolment,
    Event,
    Expectation,
    Gathering,
    Goal,
    Insight,
    Invitation,
    Message,
    Note,
    OfficeHours,
    Opening,
    Person,
    ProgrammeRun,
    Query,
    Relationship,
    Request,
    Resource,
    Seat,
    Session,
    Signal,
    Story,
)

T = TypeVar("T")
Standing = Literal["system", "self", "partner", "coordinator", "participant", "stranger"]
"""What a reader is to a thing. Whoever is several things at once is the first of them that
sees it: whose own it is, a member of its relationship, its programme's coordinator, one who
takes part in its programme."""
STANDINGS: tuple[Standing, ...] = get_args(Standing)

View = Callable[[Any], Any]
"""Gives what the reader sees of a thing."""


@attrs.frozen(kw_only=True)
class Ties:
    """Whom a thing belongs to: what decides a reader's standing.

    `own` are the people whose own it is, `members` those it is shared with, `programme`
    the one whose coordinators it concerns; `taking_part` says whether the reader does.
    """

    programme: str | None = None
    own: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    taking_part: bool = False


def standings(actor: Actor, ties: Ties) -> tuple[Standing, ...]:
    """All that an actor is to a thing, in the order in which it counts."""
    if actor.system:
        return ("system",)
    held: list[Standing] = []
    if actor.person is not None and actor.person in ties.own:
        held.append("self")
    if actor.person is not None and actor.person in ties.members:
        held.append("partner")
    if actor.runs(ties.programme):
        held.append("coordinator")
    if ties.taking_part:
        held.append("participant")
    return (*held, "stranger")


def _whole(thing: T) -> T:
    return thing


def _without(**blanks: Any) -> View:
    """Sees everything but these fields, which read as given here."""

    def view(thing: Any) -> Any:
        if all(getattr(thing, name) == blank for name, blank in blanks.items()):
            return thing
        return attrs.evolve(thing, **blanks)

    return view


def _answers_for(*audiences: str) -> View:
    """Sees the answers to questions of these audiences alone."""

    def view(request: Request) -> Request:
        if not request.answers:
            return request
        known = {held.id for held in request.questions if held.audience in audiences}
        answers = {name: held for name, held in request.answers.items() if name in known}
        return attrs.evolve(request, answers=answers)

    return view


def _unlinked(held: OfficeHours) -> OfficeHours:
    """Office hours, without the link that only those get who have booked."""
    return attrs.evolve(held, offer=attrs.evolve(held.offer, link=None))


def _dates_alone(held: Relationship) -> Relationship:
    """What was agreed and is proposed, without the words for it."""
    if held.agreement is None:
        return held
    return attrs.evolve(
        held,
        agreement=held.agreement.wordless,
        proposal=held.proposal
        and attrs.evolve(held.proposal, agreement=held.proposal.agreement.wordless),
        former=tuple(attrs.evolve(one, agreement=one.agreement.wordless) for one in held.former),
    )


def _published(view: View) -> View:
    """Sees a story so, as long as every member consents; else it is not there."""

    def seen(story: Story) -> Any:
        return view(story) if story.state == "published" else None

    return seen


def _shared(*readers: str) -> View:
    """Sees a note that is shared, if it was written for these readers."""

    def view(note: Note) -> Note | None:
        return note if note.shared and note.confidentiality in readers else None

    return view


def _thanks_without_words(held: Award) -> Award:
    """An award, but not what one person wrote to another."""
    if held.giver is None:
        return held
    return attrs.evolve(held, title=Message("award.thanks", "thanks"))


def _unpriced(held: Draft) -> Draft:
    """A draft; where parity is by a protected attribute, without its proof.

    Prices, or who moves for the sake of parity, would tell pair by pair whose group it helps.
    """
    stated = held.plan.record.programme.protected.values()
    if not any(PARITY in one.uses for one in stated):
        return held
    groups = tuple(
        attrs.evolve(one, places=0, wanted=0, price=0) for one in held.plan.certificate.groups
    )
    certificate = attrs.evolve(held.plan.certificate, prices={}, groups=groups, freely=None)
    return attrs.evolve(held, plan=attrs.evolve(held.plan, certificate=certificate))


def _unprotected(held: Enrolment) -> Enrolment:
    """How somebody takes part, without what they stated for a purpose alone."""
    return attrs.evolve(held, participant=attrs.evolve(held.participant, protected={}))


def _as_shown(held: Enrolment) -> Enrolment:
    """How somebody takes part, without the `ratings` that are not shown to them."""
    return attrs.evolve(held, ratings=[rating for rating in held.ratings if rating.shown])


NOT_SHOWN = "(not shown)"
_PLAIN_GOAL = _without(
    title=NOT_SHOWN,
    metric="",
    baseline=None,
    target=None,
    first_step="",
    objective="",
    progress=(),
)


def _but_of_conduct(held: Duty) -> Duty | None:
    """What somebody owes, but for reports of conduct, which their contact alone knows of."""
    return None if held.kind == "conduct.settle" else held


def _unworded(held: Query) -> Query:
    """That something was asked, and who answered when."""
    replies = tuple(attrs.evolve(one, words=NOT_SHOWN) for one in held.replies)
    return attrs.evolve(held, words=NOT_SHOWN, replies=replies)


def _rule(**views: View) -> Mapping[Standing, View | None]:
    """A rule; who is not named sees nothing, and the system everything."""
    given: dict[str, View] = {"system": _whole, **views}
    return {standing: given.get(standing) for standing in STANDINGS}


READ: Mapping[type, Mapping[Standing, View | None]] = {
    Person: _rule(self=_whole, partner=_whole, coordinator=_whole),
    ProgrammeRun: _rule(coordinator=_whole, participant=_whole),
    Enrolment: _rule(self=_as_shown, coordinator=_unprotected),
    Draft: _rule(coordinator=_unpriced),
    Invitation: _rule(coordinator=_without(digest="")),
    OfficeHours: _rule(self=_whole, coordinator=_whole, participant=_unlinked),
    Gathering: _rule(self=_whole, coordinator=_whole, participant=_without(link=None)),
    Seat: _rule(self=_whole, coordinator=_whole),
    Opening: _rule(self=_whole, coordinator=_whole, participant=_whole),
    Relationship: _rule(partner=_whole, coordinator=_dates_alone),
    # Whoever a note was written for stays so, whatever is agreed later.
    Note: _rule(
        self=_whole,
        partner=_shared("members", "coordinator"),
        coordinator=_shared("coordinator"),
    ),
    # Partners are its partners once all members have stated theirs.
    Expectation: _rule(self=_whole, partner=_whole),
    AgreementPoint: _rule(partner=_whole),
    Session: _rule(
        partner=_whole,
        coordinator=_without(agenda=(), outputs={}, place=None, link=None),
    ),
    Goal: _rule(partner=_whole, coordinator=_PLAIN_GOAL),
    Action: _rule(partner=_whole, coordinator=_without(title=NOT_SHOWN)),
    Query: _rule(partner=_whole, coordinator=_unworded),
    Resource: _rule(
        partner=_whole, coordinator=_without(title=NOT_SHOWN, link=None, words=NOT_SHOWN)
    ),
    Insight: _rule(partner=_whole, coordinator=_without(words=NOT_SHOWN)),
    Story: _rule(
        partner=_whole,
        coordinator=_published(_whole),
        participant=_published(_without(consented=())),
    ),
    Request: _rule(
        self=_whole,
        partner=_answers_for("addressed"),
        coordinator=_answers_for("coordinator"),
    ),
    Signal: _rule(self=_whole, coordinator=_whole),
    Award: _rule(self=_whole, partner=_whole, coordinator=_thanks_without_words),
    # To the safeguarding contact and its writer it is their own; a coordinator may be its subject.
    ConductReport: _rule(self=_whole),
    # What it says is no more than the things say that it follows from.
    Duty: _rule(self=_whole, coordinator=_but_of_conduct),
    Event: _rule(coordinator=_whole),
    Delivery: _rule(coordinator=_whole),
}
"""What each standing sees of each kind of thing."""


def seen(thing: T, actor: Actor, ties: Ties) -> T | None:
    """What an actor sees of a thing; None where it sees nothing.

    KeyError for a kind of thing without a rule: nothing is shown by default.
    """
    rule = READ[type(thing)]
    for standing in standings(actor, ties):
        view = rule[standing]
        shown: T | None = view(thing) if view is not None else None
        if shown is not None:
            return shown
    return None


def as_coordinator(thing: T) -> T:
    """What a coordinator sees of a thing: what rules and reports may rest on."""
    view = READ[type(thing)]["coordinator"]
    if view is None:
        raise KeyError(type(thing))
    shown: T = view(thing)
    return shown


_OFFICE: tuple[Standing, ...] = ("system", "coordinator")
_MEMBER: tuple[Standing, ...] = ("system", "self")
_TOGETHER: tuple[Standing, ...] = ("system", "partner", "coordinator")

_OWN_OR_OFFICE: tuple[Standing, ...] = ("system", "self", "coordinator")

DO: Mapping[str, tuple[Standing, ...]] = {
    "people.put": _OFFICE,
    "people.remove": _OFFICE,
    "people.export": ("system", "self"),
    "people.kept_apart": ("system", "self"),
    "people.let_again": ("system", "self"),
    "programmes.create": _OFFICE,
    "programmes.copy": _OFFICE,
    "programmes.compare": _OFFICE,
    "programmes.enrol": _OFFICE,
    "programmes.apply": _MEMBER,
    "programmes.restate": _MEMBER,
    "programmes.approve": _OFFICE,
    "programmes.wait": _OFFICE,
    "programmes.decline": _OFFICE,
    "programmes.rate": _OFFICE,
    "programmes.invite": _OFFICE,
    "programmes.redeem": _MEMBER,
    "programmes.revoke": _OFFICE,
    "programmes.leave": ("system", "self", "coordinator"),
    "programmes.close": _OFFICE,
    "matching.draft": _OFFICE,
    "matching.publish": _OFFICE,
    "matching.withdraw": _OFFICE,
    "matching.hand_over": _OFFICE,
    "matching.audit": _OFFICE,
    "relationships.accept": _MEMBER,
    "relationships.ask_chat": _MEMBER,
    "relationships.decline": _MEMBER,
    "relationships.propose_terms": _MEMBER,
    "relationships.expect": _MEMBER,
    "relationships.sign": _MEMBER,
    "relationships.pause": _TOGETHER,
    "relationships.resume": _TOGETHER,
    "relationships.extend": _MEMBER,
    "relationships.complete": _TOGETHER,
    "relationships.end": ("system", "self", "coordinator"),
    "relationships.write": _MEMBER,
    "goals.propose": _MEMBER,
    "goals.accept": _MEMBER,
    "goals.record": _MEMBER,
    "goals.reach": _MEMBER,
    "goals.drop": _MEMBER,
    "actions.add": _MEMBER,
    "actions.done": _MEMBER,
    "actions.drop": _MEMBER,
    "exchange.ask": _MEMBER,
    "exchange.answer": _MEMBER,
    "exchange.share": _MEMBER,
    "insights.add": _MEMBER,
    "insights.tried": _MEMBER,
    "insights.adopted": _MEMBER,
    "stories.write": _MEMBER,
    "stories.rewrite": _MEMBER,
    "stories.consent": _MEMBER,
    "stories.withdraw": _MEMBER,
    "stories.drop": _MEMBER,
    "booking.offer": _OWN_OR_OFFICE,
    "booking.withdraw": _OWN_OR_OFFICE,
    "booking.book": _OWN_OR_OFFICE,
    "gatherings.announce": _OFFICE,
    "gatherings.sign_up": _OWN_OR_OFFICE,
    "gatherings.sign_off": _OWN_OR_OFFICE,
    "gatherings.move": _OFFICE,
    "gatherings.hold": _OFFICE,
    "gatherings.cancel": _OFFICE,
    "sessions.schedule": _TOGETHER,
    "sessions.move": _TOGETHER,
    "sessions.plan": _TOGETHER,
    "sessions.record": _TOGETHER,
    "sessions.add_topic": _MEMBER,
    "sessions.prepare": _MEMBER,
    "sessions.hold": _TOGETHER,
    "sessions.correct": _TOGETHER,
    "sessions.cancel": _TOGETHER,
    "sessions.miss": _TOGETHER,
    "feedback.answer": _MEMBER,
    "feedback.tallies": _OFFICE,
    "feedback.ask_help": _MEMBER,
    "feedback.report_conduct": _MEMBER,
    "feedback.settle_conduct": _MEMBER,
    "feedback.settle": _OFFICE,
    "recognition.thank": _MEMBER,
    "recognition.revoke": _OFFICE,
    "deliveries.replay": _OFFICE,
    "reports.read": _OFFICE,
}
"""Who may do what. In a member's own name, "self" is that member."""


def may(act: str, actor: Actor, ties: Ties) -> bool:
    """Whether an actor may do something to what these ties belong to."""
    return any(standing in DO[act] for standing in standings(actor, ties))
