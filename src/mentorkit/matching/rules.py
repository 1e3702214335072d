"""Prices under `Rules` on a whole plan, which prove the best one as they do without."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from mentorkit.interfaces import IntArray, Pairs, Rules
from mentorkit.matching.blocks import compact, in_blocks, parts

Capacity = tuple[IntArray, IntArray]


@attrs.frozen(eq=False)
class Prices:
    """What places cost, in `unit`-ths of what pairs are worth in.

    A left person's place costs 0 or more, as does `groups`, what one more pair of the group
    is worth for its sake. A right person's place costs less than 0 where more should come,
    so that they are as many as a team must be.
    """

    left: IntArray
    """(n,)"""
    right: IntArray
    """(m,)"""
    groups: IntArray
    """(g,)"""
    unit: int = 1

    def added(self, groups: IntArray) -> IntArray:
        """What a pair is worth more for the sake of a person's group; 0 without one."""
        return np.append(self.groups, 0)[groups]


def upper_bound_under(pairs: Pairs, capacity: Capacity, rules: Rules, prices: Prices) -> int:
    """The most that any plan that keeps the rules can be worth, whatever the prices are.

    Let every pair be worth more by its groups' prices, and less by what its two places
    cost: what is left of it is its rest. Then no plan is worth more than

    - what all places of the left people cost,
    - for each right person the rests above 0 of their pairs, and their places: all of them
      if a place costs more than 0, and the `least` if it costs less; but 0 if that is below
      0, unless their team has begun;
    - less what the wanted pairs of each group are worth for its sake.

    For nobody on the left takes more than their places, which cost 0 or more. A right person
    has nobody, which adds 0, or at least `least` and at most all places, and as many times
    their price is at most what is counted. And a plan has at least the wanted pairs of a group.
    """
    n, m = pairs.shape
    exact = _exact(prices, (pairs.most + 1) * prices.unit, n)
    left: NDArray[Any]
    right: NDArray[Any]
    left, right = (
        prices.added(group).astype(exact) - own.astype(exact)
        for group, own in zip(rules.groups, (prices.left, prices.right), strict=True)
    )
    rests: NDArray[Any] = np.zeros(m, dtype=exact)
    for rows, columns in parts(pairs):
        rows, columns = rows[capacity[0][rows] > 0], columns[capacity[1][columns] > 0]
        for some in in_blocks(rows, len(columns)):
            worth: NDArray[Any] = (
                pairs.worth(compact(some), compact(columns)).astype(np.int64).astype(exact)
            )
            rest = worth * prices.unit + left[some][:, None] + right[columns]
            rest[(worth < 0) | (rest < 0)] = 0
            rests[columns] += rest.sum(axis=0)
    most = _product(capacity[0], prices.left) - _product(rules.wanted, prices.groups)
    places = zip(
        rests.tolist(),
        prices.right.tolist(),
        capacity[1].tolist(),
        rules.least.tolist(),
        rules.begun.tolist(),
        strict=True,
    )
    for rest, price, room, least, begun in places:
        held = rest + price * (room if price > 0 else least)
        if begun or (room >= least and held > 0):
            most += held
    return most // prices.unit


def _product(numbers: IntArray, prices: IntArray) -> int:
    return sum(a * b for a, b in zip(numbers.tolist(), prices.tolist(), strict=True))


def _exact(prices: Prices, most: int, n: int) -> type:
    """64 bits where they hold the sum of n rests, else Python's whole numbers."""
    for side in (prices.left, prices.right, 2 * prices.groups.astype(object)):
        most += max(int(side.max(initial=0)), -int(side.min(initial=0)))
    return np.int64 if most * (n + 1) < 2**63 else object
