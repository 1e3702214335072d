"""The best pairs within one pool, and the prices and odd sets that prove it.

As with two roles (`transport.py`), only promising pairs are solved, and what is found is
held against all pairs until none could do better.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import numpy as np

from mentorkit.errors import Invalid
from mentorkit.interfaces import IntArray, OddSets, Pairs, Problem, Solution
from mentorkit.matching.certificate import upper_bound
from mentorkit.matching.changed import Changed
from mentorkit.matching.odd_sets import shared
from mentorkit.matching.parallel import in_turn
from mentorkit.matching.solvers.blossom import heaviest
from mentorkit.matching.solvers.shortlist import Chunk, chunks
from mentorkit.matching.solvers.transport import OFFERS, together

HEAVIEST = 2**45
"""No pair may be worth more: see `blossom.heaviest`."""
NEAR = 50
"""Pairs that miss their prices by less than this part of the greatest worth are looked at, too:
prices still move, and each look at all pairs costs more than some pairs more."""


def paired(problem: Problem, pairs: Pairs, *, ties: bool = True) -> Solution:
    """The pairs of the greatest total, proven over all pairs of the problem's one pool.

    `pairs` tells the worth of each. Where `ties`, the most pairs are made of those plans
    whose total is the greatest. From the problem's start, if it has one, few pairs change.
    Invalid where values are too large to be added up exactly.
    """
    n = len(problem.left)
    room = np.nonzero(problem.left_capacity > 0)[0]
    search = _Search.of(pairs.part(room, room) if len(room) < n else pairs, ties)
    if problem.start is not None and problem.start.prices is not None:
        search.begin(problem.start, room, n)
    while search.look(problem):
        search.solve()
    return search.solution(room, n)


@attrs.define(eq=False)
class _Search:
    """The pairs that have been looked at so far, solved; people are counted from 0."""

    pairs: Pairs
    scale: int
    bonus: int
    """A value v weighs v * scale + bonus."""
    ends: IntArray
    """(k, 2): the lower index first, in order."""
    values: IntArray
    prices: IntArray
    """(n,): in halves of a weight, below 0 as long as nothing is known."""
    mate: IntArray
    sets: OddSets
    total: int = -1
    """What the pairs weigh."""
    begun: bool = False
    """Whether each solution is to begin from the last, so that few pairs change."""

    @classmethod
    def of(cls, pairs: Pairs, ties: bool) -> _Search:
        n, _ = pairs.shape
        scale, bonus = (1 << n.bit_length(), 1) if ties else (1, 0)
        if pairs.most * scale + bonus > HEAVIEST:
            raise Invalid("", "the weights are too large to be added up exactly")
        none = np.empty((0, 2), dtype=np.int64)
        return cls(
            pairs=pairs,
            scale=scale,
            bonus=bonus,
            ends=none,
            values=none[:, 0],
            prices=np.full(n, -1, dtype=np.int64),
            mate=np.full(n, -1, dtype=np.int64),
            sets=OddSets(line=np.arange(n), stretches=none, prices=none[:, 0]),
        )

    def begin(self, start: Solution, room: IntArray, size: int) -> None:
        """Take pairs as made, as far as they may be, and prices as they are."""
        assert start.prices is not None
        place = np.full(size, -1, dtype=np.int64)
        place[room] = np.arange(len(room))
        ends = np.sort(place[start.pairs], axis=1)
        ends = ends[ends.min(axis=1, initial=0) >= 0]
        worth = self.pairs.worth_of(ends)
        self._join(ends[worth >= 0], worth[worth >= 0])
        self.mate[self.ends] = self.ends[:, ::-1]
        self.prices = start.prices[0][room] * (2 * self.scale) // start.unit
        self.begun = True
        self.solve()

    def look(self, problem: Problem) -> bool:
        """Let pairs join that are worth more than their prices; whether there are any."""
        offers = in_turn(Chunk.offers, self._chunks(), problem.executor)
        lefts, rights, worths = together(offers)
        either = np.sort(np.stack([lefts, rights], axis=1), axis=1)
        ends, first = np.unique(either, axis=0, return_index=True)
        values = worths[first]
        # Offers know nothing of the sets, within which pairs may seem worth more for ever.
        pays = self.prices[ends].sum(axis=1) + shared(self.sets, ends)
        more = 2 * (values * self.scale + self.bonus) > pays
        if not more.any() and len(ends) and self.proven(problem):
            return False
        self._join(ends, values)
        return len(ends) > 0

    def solve(self) -> None:
        """The heaviest matching of what has been looked at."""
        weights = self.values * self.scale + self.bonus
        begin = {"prices": self.prices, "mate": self.mate} if self.begun else {}
        found = heaviest(len(self.mate), self.ends, weights, **begin)
        self.total = int(weights[found.mate[self.ends[:, 0]] == self.ends[:, 1]].sum())
        self.prices, self.mate, self.sets = found.prices, found.mate, found.sets

    def proven(self, problem: Problem) -> bool:
        """Whether no pairs at all, also those not looked at, come to more."""
        n = len(self.mate)
        asked = attrs.evolve(
            problem,
            left=[""] * n,
            right=[""] * n,
            pairs=Changed(self.pairs, times=self.scale, lift=self.bonus),
            left_capacity=np.ones(n, dtype=np.int64),
            right_capacity=np.ones(n, dtype=np.int64),
        )
        return upper_bound(asked, (self.prices, self.prices), self.sets, 2) == self.total

    def solution(self, room: IntArray, size: int) -> Solution:
        """The pairs and prices, of all people of the problem."""
        prices = np.zeros(size, dtype=np.int64)
        prices[room] = np.maximum(self.prices, 0)
        owners = np.nonzero(self.mate > np.arange(len(self.mate)))[0]
        others = np.setdiff1d(np.arange(size), room)
        return Solution(
            pairs=np.stack([room[owners], room[self.mate[owners]]], axis=1),
            prices=(prices, prices),
            sets=attrs.evolve(self.sets, line=np.concatenate([room[self.sets.line], others])),
            unit=2 * self.scale,
        )

    def _join(self, ends: IntArray, values: IntArray) -> None:
        together = np.concatenate([self.ends, ends])
        order = np.lexsort((together[:, 1], together[:, 0]))
        self.ends = together[order]
        self.values = np.concatenate([self.values, values])[order]

    def _chunks(self) -> Iterator[Chunk]:
        """Everyone, as a left person of all: each pair comes both ways round."""
        n = len(self.mate)
        rows, columns = np.concatenate([self.ends, self.ends[:, ::-1]]).T
        order = np.lexsort((columns, rows))
        near = 2 * self.scale * (self.pairs.most + 1) // NEAR
        # A chunk counts each value once, not twice its scale with twice the bonus.
        asked = np.maximum(self.prices + 1 - 2 * self.bonus - near, -1)
        return chunks(
            self.pairs,
            (rows[order], columns[order]),
            (asked, np.maximum(self.prices, 0)),
            scale=2 * self.scale,
            most=np.full(n, min(OFFERS, n), dtype=np.int64),
            spread=(self.pairs.most + 1) * self.scale // 10,
        )
