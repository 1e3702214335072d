"""Arithmetic on sets of intervals.

Every function takes intervals in any order, also overlapping, touching or empty ones, and
gives those of the same instants that are fewest: disjoint, apart and in order. Each takes
the time of sorting what it is given, and linear time where that is sorted.
"""

from __future__ import annotations

from collections.abc import Iterable

from mentorkit.models import Interval


def merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The instants that lie in any of `intervals`.

    >>> merged([(5, 7), (1, 3), (3, 4), (9, 9)])
    ((1, 4), (5, 7))
    """
    done: list[Interval] = []
    for interval in sorted(intervals):
        start, end = interval
        if start >= end:
            continue
        if not done or start > done[-1][1]:
            done.append(interval)
        elif end > done[-1][1]:
            done[-1] = (done[-1][0], end)
    return tuple(done)


def intersection(left: Iterable[Interval], right: Iterable[Interval]) -> tuple[Interval, ...]:
    """The instants that lie in both.

    >>> intersection([(1, 4), (6, 9)], [(3, 7)])
    ((3, 4), (6, 7))
    """
    lefts, rights = merged(left), merged(right)
    done: list[Interval] = []
    i = j = 0
    while i < len(lefts) and j < len(rights):
        start, end = max(lefts[i][0], rights[j][0]), min(lefts[i][1], rights[j][1])
        if start < end:
            done.append((start, end))
        if lefts[i][1] == end:
            i += 1
        else:
            j += 1
    return tuple(done)


def difference(left: Iterable[Interval], right: Iterable[Interval]) -> tuple[Interval, ...]:
    """The instants that lie in `left` and not in `right`.

    >>> difference([(1, 9)], [(3, 4), (8, 12)])
    ((1, 3), (4, 8))
    """
    rights = merged(right)
    done: list[Interval] = []
    j = 0
    for start, end in merged(left):
        while j < len(rights) and rights[j][1] <= start:
            j += 1
        k, rest = j, start
        while k < len(rights) and rights[k][0] < end:
            if rest < rights[k][0]:
                done.append((rest, rights[k][0]))
            rest = rights[k][1]
            k += 1
        j = max(j, k - 1)
        if rest < end:
            done.append((rest, end))
    return tuple(done)
