"""The solvers' front door: the best pairs for each aim that a plan may have."""

from __future__ import annotations

import attrs

from mentorkit.interfaces import Pairs, Problem, Solution
from mentorkit.matching.certificate import lift_of
from mentorkit.matching.changed import Changed
from mentorkit.matching.one_pool import paired
from mentorkit.matching.transport import Best, Start, transport


def solved(problem: Problem, pairs: Pairs) -> Solution:
    """The best of these pairs within the problem's capacities, from its start if it has one."""
    if problem.one_pool:
        return paired(problem, pairs)
    start = None
    if problem.start is not None and problem.start.prices is not None:
        start = Start(problem.start.pairs, problem.start.prices)
    best = transport(pairs, problem.capacity, problem.executor, start)
    return Solution(pairs=best.pairs, prices=best.prices)


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
