"""What is left of single things, whatever they hold."""

from __future__ import annotations

import attrs
import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from mentorkit.erasure import SAID, Erasure, left_of
from mentorkit.models import (
    Action,
    Agreement,
    Award,
    ConductReport,
    Draft,
    Expectation,
    Extension,
    Former,
    Gathering,
    Goal,
    Insight,
    Invitation,
    MatchPlan,
    Message,
    Note,
    Participant,
    Pause,
    Progress,
    Proposal,
    Query,
    Relationship,
    Reply,
    Request,
    Resource,
    Seat,
    Session,
    Signal,
)
from mentorkit.testing import strategies
from mentorkit.testing.house import START

pytestmark = pytest.mark.once


@settings(max_examples=25)
@given(data=st.data())
def test_a_plan_names_nobody_who_is_erased_and_says_the_same_of_all_others(
    data: st.DataObject,
) -> None:
    plan = data.draw(strategies.plans())
    people = sorted(
        {one for match in plan.matches for one in match.team.people}
        | {one.person for one in plan.unmatched}
    )
    if not people:
        return
    person = data.draw(st.sampled_from(people))
    draft = Draft(id="d", programme="p", plan=plan, made=START)
    left = left_of(draft, Erasure(person, "erased:1"))
    assert left is not None
    assert person not in _named(left.plan)
    assert len(left.plan.matches) == len(plan.matches)
    assert left.plan.quality == plan.quality
    for before, after in zip(plan.matches, left.plan.matches, strict=True):
        theirs = person in before.team.people
        assert after == before if not theirs else (after.findings, after.fit) == ((), before.fit)
    for alone, bare in zip(plan.unmatched, left.plan.unmatched, strict=True):
        assert (
            bare == alone if alone.person != person else (bare.cause, bare.remedy) == (SAID, None)
        )
    matched = any(person in match.team.people for match in plan.matches)
    assert left.state == ("replaced" if matched else "draft")


def _named(plan: MatchPlan) -> set[str]:
    """Everybody whom a plan names by id."""
    proof, record = plan.certificate, plan.record
    tables = [proof.prices, proof.many, proof.above]
    pairs = [*record.pins, *record.forbids, *record.stays]
    if proof.freely is not None:
        tables.append(proof.freely.prices)
        pairs += proof.freely.pairs
    groups = [
        *(match.team.people for match in plan.matches),
        *(one.people for one in proof.sets),
        *(prices for table in tables for prices in table.values()),
        *pairs,
    ]
    return {one.person for one in plan.unmatched} | {one for held in groups for one in held}


ids = st.text("ab1-", min_size=1, max_size=3)


@given(keys=st.lists(st.lists(ids, min_size=1, max_size=3).map(":".join), unique=True), person=ids)
def test_different_keys_stay_different(keys: list[str], person: str) -> None:
    erasure = Erasure(person, "erased:id")
    left = [erasure.key(key) for key in keys]
    assert len(set(left)) == len(keys)
    for before, after in zip(keys, left, strict=True):
        if person in before.split(":") and not person.isdecimal():
            assert person not in after.replace("erased:id", "").split(":")
        elif person.isdecimal() or person not in before:
            assert after == before, "a round's number was taken for an id"


def test_a_signal_about_several_stays_theirs() -> None:
    said = Message("told", "{who} and {number}", {"who": "ann, may", "number": 3})
    signal = Signal(
        id="s", programme="p", relationship="r", rule="rule", key="k", effect="flag",
        message=said, people=("ann", "may"), raised=START,
    )  # fmt: skip
    left = left_of(signal, Erasure("ann", "erased:1"))
    assert left is not None
    assert (str(left.message), left.people) == ("erased:1, may and 3", ("erased:1", "may"))
    assert left.state == "raised"


THOUGHT_OF = {
    Note: "along author confidentiality programme relationship session shared text written",
    Expectation: "person programme relationship stated words",
    Relationship: "accepted agreement extensions follows former give_back members outcome path"
    " pauses programme proposal reasons signed since stage",
    Agreement: "boundaries cadence channels confidentiality ends minutes points starts terms"
    " timezone",
    Former: "agreement until",
    Proposal: "agreement signed",
    Pause: "begun ended until",
    Extension: "agreed ends goal made",
    Session: "agenda attended chat due ends link number office_hours outputs place programme"
    " public relationship starts state step timezone title",
    Goal: "accepted baseline due first_step made metric objective owner programme progress"
    " relationship state target title",
    Progress: "by on value",
    Action: "by closed due made owner priority programme relationship session state title",
    Query: "asked asker programme relationship replies words",
    Reply: "at by words",
    Resource: "by link programme relationship shared title words",
    Insight: "owner programme relationship since source state words",
    Request: "answers asked key occasion person programme questions relationship reminded session"
    " state survey until",
    Signal: "by effect key message people programme raised relationship rule state",
    Award: "evidence giver granted key person programme relationship rule state title",
    Participant: "aims availability avoids brings exceptions hours interests manager not_again"
    " offers person prefers protected roles seeks travel",
    Gathering: "ends link place programme seats signed starts state taken timezone title waiting",
    Seat: "gathering number person programme state",
    Invitation: "digest email made person programme roles state until",
    ConductReport: "about contact programme relationship reported reporter state words",
}
"""The fields of things of which something stays. Whoever adds one decides in
`mentorkit.erasure` (of participants, in `store.members`) what becomes of it."""


@pytest.mark.parametrize("kind", THOUGHT_OF, ids=lambda kind: kind.__name__)
def test_every_field_has_been_thought_of(kind: type) -> None:
    fields = {field.name for field in attrs.fields(kind)} - {"id", "version"}
    assert fields == set(THOUGHT_OF[kind].split())
