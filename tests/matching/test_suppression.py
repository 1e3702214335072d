"""What is hidden of groups cannot be worked out from what is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.matching.suppression import grouped, hidden
from mentorkit.models import Level

pytestmark = pytest.mark.once

SIZES = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 30), max_size=7)
FEWEST = st.sampled_from([5, 5, 20])


@given(SIZES, st.sets(st.sampled_from("abcdefg")), FEWEST)
def test_what_is_shown_and_what_is_left_rest_on_enough(sizes, also, fewest):
    gone = hidden(sizes, also, fewest)
    shown = sizes.keys() - gone
    assert all(sizes[value] >= fewest for value in shown)
    assert not shown & also
    left = [sizes[value] for value in gone]
    if shown and left:
        assert sum(left) >= fewest
        assert len(left) > 1
        assert sum(left) > len(left)


@given(SIZES, st.sets(st.sampled_from("abcdefg")), FEWEST)
def test_no_more_is_hidden_than_that_takes(sizes, also, fewest):
    gone = hidden(sizes, also, fewest)
    must = {value for value, size in sizes.items() if size < fewest or value in also}
    assert must <= gone
    if not must:
        assert not gone
    for value in gone - must:
        # Of those hidden besides, none is larger than one shown, and the largest was needed.
        assert all((sizes[other], other) > (sizes[value], value) for other in sizes.keys() - gone)
    if besides := sorted(gone - must, key=lambda value: (sizes[value], value)):
        fewer = [sizes[value] for value in gone - {besides[-1]}]
        assert len(fewer) <= 1 or sum(fewer) < fewest or sum(fewer) <= len(fewer)


def test_people_are_grouped_by_the_text_of_what_they_hold():
    values = ["b", None, "", ("y", "x"), True, 2.0, Level(1, "high"), "b", ()]
    assert grouped(values) == {
        "2": [5],
        "b": [0, 7],
        "high": [6],
        "not given": [1, 2, 8],
        "x; y": [3],
        "yes": [4],
    }
