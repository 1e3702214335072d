"""How people stand to the partners they have: whom they would rather have."""

from __future__ import annotations

import attrs
import numpy as np

from mentorkit.interfaces import BoolArray, IntArray, Pairs
from mentorkit.matching.blocks import compact, in_blocks, parts
from mentorkit.matching.forms import Table
from mentorkit.matching.scored import ScoredPairs

FAR = np.iinfo(np.int64).max
"""A wish above all wishes."""
FEW = 32
"""Pairs whose wishes are asked for together; all of their square is worked out."""


@attrs.frozen(kw_only=True, eq=False)
class Standing:
    """What the wishes of both sides say of some matched pairs."""

    ranks: tuple[IntArray, IntArray]
    """(k,) each: for each pair, 1 + how many others its left, its right person may have
    and would rather have."""
    blocking: int
    """How many may be matched, are not, and would both rather have each other."""
    envious: tuple[BoolArray, BoolArray]
    """(n,) and (m,): who is one of such two."""


def standing(
    pairs: Pairs, matched: IntArray, capacity: tuple[IntArray, IntArray], fixed: BoolArray
) -> Standing:
    """How people stand to their partners in `matched` (k, 2), by a look at every pair.

    A free seat is worse than any partner. Nobody gives a partner up where `fixed` (k,), so
    who has only such seats, or none, blocks nothing.
    """
    wishes = _wishes_of(pairs, matched)
    left, right = (
        _Side.of(side, matched[:, side], wishes[side], capacity[side], fixed) for side in (0, 1)
    )
    blocking = 0
    for rows, columns in parts(pairs):
        theirs = right.among(columns)
        for some in in_blocks(rows, len(columns)):
            first, second = _open_wishes(pairs, some, columns)
            seats, owner = left.among(some)
            left.count(first, seats, owner)
            right.count(second, *theirs)
            eager = left.eager(first, some)
            eager &= right.eager(second, columns)
            _clear(eager, owner, matched[left.order[seats], 1], columns)
            blocking += int(np.count_nonzero(eager))
            left.envious[some] |= eager.any(axis=1)
            right.envious[columns] |= eager.any(axis=0)
    return Standing(
        ranks=(left.ranks(), right.ranks()),
        blocking=blocking,
        envious=(left.envious, right.envious),
    )


def choices(pairs: Pairs) -> tuple[IntArray, IntArray]:
    """(n,) and (m,): how many each person may be matched with, by a look at every pair."""
    left, right = (np.zeros(size, dtype=np.int64) for size in pairs.shape)
    for rows, columns in parts(pairs):
        for some in in_blocks(rows, len(columns)):
            may = pairs.worth(compact(some), compact(columns)) >= 0
            left[some] += np.count_nonzero(may, axis=1)
            right[columns] += np.count_nonzero(may, axis=0)
    return left, right


@attrs.frozen(kw_only=True, eq=False)
class _Side:
    """One side's seats in a plan: whose they are, and how its people wish for who has them."""

    side: int
    order: IntArray
    """The matched pairs in the order of this side's people."""
    owner: IntArray
    """(k,): whose each of these is."""
    limit: IntArray
    """(k,): how much they wish for the partner."""
    better: IntArray
    """(k,): how many they may have and wish for more, as far as counted."""
    worst: IntArray
    """(size,): whoever is wished for more is welcome: the least wish among those whom a
    person could give up, -1 with a free seat."""
    envious: BoolArray
    """(size,): who would rather have somebody who would rather have them, as far as seen."""

    @classmethod
    def of(
        cls, side: int, owner: IntArray, wish: IntArray, capacity: IntArray, fixed: BoolArray
    ) -> _Side:
        worst = np.full(len(capacity), FAR)
        np.minimum.at(worst, owner[~fixed], wish[~fixed])
        worst[np.bincount(owner, minlength=len(capacity)) < capacity] = -1
        order = np.argsort(owner, kind="stable")
        return cls(
            side=side,
            order=order,
            owner=owner[order],
            limit=wish[order],
            better=np.zeros(len(order), dtype=np.int64),
            worst=worst,
            envious=np.zeros(len(capacity), dtype=bool),
        )

    def among(self, people: IntArray) -> tuple[IntArray, IntArray]:
        """Which seats are these people's (in ascending order), and which of them has each."""
        first, end = np.searchsorted(self.owner, [people[0], people[-1] + 1])
        place = np.full(people[-1] + 1 - people[0], -1)
        place[people - people[0]] = np.arange(len(people))
        owner = place[self.owner[first:end] - people[0]]
        seats = np.nonzero(owner >= 0)[0]
        return first + seats, owner[seats]

    def count(self, wishes: Table, seats: IntArray, owner: IntArray) -> None:
        """Count in a block who is wished for more than who has these seats of its people."""
        step = wishes.shape[self.side]
        for start in range(0, len(seats), step):
            some = seats[start : start + step]
            mine = wishes.take(owner[start : start + step], axis=self.side)
            better = mine > self._facing(self.limit[some], wishes)
            self.better[some] += np.count_nonzero(better, axis=1 - self.side)

    def eager(self, wishes: Table, people: IntArray) -> BoolArray:
        """Where a block's wishes are above what its people have."""
        eager: BoolArray = wishes > self._facing(self.worst[people], wishes)
        return eager

    def ranks(self) -> IntArray:
        """(k,): in the order in which the pairs came."""
        ranks = np.empty_like(self.better)
        ranks[self.order] = 1 + self.better
        return ranks

    def _facing(self, values: IntArray, wishes: Table) -> Table:
        """One value for each of a block's people, in the block's type."""
        return np.expand_dims(values.astype(wishes.dtype), 1 - self.side)


def _clear(eager: BoolArray, rows: IntArray, partners: IntArray, columns: IntArray) -> None:
    """Take out of a block those who have each other: a row's place, and the right person."""
    place = np.minimum(np.searchsorted(columns, partners), len(columns) - 1)
    here = columns[place] == partners
    eager[rows[here], place[here]] = False


def _wishes_of(pairs: Pairs, matched: IntArray) -> tuple[IntArray, IntArray]:
    found = np.empty((2, len(matched)), dtype=np.int64)
    for start in range(0, len(matched), FEW):
        some = matched[start : start + FEW]
        left, right = pairs.wishes(some[:, 0], some[:, 1])
        found[0, start : start + FEW] = left.diagonal()
        found[1, start : start + FEW] = right.diagonal()
    return found[0], found[1]


def _open_wishes(pairs: Pairs, rows: IntArray, columns: IntArray) -> tuple[Table, Table]:
    """Both sides' wishes in a block, below 0 where a pair may not be."""
    block = compact(rows), compact(columns)
    if isinstance(pairs, ScoredPairs):
        return pairs.open_wishes(*block)
    closed = pairs.worth(*block) < 0
    left, right = pairs.wishes(*block)
    first = _without(left, closed)
    return first, first if right is left else _without(right, closed)


def _without(wishes: Table, closed: BoolArray) -> Table:
    if wishes.dtype.kind != "f":
        wishes = wishes.astype(np.int64)
    return np.where(closed, wishes.dtype.type(-1), wishes)
