"""The contract of a Criterion, factored or not, and of a Constraint."""

from __future__ import annotations

from typing import Any

import numpy as np

from mentorkit.interfaces import Factored
from mentorkit.models import POINT
from mentorkit.testing.contracts.check import expect
from mentorkit.testing.contracts.pairwise import PAIRWISE, Asked
from mentorkit.testing.contracts.people import Population


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
    """Where it has factors, they are whole numbers, and their product is the points."""

    def test(used: Any, held: Population) -> None:
        left, right = used.factors(held.left, held.right)
        for factor in (left, right):
            expect(
                isinstance(factor, np.ndarray) and factor.dtype.kind in "iu",
                f"a factor is {getattr(factor, 'dtype', type(factor).__name__)}, not whole numbers",
            )
        points = held.table(used)
        product = left.astype(np.int64) @ right.astype(np.int64).T
        expect(
            np.array_equal(product, points),
            f"the product is {product.tolist()}, the points are {points.tolist()}",
        )

    if isinstance(asked.fresh(), Factored):
        asked.everywhere(test)


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


CRITERION = (whole_numbers, from_0_to_1000, factors_make_the_points, *PAIRWISE)
CONSTRAINT = (truths, *PAIRWISE)
