"""Proof: prices that bound every feasible plan, and blocking pairs.

Give every person a price for each of their seats. No plan can be worth more than what all
seats cost, plus what is left of each allowed pair after paying both: the dual of the
transportation problem in which a pair is taken at most once. That holds whatever the
prices are; under the right ones, the best plan reaches it.
"""

from __future__ import annotations

import numpy as np

from mentorkit.interfaces import BoolArray, IntArray, Problem


def usable(problem: Problem) -> BoolArray:
    """The allowed pairs of people who have seats at all."""
    seats = np.minimum(problem.left_capacity[:, None], problem.right_capacity[None, :])
    return problem.allowed & (seats > 0)


def bound(problem: Problem, prices: tuple[IntArray, IntArray]) -> int:
    """The most that any plan of the problem can be worth, for prices of 0 or more."""
    left, right = prices
    seats = sum(
        int(places) * int(price)
        for capacity, table in ((problem.left_capacity, left), (problem.right_capacity, right))
        for places, price in zip(capacity, table, strict=True)
        if price
    )
    # Nothing is left of a pair at a price above all values, however far above.
    top = problem.values.max(initial=0)
    paid = np.minimum(left, top)[:, None] + np.minimum(right, top)[None, :]
    rest = np.where(usable(problem), problem.values - paid, 0)
    return seats + int(np.maximum(rest, 0).sum())


def chosen(problem: Problem, pairs: IntArray) -> BoolArray:
    """The pairs as a table of truths."""
    table = np.zeros(problem.allowed.shape, dtype=bool)
    table[pairs[:, 0], pairs[:, 1]] = True
    return table


def prices_of(problem: Problem, pairs: IntArray) -> tuple[IntArray, IntArray]:
    """Prices under which `pairs` is proven best, if it is; else some that bound it.

    The least right prices that keep everyone content: a left person keeps at least what
    the worst of their partners leaves them, and whoever would rather have another raises
    that one's price. For a best plan this settles within as many rounds as there are
    right people; it is Bellman and Ford's search on the residual graph.
    """
    taken = chosen(problem, pairs)
    open_ = usable(problem) & ~taken
    full = taken.sum(axis=1) == problem.left_capacity
    values = problem.values
    right = np.zeros(values.shape[1], dtype=np.int64)
    far = np.int64(2**62)
    for _ in range(values.shape[1] + 1):
        kept = np.where(taken, values - right, far).min(axis=1, initial=far)
        left = np.where(full & (kept < far), np.maximum(kept, 0), 0)
        asked = np.where(open_, values - left[:, None], 0).max(axis=0, initial=0)
        raised = np.maximum(right, asked)
        # A seat that nobody takes is worth nothing: only a plan that is not best asks more.
        raised[taken.sum(axis=0) < problem.right_capacity] = 0
        if np.array_equal(raised, right):
            break
        right = raised
    content = np.where(open_, values - right, 0).max(axis=1, initial=0)
    return np.maximum(content, 0), right


def blocking(problem: Problem, pairs: IntArray) -> BoolArray:
    """Where two people, not matched, would both rather have each other, by their wishes.

    A free seat is worse than any partner. Zero such pairs make a plan stable.
    """
    taken = chosen(problem, pairs)
    eager = usable(problem) & ~taken
    sides = (
        (problem.wishes[0], problem.left_capacity, 1),
        (problem.wishes[1], problem.right_capacity, 0),
    )
    for wishes, capacity, axis in sides:
        far = np.int64(2**62)
        worst = np.where(taken, wishes, far).min(axis=axis, initial=far)
        worst = np.where(taken.sum(axis=axis) < capacity, -1, worst)
        eager &= wishes > np.expand_dims(worst, axis)
    return eager
