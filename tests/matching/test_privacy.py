"""Nobody's private wish, avoidance or "not again" stands anywhere in a plan."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching_cases import REGISTRY, drawn_cases

import mentorkit
from mentorkit import Choice, Invalid, Participant, Person, Policies, Programme, Use
from mentorkit.codec import to_json
from mentorkit.matching import explain
from mentorkit.models import NOT_AVAILABLE

pytestmark = pytest.mark.once

WISHES = Programme(
    criteria={
        "wish": Use("preferences", weight=3, wish_of="left"),
        "team": Use("same", {"attribute": "team"}),
    },
    policies=Policies(by="team"),
)


def someone(own: str, role: str, **held: object) -> Participant:
    person = Person(id=own, name=f"Name of {own}", email=f"{own}@example.org")
    return Participant(person=person, roles={role: 1}, **held)


def crowd(**private: object) -> list[Participant]:
    return [
        someone("ann", "mentee", **private),
        someone("ben", "mentee"),
        someone("cy", "mentor"),
        someone("dee", "mentor"),
    ]


NAMED = st.lists(st.sampled_from(["cy", "dee", "who-left-long-ago"]), unique=True)


@given(prefers=NAMED, avoids=NAMED, not_again=NAMED)
def test_a_plan_names_nobody_for_private_reasons(prefers, avoids, not_again):
    people = crowd(prefers=prefers, avoids=avoids, not_again=not_again)
    plan = mentorkit.match(people, WISHES)
    text = to_json(plan)
    assert "who-left" not in text
    assert "Name of" not in text
    assert "@example.org" not in text
    said = [finding.use for match in plan.matches for finding in match.findings]
    assert "wish" not in said
    for held in plan.unmatched:
        for message in (held.cause, held.remedy):
            words = f"{message} {message.values if message else ''}"
            assert "avoid" not in words
            assert "never-again" not in words
    for one in ("ann", "ben"):
        for other in ("cy", "dee"):
            told = explain(plan, people, (one, other))
            assert "wish" not in [finding.use for finding in told.findings]
            assert set(told.forbidden) <= {NOT_AVAILABLE}


@given(st.sampled_from(["avoids", "not_again"]), st.booleans())
def test_it_does_not_show_who_keeps_away_from_whom(field, mine):
    """The plan is the same, digest apart, whichever of the two asked, and in which way."""
    plans = []
    for own, other, name in (
        ("ann", "cy", "avoids"),
        ("cy", "ann", "not_again"),
        ("ann", "cy", field) if mine else ("cy", "ann", field),
    ):
        people = [
            attrs.evolve(held, **{name: [other]}) if held.id == own else held for held in crowd()
        ]
        plan = mentorkit.match(people, WISHES)
        plans.append(to_json(attrs.evolve(plan, record=attrs.evolve(plan.record, people=""))))
    assert plans[0] == plans[1] == plans[2]


@given(drawn_cases())
def test_a_private_criterion_says_nothing(drawn):
    plan = drawn.match()
    for match in plan.matches:
        assert {finding.use for finding in match.findings} <= {"open"}
    for pair in drawn.cells[:4]:
        told = explain(plan, drawn.people, pair, registry=REGISTRY)
        assert {finding.use for finding in told.findings} <= {"open"}


def test_a_private_constraint_is_not_asked_for_its_words():
    """Even where its plugin would tell."""
    rows = ((False, True), (True, False))
    programme = Programme(constraints={"hush": Use("bans", {"rows": rows, "private": True})})
    people = [someone("p0", "mentee"), someone("p1", "mentor")]
    plan = mentorkit.match(people, programme, registry=REGISTRY)
    assert {held.cause for held in plan.unmatched} == {NOT_AVAILABLE}
    assert explain(plan, people, ("p0", "p1"), registry=REGISTRY).forbidden == (NOT_AVAILABLE,)
    with pytest.raises(Invalid, match=r"is forbidden: not available$"):
        mentorkit.match(people, programme, registry=REGISTRY, pins=[("p0", "p1")])


def test_a_pin_against_a_private_ban_names_no_reason():
    people = crowd(avoids=["cy"], not_again=["cy"])
    with pytest.raises(Invalid) as caught:
        mentorkit.match(people, WISHES, pins=[("ann", "cy")])
    assert str(caught.value) == "pin ann with cy: is forbidden: not available"


def test_a_weightless_criterion_is_not_even_told():
    programme = Programme(
        criteria={"team": Use("same", {"attribute": "team"}, weight=0)},
        policies=Policies(matcher=Choice("greedy")),
    )
    plan = mentorkit.match(crowd(), programme)
    assert all(match.findings == () for match in plan.matches)
    assert plan.quality.total == 0
