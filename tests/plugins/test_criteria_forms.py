"""The fast forms of the built-in criteria: narrow, exact and small, with however many values."""

from __future__ import annotations

import datetime
import tracemalloc
from typing import Any
from unittest import mock

import attrs
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from test_criteria_oracles import MISSING, agree, bound, crowd, gap_points, gaps

from mentorkit import Invalid, Level, Message, Participant, Person
from mentorkit.interfaces import Counted, Factored, Listed
from mentorkit.matching import ParticipantPool, columns
from mentorkit.matching.columns import (
    CountedPoints,
    ListedBans,
    ListedPoints,
    ValuePoints,
    absent,
    counts,
    many_hot,
    product,
    unless,
)
from mentorkit.registry import installed

pytestmark = pytest.mark.once

DAY = datetime.date(2026, 1, 15)
LISTING = {"preferences", "not-self", "line-manager", "avoid", "never-again"}


@pytest.mark.parametrize("kind", installed().names("criteria"))
def test_every_built_in_has_one_fast_form(kind):
    held = installed().get("criteria", kind)
    needs = {"attribute": "x"} if "attribute" in attrs.fields_dict(held.settings) else {}
    asked = bound(kind, **needs)
    form = Listed if kind in LISTING else Counted
    assert [one for one in (Factored, Counted, Listed) if isinstance(asked, one)] == [form]


NUMBERS = st.one_of(
    st.none(),
    st.integers(-8, 8),
    st.integers(-20, 20).map(lambda tenths: tenths / 10),
    st.sampled_from([1e15, -1e15, 0.1 + 0.2, 1e-7, 123456.789, 2**53, 1e300, -0.0]),
    st.floats(-100, 100),
)
FEW = st.lists(NUMBERS, max_size=5)
STEPS = st.lists(st.one_of(st.none(), st.integers(-5, 5)), min_size=12, max_size=16)


@given(st.one_of(FEW, STEPS), gaps(), MISSING)
def test_level_gap_is_exact_for_numbers_of_any_length(values, settings, missing):
    """By the gap alone for many steps, by the two values for few numbers far apart."""
    agree(
        bound("level-gap", **settings, missing=missing),
        crowd(values),
        DAY,
        gap_points(settings, missing),
    )


MANY = 5000


def people(role: str, count: int, start: int = 0) -> ParticipantPool:
    """People of whom no two are alike."""

    def someone(number: int) -> Participant:
        held = {
            "level": number / 10,
            "precise": number * 0.123456789,
            "team": f"t{number}",
            "location": f"x/{number}",
        }
        return Participant(person=Person(id=f"{role}{number:05}", attributes=held), roles={role: 1})

    return ParticipantPool([someone(number) for number in range(start, start + count)])


SETTINGS = {
    "level-gap": {"attribute": "level", "least": -9999, "ideal": 7.5, "most": 99.9},
    "same": {"attribute": "team"},
    "different": {"attribute": "team"},
    "location": {"attribute": "location"},
}
WIDTHS = {"level-gap": 2, "same": 30, "different": 30, "location": 2}


@pytest.mark.parametrize("kind", SETTINGS)
@pytest.mark.parametrize("sizes", [(MANY, 1), (1, MANY), (MANY, 300)])
def test_thousands_of_different_values_need_few_columns(kind, sizes):
    asked = bound(kind, **SETTINGS[kind])
    left, right = people("mentee", sizes[0]), people("mentor", sizes[1], 100)
    tracemalloc.start()
    try:
        one, other, table = asked.counted(left, right)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # A square table of the people would take 200 MB.
    assert peak < 60_000_000
    assert one.shape[1] == other.shape[1] <= WIDTHS[kind]
    some = np.arange(0, len(left), 97)
    found = table[product(one[some], other)]
    assert np.array_equal(found, asked.points(left[some], right))
    assert len(np.unique(found)) > 1 or 1 in sizes


def test_thousands_of_numbers_of_many_digits_are_compared_exactly():
    left, right = people("mentee", 600), people("mentor", 600, 300)
    asked = bound("level-gap", attribute="precise", least=-9, ideal=3.3, most=40)
    one, other, table = asked.counted(left, right)
    for row in (0, 333, 599):
        alone = asked.points(left[row : row + 1], right)
        assert np.array_equal(table[product(one[row : row + 1], other)], alone)


@pytest.mark.parametrize("kind", ["level-gap", "location"])
def test_more_values_than_a_table_can_hold_are_refused(kind):
    asked = bound(kind, **SETTINGS[kind])
    pools = people("mentee", 40), people("mentor", 40)
    with (
        mock.patch.object(columns, "LONGEST", 50),
        pytest.raises(Invalid, match="round the numbers"),
    ):
        asked.counted(*pools)


class Told(ValuePoints):
    """Says which two values it was asked about."""

    missing = 5

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def values_of(self, pool):
        return pool.values("x")

    def points_of(self, left, right):
        self.asked.append((left, right))
        return 1000 if repr(left) == repr(right) else 7

    def say(self, left, right, points):
        return Message("told", "told")


NOTHING = (None, "", ())
VALUES = [1, 1.0, True, "1", Level(1, "a"), Level(2, "a"), ("1",), 1, (), None]


def _of(one: Any, other: Any) -> int:
    if one in NOTHING or other in NOTHING:
        return 5
    return 1000 if repr(one) == repr(other) else 7


def test_values_of_different_types_differ_and_each_two_are_asked_for_once():
    asked = Told()
    pool = ParticipantPool(crowd(VALUES, "x"))
    expected = [[_of(one, other) for other in VALUES] for one in VALUES]
    assert asked.points(pool, pool).tolist() == expected
    assert len(asked.asked) == 7 * 7


def test_a_base_without_its_form_is_no_criterion():
    for base in (CountedPoints, ValuePoints, ListedPoints, ListedBans):
        with pytest.raises(TypeError, match="abstract"):
            base()


SMALL = st.integers(0, 3)


@given(
    st.lists(st.lists(SMALL, min_size=2, max_size=2), max_size=4),
    st.lists(st.lists(SMALL, min_size=2, max_size=2), max_size=4),
    st.lists(st.sampled_from([None, "", (), "a", 0, False, ("a",)]), min_size=8, max_size=8),
)
def test_counts_have_a_table_and_unless_sets_some_apart(left, right, held):
    lefts, rights = (np.array(side, dtype=np.int64).reshape(-1, 2) for side in (left, right))
    counted = counts((lefts, rights), lambda index: 3 * index)
    assert np.array_equal(counted[2][product(*counted[:2])], 3 * (lefts @ rights.T))
    mine, theirs = held[: len(left)], held[4 : 4 + len(right)]
    where = absent(mine, theirs)
    one, other, table = unless(counted, where, 999)
    nothing = [[a in NOTHING or b in NOTHING for b in theirs] for a in mine]
    expected = np.where(
        np.array(nothing, dtype=bool).reshape(len(left), len(right)), 999, 3 * (lefts @ rights.T)
    )
    assert np.array_equal(table[product(one, other)], expected)


@given(st.lists(st.lists(st.sampled_from("abcde"), max_size=4), max_size=4))
def test_many_hot_marks_the_words_of_a_vocabulary(lists):
    expected = [[int(word in listed) for word in "abc"] for listed in lists]
    assert many_hot(lists, "abc").tolist() == expected


def test_a_table_is_made_some_at_a_time():
    asked = []

    def worth(index):
        asked.append((index[0], len(index)))
        return index % 7

    with mock.patch.object(columns, "_STEP", 4):
        *_, table = counts((np.array([[10]]), np.array([[1]])), worth)
    assert table.tolist() == [place % 7 for place in range(11)]
    assert asked == [(0, 4), (4, 4), (8, 3)]
