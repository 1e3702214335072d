"""How people stand to the partners they have: whom they would rather have."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor

import attrs
import numpy as np

from mentorkit.interfaces import BoolArray, IntArray, Pairs
from mentorkit.matching.blocks import HANDED_OUT, compact, in_blocks, parts
from mentorkit.matching.forms import Table
from mentorkit.matching.parallel import in_turn
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
    pairs: Pairs,
    matched: IntArray,
    capacity: tuple[IntArray, IntArray],
    fixed: BoolArray,
    executor: Executor | None = None,
) -> Standing:
    """How people stand to their partners in `matched` (k, 2), by a look at every pair.

    A free seat is worse than any partner. Nobody gives a partner up where `fixed` (k,), so
    who has only such seats, or none, blocks nothing.
    """
    wishes = _wishes_of(pairs, matched)
    orders = [np.argsort(matched[:, side], kind="stable") for side in (0, 1)]
    left, right = (
        _Side.of(side, matched[:, side], wishes[side], capacity[side], fixed) for side in (0, 1)
    )
    better = [np.zeros(len(matched), dtype=np.int64) for _ in orders]
    envious = [np.zeros(len(side), dtype=bool) for side in capacity]
    blocking = 0
    looks = _Look.all_of(pairs, left, right, matched[orders[0], 1])
    for seen in in_turn(_Look.seen, looks, executor):
        for side in (0, 1):
            better[side][orders[side][seen.seats[side]]] += seen.better[side]
            envious[side][seen.people[side]] |= seen.envious[side]
        blocking += seen.blocking
    return Standing(
        ranks=(1 + better[0], 1 + better[1]),
        blocking=blocking,
        envious=(envious[0], envious[1]),
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
    """Seats of one side in a plan: whose they are, and how these wish for who has them."""

    side: int
    owner: IntArray
    """(k,): whose each seat is, in ascending order."""
    limit: IntArray
    """(k,): how much they wish for the partner."""
    worst: IntArray
    """(size,): whoever is wished for more is welcome: the least wish among those whom a
    person could give up, -1 with a free seat."""

    @classmethod
    def of(
        cls, side: int, owner: IntArray, wish: IntArray, capacity: IntArray, fixed: BoolArray
    ) -> _Side:
        worst = np.full(len(capacity), FAR)
        np.minimum.at(worst, owner[~fixed], wish[~fixed])
        worst[np.bincount(owner, minlength=len(capacity)) < capacity] = -1
        order = np.argsort(owner, kind="stable")
        return cls(side=side, owner=owner[order], limit=wish[order], worst=worst)

    def part(self, people: IntArray) -> tuple[_Side, IntArray]:
        """Some of the people, who count from 0 again, and their seats."""
        seats, owner = self.among(people)
        worst = self.worst[people]
        return _Side(side=self.side, owner=owner, limit=self.limit[seats], worst=worst), seats

    def among(self, people: IntArray) -> tuple[IntArray, IntArray]:
        """Which seats are these people's (in ascending order), and which of them has each."""
        first, end = np.searchsorted(self.owner, [people[0], people[-1] + 1])
        place = np.full(people[-1] + 1 - people[0], -1)
        place[people - people[0]] = np.arange(len(people))
        owner = place[self.owner[first:end] - people[0]]
        seats = np.nonzero(owner >= 0)[0]
        return first + seats, owner[seats]

    def better(self, wishes: Table, seats: IntArray, owner: IntArray) -> IntArray:
        """How many in a block are wished for more than who has these seats of its people."""
        step = wishes.shape[self.side]
        counts = np.empty(len(seats), dtype=np.int64)
        for start in range(0, len(seats), step):
            some = slice(start, start + step)
            mine = wishes.take(owner[some], axis=self.side)
            more = mine > self._facing(self.limit[seats[some]], wishes)
            counts[some] = np.count_nonzero(more, axis=1 - self.side)
        return counts

    def eager(self, wishes: Table, people: IntArray) -> BoolArray:
        """Where a block's wishes are above what its people have."""
        eager: BoolArray = wishes > self._facing(self.worst[people], wishes)
        return eager

    def _facing(self, values: IntArray, wishes: Table) -> Table:
        """One value for each of a block's people, in the block's type."""
        return np.expand_dims(values.astype(wishes.dtype), 1 - self.side)


@attrs.frozen(kw_only=True, eq=False)
class _Seen:
    """What a look at some pairs gives, left people's first: who they are, their seats, how many
    are wished for more than who has each, and who is in a blocking pair."""

    people: tuple[IntArray, IntArray]
    seats: tuple[IntArray, IntArray]
    better: tuple[IntArray, IntArray]
    envious: tuple[BoolArray, BoolArray]
    blocking: int


@attrs.frozen(kw_only=True, eq=False)
class _Look:
    """Some left people with all right ones whom they may have, wherever it is looked at them."""

    pairs: Pairs
    left: _Side
    right: _Side
    partners: IntArray
    """For each seat of these left people, who has it among these right ones, or -1."""
    people: tuple[IntArray, IntArray]
    seats: tuple[IntArray, IntArray]
    """Which people and seats of all they are."""

    @classmethod
    def all_of(cls, pairs: Pairs, left: _Side, right: _Side, partners: IntArray) -> Iterator[_Look]:
        """At every pair; `partners` are those of the left people's seats."""
        for rows, columns in parts(pairs):
            theirs, their_seats = right.part(columns)
            place = np.full(len(right.worst), -1)
            place[columns] = np.arange(len(columns))
            for some in in_blocks(rows, len(columns), HANDED_OUT):
                mine, seats = left.part(some)
                yield cls(
                    pairs=pairs.part(compact(some), compact(columns)),
                    left=mine,
                    right=theirs,
                    partners=place[partners[seats]],
                    people=(some, columns),
                    seats=(seats, their_seats),
                )

    def seen(self) -> _Seen:
        """Look at all of these, a block at a time."""
        n, m = len(self.left.worst), len(self.right.worst)
        columns, every = np.arange(m), np.arange(len(self.seats[1]))
        better = [np.zeros(len(seats), dtype=np.int64) for seats in self.seats]
        envious = np.zeros(n, dtype=bool), np.zeros(m, dtype=bool)
        blocking = 0
        for some in in_blocks(np.arange(n), m):
            first, second = _open_wishes(self.pairs, some, columns)
            seats, owner = self.left.among(some)
            better[0][seats] = self.left.better(first, seats, owner)
            better[1] += self.right.better(second, every, self.right.owner)
            eager = self.left.eager(first, some)
            eager &= self.right.eager(second, columns)
            held = self.partners[seats]
            eager[owner[held >= 0], held[held >= 0]] = False
            blocking += int(np.count_nonzero(eager))
            envious[0][some] = eager.any(axis=1)
            envious[1][:] |= eager.any(axis=0)
        return _Seen(
            people=self.people,
            seats=self.seats,
            better=(better[0], better[1]),
            envious=envious,
            blocking=blocking,
        )


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
