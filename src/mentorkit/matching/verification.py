"""Checks a plan without trusting who made it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import attrs
import numpy as np

from mentorkit.errors import Fault, Invalid, MentorkitError
from mentorkit.interfaces import IntArray, Solution
from mentorkit.matching.case import Case, case_again
from mentorkit.matching.certificate import counted, lift_of, upper_bound
from mentorkit.matching.certifying import certify, read
from mentorkit.matching.parity import Shares
from mentorkit.matching.plan import describe
from mentorkit.models import Certificate, MatchPlan, Participant, Record
from mentorkit.registry import Registry, installed


def verify(
    plan: MatchPlan, people: Iterable[Participant], registry: Registry | None = None
) -> tuple[Fault, ...]:
    """What is wrong with a plan for these people; nothing, if all that it says is true.

    No matcher is asked. The people are scored afresh by the plan's own record; then every
    pair must be allowed and within the capacities, the total must add up, the bound must
    follow from the prices, and every figure and reason must come out the same.
    """
    try:
        case = case_again(plan, people, registry or installed())
        pairs = case.indices(plan.pairs)
        return tuple(_faults(plan, case, pairs))
    except Invalid as error:
        return error.faults
    except MentorkitError as error:
        return (Fault("", str(error)),)


def _faults(plan: MatchPlan, case: Case, pairs: IntArray) -> list[Fault]:
    faults = [Fault("matches", words) for words in _breaches(case, pairs)]
    total = case.total(pairs)
    if plan.quality.total != total:
        faults.append(Fault("quality.total", f"is {plan.quality.total}; the pairs make {total}"))
    faults += _parity_faults(plan.certificate, case, pairs) or _bound_faults(plan, case, pairs)
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    if not np.array_equal(order, np.arange(len(pairs))):
        faults.append(Fault("matches", "are not in the order of the people's ids"))
    again = describe(case, pairs, plan.certificate)
    # Which plan was begun from cannot be seen from the people.
    record = attrs.evolve(again.record, previous=plan.record.previous)
    again = attrs.evolve(again, record=record)
    if not faults and plan.record.versions != again.record.versions:
        made, here = (_versions(held.record) for held in (plan, again))
        words = f"the plan was made with {made}, and here is {here}; check it with the same"
        faults.append(Fault("record.versions", words))
    if not faults and plan != again:
        faults.append(Fault("", "a figure, a reason or a cause does not follow from the pairs"))
    return faults


def _breaches(case: Case, pairs: IntArray) -> Iterator[str]:
    """What pairs must keep and do not: pins, bans, capacities, teams of a least size."""
    placed = set(map(tuple, pairs.tolist()))
    if len(placed) < len(pairs):
        yield "the same two people are matched twice"
    if not case.fixed <= placed:
        yield "a pinned pair is missing"
    free = np.array(sorted(placed - case.fixed), dtype=np.int64).reshape(-1, 2)
    for i, j in free[case.pairs.worth_of(free) < 0].tolist():
        yield f"{case.left.ids[i]} with {case.right.ids[j]} is forbidden or below the floor"
    seats = case.seats(pairs)
    for side in case.sides:
        for person, load in sorted(Counter(seats[:, side].tolist()).items()):
            if load > case.capacity[side][person]:
                yield f"{(case.left, case.right)[side].ids[person]} has too many partners"
    rules = case.problem.rules
    if rules is not None:
        for j in rules.small(free).tolist():
            yield f"the team of {case.right.ids[j]} is too small"


def _versions(record: Record) -> str:
    return ", ".join(f"{name} {version}" for name, version in record.versions.items())


def _parity_faults(certificate: Certificate, case: Case, pairs: IntArray) -> list[Fault]:
    """What is due to each group follows from the best plan without parity, and is given."""
    shares, freely = Shares.of(case), certificate.freely
    if shares is None:
        stated = certificate.groups or freely
        return [Fault("certificate.groups", "are bound by nothing")] if stated else []
    if freely is None:
        return [Fault("certificate.freely", "is missing; what is due to groups follows from it")]
    free = case.indices(freely.pairs)
    if faults := [Fault("certificate.freely", words) for words in _breaches(case, free)]:
        return faults
    wanted, _ = shares.read(certificate.groups)
    if not np.array_equal(wanted, shares.wanted(free)):
        return [Fault("certificate.groups", "are not what is due by the best plan without parity")]
    if not shares.kept(pairs, wanted):
        return [Fault("matches", "do not fill what is due to each group")]
    return []


def _bound_faults(plan: MatchPlan, case: Case, pairs: IntArray) -> list[Fault]:
    """What the prices prove: the bound, and how far the total is from it."""
    certificate = plan.certificate
    try:
        stated = read(case, pairs, certificate)
        if faults := _aim_faults(certificate, case):
            return faults
        proven = certify(case, stated)
    except Invalid as error:
        return list(error.faults)
    if certificate.bound is None:
        if certificate == proven:
            return []
        return [Fault("certificate", "has no bound, so it can prove no gap")]
    if certificate.stay != proven.stay:
        return [Fault("certificate.stay", f"is {certificate.stay}, and the record says otherwise")]
    if (certificate.bound, certificate.gap) != (proven.bound, proven.gap):
        words = f"the prices prove a bound of {proven.bound}, a gap of {proven.gap}"
        return [Fault("certificate", words)]
    if certificate.freely != proven.freely:
        return [Fault("certificate.freely", "is not what its pairs and prices come to")]
    return _worst_faults(plan, case, pairs, stated.solution)


def _aim_faults(certificate: Certificate, case: Case) -> list[Fault]:
    """What cannot be meant by what comes before the total."""
    units = (certificate.unit, certificate.freely.unit if certificate.freely else 1)
    if min(units) < 1:
        return [Fault("certificate.unit", "must be 1 or more")]
    if certificate.lift and certificate.lift < lift_of(case.problem):
        return [Fault("certificate.lift", "is too little to put the number of matches first")]
    if certificate.least < 0 or (certificate.least and not certificate.lift):
        return [Fault("certificate.least", "goes with the most matches, and is 0 or more")]
    return []


def _worst_faults(
    plan: MatchPlan,
    case: Case,
    pairs: IntArray,
    priced: Solution,
) -> list[Fault]:
    """What the prices say of other plans: those whose worst match is better have fewer
    matches, and none has more."""
    least = plan.certificate.least
    if not least and not plan.certificate.above:
        return []
    free = pairs[~case.is_pinned(pairs)]
    if (case.problem.pairs.worth_of(free) < least).any():
        return [Fault("certificate.least", f"is {least}, and a match is worth less")]
    assert priced.many is not None
    assert priced.above is not None
    most = upper_bound(counted(case.problem, 0), priced.many)
    if most > len(free):
        return [Fault("certificate.many", f"the prices allow {most} matches")]
    most = upper_bound(counted(case.problem, least + 1), priced.above)
    if len(free) and most >= len(free):
        return [Fault("certificate.above", f"the prices allow {most} matches worth more")]
    return []
