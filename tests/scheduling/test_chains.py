"""As many meetings are placed as can be: against OR-Tools' CP-SAT, which proves its optimum."""

from __future__ import annotations

from itertools import combinations
from random import Random
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from ortools.sat.python import cp_model

from mentorkit.models import Interval
from mentorkit.scheduling import Asked, Board, fill

pytestmark = pytest.mark.once

DAY = 12
"""Instants in a day of these tests."""


@st.composite
def meetings(draw, most: int = 9) -> list[Asked]:
    """Of few people, who are in many of them; some can begin at no time at all."""
    people = st.lists(st.sampled_from("abcde"), min_size=1, max_size=3, unique=True)
    starts = st.lists(st.integers(0, draw(st.sampled_from([8, 20]))), max_size=6, unique=True)
    each = st.builds(
        lambda held, length, at: Asked(tuple(held), length, sorted(at)),
        st.just(["a"]) | people,
        st.sampled_from([2, 2, 2, 1, 3]),
        starts,
    )
    return draw(st.lists(each, min_size=1, max_size=most))


def days(most: int) -> Any:
    """Periods of a day, in each of which a person can be in so many meetings."""

    def periods(person: str, slot: Interval) -> list[tuple[tuple[str, Interval], int]]:
        touched = range(slot[0] // DAY, (slot[1] - 1) // DAY + 1)
        return [((person, (day * DAY, day * DAY + DAY)), most) for day in touched]

    return periods


def apart(one: Asked, at: int, other: Asked, then: int, gap: int) -> bool:
    alone = not set(one.people) & set(other.people)
    return alone or at + one.length + gap <= then or then + other.length + gap <= at


def optimum(asked: list[Asked], gap: int, most: int | None = None) -> int:
    """The most that can be placed, as CP-SAT proves it."""
    model = cp_model.CpModel()
    chosen = [{at: model.new_bool_var("") for at in one.starts} for one in asked]
    for starts in chosen:
        model.add_at_most_one(starts.values())
    for (one, mine), (other, theirs) in combinations(zip(asked, chosen, strict=True), 2):
        for at, variable in mine.items():
            for then, another in theirs.items():
                if not apart(one, at, other, then, gap):
                    model.add_at_most_one([variable, another])
    if most is not None:
        for period, held in counted(asked, chosen, most).items():
            model.add(sum(held) <= most)
            assert period
    model.maximize(sum(variable for starts in chosen for variable in starts.values()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    return round(solver.objective_value)


def counted(asked: list[Asked], chosen: list[dict[int, Any]], most: int) -> dict[Any, list[Any]]:
    held: dict[Any, list[Any]] = {}
    for one, starts in zip(asked, chosen, strict=True):
        for at, variable in starts.items():
            for person in one.people:
                for period, _ in days(most)(person, (at, at + one.length)):
                    held.setdefault(period, []).append(variable)
    return held


def check(board: Board, gap: int, most: int | None = None) -> int:
    """How many are placed, if they may be where they are."""
    placed = [(one, at) for one, at in zip(board.asked, board.at, strict=True) if at is not None]
    assert all(at in one.starts for one, at in placed)
    for (one, at), (other, then) in combinations(placed, 2):
        assert apart(one, at, other, then, gap)
    if most is not None:
        chosen = [{} if at is None else {at: 1} for at in board.at]
        assert all(sum(held) <= most for held in counted(list(board.asked), chosen, most).values())
    return len(placed)


@given(meetings(), st.integers(0, 2))
@settings(max_examples=150, deadline=None)
def test_as_many_are_placed_as_can_be(asked, gap):
    board = Board(asked, gap)
    fill(board, range(len(asked)))
    assert check(board, gap) == optimum(asked, gap)


@given(meetings(7), st.integers(0, 1), st.integers(1, 2))
@settings(max_examples=100, deadline=None)
def test_as_many_are_placed_as_can_be_within_limits(asked, gap, most):
    board = Board(asked, gap, days(most))
    fill(board, range(len(asked)))
    assert check(board, gap, most) == optimum(asked, gap, most)


@given(meetings(), st.integers(0, 1), st.none() | st.integers(1, 2))
def test_no_meeting_that_is_left_over_would_fit(asked, gap, most):
    board = Board(asked, gap, most and days(most))
    fill(board, range(len(asked)))
    for number, one in enumerate(asked):
        if board.at[number] is None:
            assert all(board.in_the_way(number, start) for start in one.starts)


def test_of_a_hundred_relationships_with_a_few_mentors_the_most_are_placed():
    """As in the benchmark, and small enough for one model of them all."""
    drawn = Random(3)
    asked = [
        Asked((f"m{number % 12}", f"r{number}"), 2, sorted(drawn.sample(range(14), 3)))
        for number in range(96)
    ]
    board = Board(asked)
    fill(board, range(len(asked)))
    most = optimum(asked, 0)
    assert check(board, 0) == most < len(asked)
