"""A relationship's way along its path: pure functions, each giving the next state.

Each takes the relationship and the instant, and raises Conflict where the step cannot be
taken from where it stands. A step that was taken already changes nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

import attrs

from mentorkit.errors import Conflict, Forbidden, Invalid
from mentorkit.models import (
    Agreement,
    Confidentiality,
    Extension,
    Former,
    Member,
    Message,
    Pause,
    Proposal,
    Relationship,
    Verdict,
)
from mentorkit.models.frozenmap import EMPTY
from mentorkit.models.relationship import LONGEST, Outcome

STAGES = {
    "proposed": "until every member has accepted",
    "agreeing": "until every member has signed, and nothing holds it",
    "booked": "until its one meeting was held",
    "active": "until it is completed, by the last day of its agreement at the latest",
    "met": "only until the next look at it",
    "closed": "for good",
}
"""The stages that a path may have, in this order, and how long each lasts."""
BESIDE = {"chemistry": "proposed", "paused": "active"}
"""Stages beside the path: each is entered from one of the path's, and leads where that does."""
CLOSED = "closed"
LONGEST_PAUSE = 366
"""Days that a pause lasts at most."""


def begin(
    *,
    id: str,
    programme: str,
    members: Iterable[Member],
    path: tuple[str, ...],
    agreement: Agreement,
    reasons: tuple[Message, ...],
    at: datetime.datetime,
    follows: str | None = None,
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
        follows=follows,
    )


def accept(held: Relationship, person: str, at: datetime.datetime) -> Relationship:
    """A member takes the proposal on; when all have, it moves on."""
    check_member(held, person)
    if person in held.accepted:
        return held
    _check_stage(held, ("proposed", "chemistry"), "be accepted")
    held = attrs.evolve(held, accepted=tuple(sorted({*held.accepted, person})))
    return _onward(held, at) if set(held.accepted) == set(held.people) else held


def ask_chat(held: Relationship, person: str, at: datetime.datetime) -> Relationship:
    """A member wants to get to know the others before they decide."""
    check_member(held, person)
    if held.stage == "chemistry":
        return held
    _check_stage(held, ("proposed",), "begin with a chat")
    return _entered(held, "chemistry", at)


def decline(held: Relationship, person: str, at: datetime.datetime) -> Relationship:
    """A member turns the proposal down, which closes it."""
    check_member(held, person)
    if held.outcome == "declined":
        return held
    _check_stage(held, ("proposed", "chemistry"), "be declined")
    return _closed(held, "declined", at)


def expire(held: Relationship, at: datetime.datetime) -> Relationship:
    """Not every member answered in time, which closes the proposal."""
    if held.outcome == "expired":
        return held
    _check_stage(held, ("proposed", "chemistry"), "expire")
    return _closed(held, "expired", at)


def withdraw(held: Relationship, at: datetime.datetime) -> Relationship:
    """The proposal is taken back, as long as no member has accepted it."""
    if held.outcome == "withdrawn":
        return held
    _check_stage(held, ("proposed", "booked", "chemistry"), "be withdrawn")
    if held.accepted:
        raise Conflict(f"relationship {held.id!r} was accepted by {held.accepted[0]!r} already")
    return _closed(held, "withdrawn", at)


def propose_terms(held: Relationship, person: str, terms: Agreement) -> Relationship:
    """A member proposes other terms, to which nobody has agreed yet.

    Those of an agreement that is in force hold until all have signed the others, whose days
    have to be the same; to propose the terms that hold takes the proposal back.
    """
    check_member(held, person)
    if held.stage not in ("active", "paused"):
        if terms == held.agreement:
            return held
        _check_stage(held, ("agreeing", "active", "paused"), "get other terms")
        return attrs.evolve(held, agreement=terms, signed=())
    _check_days(held, terms)
    known = held.proposal and attrs.evolve(
        held.proposal.agreement, starts=terms.starts, ends=terms.ends
    )
    if known == terms:
        return held
    proposal = None if terms == held.agreement else Proposal(agreement=terms)
    return attrs.evolve(held, proposal=proposal)


def _check_days(held: Relationship, terms: Agreement) -> None:
    """Refuse to move the days of an agreement that is in force."""
    kept = held.agreement
    if kept is not None and (terms.starts, terms.ends) != (kept.starts, kept.ends):
        raise Conflict(
            f"{_named(held)}, so its agreement starts on {kept.starts} and ends on {kept.ends} in"
            " any terms; to go on for longer, extend it"
        )


def expect(held: Relationship, person: str) -> Relationship:
    """A member states what they expect; whoever has signed did not know, and is asked again."""
    check_member(held, person)
    _check_stage(held, ("agreeing",), "be told expectations")
    return attrs.evolve(held, signed=())


def sign(
    held: Relationship,
    person: str,
    at: datetime.datetime,
    holds: Iterable[Verdict] = (),
    open_points: Iterable[str] = (),
    settled: Mapping[str, str] = EMPTY,
) -> Relationship:
    """A member signs the agreement; when all have, it moves on, unless something `holds` it.

    Nobody signs while there are `open_points`. The last signature is refused, with the reason,
    as long as something holds it; with it, what is `settled` otherwise becomes part of the
    terms. In force, a proposal of other terms is what is signed, if there is one.
    """
    check_member(held, person)
    if held.proposal is not None and held.stage in ("active", "paused"):
        return _signed_proposal(held, held.proposal, person, at)
    if person in held.signed:
        return held
    _check_stage(held, ("agreeing",), "be signed")
    if points := ", ".join(sorted(open_points)):
        raise Conflict(
            f"the signatures have to wait: what members expect is open on {points}, until all"
            " have stated it and say the same, or the terms settle it"
        )
    held = attrs.evolve(held, signed=tuple(sorted({*held.signed, person})))
    if set(held.signed) < set(held.people):
        return held
    if reasons := "; ".join(str(hold.message) for hold in holds):
        raise Conflict(f"the last signature has to wait: {reasons}")
    if held.agreement is not None:
        terms = attrs.evolve(held.agreement, points={**settled, **held.agreement.points})
        held = attrs.evolve(held, agreement=terms)
    return _onward(held, at)


def _signed_proposal(
    held: Relationship, proposal: Proposal, person: str, at: datetime.datetime
) -> Relationship:
    """With the last signature other terms take effect; those before are kept."""
    if person in proposal.signed:
        return held
    signed = tuple(sorted({*proposal.signed, person}))
    if set(signed) < set(held.people) or held.agreement is None:
        return attrs.evolve(held, proposal=attrs.evolve(proposal, signed=signed))
    before = held.agreement
    # A pause or an extension may have moved the last day since they were proposed.
    terms = attrs.evolve(proposal.agreement, starts=before.starts, ends=before.ends)
    former = (*held.former, Former(agreement=before, until=at))
    return attrs.evolve(held, agreement=terms, proposal=None, former=former)


def confidentiality(held: Relationship) -> Confidentiality:
    """Who reads notes that are shared now: what holds, and nothing wider that is not signed."""
    terms = held.agreement
    if terms is None:
        return "members"
    unsigned = "agreeing" in held.path and "active" not in held.since
    if unsigned and terms.confidentiality == "coordinator":
        return "members"
    return terms.confidentiality


def meet(held: Relationship, at: datetime.datetime) -> Relationship:
    """A meeting took place: one that was booked has met.

    In a pause, one from before it.
    """
    if held.stage == "booked":
        return _onward(held, at)
    _check_stage(held, ("active", "chemistry", "paused"), "hold a meeting")
    return held


def pause(held: Relationship, until: datetime.date, at: datetime.datetime) -> Relationship:
    """Nothing is expected of its members until a day begins, or until it is resumed."""
    if held.stage == "paused" and held.pauses[-1].until == until:
        return held
    _check_stage(held, ("active",), "be paused")
    days = (until - held.day(at)).days
    if not 1 <= days <= LONGEST_PAUSE:
        raise Invalid("until", f"must be a day after today, and within {LONGEST_PAUSE} days")
    held = attrs.evolve(held, pauses=(*held.pauses, Pause(begun=at, until=until)))
    return _entered(held, "paused", at)


def resume(held: Relationship, at: datetime.datetime) -> Relationship:
    """It goes on; the days of the pause are added to the agreement's."""
    if held.stage == "active" and held.pauses:
        return held
    _check_stage(held, ("paused",), "be resumed")
    terms = held.agreement
    if terms is not None:
        rest = (held.day(at) - held.day(held.pauses[-1].begun)).days
        longest = terms.starts + datetime.timedelta(days=LONGEST - 1)
        ends = min(terms.ends + datetime.timedelta(days=rest), longest)
        held = attrs.evolve(held, agreement=attrs.evolve(terms, ends=max(ends, terms.ends)))
    return attrs.evolve(_unpaused(held, at), stage="active")


def extend(
    held: Relationship,
    person: str,
    ends: datetime.date,
    goal: str,
    at: datetime.datetime,
    holds: Iterable[Message] = (),
) -> Relationship:
    """A member proposes a later last day, or agrees to it; when all do, it takes effect.

    Whoever proposes another day or goal asks the others anew. The last member's word is
    refused, with the reason, as long as something `holds` it.
    """
    check_member(held, person)
    wanted = Extension(ends=ends, goal=goal, agreed=(person,))
    known = [one for one in held.extensions if (one.ends, one.goal) == (ends, goal)]
    if known and person in known[0].agreed:
        return held
    _check_stage(held, ("active", "paused"), "be extended")
    made = tuple(one for one in held.extensions if one.made is not None)
    if held.agreement is None or ends <= held.agreement.ends:
        raise Invalid("ends", "must come after the last day that is agreed")
    if goal in {one.goal for one in made}:
        raise Invalid("goal", f"{goal!r} is what it was extended for before; set a new goal")
    agreed = {person, *(known[0].agreed if known else ())}
    wanted = attrs.evolve(wanted, agreed=tuple(sorted(agreed)))
    if agreed == set(held.people):
        if reasons := "; ".join(map(str, holds)):
            raise Conflict(f"the extension has to wait: {reasons}")
        wanted = attrs.evolve(wanted, made=at)
        held = attrs.evolve(held, agreement=attrs.evolve(held.agreement, ends=ends))
    return attrs.evolve(held, extensions=(*made, wanted))


def hand_over(held: Relationship, at: datetime.datetime) -> Relationship:
    """Another relationship takes its place, which closes it."""
    if held.outcome == "handed-over":
        return held
    _check_stage(held, ("agreeing", "active", "paused"), "be handed over")
    return _closed(held, "handed-over", at)


def complete(held: Relationship, at: datetime.datetime) -> Relationship:
    """It ends as it was meant to."""
    if held.outcome == "completed":
        return held
    if held.stage not in ("active", "paused", "met"):
        raise Conflict(f"{_named(held)} and cannot be completed")
    return _closed(held, "completed", at)


def end(held: Relationship, at: datetime.datetime) -> Relationship:
    """It ends early, without fault, whatever its stage."""
    if held.outcome == "ended":
        return held
    if held.stage == CLOSED:
        raise Conflict(f"{_named(held)} already")
    return _closed(held, "ended", at)


def on_path(held: Relationship) -> str:
    """The stage of its path where it stands, or beside which."""
    return BESIDE.get(held.stage, held.stage)


def _onward(held: Relationship, at: datetime.datetime) -> Relationship:
    return _entered(held, held.path[held.path.index(on_path(held)) + 1], at)


def _entered(held: Relationship, stage: str, at: datetime.datetime) -> Relationship:
    return attrs.evolve(held, stage=stage, since={stage: at, **held.since})


def _unpaused(held: Relationship, at: datetime.datetime) -> Relationship:
    *earlier, last = held.pauses
    return attrs.evolve(held, pauses=(*earlier, attrs.evolve(last, ended=at)))


def _closed(held: Relationship, outcome: Outcome, at: datetime.datetime) -> Relationship:
    if held.stage == "paused":
        held = _unpaused(held, at)
    return attrs.evolve(_entered(held, CLOSED, at), outcome=outcome)


def check_member(held: Relationship, person: str) -> None:
    """Forbidden, unless the person is a member."""
    if person not in held.people:
        raise Forbidden(f"{person!r} is no member of relationship {held.id!r}")


def check_taken_on(held: Relationship) -> None:
    """Conflict, unless its members took the proposal on once; it may be over by now."""
    begun = set(held.since) - {"proposed", "chemistry", CLOSED}
    if not begun or held.outcome == "withdrawn":
        raise Conflict(f"{_named(held)}, and was not accepted by its members")


def _check_stage(held: Relationship, stages: tuple[str, ...], step: str) -> None:
    if held.stage not in stages:
        raise Conflict(f"{_named(held)}, and only one that is {' or '.join(stages)} can {step}")


def _named(held: Relationship) -> str:
    words = f"{held.stage} ({held.outcome})" if held.outcome else held.stage
    return f"relationship {held.id!r} is {words}"
