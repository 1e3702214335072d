"""Makes plans: asks a matcher, checks what it answers, and says why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor

import attrs
import numpy as np

from mentorkit.errors import Invalid, PluginFailed
from mentorkit.interfaces import IntArray, Matcher, OddSets, Problem, Solution
from mentorkit.matching import odd_sets
from mentorkit.matching.case import Case, build_case
from mentorkit.matching.certificate import aimed_at, bound, lift_of
from mentorkit.matching.findings import findings
from mentorkit.matching.grouping import too_small
from mentorkit.matching.quality import quality
from mentorkit.matching.scarcity import unmatched
from mentorkit.matching.scoring import Blamed
from mentorkit.models import (
    Certificate,
    Choice,
    FrozenMap,
    Match,
    MatchPlan,
    Moves,
    Pair,
    Participant,
    Programme,
)
from mentorkit.models.plain import MOST
from mentorkit.registry import Registry, installed

People = Iterable[Participant]


def match(
    people: People,
    programme: Programme | None = None,
    *,
    pins: Iterable[Pair] = (),
    forbids: Iterable[Pair] = (),
    registry: Registry | None = None,
    previous: MatchPlan | None = None,
    executor: Executor | None = None,
) -> MatchPlan:
    """The plan that the programme's matcher makes for these people.

    Pure: no clock, no database; the order of the people does not matter. They may be given as
    `Columns`, as wherever the engine takes people. `pins` are pairs
    (mentee's id, mentor's id) to keep, `forbids` pairs to rule out, either way round, as pins
    are in one pool.
    After a change to any of these, `previous` is the plan to begin from: what it settled is
    kept where that costs nothing, so that few people move (see `moves`), and it is quicker.
    `executor` may share the work among threads, processes or machines: the plan is the same.
    Raises Invalid where the input does not fit together, PluginFailed where a plugin breaks.
    """
    case = build_case(
        people,
        programme or Programme(),
        registry or installed(),
        pins=pins,
        forbids=forbids,
        stays=previous.pairs if previous else (),
        previous=previous,
        executor=executor,
    )
    return plan_of(case, previous)


def moves(before: MatchPlan, after: MatchPlan) -> Moves:
    """Who comes together and who parts from one plan to another."""
    here, there = set(before.pairs), set(after.pairs)
    return Moves(comes=tuple(sorted(there - here)), goes=tuple(sorted(here - there)))


def compare(
    people: People,
    programme: Programme,
    matchers: Sequence[Choice],
    *,
    pins: Iterable[Pair] = (),
    forbids: Iterable[Pair] = (),
    registry: Registry | None = None,
    executor: Executor | None = None,
) -> tuple[MatchPlan, ...]:
    """The plans of several matchers for the same people, which are scored only once."""
    registry = registry or installed()
    case = build_case(people, programme, registry, pins=pins, forbids=forbids, executor=executor)
    return tuple(plan_of(case.solved_by(matcher)) for matcher in matchers)


def plan_of(case: Case, previous: MatchPlan | None = None) -> MatchPlan:
    """Solve a case, from a previous plan if there is one, and say all that a plan carries."""
    solution = solve(case, None if previous is None else start_from(case, previous))
    return describe(case, solution.pairs, certify(case, solution))


def solve(case: Case, start: Solution | None = None) -> Solution:
    """What the case's matcher answers, checked, with the pinned pairs put back.

    It may begin from a `start`, the solution before a change.
    """
    choice = case.blueprint.policies.matcher
    if choice is None:
        raise Invalid("policies.matcher", "is missing; name a matcher, such as optimal")
    matcher = case.registry.bind("matchers", choice, "policies.matcher")
    place = f"matcher {choice.kind!r}"
    if not isinstance(matcher, Matcher):
        raise Invalid("policies.matcher", f"{choice.kind!r} binds to no matcher: it has no solve")
    if case.blueprint.shape not in matcher.solves:
        raise Invalid("policies.matcher", f"{choice.kind!r} does not solve {case.blueprint.shape}")
    problem = attrs.evolve(case.problem, start=start)
    capacities = (problem.left_capacity, problem.right_capacity)
    for table in capacities:
        table.setflags(write=False)
    with Blamed(place):
        solution = matcher.solve(problem)
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
    together = np.concatenate([case.pins, pairs]).astype(np.int64)
    order = np.lexsort((together[:, 1], together[:, 0]))
    return attrs.evolve(solution, pairs=together[order], prices=prices, many=many, above=above)


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
    return pairs


def _checked_prices(
    place: str, problem: Problem, prices: tuple[IntArray, IntArray]
) -> tuple[IntArray, IntArray]:
    proper = isinstance(prices, tuple) and len(prices) == 2
    for table, size in zip(prices, problem.shape, strict=False) if proper else ():
        proper = (
            proper
            and isinstance(table, np.ndarray)
            and table.shape == (size,)
            and table.dtype.kind in "iu"
            and all(0 <= price <= MOST for price in (table.min(initial=0), table.max(initial=0)))
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


def certify(case: Case, solution: Solution) -> Certificate:
    """The bound that the solution's prices give for the whole plan, pins included."""
    if solution.prices is None:
        return Certificate()
    most = most_of(case, solution.prices, solution.sets, solution)
    return Certificate(
        bound=most,
        gap=most - case.aimed(solution.pairs) - solution.lift * len(solution.pairs),
        prices=_priced(case, solution.prices),
        lift=solution.lift,
        least=solution.least,
        many=_priced(case, solution.many) if solution.many else FrozenMap({}),
        above=_priced(case, solution.above) if solution.above else FrozenMap({}),
        sets=odd_sets.told(case.left.ids, solution.sets) if solution.sets else (),
        unit=solution.unit,
        stay=case.stay if case.record.stays else 0,
    )


def _priced(case: Case, prices: tuple[IntArray, IntArray]) -> FrozenMap[FrozenMap[int]]:
    sides = zip(case.roles, (case.left.ids, case.right.ids), prices, strict=True)
    return FrozenMap(
        {
            role: FrozenMap({ids[i]: int(table[i]) for i in np.nonzero(table)[0].tolist()})
            for role, ids, table in sides
        }
    )


def prices_of(case: Case, table: FrozenMap[FrozenMap[int]]) -> tuple[IntArray, IntArray]:
    """The prices of everyone by index. Invalid where they name strangers or are below 0."""
    priced = [table.get(role, FrozenMap[int]({})) for role in case.roles]
    pools = (case.left, case.right)
    if set(table) - set(case.roles) or any(
        set(prices) - set(pool.ids) for prices, pool in zip(priced, pools, strict=True)
    ):
        raise Invalid("certificate.prices", "name somebody who takes no part")
    if not all(0 <= price <= MOST for prices in priced for price in prices.values()):
        raise Invalid("certificate.prices", f"must be from 0 to {MOST}")
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


def most_of(
    case: Case,
    prices: tuple[IntArray, IntArray],
    sets: OddSets | None,
    aim: Solution | Certificate,
) -> int:
    """What no plan of the case can be worth more than, by these prices, pins included."""
    free = bound(aimed_at(case.problem, aim), prices, sets, aim.unit)
    return free + case.total(case.pins) + aim.lift * len(case.pins)


def sets_of(case: Case, certificate: Certificate) -> OddSets | None:
    """The odd sets of a certificate by index. Invalid where they cannot be such sets."""
    if not certificate.sets:
        return None
    if not case.one_pool:
        raise Invalid("certificate.sets", "are of people of one pool, and there are two roles")
    return odd_sets.read(case.left.places, certificate.sets)


def describe(case: Case, pairs: IntArray, certificate: Certificate) -> MatchPlan:
    """The plan that these pairs make of the case: reasons, figures, who is left and why."""
    choice = case.blueprint.policies.matcher
    assert choice is not None
    provider = case.registry.provider("matchers", choice.kind)
    versions = case.record.versions | {provider.distribution: provider.version}
    plan = MatchPlan(
        matcher=choice.kind,
        roles=tuple(dict.fromkeys(case.roles)),
        matches=_matches(case, pairs),
        unmatched=unmatched(case, pairs, proven=certificate.gap == 0),
        quality=quality(case, pairs),
        certificate=certificate,
        record=attrs.evolve(case.record, versions=versions),
    )
    return attrs.evolve(plan, notes=too_small(plan, case.blueprint.roles))


def _matches(case: Case, pairs: IntArray) -> tuple[Match, ...]:
    said = findings(case, pairs)
    fits = case.pairs.fits.at(pairs).tolist()
    lefts, rights = (wishes.tolist() for wishes in case.pairs.wishes_of(pairs))
    return tuple(
        Match(
            team=case.team(i, j),
            fit=fits[at],
            wishes=(lefts[at], rights[at]),
            findings=said[at],
            pinned=(i, j) in case.fixed,
            weaker=case.weaker,
        )
        for at, (i, j) in enumerate(pairs.tolist())
    )
