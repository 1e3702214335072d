"""The heaviest matching in one pool is heaviest, and its proof holds without the solver."""

from __future__ import annotations

import random
from itertools import combinations, pairwise

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from mentorkit.interfaces import OddSets, Problem, Tables
from mentorkit.matching.certificate import upper_bound as bound_of
from mentorkit.matching.odd_sets import check, shared
from mentorkit.matching.solvers import blossom_start
from mentorkit.matching.solvers.blossom import Heaviest, heaviest, repaired

pytestmark = pytest.mark.once

SCALES = (1, 2, 3, 10, 1000, 2**45)
SEEDS = st.integers(0, 2**32)


def graph(edges):
    """Ends and weights of {(a, b): weight}."""
    ends = np.array(list(edges), dtype=np.int64).reshape(-1, 2)
    return ends, np.array(list(edges.values()), dtype=np.int64)


@st.composite
def pools(draw, most=8):
    """How many people there are, and edges: sparse and dense, with few weights and many."""
    n = draw(st.integers(0, most))
    weights = st.integers(0, draw(st.sampled_from(SCALES)))
    pairs = list(combinations(range(n), 2))
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    return n, {pair: draw(weights) for pair in chosen}


def random_pool(seed, n, degree, scale):
    random_ = random.Random(seed)
    edges = {}
    for _ in range(n * degree // 2):
        pair = tuple(sorted(random_.sample(range(n), 2)))
        edges[pair] = random_.randint(0, scale)
    return edges


def near_neighbours(seed, n, degree):
    """People on a plane who want whoever is near: its best matchings need nested sets."""
    places = np.random.default_rng(seed).integers(0, 1000, (n, 2))
    away = np.rint(np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))).astype(int)
    near = np.argsort(away, axis=1, kind="stable")[:, : degree + 1]
    pairs = {(min(a, b), max(a, b)) for a in range(n) for b in near[a].tolist() if a != b}
    return {(a, b): 2000 - int(away[a, b]) for a, b in sorted(pairs)}


def best_total(n, edges):
    """The greatest total of all matchings, by trying them."""
    best = {0: 0}
    for taken in range(1, 1 << n):
        last = taken.bit_length() - 1
        rest = taken ^ (1 << last)
        partners = (b for b in range(last) if rest >> b & 1 and (b, last) in edges)
        totals = [edges[b, last] + best[rest ^ (1 << b)] for b in partners]
        best[taken] = max([best[rest], *totals])
    return best[(1 << n) - 1]


def total_of(edges, mate):
    """The matching's total, after looking whether it is one."""
    matched = [(a, b) for a, b in enumerate(mate.tolist()) if b >= 0]
    assert all((b, a) in matched for a, b in matched)
    return sum(edges[a, b] for a, b in matched if a < b)


def proven(n, edges, found: Heaviest):
    """The total, if the proof holds: by the definition, with plain sets and integers."""
    total = total_of(edges, found.mate)
    prices = found.prices.tolist()
    sets = members_of(found.sets)
    costs = found.sets.prices.tolist()
    assert len(prices) == n
    assert len(sets) == len(costs)
    assert min(prices, default=0) >= 0
    assert min(costs, default=1) > 0
    assert all(len(one) % 2 == 1 and len(one) >= 3 for one in sets)
    assert all(a <= b or b <= a or not a & b for a, b in combinations(sets, 2))
    for (a, b), weight in edges.items():
        inside = sum(z for one, z in zip(sets, costs, strict=True) if a in one and b in one)
        assert prices[a] + prices[b] + inside >= 2 * weight
    halves = sum(z * (len(one) // 2) for one, z in zip(sets, costs, strict=True))
    assert sum(prices) + halves == 2 * total
    assert bound(edges, found) == 2 * total
    return total


def members_of(sets: OddSets) -> list[frozenset[int]]:
    return [frozenset(sets.line[low:high].tolist()) for low, high in sets.stretches.tolist()]


def bound(edges, found):
    """What twice a total can come to, by the certificate's own bound."""
    n = len(found.prices)
    worth = np.full((n, n), -1)
    for (a, b), weight in edges.items():
        worth[a, b] = worth[b, a] = 2 * weight
    asked = Problem(
        left=[""] * n,
        right=[""] * n,
        pairs=Tables(values=worth, wishes_of=(worth, worth), allowed=worth >= 0),
        left_capacity=np.ones(n, dtype=np.int64),
        right_capacity=np.ones(n, dtype=np.int64),
        one_pool=True,
    )
    return bound_of(asked, (found.prices, found.prices), found.sets)


@settings(max_examples=300)
@given(pools())
def test_no_matching_of_a_small_pool_is_heavier(pool) -> None:
    n, edges = pool
    assert proven(n, edges, heaviest(n, *graph(edges))) == best_total(n, edges)


@settings(max_examples=300)
@given(pools(), st.data())
def test_any_prices_and_any_pairs_are_a_start(pool, data) -> None:
    n, edges = pool
    price = st.integers(0, data.draw(st.sampled_from((*SCALES, 2**62))))
    prices = data.draw(st.lists(price, min_size=n, max_size=n))
    mate = data.draw(st.lists(st.integers(-1, n - 1), min_size=n, max_size=n))
    start = {"prices": np.array(prices, dtype=np.int64), "mate": np.array(mate, dtype=np.int64)}
    given_ = [array.copy() for array in start.values()]
    found = heaviest(n, *graph(edges), **start)
    assert proven(n, edges, found) == best_total(n, edges)
    assert all(map(np.array_equal, given_, start.values()))


@settings(max_examples=300)
@given(pools(most=12), st.data())
def test_an_earlier_answer_is_a_start_after_a_change(pool, data) -> None:
    n, edges = pool
    found = heaviest(n, *graph(edges))
    for pair in edges:
        edges[pair] += data.draw(st.integers(0, 2))
    again = heaviest(n, *graph(edges), prices=found.prices, mate=found.mate)
    assert proven(n, edges, again) == proven(n, edges, heaviest(n, *graph(edges)))


@given(SEEDS, st.integers(4, 30), st.sampled_from(SCALES))
def test_a_start_covers_every_edge_and_keeps_tight_pairs_alone(seed, n, scale) -> None:
    ends, weights = graph(edges := random_pool(seed, n, 4, scale))
    random_ = random.Random(seed)
    pairs = random_.sample(list(edges), len(edges))
    mate = np.full(n, -1, dtype=np.int64)
    for a, b in pairs:
        if mate[a] < 0 and mate[b] < 0 and random_.random() < 0.7:
            mate[a], mate[b] = b, a
    wanted = np.array([random_.randint(0, 2 * scale) for _ in range(n)], dtype=np.int64)
    prices, kept = repaired(ends, weights, wanted, mate)
    assert (prices[ends].sum(axis=1) >= 2 * weights).all()
    for a, b in enumerate(kept.tolist()):
        assert b in (-1, mate[a])
        assert b < 0 or prices[a] + prices[b] == 2 * edges[min(a, b), max(a, b)]
    assert (kept[kept[kept >= 0]] == np.flatnonzero(kept >= 0)).all()


def test_who_joins_pays_and_no_pair_comes_apart() -> None:
    ends, weights = graph({(0, 1): 5, (2, 3): 6, (0, 4): 9, (2, 4): 8})
    prices, mate = np.array([5, 5, 6, 6, 0]), np.array([1, 0, 3, 2, -1])
    prices, kept = repaired(ends, weights, prices, mate)
    assert prices.tolist() == [5, 5, 6, 6, 13]
    assert kept.tolist() == [1, 0, 3, 2, -1]


def test_a_price_above_every_edge_is_cut_so_that_sums_stay_whole_numbers() -> None:
    ends, weights = graph({(0, 1): 5})
    prices, _ = repaired(ends, weights, np.array([2**62, 2**62]), np.array([-1, -1]))
    assert prices.tolist() == [10, 10]


def test_pairs_that_only_one_side_claims_are_no_pairs() -> None:
    ends, weights = graph({(0, 1): 5, (1, 2): 5})
    _, kept = repaired(ends, weights, np.array([5, 5, 5]), np.array([1, 2, 1]))
    assert kept.tolist() == [-1, 2, 1]


def test_an_answer_without_sets_stays_when_nothing_changed() -> None:
    edges = {(a, a + 1): 5 + a % 3 for a in range(20)}
    found = heaviest(21, *graph(edges))
    again = heaviest(21, *graph(edges), prices=found.prices, mate=found.mate)
    assert len(found.sets.prices) == 0
    assert np.array_equal(again.mate, found.mate)
    assert np.array_equal(again.prices, found.prices)


@given(SEEDS, st.integers(2, 60), st.integers(1, 8), st.sampled_from(SCALES))
def test_networkx_finds_no_heavier_one(seed, n, degree, scale) -> None:
    networkx = pytest.importorskip("networkx")
    edges = random_pool(seed, n, degree, scale)
    other = networkx.Graph()
    other.add_weighted_edges_from((a, b, weight) for (a, b), weight in edges.items())
    total = sum(other.edges[pair]["weight"] for pair in networkx.max_weight_matching(other))
    assert proven(n, edges, heaviest(n, *graph(edges))) == total


@given(SEEDS, st.integers(3, 40), st.integers(2, 6))
def test_near_neighbours_are_proven(seed, n, degree) -> None:
    edges = near_neighbours(seed, n, min(degree, n - 1))
    plain = heaviest(n, *graph(edges), prices=np.zeros(n, dtype=np.int64))
    assert proven(n, edges, heaviest(n, *graph(edges))) == proven(n, edges, plain)


def test_a_set_within_a_set_within_a_set() -> None:
    found = heaviest(301, *graph(edges := near_neighbours(1, 301, 10)))
    sets = members_of(found.sets)
    depth = max(sum(one <= other for other in sets) for one in sets)
    assert depth > 3
    proven(301, edges, found)
    pairs = np.array(list(combinations(range(301), 2)))
    slow = np.zeros(len(pairs), dtype=np.int64)
    for members, price in zip(sets, found.sets.prices, strict=True):
        slow += np.isin(pairs, sorted(members)).all(axis=1) * price
    assert slow.any()
    assert np.array_equal(shared(found.sets, pairs), slow)


@given(pools(), st.randoms(use_true_random=False))
def test_edges_in_another_order_give_the_same_answer(pool, random_) -> None:
    n, edges = pool
    shuffled = dict(random_.sample(list(edges.items()), len(edges)))
    one, two = heaviest(n, *graph(edges)), heaviest(n, *graph(shuffled))
    assert np.array_equal(one.mate, two.mate)
    assert np.array_equal(one.prices, two.prices)
    assert np.array_equal(one.sets.stretches, two.sets.stretches)


@given(SEEDS, st.integers(3, 40), st.sampled_from(SCALES))
def test_other_numbers_for_people_give_the_same_total(seed, n, scale) -> None:
    edges = random_pool(seed, n, 4, scale)
    name = random.Random(seed).sample(range(n), n)
    renamed = {(min(p), max(p)): w for (a, b), w in edges.items() for p in [(name[a], name[b])]}
    one, two = heaviest(n, *graph(edges)), heaviest(n, *graph(renamed))
    assert proven(n, edges, one) == proven(n, renamed, two)


@given(SEEDS, st.integers(3, 40), st.integers(0, 3))
def test_a_price_war_costs_time_alone(seed, n, patience) -> None:
    edges = random_pool(seed, n, 4, 1000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blossom_start, "PATIENCE", patience)
        short = heaviest(n, *graph(edges))
    assert proven(n, edges, short) == proven(n, edges, heaviest(n, *graph(edges)))


@given(SEEDS, st.integers(2, 30), st.sampled_from(SCALES))
def test_the_auctions_prices_cover_every_edge_and_come_near(seed, n, scale) -> None:
    edges = random_pool(seed, n, 4, scale)
    ends, weights = graph(edges)
    both = np.concatenate([ends, ends[:, ::-1]])
    order = np.lexsort(both.T[::-1])
    start = np.searchsorted(both[order, 0], np.arange(n + 1))
    rows = (start, both[order, 1], np.concatenate([weights, weights])[order])
    auction = blossom_start.auction_of(*rows)
    blossom_start.approach(auction)
    factor = blossom_start.scale_of(weights)
    assert (auction.cover[ends].sum(axis=1) >= 2 * weights * factor).all()
    linear = pytest.importorskip("scipy.optimize").linear_sum_assignment
    table = np.zeros((n, n), dtype=np.int64)
    table[both[:, 0], both[:, 1]] = np.concatenate([weights, weights])
    best = table[linear(table, maximize=True)].sum() * factor
    step = max(1, int(auction.weight.max()) // blossom_start.PRECISION)
    assert best <= auction.cover.sum() <= best + 2 * n * step
    rounded = blossom_start.prices_of(auction.cover, factor) * factor
    assert (2 * abs(rounded - auction.cover) <= factor).all()


def circle(n, weight=7):
    return {(min(a, b), max(a, b)): weight for a in range(n) for b in [(a + 1) % n]}


def clique(n, first=0):
    return dict.fromkeys(combinations(range(first, first + n), 2), 3)


PETERSEN = {
    **{(a, a + 5): 1 for a in range(5)},
    **circle(5, 1),
    **{(min(a, b), max(a, b)): 1 for a in range(5, 10) for b in [(a - 3) % 5 + 5]},
}


@pytest.mark.parametrize(
    ("n", "edges", "total"),
    [
        (0, {}, 0),
        (1, {}, 0),
        (5, {}, 0),
        (2, {(0, 1): 0}, 0),
        (2, {(0, 1): 2**45}, 2**45),
        (10, PETERSEN, 5),
        (10, {pair: 1 for pair in PETERSEN if 9 not in pair}, 4),
        (501, {(0, b): b for b in range(1, 501)}, 500),
        (1000, {(a, a + 1): 7 for a in range(999)}, 3500),
        (1001, {(a, a + 1): 7 for a in range(1000)}, 3500),
        (1000, {(a, a + 1): a + 1 for a in range(999)}, sum(range(1, 1000, 2))),
        (999, circle(999), 7 * 499),
        (9, clique(9), 12),
        (15, {**clique(5), **clique(5, 5), **clique(5, 10)}, 18),
        (15, {**clique(5), **clique(5, 5), **clique(5, 10), (4, 5): 1, (9, 10): 3}, 21),
        (
            201,
            {pair: 5 for a in range(0, 199, 2) for pair in combinations(range(a, a + 3), 2)},
            500,
        ),
        (120, {(a, b): 9 for a in range(20) for b in range(20, 120)}, 180),
        (4, {(0, 1): 5, (1, 2): 6, (2, 3): 5}, 10),
        (4, {(0, 1): 5, (1, 2): 11, (2, 3): 5}, 11),
    ],
)
def test_known_totals(n, edges, total) -> None:
    assert proven(n, edges, heaviest(n, *graph(edges))) == total


@settings(max_examples=300)
@given(pools(most=7), st.data())
def test_no_matching_exceeds_the_bound_of_any_prices(pool, data) -> None:
    n, edges = pool
    line = np.array(data.draw(st.permutations(range(n))), dtype=np.int64)
    cuts = sorted(data.draw(st.sets(st.integers(0, n), max_size=4)))
    stretches = [*pairwise(cuts), *([(cuts[0], cuts[-1])] if len(cuts) > 2 else [])]
    number = st.integers(0, 10)
    prices = data.draw(st.lists(number, min_size=n, max_size=n))
    costs = data.draw(st.lists(number, min_size=len(stretches), max_size=len(stretches)))
    made = Heaviest(
        mate=line,
        prices=np.array(prices, dtype=np.int64),
        sets=OddSets(
            line=line,
            stretches=np.array(stretches, dtype=np.int64).reshape(-1, 2),
            prices=np.array(costs, dtype=np.int64),
        ),
    )
    members_held = members_of(made.sets)
    expected = sum(prices)
    for members, cost in zip(members_held, costs, strict=True):
        expected += len(members) // 2 * cost
    for pair, weight in edges.items():
        held = (set(pair) <= members for members in members_held)
        paid = sum(cost for cost, both in zip(costs, held, strict=True) if both)
        expected += max(0, 2 * weight - prices[pair[0]] - prices[pair[1]] - paid)
    assert bound(edges, made) == expected >= 2 * best_total(n, edges)


@pytest.mark.parametrize(
    ("line", "stretches", "costs", "said"),
    [
        ([0, 1, 2, 2], [], [], "every person once"),
        ([0, 1, 2], [], [], "every person once"),
        ([0, 1, 2, 3], [(0, 3)], [-2], "0 or more"),
        ([0, 1, 2, 3], [(0, 3), (1, 4)], [2, 2], "from 1 to 4"),
        ([0, 1, 2, 3], [(2, 5)], [2], "from 2 to 5"),
        ([0, 1, 2, 3], [(-1, 2)], [2], "from -1 to 2"),
        ([0, 1, 2, 3], [(2, 2)], [2], "from 2 to 2"),
    ],
)
def test_what_bounds_nothing_is_refused(line, stretches, costs, said) -> None:
    sets = OddSets(
        line=np.array(line, dtype=np.int64),
        stretches=np.array(stretches, dtype=np.int64).reshape(-1, 2),
        prices=np.array(costs, dtype=np.int64),
    )
    with pytest.raises(ValueError, match=said):
        check(sets, 4)
