"""Every form says what the whole table says, wherever it is asked."""

from __future__ import annotations

from typing import Any
from unittest import mock

import hypothesis.strategies as st
import numpy as np
import pytest
from drawn_forms import FORMS, SIZES, Drawn, forms, pairs, parts, tables
from hypothesis import given

from mentorkit import Message, Participant, Person, PluginFailed, Use
from mentorkit.matching import ParticipantPool
from mentorkit.matching import forms as under_test
from mentorkit.matching.forms import Asked, Lookup, Product, Total, count, kinds, product_bound
from mentorkit.matching.scoring import BoundUse

pytestmark = pytest.mark.once


def agrees(held: Any, table: np.ndarray, data: st.DataObject) -> None:
    """The form and the table have the same points for drawn people, and for drawn pairs."""
    rows, columns = (data.draw(parts(size)) for size in table.shape)
    block = held.block(rows, columns)
    assert block.shape == (count(rows, table.shape[0]), count(columns, table.shape[1]))
    assert np.array_equal(block, table[rows][:, columns])
    some = data.draw(pairs(table.shape))
    assert np.array_equal(held.at(some), table[some[:, 0], some[:, 1]])
    assert held.at(some).dtype == np.int64


@pytest.mark.parametrize("name", FORMS)
@given(data=st.data())
def test_a_block_a_few_pairs_and_a_part_of_a_part(name, data):
    drawn = data.draw(forms(data.draw(SIZES), (name,)))
    agrees(drawn.form, drawn.table, data)
    rows, columns = (data.draw(parts(size)) for size in drawn.table.shape)
    part, table = drawn.form.part(rows, columns), drawn.table[rows][:, columns]
    agrees(part, table, data)
    rows, columns = (data.draw(parts(size)) for size in table.shape)
    agrees(part.part(rows, columns), table[rows][:, columns], data)


@given(data=st.data(), kept=st.sampled_from([0, 2**22]))
def test_few_pairs_are_asked_about_once(data, kept):
    drawn = data.draw(forms(data.draw(SIZES), ("asked",)))
    asked: Any = drawn.form
    calls = []

    def points(left: Any, right: Any) -> Any:
        calls.append((len(left), len(right)))
        return asked.points(left, right)

    form = Asked(points, asked.left, asked.right)
    with mock.patch.object(under_test, "KEPT", kept):
        agrees(form, drawn.table, data)
        rows, columns = (data.draw(parts(size)) for size in drawn.table.shape)
        agrees(form.part(rows, columns), drawn.table[rows][:, columns], data)
    if kept or not drawn.table.size:
        assert calls[:1] == [drawn.table.shape]
        assert len(calls) == 1


def crowd(role: str, size: int) -> ParticipantPool:
    return ParticipantPool(
        Participant(person=Person(id=f"{role}{place}"), roles={role: 1}) for place in range(size)
    )


def places(pool: Any) -> list[int]:
    return [int(held[1:]) for held in pool.ids]


def asked_for(name: str, drawn: Drawn) -> Any:
    """A criterion of people who are called by their places, in one form."""
    form: Any = drawn.form
    whole = lambda table: table.astype(np.int64)  # noqa: E731

    class Told:
        def points(self, left: Any, right: Any) -> Any:
            return drawn.table[np.ix_(places(left), places(right))]

        def say(self, left: Any, right: Any, points: int) -> Message:
            return Message("told", "told")

    class Factored(Told):
        def factors(self, left: Any, right: Any) -> Any:
            return whole(form.left[places(left)]), whole(form.right[places(right)])

    class Counted(Told):
        def counted(self, left: Any, right: Any) -> Any:
            index = form.index
            sides = whole(index.left[places(left)]), whole(index.right[places(right)])
            return *sides, whole(form.table)

    class Listed(Told):
        def listed(self, left: Any, right: Any) -> Any:
            return form.pairs(), form.points

    return {"lookup": Counted, "listing": Listed, "asked": Told}.get(name, Factored)()


@pytest.mark.parametrize("name", FORMS)
@given(data=st.data())
def test_what_a_criterion_says_is_read_and_turned_round(name, data):
    n, m = data.draw(SIZES)
    drawn = data.draw(forms((n, m), (name,)))
    bound = {
        turned: BoundUse(
            name="x", use=Use("x"), turned=turned, private=False, asked=asked_for(name, drawn)
        )
        for turned in (False, True)
    }
    left, right = crowd("a", n), crowd("b", m)
    agrees(bound[False].form(left, right), drawn.table, data)
    agrees(bound[True].form(right, left), drawn.table.T, data)


@given(data=st.data(), few=st.sampled_from([0, 1, 2, 64]))
def test_counts_of_few_kinds_of_people_become_a_product(data, few):
    drawn = data.draw(forms(data.draw(SIZES), ("lookup",)))
    assert isinstance(drawn.form, Lookup)
    index = drawn.form.index
    fewest = min(len(kinds(side)[0]) for side in (index.left, index.right))
    with mock.patch.object(under_test, "FEW", few):
        fastest = drawn.form.fastest
    assert isinstance(fastest, Product) == (fewest <= few)
    agrees(fastest, drawn.table, data)


WEIGHTS = st.sampled_from([1, 2, 3, 7, 16_777, 16_778, 2**24 + 1, 2**31, 2**40 + 1])


@given(st.data())
def test_a_total_is_what_whole_numbers_give(data):
    shape = data.draw(SIZES)
    terms = data.draw(st.lists(st.tuples(forms(shape), WEIGHTS), max_size=4))
    most = 1000 * sum(weight for _, weight in terms)
    total = Total.of([(drawn.form, weight) for drawn, weight in terms], shape, most)
    table = sum((drawn.table * weight for drawn, weight in terms), np.zeros(shape, np.int64))
    agrees(total, table, data)
    rows, columns = (data.draw(parts(size)) for size in shape)
    agrees(total.part(rows, columns), table[rows][:, columns], data)
    assert total.block(slice(None), slice(None)).dtype == (
        np.float32 if most < 2**24 else np.float64
    )


def test_one_product_adds_up_what_is_small_enough():
    """Whole numbers to 2**24 are exact in float32, also where a bound is loose."""
    hot, points = np.eye(40, dtype=np.int64), np.full((40, 40), 1000)
    wide = Product.of(hot, points)
    assert product_bound(wide.left, wide.right) * 1000 > 2**24
    total = Total.of([(wide, 1000), (wide, 10)], (40, 40), 1_010_000)
    assert total.product is not None
    assert total.product.left.dtype == np.float32
    signed = Product.of(np.hstack([hot, -hot]), np.hstack([points * 2, points]))
    total = Total.of([(signed, 1000)], (40, 40), 1_000_000)
    assert total.product is not None
    assert total.product.left.dtype == np.float64
    assert (total.block(slice(None), slice(None)) == 1_000_000).all()


def test_products_too_large_for_one_are_added_up_apart():
    """Taking away 2**52 from 2**52 twice is no longer exact in one sum of both."""
    big = Product.of(np.array([[2**26, -(2**26)]]), np.array([[2**25 + 1, 2**25]]))
    assert big.block(slice(None), slice(None)).tolist() == [[2**26]]
    total = Total.of([(big, 1), (big, 2)], (1, 1), 2**28)
    assert total.product is None
    assert total.block(slice(None), slice(None)).tolist() == [[3 * 2**26]]
    assert total.at(np.zeros((1, 2), dtype=np.int64)).tolist() == [3 * 2**26]


def test_factors_too_large_to_be_exact_are_refused():
    with pytest.raises(PluginFailed, match="too large"):
        Product.of(np.array([[2**40]]), np.array([[2**20]]))
    smallest = np.iinfo(np.int64).min
    with pytest.raises(PluginFailed, match="too large"):
        Product.of(np.array([[smallest]]), np.array([[1]]))


@given(
    SIZES.flatmap(lambda size: st.tuples(tables(*size, -50, 50), tables(3, size[1], -50, 50))),
    st.integers(0, 50),
)
def test_bounds_hold_for_every_partial_sum(sides, most):
    left, right = sides
    bound = product_bound(left, right)
    if left.size:
        assert (np.abs(left) @ np.abs(right).T <= bound).all()
    product = Product.of(left, right)
    table = left @ right.T
    wrong = product.beyond(most)
    outside = (table < 0) | (table > most)
    assert outside[wrong] if wrong else not outside.any()
    below = (left < 0).any(axis=0) | (right < 0).any(axis=0)
    assert product.takes() == product_bound(left[:, below], right[:, below])


@given(SIZES.flatmap(lambda size: tables(*size, 0, 1)), st.integers(1, 3))
def test_kinds_are_the_different_rows(features, step):
    some = features[::step]
    first, kind = kinds(some)
    assert np.array_equal(some[first][kind], some)
    assert len(first) == len({tuple(row) for row in some.tolist()})
