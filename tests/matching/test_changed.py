"""Pairs that are worth more by whose they are; and rules kept with as little change as may be."""

from __future__ import annotations

import attrs
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from rules_cases import Drawn, drawn

from mentorkit import Invalid, Tables
from mentorkit.matching.changed import Lifted, Staying
from mentorkit.matching.forms import Listing
from mentorkit.matching.rules import upper_bound_under
from mentorkit.matching.solvers.ruled import Ruled, solve_with_rules

pytestmark = pytest.mark.once


def lifted(draw: st.DrawFn, asked: Drawn) -> Lifted:
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    left, right = (random.integers(0, 2**30, size) for size in asked.shape)
    return Lifted(asked.pairs, left, right)


@given(st.data())
def test_in_blocks_parts_and_one_by_one_each_pair_is_worth_the_same(data):
    asked = data.draw(drawn())
    pairs = lifted(data.draw, asked)
    more = pairs.left[:, None] + pairs.right
    whole = np.where(asked.pairs.allowed, asked.pairs.values + more, -1)
    assert np.array_equal(pairs.worth(), whole)
    assert whole.max(initial=0) <= pairs.most
    every = np.argwhere(whole > -2)
    assert np.array_equal(pairs.worth_of(every), whole.ravel())
    rows, columns = (np.nonzero(np.arange(size) % 2 == 0)[0][::-1] for size in asked.shape)
    assert np.array_equal(pairs.worth(rows, columns), whole[rows][:, columns])
    assert np.array_equal(pairs.part(rows, columns).worth(), whole[rows][:, columns])
    assert np.array_equal(pairs.part(slice(1, 3), slice(None)).worth(), whole[1:3])
    assert pairs.shape == asked.shape
    assert np.array_equal(pairs.wishes()[0], asked.pairs.wishes()[0])
    assert [list(map(len, part)) for part in pairs.apart()] == [list(asked.shape)]


@attrs.frozen(eq=False)
class Floats:
    """Pairs whose tables hold whole numbers in 32 bits of floating point."""

    pairs: object

    def __getattr__(self, name: str) -> object:
        return getattr(self.pairs, name)

    def worth(self, *part: object) -> np.ndarray:
        return self.pairs.worth(*part).astype(np.float32)


@given(st.data())
def test_small_floats_become_as_wide_as_they_must(data):
    asked = data.draw(drawn())
    pairs = lifted(data.draw, asked)
    narrow = attrs.evolve(pairs, pairs=Floats(asked.pairs))
    assert np.array_equal(narrow.worth(), pairs.worth())


def test_floats_that_hold_no_such_numbers_are_refused():
    table = np.ones((1, 1), dtype=np.int64)
    pairs = Tables(values=table, wishes_of=(table, table), allowed=table > 0)
    with pytest.raises(Invalid, match="too large"):
        Lifted(Floats(pairs), table[0] * 2**53, table[0]).worth()


@given(st.data(), st.sampled_from([1, 700, 1500, 10**6]))
def test_rules_are_kept_with_as_little_change_as_is_worth_it(data, more):
    """Pairs of an earlier plan are worth more: the best of that, by trying every plan."""
    asked = data.draw(drawn())
    random = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    before = random.random(asked.shape) < 0.4
    listed = np.argwhere(before)
    ones = np.ones(len(listed), dtype=np.int64)
    pairs = Staying(asked.pairs, Listing.of(listed, ones, asked.shape), more)
    plans, worth = asked.plans()
    counted = [
        total + more * int(before[plan[:, 0], plan[:, 1]].sum())
        for plan, total in zip(plans, worth.tolist(), strict=True)
    ]
    found = solve_with_rules(pairs, asked.capacity, asked.rules)
    assert isinstance(found, Ruled) == bool(counted)
    if isinstance(found, Ruled):
        most = upper_bound_under(pairs, asked.capacity, asked.rules, found.prices)
        assert pairs.worth_of(found.pairs).sum() == max(counted) <= most
