from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.reports.histogram import MOST_BARS, MOST_LABELS, histogram

fits = st.lists(
    st.one_of(st.integers(0, 90), st.integers(0, 20_000), st.integers(0, 10**12)),
    min_size=1,
    max_size=40,
)


@given(fits)
def test_every_fit_is_in_one_bar(held: list[int]) -> None:
    drawn = histogram(held)
    assert drawn
    for bar in drawn.bars:
        assert bar.number == sum(bar.low <= fit < bar.high for fit in held)
    assert sum(bar.number for bar in drawn.bars) == len(held)
    assert len(drawn.bars) <= MOST_BARS
    assert all(bar.low % 10 == 0 for bar in drawn.bars), "the page shows two decimals"
    assert drawn.bars[0].number
    assert drawn.bars[-1].number


@given(fits)
def test_bars_and_labels_stay_within_the_drawing(held: list[int]) -> None:
    drawn = histogram(held)
    assert drawn
    assert all(0 <= bar.left < bar.middle < bar.left + bar.width <= 100 for bar in drawn.drawn)
    assert max(bar.height for bar in drawn.drawn) == 100
    assert len(drawn.edges) <= MOST_LABELS
    assert all(0 <= place <= 100 for _, place in drawn.edges)


def test_edges_are_round() -> None:
    drawn = histogram([4500, 9900, 12_750])
    assert drawn
    assert [bar.low for bar in drawn.bars] == list(range(4000, 13_000, 1000))
    assert drawn.bars[0].span == "4 to under 5\u00a0points"


def test_equal_fits_make_one_bar() -> None:
    drawn = histogram([8000] * 3)
    assert drawn
    assert [(bar.low, bar.high, bar.number) for bar in drawn.bars] == [(8000, 8500, 3)]


@pytest.mark.parametrize("number", [0])
def test_no_fits_no_drawing(number: int) -> None:
    assert histogram([8000] * number) is None
