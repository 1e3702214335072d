"""The way along a path, step by step; `LifecycleMachine` takes them in any order."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

import attrs
import pytest

from mentorkit import lifecycle
from mentorkit.errors import Conflict, Forbidden, Invalid
from mentorkit.models import (
    Agreement,
    Former,
    Member,
    Message,
    Proposal,
    Relationship,
    Topology,
    Verdict,
)
from mentorkit.registry import installed
from mentorkit.testing.house import START

DAY = datetime.timedelta(days=1)
TERMS = Agreement(starts=START.date(), ends=START.date() + 28 * DAY)
HOLD = Verdict(key="k", effect="hold", message=Message("hold", "There is no goal yet"))
LONG, SHORT = ("proposed", "agreeing", "active", "closed"), ("booked", "met", "closed")


def begun(path: tuple[str, ...] = LONG) -> Relationship:
    members = [Member("ann", "mentee"), Member("may", "mentor")]
    return lifecycle.begin(
        id="r", programme="p", members=members, path=path, agreement=TERMS, reasons=(), at=START
    )


def at_stage(stage: str) -> Relationship:
    """A relationship at a stage, by the steps that lead there."""
    if stage in SHORT[:2]:
        return begun(SHORT) if stage == "booked" else lifecycle.meet(begun(SHORT), START)
    held = begun()
    if stage == "closed":
        return lifecycle.end(held, START)
    if stage == "chemistry":
        return lifecycle.ask_chat(held, "ann", START)
    if stage == "paused":
        return lifecycle.pause(at_stage("active"), START.date() + DAY, START)
    steps = {"proposed": 0, "agreeing": 2, "active": 4}[stage]
    acts = itertools.product((lifecycle.accept, lifecycle.sign), ("ann", "may"))
    for act, person in itertools.islice(acts, steps):
        held = act(held, person, START)
    return held


def test_every_built_in_path_has_known_stages_and_ends_closed() -> None:
    registry, paths = installed(), set()
    for name in registry.names("formats"):
        made = registry.get("formats", name).bind(registry.get("formats", name).settings())
        if isinstance(made, Topology):
            paths.add(made.path)
            assert set(made.path) <= set(lifecycle.STAGES)
            assert made.path[-1] == lifecycle.CLOSED
    assert {LONG, SHORT} <= paths


ALLOWED = {
    "accept": {"proposed", "chemistry"},
    "decline": {"proposed", "chemistry"},
    "ask_chat": {"proposed"},
    "expire": {"proposed", "chemistry"},
    "withdraw": {"proposed", "chemistry", "booked"},
    "propose_terms": {"agreeing"},
    "sign": {"agreeing"},
    "meet": {"booked", "active", "chemistry", "paused"},
    "pause": {"active"},
    "resume": {"paused"},
    "extend": {"active", "paused"},
    "hand_over": {"agreeing", "active", "paused"},
    "complete": {"active", "paused", "met"},
    "end": {"proposed", "chemistry", "agreeing", "active", "paused", "booked", "met"},
}
DONE = {
    ("accept", "agreeing"),
    ("accept", "active"),
    ("accept", "paused"),
    ("sign", "active"),
    ("sign", "paused"),
    ("ask_chat", "chemistry"),
    ("end", "closed"),
}
"""Steps that were taken on the way to a stage: they change nothing there."""


def step(name: str, held: Relationship, at: datetime.datetime) -> Relationship:
    if name == "propose_terms":
        other = Agreement(starts=TERMS.starts, ends=TERMS.ends + DAY)
        return lifecycle.propose_terms(held, "ann", other)
    if name == "pause":
        return lifecycle.pause(held, START.date() + 3 * DAY, at)
    if name == "extend":
        return lifecycle.extend(held, "ann", TERMS.ends + DAY, "goal", at)
    if name in ("accept", "decline", "ask_chat", "sign"):
        return getattr(lifecycle, name)(held, "ann", at)
    return getattr(lifecycle, name)(held, at)


@pytest.mark.parametrize("stage", [*lifecycle.STAGES, *lifecycle.BESIDE])
@pytest.mark.parametrize("name", ALLOWED)
def test_each_step_from_each_stage(name: str, stage: str) -> None:
    held, later = at_stage(stage), START + DAY
    if (name, stage) in DONE:
        assert step(name, held, later) == held
    elif stage in ALLOWED[name]:
        after = step(name, held, later)
        changed = set(after.since) - set(held.since)
        assert all(after.since[entered] == later for entered in changed)
        again = {("meet", "active"), ("meet", "chemistry"), ("meet", "paused")}
        assert after != held or (name, stage) in again
        if name != "meet":  # another meeting is another step
            assert step(name, after, later + DAY) == after
    else:
        with pytest.raises(Conflict, match=f"relationship 'r' is {stage}"):
            step(name, held, later)


@pytest.mark.parametrize("name", ["accept", "decline", "ask_chat", "sign"])
def test_strangers_take_no_step(name: str) -> None:
    with pytest.raises(Forbidden, match="'zed' is no member of relationship 'r'"):
        getattr(lifecycle, name)(at_stage("proposed"), "zed", START)


def test_it_moves_on_with_the_last_member_and_not_before() -> None:
    held = lifecycle.accept(begun(), "may", START + DAY)
    assert (held.stage, held.accepted) == ("proposed", ("may",))
    held = lifecycle.accept(held, "ann", START + 2 * DAY)
    assert (held.stage, held.accepted) == ("agreeing", ("ann", "may"))
    assert dict(held.since) == {"proposed": START, "agreeing": START + 2 * DAY}


def test_other_terms_are_signed_anew() -> None:
    held = lifecycle.sign(at_stage("agreeing"), "ann", START)
    assert held.signed == ("ann",)
    assert lifecycle.propose_terms(held, "may", TERMS) == held
    assert step("propose_terms", held, START).signed == ()


def test_only_the_last_signature_is_held() -> None:
    held = lifecycle.sign(at_stage("agreeing"), "ann", START, [HOLD])
    with pytest.raises(Conflict, match="has to wait: There is no goal yet"):
        lifecycle.sign(held, "may", START, [HOLD])
    assert lifecycle.sign(held, "may", START).stage == "active"


def test_terms_in_force_hold_until_all_have_signed_others() -> None:
    held, other = at_stage("active"), attrs.evolve(TERMS, cadence=7)
    proposed = lifecycle.propose_terms(held, "may", other)
    assert (proposed.agreement, proposed.signed) == (TERMS, ("ann", "may"))
    assert lifecycle.propose_terms(proposed, "ann", other) == proposed
    half = lifecycle.sign(proposed, "ann", START)
    assert (half.agreement, half.proposal) == (TERMS, Proposal(agreement=other, signed=("ann",)))
    assert lifecycle.sign(half, "ann", START + DAY) == half
    third = attrs.evolve(TERMS, cadence=21)
    assert lifecycle.propose_terms(half, "may", third).proposal == Proposal(agreement=third)
    assert lifecycle.propose_terms(half, "may", TERMS) == held
    done = lifecycle.sign(half, "may", START + DAY)
    assert (done.agreement, done.proposal, done.stage) == (other, None, "active")
    assert done.former == (Former(agreement=TERMS, until=START + DAY),)


def test_other_terms_are_for_the_days_that_hold_when_they_take_effect() -> None:
    held = lifecycle.propose_terms(at_stage("active"), "ann", attrs.evolve(TERMS, cadence=7))
    for person in ("ann", "may"):
        held = lifecycle.extend(held, person, TERMS.ends + DAY, "goal", START)
    again = lifecycle.propose_terms(
        held, "may", attrs.evolve(TERMS, cadence=7, ends=TERMS.ends + DAY)
    )
    assert again == held
    for person in ("ann", "may"):
        held = lifecycle.sign(held, person, START)
    assert held.agreement == attrs.evolve(TERMS, cadence=7, ends=TERMS.ends + DAY)


def test_nobody_signs_while_a_point_is_open() -> None:
    held = at_stage("agreeing")
    with pytest.raises(Conflict, match="open on length, reply, until all have stated it"):
        lifecycle.sign(held, "ann", START, open_points=("reply", "length"))
    signed = lifecycle.sign(held, "ann", START)
    assert lifecycle.expect(signed, "may").signed == ()
    done = lifecycle.sign(signed, "may", START, settled={"reply": "in a day"})
    assert done.agreement == attrs.evolve(TERMS, points={"reply": "in a day"})


@pytest.mark.parametrize("said", ["author", "members", "coordinator"])
def test_who_reads_notes_is_nobody_more_than_all_have_signed(said: Any) -> None:
    terms = attrs.evolve(TERMS, confidentiality=said)
    for stage in ("proposed", "agreeing", "active", "paused", "booked", "met"):
        held = attrs.evolve(at_stage(stage), agreement=terms)
        unsigned = stage in ("proposed", "agreeing")
        widest = "members" if unsigned and said == "coordinator" else said
        assert lifecycle.confidentiality(held) == widest
    assert lifecycle.confidentiality(attrs.evolve(begun(), agreement=None)) == "members"


def test_how_it_ended() -> None:
    declined = lifecycle.decline(begun(), "may", START)
    assert (declined.stage, declined.outcome) == ("closed", "declined")
    assert lifecycle.complete(at_stage("met"), START).outcome == "completed"
    with pytest.raises(Conflict, match=r"is closed \(declined\) already"):
        lifecycle.end(declined, START)
    with pytest.raises(Conflict, match=r"is closed \(declined\) and cannot be completed"):
        lifecycle.complete(declined, START)


def test_a_chat_comes_before_the_answer_and_counts_for_none() -> None:
    held = lifecycle.ask_chat(lifecycle.accept(begun(), "ann", START), "may", START)
    assert (held.stage, held.accepted) == ("chemistry", ("ann",))
    held = lifecycle.accept(held, "may", START + DAY)
    assert (held.stage, held.since["agreeing"]) == ("agreeing", START + DAY)


def test_what_somebody_accepted_is_not_taken_back() -> None:
    with pytest.raises(Conflict, match="was accepted by 'ann' already"):
        lifecycle.withdraw(lifecycle.accept(begun(), "ann", START), START)


def test_the_days_of_a_pause_are_added() -> None:
    held = lifecycle.pause(at_stage("active"), START.date() + 9 * DAY, START)
    held = lifecycle.resume(held, START + 5 * DAY)
    assert held.agreement is not None
    assert (held.stage, held.agreement.ends) == ("active", TERMS.ends + 5 * DAY)
    (paused,) = held.pauses
    assert (paused.begun, paused.ended) == (START, START + 5 * DAY)
    again = lifecycle.pause(held, START.date() + 30 * DAY, START + 6 * DAY)
    assert (len(again.pauses), again.since["paused"]) == (2, START)
    assert lifecycle.end(again, START + 7 * DAY).pauses[-1].ended == START + 7 * DAY


@pytest.mark.parametrize("days", [-1, 0, lifecycle.LONGEST_PAUSE + 1])
def test_a_pause_has_an_end_ahead_of_it(days: int) -> None:
    with pytest.raises(Invalid, match="until: must be a day after today, and within 366 days"):
        lifecycle.pause(at_stage("active"), START.date() + days * DAY, START)


def test_all_members_extend_it_each_time_for_another_goal() -> None:
    held, later = at_stage("active"), TERMS.ends + 9 * DAY
    held = lifecycle.extend(held, "ann", later, "g1", START)
    assert held.agreement == TERMS
    other = lifecycle.extend(held, "may", later + DAY, "g1", START)
    assert [one.agreed for one in other.extensions] == [("may",)]
    with pytest.raises(Conflict, match="the extension has to wait: There is no goal yet"):
        lifecycle.extend(held, "may", later, "g1", START, [HOLD.message])
    held = lifecycle.extend(held, "may", later, "g1", START + DAY)
    assert held.agreement is not None
    assert (held.agreement.ends, held.extensions[0].made) == (later, START + DAY)
    with pytest.raises(Invalid, match="what it was extended for before"):
        lifecycle.extend(held, "may", later + DAY, "g1", START)
    with pytest.raises(Invalid, match="must come after the last day that is agreed"):
        lifecycle.extend(held, "may", later, "g2", START)
    assert len(lifecycle.extend(held, "may", later + DAY, "g2", START).extensions) == 2
