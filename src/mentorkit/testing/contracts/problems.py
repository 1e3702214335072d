"""Small problems of pairs, of two roles or one pool, and the best that can be made of them."""

from __future__ import annotations

import attrs
import hypothesis.strategies as st
import numpy as np

from mentorkit.interfaces import BoolArray, IntArray, Problem, Rules, Tables

_VALUES = (0, 1000, 2000, 500, 1001)
_WISHES = (0, 1000, 500)
RULES = frozenset({"least-sizes", "parity"})


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

    Of the shapes "pairs" and "one-pool" those that are named, a pool with some people more;
    and some under rules, of "least-sizes" and "parity" those that are named.
    """
    drawn = []
    if "pairs" in shapes:
        sizes = st.tuples(st.integers(0, most), st.integers(0, most))
        drawn.append(sizes.flatmap(lambda size: _problems(*size)))
        if shapes & RULES:
            under = sizes.flatmap(lambda size: _problems(*size))
            drawn.append(under.flatmap(lambda asked: _under_rules(asked, shapes)))
    if "one-pool" in shapes:
        people = st.integers(0, most + 2)
        drawn.append(people.flatmap(lambda size: _problems(size, size)).map(pooled))
    return st.one_of(drawn)


def _problems(n: int, m: int) -> st.SearchStrategy[Problem]:
    width = 4 * n * m + n + m + 1
    return st.binary(min_size=width, max_size=width).map(lambda code: problem_from(n, m, code))


def _under_rules(asked: Problem, named: frozenset[str]) -> st.SearchStrategy[Problem]:
    """Rules that often can be kept, but not always; a group is of one side."""
    n, m = asked.shape
    count = 2 if "parity" in named else 0
    size = n + 2 * m + 2 * count
    return st.binary(min_size=size, max_size=size).map(
        lambda code: attrs.evolve(asked, rules=_rules_from(n, m, count, named, code))
    )


def _rules_from(n: int, m: int, count: int, named: frozenset[str], code: bytes) -> Rules:
    digits = np.frombuffer(code, dtype=np.uint8).astype(np.int64)
    left, right, least, rest = np.split(digits, np.cumsum([n, m, m]))
    of_left = np.append(rest[:count] % 2 == 0, False)
    held = [
        np.where(np.append(ours, False)[who % (count + 1)], who % (count + 1), -1)
        for who, ours in ((left, of_left[:count]), (right, ~of_left[:count]))
    ]
    sizes = np.array((0, 1, 2, 2, 3))[least % 5]
    return attrs.evolve(
        Rules.none((n, m)),
        least=sizes if "least-sizes" in named else np.zeros_like(sizes),
        begun=(least % 7 == 0) & ("least-sizes" in named),
        groups=(held[0], held[1]),
        wanted=rest[count:] % 3,
    )


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
    """The greatest total of any plan that keeps the rules, or -1 where none does.

    Right people in turn, over all that the left can hold.
    """
    if asked.one_pool:
        return _best_of_pool(asked, tuple(np.nonzero(asked.left_capacity)[0].tolist()))
    rules = asked.rules or Rules.none(asked.shape)
    room = tuple(asked.left_capacity.tolist())
    best = {(room, (0,) * len(rules.wanted)): 0}
    for j, places in enumerate(asked.right_capacity.tolist()):
        best = _with_one_more(asked, rules, j, places, best)
    return max((total for state, total in best.items() if _gives(rules, room, *state)), default=-1)


def _gives(
    rules: Rules, room: tuple[int, ...], left: tuple[int, ...], counts: tuple[int, ...]
) -> bool:
    """Whether each group has what it wants, by the room that left people have left."""
    given = list(counts)
    for group, had, has in zip(rules.groups[0].tolist(), room, left, strict=True):
        if group >= 0:
            given[group] += had - has
    return all(held >= wanted for held, wanted in zip(given, rules.wanted.tolist(), strict=True))


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


_State = tuple[tuple[int, ...], tuple[int, ...]]
"""The places that left people have left, and the pairs of each right group so far."""


def _with_one_more(
    asked: Problem, rules: Rules, j: int, places: int, best: dict[_State, int]
) -> dict[_State, int]:
    """The best totals by what is left and given, with right person j too."""
    states = {(state, 0): total for state, total in best.items()}
    group = int(rules.groups[1][j])
    for i in range(len(asked.left)):
        if not asked.allowed[i, j]:
            continue
        for ((room, counts), used), total in list(states.items()):
            if room[i] and used < places:
                left = (*room[:i], room[i] - 1, *room[i + 1 :])
                given = tuple(held + (at == group) for at, held in enumerate(counts))
                key = ((left, given), used + 1)
                states[key] = max(states.get(key, 0), total + int(asked.values[i, j]))
    merged: dict[_State, int] = {}
    for (state, used), total in states.items():
        if used >= rules.least[j] or not (used or rules.begun[j]):
            merged[state] = max(merged.get(state, 0), total)
    return merged
