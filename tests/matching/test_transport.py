"""The best pairs with capacities: pricing, auctions and paths against plain definitions."""

from __future__ import annotations

import attrs
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from mentorkit import Invalid, Tables
from mentorkit.interfaces import Problem
from mentorkit.matching.certificate import upper_bound
from mentorkit.matching.solvers import compiling, shortlist, transport
from mentorkit.testing import instances
from mentorkit.testing.contracts.problems import problem, tabled
from mentorkit.testing.instances import FAMILIES


def solved(asked: Problem) -> transport.Best:
    return transport.transport(asked.pairs, asked.capacity)


def total(asked: Problem, best: transport.Best) -> int:
    return int(asked.values[best.pairs[:, 0], best.pairs[:, 1]].sum())


def proven(asked: Problem, best: transport.Best) -> bool:
    """Feasible, and its prices bound every plan by its total."""
    rows, columns = best.pairs.T
    n, m = asked.shape
    assert asked.allowed[rows, columns].all()
    assert len(np.unique(best.pairs, axis=0)) == len(best.pairs)
    assert (np.bincount(rows, minlength=n) <= asked.left_capacity).all()
    assert (np.bincount(columns, minlength=m) <= asked.right_capacity).all()
    return upper_bound(asked, best.prices) == total(asked, best)


def assigned(asked: Problem) -> int:
    """The greatest total by SciPy, which copies people to their capacity."""
    rows, columns = (
        np.repeat(np.arange(size), np.minimum(side, other))
        for size, side, other in zip(asked.shape, asked.capacity, asked.shape[::-1], strict=True)
    )
    values = np.where(asked.allowed, asked.values, 0)[np.ix_(rows, columns)]
    return int(values[linear_sum_assignment(values, maximize=True)].sum())


@pytest.fixture(params=["compiled", "as lists"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Kernels at any size compiled, or never."""
    if request.param == "compiled":
        pytest.importorskip("numba")
        monkeypatch.setattr(compiling, "WORTHWHILE", 0)
    else:
        monkeypatch.setattr(compiling, "compiles", lambda: False)
    return str(request.param)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("seed", range(3))
def test_middle_sizes_are_proven_and_agree_with_another_solver(family, seed, way):
    asked = instances.problem(family, 220, 77, seed=seed)
    best = solved(asked)
    assert proven(asked, best)
    assert total(asked, best) == assigned(asked)


@pytest.mark.parametrize("family", FAMILIES)
def test_compiled_or_not_the_plan_is_the_same(family, monkeypatch):
    pytest.importorskip("numba")
    asked = instances.problem(family, 400, 140, seed=5)
    found = []
    for compiles in (True, False):
        monkeypatch.setattr(compiling, "WORTHWHILE", 0)
        monkeypatch.setattr(compiling, "compiles", lambda compiles=compiles: compiles)
        found.append(solved(asked))
    assert np.array_equal(found[0].pairs, found[1].pairs)
    assert all(map(np.array_equal, found[0].prices, found[1].prices))


@pytest.mark.parametrize("family", FAMILIES)
def test_few_offers_in_small_chunks_find_the_same_total(family, monkeypatch):
    """However little is looked at in one pass, pricing ends with the proof over all pairs."""
    asked = instances.problem(family, 200, 70, seed=1)
    best = total(asked, solved(asked))
    monkeypatch.setattr(transport, "OFFERS", 1)
    monkeypatch.setattr(shortlist, "SHORTEST", 8)
    monkeypatch.setattr(shortlist, "LONGEST", 8)
    monkeypatch.setattr(shortlist, "CELLS", 300)
    again = solved(asked)
    assert proven(asked, again)
    assert total(asked, again) == best


@st.composite
def coarse(draw: st.DrawFn) -> Problem:
    """Up to forty people a side with few values, which is where everything ties."""
    n, m = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    drawn = np.random.default_rng(draw(st.integers(0, 2**32)))
    levels, places = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    twins = drawn.integers(0, draw(st.integers(1, 8)), n)
    values = drawn.integers(0, levels, (8, m))[twins] * 500
    return attrs.evolve(
        tabled(
            problem(n, m), values=values, allowed=drawn.random((n, m)) > draw(st.floats(0, 0.9))
        ),
        left_capacity=drawn.integers(0, places, n),
        right_capacity=drawn.integers(0, places + 1, m),
    )


@given(coarse())
@settings(max_examples=150)
def test_coarse_problems_are_proven(asked):
    best = solved(asked)
    assert proven(asked, best)
    # Most matches of that total: each counts one more, on top of a scale above all of them.
    lifted = tabled(asked, values=asked.values * 10_000 + 1)
    assert len(best.pairs) == total(lifted, solved(lifted)) % 10_000


@given(coarse(), st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_the_total_does_not_depend_on_the_order_of_people(asked, random):
    rows, columns = (np.array(random.sample(range(size), size), dtype=int) for size in asked.shape)
    shuffled = attrs.evolve(
        tabled(
            asked,
            values=asked.values[np.ix_(rows, columns)],
            wishes=(asked.values, asked.values),
            allowed=asked.allowed[np.ix_(rows, columns)],
        ),
        left_capacity=asked.left_capacity[rows],
        right_capacity=asked.right_capacity[columns],
    )
    assert total(shuffled, solved(shuffled)) == total(asked, solved(asked))


@given(coarse(), st.integers(1, 1000))
@settings(max_examples=50)
def test_scaling_all_values_scales_the_total(asked, factor):
    scaled = tabled(asked, values=asked.values * factor)
    assert total(scaled, solved(scaled)) == factor * total(asked, solved(asked))


@given(coarse(), st.data())
@settings(max_examples=50)
def test_one_more_place_is_never_worse(asked, data):
    before = total(asked, solved(asked))
    more = asked.right_capacity.copy()
    more[data.draw(st.integers(0, len(more) - 1))] += 1
    assert total(asked, solved(attrs.evolve(asked, right_capacity=more))) >= before


@given(coarse(), st.data())
@settings(max_examples=50)
def test_whoever_nobody_may_have_changes_nothing(asked, data):
    _, m = asked.shape

    def widened(table: NDArray[np.int64], held: int) -> NDArray[np.int64]:
        return np.vstack([table, np.full((1, m), held, dtype=table.dtype)])

    values = widened(asked.values, data.draw(st.integers(0, 5000)))
    hopeless = attrs.evolve(
        asked,
        left=[*asked.left, "z"],
        pairs=Tables(
            values=values, wishes_of=(values, values), allowed=widened(asked.allowed, False)
        ),
        left_capacity=np.append(asked.left_capacity, 1),
    )
    assert total(hopeless, solved(hopeless)) == total(asked, solved(asked))


@given(coarse(), st.data())
@settings(max_examples=50)
def test_forbidding_what_was_not_chosen_costs_nothing(asked, data):
    best = solved(asked)
    chosen = set(map(tuple, best.pairs.tolist()))
    others = [cell for cell in np.ndindex(asked.shape) if cell not in chosen]
    if not others:
        return
    allowed = asked.allowed.copy()
    allowed[data.draw(st.sampled_from(others))] = False
    narrower = tabled(asked, allowed=allowed)
    assert total(asked, solved(narrower)) == total(asked, best)


def test_one_mentor_with_ten_thousand_places():
    asked = attrs.evolve(
        tabled(problem(3000, 2), values=np.arange(6000, dtype=np.int64).reshape(3000, 2)),
        right_capacity=np.array([10_000, 0]),
    )
    best = solved(asked)
    assert proven(asked, best)
    assert len(best.pairs) == 3000


def test_values_too_large_to_be_added_exactly_are_refused():
    asked = tabled(problem(2, 2), values=np.full((2, 2), 2**58))
    with pytest.raises(Invalid, match="too large"):
        solved(asked)


@given(coarse(), st.data())
@settings(max_examples=80)
def test_from_any_start_the_best_is_found(asked, data):
    drawn = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    n, m = asked.shape
    pairs = np.unique(
        np.stack([drawn.integers(0, n, 30), drawn.integers(0, m, 30)], axis=1), axis=0
    )
    prices = drawn.integers(0, 3000, n), drawn.integers(0, 3000, m)
    best = transport.transport(asked.pairs, asked.capacity, start=transport.Start(pairs, prices))
    assert proven(asked, best)
    assert total(asked, best) == total(asked, solved(asked))


@given(coarse())
@settings(max_examples=50)
def test_from_the_best_nothing_changes(asked):
    best = solved(asked)
    start = transport.Start(best.pairs, best.prices)
    again = transport.transport(asked.pairs, asked.capacity, start=start)
    assert np.array_equal(again.pairs, best.pairs)


@pytest.mark.parametrize("family", FAMILIES)
def test_after_one_is_forbidden_few_move(family):
    """Where much is alike, a plan found afresh would have little in common with the one before."""
    asked = instances.problem(family, 220, 77)
    best = solved(asked)
    allowed = asked.allowed.copy()
    allowed[tuple(best.pairs[0])] = False
    narrower = tabled(asked, allowed=allowed)
    start = transport.Start(best.pairs, best.prices)
    after = transport.transport(narrower.pairs, narrower.capacity, start=start)
    assert proven(narrower, after)
    before, now = (set(map(tuple, held.pairs.tolist())) for held in (best, after))
    assert len(before - now) <= 40
