"""A relationship's way along its path: pure functions, each giving the next state.

Each takes the relationship and the instant, and raises Conflict where the step cannot be
taken from where it stands. A step that was taken already changes nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

import attrs

from mentorkit.errors import Conflict, Forbidden
from mentorkit.models import Agreement, Member, Message, Relationship, Verdict
from mentorkit.models.relationship import Outcome

STAGES = {
    "proposed": "until every member has accepted",
    "agreeing": "until every member has signed, and nothing holds it",
    "booked": "until its one meeting was held",
    "active": "until it is completed, by the last day of its agreement at the latest",
    "met": "only until the next look at it",
    "closed": "for good",
}
"""The stages that a path may have, in this order, and how long each lasts."""
CLOSED = "closed"


def begin(
    *,
    id: str,
    programme: str,
    members: Iterable[Member],
    path: tuple[str, ...],
    agreement: Agreement,
    reasons: tuple[Message, ...],
    at: datetime.datetime,
) -> Relationship:
    """A relationship at the first stage of its path; the agreement is a proposal as yet."""
    return Relationship(
        id=id,
        programme=programme,
        members=tuple(members),
        path=path,
        stage=path[0],
        since={path[0]: at},
        agreement=agreement,
        reasons=reasons,
    )


def accept(held: Relationship, person: str, at: datetime.datetime) -> Relationship:
    """A member takes the proposal on; when all have, it moves on."""
    check_member(held, person)
    if person in held.accepted:
        return held
    _check_stage(held, "proposed", "be accepted")
    held = attrs.evolve(held, accepted=tuple(sorted({*held.accepted, person})))
    return _onward(held, at) if set(held.accepted) == set(held.people) else held


def decline(held: Relationship, person: str, at: datetime.datetime) -> Relationship:
    """A member turns the proposal down, which closes it."""
    check_member(held, person)
    if held.outcome == "declined":
        return held
    _check_stage(held, "proposed", "be declined")
    return _closed(held, "declined", at)


def propose_terms(held: Relationship, person: str, terms: Agreement) -> Relationship:
    """A member proposes other terms, to which nobody has agreed yet."""
    check_member(held, person)
    if terms == held.agreement:
        return held
    _check_stage(held, "agreeing", "get other terms")
    return attrs.evolve(held, agreement=terms, signed=())


def sign(
    held: Relationship, person: str, at: datetime.datetime, holds: Iterable[Verdict] = ()
) -> Relationship:
    """A member signs the agreement; when all have, it moves on, unless something `holds` it.

    The last signature is refused, with the reason, as long as something does.
    """
    check_member(held, person)
    if person in held.signed:
        return held
    _check_stage(held, "agreeing", "be signed")
    held = attrs.evolve(held, signed=tuple(sorted({*held.signed, person})))
    if set(held.signed) < set(held.people):
        return held
    if reasons := "; ".join(str(hold.message) for hold in holds):
        raise Conflict(f"the last signature has to wait: {reasons}")
    return _onward(held, at)


def meet(held: Relationship, at: datetime.datetime) -> Relationship:
    """A meeting took place: one that was booked has met."""
    if held.stage == "booked":
        return _onward(held, at)
    _check_stage(held, "active", "hold a meeting")
    return held


def complete(held: Relationship, at: datetime.datetime) -> Relationship:
    """It ends as it was meant to."""
    if held.outcome == "completed":
        return held
    if held.stage not in ("active", "met"):
        raise Conflict(f"{_named(held)} and cannot be completed")
    return _closed(held, "completed", at)


def end(held: Relationship, at: datetime.datetime) -> Relationship:
    """It ends early, without fault, whatever its stage."""
    if held.outcome == "ended":
        return held
    if held.stage == CLOSED:
        raise Conflict(f"{_named(held)} already")
    return _closed(held, "ended", at)


def _onward(held: Relationship, at: datetime.datetime) -> Relationship:
    stage = held.path[held.path.index(held.stage) + 1]
    return attrs.evolve(held, stage=stage, since={**held.since, stage: at})


def _closed(held: Relationship, outcome: Outcome, at: datetime.datetime) -> Relationship:
    return attrs.evolve(held, stage=CLOSED, outcome=outcome, since={**held.since, CLOSED: at})


def check_member(held: Relationship, person: str) -> None:
    """Forbidden, unless the person is a member."""
    if person not in held.people:
        raise Forbidden(f"{person!r} is no member of relationship {held.id!r}")


def _check_stage(held: Relationship, stage: str, step: str) -> None:
    if held.stage != stage:
        raise Conflict(f"{_named(held)}, and only one that is {stage} can {step}")


def _named(held: Relationship) -> str:
    words = f"{held.stage} ({held.outcome})" if held.outcome else held.stage
    return f"relationship {held.id!r} is {words}"
