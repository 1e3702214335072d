"""Lower bounds without a new solver: places that must be filled.

An ordinary problem with more people. Where a group of N places must be in W pairs, all its
places must be filled, and a stand-in for nobody has N - W places that may fill them. So it
is with a right person of b places who must have l partners: a stand-in takes b - l of them.
A filled place counts `fill` more, so much that all are filled if that is possible. As many
are then in every plan that keeps the bounds, and the best of these is best by what pairs
are worth alone.

So it is a transportation problem, whose best plan is whole and which prices prove, and
`transport` solves it.
"""

from __future__ import annotations

from concurrent.futures import Executor
from typing import cast

import attrs
import numpy as np

from mentorkit.interfaces import ALL, IntArray, Pairs, Rules
from mentorkit.matching.changed import Changed, Lifted
from mentorkit.matching.forms import Table
from mentorkit.matching.rules import Capacity, Prices
from mentorkit.matching.solvers.transport import Solving


@attrs.frozen(eq=False)
class Filled:
    """Pairs (k, 2) in order with their prices; or, unless `kept`, the nearest to the bounds."""

    pairs: IntArray
    prices: Prices
    kept: bool
    known: IntArray
    """(c, 2): the pairs that were looked at, in order."""


def filled(
    pairs: Pairs, capacity: Capacity, rules: Rules, executor: Executor | None = None
) -> Filled:
    """The best pairs in which every right person has their `least`, if there are such pairs.

    Everyone must have room. Invalid where values are too large to be added up exactly.
    """
    if 0 in pairs.shape:
        return _nothing(rules)
    fill = 2 * (pairs.most + 1)
    found = Filling(pairs, capacity, rules, fill).found(executor)
    if found.kept:
        return found
    # Whether it can be at all does not depend on what pairs are worth.
    alike = Filling(Changed(pairs, flat=True), capacity, rules, 4).found(executor)
    if not alike.kept:
        return alike
    while not found.kept:
        fill *= 16
        found = Filling(pairs, capacity, rules, fill).found(executor)
    return found


class Filling(Solving):
    """The pairs looked at so far, with stand-ins at the end of both sides.

    There is one on the right for each group, for its left people, and one on the left, for
    its right people; and one more on the left for right people of no group.
    """

    def __init__(self, pairs: Pairs, capacity: Capacity, rules: Rules, fill: int) -> None:
        self.people, self.rules, self.fill = pairs.shape, rules, fill
        n, m = pairs.shape
        left, right = rules.groups
        count = len(rules.wanted)
        self.must = (left >= 0, (right >= 0) | (rules.least > 0))
        lifts = [np.where(must, fill, 0) for must in self.must]
        self.spare = [
            np.maximum(_places(group, side, count) - rules.wanted, 0)
            for group, side in zip(rules.groups, capacity, strict=True)
        ]
        # The last is never full, so its place costs nothing.
        optional = np.where(self.must[1], np.maximum(capacity[1] - rules.least, 0), 0)
        room = (self.spare[0], np.append(self.spare[1], optional.sum() + 1))
        by = np.where(right < 0, count, right)
        i = np.repeat(np.arange(n), np.where(np.append(room[0], 0)[left] > 0, capacity[0], 0))
        j = np.repeat(np.arange(m), np.where(room[1][by] > 0, optional, 0))
        super().__init__(
            cast(Pairs, _Padded(Lifted(pairs, lifts[0], lifts[1]), (count + 1, count))),
            (np.concatenate([capacity[0], room[1]]), np.concatenate([capacity[1], room[0]])),
        )
        rows, columns = np.concatenate([i, n + by[j]]), np.concatenate([m + left[i], j])
        self._join(rows, columns, np.full(len(rows), fill))
        # Among equal totals the most real pairs are best: a stand-in is none.
        self.values -= 1

    def found(self, executor: Executor | None = None) -> Filled:
        """Solve, and take the stand-ins out again."""
        best = self.solved(executor)
        pairs = best.pairs[(best.pairs < self.people).all(axis=1)]
        load = np.bincount(pairs[:, 1], minlength=self.people[1])
        kept = (load >= self.rules.least).all() & self.rules.suffices(pairs)
        order = np.lexsort((pairs[:, 1], pairs[:, 0]))
        known = np.stack([self.rows, self.columns], axis=1)
        return Filled(
            pairs=pairs[order],
            prices=self._own(best.prices),
            kept=bool(kept),
            known=known[(known < self.people).all(axis=1)],
        )

    def _own(self, prices: tuple[IntArray, IntArray]) -> Prices:
        """A place of the group's stand-in costs what one more pair of the group is worth.

        And a place that must be filled is dearer by `fill` than it was, and cheaper by that.
        """
        n, m = self.people
        groups = np.zeros(len(self.rules.wanted), dtype=np.int64)
        asked, stand_in = (prices[0][:n], prices[1][:m]), (prices[1][m:], prices[0][n:-1])
        for group, price, spare, of in zip(
            self.rules.groups, asked, self.spare, stand_in, strict=True
        ):
            for number in np.unique(group[group >= 0]).tolist():
                # Where nobody may be left out there is no stand-in to ask.
                dearest = self.fill - int(price[group == number].min())
                groups[number] = of[number] if spare[number] else max(0, dearest)
        own = Prices(*asked, groups)
        lefts, rights = (
            price - np.where(must, self.fill, 0) + own.added(group)
            for price, must, group in zip(asked, self.must, self.rules.groups, strict=True)
        )
        rights = np.where(self.rules.least > 0, rights, np.maximum(rights, 0))
        return attrs.evolve(own, left=np.maximum(lefts, 0), right=rights)


def _nothing(rules: Rules) -> Filled:
    """No pairs at all, where there can be none."""
    none = np.empty((0, 2), dtype=np.int64)
    left, right = (np.zeros(len(group), dtype=np.int64) for group in rules.groups)
    prices = Prices(left, right, np.zeros_like(rules.wanted))
    return Filled(none, prices, not rules.least.any() and not rules.wanted.any(), none)


def _places(group: IntArray, capacity: IntArray, count: int) -> IntArray:
    """(count,): how many places the people of each group have."""
    held = group >= 0
    places: IntArray = np.zeros(count, dtype=np.int64)
    np.add.at(places, group[held], capacity[held])
    return places


@attrs.frozen(eq=False)
class _Padded:
    """Pairs with more people at the end of either side, whom nobody may have.

    Only what `Solving` and the pricing of its chunks ask for.
    """

    pairs: Pairs
    more: tuple[int, int]

    @property
    def shape(self) -> tuple[int, int]:
        n, m = self.pairs.shape
        return n + self.more[0], m + self.more[1]

    @property
    def most(self) -> int:
        return self.pairs.most

    def worth(self, rows: slice = ALL) -> Table:
        known, above = self._split(rows)
        return np.pad(self.pairs.worth(known), ((0, above), (0, self.more[1])), constant_values=-1)

    def part(self, rows: slice, columns: slice) -> _Padded:
        known, above = self._split(rows)
        return _Padded(self.pairs.part(known, columns), (above, self.more[1]))

    def _split(self, rows: slice) -> tuple[slice, int]:
        """The known people of some, and how many others there are."""
        n = self.pairs.shape[0]
        start, stop, _ = rows.indices(self.shape[0])
        return slice(min(start, n), min(stop, n)), max(stop, n) - max(start, n)
