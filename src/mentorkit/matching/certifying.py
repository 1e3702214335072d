"""Writes down what a solution's prices prove of a plan, and reads it again."""

from __future__ import annotations

import attrs
import numpy as np

from mentorkit.errors import Invalid
from mentorkit.interfaces import IntArray, OddSets, Problem, Solution
from mentorkit.matching import odd_sets
from mentorkit.matching.asking import Found
from mentorkit.matching.case import Case
from mentorkit.matching.certificate import aimed_at, least_prices, upper_bound
from mentorkit.matching.parity import Shares
from mentorkit.models import Certificate, Freely, FrozenMap, MatchPlan
from mentorkit.models.plain import MOST


def certify(case: Case, found: Found) -> Certificate:
    """The bound that the solution's prices give for the whole plan, pins included."""
    solution, freely = found.solution, _freely(case, found)
    if solution.prices is None:
        return Certificate(groups=found.bounds, freely=freely)
    most = most_of(case, found.problem, solution)
    return Certificate(
        bound=most,
        gap=most - _aimed(case, solution),
        prices=_priced(case, solution.prices),
        lift=solution.lift,
        least=solution.least,
        many=_priced(case, solution.many) if solution.many else FrozenMap({}),
        above=_priced(case, solution.above) if solution.above else FrozenMap({}),
        sets=odd_sets.told(case.left.ids, solution.sets) if solution.sets else (),
        unit=solution.unit,
        stay=case.stay if case.record.stays else 0,
        groups=found.bounds,
        freely=freely,
    )


def _freely(case: Case, found: Found) -> Freely | None:
    """The best plan without parity, where there is one to compare with."""
    free = found.free
    if free is None:
        return None
    ids = case.left.ids, case.right.ids
    held = Freely(
        pairs=tuple((ids[0][i], ids[1][j]) for i, j in free.pairs.tolist()),
        cost=case.total(free.pairs) - case.total(found.solution.pairs),
    )
    if free.prices is None:
        return held
    most = most_of(case, case.problem, free)
    return attrs.evolve(
        held,
        bound=most,
        gap=most - _aimed(case, free),
        prices=_priced(case, free.prices),
        unit=free.unit,
    )


def _aimed(case: Case, solution: Solution) -> int:
    """What its pairs come to by all that it is held against."""
    return case.aimed(solution.pairs) + solution.lift * len(solution.pairs)


def _priced(case: Case, prices: tuple[IntArray, IntArray]) -> FrozenMap[FrozenMap[int]]:
    sides = zip(case.roles, (case.left.ids, case.right.ids), prices, strict=True)
    return FrozenMap(
        {
            role: FrozenMap({ids[i]: int(table[i]) for i in np.nonzero(table)[0].tolist()})
            for role, ids, table in sides
        }
    )


def prices_of(case: Case, table: FrozenMap[FrozenMap[int]]) -> tuple[IntArray, IntArray]:
    """The prices of everyone by index. Invalid where they name strangers or are too low."""
    priced = [table.get(role, FrozenMap[int]({})) for role in case.roles]
    pools = (case.left, case.right)
    if set(table) - set(case.roles) or any(
        set(prices) - set(pool.ids) for prices, pool in zip(priced, pools, strict=True)
    ):
        raise Invalid("certificate.prices", "name somebody who takes no part")
    for prices, low in zip(priced, least_prices(case.problem), strict=True):
        if not all(low <= price <= MOST for price in prices.values()):
            raise Invalid("certificate.prices", f"must be from {low} to {MOST}")
    left, right = (
        np.array([prices.get(person, 0) for person in pool.ids], dtype=np.int64)
        for prices, pool in zip(priced, pools, strict=True)
    )
    return left, right


def start_from(case: Case, plan: MatchPlan) -> Solution:
    """What to begin from after a change: a plan's pairs and prices, of those who are there.

    Whoever is new has price 0.
    """
    there = [
        (case.left.places[left], case.right.places[right])
        for left, right in plan.pairs
        if left in case.left.places and right in case.right.places
    ]
    priced = [plan.certificate.prices.get(role, FrozenMap[int]({})) for role in case.roles]
    prices = [
        np.array([held.get(person, 0) for person in pool.ids], dtype=np.int64)
        for held, pool in zip(priced, (case.left, case.right), strict=True)
    ]
    pairs = np.array(there, dtype=np.int64).reshape(-1, 2)
    return Solution(pairs=pairs, prices=(prices[0], prices[1]), unit=plan.certificate.unit)


def most_of(case: Case, problem: Problem, priced: Solution) -> int:
    """What no plan of the case can be worth more than, by a solution's prices, pins included.

    The problem is the case's, or one with more rules.
    """
    assert priced.prices is not None
    aimed = aimed_at(problem, priced)
    free = upper_bound(aimed, priced.prices, priced.sets, priced.unit, priced.groups)
    return free + case.total(case.pins) + priced.lift * len(case.pins)


def read(case: Case, pairs: IntArray, certificate: Certificate) -> Found:
    """What a certificate states of these pairs, by index; `certify` writes it down again.

    Invalid where it cannot be meant.
    """
    problem, groups = case.problem, None
    if certificate.groups:
        shares = Shares.of(case)
        if shares is None:
            raise Invalid("certificate.groups", "are bound by parity, which is not asked for")
        wanted, groups = shares.read(certificate.groups)
        problem = shares.problem_wanting(wanted)
    solution = Solution(
        pairs=pairs,
        prices=None if certificate.bound is None else prices_of(case, certificate.prices),
        lift=certificate.lift,
        least=certificate.least,
        many=prices_of(case, certificate.many),
        above=prices_of(case, certificate.above),
        sets=_sets_of(case, certificate),
        groups=groups,
        unit=certificate.unit,
    )
    freely, free = certificate.freely, None
    if freely is not None:
        free = attrs.evolve(
            solution,
            pairs=case.indices(freely.pairs),
            prices=None if freely.bound is None else prices_of(case, freely.prices),
            sets=None,
            groups=None,
            unit=freely.unit,
        )
    return Found(problem=problem, solution=solution, bounds=certificate.groups, free=free)


def _sets_of(case: Case, certificate: Certificate) -> OddSets | None:
    """The odd sets of a certificate by index. Invalid where they cannot be such sets."""
    if not certificate.sets:
        return None
    if not case.one_pool:
        raise Invalid("certificate.sets", "are of people of one pool, and there are two roles")
    return odd_sets.read(case.left.places, certificate.sets)
