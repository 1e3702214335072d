"""Rules on a whole plan: teams of a least size, groups with a least number of pairs.

A team of a least size means that a right person has nobody or at least so many; a group,
that its people are in at least so many pairs together. Prices prove the best plan under
rules as they do without: see `bound`.
"""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from mentorkit.interfaces import BoolArray, IntArray, Pairs, Selection
from mentorkit.matching.blocks import compact, in_blocks, parts

Capacity = tuple[IntArray, IntArray]


@attrs.frozen(kw_only=True, eq=False)
class Rules:
    """What a plan of n left and m right people must keep besides the capacities.

    Pairs are counted: someone with three partners is three times in their group's count.
    """

    least: IntArray
    """(m,): the fewest partners of a right person who has any; 0 and 1 ask for nothing."""
    begun: BoolArray
    """(m,): whose team has begun with partners who are not counted here, such as pins: they
    may not be left with nobody else, and must have `least` more."""
    groups: tuple[IntArray, IntArray]
    """(n,) and (m,): the group of each person, -1 for none. A group is of one side."""
    wanted: IntArray
    """(g,): how many pairs the people of each group must be in, at least."""

    @classmethod
    def none(cls, shape: tuple[int, int]) -> Rules:
        """No rule at all, to be evolved."""
        n, m = shape
        return cls(
            least=np.zeros(m, dtype=np.int64),
            begun=np.zeros(m, dtype=bool),
            groups=(np.full(n, -1, dtype=np.int64), np.full(m, -1, dtype=np.int64)),
            wanted=np.zeros(0, dtype=np.int64),
        )

    def part(self, rows: Selection, columns: Selection) -> Rules:
        """The same rules for some of the people; the groups keep their numbers."""
        left, right = self.groups
        return attrs.evolve(
            self,
            least=self.least[columns],
            begun=self.begun[columns],
            groups=(left[rows], right[columns]),
        )

    def count(self, pairs: IntArray) -> IntArray:
        """(g,): how many of the pairs each group's people are in."""
        held = [group[pairs[:, side]] for side, group in enumerate(self.groups)]
        together = np.concatenate(held)
        return np.bincount(together[together >= 0], minlength=len(self.wanted))

    def small(self, pairs: IntArray) -> IntArray:
        """The right people whose team is too small."""
        load = np.bincount(pairs[:, 1], minlength=len(self.least))
        return np.nonzero((load < self.least) & ((load > 0) | self.begun))[0]

    def keeps(self, pairs: IntArray) -> bool:
        """Whether pairs keep these rules."""
        return not len(self.small(pairs)) and self.suffices(pairs)

    def suffices(self, pairs: IntArray) -> bool:
        """Whether all groups' people are in as many pairs as they want."""
        return bool((self.count(pairs) >= self.wanted).all())


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


def bound(pairs: Pairs, capacity: Capacity, rules: Rules, prices: Prices) -> int:
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
