"""The contract of a Criterion and of a Constraint, in each of the forms that it has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from mentorkit.interfaces import Counted, Criterion, Factored, IntArray, Listed, Pool
from mentorkit.models import POINT
from mentorkit.testing.contracts.check import expect
from mentorkit.testing.contracts.pairwise import PAIRWISE, Asked, parts
from mentorkit.testing.contracts.people import Population, table


def whole_numbers(asked: Asked) -> None:
    """Points are a NumPy array of whole numbers, a row for each left person."""

    def test(used: Any, held: Population) -> None:
        points = held.table(used)
        expect(
            isinstance(points, np.ndarray) and points.dtype.kind in "iu",
            f"points are {getattr(points, 'dtype', type(points).__name__)}, not whole numbers",
        )
        shape = (len(held.left), len(held.right))
        expect(points.shape == shape, f"the shape is {points.shape}, not {shape}")

    asked.everywhere(test)


def from_0_to_1000(asked: Asked) -> None:
    """Points are 0, no fit, to 1000, a perfect one."""

    def test(used: Any, held: Population) -> None:
        points = held.table(used)
        wrong = np.argwhere(~((points >= 0) & (points <= POINT)))
        for i, j in wrong[:1]:
            names = f"{held.left.ids[i]} with {held.right.ids[j]}"
            expect(False, f"{names} gets {points[i, j]}; points are 0 to {POINT}")

    asked.everywhere(test)


def factors_make_the_points(asked: Asked) -> None:
    """Where it has factors, they are whole numbers, and their product is the points.

    A constraint's product is 0 for what it forbids.
    """

    def read(used: Any, left: Pool, right: Pool) -> IntArray:
        lefts, rights = used.factors(left, right)
        return _product(lefts, rights, left, right)

    _agree(asked, Factored, read)


def counts_make_the_points(asked: Asked) -> None:
    """Where it has counts, their table holds the points of every product there can be."""

    def read(used: Any, left: Pool, right: Pool) -> IntArray:
        lefts, rights, points = used.counted(left, right)
        found = _product(lefts, rights, left, right)
        _whole("the table of its counts", points, (len(points),))
        for counted in (lefts, rights):
            expect((counted >= 0).all(), f"what it counts is below 0: {counted.tolist()}")
        # Of all columns the greatest, which the engine goes by.
        sides = (side.max(axis=0, initial=0).astype(np.int64) for side in (lefts, rights))
        most = int(np.dot(*sides))
        expect(
            most < len(points) or not found.size,
            f"its table has {len(points)} entries, but products may be as great as {most}",
        )
        said: IntArray = points[found]
        return said

    _agree(asked, Counted, read)


def a_list_makes_the_points(asked: Asked) -> None:
    """Where it lists pairs, each is there once, with its points; a constraint's are forbidden."""

    def read(used: Any, left: Pool, right: Pool) -> IntArray:
        pairs, points = used.listed(left, right)
        _whole("the list of its pairs", pairs, (len(pairs), 2))
        _whole("the points of its list", points, (len(pairs),))
        size = len(left), len(right)
        expect(
            ((pairs >= 0) & (pairs < size)).all(),
            f"it lists {pairs.tolist()}, but there are {size[0]} people by {size[1]}",
        )
        expect(
            len(np.unique(pairs, axis=0)) == len(pairs), f"it lists a pair twice: {pairs.tolist()}"
        )
        found = np.zeros(size, dtype=np.int64)
        found[pairs[:, 0], pairs[:, 1]] = points
        return found

    _agree(asked, Listed, read)


def _agree(asked: Asked, form: type, read: Callable[[Any, Pool, Pool], IntArray]) -> None:
    """What a form says is what the points say: of all, one by one, of parts and turned round."""

    def test(used: Any, held: Population) -> None:
        for left, right in _asked_about(held):
            found, said = read(used, left, right), table(used, left, right)
            if not isinstance(used, Criterion):
                found, said = found != 0, said == (form is Listed)
            expect(
                np.array_equal(found, said),
                f"as {form.__name__} it says {found.tolist()} of {list(left.ids)} with"
                f" {list(right.ids)}; its table says {said.tolist()}",
            )

    if isinstance(asked.fresh(), form):
        asked.everywhere(test)


def _asked_about(held: Population) -> Iterator[tuple[Pool, Pool]]:
    yield held.left, held.right
    yield held.right, held.left
    yield from (
        (held.left[i : i + 1], held.right[j : j + 1])
        for i, j in np.ndindex(len(held.left), len(held.right))
    )
    yield from (
        (held.left[rows], held.right[columns])
        for rows in parts(len(held.left))
        for columns in parts(len(held.right))
    )


def _product(lefts: Any, rights: Any, left: Pool, right: Pool) -> IntArray:
    for name, factor, pool in (("left", lefts, left), ("right", rights, right)):
        columns = np.shape(lefts)[-1] if np.ndim(lefts) else 0
        _whole(f"its {name} factor", factor, (len(pool), columns))
    found: IntArray = lefts.astype(np.int64) @ rights.astype(np.int64).T
    return found


def _whole(name: str, found: Any, shape: tuple[int, ...]) -> None:
    expect(
        isinstance(found, np.ndarray) and found.dtype.kind in "iu",
        f"{name} is {getattr(found, 'dtype', type(found).__name__)}, not whole numbers",
    )
    expect(found.shape == shape, f"{name} has shape {found.shape}, not {shape}")


def truths(asked: Asked) -> None:
    """A constraint answers with a NumPy array of truths, a row for each left person."""

    def test(used: Any, held: Population) -> None:
        found = held.table(used)
        expect(
            isinstance(found, np.ndarray) and found.dtype == np.bool_,
            f"the answers are {getattr(found, 'dtype', type(found).__name__)}, not truths",
        )
        shape = (len(held.left), len(held.right))
        expect(found.shape == shape, f"the shape is {found.shape}, not {shape}")

    asked.everywhere(test)


FORMS = (factors_make_the_points, counts_make_the_points, a_list_makes_the_points)
CRITERION = (whole_numbers, from_0_to_1000, *FORMS, *PAIRWISE)
CONSTRAINT = (truths, *FORMS, *PAIRWISE)
