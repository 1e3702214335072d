"""A plan in which anything is changed fails verification."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from matching_cases import REGISTRY, Drawn, drawn_cases

import mentorkit
from mentorkit import (
    Choice,
    FrozenMap,
    MatchPlan,
    Message,
    Participant,
    Person,
    Policies,
    Programme,
    Solution,
    Use,
)
from mentorkit.matching import verify
from mentorkit.matching.asking import Found
from mentorkit.matching.case import build_case
from mentorkit.matching.certifying import certify
from mentorkit.matching.plan import describe
from mentorkit.models import Certificate, Member, Team
from mentorkit.registry import installed

pytestmark = pytest.mark.once


def refused(plan: MatchPlan, drawn: Drawn) -> bool:
    return bool(verify(plan, drawn.people, REGISTRY))


NUMBERS = ("matches", "total", "mean", "least", "blocking_pairs")


@given(drawn_cases(), st.sampled_from(NUMBERS), st.sampled_from([-1, 1]))
def test_figures(drawn, name, by):
    plan = drawn.match()
    figure = getattr(plan.quality, name)
    wrong = attrs.evolve(plan.quality, **{name: by if figure is None else figure + by})
    assert refused(attrs.evolve(plan, quality=wrong), drawn)


@given(drawn_cases(), st.sampled_from(["ranks", "load", "groups"]))
def test_counts(drawn, name):
    plan = drawn.match()
    held = getattr(plan.quality, name)
    assume(held)
    wrong = held[1:] if name == "groups" else {**held, "mentee": FrozenMap({"1": 99})}
    assert refused(attrs.evolve(plan, quality=attrs.evolve(plan.quality, **{name: wrong})), drawn)


@given(drawn_cases(), st.data())
def test_matches(drawn, data):
    plan = drawn.match()
    assume(plan.matches)
    at = data.draw(st.integers(0, len(plan.matches) - 1))
    held = plan.matches[at]
    one, other = held.team.members
    finding = held.findings[0] if held.findings else None
    changes: list[dict[str, Any]] = [
        {"fit": held.fit + 1},
        {"wishes": (held.wishes[0] + 1, held.wishes[1])},
        {"wishes": (held.wishes[0], held.wishes[1] - 1)},
        {"pinned": True},
        {"team": Team((other, one))},
        {"team": Team((one,))},
        {"team": Team((one, other, other))},
        {"team": Team((Member(one.person, "mentor"), other))},
        {"team": Team((Member("nobody", "mentee"), other))},
        {"findings": (*held.findings, *held.findings, *[finding][: not finding])},
    ]
    if finding:
        changes.append({"findings": (attrs.evolve(finding, points=finding.points ^ 1),)})
        changes.append({"findings": (attrs.evolve(finding, message=Message("x", "friends")),)})
        changes.append({"findings": ()})
    change = data.draw(st.sampled_from(changes))
    assume(change.get("findings") != held.findings)
    matches = (*plan.matches[:at], attrs.evolve(held, **change), *plan.matches[at + 1 :])
    assert refused(attrs.evolve(plan, matches=matches), drawn)


@given(drawn_cases(), st.data())
def test_pairs(drawn, data):
    """One dropped, repeated, moved, or partners swapped."""
    plan = drawn.match()
    assume(plan.matches)
    at = data.draw(st.integers(0, len(plan.matches) - 1))
    dropped = (*plan.matches[:at], *plan.matches[at + 1 :])
    assert refused(attrs.evolve(plan, matches=dropped), drawn)
    assert refused(attrs.evolve(plan, matches=(*plan.matches, plan.matches[at])), drawn)
    if len(plan.matches) > 1:
        assert refused(attrs.evolve(plan, matches=plan.matches[::-1]), drawn)
        first, second, *rest = plan.matches
        (a, b), (c, d) = first.team.members, second.team.members
        swapped = [
            attrs.evolve(held, team=Team(members))
            for held, members in ((first, (a, d)), (second, (c, b)))
        ]
        # Where every score is nothing, the swapped plan may be as true as the first.
        if drawn.weights[0] and b.person != d.person and a.person != c.person:
            assert refused(attrs.evolve(plan, matches=(*swapped, *rest)), drawn)


@given(drawn_cases(matchers=(Choice("optimal"),)), st.data())
def test_certificates(drawn, data):
    plan = drawn.match()
    proof = plan.certificate
    own = data.draw(st.sampled_from([*drawn.side(0), "nobody"]))
    mentees = proof.prices.get("mentee", FrozenMap({}))
    price = mentees.get(own, 0)

    def priced(value: int) -> dict[str, Any]:
        return {"prices": proof.prices | {"mentee": mentees | {own: value}}}

    changes = [
        {"bound": proof.bound + 1},
        {"bound": proof.bound - 1},
        {"gap": proof.gap + 1},
        {"bound": None},
        {"bound": None, "prices": FrozenMap({})},
        {"bound": proof.bound - 1, "gap": proof.gap - 1},
        {"prices": proof.prices | {"teacher": FrozenMap({"p0": 1})}},
        priced(-1),
        priced(2**62),
    ]
    if own == "nobody":
        changes.append(priced(price + 1))
    change = data.draw(st.sampled_from(changes))
    assert refused(attrs.evolve(plan, certificate=attrs.evolve(proof, **change)), drawn)


def test_a_gap_without_a_bound_proves_nothing():
    drawn = mentorkit.match([])
    forged = attrs.evolve(drawn, certificate=Certificate(gap=0))
    assert "proves" not in str(verify(forged, []))
    assert verify(forged, [])


def test_negative_prices_prove_nothing():
    """Paid to somebody with empty seats, they would lower the bound as far as one likes."""
    rows = ((0, 0, 500, 400, 0), (0, 0, 400, 0, 0), *[(0,) * 5] * 3)
    bans = [[False] * 4 + [True]] * 5
    people = [
        Participant(person=Person(id=f"p{number}"), roles={role: room})
        for number, (role, room) in enumerate(
            [("mentee", 1), ("mentee", 1), ("mentor", 1), ("mentor", 1), ("mentor", 2)]
        )
    ]
    programme = mentorkit.Programme(
        criteria={"open": mentorkit.Use("points", {"rows": rows})},
        constraints={"ban": mentorkit.Use("bans", {"rows": bans})},
        policies=Policies(matcher=Choice("greedy")),
    )
    plan = mentorkit.match(people, programme, registry=REGISTRY)
    assert plan.quality.total == 500
    for price in (0, -400):
        prices = {"mentor": FrozenMap({"p4": price})}
        proof = Certificate(bound=1300 + 2 * price, gap=800 + 2 * price, prices=prices)
        found = verify(attrs.evolve(plan, certificate=proof), people, REGISTRY)
        assert [fault.path for fault in found] == (["certificate.prices"] if price else [])


@given(drawn_cases(), st.data())
def test_those_left_over(drawn, data):
    plan = drawn.match()
    assume(plan.unmatched)
    held = data.draw(st.sampled_from(plan.unmatched))
    others = tuple(other for other in plan.unmatched if other is not held)
    remedy = None if held.remedy else Message("hope", "hope")
    changes = [
        others,
        (*others, attrs.evolve(held, cause=Message("luck", "bad luck"))),
        (*others, attrs.evolve(held, remedy=remedy)),
        (*plan.unmatched, held),
    ]
    assert refused(attrs.evolve(plan, unmatched=data.draw(st.sampled_from(changes))), drawn)


@given(drawn_cases(), st.data())
def test_the_record(drawn, data):
    plan = drawn.match()
    record = plan.record
    policies = record.programme.policies
    others = attrs.evolve(policies, base=(policies.base or 0) + 1)
    changes: list[dict[str, Any]] = [
        {"people": record.people[::-1]},
        {"versions": record.versions | {"tests": "2"}},
        {"versions": FrozenMap({})},
        {"pins": (("p0", "nobody"),)},
        {"forbids": (("p0", "nobody"),)},
        {"programme": attrs.evolve(record.programme, topology="nowhere")},
    ]
    if plan.matches:
        changes.append({"programme": attrs.evolve(record.programme, policies=others)})
        changes.append({"forbids": plan.pairs[:1]})
        changes.append({"pins": plan.pairs[:1]})
    free = [pair for pair in drawn.cells if pair not in plan.pairs]
    if free:
        changes.append({"pins": free[:1]})
    change = data.draw(st.sampled_from(changes))
    assert refused(attrs.evolve(plan, record=attrs.evolve(record, **change)), drawn)


@given(drawn_cases(4))
def test_notes_and_matcher(drawn):
    plan = drawn.match()
    assert refused(attrs.evolve(plan, notes=(Message("x", "all is well"),)), drawn)
    assert refused(attrs.evolve(plan, matcher="oracle"), drawn)


@given(drawn_cases(4), st.data())
def test_other_people(drawn, data):
    plan = drawn.match()
    at = data.draw(st.integers(0, len(drawn.people) - 1))
    held = drawn.people[at]
    changes = [
        (),
        (attrs.evolve(held, interests=["chess"]),),
        (attrs.evolve(held, roles=held.roles | {"mentee": 7}),),
        (held, held),
    ]
    change = data.draw(st.sampled_from(changes))
    people = (*drawn.people[:at], *change, *drawn.people[at + 1 :])
    assert refused(plan, attrs.evolve(drawn, people=people))


def test_other_people_are_said():
    ann = Participant(person=Person(id="ann"), roles={"mentee": 1})
    plan = mentorkit.match([ann])
    (fault,) = verify(plan, [attrs.evolve(ann, interests=["chess"])])
    assert str(fault) == "people: are not those that the plan was made for"


def test_a_matcher_that_is_not_there_is_said():
    ann = Participant(person=Person(id="ann"), roles={"mentee": 1})
    plan = mentorkit.match([ann])
    policies = Policies(matcher=Choice("elsewhere"))
    record = attrs.evolve(plan.record, programme=Programme(policies=policies))
    faults = verify(attrs.evolve(plan, record=record), [ann])
    assert any("'elsewhere'" in fault.sentence for fault in faults)


@pytest.mark.parametrize("breach", ["capacity", "ban", "floor"])
def test_what_is_wrong_is_said(breach):
    """A plan that is honest about pairs which must not be."""
    ann, bo, cy = (
        Participant(person=Person(id=own), roles={role: 1}, avoids=avoided)
        for own, role, avoided in (
            ("ann", "mentee", []),
            ("bo", "mentor", []),
            ("cy", "mentor", []),
        )
    )
    people = [ann, bo, cy]
    plan = mentorkit.match(people)
    programme = attrs.evolve(plan.record.programme)
    record = plan.record
    if breach == "floor":
        programme = attrs.evolve(programme, policies=Policies(floor=1))
        record = attrs.evolve(record, programme=programme)
        words = "ann with bo is forbidden or below the floor"
    elif breach == "ban":
        record = attrs.evolve(record, forbids=(("bo", "ann"),))
        words = "ann with bo is forbidden or below the floor"
    else:
        (only,) = plan.matches
        second = attrs.evolve(only, team=Team((only.team.members[0], Member("cy", "mentor"))))
        plan = attrs.evolve(plan, matches=(only, second))
        words = "ann has too many partners"
    found = verify(attrs.evolve(plan, record=record), people)
    assert words in [fault.sentence for fault in found]


ONES = (np.ones(2, dtype=np.int64), np.ones(2, dtype=np.int64))
NONE = (np.zeros(2, dtype=np.int64), np.zeros(2, dtype=np.int64))
NOBODY = np.empty((0, 2), dtype=np.int64)


@pytest.mark.parametrize(
    ("claimed", "place"),
    [
        (Solution(pairs=NOBODY, prices=NONE, unit=2**59), "certificate.unit"),
        (Solution(pairs=NOBODY, prices=NONE, unit=2**40), "certificate"),
        (Solution(pairs=NOBODY, prices=NONE, least=10**9), "certificate.least"),
        (Solution(pairs=NOBODY, prices=NONE, lift=-(10**12)), "certificate.lift"),
        (Solution(pairs=NOBODY, prices=NONE, lift=1), "certificate.lift"),
        (
            Solution(pairs=NOBODY, prices=NONE, lift=10**6, least=10**9, many=NONE, above=NONE),
            "certificate.many",
        ),
        (
            Solution(
                pairs=np.array([[0, 0]]),
                prices=(np.array([10**7, 0]), np.array([0, 0])),
                lift=10**7 - 6000,
                least=6000,
                many=ONES,
                above=NONE,
            ),
            "certificate.many",
        ),
    ],
)
def test_no_aim_can_make_a_poor_plan_seem_the_best(claimed, place):
    """Two pairs could be made, of 4 points each, or one of 6: the last is not the fairest."""
    people = [
        Participant(person=Person(id=own), roles={role: 1}, prefers=prefers)
        for own, role, prefers in (
            ("a", "mentee", ("x",)),
            ("b", "mentee", ()),
            ("x", "mentor", ()),
            ("y", "mentor", ()),
        )
    ]
    programme = Programme(
        criteria={"wish": Use("preferences", weight=2)}, policies=Policies(base=4)
    )
    registry = installed()
    case = build_case(people, programme, registry)
    found = Found(problem=case.problem, solution=attrs.evolve(claimed, unit=1))
    honest = certify(case, found)
    plan = describe(case, claimed.pairs, honest)
    forged = attrs.evolve(
        plan,
        certificate=attrs.evolve(
            plan.certificate,
            bound=plan.quality.total + claimed.lift * len(plan.matches),
            gap=0,
            unit=claimed.unit,
        ),
    )
    assert place in {fault.path for fault in verify(forged, people, registry)}
