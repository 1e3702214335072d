"""Small problems of pairs with capacities, and the best that can be made of them."""

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


def problems(most: int = 4) -> st.SearchStrategy[Problem]:
    """Up to `most` people a side, with ties, forbidden pairs and up to three places each."""
    sizes = st.tuples(st.integers(0, most), st.integers(0, most))
    return sizes.flatmap(lambda size: _problems(*size))


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
    best = {tuple(asked.left_capacity.tolist()): 0}
    for j, places in enumerate(asked.right_capacity.tolist()):
        best = _with_one_more(asked, j, places, best)
    return max(best.values())


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
