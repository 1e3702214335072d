"""Figures to judge a plan by."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np

from mentorkit.interfaces import IntArray
from mentorkit.matching.case import Case
from mentorkit.matching.certificate import blocking
from mentorkit.matching.columns import text
from mentorkit.models import FrozenMap, GroupRate, Quality

FEWEST = 5
"""Groups with fewer people are not shown."""


def quality(case: Case, pairs: IntArray) -> Quality:
    """All figures of the plan that these pairs make of the case."""
    fits = case.fits[pairs[:, 0], pairs[:, 1]]
    return Quality(
        matches=len(pairs),
        total=case.total(pairs),
        mean=int(fits.sum()) // len(pairs) if len(pairs) else None,
        least=int(fits.min()) if len(pairs) else None,
        blocking_pairs=int(blocking(case.problem, _free(case, pairs)).sum()),
        ranks={role: _ranks(case, pairs, side) for side, role in enumerate(case.roles)},
        load={role: _load(case, pairs, side) for side, role in enumerate(case.roles)},
        by=case.blueprint.policies.by,
        groups=_groups(case, pairs),
    )


def _free(case: Case, pairs: IntArray) -> IntArray:
    """The pairs that are not pinned."""
    free = [pair for pair in pairs.tolist() if tuple(pair) not in case.fixed]
    return np.array(free, dtype=np.int64).reshape(-1, 2)


def _ranks(case: Case, pairs: IntArray, side: int) -> FrozenMap[int]:
    """How many matches are their n-th best of all allowed, by the wishes of one side."""
    allowed, wishes = case.allowed, case.wishes[side]
    if side:
        allowed, wishes = allowed.T, wishes.T
    counts: Counter[int] = Counter()
    for pair in pairs.tolist():
        mine, theirs = pair[side], pair[1 - side]
        better = allowed[mine] & (wishes[mine] > wishes[mine, theirs])
        counts[1 + int(better.sum())] += 1
    return FrozenMap({str(rank): count for rank, count in counts.items()})


def _load(case: Case, pairs: IntArray, side: int) -> FrozenMap[int]:
    """How many people of one role have 0, 1, 2… partners."""
    load = np.bincount(pairs[:, side], minlength=len(case.capacity[side]))
    return FrozenMap({str(number): count for number, count in Counter(load.tolist()).items()})


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
