"""The built-in matchers against brute force, and against another solver where that is slow."""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any

import attrs
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import coo_array

from mentorkit import Invalid, Problem, Solution
from mentorkit.matching.certificate import aimed_at, upper_bound
from mentorkit.matching.changed import Changed
from mentorkit.matching.standing import standing
from mentorkit.registry import installed
from mentorkit.testing.contracts.problems import problem, problems, tabled
from mentorkit.testing.strategies import scores

pytestmark = pytest.mark.once

NAMES = ("optimal", "most-people", "fair", "stable", "greedy", "random")


def matcher(name: str, **held: Any) -> Any:
    kind = installed().get("matchers", name)
    return kind.bind(kind.settings(**held))


def pairs_of(solution: Solution) -> list[tuple[int, int]]:
    return sorted(map(tuple, solution.pairs.tolist()))


@st.composite
def instances(draw, most: int = 5) -> Problem:
    """Scores with many ties; forbidden pairs; zero to three places on both sides."""
    n, m = draw(st.integers(0, most)), draw(st.integers(0, most))
    rare = st.sampled_from([True, True, True, False])
    places = st.sampled_from([1, 1, 2, 3, 0])
    tables = tabled(
        problem(n, m),
        values=draw(scores(n, m)),
        wishes=(draw(scores(n, m)), draw(scores(n, m))),
        allowed=np.array(draw(st.lists(rare, min_size=n * m, max_size=n * m)), bool).reshape(n, m),
    )
    return attrs.evolve(
        tables,
        left_capacity=np.array(draw(st.lists(places, min_size=n, max_size=n)), np.int64),
        right_capacity=np.array(draw(st.lists(places, min_size=m, max_size=m)), np.int64),
        seed=draw(st.integers(0, 5)),
    )


def best(asked: Problem, rank: Any = lambda total, count: (total, count)) -> tuple[int, int]:
    """The total and the number of matches of the plan, of all, that ranks highest."""
    return max(_outcomes(asked), key=lambda found: rank(*found))


def _outcomes(asked: Problem) -> set[tuple[int, int]]:
    """The totals and numbers of matches of all plans."""
    n, m = asked.shape

    @cache
    def rest(j: int, room: tuple[int, ...]) -> frozenset[tuple[int, int]]:
        if j == m:
            return frozenset({(0, 0)})
        free = [i for i in range(n) if room[i] and asked.allowed[i, j]]
        options = set()
        for size in range(min(int(asked.right_capacity[j]), len(free)) + 1):
            for some in itertools.combinations(free, size):
                left = tuple(room[i] - (i in some) for i in range(n))
                worth = int(asked.values[list(some), j].sum())
                options |= {(total + worth, count + size) for total, count in rest(j + 1, left)}
        return frozenset(options)

    return set(rest(0, tuple(asked.left_capacity.tolist())))


@given(instances())
def test_optimal_has_the_greatest_total_and_then_the_most_matches(asked):
    solution = matcher("optimal").solve(asked)
    total = sum(int(asked.values[pair]) for pair in pairs_of(solution))
    assert (total, len(solution.pairs)) == best(asked)
    assert upper_bound(asked, solution.prices) == total


@given(instances())
def test_most_people_has_the_most_matches_and_then_the_greatest_total(asked):
    solution = matcher("most-people").solve(asked)
    total = sum(int(asked.values[pair]) for pair in pairs_of(solution))
    found = total, len(solution.pairs)
    assert found == best(asked, lambda total, count: (count, total))
    aim = aimed_at(asked, solution)
    assert upper_bound(aim, solution.prices) == total + solution.lift * len(solution.pairs)


@given(instances(4))
def test_fair_has_the_most_matches_then_the_best_worst_one_then_the_greatest_total(asked):
    solution = matcher("fair").solve(asked)
    found = pairs_of(solution)
    matches = best(asked, lambda total, count: (count, total))[1]
    worths = sorted(
        {
            int(asked.values[cell])
            for cell in np.argwhere(asked.allowed).tolist()
            for cell in [tuple(cell)]
        }
    )
    least, total = max(
        (least, found[0])
        for least in [0, *worths]
        for barred in [tabled(asked, allowed=asked.allowed & (asked.values >= least))]
        for found in [best(barred, lambda total, count: (count, total))]
        if found[1] == matches
    )
    assert len(found) == matches
    assert sum(int(asked.values[pair]) for pair in found) == total
    assert not found or min(int(asked.values[pair]) for pair in found) == solution.least == least
    aim = aimed_at(asked, solution)
    assert upper_bound(aim, solution.prices) == total + solution.lift * matches
    better = attrs.evolve(asked, pairs=Changed(asked.pairs, least=solution.least + 1, flat=True))
    assert not found or upper_bound(better, solution.above) < matches


@given(instances(), st.data())
def test_prices_bound_whatever_they_are(asked, data):
    """Poor ones, too."""
    prices = tuple(
        np.array(data.draw(st.lists(st.integers(0, 6000), min_size=size, max_size=size)), np.int64)
        for size in asked.shape
    )
    assert upper_bound(asked, prices) >= best(asked)[0]


def test_no_price_can_fake_a_bound():
    """Prices that would wrap around in 64 bits bound the plan truthfully."""
    asked = attrs.evolve(problem(2, 2), left_capacity=np.full(2, 1_000_000))
    most = 2**63 - 1
    huge = np.array([most, most])
    assert upper_bound(asked, (huge, huge)) == 2 * 1_000_000 * most + 2 * most


def plans(asked: Problem) -> list[list[tuple[int, int]]]:
    """Every feasible plan."""
    cells = [tuple(cell) for cell in np.argwhere(asked.allowed).tolist()]
    found = []
    for size in range(len(cells) + 1):
        for some in itertools.combinations(cells, size):
            lefts, rights = ([pair[side] for pair in some] for side in (0, 1))
            fits = all(lefts.count(i) <= c for i, c in enumerate(asked.left_capacity))
            if fits and all(rights.count(j) <= c for j, c in enumerate(asked.right_capacity)):
                found.append(list(some))
    return found


def blocking(asked: Problem, pairs: np.ndarray) -> int:
    """What the engine counts where nobody is pinned."""
    free = np.zeros(len(pairs), dtype=bool)
    return standing(asked.pairs, pairs, asked.capacity, free).blocking


def naive_blocking(asked: Problem, plan: list[tuple[int, int]]) -> int:
    """Pairs in which both have room, or would rather have each other than somebody they have."""

    def eager(side: int, pair: tuple[int, int]) -> bool:
        mine = [held for held in plan if held[side] == pair[side]]
        room = (asked.left_capacity, asked.right_capacity)[side][pair[side]]
        wishes = asked.wishes[side]
        return room > 0 and (len(mine) < room or any(wishes[pair] > wishes[held] for held in mine))

    cells = [tuple(cell) for cell in np.argwhere(asked.allowed).tolist()]
    return sum(pair not in plan and eager(0, pair) and eager(1, pair) for pair in cells)


@given(instances(), st.sampled_from(NAMES))
def test_blocking_pairs_are_counted_right(asked, name):
    solution = matcher(name).solve(asked)
    assert blocking(asked, solution.pairs) == naive_blocking(asked, pairs_of(solution))


@given(instances(), st.sampled_from(["left", "right"]))
def test_stable_leaves_no_blocking_pair(asked, proposing):
    solution = matcher("stable", proposing=proposing).solve(asked)
    assert naive_blocking(asked, pairs_of(solution)) == 0


@st.composite
def strict(draw) -> Problem:
    """Up to three people a side, who like no two others alike."""
    asked = draw(instances(3))
    n, m = asked.allowed.shape
    wishes = [np.zeros((n, m), dtype=np.int64) for _ in range(2)]
    for i in range(n):
        wishes[0][i] = draw(st.permutations(range(m)))
    for j in range(m):
        wishes[1][:, j] = draw(st.permutations(range(n)))
    return tabled(asked, wishes=tuple(wishes))


@given(strict())
@settings(max_examples=30)
def test_stable_is_best_for_those_who_propose(asked):
    """Among all stable plans nobody who proposes gets anyone better, whoever they compare."""
    stable = [plan for plan in plans(asked) if not naive_blocking(asked, plan)]
    for side, proposing in enumerate(("left", "right")):
        found = pairs_of(matcher("stable", proposing=proposing).solve(asked))
        assert found in [sorted(plan) for plan in stable]
        for person in range(asked.allowed.shape[side]):
            mine, *others = (
                sorted(int(asked.wishes[side][pair]) for pair in plan if pair[side] == person)[::-1]
                for plan in [found, *stable]
            )
            # Under strict wishes everyone has as many partners in every stable plan.
            assert all(len(other) == len(mine) for other in others)
            assert all(a >= b for other in others for a, b in zip(mine, other, strict=True))


@given(instances())
def test_stable_ties_go_to_the_lower_id(asked):
    """As if each wish had its id's place behind the comma."""
    n, m = asked.allowed.shape
    broken = (
        asked.wishes[0] * 100 - np.arange(m)[None, :],
        asked.wishes[1] * 100 - np.arange(n)[:, None],
    )
    for proposing in ("left", "right"):
        used = matcher("stable", proposing=proposing)
        assert pairs_of(used.solve(asked)) == pairs_of(used.solve(tabled(asked, wishes=broken)))


def naive_greedy(asked: Problem) -> list[tuple[int, int]]:
    left, right = asked.left_capacity.tolist(), asked.right_capacity.tolist()
    cells = [tuple(cell) for cell in np.argwhere(asked.allowed).tolist()]
    plan = []
    for i, j in sorted(cells, key=lambda cell: (-asked.values[cell], cell)):
        if left[i] and right[j]:
            left[i] -= 1
            right[j] -= 1
            plan.append((i, j))
    return sorted(plan)


@given(instances())
def test_greedy_takes_the_best_pair_left(asked):
    assert pairs_of(matcher("greedy").solve(asked)) == naive_greedy(asked)


@given(instances())
def test_random_depends_on_the_seed_and_on_what_is_allowed(asked):
    used = matcher("random")
    first = pairs_of(used.solve(asked))
    other = tabled(asked, values=asked.values[::-1], wishes=asked.wishes[::-1])
    assert pairs_of(used.solve(other)) == first
    large = attrs.evolve(problem(8, 8), seed=asked.seed)
    assert pairs_of(used.solve(large)) != pairs_of(
        used.solve(attrs.evolve(large, seed=asked.seed + 1))
    )


def test_random_is_the_same_everywhere():
    """PCG64's stream is fixed, so this plan holds on every platform."""
    solution = matcher("random").solve(attrs.evolve(problem(4, 4), seed=7))
    assert pairs_of(solution) == [(0, 3), (1, 2), (2, 1), (3, 0)]


@given(instances(), st.sampled_from(NAMES))
def test_nobody_could_simply_join_somebody_with_room(asked, name):
    solution = matcher(name).solve(asked)
    taken = np.zeros(asked.shape, dtype=bool)
    taken[solution.pairs[:, 0], solution.pairs[:, 1]] = True
    left = taken.sum(axis=1) < asked.left_capacity
    right = taken.sum(axis=0) < asked.right_capacity
    assert not (asked.allowed & ~taken & np.logical_and.outer(left, right)).any()


def second_opinion(asked: Problem) -> int:
    """The greatest total as an integer programme."""
    rows, columns = np.nonzero(asked.allowed)
    n, edges = len(asked.left), np.arange(len(rows))
    ends = np.concatenate([rows, n + columns])
    incidence = coo_array((np.ones(2 * len(rows)), (ends, np.tile(edges, 2))))
    capacity = np.concatenate([asked.left_capacity, asked.right_capacity])
    found = milp(
        -asked.values[rows, columns],
        constraints=LinearConstraint(incidence.tocsr(), ub=capacity[: incidence.shape[0]]),
        integrality=np.ones(len(rows)),
        bounds=(0, 1),
    )
    return round(-found.fun)


def family(name: str, seed: int, n: int = 30, m: int = 20) -> Problem:
    """Thirty by twenty people with places on both sides."""
    drawn = np.random.default_rng(seed)
    values = {
        "plain": drawn.integers(0, 5001, (n, m)),
        "popular": drawn.integers(0, 1000, (n, m)) + 4 * drawn.integers(0, 1000, m)[None, :],
        "twins": 1000 * drawn.integers(0, 3, (3, m))[np.arange(n) % 3],
        "large": drawn.integers(0, 10**9, (n, m)),
    }[name]
    return attrs.evolve(
        tabled(problem(n, m), values=values.astype(np.int64), allowed=drawn.random((n, m)) > 0.2),
        left_capacity=drawn.integers(0, 3, n),
        right_capacity=drawn.integers(0, 4, m),
    )


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["plain", "popular", "twins", "large"])
@pytest.mark.parametrize("single", [False, True])
def test_optimal_agrees_with_an_integer_programme(name, seed, single):
    asked = family(name, seed)
    if single:
        asked = attrs.evolve(asked, left_capacity=np.minimum(asked.left_capacity, 1))
    solution = matcher("optimal").solve(asked)
    total = sum(int(asked.values[pair]) for pair in pairs_of(solution))
    assert upper_bound(asked, solution.prices) == total
    if name != "large":  # an integer programme in floating point is not that exact
        assert total == second_opinion(asked)


@pytest.mark.parametrize("seed", range(2))
def test_many_ties_go_to_the_lower_ids(seed):
    """More than sixteen, up to which any sorting is stable."""
    asked = family("twins", seed)
    assert pairs_of(matcher("greedy").solve(asked)) == naive_greedy(asked)
    twins = tabled(asked, wishes=(asked.values, asked.values))
    by_id = tabled(
        twins,
        wishes=(
            asked.values * 100 - np.arange(20)[None, :],
            asked.values * 100 - np.arange(30)[:, None],
        ),
    )
    used = matcher("stable")
    assert pairs_of(used.solve(twins)) == pairs_of(used.solve(by_id))


@pytest.mark.parametrize("both", [False, True])
@given(shift=st.integers(0, 10**9), asked=instances(4))
@settings(max_examples=30)
def test_optimal_is_exact_with_large_values(both, shift, asked):
    """Weights and bases up to a million points, differences of a thousandth."""
    left = np.minimum(asked.left_capacity, 3 if both else 1)
    asked = attrs.evolve(tabled(asked, values=asked.values // 500 + shift), left_capacity=left)
    solution = matcher("optimal").solve(asked)
    total = sum(int(asked.values[pair]) for pair in pairs_of(solution))
    assert (total, len(solution.pairs)) == best(asked)
    assert upper_bound(asked, solution.prices) == total


def test_capacities_beyond_the_number_of_people_count_as_that_number():
    n, m = 30, 40
    most = np.full(n, 1_000_000), np.full(m, 1_000_000)
    asked = attrs.evolve(
        tabled(problem(n, m), values=np.full((n, m), 10**9)),
        left_capacity=most[0],
        right_capacity=most[1],
    )
    for name in NAMES:
        assert len(matcher(name).solve(asked).pairs) == n * m


def test_values_that_floating_point_cannot_add_are_refused():
    asked = tabled(problem(3, 3), values=np.full((3, 3), 2**57))
    with pytest.raises(Invalid, match="too large"):
        matcher("optimal").solve(asked)


def test_one_against_a_hundred_thousand():
    """No table beyond the problem's own: a square one would take eighty gigabytes."""
    for n, m in ((1, 100_000), (100_000, 1)):
        asked = attrs.evolve(
            tabled(problem(n, m), values=np.arange(n * m, dtype=np.int64).reshape(n, m)),
            left_capacity=np.full(n, 1_000_000 if n == 1 else 1),
            right_capacity=np.ones(m, dtype=np.int64),
        )
        for name in NAMES:
            assert len(matcher(name).solve(asked).pairs) == (m if n == 1 else 1)


@given(problems(frozenset({"pairs"})))
def test_contract_problems_are_solved_best(asked):
    """The shipped brute force agrees with the one here."""
    from mentorkit.testing.contracts.problems import best_total

    assert best_total(asked) == best(asked)[0]
