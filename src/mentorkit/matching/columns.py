"""Columns of two pools as numbers: what most criteria are made of.

Everything here is exact: whole numbers, with products through floating point only where
they are too small to be rounded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from mentorkit.errors import Invalid
from mentorkit.interfaces import BoolArray, IntArray, Pool
from mentorkit.models import Level, Value

FloatArray = NDArray[np.float64]


def product(left: IntArray, right: IntArray) -> IntArray:
    """`left @ right.T` of whole numbers, exactly, at the speed of floating point.

    float32 holds whole numbers below 2**24 and float64 below 2**53; the sum of the
    largest products bounds every partial sum.
    """
    if not left.size or not right.size:
        return np.zeros((len(left), len(right)), dtype=np.int64)
    # In floating point, for whole numbers would wrap around.
    largest = (np.abs(factor.astype(np.float64)).max(axis=0) for factor in (left, right))
    bound = float(np.dot(*largest))
    if bound >= 2**53:
        return left @ right.T
    exact: type[np.floating[Any]] = np.float32 if bound < 2**24 else np.float64
    dot: FloatArray = left.astype(exact) @ right.astype(exact).T
    return np.rint(dot).astype(np.int64)


def text(value: Value | None) -> str | None:
    """A value as one comparable text; equal values have equal texts. None is missing."""
    match value:
        case None | "" | ():
            return None
        case tuple():
            return "; ".join(sorted(value))
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():
            return str(int(value))
    return str(value)


def words(value: Value | None) -> tuple[str, ...]:
    """A value as its words in order: each entry of a list, or the one text."""
    if isinstance(value, tuple):
        return value
    single = text(value)
    return () if single is None else (single,)


def numbers(pool: Pool, field: str) -> FloatArray:
    """A column of numbers, a level by its rank; NaN is missing. Invalid for any text."""
    column = np.full(len(pool), np.nan)
    for index, value in enumerate(pool.values(field)):
        match value:
            case None:
                continue
            case Level():
                column[index] = value.rank
            case int() | float() if not isinstance(value, bool):
                column[index] = value
            case _:
                raise Invalid(
                    f"person {pool.ids[index]!r}",
                    f"{field} is {value!r}, which has no order; give its column a scale or"
                    " number = true in the mapping",
                )
    return column


def many_hot(lists: Sequence[Sequence[str]], vocabulary: Sequence[str]) -> IntArray:
    """1 where a list holds a word of the vocabulary, shape (len(lists), len(vocabulary))."""
    place = {word: column for column, word in enumerate(vocabulary)}
    table = np.zeros((len(lists), len(vocabulary)), dtype=np.int64)
    for row, listed in enumerate(lists):
        for word in listed:
            if word in place:
                table[row, place[word]] = 1
    return table


def common(left: Pool, right: Pool, field: str) -> IntArray:
    """How many words of a field each pair shares, shape (len(left), len(right))."""
    lefts = [words(value) for value in left.values(field)]
    rights = [words(value) for value in right.values(field)]
    shared = sorted({word for row in lefts for word in row} & {w for row in rights for w in row})
    return product(many_hot(lefts, shared), many_hot(rights, shared))


def missing(left: Pool, right: Pool, field: str) -> BoolArray:
    """Where one of the pair holds nothing in a field, shape (len(left), len(right))."""
    lefts, rights = (
        np.array([not words(value) for value in pool.values(field)], dtype=bool)
        for pool in (left, right)
    )
    either: BoolArray = np.logical_or.outer(lefts, rights)
    return either


@attrs.frozen(eq=False)
class Tabulated:
    """Points that depend on one value of each person: a table over the distinct values.

    `rows` (len(left),) and `columns` (len(right),) say where in the table each person is.
    """

    table: IntArray
    rows: IntArray
    columns: IntArray

    def points(self) -> IntArray:
        """The points of every pair."""
        return self.table[self.rows[:, None], self.columns[None, :]]

    def factors(self) -> tuple[IntArray, IntArray]:
        """The same points as a product, one-hot on the side with fewer distinct values."""
        lefts, rights = self.table.shape
        if lefts <= rights:
            return _one_hot(self.rows, lefts), self.table.T[self.columns]
        return self.table[self.rows], _one_hot(self.columns, rights)


def _one_hot(places: IntArray, size: int) -> IntArray:
    return np.equal.outer(places, np.arange(size)).astype(np.int64)


def tabulate(
    left: Sequence[Value | None],
    right: Sequence[Value | None],
    points: Callable[[Value, Value], int],
    missing: int,
) -> Tabulated:
    """Ask `points` once for each two distinct values; `missing` where one is None."""
    tables = []
    for column in (left, right):
        keys = [(type(value).__name__, str(value)) for value in column]
        distinct = dict(sorted(zip(keys, column, strict=True), key=lambda item: item[0]))
        place = {key: index for index, key in enumerate(distinct)}
        tables.append((list(distinct.values()), np.array([place[key] for key in keys], dtype=int)))
    (lefts, rows), (rights, columns) = tables
    table = np.full((len(lefts), len(rights)), missing, dtype=np.int64)
    for i, one in enumerate(lefts):
        for j, other in enumerate(rights):
            if one is not None and other is not None:
                table[i, j] = points(one, other)
    return Tabulated(table, rows, columns)
