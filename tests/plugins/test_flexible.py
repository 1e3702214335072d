"""The scheduler that serves all wishes at once."""

from __future__ import annotations

import datetime
from collections import defaultdict
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from test_schedules import asked, cells, days, two, wish

from mentorkit import Placement, Window, Wish
from mentorkit.models import Choice, Free
from mentorkit.registry import installed
from mentorkit.scheduling import free_times, wall_clock

pytestmark = pytest.mark.once

MONDAY = datetime.date(2027, 3, 1)


def place(wishes: list[Wish], free: Free, **given_: Any) -> Placement:
    flexible = installed().bind("schedulers", Choice("flexible", given_), "scheduler")
    return flexible.place(wishes, free, 0)


@given(asked(4))
@settings(max_examples=100)
def test_each_meeting_is_in_its_window_of_the_cadence(case):
    wishes, free, step = case
    placed = place(wishes, free, step=step)
    every = sorted((held.wish, held.number) for held in placed.slots + placed.unplaced)
    assert every == [(one.id, number) for one in wishes for number in range(1, one.count + 1)]
    taken = defaultdict(list)
    by_id = {one.id: one for one in wishes}
    for slot in placed.slots:
        one = by_id[slot.wish]
        first = one.first + days((slot.number - 1) * one.cadence)
        assert wall_clock(first, 0, one.timezone) <= slot.start
        assert slot.start < wall_clock(first + days(one.cadence), 0, one.timezone)
        assert slot.end <= wall_clock(one.last + days(1), 0, one.timezone)
        assert slot.end - slot.start == one.minutes * 60
        for person in one.people:
            assert set(range(slot.start, slot.end, 1800)) <= cells(free.of(person))
            taken[person].append((slot.start, slot.end))
    for meetings in taken.values():
        assert all(before[1] <= after[0] for before, after in pairwise(sorted(meetings)))
    assert all(str(held.cause) for held in placed.unplaced)


def test_a_meeting_makes_way_for_one_that_has_no_other_time():
    """Ann could take either hour, Bo only the first: she is moved, and all are placed."""
    start = wall_clock(MONDAY, 540, "UTC")
    both = ((start, start + 7200),)
    free = Free(times={"may": both, "ann": both, "bo": ((start, start + 3600),)})
    wishes = [
        wish(MONDAY, "UTC", id=name, people=("may", name), count=1, last=MONDAY)
        for name in ("ann", "bo")
    ]
    placed = place(wishes, free)
    assert {slot.wish: slot.start - start for slot in placed.slots} == {"ann": 3600, "bo": 0}


def test_meetings_keep_their_hours_when_clocks_change():
    mornings = [Window(0, 600, 720)]
    people = two("Europe/Berlin", mornings)
    one = wish(datetime.date(2027, 3, 15), "Europe/Berlin", count=4)
    slots = place([one], free_times(people, one.first, one.last)).slots
    shown = [datetime.datetime.fromtimestamp(slot.start, ZoneInfo(one.timezone)) for slot in slots]
    assert [str(at)[:16] for at in shown] == [
        "2027-03-15 10:00", "2027-03-22 10:00", "2027-03-29 10:00", "2027-04-05 10:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "cause"),
    [
        ({"count": 3, "last": MONDAY + days(6)}, "meeting 2 would come after 2027-03-07"),
        ({"people": ("a", "nobody")}, "no time from 2027-03-01 to 2027-03-07 is free"),
    ],
)
def test_it_says_why_there_is_no_place(more, cause):
    people = two(None, [Window(0, 600, 660)])
    one = wish(MONDAY, "UTC", **{"count": 1, **more})
    placed = place([one], free_times(people, MONDAY, one.last))
    assert any(cause in str(held.cause) for held in placed.unplaced)


def test_it_says_that_all_times_are_taken():
    people = two(None, [Window(0, 600, 660)])
    wishes = [wish(MONDAY, "UTC", id=name, count=1, last=MONDAY) for name in ("one", "other")]
    (left,) = place(wishes, free_times(people, MONDAY, MONDAY)).unplaced
    assert str(left.cause) == (
        "all times from 2027-03-01 to 2027-03-01 that suit everyone are taken by other meetings"
    )
