"""Intervals against their definitions in exact arithmetic, and against published figures."""

from __future__ import annotations

from decimal import Decimal, localcontext

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mentorkit.matching.proportions import difference, rate, round_half_up

pytestmark = pytest.mark.once

Z = Decimal("1.959963984540054235524594430520551527955550")


def counts(most: int = 10**6) -> st.SearchStrategy[tuple[int, int]]:
    """How many of so many."""
    sizes = st.one_of(st.integers(1, 30), st.integers(1, most))
    return sizes.flatmap(lambda size: st.tuples(st.integers(0, size), st.just(size)))


def exact(count: int, size: int) -> tuple[Decimal, Decimal]:
    """The two shares p from which count / size is Z standard errors sqrt(p (1 - p) / size) away:
    the roots of (size + Z^2) p^2 - (2 count + Z^2) p + count^2 / size."""
    a, b, c = size + Z * Z, -(2 * count + Z * Z), Decimal(count) ** 2 / size
    root = (b * b - 4 * a * c).sqrt()
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def near(shown: int, share: Decimal) -> bool:
    """Rounded to a thousandth, where that does not hang on the last digits of a float."""
    return abs(Decimal(shown) - 1000 * share) <= Decimal("0.5000001")


@given(counts())
def test_a_rate_has_its_score_interval(held):
    with localcontext() as context:
        context.prec = 60
        found, (least, most) = rate(*held), exact(*held)
        assert near(found.value, Decimal(held[0]) / held[1])
        assert near(found.least, least)
        assert near(found.most, most)
    assert 0 <= found.least <= found.value <= found.most <= 1000
    assert (found.least == 0) if held[0] == 0 else True
    assert (found.most == 1000) if held[0] == held[1] else True


@given(counts(), counts())
def test_a_difference_has_its_interval(one, other):
    with localcontext() as context:
        context.prec = 60
        (p, q) = (Decimal(count) / size for count, size in (one, other))
        (p_least, p_most), (q_least, q_most) = exact(*one), exact(*other)
        found = difference(one, other)
        assert near(found.value, p - q)
        assert near(found.least, p - q - ((p - p_least) ** 2 + (q_most - q) ** 2).sqrt())
        assert near(found.most, p - q + ((p_most - p) ** 2 + (q - q_least) ** 2).sqrt())
    assert -1000 <= found.least <= found.value <= found.most <= 1000


@given(counts(), counts())
def test_a_difference_the_other_way_round_is_its_mirror(one, other):
    there, back = difference(one, other), difference(other, one)
    assert abs(there.least + back.most) <= 1
    assert abs(there.value + back.value) <= 1
    if one == other:
        assert there.value == 0
        assert there.least < 0 or there.most == 0
    assume(one != other)


@pytest.mark.parametrize(
    ("count", "size", "least", "most"),
    [(81, 263, 255, 366), (15, 148, 62, 161), (0, 20, 0, 161), (1, 29, 6, 172)],
)
def test_rates_as_published(count, size, least, most):
    """Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3."""
    found = rate(count, size)
    # Printed there to four decimals.
    assert abs(found.least - least) <= 1
    assert abs(found.most - most) <= 1


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ((56, 70), (48, 80), 52, 334),
        ((9, 10), (3, 10), 171, 809),
        ((6, 7), (2, 7), 58, 806),
        ((5, 56), (0, 29), -38, 193),
        ((0, 10), (0, 20), -161, 278),
        ((0, 10), (0, 10), -278, 278),
        ((10, 10), (0, 20), 679, 1000),
        ((10, 10), (0, 10), 608, 1000),
    ],
)
def test_differences_as_published(one, other, least, most):
    """Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10."""
    found = difference(one, other)
    assert abs(found.least - least) <= 1
    assert abs(found.most - most) <= 1


def test_halves_go_up():
    assert [round_half_up(number) for number in (0.5, 1.5, -0.5, 2.4999)] == [1, 2, 0, 2]
