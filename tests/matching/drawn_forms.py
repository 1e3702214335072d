"""Drawn forms with the whole tables that they stand for."""

from __future__ import annotations

from typing import Any

import attrs
import hypothesis.strategies as st
import numpy as np

from mentorkit.matching.forms import Asked, Form, Listing, Lookup, Product, product_bound

SIZES = st.tuples(st.integers(0, 6), st.integers(0, 6))
FORMS = ("product", "signed", "lookup", "listing", "asked")


@attrs.frozen(eq=False)
class Drawn:
    """A form of points, 0 to 1000, and the table of them all."""

    form: Form
    table: np.ndarray


def tables(n: int, m: int, least: int = 0, most: int = 1000) -> st.SearchStrategy[np.ndarray]:
    """Whole numbers, of which the least and the greatest come often."""

    def table(code: bytes) -> np.ndarray:
        number = np.frombuffer(code, dtype=np.uint16).astype(np.int64)
        inside = least + (number >> 2) % (most - least + 1)
        return np.choose(number & 3, [least, most, inside, inside]).reshape(n, m)

    return st.binary(min_size=2 * n * m, max_size=2 * n * m).map(table)


def places(size: int, count: int | None = None) -> st.SearchStrategy[np.ndarray]:
    """Places of so many people, in any order, some twice; as many as asked for."""
    fewest, most = (count, count) if count is not None else (0, 8 if size else 0)
    drawn = st.binary(min_size=fewest, max_size=most)
    return drawn.map(lambda code: np.frombuffer(code, dtype=np.uint8).astype(np.int64) % size)


def parts(size: int) -> st.SearchStrategy[Any]:
    """Some of so many people: a slice, or places."""
    return st.one_of(st.slices(size), places(size))


def pairs(shape: tuple[int, int]) -> st.SearchStrategy[np.ndarray]:
    """Pairs of places, in any order; some come twice."""
    n, m = shape
    return places(n * m).map(lambda held: np.stack(np.divmod(held, max(1, m)), axis=1))


@st.composite
def forms(draw: Any, shape: tuple[int, int], names: tuple[str, ...] = FORMS) -> Drawn:
    """A form of any sort, of so many people by so many."""
    return _MADE[draw(st.sampled_from(names))](draw, *shape)


def _product(draw: Any, n: int, m: int) -> Drawn:
    """A row of points for each of a few kinds of people on the left."""
    width = draw(st.integers(1, 3))
    points = draw(tables(width, m))
    hot = np.equal.outer(draw(places(width, n)), np.arange(width)).astype(np.int64)
    return Drawn(Product.of(hot, points.T), hot @ points)


def _signed(draw: Any, n: int, m: int) -> Drawn:
    """Points that come from taking away what was given before."""
    width = draw(st.integers(1, 3))
    points = draw(tables(width, m))
    hot = np.equal.outer(draw(places(width, n)), np.arange(width)).astype(np.int64)
    more = draw(st.integers(0, 2000))
    left = np.hstack([hot, np.full((n, 1), more)])
    right = np.hstack([points.T - more, np.ones((m, 1), dtype=np.int64)])
    return Drawn(Product.of(left, right), hot @ points)


def _lookup(draw: Any, n: int, m: int) -> Drawn:
    width = draw(st.integers(0, 3))
    left, right = draw(tables(n, width, 0, 3)), draw(tables(m, width, 0, 3))
    longest = int(product_bound(left, right)) + 1
    table = draw(tables(1, longest))[0]
    form = Lookup(Product.of(left, right), table.astype(np.float32))
    return Drawn(form, table[left @ right.T])


def _listing(draw: Any, n: int, m: int) -> Drawn:
    listed = np.unique(draw(pairs((n, m))), axis=0)
    listed = listed[np.argsort(draw(tables(1, len(listed)))[0])]
    points = draw(tables(1, len(listed)))[0]
    table = np.zeros((n, m), dtype=np.int64)
    table[listed[:, 0], listed[:, 1]] = points
    return Drawn(Listing.of(listed, points, (n, m)), table)


def _asked(draw: Any, n: int, m: int) -> Drawn:
    """The pools are places in the table."""
    table = draw(tables(n, m))
    everyone: Any = (np.arange(n), np.arange(m))
    return Drawn(Asked(lambda left, right: table[np.ix_(left, right)], *everyone), table)


_MADE = {
    "product": _product,
    "signed": _signed,
    "lookup": _lookup,
    "listing": _listing,
    "asked": _asked,
}
