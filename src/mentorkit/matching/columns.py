"""Columns of two pools as numbers: what most criteria are made of.

Everything here is exact: whole numbers, with products through floating point only where
they are too small to be rounded. The bases give a criterion that has a fast form its
`points`, so that it is written once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import chain
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentorkit.errors import Invalid
from mentorkit.interfaces import BoolArray, Columnar, IntArray, Pool
from mentorkit.matching.forms import exact_type, product_bound
from mentorkit.models import Level, Value

FloatArray = NDArray[np.float64]
Factors: TypeAlias = tuple[NDArray[Any], NDArray[Any]]
Counts: TypeAlias = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]

LONGEST = 2**26
"""Points beyond which no table is made: 256 MiB."""
_STEP = 2**20


def product(left: NDArray[Any], right: NDArray[Any]) -> IntArray:
    """`left @ right.T` of whole numbers, exactly, at the speed of floating point.

    float32 holds whole numbers below 2**24 and float64 below 2**53; the sum of the
    largest products bounds every partial sum.
    """
    bound = product_bound(left, right)
    if bound >= 2**53:
        whole: IntArray = left.astype(np.int64) @ right.astype(np.int64).T
        return whole
    exact = exact_type(bound)
    return (left.astype(exact) @ right.astype(exact).T).astype(np.int64)


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


def many_hot(lists: Sequence[Sequence[Hashable]], vocabulary: Sequence[Hashable]) -> NDArray[Any]:
    """1 where a list holds a word of the vocabulary, shape (len(lists), len(vocabulary)).

    In 32 bits, for such tables are the largest that there are.
    """
    place = {word: column for column, word in enumerate(vocabulary)}
    columns = np.array([place.get(word, -1) for word in chain.from_iterable(lists)], dtype=np.intp)
    rows = np.repeat(np.arange(len(lists)), [len(listed) for listed in lists])
    table = np.zeros((len(lists), len(vocabulary)), dtype=np.int32)
    table[rows[columns >= 0], columns[columns >= 0]] = 1
    return table


def shared_words(left: Pool, right: Pool, field: str) -> Factors:
    """Factors whose product is how many words of a field each pair shares."""
    lefts, rights = ([words(value) for value in pool.values(field)] for pool in (left, right))
    shared = sorted(set(chain.from_iterable(lefts)) & set(chain.from_iterable(rights)))
    return many_hot(lefts, shared), many_hot(rights, shared)


def counts(factors: Factors, worth: Callable[[IntArray], IntArray]) -> Counts:
    """Factors with the table of what each of their products is worth.

    `worth` is given numbers, from 0 to the greatest product there can be, some at a time.
    """
    table = _table(int(product_bound(*factors)) + 1)
    for start in range(0, len(table), _STEP):
        table[start : start + _STEP] = worth(np.arange(start, min(start + _STEP, len(table))))
    return *factors, table


def unless(counted: Counts, where: Factors, points: int) -> Counts:
    """The same counts, but `points` for the pairs of which the product of `where` is not 0."""
    left, right, table = counted
    past = int(product_bound(left, right)) + 1
    whole = _table(past * (int(product_bound(*where)) + 1))
    whole[:past], whole[past:] = table[:past], points
    return np.hstack([left, where[0] * past]), np.hstack([right, where[1]]), whole


def absent(left: Iterable[object], right: Iterable[object]) -> Factors:
    """Factors whose product is not 0 where one of a pair holds nothing, or what is empty."""
    lefts, rights = (
        np.array([_nothing(held) for held in side], dtype=np.int32) for side in (left, right)
    )
    return (
        np.stack([lefts, np.ones_like(lefts)], axis=1),
        np.stack([np.ones_like(rights), rights], axis=1),
    )


def _nothing(held: object) -> bool:
    return held is None or held == "" or held == ()


def _table(length: int) -> NDArray[Any]:
    if length > LONGEST:
        raise Invalid(
            "",
            "holds too many different values to be compared; round the numbers, or sort"
            " the values into fewer classes",
        )
    # Half the size of what is usual: points are small.
    return np.empty(length, dtype=np.int32)


class CountedPoints(ABC):
    """Base of a criterion that writes `counted`: the points follow from it."""

    __slots__ = ()

    @abstractmethod
    def counted(self, left: Pool, right: Pool) -> Counts:
        """L (len(left), k), R (len(right), k) and a table: `points == table[L @ R.T]`."""

    def points(self, left: Pool, right: Pool) -> IntArray:
        """What the counts say, shape (len(left), len(right))."""
        lefts, rights, table = self.counted(left, right)
        found: IntArray = table[product(lefts, rights)]
        return found


class ValuePoints(CountedPoints):
    """Base of a criterion whose points depend on one value of each of the two people.

    Override `values_of` and `points_of`; `missing` are the points where one holds nothing.
    """

    __slots__ = ()
    missing: int = 0

    @abstractmethod
    def values_of(self, pool: Pool) -> Sequence[Any]:
        """What each person of the pool holds, such as a text or a number; None is missing."""

    def points_of(self, left: Any, right: Any) -> int:
        """The points of two values, neither of which is missing."""
        raise NotImplementedError

    def table_of(self, lefts: Sequence[Any], rights: Sequence[Any]) -> IntArray:
        """The points of each left value with each right one.

        Asks `points_of` for each two of them; override it where NumPy can answer at once,
        which matters from a thousand different values on.
        """
        table = [[self.points_of(one, other) for other in rights] for one in lefts]
        return np.array(table, dtype=np.int64).reshape(len(lefts), len(rights))

    def counted(self, left: Pool, right: Pool) -> Counts:
        """Two columns, which say where in the table of the different values a pair is."""
        (rows, lefts), (columns, rights) = map(_different, map(self.values_of, (left, right)))
        width = len(rights) + 1
        table = _table((len(lefts) + 1) * width).reshape(-1, width)
        table[:] = self.missing
        table[:-1, :-1] = self.table_of(lefts, rights)
        return (
            np.stack([rows, np.ones_like(rows)], axis=1),
            np.stack([np.full_like(columns, width), columns], axis=1),
            table.ravel(),
        )


def _different(values: Sequence[Any]) -> tuple[IntArray, list[Any]]:
    """Where each value stands among the different ones, after which comes what is missing."""
    # With their types, for 1, 1.0 and True are equal.
    keys = [None if _nothing(value) else (type(value), value) for value in values]
    places = {key: place for place, key in enumerate(dict.fromkeys(filter(None, keys)))}
    where = [len(places) if key is None else places[key] for key in keys]
    return np.array(where, dtype=np.int64), [value for _, value in places]


class ListedPoints(ABC):
    """Base of a criterion that writes `listed`: all other pairs have 0 points."""

    __slots__ = ()

    @abstractmethod
    def listed(self, left: Pool, right: Pool) -> Factors:
        """Pairs of indices (k, 2), each once, and the points of each (k,)."""

    def points(self, left: Pool, right: Pool) -> IntArray:
        """What the list says, shape (len(left), len(right))."""
        pairs, points = self.listed(left, right)
        table = np.zeros((len(left), len(right)), dtype=np.int64)
        table[pairs[:, 0], pairs[:, 1]] = points
        return table


class ListedBans(ABC):
    """Base of a constraint that writes `banned`: the list and the table follow from it."""

    __slots__ = ()

    @abstractmethod
    def banned(self, left: Pool, right: Pool) -> Iterable[tuple[int, int]]:
        """The pairs of indices that are forbidden, in any order; some may come twice."""

    def listed(self, left: Pool, right: Pool) -> Factors:
        """The forbidden pairs (k, 2), each once, and 1 for each."""
        found = np.array(list(self.banned(left, right)), dtype=np.int64).reshape(-1, 2)
        pairs = np.unique(found, axis=0)
        return pairs, np.ones(len(pairs), dtype=np.int64)

    def forbids(self, left: Pool, right: Pool) -> BoolArray:
        """True for the pairs listed, shape (len(left), len(right))."""
        pairs, _ = self.listed(left, right)
        table = np.zeros((len(left), len(right)), dtype=bool)
        table[pairs[:, 0], pairs[:, 1]] = True
        return table


def column_of(pool: Pool, field: str) -> Sequence[Any]:
    """A field of every participant, such as `prefers` or `availability`, just as it is."""
    if isinstance(pool, Columnar):
        return pool.column(field)
    return [getattr(pool.row(index), field) for index in range(len(pool))]


def places_of(pool: Pool) -> dict[str, list[int]]:
    """Where each id stands; a part of a pool may repeat people."""
    places: dict[str, list[int]] = {}
    for index, person in enumerate(pool.ids):
        places.setdefault(person, []).append(index)
    return places
