"""Figures to judge a plan by."""

from __future__ import annotations

import numpy as np

from mentorkit.interfaces import IntArray
from mentorkit.matching.case import Case
from mentorkit.matching.standing import standing
from mentorkit.matching.suppression import grouped, hidden
from mentorkit.models import FrozenMap, GroupRate, Quality


def quality(case: Case, pairs: IntArray) -> Quality:
    """All figures of the plan that these pairs make of the case."""
    fits = case.pairs.fits.at(pairs)
    seats = case.seats(pairs)
    # In one pool every seat, and every blocking pair, is seen from both its people.
    ways = len(case.roles) // len(case.sides)
    fixed = np.tile(case.is_pinned(pairs), ways)
    stand = standing(case.pairs, seats, case.capacity, fixed, case.executor)
    sides = [(side, case.roles[side]) for side in case.sides]
    return Quality(
        matches=len(pairs),
        total=case.total(pairs),
        mean=int(fits.sum()) // len(pairs) if len(pairs) else None,
        least=int(fits.min()) if len(pairs) else None,
        blocking_pairs=stand.blocking // ways,
        ranks={role: _counted(stand.ranks[side]) for side, role in sides},
        load={role: _counted(_load(case, seats, side)) for side, role in sides},
        by=case.blueprint.policies.by,
        groups=_groups(case, seats),
    )


def _load(case: Case, pairs: IntArray, side: int) -> IntArray:
    """How many partners each person of one role has."""
    return np.bincount(pairs[:, side], minlength=len(case.capacity[side]))


def _counted(numbers: IntArray) -> FrozenMap[int]:
    """How often each number is there."""
    held, counts = np.unique(numbers, return_counts=True)
    return FrozenMap(dict(zip(map(str, held.tolist()), counts.tolist(), strict=True)))


def _groups(case: Case, seats: IntArray) -> tuple[GroupRate, ...]:
    """How many of each group were matched, by the attribute that the programme reports."""
    by = case.blueprint.policies.by
    rates: list[GroupRate] = []
    if by is None:
        return ()
    for side in case.sides:
        role, pool = case.roles[side], (case.left, case.right)[side]
        matched = set(seats[:, side].tolist())
        groups = grouped(pool.values(by))
        small = hidden({value: len(group) for value, group in groups.items()})
        rates += [
            GroupRate(
                value=value,
                role=role,
                people=None if value in small else len(group),
                matched=None if value in small else len(matched.intersection(group)),
            )
            for value, group in groups.items()
        ]
    return tuple(rates)
