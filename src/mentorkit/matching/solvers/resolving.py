"""A solved problem that changes a little, and is solved again from its old prices.

A change breaks the proof only where it happened: somebody has room although their price
is above 0, or has more partners than places. Mending that moves the prices of few people,
and only pairs with somebody whose price fell can have become worth more than both prices;
so these alone are held against all others again. The proof is as whole as before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import attrs
import numpy as np

from mentorkit.interfaces import ALL, IntArray, Pairs, Selection
from mentorkit.matching.blocks import among
from mentorkit.matching.forms import Table
from mentorkit.matching.solvers.bidding import Graph, Side
from mentorkit.matching.solvers.paths import Search, mend
from mentorkit.matching.solvers.transport import OFFERS, Solving, scratch_of

CLOSED = -(2**60)
"""What a pair that may not be is worth: far less than any price can make up for."""
NEAR = 8
"""Pairs kept for each person, besides those taken, once all is solved."""


class Resolving(Solving):
    """Pairs that have been solved and may change: people by index, sides as 0 and 1."""

    graph: Graph
    scratch: Search
    closed: list[tuple[int, int]]

    def ready(self) -> None:
        """Keep what is near to being chosen, and build what changes are worked out on."""
        self.closed = []
        left, right = self.prices
        slack = left[self.rows] + right[self.columns] - self.values
        kept = self.taken.copy()
        for owner in (self.rows, self.columns):
            order = np.lexsort((slack, owner))
            rank = np.arange(len(order)) - np.searchsorted(owner[order], owner[order])
            kept[order[rank < NEAR]] = True
        self.rows, self.columns = self.rows[kept], self.columns[kept]
        self.values, self.taken = self.values[kept], self.taken[kept]
        self._rebuild()

    def forbid(self, i: int, j: int) -> None:
        """The pair may not be from now on."""
        self._close(i, j)
        self._settle()

    def pin(self, i: int, j: int) -> None:
        """The pair is held apart from now on, with a place of each."""
        self._close(i, j)
        self._take_place(0, i)
        self._take_place(1, j)
        self._settle()

    def leave(self, side: int, person: int) -> None:
        """The person has no places from now on."""
        while self.room[side][person] > 0:
            self._take_place(side, person)
        self._settle()

    def join(self, side: int, worth: IntArray, places: int) -> None:
        """Somebody joins a side as its last, with what each of the others is worth to them."""
        # From now on nothing is asked of them but their worth.
        self.pairs = cast(Pairs, Joined(self.pairs, side, worth))
        room, prices = list(self.room), list(self.prices)
        room[side] = np.append(room[side], places)
        # At this price nobody would take them: it comes down when they look for partners.
        prices[side] = np.append(prices[side], max(0, int(worth.max(initial=0))) * self.scale + 1)
        self.room, self.prices = (room[0], room[1]), (prices[0], prices[1])
        self.offers = np.append(self.offers, OFFERS + places) if side == 0 else self.offers
        best = np.argsort(-worth, kind="stable")[: NEAR + places]
        best = np.sort(best[(worth[best] >= 0) & (self.room[1 - side][best] > 0)])
        own = np.full(len(best), len(room[side]) - 1)
        rows, columns = (own, best) if side == 0 else (best, own)
        self._join(rows, columns, worth[best])
        self._rebuild()
        self._settle()

    def _close(self, i: int, j: int) -> None:
        at = np.nonzero((self.rows == i) & (self.columns == j))[0]
        for edge in at.tolist():
            if self.taken[edge]:
                self._part(edge)
            self.values[edge] = CLOSED
        self.closed.append((i, j))

    def _part(self, edge: int) -> None:
        self.taken[edge] = False
        self.graph.left.load[self.rows[edge]] -= 1
        self.graph.right.load[self.columns[edge]] -= 1

    def _take_place(self, side: int, person: int) -> None:
        """One place less; whoever holds the last one and gains least from it goes."""
        mine, others = self._sides()[side], self._sides()[1 - side]
        self.room[side][person] -= 1
        mine.capacity[person] = self.room[side][person]
        edges = mine.edges[mine.starts[person] : mine.starts[person + 1]]
        held = edges[self.taken[edges]]
        owners = (self.rows, self.columns)[1 - side]
        left = self.values[held] - others.price[owners[held]]
        if len(held) > mine.capacity[person]:
            worst = int(np.argmin(left))
            self._part(int(held[worst]))
            mine.price[person] = max(int(mine.price[person]), int(left[worst]))
        if not mine.capacity[person]:
            mine.price[person] = (self.pairs.most + 1) * self.scale

    def _sides(self) -> tuple[Side, Side]:
        return self.graph.left, self.graph.right

    def _rebuild(self) -> None:
        self.graph = self._graph()
        self.taken, self.prices = self.graph.taken, (self.graph.left.price, self.graph.right.price)
        self.scratch = scratch_of(self.graph)

    def _settle(self) -> None:
        """Mend what the change broke, until no pair is worth more than both prices."""
        before = [price.copy() for price in self.prices]
        while True:
            left, right = self._sides()
            value, taken = self.graph.value, self.graph.taken
            run = mend.sized(64 * len(value))
            run(left, right, value, taken, self.scratch)
            run(right, left, value, taken, self.scratch)
            fallen = [
                np.nonzero(now < then)[0] for now, then in zip(self.prices, before, strict=True)
            ]
            before = [price.copy() for price in self.prices]
            more = self._worth_more(fallen)
            if not len(more[0]):
                return
            self._join(*more)
            self._rebuild()
            self._agree()

    def _worth_more(self, fallen: Sequence[IntArray]) -> tuple[IntArray, IntArray, IntArray]:
        """New pairs of people whose prices fell that are worth more than both prices."""
        n, m = self.pairs.shape
        found: list[tuple[IntArray, IntArray, IntArray]] = []
        for rows, columns in ((fallen[0], np.arange(m)), (np.arange(n), fallen[1])):
            if not len(rows) or not len(columns):
                continue
            worth = self.pairs.worth(rows, columns).astype(np.int64)
            gain = worth * self.scale + 1 - self.prices[0][rows][:, None]
            at = np.nonzero((worth >= 0) & (gain > self.prices[1][columns]))
            found.append((rows[at[0]], columns[at[1]], worth[at]))
        if not found:
            none = np.empty(0, dtype=np.int64)
            return none, none, none
        rows, columns, worth = (np.concatenate(column) for column in zip(*found, strict=True))
        _, once = np.unique(rows * m + columns, return_index=True)
        known = np.concatenate([self.rows, [i for i, _ in self.closed]])
        others = np.concatenate([self.columns, [j for _, j in self.closed]])
        pairs = np.stack([rows[once], columns[once]], axis=1)
        once = once[~among(pairs, np.stack([known, others], axis=1).astype(np.int64))]
        rows, columns, worth = rows[once], columns[once], worth[once]
        open_ = (self.room[0][rows] > 0) & (self.room[1][columns] > 0)
        return rows[open_], columns[open_], worth[open_]

    def _agree(self) -> None:
        """Raise the left prices to what the new pairs are worth, and part whom that parts."""
        left, right = self.prices
        gain = self.values - right[self.columns]
        open_ = ~self.taken
        before = left.copy()
        np.maximum.at(left, self.rows[open_], gain[open_])
        for edge in np.nonzero(self.taken & (gain < left[self.rows]))[0].tolist():
            if left[self.rows[edge]] > before[self.rows[edge]]:
                self._part(edge)


@attrs.frozen(eq=False)
class Joined:
    """Pairs with one more person, the last of a side, and what each other is worth to them."""

    pairs: Pairs
    side: int
    extra: IntArray
    """What each person of the other side is worth; below 0 where the pair may not be."""

    @property
    def shape(self) -> tuple[int, int]:
        n, m = self.pairs.shape
        return (n, m + 1) if self.side else (n + 1, m)

    @property
    def most(self) -> int:
        return max(self.pairs.most, int(self.extra.max(initial=0)))

    def worth(self, rows: Selection = ALL, columns: Selection = ALL) -> Table:
        people = [
            np.arange(size)[part] for size, part in zip(self.shape, (rows, columns), strict=True)
        ]
        known = people[self.side] < self.pairs.shape[self.side]
        inner = list(people)
        inner[self.side] = people[self.side][known]
        table = np.empty((len(people[0]), len(people[1])), dtype=np.int64)
        mine = table.T if self.side else table
        old = self.pairs.worth(inner[0], inner[1])
        mine[known] = old.T if self.side else old
        mine[~known] = self.extra[people[1 - self.side]]
        return table
