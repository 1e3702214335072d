"""Bounds, blocking pairs, ranks and reach against their definitions, whatever the blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import attrs
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from mentorkit import Problem
from mentorkit.interfaces import BoolArray, IntArray, Tables
from mentorkit.matching import blocks
from mentorkit.matching.certificate import upper_bound
from mentorkit.matching.reach import Reach, sets, truths
from mentorkit.matching.standing import choices, standing
from mentorkit.testing.contracts.problems import problem

pytestmark = pytest.mark.once

MOST = 2**63 - 1


@attrs.frozen(kw_only=True, eq=False)
class Split(Tables):
    """Tables that come in parts, in no order, and in another type."""

    split: tuple[tuple[int, ...], tuple[int, ...]]
    """The part of each person."""
    exact: type = np.int64

    def apart(self) -> Sequence[tuple[IntArray, IntArray]]:
        left, right = map(np.array, self.split)
        return [
            (np.nonzero(left == part)[0][::-1], np.nonzero(right == part)[0][::-1])
            for part in range(3)
        ]

    def worth(self, *part: Any) -> Any:
        return super().worth(*part).astype(self.exact)

    def wishes(self, *part: Any) -> Any:
        left, right = super().wishes(*part)
        if self.wishes_of[0] is self.wishes_of[1]:
            return 2 * (left.astype(self.exact),)
        return left.astype(self.exact), right.astype(self.exact)


@contextmanager
def blocks_of(size: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as held:
        held.setattr(blocks, "AT_ONCE", size)
        yield


SIZES = st.sampled_from([1, 3, 8, 20, 2**20])


@st.composite
def split_problems(draw: st.DrawFn, most: int = 9) -> Problem:
    """Up to three parts; forbidden pairs within them, people without seats, many ties."""
    n, m = draw(st.integers(0, most)), draw(st.integers(0, most))
    code = np.frombuffer(
        draw(st.binary(min_size=4 * n * m + 2 * (n + m), max_size=4 * n * m + 2 * (n + m))),
        np.uint8,
    )
    tables, people = code[: 4 * n * m].reshape(4, n, m), code[4 * n * m :].reshape(2, n + m)
    values, left, right = (tables[at].astype(np.int64) % (7, 4, 4)[at] * 500 for at in range(3))
    count = draw(st.integers(1, 3))
    part = people[0] % count
    allowed = (tables[3] % 4 > 0) & (part[:n, None] == part[None, n:])
    same = draw(st.booleans())
    room = people[1].astype(np.int64) % 4
    return attrs.evolve(
        problem(n, m),
        pairs=Split(
            values=values,
            wishes_of=(left, left) if same else (left, right),
            allowed=allowed,
            split=(tuple(part[:n].tolist()), tuple(part[n:].tolist())),
            exact=draw(st.sampled_from([np.int64, np.float32, np.float64, np.int16])),
        ),
        left_capacity=room[:n],
        right_capacity=room[n:],
    )


def plan_of(draw: st.DrawFn, asked: Problem, among: BoolArray) -> list[tuple[int, int]]:
    """Some of these pairs, in any order, for which there is room."""
    room = [asked.left_capacity.tolist(), asked.right_capacity.tolist()]
    plan = []
    cells = [(i, j) for i, j in np.argwhere(among).tolist()]
    for i, j in draw(st.permutations(cells))[: draw(st.integers(0, len(cells)))]:
        if room[0][i] and room[1][j]:
            room[0][i] -= 1
            room[1][j] -= 1
            plan.append((i, j))
    return plan


def as_array(plan: Sequence[tuple[int, int]]) -> IntArray:
    return np.array(plan, dtype=np.int64).reshape(-1, 2)


def seats_and_rests(asked: Problem, prices: tuple[Sequence[int], Sequence[int]]) -> int:
    """The bound, pair by pair, in Python's numbers."""
    left, right = prices
    seats = sum(
        places * price
        for side, table in zip((asked.left_capacity, asked.right_capacity), prices, strict=True)
        for places, price in zip(side.tolist(), table, strict=True)
    )
    return seats + sum(
        max(0, int(asked.values[i, j]) - left[i] - right[j])
        for i, j in np.argwhere(asked.allowed).tolist()
        if asked.left_capacity[i] and asked.right_capacity[j]
    )


@given(split_problems(), SIZES, st.data())
def test_the_bound_is_all_seats_and_all_rests(asked, size, data):
    price = st.sampled_from([0, 0, 1, 499, 500, 1000, 2500, 2**62, MOST])
    n, m = asked.shape
    left, right = (data.draw(st.lists(price, min_size=k, max_size=k)) for k in (n, m))
    with blocks_of(size):
        found = upper_bound(
            asked, (np.array(left, dtype=np.int64), np.array(right, dtype=np.int64))
        )
    assert found == seats_and_rests(asked, (left, right))


LARGE = st.sampled_from([MOST, MOST - 1, 2**62, 2**61]) | st.integers(0, MOST)


@given(st.lists(LARGE, min_size=6, max_size=6), st.data())
def test_no_value_is_too_large_for_the_bound(values, data):
    price = st.sampled_from([0, 0, 0, 0, 0, 1, 2**62, MOST])
    left, right = (data.draw(st.lists(price, min_size=k, max_size=k)) for k in (2, 3))
    table = np.array(values, dtype=np.int64).reshape(2, 3)
    asked = attrs.evolve(
        problem(2, 3),
        pairs=Tables(values=table, wishes_of=(table, table), allowed=np.ones((2, 3), dtype=bool)),
    )
    assert upper_bound(asked, (np.array(left), np.array(right))) == seats_and_rests(
        asked, (left, right)
    )


def blocking(asked: Problem, pairs: IntArray) -> int:
    """What the engine counts where nobody is pinned."""
    free = np.zeros(len(pairs), dtype=bool)
    return standing(asked.pairs, pairs, asked.capacity, free).blocking


def naive_blocking(
    asked: Problem, plan: list[tuple[int, int]], fixed: Sequence[tuple[int, int]] = ()
) -> list[tuple[int, int]]:
    """Pairs in which both have room, or would rather have each other than somebody they have."""

    def eager(side: int, pair: tuple[int, int]) -> bool:
        mine = [held for held in plan if held[side] == pair[side]]
        room = (asked.left_capacity, asked.right_capacity)[side][pair[side]]
        wishes = asked.wishes[side]
        return len(mine) < room or any(
            wishes[pair] > wishes[held] for held in mine if held not in fixed
        )

    cells = [(i, j) for i, j in np.argwhere(asked.allowed).tolist()]
    return [pair for pair in cells if pair not in plan and eager(0, pair) and eager(1, pair)]


@given(split_problems(), SIZES, st.data())
def test_blocking_pairs_are_those_who_would_both_rather(asked, size, data):
    plan = plan_of(data.draw, asked, asked.allowed)
    with blocks_of(size):
        assert blocking(asked, as_array(plan)) == len(naive_blocking(asked, plan))


@given(split_problems(), SIZES, st.data())
def test_ranks_and_what_is_pinned(asked, size, data):
    """Who is pinned to each other gives nobody up, and is ranked like everyone.

    Only a pin can be a pair that may not be, for it may lie below the floor.
    """
    plan = plan_of(data.draw, asked, np.ones(asked.shape, dtype=bool))
    fixed = [not asked.allowed[pair] or data.draw(st.booleans()) for pair in plan]
    capacity = (asked.left_capacity, asked.right_capacity)
    with blocks_of(size):
        found = standing(asked.pairs, as_array(plan), capacity, np.array(fixed, dtype=bool))
    kept = [pair for pair, held in zip(plan, fixed, strict=True) if held]
    block = naive_blocking(asked, plan, kept)
    assert found.blocking == len(block)
    for side in (0, 1):
        jealous = {pair[side] for pair in block}
        assert set(np.nonzero(found.envious[side])[0].tolist()) == jealous
        assert choices(asked.pairs)[side].tolist() == asked.allowed.sum(axis=1 - side).tolist()
        wishes = np.where(asked.allowed, asked.wishes[side], -1)
        expected = [
            1 + int(((wishes.T if side else wishes)[pair[side]] > asked.wishes[side][pair]).sum())
            for pair in plan
        ]
        assert found.ranks[side].tolist() == expected


@given(st.integers(0, 9), st.randoms(use_true_random=False), st.floats(0, 0.6))
def test_reach_is_all_that_can_be_reached_and_looks_once(size, chance, density):
    graph = [
        sum((chance.random() < density) << other for other in range(size)) for _ in range(size)
    ]
    asked = []

    def leads(place: int, others: int) -> int:
        assert others >> place & 1
        asked.append(place)
        return graph[place]

    reach = Reach(size, leads)
    for _ in range(4):
        start = chance.getrandbits(size) if size else 0
        expected, before = start, -1
        while expected != before:
            before = expected
            for place in range(size):
                if expected >> place & 1:
                    expected |= graph[place]
        assert reach.closed(start) == expected
    assert len(asked) == len(set(asked))


@given(st.integers(0, 40), st.integers(0, 40), st.randoms(use_true_random=False))
def test_sets_hold_the_places_of_truths(rows, size, chance):
    table = np.array(
        [[chance.random() < 0.5 for _ in range(size)] for _ in range(rows)], dtype=bool
    ).reshape(rows, size)
    for row, held in zip(table, sets(table), strict=True):
        assert truths(held, size).tolist() == row.tolist()
        assert held == sum(1 << place for place in np.nonzero(row)[0].tolist())
