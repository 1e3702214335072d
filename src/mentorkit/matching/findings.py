"""What the criteria say of pairs, for those who may read it."""

from __future__ import annotations

import attrs

from mentorkit.interfaces import IntArray
from mentorkit.matching.case import Case
from mentorkit.matching.scoring import BoundUse
from mentorkit.models import Finding, Pair


def findings(case: Case, pairs: IntArray) -> list[tuple[Finding, ...]]:
    """Of each of the pairs (k, 2), what every shown criterion says, the strongest first.

    In one pool each is asked of both to the other. Where it is not said once for both, it is
    said whose score it adds to.
    """
    forms = [case.forms[use.name] for use in case.shown]
    there = [form.at(pairs).tolist() for form in forms]
    back = [form.at(pairs[:, ::-1]).tolist() for form in forms if case.one_pool]
    said = []
    # Much is said of many pairs: each thing is kept once.
    known: dict[Finding, Finding] = {}
    for at, (i, j) in enumerate(pairs.tolist()):
        left, right = case.left.row(i), case.right.row(j)
        found: list[Finding] = []
        for number, use in enumerate(case.shown):
            first = use.finding(left, right, there[number][at])
            if case.one_pool:
                second = use.finding(right, left, back[number][at])
                found += _both_ways(case, use, (left.id, right.id), first, second)
            else:
                found.append(_owned(case, use, (left.id, right.id), first))
        found.sort(key=_strongest)
        said.append(tuple(known.setdefault(one, one) for one in found))
    return said


def _strongest(found: Finding) -> tuple[int, str, str]:
    return -found.score, found.use, found.of or ""


def _owned(case: Case, use: BoundUse, people: Pair, found: Finding) -> Finding:
    """Where the weaker score counts, it is said whose a finding adds to."""
    if not case.weaker or use.wish_of == "both":
        return found
    return attrs.evolve(found, of=people[0] if use.wish_of == "left" else people[1])


def _both_ways(
    case: Case, use: BoundUse, people: Pair, first: Finding, second: Finding
) -> tuple[Finding, ...]:
    """What one says of the other and the reverse; once, if that is the same."""
    if _alike(first, second):
        return (first if case.weaker else attrs.evolve(first, weight=2 * first.weight),)
    one, other = people[::-1] if use.wish_of == "right" else people
    return attrs.evolve(first, of=one), attrs.evolve(second, of=other)


def _alike(one: Finding, other: Finding) -> bool:
    """Whether two findings say the same, perhaps with the two people in the other order."""
    values = (sorted(map(str, found.message.values.values())) for found in (one, other))
    first, second = values
    return (one.points, one.message.id, first) == (other.points, other.message.id, second)
