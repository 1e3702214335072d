"""Figures to judge a plan by."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from mentorkit.interfaces import IntArray
from mentorkit.matching.case import Case
from mentorkit.matching.columns import text
from mentorkit.matching.standing import standing
from mentorkit.models import FrozenMap, GroupRate, Quality

FEWEST = 5
"""Groups with fewer people are not shown."""


def quality(case: Case, pairs: IntArray) -> Quality:
    """All figures of the plan that these pairs make of the case."""
    fits = case.pairs.fits.at(pairs)
    pinned = np.array([pair in case.fixed for pair in map(tuple, pairs.tolist())], dtype=bool)
    stand = standing(case.pairs, pairs, case.capacity, pinned)
    sides = list(enumerate(case.roles))
    return Quality(
        matches=len(pairs),
        total=case.total(pairs),
        mean=int(fits.sum()) // len(pairs) if len(pairs) else None,
        least=int(fits.min()) if len(pairs) else None,
        blocking_pairs=stand.blocking,
        ranks={role: _counted(stand.ranks[side]) for side, role in sides},
        load={role: _counted(_load(case, pairs, side)) for side, role in sides},
        by=case.blueprint.policies.by,
        groups=_groups(case, pairs),
    )


def _load(case: Case, pairs: IntArray, side: int) -> IntArray:
    """How many partners each person of one role has."""
    return np.bincount(pairs[:, side], minlength=len(case.capacity[side]))


def _counted(numbers: IntArray) -> FrozenMap[int]:
    """How often each number is there."""
    held, counts = np.unique(numbers, return_counts=True)
    return FrozenMap(dict(zip(map(str, held.tolist()), counts.tolist(), strict=True)))


def _groups(case: Case, pairs: IntArray) -> tuple[GroupRate, ...]:
    """How many of each group were matched, by the attribute that the programme reports."""
    by = case.blueprint.policies.by
    rates: list[GroupRate] = []
    if by is None:
        return ()
    for side, (role, pool) in enumerate(zip(case.roles, (case.left, case.right), strict=True)):
        matched = set(pairs[:, side].tolist())
        groups: dict[str, list[bool]] = defaultdict(list)
        for index, value in enumerate(pool.values(by)):
            groups[text(value) or "not given"].append(index in matched)
        hidden = _hidden({value: len(group) for value, group in groups.items()})
        rates += [
            GroupRate(
                value=value,
                role=role,
                people=None if value in hidden else len(group),
                matched=None if value in hidden else sum(group),
            )
            for value, group in sorted(groups.items())
        ]
    return tuple(rates)


def _hidden(sizes: dict[str, int]) -> set[str]:
    """The small groups, and as many of the next as it takes that the sum does not tell.

    What is shown, taken from the role's total, leaves the sum of the hidden groups. It
    tells too much if it is one group's, itself small, or as small as the number of groups.
    """
    order = sorted(sizes, key=lambda value: (sizes[value], value))
    count = sum(size < FEWEST for size in sizes.values())
    while 0 < count < len(order):
        together = sum(sizes[value] for value in order[:count])
        if count > 1 and together >= FEWEST and together > count:
            break
        count += 1
    return set(order[:count])
