"""Means with intervals, against SciPy's own and against published figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mentorkit.matching.means import mean, mean_difference

pytestmark = pytest.mark.once

numbers = st.lists(st.integers(-50, 50).map(lambda n: n / 4), min_size=2, max_size=30)


@given(numbers)
def test_a_mean_has_students_interval(values):
    found = mean(values)
    assert found.least <= found.value <= found.most
    assert found.value == pytest.approx(1000 * sum(values) / len(values), abs=0.51)
    if len(set(values)) > 1:
        test = stats.ttest_1samp(values, 0).confidence_interval(0.95)
        assert (found.least, found.most) == pytest.approx(
            (1000 * test.low, 1000 * test.high), abs=0.6
        )
    else:
        assert found.least == found.value == found.most


@given(numbers, numbers)
def test_a_difference_has_welchs_interval(one, other):
    found = mean_difference(one, other)
    back = mean_difference(other, one)
    assert abs(found.value + back.value) <= 1
    if len(set(one)) > 1 and len(set(other)) > 1:
        test = stats.ttest_ind(one, other, equal_var=False).confidence_interval(0.95)
        assert (found.least, found.most) == pytest.approx(
            (1000 * test.low, 1000 * test.high), abs=0.6
        )


def test_students_own_figures():
    """Additional hours of sleep by two drugs, the same ten people: Student (1908), page 20."""
    first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    found = mean([b - a for a, b in zip(first, second, strict=True)])
    assert (found.value, found.least, found.most) == (1580, 700, 2460)
    apart = mean_difference(second, first)
    assert (apart.value, apart.least, apart.most) == (1580, -205, 3365)
