"""Rules and what prices bound under them, against their definitions."""

from __future__ import annotations

import attrs
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from rules_cases import Drawn, drawn, drawn_prices

from mentorkit import Problem
from mentorkit.interfaces import Rules
from mentorkit.matching import blocks, certificate
from mentorkit.matching.rules import Prices, upper_bound_under
from mentorkit.matching.solvers.seating import Gains, seat_prices, team_gains
from mentorkit.testing.contracts.problems import problems

pytestmark = pytest.mark.once

LARGEST = 2**63 - 1


def bounded(asked, prices):
    return upper_bound_under(asked.pairs, asked.capacity, asked.rules, prices)


@given(st.data())
def test_no_plan_is_worth_more_than_the_bound_whatever_the_prices(data):
    asked = data.draw(drawn())
    prices = drawn_prices(data.draw, asked)
    _, worth = asked.plans()
    assert bounded(asked, prices) >= worth.max(initial=-LARGEST)


@given(st.data())
def test_the_bound_does_not_depend_on_the_blocks(data):
    asked = data.draw(drawn())
    prices = drawn_prices(data.draw, asked)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(blocks, "AT_ONCE", 3)
        in_blocks = bounded(asked, prices)
    assert in_blocks == bounded(asked, prices)


@given(st.data(), st.sampled_from([100, 2**31, LARGEST]))
def test_the_bound_is_exact_for_prices_of_any_size(data, most):
    asked = data.draw(drawn())
    prices = drawn_prices(data.draw, asked, most)
    assert bounded(asked, prices) == by_hand(asked, prices)


def by_hand(asked: Drawn, prices: Prices) -> int:
    """The bound in Python's own numbers, pair by pair."""
    n, m = asked.shape
    left, right, groups = (side.tolist() for side in (prices.left, prices.right, prices.groups))
    most = sum(a * b for a, b in zip(asked.capacity[0].tolist(), left, strict=True))
    most -= sum(a * b for a, b in zip(asked.rules.wanted.tolist(), groups, strict=True))
    for j in range(m):
        places, least = int(asked.capacity[1][j]), int(asked.rules.least[j])
        team = right[j] * (places if right[j] > 0 else least)
        for i in range(n if places else 0):
            if asked.pairs.allowed[i, j] and asked.capacity[0][i]:
                rest = int(asked.pairs.values[i, j]) * prices.unit - left[i] - right[j]
                for side, who in enumerate((i, j)):
                    group = int(asked.rules.groups[side][who])
                    rest += groups[group] if group >= 0 else 0
                team += max(0, rest)
        if asked.rules.begun[j]:
            most += team
        elif places >= least:
            most += max(0, team)
    return most // prices.unit


@given(problems(frozenset({"pairs"}), 4), st.data())
def test_without_rules_it_is_the_bound_of_the_transportation_problem(asked: Problem, data):
    n, m = asked.shape
    random = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    left, right = random.integers(0, 2000, n), random.integers(0, 2000, m)
    prices = Prices(left, right, np.zeros(0, dtype=np.int64))
    here = upper_bound_under(asked.pairs, asked.capacity, Rules.none((n, m)), prices)
    assert here == certificate.upper_bound(asked, (left, right))


@given(drawn(), st.data())
def test_seat_prices_leave_what_the_best_team_would_gain(asked, data):
    """For each right person, of all teams of every size; and no price is higher than it must be."""
    random = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    k, m = data.draw(st.integers(0, 12)), asked.shape[1]
    if not m:
        return
    columns, gains = random.integers(0, m, k), random.integers(-5, 6, k)
    places = np.maximum(asked.capacity[1], asked.rules.least) + 1
    prices = seat_prices(Gains(columns, gains, m), places, asked.rules, -1000)
    found = team_gains(columns, gains, prices, places, asked.rules)
    dearer = team_gains(columns, gains, prices + 1, places, asked.rules)
    for j in range(m):
        best = np.sort(gains[columns == j])[::-1].tolist()
        sizes = range(int(asked.rules.least[j]), min(int(places[j]), len(best)) + 1)
        teams = [sum(best[:size]) for size in sizes]
        if not asked.rules.begun[j]:
            assert max(found[j], 0) == max([0, *teams]) < dearer[j]
        elif teams:
            assert found[j] == max(teams) <= dearer[j]
        else:
            assert prices[j] == -1000


@given(drawn())
def test_what_keeps_the_rules_is_what_all_plans_say(asked):
    plans, _ = asked.plans()
    kept = {tuple(map(tuple, plan.tolist())) for plan in plans}
    free = attrs.evolve(asked, rules=Rules.none(asked.shape))
    for plan in free.plans()[0]:
        assert asked.rules.keeps(plan) == (tuple(map(tuple, plan.tolist())) in kept)


def test_who_has_too_few_and_how_many_pairs_groups_are_in():
    rules = Rules(
        least=np.array([2, 2, 0, 1]),
        begun=np.array([False, True, False, True]),
        groups=(np.array([0, -1, 0]), np.array([-1, 1, 1, -1])),
        wanted=np.array([2, 1]),
    )
    pairs = np.array([[0, 0], [1, 1], [2, 1], [2, 2]])
    assert rules.small(pairs).tolist() == [0, 3]
    assert rules.count(pairs).tolist() == [3, 3]
    assert rules.suffices(pairs)
    assert not rules.keeps(pairs)
    part = rules.part(np.array([2]), np.array([1, 2]))
    assert part.keeps(np.array([[0, 0], [0, 1]])) is False
    assert part.small(np.array([[0, 0], [0, 1]])).tolist() == [0]
    assert part.count(np.array([[0, 0], [0, 1]])).tolist() == [2, 2]
