"""Pairs worked out where they are asked for, against whole tables."""

from __future__ import annotations

from typing import Any
from unittest import mock

import attrs
import hypothesis.strategies as st
import numpy as np
import pytest
from drawn_forms import FORMS, SIZES, forms, pairs, parts
from hypothesis import given
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from mentorkit.matching import scored
from mentorkit.matching.forms import Listing, Product, Total
from mentorkit.matching.scored import ScoredPairs, with_bans

pytestmark = pytest.mark.once

ALL = slice(None)


@attrs.frozen(eq=False)
class Oracle:
    """The same as whole tables."""

    worth: np.ndarray
    wishes: tuple[np.ndarray, np.ndarray]
    forbidden: np.ndarray

    def part(self, rows: Any, columns: Any) -> Oracle:
        def some(table: np.ndarray) -> np.ndarray:
            return table[rows][:, columns]

        left, right = map(some, self.wishes)
        return Oracle(some(self.worth), (left, right), some(self.forbidden))


@st.composite
def cases(
    draw: Any, bans: tuple[str, ...] = FORMS, sizes: Any = SIZES
) -> tuple[ScoredPairs, Oracle]:
    shape = draw(sizes)
    weight = st.sampled_from([1, 5, 20_000])
    terms = draw(st.lists(st.tuples(forms(shape), weight, st.integers(0, 2)), max_size=3))
    highest = 1000 * sum(weight for _, weight, _ in terms)
    base = draw(st.sampled_from([0, 1000, 10_000_000]))
    floor = draw(st.sampled_from([0, 1000, 5000]))

    def total(*sides: int) -> tuple[Total, np.ndarray]:
        chosen = [(held, weight) for held, weight, side in terms if side in sides]
        table = sum((held.table * weight for held, weight in chosen), np.zeros(shape, np.int64))
        summed = [(held.form, weight) for held, weight in chosen]
        return Total.of(summed, shape, highest + base), table

    (fits, fit), (left, lefts), (right, rights) = total(0, 1, 2), total(0, 2), total(1, 2)
    rules = draw(st.lists(forms(shape, bans), max_size=2))
    closed = np.unique(draw(pairs(shape)), axis=0)
    bars = tuple(rule.form for rule in rules)
    summed = [(held.form, weight) for held, weight, _ in terms]
    net, others = with_bans(summed, bars, shape, highest + base)
    held = ScoredPairs(
        shape=shape,
        fits=fits,
        net=net,
        others=others,
        sides=(left, right) if any(side < 2 for *_, side in terms) else (fits, fits),
        bans=bars,
        closed=Listing.of(closed, np.ones(len(closed), dtype=np.int64), shape),
        base=base,
        floor=floor,
        highest=highest,
    )
    forbidden = np.zeros(shape, dtype=bool)
    forbidden[closed[:, 0], closed[:, 1]] = True
    for rule in rules:
        forbidden |= rule.table == 0
    worth = np.where(forbidden | (fit < floor), -1, fit + base)
    return held, Oracle(worth, (lefts, rights), forbidden)


def agrees(held: ScoredPairs, oracle: Oracle, data: st.DataObject) -> None:
    shape = oracle.worth.shape
    assert held.shape == shape
    rows, columns = (data.draw(parts(size)) for size in shape)
    # How far below 0 says nothing.
    assert np.array_equal(held.worth(rows, columns).clip(min=-1), oracle.worth[rows][:, columns])
    for found, wishes in zip(held.wishes(rows, columns), oracle.wishes, strict=True):
        assert np.array_equal(found, wishes[rows][:, columns])
    some = data.draw(pairs(shape))
    at = some[:, 0], some[:, 1]
    assert np.array_equal(held.worth_of(some), oracle.worth[at])
    assert np.array_equal(held.forbidden(some), oracle.forbidden[at])
    for found, wishes in zip(held.wishes_of(some), oracle.wishes, strict=True):
        assert np.array_equal(found, wishes[at])
    assert (held.worth() <= held.most).all()


@given(cases(), st.data())
def test_whole_or_in_parts_it_is_what_the_tables_say(case, data):
    held, oracle = case
    agrees(held, oracle, data)
    rows, columns = (data.draw(parts(size)) for size in held.shape)
    agrees(held.part(rows, columns), oracle.part(rows, columns), data)


@given(cases(), st.data())
def test_closing_pairs_forbids_these_and_no_others(case, data):
    held, oracle = case
    more = data.draw(pairs(held.shape))
    at = more[:, 0], more[:, 1]
    oracle.forbidden[at], oracle.worth[at] = True, -1
    agrees(held.closing(more), oracle, data)


@given(cases(), st.data())
def test_asking_changes_nothing(case, data):
    """What is answered may be written to."""
    held, oracle = case
    rows = data.draw(parts(held.shape[0]))
    held.worth(rows)[:] = -7
    for wishes in held.wishes(rows):
        wishes[:] = -7
    agrees(held, oracle, data)


def groups(oracle: Oracle) -> list[tuple[set[int], set[int]]]:
    """The connected parts of the pairs that no rule forbids, of both sides."""
    n, m = oracle.forbidden.shape
    rows, columns = np.nonzero(~oracle.forbidden)
    graph = coo_array((np.ones(len(rows)), (rows, columns + n)), shape=(n + m, n + m))
    _, label = connected_components(graph, directed=False)
    found = [
        (
            set(np.nonzero(label[:n] == one)[0].tolist()),
            set(np.nonzero(label[n:] == one)[0].tolist()),
        )
        for one in range(label.max(initial=-1) + 1)
    ]
    return [part for part in found if part[0] and part[1]]


@given(cases(("product", "signed", "lookup")))
def test_apart_are_those_between_whom_every_pair_is_forbidden(case):
    """As finely as rules say, where each is factored or counted and no pair is closed."""
    held, _ = case
    held = attrs.evolve(
        held, closed=Listing.of(np.empty((0, 2), np.int64), np.empty(0, np.int64), held.shape)
    )
    allowed = np.ones(held.shape, dtype=bool)
    for ban in held.bans:
        allowed &= ban.block(ALL, ALL) != 0
    expected = groups(Oracle(allowed, (allowed, allowed), ~allowed))
    with mock.patch.object(scored, "WORTHWHILE", 0):
        found = held.apart()
    if not held.bans:
        expected = [(set(range(held.shape[0])), set(range(held.shape[1])))]
    assert [(set(one.tolist()), set(other.tolist())) for one, other in found] == sorted(
        expected, key=lambda part: min(part[0], default=0)
    )
    for side in (side for part in found for side in part):
        assert (np.diff(side) > 0).all()


@given(cases(), st.sampled_from([0, 1, 4096]), st.sampled_from([0, 10]))
def test_no_pair_that_may_be_is_between_two_parts(case, finest, worthwhile):
    held, oracle = case
    with (
        mock.patch.object(scored, "WORTHWHILE", worthwhile),
        mock.patch.object(scored, "FINEST", finest),
    ):
        found = held.apart()
    part_of = [np.full(size, -1) for size in held.shape]
    for number, part in enumerate(found):
        for sides, members in zip(part_of, part, strict=True):
            assert (sides[members] == -1).all()
            sides[members] = number
    rows, columns = np.nonzero(~oracle.forbidden)
    assert (part_of[0][rows] >= 0).all()
    assert np.array_equal(part_of[0][rows], part_of[1][columns])
    if held.shape[0] * held.shape[1] < worthwhile:
        assert [[len(side) for side in part] for part in found] == [list(held.shape)]


def test_parts_are_looked_for_where_it_is_worth_while_and_come_in_the_order_of_their_people():
    """Two by two people, of whom the first two and the last two may meet."""
    ban = Product.of(np.array([[9, 0], [0, 1]]), np.array([[0, 1], [1, 0]]))
    nothing = Total.of([], (2, 2), 0)
    pairs = ScoredPairs(
        shape=(2, 2),
        fits=nothing,
        net=nothing,
        sides=(nothing, nothing),
        bans=(ban,),
        others=(ban,),
        closed=Listing.of(np.empty((0, 2), np.int64), np.empty(0, np.int64), (2, 2)),
        base=0,
        floor=0,
        highest=0,
    )

    def found() -> list[Any]:
        return [[side.tolist() for side in part] for part in pairs.apart()]

    whole = [[[0, 1], [0, 1]]]
    assert found() == whole
    with mock.patch.object(scored, "WORTHWHILE", 4):
        assert found() == [[[0], [1]], [[1], [0]]]
        with mock.patch.object(scored, "FINEST", 1):
            assert found() == whole
