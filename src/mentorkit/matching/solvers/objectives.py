"""The solvers' front door: the best pairs for each aim that a plan may have."""

from __future__ import annotations

import attrs
import numpy as np

from mentorkit.errors import Fault, Invalid
from mentorkit.interfaces import IntArray, Pairs, Problem, Rules, Solution
from mentorkit.matching.certificate import lift_of
from mentorkit.matching.changed import Changed, Staying
from mentorkit.matching.forms import Listing
from mentorkit.matching.solvers.one_pool import paired
from mentorkit.matching.solvers.ruled import Unreachable, solve_with_rules
from mentorkit.matching.solvers.transport import Best, Start, transport

LARGEST = 2**48
"""What all pairs are worth together stays below this where a start's pairs are preferred."""


def solved(problem: Problem, pairs: Pairs) -> Solution:
    """The best of these pairs within the problem's capacities, from its start if it has one.

    Under rules, the best that keeps them, or near it; Invalid where none does.
    """
    if problem.one_pool:
        return paired(problem, pairs)
    if problem.rules is not None:
        return _ruled(problem, pairs, problem.rules)
    start = None
    if problem.start is not None and problem.start.prices is not None:
        start = Start(problem.start.pairs, problem.start.prices)
    best = transport(pairs, problem.capacity, problem.executor, start)
    return Solution(pairs=best.pairs, prices=best.prices)


def _ruled(problem: Problem, pairs: Pairs, rules: Rules) -> Solution:
    times = 1
    if problem.start is not None and len(problem.start.pairs):
        pairs, times = _kept(pairs, problem.start.pairs)
    found = solve_with_rules(pairs, problem.capacity, rules, problem.executor)
    if isinstance(found, Unreachable):
        raise Invalid(faults=_unreachable(problem, rules, found))
    prices = found.prices
    return Solution(
        pairs=found.pairs,
        prices=(prices.left, prices.right),
        groups=prices.groups,
        unit=prices.unit * times,
    )


def _kept(pairs: Pairs, start: IntArray) -> tuple[Pairs, int]:
    """The same pairs, worth so many times as much, and each of a start 1 more.

    So of two plans of one total, the one with more pairs of the start is best.
    """
    times = len(start) + 1
    if (pairs.most + 1) * times * (sum(pairs.shape) + 1) >= LARGEST:
        return pairs, 1
    listed = Listing.of(start, np.ones(len(start), dtype=np.int64), pairs.shape)
    return Staying(Changed(pairs, times=times), listed, 1), times


def _unreachable(problem: Problem, rules: Rules, found: Unreachable) -> list[Fault]:
    """What cannot be kept, by name."""
    teams = [
        Fault(
            f"team of {problem.right[j]}",
            f"has begun, and the {rules.least[j]} more whom it needs cannot all be had",
        )
        for j in found.small.tolist()
    ]
    figures = zip(rules.wanted.tolist(), found.counts.tolist(), found.most.tolist(), strict=True)
    groups = [
        Fault(
            f"group {name}",
            f"must fill {wanted} places, and can fill {most} at most"
            if most < wanted
            else f"must fill {wanted} places, and fills {count} if the others are to have theirs",
        )
        for name, (wanted, count, most) in zip(_names(rules), figures, strict=True)
        if count < wanted
    ]
    sure = "no plan keeps" if found.proven else "no plan was found that keeps"
    return teams + groups or [Fault("", f"{sure} the least sizes of teams and groups together")]


def _names(rules: Rules) -> tuple[str, ...]:
    return rules.names or tuple(map(str, range(len(rules.wanted))))


def most_matches(problem: Problem, least: int = 0) -> Solution:
    """The most pairs worth at least `least`, and of as many the greatest total.

    Its prices are for pairs worth `lift_of(problem)` more.
    """
    lift = lift_of(problem)
    found = solved(problem, Changed(problem.pairs, lift=lift, least=least))
    return attrs.evolve(found, lift=lift, least=least)


def count_matches(problem: Problem, least: int) -> Best:
    """As many pairs worth at least `least` as there can be.

    Its prices are 0 or 1 and bound the number of matches: the people priced 1 are all that
    such pairs could take from, so no plan has more than their places (Kőnig's theorem;
    where it is fewer than people on one side want, they are Hall's violator).
    """
    pairs = Changed(problem.pairs, least=least, flat=True)
    return transport(pairs, problem.capacity, problem.executor)
