"""Proof: prices that bound every feasible plan.

Give every person a price for each of their seats. No plan can be worth more than what all
seats cost, plus what is left of each allowed pair after paying both: the dual of the
transportation problem in which a pair is taken at most once. That holds whatever the
prices are; under the right ones, the best plan reaches it.

In one pool, sets of an odd number of people have prices too: of 2s + 1 people at most s
pairs can be made, so a set costs s times its price, and a pair pays for each set that holds
both (Edmonds 1965, "Maximum matching and a polyhedron with 0,1-vertices").
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import numpy as np

from mentorkit.errors import Invalid
from mentorkit.interfaces import IntArray, OddSets, Pairs, Problem, Solution
from mentorkit.matching.blocks import HANDED_OUT, compact, in_blocks, parts
from mentorkit.matching.changed import Changed
from mentorkit.matching.odd_sets import cost, shared
from mentorkit.matching.parallel import in_turn
from mentorkit.matching.rules import Prices, upper_bound_under
from mentorkit.models import Certificate
from mentorkit.models.plain import MOST


def upper_bound(
    problem: Problem,
    prices: tuple[IntArray, IntArray],
    sets: OddSets | None = None,
    unit: int = 1,
    groups: IntArray | None = None,
) -> int:
    """The most that any plan of the problem can be worth, for prices of 0 or more, or lower for
    right people under rules.

    Prices are in `unit`-ths of what pairs are worth in. Exact for prices, and values in
    that unit, up to 2**63 - 1. In one pool all is told twice, both ways round. Under rules
    it bounds the plans that keep them, see `rules`.
    """
    left, right = prices
    if problem.rules is not None:
        wanted = problem.rules.wanted
        held = Prices(left, right, np.zeros_like(wanted) if groups is None else groups, unit)
        return upper_bound_under(problem.pairs, problem.capacity, problem.rules, held)
    if problem.pairs.most * unit >= 2**63:
        raise Invalid("certificate.unit", "is too small a part to be counted in exactly")
    most = _paid(problem.left_capacity, left) + _paid(problem.right_capacity, right)
    if sets is not None:
        most += 2 * cost(sets)
    rests = _Rest.all_of(problem, left, right, sets, unit)
    most += sum(in_turn(_Rest.left_over, rests, problem.executor))
    return most // (2 * unit) if problem.one_pool else most // unit


@attrs.frozen(kw_only=True, eq=False)
class _Rest:
    """Some pairs, of which something may be left after both people have paid."""

    pairs: Pairs
    people: tuple[IntArray, IntArray]
    """Whom the pairs are of, by their places among all."""
    prices: tuple[IntArray, IntArray]
    sets: OddSets | None
    unit: int

    @classmethod
    def all_of(
        cls, problem: Problem, left: IntArray, right: IntArray, sets: OddSets | None, unit: int
    ) -> Iterator[_Rest]:
        """Of everybody who has a place, some left people at a time."""
        for rows, columns in parts(problem.pairs):
            rows = rows[problem.left_capacity[rows] > 0]
            columns = columns[problem.right_capacity[columns] > 0]
            for some in in_blocks(rows, len(columns), HANDED_OUT):
                yield cls(
                    pairs=problem.pairs.part(compact(some), compact(columns)),
                    people=(some, columns),
                    prices=(left[some], right[columns]),
                    sets=sets,
                    unit=unit,
                )

    def left_over(self) -> int:
        """All that is left of them, in `unit`-ths."""
        (rows, columns), (left, right) = self.people, self.prices
        most = 0
        for some in in_blocks(np.arange(len(rows)), len(columns)):
            # A pair that may not be is worth less than 0. At 0, nothing is left of it either.
            rest = self.pairs.worth(compact(some)).astype(np.int64)
            np.maximum(rest, 0, out=rest)
            rest *= self.unit
            rest -= left[some][:, None]
            np.maximum(rest, 0, out=rest)
            rest -= right
            np.maximum(rest, 0, out=rest)
            if self.sets is not None:
                i, j = np.nonzero(rest)
                pays = shared(self.sets, np.stack([rows[some[i]], columns[j]], axis=1))
                rest[i, j] = np.maximum(rest[i, j] - pays, 0)
            most += _sum(rest)
        return most


def aimed_at(problem: Problem, aim: Solution | Certificate) -> Problem:
    """The problem in which the prices bound the total: see `Solution`."""
    pairs = Changed(problem.pairs, lift=aim.lift, least=aim.least)
    return attrs.evolve(problem, pairs=pairs)


def counted(problem: Problem, least: int) -> Problem:
    """The problem in which prices bound the number of pairs worth at least `least`."""
    return attrs.evolve(problem, pairs=Changed(problem.pairs, least=least, flat=True))


def lift_of(problem: Problem) -> int:
    """So much for each match that one match more is worth more than all other gains."""
    places = min(int(side.sum()) for side in problem.capacity)
    n, m = problem.shape
    return (problem.pairs.most + 1) * (min(places, n * m) + 1)


def least_prices(problem: Problem) -> tuple[int, int]:
    """The lowest that the left and the right people's prices may be.

    Below 0 only where teams have a least size, see `Solution`.
    """
    rules = problem.rules
    return 0, -MOST if rules is not None and "least-sizes" in rules.asks else 0


def _paid(capacity: IntArray, prices: IntArray) -> int:
    """What all seats of one side cost."""
    priced = np.nonzero(prices)[0]
    pay = zip(capacity[priced].tolist(), prices[priced].tolist(), strict=True)
    return sum(seats * price for seats, price in pay)


def _sum(rest: IntArray) -> int:
    """In 64 bits where they hold the sum, else in Python's whole numbers."""
    if int(rest.max(initial=0)) * rest.size < 2**63:
        return int(rest.sum())
    return sum(rest.ravel().tolist())
