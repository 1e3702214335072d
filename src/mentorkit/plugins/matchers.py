"""The built-in matchers for pairs: of two roles, with capacities, or within one pool."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from typing import Any, Literal

import attrs
import numpy as np

import mentorkit
from mentorkit.interfaces import IntArray, Kind, Problem, Solution, Tables
from mentorkit.matching.solvers.objectives import count_matches, most_matches, solved

PAIRS = frozenset({"pairs"})
ALSO_ONE_POOL = frozenset({"pairs", "one-pool"})
ALL = frozenset({"pairs", "one-pool", "least-sizes", "parity"})


@attrs.frozen
class Optimal:
    """The greatest total, and among plans of that total the most matches.

    Proven by the prices that it returns, at any size: it never holds the whole table. Where
    teams have a least size the best is not always found, and the certificate's gap says so.
    """

    solves = ALL

    def solve(self, problem: Problem) -> Solution:
        """By auctions and augmenting paths on promising pairs, priced against all."""
        return solved(problem, problem.pairs)


@attrs.frozen
class MostPeople:
    """The most matches, and among plans with as many the greatest total.

    Each match counts more than all fits together, which its prices prove likewise.
    """

    solves = ALSO_ONE_POOL

    def solve(self, problem: Problem) -> Solution:
        """As `optimal`, with so much on top of each pair that one more match always pays."""
        return most_matches(problem)


@attrs.frozen
class Fair:
    """The most matches; of these plans, the one whose worst match is best; then the total.

    Proven twice: no plan with as many matches has a better worst one, and none that is as
    good for the worst has a greater total.
    """

    solves = PAIRS

    def solve(self, problem: Problem) -> Solution:
        """Try what the worst match may be worth, halving the range each time."""
        pairs, (left, right) = problem.pairs, problem.capacity
        best = count_matches(problem, 0)
        many = best.prices
        low = int(pairs.worth_of(best.pairs).min(initial=pairs.most))
        above: tuple[IntArray, IntArray] = (np.zeros_like(left), np.zeros_like(right))
        high = pairs.most + 1
        while low + 1 < high:
            least = (low + high) // 2
            tried = count_matches(problem, least)
            if len(tried.pairs) == len(best.pairs):
                low = int(pairs.worth_of(tried.pairs).min(initial=least))
            else:
                high, above = least, tried.prices
        return attrs.evolve(most_matches(problem, low), many=many, above=above)


@attrs.frozen
class Stable:
    """No two people would both rather have each other, each side by its own wishes.

    Deferred acceptance (Gale and Shapley 1962; Roth 1984 for capacities): the `proposing`
    side gets the best stable plan for itself. Ties go to the lower id.
    """

    proposing: Literal["left", "right"] = "left"
    solves = PAIRS

    def solve(self, problem: Problem) -> Solution:
        """Proposers ask in the order of their wishes; the asked keep the best so far."""
        if self.proposing == "left":
            return Solution(pairs=_deferred(problem))
        return Solution(pairs=_deferred(_mirrored(problem))[:, ::-1])


def _mirrored(problem: Problem) -> Problem:
    return Problem(
        left=problem.right,
        right=problem.left,
        pairs=Tables(
            values=problem.values.T,
            wishes_of=(problem.wishes[1].T, problem.wishes[0].T),
            allowed=problem.allowed.T,
        ),
        left_capacity=problem.right_capacity,
        right_capacity=problem.left_capacity,
        seed=problem.seed,
    )


def _deferred(problem: Problem) -> IntArray:
    wishes, theirs = problem.wishes
    lists = [
        [j for j in np.argsort(-row, kind="stable") if allowed[j]]
        for row, allowed in zip(wishes, problem.allowed, strict=True)
    ]
    next_choice = [0] * len(lists)
    kept: list[list[tuple[int, int]]] = [[] for _ in problem.right]
    seats = [min(places, len(lists[i])) for i, places in enumerate(problem.left_capacity.tolist())]
    waiting = [i for i in reversed(range(len(lists))) for _ in range(seats[i])]
    while waiting:
        i = waiting.pop()
        if next_choice[i] == len(lists[i]):
            continue
        j = lists[i][next_choice[i]]
        next_choice[i] += 1
        # The worst kept proposer is on top: lowest wish first, then the highest index.
        heapq.heappush(kept[j], (int(theirs[i, j]), -i))
        if len(kept[j]) > problem.right_capacity[j]:
            waiting.append(-heapq.heappop(kept[j])[1])
    pairs = sorted((-minus, int(j)) for j, held in enumerate(kept) for _, minus in held)
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


@attrs.frozen
class Greedy:
    """Takes the best pair left, again and again: a baseline, fast and never proven."""

    solves = ALSO_ONE_POOL

    def solve(self, problem: Problem) -> Solution:
        """By value; ties to the lower ids."""
        rows, columns = np.nonzero(problem.allowed)
        order = np.argsort(-problem.values[rows, columns], kind="stable")
        return Solution(pairs=_filled(problem, rows[order], columns[order]))


@attrs.frozen
class Random:
    """Takes allowed pairs in an order drawn from the seed: what chance alone would do."""

    solves = ALSO_ONE_POOL

    def solve(self, problem: Problem) -> Solution:
        """The raw stream of PCG64 is the same on every platform and NumPy version."""
        rows, columns = np.nonzero(problem.allowed)
        drawn = np.random.PCG64(problem.seed).random_raw(problem.allowed.size)
        order = np.argsort(drawn.reshape(problem.allowed.shape)[rows, columns], kind="stable")
        return Solution(pairs=_filled(problem, rows[order], columns[order]))


def _filled(problem: Problem, rows: IntArray, columns: IntArray) -> IntArray:
    """The pairs in turn, as long as both have room."""
    left, right = problem.left_capacity.tolist(), problem.right_capacity.tolist()
    if problem.one_pool:
        once = rows < columns
        rows, columns, right = rows[once], columns[once], left
    pairs = []
    for i, j in zip(rows.tolist(), columns.tolist(), strict=True):
        if left[i] and right[j]:
            left[i] -= 1
            right[j] -= 1
            pairs.append((i, j))
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


@mentorkit.hookimpl
def mentorkit_matchers() -> Iterable[Kind[Any, Any]]:
    """Matchers for the shapes "pairs" and "one-pool"."""
    return [
        mentorkit.kind("optimal", Optimal),
        mentorkit.kind("most-people", MostPeople),
        mentorkit.kind("fair", Fair),
        mentorkit.kind("stable", Stable),
        mentorkit.kind("greedy", Greedy),
        mentorkit.kind("random", Random),
    ]
