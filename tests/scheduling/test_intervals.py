"""Arithmetic on intervals against sets of whole numbers."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given

from mentorkit.models import Interval
from mentorkit.scheduling import difference, intersection, merged

NUMBERS = st.integers(-3, 12)
INTERVALS = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=8)


def points(intervals: list[Interval] | tuple[Interval, ...]) -> set[int]:
    return {number for start, end in intervals for number in range(start, end)}


def runs(numbers: set[int]) -> tuple[Interval, ...]:
    """The fewest intervals that hold `numbers`, in order."""
    starts = sorted(number for number in numbers if number - 1 not in numbers)
    ends = sorted(number + 1 for number in numbers if number + 1 not in numbers)
    return tuple(zip(starts, ends, strict=True))


@given(INTERVALS)
def test_merged_holds_what_any_holds(some):
    assert merged(some) == runs(points(some))


@given(INTERVALS, INTERVALS)
def test_an_intersection_holds_what_both_hold(some, others):
    assert intersection(some, others) == runs(points(some) & points(others))


@given(INTERVALS, INTERVALS)
def test_a_difference_holds_what_only_the_first_holds(some, others):
    assert difference(some, others) == runs(points(some) - points(others))


@given(INTERVALS, INTERVALS)
def test_iterators_do_as_well_as_lists(some, others):
    assert merged(iter(some)) == merged(some)
    assert intersection(iter(some), iter(others)) == intersection(some, others)
    assert difference(iter(some), iter(others)) == difference(some, others)
