"""The forms in which criteria answer for many pairs at once.

A criterion that reads the people once (factors, counts, a list) is scored from arrays
after that; any other is asked block by block. All forms give the same whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, Literal, Protocol

import attrs
import numpy as np
from numpy.typing import NDArray

from mentorkit.errors import PluginFailed
from mentorkit.interfaces import ALL, IntArray, Pool, Selection
from mentorkit.matching.solvers.compiling import compiles, kernel

Table = NDArray[Any]
"""Whole numbers in whichever type holds them exactly."""

FEW = 64
"""Kinds of people on one side up to which a product is faster than a table looked up."""
LOOPED, WIDE = 2**14, 1024
"""Pairs at once, and people on the right, from which a compiled loop is worth loading."""
KEPT = 2**22
"""Pairs up to which what a criterion without arrays says is remembered: 32 MiB."""
SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")


class Form(Protocol):
    """Points of every pair, worked out where asked."""

    def block(self, rows: Selection, columns: Selection) -> Table:
        """(rows, columns): the points of these people with those."""

    def at(self, pairs: IntArray) -> IntArray:
        """(k,): the points of each of the pairs of indices (k, 2)."""

    def part(self, rows: Selection, columns: Selection) -> Form:
        """The same for some of the people, who count from 0 again."""


@attrs.frozen(eq=False, slots=False)
class Product:
    """`left @ right.T`, exact in the type of both."""

    left: Table
    right: Table

    @classmethod
    def of(cls, left: IntArray, right: IntArray) -> Product:
        """In the smallest floating type that holds every partial sum exactly.

        Raises PluginFailed where none does.
        """
        bound = product_bound(left, right)
        if bound >= 2**53:
            raise PluginFailed("factors are too large to be multiplied exactly")
        exact = exact_type(bound)
        return cls(left.astype(exact), right.astype(exact))

    def block(self, rows: Selection, columns: Selection) -> Table:
        left = self.left[rows]
        if not self.compiled(len(left)):
            found: Table = left @ self.right[columns].T
            return found
        across = self.across(columns)
        total = np.zeros((len(left), across.shape[1]), dtype=across.dtype)
        add_product.fast(left, across, total)
        return total

    def compiled(self, rows: int) -> bool:
        """Whether so many rows are multiplied by a compiled loop, which passes over zeros."""
        return rows * len(self.right) >= LOOPED and len(self.right) >= WIDE and compiles()

    def across(self, columns: Selection) -> Table:
        """The right factors of these people, a row for each column of factors."""
        if isinstance(columns, slice) and columns == ALL:
            return self._across
        return np.ascontiguousarray(self.right[columns].T)

    @cached_property
    def _across(self) -> Table:
        return np.ascontiguousarray(self.right.T)

    def at(self, pairs: IntArray) -> IntArray:
        found = np.empty(len(pairs), dtype=np.int64)
        for some in _in_turn(len(pairs)):
            rows, columns = pairs[some, 0], pairs[some, 1]
            found[some] = np.einsum("ij,ij->i", self.left[rows], self.right[columns])
        return found

    def part(self, rows: Selection, columns: Selection) -> Product:
        return Product(self.left[rows], self.right[columns])

    def beyond(self, most: int) -> tuple[int, int] | None:
        """A pair whose product is below 0 or above `most`, if there is one.

        People who are alike are looked at once.
        """
        lefts, rights = kinds(self.left)[0], kinds(self.right)[0]
        for some in _in_turn(len(lefts), 256):
            block = self.left[lefts[some]] @ self.right[rights].T
            wrong = np.argwhere((block < 0) | (block > most))
            if len(wrong):
                i, j = wrong[0]
                return int(lefts[some][i]), int(rights[j])
        return None

    def takes(self) -> float:
        """No partial sum of the columns that hold numbers below 0 is further from 0 than this."""
        below = [factor.min(axis=0, initial=0) < 0 for factor in (self.left, self.right)]
        signed = below[0] | below[1]
        return product_bound(self.left[:, signed], self.right[:, signed])


@attrs.frozen(eq=False, slots=False)
class Lookup:
    """`table[left @ right.T]`."""

    index: Product
    table: Table

    def block(self, rows: Selection, columns: Selection) -> Table:
        return self.table.take(self.index.block(rows, columns).astype(np.intp))

    def add_to(self, total: Table, rows: Selection, columns: Selection, weight: int) -> None:
        """Add the points, `weight` times, to a block of sums."""
        factor = total.dtype.type(weight)
        left = self.index.left[rows]
        if not self.index.compiled(len(left)):
            points = self.block(rows, columns)
            total += points if weight == 1 else points * factor
            return
        across = self.index.across(columns)
        line = np.empty(across.shape[1], dtype=across.dtype)
        add_looked_up.fast(left, across, self.table.astype(total.dtype) * factor, total, line)

    def at(self, pairs: IntArray) -> IntArray:
        return self.table[self.index.at(pairs)].astype(np.int64)

    def part(self, rows: Selection, columns: Selection) -> Lookup:
        return Lookup(self.index.part(rows, columns), self.table)

    def barring(self, far: int) -> Product | None:
        """A product that is 0, and `-far` for 0 points; None where no side has few kinds."""
        bars = np.where(self.table == 0, np.float32(-far), np.float32(0))
        found = Lookup(self.index, bars).fastest
        return found if isinstance(found, Product) else None

    @cached_property
    def fastest(self) -> Product | Lookup:
        """As a product with a column for each kind of people, where one side has few kinds."""
        left, right = self.index.left, self.index.right
        firsts, kind = kinds(left)
        if len(firsts) <= FEW:
            return Product(_one_hot(kind, len(firsts)), self.block(firsts, ALL).T)
        firsts, kind = kinds(right)
        if len(firsts) <= FEW:
            return Product(self.block(ALL, firsts), _one_hot(kind, len(firsts)))
        return self


def _one_hot(kind: IntArray, size: int) -> Table:
    return np.equal.outer(kind, np.arange(size)).astype(np.float32)


@attrs.frozen(eq=False, slots=False)
class Listing:
    """Few pairs with points; all others have 0.

    `starts` (n + 1,), `columns` (k,) and `points` (k,) list each row's in turn.
    """

    starts: IntArray
    columns: IntArray
    points: IntArray
    width: int

    @classmethod
    def of(cls, pairs: IntArray, points: IntArray, shape: tuple[int, int]) -> Listing:
        """From pairs in any order, each once."""
        order = np.lexsort((pairs[:, 1], pairs[:, 0]))
        counts = np.bincount(pairs[:, 0], minlength=shape[0])
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return cls(starts, pairs[order, 1], points[order], shape[1])

    def block(self, rows: Selection, columns: Selection) -> Table:
        size = count(rows, len(self.starts) - 1), count(columns, self.width)
        table = np.zeros(size, dtype=np.int64)
        places, points = self.within(rows, columns)
        table[places] = points
        return table

    def at(self, pairs: IntArray) -> IntArray:
        wanted = pairs[:, 0] * self.width + pairs[:, 1]
        place = np.searchsorted(self._keys, wanted)
        place[place == len(self._keys)] = 0
        found = np.zeros(len(pairs), dtype=np.int64)
        if len(self._keys):
            hit = self._keys[place] == wanted
            found[hit] = self.points[place[hit]]
        return found

    def part(self, rows: Selection, columns: Selection) -> Listing:
        size = count(rows, len(self.starts) - 1), count(columns, self.width)
        places, points = self.within(rows, columns)
        return Listing.of(np.stack(places, axis=1), points, size)

    def pairs(self) -> IntArray:
        """(k, 2): the pairs in the order of their rows."""
        rows = np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))
        return np.stack([rows, self.columns], axis=1)

    def within(
        self, rows: Selection, columns: Selection
    ) -> tuple[tuple[IntArray, IntArray], IntArray]:
        """Where in the block of these people the listed pairs stand, and the points of each."""
        chosen = np.arange(len(self.starts) - 1)[rows]
        at, listed = _runs(self.starts[chosen], self.starts[chosen + 1])
        if isinstance(columns, slice) and columns == ALL:
            return (at, self.columns[listed]), self.points[listed]
        wanted = np.arange(self.width)[columns]
        order = np.argsort(wanted, kind="stable")
        ends = (np.searchsorted(wanted[order], self.columns[listed], side) for side in SIDES)
        which, place = _runs(*ends)
        return (at[which], order[place]), self.points[listed[which]]

    @cached_property
    def _keys(self) -> IntArray:
        pairs = self.pairs()
        keys: IntArray = pairs[:, 0] * self.width + pairs[:, 1]
        return keys


def _runs(starts: IntArray, ends: IntArray) -> tuple[IntArray, IntArray]:
    """All the numbers from each start to its end, and which of the runs each is of."""
    counts = ends - starts
    which = np.repeat(np.arange(len(counts)), counts)
    before = np.cumsum(counts) - counts
    return which, np.arange(len(which)) - before[which] + starts[which]


@attrs.frozen(eq=False)
class Known:
    """Points of which the whole table is there already."""

    table: Table

    def block(self, rows: Selection, columns: Selection) -> Table:
        found: Table = self.table[rows][:, columns]
        return found

    def at(self, pairs: IntArray) -> IntArray:
        return self.table[pairs[:, 0], pairs[:, 1]].astype(np.int64)

    def part(self, rows: Selection, columns: Selection) -> Known:
        return Known(self.block(rows, columns))


@attrs.frozen(eq=False, slots=False)
class Asked:
    """A criterion that has no arrays, asked about the people of two pools.

    Where they make few pairs, it is asked about each once.
    """

    points: Callable[[Pool, Pool], IntArray]
    left: Pool
    right: Pool

    def block(self, rows: Selection, columns: Selection) -> Table:
        if self._known:
            return self._known.block(rows, columns)
        return self.points(self.left[rows], self.right[columns])

    def at(self, pairs: IntArray) -> IntArray:
        if self._known:
            return self._known.at(pairs)
        # Small square blocks, of which the diagonal is kept: never a call for each pair.
        found = np.empty(len(pairs), dtype=np.int64)
        for start in range(0, len(pairs), 32):
            some = pairs[start : start + 32]
            found[start : start + 32] = self.block(some[:, 0], some[:, 1]).diagonal()
        return found

    def part(self, rows: Selection, columns: Selection) -> Known | Asked:
        if self._known:
            return self._known.part(rows, columns)
        return Asked(self.points, self.left[rows], self.right[columns])

    @cached_property
    def _known(self) -> Known | None:
        if len(self.left) * len(self.right) > KEPT:
            return None
        table = self.points(self.left, self.right)
        table.setflags(write=False)
        return Known(table)


@attrs.frozen(eq=False)
class Total:
    """A weighted sum of forms, in a type that holds it exactly.

    Products of factors are added up by one product of them all.
    """

    product: Product | None
    others: tuple[tuple[Form, int], ...]
    shape: tuple[int, int]
    exact: type[np.floating[Any]]

    @classmethod
    def of(cls, terms: Iterable[tuple[Form, int]], shape: tuple[int, int], most: int) -> Total:
        """Forms with their weights; no sum is above `most`."""
        products, others = list[tuple[Product, int]](), list[tuple[Form, int]]()
        for form, weight in terms:
            fastest = form.fastest if isinstance(form, Lookup) else form
            if isinstance(fastest, Product):
                products.append((fastest, weight))
            else:
                others.append((fastest, weight))
        bound = _sum_bound(products, most)
        if not products or bound >= 2**53:
            return cls(None, (*products, *others), shape, exact_type(most))
        exact = exact_type(bound)
        left = np.hstack([form.left.astype(exact) * exact(weight) for form, weight in products])
        right = np.hstack([form.right.astype(exact) for form, _ in products])
        return cls(Product(left, right), tuple(others), shape, exact_type(most))

    def block(self, rows: Selection, columns: Selection) -> Table:
        if self.product is None:
            size = (count(rows, self.shape[0]), count(columns, self.shape[1]))
            total = np.zeros(size, dtype=self.exact)
        else:
            total = self.product.block(rows, columns)
            if total.dtype != self.exact:
                total = total.astype(self.exact)
        for form, weight in self.others:
            if isinstance(form, Listing):
                places, points = form.within(rows, columns)
                total[places] += points * self.exact(weight)
            elif isinstance(form, Lookup):
                form.add_to(total, rows, columns, weight)
            else:
                points = form.block(rows, columns)
                total += points if weight == 1 else points * self.exact(weight)
        return total

    def at(self, pairs: IntArray) -> IntArray:
        total = np.zeros(len(pairs), dtype=np.int64)
        if self.product is not None:
            total += self.product.at(pairs)
        for form, weight in self.others:
            total += form.at(pairs) * weight
        return total

    def part(self, rows: Selection, columns: Selection) -> Total:
        size = (count(rows, self.shape[0]), count(columns, self.shape[1]))
        product = None if self.product is None else self.product.part(rows, columns)
        others = tuple((form.part(rows, columns), weight) for form, weight in self.others)
        return Total(product, others, size, self.exact)


@kernel
def add_product(left: Table, across: Table, total: Table) -> None:
    """Add `left @ across`, passing over zeros, of which most factors are full."""
    for i in range(left.shape[0]):
        for k in range(left.shape[1]):
            factor = left[i, k]
            if factor != 0:
                for j in range(across.shape[1]):
                    total[i, j] += factor * across[k, j]


@kernel
def add_looked_up(left: Table, across: Table, table: Table, total: Table, line: Table) -> None:
    """Add `table[left @ across]`; `line` is scratch for one row."""
    for i in range(left.shape[0]):
        for j in range(across.shape[1]):
            line[j] = 0
        for k in range(left.shape[1]):
            factor = left[i, k]
            if factor != 0:
                for j in range(across.shape[1]):
                    line[j] += factor * across[k, j]
        for j in range(across.shape[1]):
            total[i, j] += table[int(line[j])]


def _sum_bound(products: Iterable[tuple[Product, int]], most: int) -> float:
    """No partial sum of these products with their weights is further from 0 than this.

    Without numbers below 0 it only grows, to `most` at the end; those that there are can
    take away, and so have to be added, no more than their own bound.
    """
    products = list(products)
    every = sum(weight * product_bound(form.left, form.right) for form, weight in products)
    takes = sum(weight * form.takes() for form, weight in products)
    return min(every, most + 2 * takes)


def kinds(features: Table) -> tuple[IntArray, IntArray]:
    """Where the first person of each kind stands, and which kind everyone is."""
    if not features.size:
        return np.arange(min(len(features), 1)), np.zeros(len(features), dtype=np.int64)
    rows = np.ascontiguousarray(features)
    whole = np.frombuffer(rows, dtype=np.dtype((np.void, rows.itemsize * rows.shape[1])))
    _, first, kind = np.unique(whole, return_index=True, return_inverse=True)
    return first, kind


def product_bound(left: Table, right: Table) -> float:
    """No partial sum of `left @ right.T` is further from 0, whatever the order of adding."""
    if not left.size or not right.size:
        return 0.0
    largest = (
        np.maximum(factor.max(axis=0).astype(np.float64), -factor.min(axis=0).astype(np.float64))
        for factor in (left, right)
    )
    return float(np.dot(*largest))


def exact_type(most: float) -> type[np.floating[Any]]:
    """float32 holds whole numbers to 2**24 and float64 to 2**53."""
    return np.float32 if most < 2**24 else np.float64


def count(part: Selection, size: int) -> int:
    """How many of `size` people a part chooses."""
    return len(range(size)[part]) if isinstance(part, slice) else len(part)


def _in_turn(size: int, step: int = 2**14) -> Iterable[slice]:
    return (slice(start, start + step) for start in range(0, size, step))
