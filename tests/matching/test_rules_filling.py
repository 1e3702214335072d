"""Lower bounds as places that must be filled: every plan tried on small problems."""

from __future__ import annotations

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from rules_cases import Drawn, drawn

from mentorkit import Invalid, Tables
from mentorkit.interfaces import Rules
from mentorkit.matching.rules import upper_bound_under
from mentorkit.matching.solvers.filling import filled

pytestmark = pytest.mark.once


def solved(asked: Drawn):
    return filled(asked.pairs, asked.capacity, asked.rules)


@given(drawn())
@settings(max_examples=150)
def test_the_best_that_keeps_all_lower_bounds_is_found_and_proven(asked):
    """Everyone on the right must have their least: teams that have all begun."""
    least = np.minimum(asked.rules.least, 2)
    room = (np.maximum(asked.capacity[0], 1), np.maximum(asked.capacity[1], 1))
    rules = attrs.evolve(asked.rules, least=least, begun=np.ones_like(asked.rules.begun))
    asked = attrs.evolve(asked, capacity=room, rules=rules)
    found, best = solved(asked), asked.best()
    assert found.kept == (best is not None)
    if best is not None:
        assert rules.keeps(found.pairs)
        assert (asked.total(found.pairs), len(found.pairs)) == best
        assert upper_bound_under(asked.pairs, asked.capacity, rules, found.prices) == best[0]


def chain(length: int, worth: int) -> Drawn:
    """All want a place; the first has only one, and moves everybody on to one worth nothing."""
    values = np.zeros((length + 1, length + 1), dtype=np.int64)
    allowed = np.zeros_like(values, dtype=bool)
    for row in range(length + 1):
        allowed[row, row] = True
        if row:
            allowed[row, row - 1] = True
            values[row, row - 1] = worth
    shape = values.shape
    one = np.ones(length + 1, dtype=np.int64)
    group = np.where(np.arange(length + 1) == 0, 0, 1)
    none = Rules.none(shape)
    return Drawn(
        pairs=Tables(values=values, wishes_of=(values, values), allowed=allowed),
        capacity=(one, one),
        rules=attrs.evolve(none, groups=(group, none.groups[1]), wanted=np.array([1, length])),
    )


@pytest.mark.parametrize("length", [1, 2, 5, 40])
def test_a_pair_may_be_wanted_at_many_times_the_best_pair(length):
    asked = chain(length, 1000)
    found = solved(asked)
    assert found.kept
    assert asked.total(found.pairs) == 0
    assert upper_bound_under(asked.pairs, asked.capacity, asked.rules, found.prices) == 0
    assert found.prices.groups.max() >= 1000 * length


def test_values_too_large_to_be_added_exactly_are_refused():
    with pytest.raises(Invalid, match="too large"):
        solved(chain(2, 2**57))


def test_a_place_that_nobody_may_leave_empty_has_no_stand_in():
    """All of the group's places are wanted: the price is what the dearest of them costs."""
    asked = chain(1, 1000)
    both = np.zeros(2, dtype=np.int64)
    asked = attrs.evolve(
        asked,
        rules=attrs.evolve(asked.rules, groups=(both, asked.rules.groups[1]), wanted=np.array([2])),
    )
    found = solved(asked)
    assert found.pairs.tolist() == [[0, 0], [1, 1]]
    assert upper_bound_under(asked.pairs, asked.capacity, asked.rules, found.prices) == 0
