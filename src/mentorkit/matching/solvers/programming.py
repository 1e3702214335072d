"""Who has a team, as a linear program: between nobody and a least size there is nothing.

Let y be the part of a team that exists, from 0 to 1, and x the part of each of its pairs:
between `least` * y and places * y pairs, and none of them more than y. This is the convex
hull of all teams that one person can have, so no linear program that looks at each
person's teams alone is tighter; most y come out whole. Which y are 0 and which 1 is a
question that has no fast answer in general: deciding which warehouses to open is one case.

HiGHS works in floating point, and is asked but not trusted: from its prices only whole
numbers are made, and `upper_bound_under` holds for any; of its teams only who has one is taken.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix

from mentorkit.interfaces import BoolArray, IntArray, Rules
from mentorkit.matching.rules import Capacity

FloatArray = NDArray[np.float64]

STEEP = 2**20
"""What the dearest pair is worth in the program, so that tolerances fit."""
NODES = 4000
"""Pairs times nodes that a search for whole teams may take: a limit that is no clock."""


@attrs.frozen(eq=False)
class Duals:
    """What HiGHS answers to the relaxed program, in floating point."""

    left: FloatArray
    """(n,): what a left person's place costs."""
    groups: FloatArray
    """(g,): what one more pair of a group is worth for its sake."""
    teams: FloatArray
    """(m,): which part of each right person's team exists; 1 for those who need none."""


@attrs.frozen(eq=False, slots=False)
class Program:
    """Some pairs, and the rules for all people."""

    pairs: IntArray
    """(k, 2)"""
    worth: IntArray
    """(k,)"""
    capacity: Capacity
    rules: Rules
    missing: int
    """What each pair costs that is missing from a group, or from a team that has begun."""

    @cached_property
    def teams(self) -> IntArray:
        """(t,): the right people of whom it is to be decided."""
        return np.nonzero((self.rules.least > 1) & ~self.rules.begun)[0]

    @cached_property
    def begun(self) -> IntArray:
        return np.nonzero((self.rules.least > 0) & self.rules.begun)[0]

    @property
    def scale(self) -> float:
        return max(1.0, self.missing / STEEP)

    def relaxed(self) -> Duals | None:
        """The best with parts of teams, proven by prices; None where HiGHS gives up."""
        matrix, limits = self._rows
        upper = self._upper
        bounds = np.stack([np.zeros_like(upper), upper], axis=1)
        found = linprog(self._cost, A_ub=matrix, b_ub=limits, bounds=bounds, method="highs")
        if found.x is None or found.status != 0:
            return None
        prices = -self.scale * found.ineqlin.marginals
        groups = len(self.rules.wanted)
        return Duals(
            left=prices[: len(self.capacity[0])],
            groups=prices[len(prices) - groups :],
            teams=self._of_all(found.x),
        )

    def whole(self, sure: BoolArray, closed: BoolArray) -> BoolArray | None:
        """(m,): who has a team in the best plan that was found; None where none was.

        Some are known to have one for `sure`, and others none.
        """
        matrix, limits = self._rows
        k, t = len(self.pairs), len(self.teams)
        lower, upper = np.zeros_like(self._upper), self._upper.copy()
        lower[k : k + t] = sure[self.teams]
        upper[k : k + t] = ~closed[self.teams]
        whole = np.zeros_like(upper)
        whole[k : k + t] = 1
        found = milp(
            self._cost,
            integrality=whole,
            bounds=Bounds(lower, upper),
            constraints=LinearConstraint(matrix, -np.inf, limits),
            options={"mip_rel_gap": 0.0, "node_limit": 1 + NODES // max(k, 1)},
        )
        return None if found.x is None else self._of_all(found.x) > 0.5

    def _of_all(self, found: FloatArray) -> FloatArray:
        teams = np.ones(len(self.rules.least))
        k, t = len(self.pairs), len(self.teams)
        teams[self.teams] = found[k : k + t]
        return teams

    @cached_property
    def _cost(self) -> FloatArray:
        short = len(self.rules.wanted) + len(self.begun)
        costs = [-self.worth, np.zeros(len(self.teams)), np.full(short, self.missing)]
        return np.concatenate(costs) / self.scale

    @cached_property
    def _upper(self) -> FloatArray:
        short = len(self.rules.wanted) + len(self.begun)
        return np.repeat([1.0, np.inf], [len(self.pairs) + len(self.teams), short])

    @cached_property
    def _rows(self) -> tuple[Any, FloatArray]:
        """The matrix and the limits: no row may be above its limit.

        The variables are the pairs, the teams, and what is missing from groups and teams.
        """
        rules, (left, right) = self.rules, self.capacity
        rows, columns = self.pairs.T
        pair = np.arange(len(rows))
        team = len(rows) + np.arange(len(self.teams))
        group = len(rows) + len(team) + np.arange(len(rules.wanted))
        begun = len(rows) + len(team) + len(group) + np.arange(len(self.begun))
        own = np.full(len(right), -1)
        own[self.teams] = team
        within = np.nonzero(own[columns] >= 0)[0]
        grouped = [of[people] for of, people in zip(rules.groups, (rows, columns), strict=True)]
        table = _Rows()
        table.add(left, (rows, pair, 1))
        table.add(
            np.where(own < 0, right, 0), (columns, pair, 1), (self.teams, team, -right[self.teams])
        )
        table.add(
            np.where(rules.begun, -rules.least, 0),
            (columns, pair, -1),
            (self.teams, team, rules.least[self.teams]),
            (self.begun, begun, -1),
        )
        one = np.arange(len(within))
        table.add(np.zeros(len(within)), (one, within, 1), (one, own[columns[within]], -1))
        table.add(
            -rules.wanted,
            *((of[of >= 0], pair[of >= 0], -1) for of in grouped),
            (np.arange(len(group)), group, -1),
        )
        return table.matrix(len(self._upper)), table.limits()


class _Rows:
    """Rows of a sparse matrix, in blocks."""

    def __init__(self) -> None:
        self.height = 0
        self.entries: list[tuple[IntArray, IntArray, FloatArray]] = []
        self.most: list[IntArray | FloatArray] = []

    def add(self, limits: IntArray | FloatArray, *entries: tuple[IntArray, IntArray, Any]) -> None:
        """A block of rows with their limits; entries are rows in it, variables and factors."""
        for row, variable, factor in entries:
            factors = np.broadcast_to(np.asarray(factor, dtype=np.float64), row.shape)
            self.entries.append((self.height + row, variable, factors))
        self.most.append(limits)
        self.height += len(limits)

    def matrix(self, width: int) -> Any:
        row, variable, factor = (
            np.concatenate(column) for column in zip(*self.entries, strict=True)
        )
        return csr_matrix((factor, (row, variable)), shape=(self.height, width))

    def limits(self) -> FloatArray:
        return np.concatenate(self.most).astype(np.float64)
