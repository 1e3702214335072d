"""A plugin that breaks, or answers nonsense, stops the match with an error that names it."""

from __future__ import annotations

import re
from typing import Any

import attrs
import numpy as np
import pytest
from matching_cases import registry_with

import mentorkit
from mentorkit import (
    Choice,
    Message,
    Participant,
    Person,
    PluginFailed,
    Policies,
    Problem,
    Programme,
    Solution,
    Use,
)
from mentorkit.matching import explain, verify

PEOPLE = [
    Participant(person=Person(id=own), roles={role: 1})
    for own, role in (("ann", "mentee"), ("ben", "mentee"), ("cy", "mentor"), ("dee", "mentor"))
]


@attrs.frozen
class Settings:
    """The behaviour comes from the test."""


def criterion(points: Any, **others: Any) -> Any:
    """An object that answers as told."""
    said = others.pop("say", lambda left, right, held: Message("m", "words"))
    members = {
        "points": lambda self, left, right: points(left, right),
        "say": lambda self, left, right, held: said(left, right, held),
        **others,
    }
    return type("Broken", (), members)()


def constraint(forbids: Any, say: Any = None, private: bool = False) -> Any:
    members = {
        "forbids": lambda self, left, right: forbids(left, right),
        "say": lambda self, left, right: (say or (lambda *_: Message("m", "no")))(left, right),
        "private": private,
    }
    return type("Broken", (), members)()


def matched(made: Any, slot: str = "criteria", **programme: Any) -> Any:
    """A match with the broken object as the use "mine" of the kind "odd"."""
    kind = mentorkit.kind("odd", Settings, lambda _: made)
    registry = registry_with(("criteria", kind))
    uses = {slot: {"mine": Use("odd", **programme)}}
    return mentorkit.match(PEOPLE, Programme(**uses), registry=registry), registry


def crash(*_: Any) -> Any:
    raise KeyError("oops")


def quit_(*_: Any) -> Any:
    raise SystemExit(3)


def full(value: Any, dtype: Any = np.int64) -> Any:
    return lambda left, right: np.full((len(left), len(right)), value, dtype=dtype)


def lone(left: Any, right: Any) -> Any:
    points = np.zeros((len(left), len(right)), dtype=np.int64)
    for i, own in enumerate(left.ids):
        for j, other in enumerate(right.ids):
            points[i, j] = 1001 if (own, other) == ("ben", "cy") else 5
    return points


def factors(left: Any, right: Any) -> Any:
    return criterion(full(1), factors=lambda self, one, other: (left(one), right(other)))


def ones(columns: int, dtype: Any = np.int64) -> Any:
    return lambda pool: np.ones((len(pool), columns), dtype=dtype)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (criterion(crash), "raised KeyError: 'oops'"),
        (criterion(quit_), "raised SystemExit"),
        (criterion(lambda *_: None), "must return whole numbers"),
        (criterion(lambda left, right: [[1, 1], [1, 1]]), "must return whole numbers"),
        (criterion(full(0.5, np.float64)), "must return whole numbers"),
        (criterion(full(np.nan, np.float64)), "must return whole numbers"),
        (criterion(full(True, np.bool_)), "must return whole numbers"),
        (criterion(lambda left, right: np.zeros((1, 1), np.int64)), "returned shape (1, 1)"),
        (criterion(lambda left, right: np.zeros(2, np.int64)), "returned shape (2,)"),
        (criterion(full(-1)), "gave -1 for 'ann' with 'cy'"),
        (criterion(full(2**63, np.uint64)), "gave 9223372036854775808 for 'ann' with 'cy'"),
        (criterion(lone), "gave 1001 for 'ben' with 'cy'; points are 0 to 1000"),
        (criterion(full(5), say=crash), "raised KeyError"),
        (criterion(full(5), say=lambda *_: "words"), "says 'words' of"),
        (criterion(full(5), say=lambda *_: None), "says None of"),
        (factors(ones(2, np.float64), ones(2)), "two arrays of whole numbers"),
        (factors(ones(2), ones(3)), "the same number of columns"),
        (factors(lambda pool: np.ones((1, 2), np.int64), ones(2)), "a row for each person"),
        (factors(lambda pool: None, ones(2)), "two arrays of whole numbers"),
        (factors(lambda pool: np.ones(2, np.int64), lambda pool: np.ones(2, np.int64)), "columns"),
        (factors(ones(1001), ones(1)), "columns"),
        (factors(ones(1001), ones(1001)), "gave 1001 for 'ann' with 'cy'"),
        (criterion(full(1), factors=lambda self, left, right: 5), "two arrays"),
        (criterion(full(1), factors=lambda self, left, right: crash()), "raised KeyError"),
    ],
)
def test_criteria(made, words):
    with pytest.raises(PluginFailed, match=re.escape(words)) as caught:
        matched(made, weight=2)
    assert str(caught.value).startswith("mine (odd) ")


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (constraint(crash), "raised KeyError: 'oops'"),
        (constraint(full(1)), "no table of truths"),
        (constraint(lambda left, right: None), "no table of truths"),
        (constraint(lambda left, right: np.zeros((1, 1), bool)), "of shape (2, 2)"),
        (constraint(full(1.0, np.float64)), "no table of truths"),
        (criterion(full(1001)), "points are 0 to 1000"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_a_constraint_that_breaks_matches_nobody(made, words, turned):
    between = ("mentor", "mentee") if turned else None
    with pytest.raises(PluginFailed, match=re.escape(words)) as caught:
        matched(made, "constraints", between=between)
    assert str(caught.value).startswith("mine (odd) ")


def test_a_constraint_that_cannot_say_why():
    _, registry = matched(constraint(full(False, bool)), "constraints")
    wordless = constraint(full(True, bool), crash)
    plan, registry = matched(wordless, "constraints")
    with pytest.raises(PluginFailed, match=r"mine \(odd\) raised KeyError"):
        explain(plan, PEOPLE, ("ann", "cy"), registry=registry)


def test_a_constraint_among_the_criteria():
    with pytest.raises(mentorkit.Invalid, match=r"criteria.mine.kind: 'odd' only forbids"):
        matched(constraint(full(False, bool)))


def test_points_in_any_whole_type():
    """Small types must not wrap around when they are weighed."""
    plan, registry = matched(criterion(full(200, np.uint8)), weight=1_000_000)
    assert plan.quality.total == 2 * 200 * 1_000_000
    assert verify(plan, PEOPLE, registry) == ()


def test_factors_in_any_whole_type():
    made = factors(ones(200, np.uint8), ones(200, np.int8))
    plan, _ = matched(made, weight=1)
    assert plan.quality.total == 2 * 200


def solver(solve: Any, solves: Any = frozenset({"pairs"})) -> Any:
    return type("Odd", (), {"solve": lambda self, problem: solve(problem), "solves": solves})()


def solved(made: Any) -> Any:
    kind = mentorkit.kind("odd", Settings, lambda _: made)
    registry = registry_with(("matchers", kind))
    programme = Programme(policies=Policies(matcher=Choice("odd"), floor=0))
    return mentorkit.match(PEOPLE, programme, registry=registry, forbids=[("ann", "cy")])


def pairs(*held: tuple[int, int], dtype: Any = np.int64) -> Any:
    return lambda problem: Solution(pairs=np.array(held, dtype=dtype).reshape(-1, 2))


def priced(*prices: Any) -> Any:
    empty = np.empty((0, 2), dtype=np.int64)
    return lambda problem: Solution(pairs=empty, prices=prices)


def cheat(problem: Problem) -> Solution:
    """Makes room for itself."""
    problem.left_capacity[:] = 2
    return Solution(pairs=np.array([(0, 1), (1, 0), (1, 1)]))


ZERO = np.zeros(2, dtype=np.int64)


@pytest.mark.parametrize(
    ("solve", "words"),
    [
        (crash, "matcher 'odd' raised KeyError"),
        (lambda problem: None, "must return a Solution, not NoneType"),
        (lambda problem: Solution(pairs=[(0, 1)]), "whole numbers of shape (k, 2)"),
        (pairs((0, 1), dtype=np.float64), "whole numbers of shape (k, 2)"),
        (lambda problem: Solution(pairs=np.array([0, 1])), "whole numbers of shape (k, 2)"),
        (lambda problem: Solution(pairs=np.array([[0, 1, 1]])), "do not exist"),
        (pairs((0, 2)), "do not exist"),
        (pairs((-1, 0)), "do not exist"),
        (pairs((0, 1), (0, 1)), "the same two people twice"),
        (pairs((0, 0)), "'ann' with 'cy', which is forbidden"),
        (pairs((0, 1), (1, 1)), "gave 'dee' 2 of 1 places"),
        (pairs((1, 0), (1, 1)), "gave 'ben' 2 of 1 places"),
        (cheat, "read-only"),
        (priced(ZERO - 1, ZERO), "0 or more"),
        (priced(ZERO, ZERO * 1.5), "whole number"),
        (priced(ZERO), "two arrays"),
        (priced(ZERO, ZERO, ZERO), "two arrays"),
        (priced([0, 0], [0, 0]), "two arrays"),
        (priced(np.zeros(3, np.int64), ZERO), "whole number of 0 or more"),
        (priced(np.full(2, 2**63, np.uint64), ZERO), "whole number of 0 or more"),
    ],
)
def test_matchers(solve, words):
    with pytest.raises(PluginFailed, match=re.escape(words)):
        solved(solver(solve))


def test_a_matcher_of_another_shape_is_refused_by_name():
    with pytest.raises(mentorkit.Invalid, match="'odd' does not solve pairs"):
        solved(solver(pairs(), frozenset({"circles"})))


def test_no_matcher_for_nobody():
    plan = solved(solver(pairs((0, 1), dtype=np.uint8)))
    assert plan.pairs == (("ann", "dee"),)
    assert plan.certificate.gap is None


def test_one_function_that_fails_is_named_with_the_pair():
    @mentorkit.criterion("odd")
    def odd(mentee: Participant, mentor: Participant) -> float:
        return 2.0 if mentor.id == "dee" else 0.5

    registry = registry_with(("criteria", odd))
    programme = Programme(criteria={"mine": Use("odd")})
    with pytest.raises(PluginFailed, match=r"mine \(odd\): .*'ann' with 'dee' gave 2.0"):
        mentorkit.match(PEOPLE, programme, registry=registry)
