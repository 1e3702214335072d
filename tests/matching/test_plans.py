"""What every plan keeps, whichever matcher made it."""

from __future__ import annotations

import random
from collections import Counter

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from matching_cases import MATCHERS, REGISTRY, Drawn, best_total, drawn_cases

import mentorkit
from mentorkit import Choice, Invalid, MatchPlan, Participant, Person, Policies, Programme, Use
from mentorkit.codec import from_json, to_json
from mentorkit.matching import compare, verify
from mentorkit.testing.strategies import populations

OPTIMAL = (Choice("optimal"),)


@given(drawn_cases())
def test_a_plan_is_feasible_and_verified(drawn):
    plan = drawn.match()
    assert all(drawn.allowed(pair) for pair in plan.pairs)
    for side in (0, 1):
        load = Counter(pair[side] for pair in plan.pairs)
        assert all(count <= drawn.room(side, own) for own, count in load.items())
    assert len(set(plan.pairs)) == len(plan.pairs)
    assert [(match.fit, match.wishes) for match in plan.matches] == [
        (drawn.fit(pair), (drawn.wish(0, pair), drawn.wish(1, pair))) for pair in plan.pairs
    ]
    assert plan.quality.total == drawn.worth(plan.pairs)
    assert verify(plan, drawn.people, REGISTRY) == ()


@given(drawn_cases(matchers=OPTIMAL))
def test_optimal_is_proven_best(drawn):
    plan = drawn.match()
    assert plan.quality.total == best_total(drawn) == plan.certificate.bound
    assert plan.certificate.gap == 0


@given(drawn_cases(), st.randoms(use_true_random=False))
def test_the_order_of_people_does_not_matter(drawn, chance):
    people = list(drawn.people)
    chance.shuffle(people)
    assert to_json(attrs.evolve(drawn, people=tuple(people)).match()) == to_json(drawn.match())


@given(drawn_cases())
def test_a_plan_comes_back_from_json(drawn):
    plan = drawn.match()
    assert from_json(MatchPlan, to_json(plan)) == plan


RICH = Programme(
    starts=__import__("datetime").date(2026, 3, 30),
    criteria={
        "team": Use("different", {"attribute": "department", "missing": 500}, weight=2),
        "skills": Use("skills", {"missing": 300}, weight=3, wish_of="left"),
        "step": Use("level-gap", {"attribute": "grade", "least": 1}, weight=2),
        "wish": Use("preferences", weight=4, wish_of="left"),
        "turned": Use("skills", between=("mentor", "mentee"), weight=1, wish_of="left"),
        "zones": Use("time-zones"),
        "free": Use("availability"),
    },
    constraints={"common": Use("language", {"missing": 1000})},
    policies=Policies(by="department"),
)


@given(populations(most=7), st.sampled_from(MATCHERS), st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_real_criteria_make_verified_plans(people, matcher, chance):
    programme = attrs.evolve(RICH, policies=Policies(by="department", matcher=matcher))
    plan = mentorkit.match(people, programme)
    assert verify(plan, people) == ()
    chance.shuffle(people)
    assert to_json(mentorkit.match(people, programme)) == to_json(plan)
    by_id = {held.id: held for held in people}
    for one, other in plan.pairs:
        left, right = by_id[one], by_id[other]
        assert one != other
        assert other not in (*left.avoids, *left.not_again, left.manager)
        assert one not in (*right.avoids, *right.not_again, right.manager)
    if matcher.kind == "optimal":
        assert plan.certificate.gap == 0


@given(drawn_cases())
@settings(max_examples=25)
def test_comparing_is_matching_several_times(drawn):
    plans = compare(drawn.people, drawn.programme, MATCHERS, registry=REGISTRY)
    alone = [attrs.evolve(drawn, matcher=matcher).match() for matcher in MATCHERS]
    assert list(plans) == alone


@given(drawn_cases(4), st.data())
def test_pins_and_forbids_are_kept(drawn, data):
    possible = [pair for pair in drawn.cells if not drawn.forbidden(pair)]
    assume(possible)
    pin = data.draw(st.sampled_from(possible))
    rest = [pair for pair in drawn.cells if set(pair) != set(pin)]
    bans = data.draw(st.lists(st.sampled_from(rest), max_size=2)) if rest else []
    forbids = tuple(data.draw(st.sampled_from([ban, ban[::-1]])) for ban in bans)
    held = attrs.evolve(drawn, pins=(pin,), forbids=forbids)
    plan = held.match()
    assert pin in plan.pairs
    assert [match.team.people for match in plan.matches if match.pinned] == [pin]
    for ban in forbids:
        assert not {ban, ban[::-1]} & (set(plan.pairs) - {pin})
    assert verify(plan, held.people, REGISTRY) == ()
    if held.matcher.kind == "optimal":
        assert plan.quality.total == best_total(held)
        assert plan.certificate.gap == 0


def someone(own: str, **roles: int) -> Participant:
    return Participant(person=Person(id=own), roles=roles)


ANN, BO, CY = someone("ann", mentee=1), someone("bo", mentor=1), someone("cy", mentor=1)


@pytest.mark.parametrize(
    ("pins", "forbids", "words"),
    [
        ([("ann", "bo")], [("bo", "ann")], "pin ann with bo: is forbidden: the coordinator"),
        ([("ann", "dee")], [], "'dee' is no mentor with room"),
        ([("bo", "ann")], [], "'bo' is no mentee with room; name the mentee first"),
        ([("ann", "bo"), ("ann", "cy")], [], "pins of ann: are more than this mentee has room"),
        ([], [("ann", "dee")], "forbid ann with dee: they take part in no two fitting roles"),
        ([], [("bo", "cy")], "forbid bo with cy"),
    ],
)
def test_wrong_decisions_are_refused_with_their_place(pins, forbids, words):
    with pytest.raises(Invalid) as caught:
        mentorkit.match([ANN, BO, CY], pins=pins, forbids=forbids)
    assert words in str(caught.value)


def test_a_private_ban_is_not_told_to_who_pins():
    shy = Participant(person=Person(id="ann"), roles={"mentee": 1}, avoids=["bo"])
    with pytest.raises(Invalid, match=r"pin ann with bo: is forbidden: not available$"):
        mentorkit.match([shy, BO], pins=[("ann", "bo")])


def test_nobody_is_there_twice():
    with pytest.raises(Invalid, match=r"'ann'.*twice"):
        mentorkit.match([ANN, ANN])


def test_a_pin_may_lie_below_the_floor_and_stated_twice():
    programme = Programme(policies=Policies(floor=1))
    plan = mentorkit.match([ANN, BO], programme, pins=[("ann", "bo"), ("ann", "bo")])
    assert plan.pairs == (("ann", "bo"),)
    assert verify(plan, [ANN, BO]) == ()


@pytest.mark.parametrize("matcher", MATCHERS, ids=str)
@pytest.mark.parametrize(
    "people",
    [
        [],
        [ANN],
        [BO],
        [someone("ann", mentee=0), BO],
        [someone("dee", mentee=1, mentor=1)],
        [someone("dee", mentee=2, mentor=2), someone("eve", mentee=2, mentor=2)],
        [someone("fay", mentee=1_000_000), BO, CY],
        [someone("gus", mentee=1_000_000), someone("hal", mentor=1_000_000)],
        [someone("ida", other=1)],
    ],
    ids=lambda people: "-".join(held.id for held in people) or "nobody",
)
def test_odd_crowds(people, matcher):
    programme = Programme(policies=Policies(matcher=matcher))
    plan = mentorkit.match(people, programme)
    assert verify(plan, people) == ()
    assert all(one != other for one, other in plan.pairs)
    seated = sum(held.roles.get("mentee", 0) > 0 for held in people)
    assert plan.quality.load["mentee"].get("0", 0) <= seated


def test_a_person_on_both_sides_is_never_alone_with_themselves():
    dee, eve = (someone(own, mentee=1, mentor=1) for own in ("dee", "eve"))
    assert mentorkit.match([dee, eve]).pairs == (("dee", "eve"), ("eve", "dee"))
    assert mentorkit.match([dee]).pairs == ()


@given(drawn_cases(matchers=OPTIMAL), st.integers(2, 7))
def test_scaling_all_weights_scales_the_total(drawn, by):
    large = attrs.evolve(
        drawn,
        weights=tuple(by * weight for weight in drawn.weights),
        base=by * drawn.base,
        floor=by * drawn.floor,
    )
    assert large.match().quality.total == by * drawn.match().quality.total


@given(drawn_cases(matchers=OPTIMAL))
def test_more_room_never_lowers_the_total(drawn):
    total = drawn.match().quality.total
    for at, held in enumerate(drawn.people):
        for role in held.roles:
            roomy = attrs.evolve(held, roles=held.roles | {role: held.roles[role] + 1})
            people = (*drawn.people[:at], roomy, *drawn.people[at + 1 :])
            assert attrs.evolve(drawn, people=people).match().quality.total >= total


@given(drawn_cases(4, OPTIMAL))
def test_somebody_hopeless_changes_no_total(drawn):
    """All their pairs are banned."""
    n = len(drawn.people)
    hopeless = someone(f"p{n}", mentee=1, mentor=2)
    wider = np_pad(drawn)
    before, after = drawn.match(), attrs.evolve(wider, people=(*drawn.people, hopeless)).match()
    assert after.quality.total == before.quality.total
    assert {held.person for held in after.unmatched} >= {hopeless.id}


def np_pad(drawn: Drawn) -> Drawn:
    import numpy as np

    return attrs.evolve(
        drawn,
        open_points=np.pad(drawn.open_points, (0, 1)),
        secret_points=np.pad(drawn.secret_points, (0, 1)),
        bans=np.pad(drawn.bans, (0, 1), constant_values=True),
    )


@given(drawn_cases(4, OPTIMAL))
def test_pinning_what_is_chosen_or_forbidding_what_is_not_keeps_the_total(drawn):
    plan = drawn.match()
    for pair in drawn.cells:
        if pair in plan.pairs:
            assert drawn.match(pins=[pair]).quality.total == plan.quality.total
        elif pair[::-1] not in plan.pairs:
            assert drawn.match(forbids=[pair]).quality.total == plan.quality.total


@given(drawn_cases(4, OPTIMAL))
def test_where_one_plan_is_best_these_decisions_keep_its_pairs(drawn):
    """It is the only one if there is none as good without any one of its pairs."""
    plan = drawn.match()

    def worth(other: MatchPlan) -> tuple[int, int]:
        return other.quality.total, other.quality.matches

    both_ways = set(drawn.cells) & {pair[::-1] for pair in drawn.cells}
    assume(not both_ways)
    assume(all(worth(drawn.match(forbids=[pair])) < worth(plan) for pair in plan.pairs))
    for pair in drawn.cells:
        decided = {"pins" if pair in plan.pairs else "forbids": [pair]}
        assert drawn.match(**decided).pairs == plan.pairs


@given(drawn_cases(), st.sampled_from("aqz"))
def test_other_names_in_the_same_order_change_nothing_else(drawn, letter):
    def renamed(own: str) -> str:
        return letter + own[1:]

    people = tuple(
        attrs.evolve(held, person=attrs.evolve(held.person, id=renamed(held.id)))
        for held in drawn.people
    )
    plan, other = drawn.match(), attrs.evolve(drawn, people=people).match()
    assert other.pairs == tuple(tuple(map(renamed, pair)) for pair in plan.pairs)
    assert other.quality == plan.quality
    assert other.certificate.bound == plan.certificate.bound


@given(drawn_cases(), st.integers(0, 10))
def test_the_seed_matters_to_chance_alone(drawn, seed):
    assume(drawn.matcher.kind != "random")
    assert attrs.evolve(drawn, seed=seed).match().pairs == drawn.match().pairs


def test_a_million_points_a_weight_is_exact():
    """One thousandth decides between totals of two thousand million."""
    people = [someone("a", mentee=1), someone("b", mentee=1), someone("x", mentor=1_000_000)]
    people = [attrs.evolve(held, seeks=[]) for held in people]
    programme = Programme(
        criteria={"same": Use("same", {"attribute": "z", "missing": 1}, weight=1_000_000)},
        policies=Policies(base=1_000_000),
    )
    plan = mentorkit.match(people, programme)
    assert plan.quality.total == 2 * (1_000_000 * 1 + 1_000_000 * 1000)
    assert plan.certificate.gap == 0
    assert verify(plan, people) == ()


def test_the_record_holds_all_that_decides():
    plan = mentorkit.match([ANN, BO, CY], pins=[("ann", "cy")], forbids=[("bo", "ann")])
    record = plan.record
    again = mentorkit.match(
        [CY, BO, ANN], record.programme, pins=record.pins, forbids=record.forbids
    )
    assert to_json(again) == to_json(plan)
    assert random.Random(0)  # the engine draws from no global source
    state = random.getstate()
    mentorkit.match([ANN, BO, CY], Programme(policies=Policies(matcher=Choice("random"))))
    assert random.getstate() == state
