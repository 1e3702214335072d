"""The built-in matchers for pairs with capacities: optimal, stable, greedy, random."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from typing import Any, Literal

import attrs
import numpy as np

import mentorkit
from mentorkit.interfaces import IntArray, Kind, Problem, Solution
from mentorkit.matching.certificate import prices_of

PAIRS = frozenset({"pairs"})
LARGEST = 2**51
"""Floating point holds whole numbers to 2**53, and a solver's prices lie within four times
the greatest value."""
COPIES = 10**8
"""Cells of a table of copied people, beyond which it would take too much memory."""


@attrs.frozen
class Optimal:
    """The greatest total, and among plans of that total the most matches.

    Proven by the prices that it returns. Each value v counts as v * k + 1, with k above
    any possible number of matches, so that one whole-number problem holds both aims.
    """

    solves = PAIRS

    def solve(self, problem: Problem) -> Solution:
        """By assignment, with people copied to their capacity; or as a linear programme
        where people on both sides take several partners."""
        n, m = problem.allowed.shape
        seats = (
            np.minimum(problem.left_capacity, m),
            np.minimum(problem.right_capacity, n),
        )
        most = min(int(side.sum()) for side in seats)
        if int(problem.values.max(initial=0)) * (most + 1) >= LARGEST:
            raise mentorkit.Invalid("", "the weights are too large to be added up exactly")
        values = np.where(problem.allowed, problem.values * (most + 1) + 1, 0)
        copies = int(seats[0].sum()) * int(seats[1].sum())
        if most == 0 or not values.any():
            pairs = np.empty((0, 2), dtype=np.int64)
        elif min(side.max() for side in seats) > 1 or copies > max(COPIES, 8 * n * m):
            pairs = _transported(values, seats)
        else:
            pairs = _assigned(values, seats)
        return Solution(pairs=pairs, prices=prices_of(problem, pairs))


def _assigned(values: IntArray, seats: tuple[IntArray, IntArray]) -> IntArray:
    """Exact below `LARGEST`: the solver only adds and compares values."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = (np.repeat(np.arange(len(side)), side) for side in seats)
    copied = values[rows[:, None], columns[None, :]].astype(np.float64)
    chosen = linear_sum_assignment(copied, maximize=True)
    pairs: IntArray = np.stack([rows[chosen[0]], columns[chosen[1]]], axis=1)
    worth = values[pairs[:, 0], pairs[:, 1]]
    return pairs[worth > 0]


def _transported(values: IntArray, seats: tuple[IntArray, IntArray]) -> IntArray:
    """The linear programme has whole corners, because its matrix is totally unimodular."""
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    n, m = values.shape
    rows, columns = np.nonzero(values)
    edges = np.arange(len(rows))
    ends = np.concatenate([rows, n + columns])
    incidence = coo_array((np.ones(2 * len(rows)), (ends, np.tile(edges, 2))), (n + m, len(rows)))
    found = linprog(
        -values[rows, columns].astype(np.float64),
        A_ub=incidence.tocsr(),
        b_ub=np.concatenate(seats),
        bounds=(0, 1),
        method="highs-ds",
    )
    chosen = np.rint(found.x).astype(bool)
    return np.stack([rows[chosen], columns[chosen]], axis=1)


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
        values=problem.values.T,
        wishes=(problem.wishes[1].T, problem.wishes[0].T),
        allowed=problem.allowed.T,
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

    solves = PAIRS

    def solve(self, problem: Problem) -> Solution:
        """By value; ties to the lower ids."""
        rows, columns = np.nonzero(problem.allowed)
        order = np.argsort(-problem.values[rows, columns], kind="stable")
        return Solution(pairs=_filled(problem, rows[order], columns[order]))


@attrs.frozen
class Random:
    """Takes allowed pairs in an order drawn from the seed: what chance alone would do."""

    solves = PAIRS

    def solve(self, problem: Problem) -> Solution:
        """The raw stream of PCG64 is the same on every platform and NumPy version."""
        rows, columns = np.nonzero(problem.allowed)
        drawn = np.random.PCG64(problem.seed).random_raw(problem.allowed.size)
        order = np.argsort(drawn.reshape(problem.allowed.shape)[rows, columns], kind="stable")
        return Solution(pairs=_filled(problem, rows[order], columns[order]))


def _filled(problem: Problem, rows: IntArray, columns: IntArray) -> IntArray:
    """The pairs in turn, as long as both have room."""
    left, right = problem.left_capacity.tolist(), problem.right_capacity.tolist()
    pairs = []
    for i, j in zip(rows.tolist(), columns.tolist(), strict=True):
        if left[i] and right[j]:
            left[i] -= 1
            right[j] -= 1
            pairs.append((i, j))
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


@mentorkit.hookimpl
def mentorkit_matchers() -> Iterable[Kind[Any, Any]]:
    """Matchers for the shape "pairs"."""
    return [
        mentorkit.kind("optimal", Optimal),
        mentorkit.kind("stable", Stable),
        mentorkit.kind("greedy", Greedy),
        mentorkit.kind("random", Random),
    ]
