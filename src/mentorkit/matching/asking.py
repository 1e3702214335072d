"""Asks a matcher, and checks what it answers."""

from __future__ import annotations

import attrs
import numpy as np

from mentorkit.errors import Invalid, PluginFailed
from mentorkit.interfaces import IntArray, Matcher, OddSets, Problem, Solution
from mentorkit.matching import odd_sets
from mentorkit.matching.case import Case
from mentorkit.matching.certificate import least_prices, lift_of
from mentorkit.matching.parity import Shares
from mentorkit.matching.scoring import Blamed
from mentorkit.models import GroupBound
from mentorkit.models.plain import MOST


@attrs.frozen(kw_only=True, eq=False)
class Found:
    """What a matcher found for a problem, checked, with the pinned pairs put back."""

    problem: Problem
    solution: Solution
    bounds: tuple[GroupBound, ...] = ()
    """What parity wants of each group, with its price."""
    free: Solution | None = None
    """The best without parity, if it was asked for."""


def solve(case: Case, start: Solution | None = None, due: IntArray | None = None) -> Found:
    """What the case's matcher answers; it may begin from a `start`, the solution before a change.

    For parity it is asked again, with what is due to the groups by the share that it fills
    without; unless that is known, and its best without is of no interest.
    """
    matcher = _Matcher.of(case)
    shares = Shares.of(case)
    problem = attrs.evolve(case.problem, start=start)
    if shares is None:
        return Found(problem=problem, solution=matcher.asked(case, problem))
    free = matcher.asked(case, problem) if due is None else None
    wanted = shares.wanted(free.pairs) if free else due
    assert wanted is not None
    problem = attrs.evolve(shares.problem_wanting(wanted), start=start)
    if free and shares.kept(free.pairs, wanted):
        found = attrs.evolve(free, groups=np.zeros_like(wanted))
    else:
        try:
            found = matcher.asked(case, problem)
        except Invalid as error:
            raise error.of("policies.parity") from None
    bounds = shares.bounds(wanted, found.groups)
    return Found(problem=problem, solution=found, bounds=bounds, free=free)


@attrs.frozen
class _Matcher:
    """A matcher with its place, for what is said of it."""

    matcher: Matcher
    place: str

    @classmethod
    def of(cls, case: Case) -> _Matcher:
        """The case's own. Invalid where it cannot solve what is asked, or keep the rules."""
        choice = case.blueprint.policies.matcher
        if choice is None:
            raise Invalid("policies.matcher", "is missing; name a matcher, such as optimal")
        matcher = case.registry.bind("matchers", choice, "policies.matcher")
        if not isinstance(matcher, Matcher):
            words = f"{choice.kind!r} binds to no matcher: it has no solve"
            raise Invalid("policies.matcher", words)
        if case.blueprint.shape not in matcher.solves:
            words = f"{choice.kind!r} does not solve {case.blueprint.shape}"
            raise Invalid("policies.matcher", words)
        asked = set(case.problem.rules.asks) if case.problem.rules else set()
        if case.blueprint.policies.parity is not None:
            asked.add("parity")
        for rule in sorted(asked - matcher.solves):
            words = f"{choice.kind!r} does not keep {rule}, {_ASKED[rule]}; optimal does"
            raise Invalid("policies.matcher", words)
        return cls(matcher, f"matcher {choice.kind!r}")

    def asked(self, case: Case, problem: Problem) -> Solution:
        """What it answers, checked, with the case's pins. Invalid where nothing keeps the rules."""
        place = self.place
        for table in problem.capacity:
            table.setflags(write=False)
        with Blamed(place):
            solution = self.matcher.solve(problem)
        if not isinstance(solution, Solution):
            raise PluginFailed(f"{place} must return a Solution, not {type(solution).__name__}")
        pairs = _checked_pairs(place, problem, solution.pairs)
        prices, many, above = (
            None if held is None else _checked_prices(place, problem, held)
            for held in (solution.prices, solution.many, solution.above)
        )
        _check_aim(place, problem, solution)
        if solution.sets is not None:
            _check_sets(place, problem, solution.sets)
        if type(solution.unit) is not int or solution.unit < 1:
            raise PluginFailed(f"{place} must price in a unit that is a whole number of 1 or more")
        _check_groups(place, problem, solution.groups)
        together = np.concatenate([case.pins, pairs]).astype(np.int64)
        order = np.lexsort((together[:, 1], together[:, 0]))
        return attrs.evolve(solution, pairs=together[order], prices=prices, many=many, above=above)


_ASKED = {
    "least-sizes": "the least number of people in a team, which the topology asks for",
    "parity": "the bound between groups that policies.parity asks for",
}


def _checked_pairs(place: str, problem: Problem, pairs: IntArray) -> IntArray:
    """The pairs, if they are allowed, each once, and nobody has too many."""
    if not isinstance(pairs, np.ndarray) or pairs.dtype.kind not in "iu" or pairs.ndim != 2:
        raise PluginFailed(f"{place} must return its pairs as whole numbers of shape (k, 2)")
    n, m = problem.shape
    if pairs.shape[1] != 2 or (pairs < 0).any() or (pairs >= (n, m)).any():
        raise PluginFailed(f"{place} matched people who do not exist")
    if problem.one_pool and (pairs[:, 0] >= pairs[:, 1]).any():
        raise PluginFailed(f"{place} must give the two of a pair in the order of their indices")
    if len(np.unique(pairs, axis=0)) < len(pairs):
        raise PluginFailed(f"{place} matched the same two people twice")
    for i, j in pairs[problem.pairs.worth_of(pairs) < 0][:1]:
        names = f"{problem.left[i]!r} with {problem.right[j]!r}"
        raise PluginFailed(f"{place} matched {names}, which is forbidden")
    sides = ((problem.left, problem.left_capacity), (problem.right, problem.right_capacity))
    for side, (ids, capacity) in enumerate(sides):
        held = pairs.ravel() if problem.one_pool else pairs[:, side]
        load = np.bincount(held, minlength=len(ids))
        for over in np.nonzero(load > capacity)[0][:1]:
            raise PluginFailed(
                f"{place} gave {ids[over]!r} {load[over]} of {capacity[over]} places"
            )
    if problem.rules is not None and not problem.rules.keeps(pairs):
        raise PluginFailed(f"{place} made a team or a group smaller than the rules allow")
    return pairs


def _checked_prices(
    place: str, problem: Problem, prices: tuple[IntArray, IntArray]
) -> tuple[IntArray, IntArray]:
    proper = isinstance(prices, tuple) and len(prices) == 2
    lowest = least_prices(problem)
    for table, size, low in zip(prices, problem.shape, lowest, strict=False) if proper else ():
        proper = (
            proper
            and isinstance(table, np.ndarray)
            and table.shape == (size,)
            and table.dtype.kind in "iu"
            and all(low <= price <= MOST for price in (table.min(initial=0), table.max(initial=0)))
        )
    if not proper:
        raise PluginFailed(
            f"{place} must price everyone at a whole number of 0 or more, in two arrays"
        )
    if problem.one_pool and not np.array_equal(*prices):
        raise PluginFailed(f"{place} must price people of one pool alike on both sides")
    return prices[0].astype(np.int64), prices[1].astype(np.int64)


def _check_aim(place: str, problem: Problem, solution: Solution) -> None:
    """That what a matcher puts before the total is something that prices can prove."""
    numbers = (solution.lift, solution.least)
    if any(type(number) is not int or number < 0 for number in numbers):
        raise PluginFailed(f"{place} must state lift and least as whole numbers of 0 or more")
    if 0 < solution.lift < lift_of(problem):
        raise PluginFailed(f"{place} lets a match count {solution.lift} more, which is too little")
    if solution.least and (solution.many is None or solution.above is None):
        raise PluginFailed(f"{place} states a least worth, and has no prices many and above")


def _check_sets(place: str, problem: Problem, sets: OddSets) -> None:
    if not problem.one_pool:
        raise PluginFailed(f"{place} priced odd sets, which are of people of one pool only")
    try:
        odd_sets.check(sets, len(problem.left))
    except ValueError as error:
        raise PluginFailed(f"{place} priced odd sets wrongly: {error}") from None


def _check_groups(place: str, problem: Problem, prices: IntArray | None) -> None:
    """That groups have prices only where there are groups, and proper ones."""
    if prices is None:
        return
    count = 0 if problem.rules is None else len(problem.rules.wanted)
    if (
        not isinstance(prices, np.ndarray)
        or prices.shape != (count,)
        or prices.dtype.kind not in "iu"
        or not all(0 <= price <= MOST for price in prices.tolist())
    ):
        raise PluginFailed(
            f"{place} must price each of {count} groups at a whole number, 0 or more"
        )
