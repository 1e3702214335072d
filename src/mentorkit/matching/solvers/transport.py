"""The best pairs with capacities, and the prices that prove it.

Only promising pairs are solved: a few for each person. Prices found on these are then held
against all pairs, block by block; those that could do better join, and what is solved
is solved again, until no pair is left that could. So the proof is over all pairs, though most
were never looked at twice.

Values are whole numbers, each v counted as v * scale + 1 with a scale above any number of
matches: among the plans of the greatest total, the one with the most matches is best.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Executor

import attrs
import numpy as np

from mentorkit.errors import Invalid
from mentorkit.interfaces import BoolArray, IntArray, Pairs
from mentorkit.matching.parallel import in_turn
from mentorkit.matching.solvers.bidding import FAR, Graph, Side, bid, keep, part_company
from mentorkit.matching.solvers.compiling import kernel
from mentorkit.matching.solvers.paths import Search, mend
from mentorkit.matching.solvers.shortlist import Chunk, chunks

LARGEST = 2**60
OFFERS = 16
"""Pairs that each person is offered in one pass over all, besides their places."""


@attrs.frozen(eq=False)
class Best:
    """Pairs (k, 2) in order, and prices for each person, unscaled; the bound is their proof."""

    pairs: IntArray
    prices: tuple[IntArray, IntArray]


def transport(
    pairs: Pairs,
    capacity: tuple[IntArray, IntArray],
    executor: Executor | None = None,
    start: Start | None = None,
) -> Best:
    """The pairs of the greatest total, and among them the most, each pair at most once.

    `pairs` tells the worth of each, `capacity` how many partners each person takes at most.
    From a `start` near the best, little is left to do, and few pairs change.
    Invalid where values are too large to be added up exactly.
    """
    n, m = pairs.shape
    prices = (np.zeros(n, dtype=np.int64), np.zeros(m, dtype=np.int64))
    found = [np.empty((0, 2), dtype=np.int64)]
    for rows, columns in pairs.apart():
        rows, columns = rows[capacity[0][rows] > 0], columns[capacity[1][columns] > 0]
        if not len(rows) or not len(columns):
            continue
        # One more than there are others is as good as any: such a person is never full.
        room = (
            np.minimum(capacity[0][rows], len(columns) + 1),
            np.minimum(capacity[1][columns], len(rows) + 1),
        )
        whole = (len(rows), len(columns)) == (n, m)
        solving = Solving(pairs if whole else pairs.part(rows, columns), room)
        if start is not None:
            solving.begin(start.part(rows, columns, (n, m)))
        best = solving.solved(executor)
        found.append(np.stack([rows[best.pairs[:, 0]], columns[best.pairs[:, 1]]], axis=1))
        prices[0][rows], prices[1][columns] = best.prices
    together = np.concatenate(found)
    return Best(together[np.lexsort((together[:, 1], together[:, 0]))], prices)


@attrs.frozen(eq=False)
class Start:
    """Pairs (k, 2) and prices to begin from; any will do, and those of a like problem help."""

    pairs: IntArray
    prices: tuple[IntArray, IntArray]

    def part(self, rows: IntArray, columns: IntArray, shape: tuple[int, int]) -> Start:
        """What concerns these people, who count from 0."""
        places = [np.full(size, -1, dtype=np.int64) for size in shape]
        places[0][rows], places[1][columns] = np.arange(len(rows)), np.arange(len(columns))
        pairs = np.stack([places[side][self.pairs[:, side]] for side in (0, 1)], axis=1)
        kept = pairs[(pairs >= 0).all(axis=1)]
        return Start(kept, (self.prices[0][rows], self.prices[1][columns]))


class Solving:
    """The pairs that have been looked at so far, solved: people who all have room."""

    def __init__(self, pairs: Pairs, room: tuple[IntArray, IntArray], more: int = 0) -> None:
        """`more` places may come later."""
        self.pairs, self.room = pairs, room
        n, m = pairs.shape
        # Four times what it must be: see `_unscaled`.
        self.scale = 4 << (int(min(side.sum() for side in room)) + more).bit_length()
        self.top = (pairs.most + 1) * self.scale
        if self.top >= LARGEST:
            raise Invalid("", "the weights are too large to be added up exactly")
        self.rows, self.columns, self.values = (np.empty(0, dtype=np.int64) for _ in range(3))
        self.taken = np.empty(0, dtype=bool)
        self.prices = (np.full(n, -1, dtype=np.int64), np.zeros(m, dtype=np.int64))
        self.offers = np.minimum(OFFERS + room[0], m)
        self.begun = False

    def begin(self, start: Start) -> None:
        """Take pairs as chosen, as far as they may be and there is room, and prices as they are."""
        worth = self.pairs.worth_of(start.pairs)
        held = start.pairs[worth >= 0]
        for side in (0, 1):
            order = np.argsort(held[:, side], kind="stable")
            owner = held[order, side]
            rank = np.arange(len(order)) - np.searchsorted(owner, owner)
            held = held[np.sort(order[rank < self.room[side][owner]])]
        self._join(held[:, 0], held[:, 1], self.pairs.worth_of(held))
        self.taken[:] = True
        self.prices = (start.prices[0] * self.scale, start.prices[1] * self.scale)
        for price, room in zip(self.prices, self.room, strict=True):
            # Whoever has no place may cost anything, and then nobody wants them.
            price[room == 0] = self.top
        self.begun = True

    def solved(self, executor: Executor | None = None) -> Best:
        """Look for better pairs and solve again until there are none."""
        n, m = self.pairs.shape
        exact, first = self.begun, not self.begun
        if self.begun:
            self._solve(())
        while True:
            joined = self._join(*together(in_turn(Chunk.offers, self._chunks(), executor)))
            if not joined and (exact or first):
                break
            if exact:
                self._solve(())
            else:
                exact = (not first and joined < 10 * n) or int(self.offers.min()) == m
                self._solve(self._steps(first, exact), exact=exact)
            first = False
        if first:
            self.prices[0][:] = 0
        return self.best()

    def best(self) -> Best:
        """The pairs and the prices as they are."""
        return Best(self.best_pairs(), self._unscaled())

    def best_pairs(self) -> IntArray:
        """(k, 2): the pairs as they are."""
        return np.stack([self.rows[self.taken], self.columns[self.taken]], axis=1)

    def _chunks(self) -> Iterable[Chunk]:
        return chunks(
            self.pairs,
            (self.rows, self.columns),
            self.prices,
            scale=self.scale,
            most=self.offers,
            spread=self.top // 20,
        )

    def _join(self, lefts: IntArray, rights: IntArray, worths: IntArray) -> int:
        """Let new pairs join those looked at; how many there were."""
        rows = np.concatenate([self.rows, lefts])
        columns = np.concatenate([self.columns, rights])
        order = np.argsort(rows * self.pairs.shape[1] + columns, kind="stable")
        self.rows, self.columns = rows[order], columns[order]
        self.values = np.concatenate([self.values, worths * self.scale + 1])[order]
        self.taken = np.concatenate([self.taken, np.zeros(len(lefts), dtype=bool)])[order]
        return len(lefts)

    def _steps(self, first: bool, exact: bool) -> tuple[int, ...]:
        """The steps of the auctions, each a sixth of the one before."""
        step = self.top // (8 if first else 64)
        last = self.scale if exact else max(self.scale, self.top // 200)
        steps = []
        while step > last:
            steps.append(step)
            step //= 6
        return (*steps, last)

    def _solve(self, steps: tuple[int, ...], *, exact: bool = True) -> None:
        """Find pairs and prices for what has been looked at: by auctions with these steps,
        or from the pairs at hand without any; then exactly."""
        graph = self._graph()
        args = (graph, np.array(steps, dtype=np.int64), exact, scratch_of(graph))
        settle.sized(64 * len(self.values))(*args)
        self.taken = graph.taken
        self.prices = (graph.left.price, graph.right.price)

    def _graph(self) -> Graph:
        n, m = self.pairs.shape
        edges = np.arange(len(self.rows))
        turned = np.argsort(self.columns, kind="stable")
        sides = (
            (n, self.columns, edges, self.rows),
            (m, self.rows[turned], turned, self.columns),
        )
        left, right = (
            _side(others, where, person, capacity, self.taken, price)
            for (_, others, where, person), capacity, price in zip(
                sides, self.room, self.prices, strict=True
            )
        )
        return Graph(self.values, self.taken.copy(), left, right)

    def _unscaled(self) -> tuple[IntArray, IntArray]:
        """The same prices in units of the pairs, in whole numbers, without loss.

        Take P / scale rounded up from a threshold t on, and U / scale rounded so that the
        two still cover what they did: over all t, the bound is on average the scaled one
        divided by scale, which is less than a quarter above the total. As it is whole,
        three in four t give the total itself.
        """
        left, right = self.prices
        best: tuple[int, IntArray, IntArray] | None = None
        worth = self.values[self.taken] // self.scale
        rows, columns = self.rows[self.taken], self.columns[self.taken]
        for turn in range(16):
            # 0, 1/2, 1/4, 3/4, 1/8 ... of the scale.
            threshold = int(f"{turn:04b}"[::-1], 2) * self.scale // 16
            lefts, rights = -((threshold - left) // self.scale), (right + threshold) // self.scale
            rest = np.maximum(worth - lefts[rows] - rights[columns], 0)
            cost = int(self.room[0] @ lefts + self.room[1] @ rights + rest.sum())
            if best is None or cost < best[0]:
                best = cost, lefts, rights
        assert best is not None
        return best[1], best[2]


def together(
    offers: Iterable[tuple[IntArray, IntArray, IntArray]],
) -> tuple[IntArray, IntArray, IntArray]:
    """The offers of all chunks: left and right indices, and the worth of each."""
    none = np.empty(0, dtype=np.int64)
    nothing = (none, none, none)
    lefts, rights, worths = (
        np.concatenate(column) for column in zip(nothing, *offers, strict=True)
    )
    return lefts, rights, worths


@kernel
def settle(graph: Graph, steps: IntArray, exact: bool, search: Search) -> None:
    """Auctions with each step in turn, people bidding and then empty seats; then exactly."""
    left, right, value, taken = graph.left, graph.right, graph.value, graph.taken
    for step in steps:
        for edge in range(len(taken)):
            taken[edge] = False
        for side in (left, right):
            for person in range(len(side.load)):
                side.load[person] = 0
        bid(left, right, value, taken, step, search.heap_distance, search.heap_person)
        keep(left, right, value, taken)
        bid(right, left, value, taken, step, search.heap_distance, search.heap_person)
        keep(right, left, value, taken)
    part_company(left, right, value, taken)
    if exact:
        mend(left, right, value, taken, search)
        mend(right, left, value, taken, search)


def _side(
    others: IntArray,
    edges: IntArray,
    person: IntArray,
    capacity: IntArray,
    taken: BoolArray,
    price: IntArray,
) -> Side:
    """One side's people, whose edges stand together in the order of `edges`."""
    n = len(capacity)
    degree = np.bincount(person, minlength=n)
    seats = np.minimum(capacity, degree)
    held = int(seats.sum())
    return Side(
        starts=_starts(degree),
        others=others,
        edges=edges,
        person=person,
        capacity=capacity.astype(np.int64),
        load=np.bincount(person[taken], minlength=n),
        price=np.maximum(price, 0),
        seats=_starts(seats),
        seat_edge=np.empty(held, dtype=np.int64),
        seat_price=np.empty(held, dtype=np.int64),
    )


def _starts(counts: IntArray) -> IntArray:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def scratch_of(graph: Graph) -> Search:
    people = len(graph.left.capacity) + len(graph.right.capacity)
    heap = people + len(graph.value)
    return Search(
        distance=np.full(people, FAR, dtype=np.int64),
        by=np.full(people, -1, dtype=np.int64),
        done=np.zeros(people, dtype=bool),
        reached=np.empty(people, dtype=np.int64),
        heap_distance=np.empty(heap, dtype=np.int64),
        heap_person=np.empty(heap, dtype=np.int64),
    )
