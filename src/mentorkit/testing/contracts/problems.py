"""Small problems of pairs, of two roles or one pool, and the best that can be made of them."""

from __future__ import annotations

import attrs
import hypothesis.strategies as st
import numpy as np

from mentorkit.interfaces import BoolArray, IntArray, Problem, Tables

_VALUES = (0, 1000, 2000, 500, 1001)
_WISHES = (0, 1000, 500)


def problem(n: int, m: int) -> Problem:
    """All allowed, one place each, everything worth the same."""
    table = np.full((n, m), 1000, dtype=np.int64)
    return Problem(
        left=[f"l{number:03}" for number in range(n)],
        right=[f"r{number:03}" for number in range(m)],
        pairs=Tables(
            values=table,
            wishes_of=(table.copy(), table.copy()),
            allowed=np.ones((n, m), dtype=bool),
        ),
        left_capacity=np.ones(n, dtype=np.int64),
        right_capacity=np.ones(m, dtype=np.int64),
    )


def tabled(
    asked: Problem,
    *,
    values: IntArray | None = None,
    wishes: tuple[IntArray, IntArray] | None = None,
    allowed: BoolArray | None = None,
) -> Problem:
    """The same problem with other tables."""
    tables = Tables(
        values=asked.values if values is None else values,
        wishes_of=asked.wishes if wishes is None else wishes,
        allowed=asked.allowed if allowed is None else allowed,
    )
    return attrs.evolve(asked, pairs=tables)


def copied(asked: Problem) -> Problem:
    """The same problem with tables of its own, which are only to be read."""
    tables = [table.copy() for table in (asked.values, *asked.wishes)]
    capacity = [side.copy() for side in asked.capacity]
    allowed = asked.allowed.copy()
    for table in (*tables, *capacity, allowed):
        table.setflags(write=False)
    values, left, right = tables
    return attrs.evolve(
        asked,
        pairs=Tables(values=values, wishes_of=(left, right), allowed=allowed),
        left_capacity=capacity[0],
        right_capacity=capacity[1],
    )


def pooled(asked: Problem) -> Problem:
    """The same left people as one pool, in which everyone has one place at most.

    A pair is worth what it is with the lower index on the left.
    """
    one, other = asked.wishes
    upper = np.triu(np.ones(asked.shape, dtype=bool), 1)
    values = np.where(upper, asked.values, 0)
    allowed = asked.allowed & upper
    room = np.minimum(asked.left_capacity, 1)
    return attrs.evolve(
        asked,
        right=asked.left,
        pairs=Tables(
            values=values + values.T,
            wishes_of=(np.where(upper, one, other.T), np.where(upper, other, one.T)),
            allowed=allowed | allowed.T,
        ),
        left_capacity=room,
        right_capacity=room,
        one_pool=True,
    )


def problems(shapes: frozenset[str], most: int = 4) -> st.SearchStrategy[Problem]:
    """Up to `most` people a side, with ties, forbidden pairs and up to three places each.

    Of the shapes "pairs" and "one-pool" those that are named; a pool has some people more.
    """
    drawn = []
    if "pairs" in shapes:
        sizes = st.tuples(st.integers(0, most), st.integers(0, most))
        drawn.append(sizes.flatmap(lambda size: _problems(*size)))
    if "one-pool" in shapes:
        people = st.integers(0, most + 2)
        drawn.append(people.flatmap(lambda size: _problems(size, size)).map(pooled))
    return st.one_of(drawn)


def _problems(n: int, m: int) -> st.SearchStrategy[Problem]:
    width = 4 * n * m + n + m + 1
    return st.binary(min_size=width, max_size=width).map(lambda code: problem_from(n, m, code))


def problem_from(n: int, m: int, code: bytes) -> Problem:
    """The problem that 4nm + n + m + 1 bytes write down: each picks one number."""
    digits = np.frombuffer(code, dtype=np.uint8).astype(np.int64)
    values, left, right, barred = digits[: 4 * n * m].reshape(4, n, m)
    room = digits[4 * n * m : -1]
    return attrs.evolve(
        problem(n, m),
        pairs=Tables(
            values=np.array(_VALUES)[values % len(_VALUES)],
            wishes_of=(np.array(_WISHES)[left % 3], np.array(_WISHES)[right % 3]),
            allowed=barred % 4 < 3,
        ),
        left_capacity=(room[:n] + 1) % 4,
        right_capacity=(room[n:] + 1) % 4,
        seed=int(digits[-1]),
    )


def best_total(asked: Problem) -> int:
    """The greatest total of any plan: right people in turn, over all that the left can hold."""
    if asked.one_pool:
        return _best_of_pool(asked, tuple(np.nonzero(asked.left_capacity)[0].tolist()))
    best = {tuple(asked.left_capacity.tolist()): 0}
    for j, places in enumerate(asked.right_capacity.tolist()):
        best = _with_one_more(asked, j, places, best)
    return max(best.values())


def _best_of_pool(asked: Problem, people: tuple[int, ...]) -> int:
    """The greatest total of these people: the first has nobody, or any of the others."""
    if len(people) < 2:
        return 0
    first, *others = people
    totals = [_best_of_pool(asked, tuple(others))]
    for other in others:
        if asked.allowed[first, other]:
            rest = tuple(person for person in others if person != other)
            totals.append(int(asked.values[first, other]) + _best_of_pool(asked, rest))
    return max(totals)


def _with_one_more(
    asked: Problem, j: int, places: int, best: dict[tuple[int, ...], int]
) -> dict[tuple[int, ...], int]:
    """The best totals by the places that the left people have left, with right person j too."""
    states = {(room, 0): total for room, total in best.items()}
    for i in range(len(asked.left)):
        if not asked.allowed[i, j]:
            continue
        for (room, used), total in list(states.items()):
            if room[i] and used < places:
                key = ((*room[:i], room[i] - 1, *room[i + 1 :]), used + 1)
                states[key] = max(states.get(key, 0), total + int(asked.values[i, j]))
    merged: dict[tuple[int, ...], int] = {}
    for (room, _), total in states.items():
        merged[room] = max(merged.get(room, 0), total)
    return merged
