"""The scheduler of a series, against a search that tries every time."""

from __future__ import annotations

import datetime
from collections import defaultdict
from functools import cache
from itertools import groupby, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from mentorkit import Invalid, Participant, Person, Placement, Window, Wish
from mentorkit.models import Choice, Free, Interval
from mentorkit.registry import installed
from mentorkit.scheduling import free_times, wall_clock

pytestmark = pytest.mark.once

CELL = 30 * 60
DAY = 24 * 3600
NEAR = [
    ("Europe/Berlin", datetime.date(2027, 3, 24)),
    ("Europe/Berlin", datetime.date(2027, 10, 27)),
    ("America/New_York", datetime.date(2027, 3, 11)),
    ("America/New_York", datetime.date(2027, 11, 3)),
    ("Australia/Lord_Howe", datetime.date(2027, 4, 1)),
    ("Australia/Lord_Howe", datetime.date(2027, 9, 30)),
    ("Pacific/Apia", datetime.date(2011, 12, 27)),
    ("UTC", datetime.date(1969, 12, 28)),
]
"""Zones, and days shortly before their clocks change."""


def days(number: int) -> datetime.timedelta:
    return datetime.timedelta(days=number)


def place(wishes: list[Wish], free: Free, step: int = 30, seed: int = 0) -> Placement:
    series = installed().bind("schedulers", Choice("series", {"step": step}), "scheduler")
    return series.place(wishes, free, seed)


def wish(first: datetime.date, timezone: str, **more: Any) -> Wish:
    held = {"id": "w", "people": ("a", "b"), "count": 6, "cadence": 7, "minutes": 60}
    held |= {"first": first, "last": first + days(60), "timezone": timezone}
    return Wish(**held | more)


def two(zone: str | None, windows: list[Window]) -> list[Participant]:
    people = (Person(id=name, timezone=zone) for name in ("a", "b"))
    return [Participant(person=person, availability=windows) for person in people]


def always(first: datetime.date, *people: str) -> Free:
    start = (first - datetime.date(1970, 1, 1)).days * DAY
    return Free(times=dict.fromkeys(people, ((start - 9 * DAY, start + 999 * DAY),)))


# Drawn wishes. Free time is in cells of half an hour.


def cells(intervals: tuple[Interval, ...]) -> set[int]:
    return {at for start, end in intervals for at in range(start, end, CELL)}


def runs(free: set[int]) -> tuple[Interval, ...]:
    """Disjoint and in order; they break at every eighth cell, as calendars' may."""
    numbered = enumerate(sorted(free))
    together = groupby(numbered, lambda one: (one[1] // CELL - one[0], one[1] // CELL // 8))
    stretches = [[at for _, at in stretch] for _, stretch in together]
    return tuple((stretch[0], stretch[-1] + CELL) for stretch in stretches)


@st.composite
def free_cells(draw, first: datetime.date) -> set[int]:
    """Some days of eight stretches of three hours, and some with stretches at any time."""
    start = (first - datetime.date(1970, 1, 1)).days * DAY - DAY
    free: set[int] = set()
    for day in range(start, start + 20 * DAY, DAY):
        shape = draw(st.integers(0, 255))
        shift = draw(st.integers(0, 5)) * CELL
        stretches = [day + 3 * 3600 * place for place in range(8) if shape >> place & 1]
        free.update(at + shift for begin in stretches for at in range(begin, begin + 10800, CELL))
    return free


@st.composite
def wishes_near(draw, zone: str, begins: datetime.date, name: str) -> Wish:
    first = begins + days(draw(st.integers(0, 5)))
    cadence = draw(st.sampled_from([1, 1, 2, 3, 5, 7]))
    return Wish(
        id=name,
        people=tuple(draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True))),
        count=draw(st.integers(1, 5)),
        cadence=cadence,
        minutes=draw(st.sampled_from([30, 60, 120, 300])),
        timezone=zone,
        first=first,
        last=first + days(draw(st.integers(0, 12))),
    )


@st.composite
def asked(draw, most: int) -> tuple[list[Wish], Free, int]:
    zone, begins = draw(st.sampled_from(NEAR))
    number = draw(st.integers(1, most))
    wishes = [draw(wishes_near(zone, begins, f"w{n}")) for n in range(number)]
    free = Free(times={person: runs(draw(free_cells(begins))) for person in "abc"})
    return wishes, free, draw(st.sampled_from([30, 90, 120, 240]))


@cache
def times(day: datetime.date, zone: str, step: int) -> list[int]:
    """The instants of a day's grid; of step 1440, its beginning alone."""
    return [wall_clock(day, at, zone) for at in range(0, 1440, step)]


class Search:
    """One wish's times by trying every time of every day, on sets of cells."""

    def __init__(self, one: Wish, common: set[int], step: int) -> None:
        self.one, self.step = one, step
        opens, closes = self.midnight(one.first), self.midnight(one.last + days(1))
        self.common = {at for at in common if opens <= at and at + CELL <= closes}

    def midnight(self, day: datetime.date) -> int:
        return times(day, self.one.timezone, 1440)[0]

    def days(self, first: datetime.date) -> list[datetime.date]:
        every = [first + days(number * self.one.cadence) for number in range(self.one.count)]
        return [day for day in every if day <= self.one.last]

    def times(self, day: datetime.date) -> list[int]:
        return times(day, self.one.timezone, self.step)

    def suits(self, day: datetime.date, start: int, room: set[int]) -> bool:
        ends = self.midnight(min(day + days(self.one.cadence), self.one.last + days(1)))
        return start < ends and set(range(start, start + self.one.minutes * 60, CELL)) <= room

    def tally(self) -> dict[tuple[datetime.date, int], int]:
        """How many meetings suit everyone, by the first day and the place in its grid."""
        return {
            (first, place): sum(
                self.suits(day, self.times(day)[place], self.common) for day in self.days(first)
            )
            for first in (self.one.first + days(number) for number in range(7))
            if first <= self.one.last
            for place in range(len(self.times(first)))
        }

    def found(self) -> dict[int, int]:
        """The starts by number."""
        tally = self.tally()
        if not tally:
            return {}
        first, place = min(tally, key=lambda time: (-tally[time], time))
        room, starts = set(self.common), {}
        wanted = {n: self.times(day)[place] for n, day in enumerate(self.days(first), 1)}
        for moves in (False, True):
            for number, day in enumerate(self.days(first), 1):
                window = [day + days(n) for n in range(self.one.cadence if moves else 0)]
                others = [at for day in window if day <= self.one.last for at in self.times(day)]
                tried = others if moves else [wanted[number]]
                fits = [at for at in tried if self.suits(day, at, room)]
                if number not in starts and fits:
                    start = min(fits, key=lambda at: (abs(at - wanted[number]), at))
                    starts[number] = start
                    room -= set(range(start, start + self.one.minutes * 60, CELL))
        return starts


@given(asked(3))
@settings(max_examples=150)
def test_it_finds_what_trying_every_time_finds(case):
    wishes, free, step = case
    left = {person: cells(held) for person, held in free.times.items()}
    placed = place(wishes, free, step)
    for one in wishes:
        common = set.intersection(*(left[person] for person in one.people))
        expected = Search(one, common, step).found()
        slots = {slot.number: slot.start for slot in placed.slots if slot.wish == one.id}
        assert slots == expected
        for person in one.people:
            for start in expected.values():
                left[person] -= set(range(start, start + one.minutes * 60, CELL))


@given(asked(1))
def test_no_other_weekly_time_suits_more_meetings(case):
    (one,), free, step = case
    common = set.intersection(*(cells(free.of(person)) for person in one.people))
    search = Search(one, common, step)
    tally = search.tally()
    starts = {slot.start for slot in place([one], free, step).slots}
    kept = {
        time: sum(search.times(day)[time[1]] in starts for day in search.days(time[0]))
        for time in tally
    }
    most = max(tally.values())
    assert any(kept[time] >= most for time in tally if tally[time] == most)


@given(asked(5))
@settings(max_examples=150)
def test_it_keeps_its_promises(case):
    wishes, free, step = case
    placed = place(wishes, free, step)
    every = sorted((held.wish, held.number) for held in placed.slots + placed.unplaced)
    assert every == [(one.id, number) for one in wishes for number in range(1, one.count + 1)]
    taken = defaultdict(list)
    for one in wishes:
        slots = [slot for slot in placed.slots if slot.wish == one.id]
        assert [slot.number for slot in slots] == sorted(slot.number for slot in slots)
        assert all(before.end <= after.start for before, after in pairwise(slots))
        for slot in slots:
            assert slot.end - slot.start == one.minutes * 60
            assert wall_clock(one.first, 0, one.timezone) <= slot.start
            assert slot.end <= wall_clock(one.last, 1440, one.timezone)
            for person in one.people:
                meeting = set(range(slot.start, slot.end, CELL))
                assert meeting <= cells(free.of(person))
                taken[person].append((slot.start, slot.end))
    for meetings in taken.values():
        assert all(before[1] <= after[0] for before, after in pairwise(sorted(meetings)))
    assert all(str(unplaced.cause) for unplaced in placed.unplaced)


@given(asked(4), st.data())
def test_the_order_of_wishes_and_the_seed_change_nothing(case, data):
    wishes, free, step = case
    shuffled = data.draw(st.permutations(wishes))
    assert place(shuffled, free, step, seed=data.draw(st.integers(0, 9))) == place(
        wishes, free, step
    )


# Clocks.


def shown(at: int, zone: str) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(at, ZoneInfo(zone))


@pytest.mark.parametrize(("zone", "first"), NEAR)
@pytest.mark.parametrize("cadence", [1, 7, 10, 14])
def test_a_series_keeps_its_time_of_day_when_clocks_change(zone, first, cadence):
    window = [Window(day, 10 * 60, 20 * 60) for day in range(7)]
    people = two(zone, window)
    one = wish(first, zone, cadence=cadence, last=first + days(70))
    placed = place([one], free_times(people, first, one.last))
    assert [slot.number for slot in placed.slots] == [1, 2, 3, 4, 5, 6]
    assert len({shown(slot.start, zone).time() for slot in placed.slots}) == 1
    assert all(slot.end - slot.start == 3600 for slot in placed.slots)


def test_a_day_that_was_skipped_has_no_meeting():
    first = datetime.date(2011, 12, 29)
    one = wish(first, "Pacific/Apia", cadence=1, count=3, last=first + days(2))
    placed = place([one], always(one.first, "a", "b"))
    assert [slot.number for slot in placed.slots] == [1, 3]
    (lost,) = placed.unplaced
    assert str(lost.cause) == "no time on 2011-12-30 is free for everyone for 60 minutes"


def test_a_weekly_meeting_on_a_day_that_was_skipped_comes_right_after_it():
    friday = datetime.date(2011, 12, 23)
    one = wish(friday, "Pacific/Apia", count=2)
    slots = place([one], always(friday, "a", "b")).slots
    assert [str(shown(slot.start, one.timezone))[:16] for slot in slots] == [
        "2011-12-23 00:00",
        "2011-12-31 00:00",
    ]


@pytest.mark.parametrize(
    ("first", "starts", "ends"),
    [
        (datetime.date(2027, 3, 28), "03:00:00+02:00", "04:00:00+02:00"),  # 02:00 is skipped
        (datetime.date(2027, 10, 31), "02:00:00+02:00", "02:00:00+01:00"),
    ],
)
def test_meetings_last_as_long_on_nights_when_clocks_change(first, starts, ends):
    hour = Window(6, 120, 180)
    nights = [hour, Window(6, 180, 240)] if first.month == 3 else [hour]
    people = two(None, nights)
    one = wish(first, "Europe/Berlin", count=1, last=first)
    (slot,) = place([one], free_times(people, first, first, timezone="Europe/Berlin")).slots
    assert shown(slot.start, one.timezone).isoformat()[11:] == starts
    assert shown(slot.end, one.timezone).isoformat()[11:] == ends


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Pacific/Auckland"])
def test_people_who_are_free_at_night_meet_at_night(zone):
    night = [Window(day, 22 * 60, 26 * 60) for day in range(7)]
    first = datetime.date(2027, 3, 1)
    people = two(zone, night)
    one = wish(first, zone, minutes=180, cadence=1)
    free = free_times(people, first, one.last)
    slots = place([one], free).slots
    assert [shown(slot.start, zone).strftime("%H:%M") for slot in slots] == ["22:00"] * 6


def test_meetings_of_a_day_do_not_overlap_on_a_short_day():
    """The regular meeting of the 29th would begin before that of the 28th is over."""
    first = datetime.date(2027, 3, 27)
    one = wish(first, "Europe/Berlin", cadence=1, count=4, minutes=1440, last=first + days(3))
    slots = place([one], always(first, "a", "b")).slots
    assert [str(shown(slot.start, one.timezone))[5:16] for slot in slots] == [
        "03-27 00:00",
        "03-28 00:00",
        "03-30 00:00",
    ]


# Why there is no time.


def test_meetings_after_the_last_day_say_so():
    first = datetime.date(2027, 3, 1)
    one = wish(first, "UTC", last=first + days(20))
    placed = place([one], always(first, "a", "b"))
    assert [slot.number for slot in placed.slots] == [1, 2, 3]
    assert [str(held.cause) for held in placed.unplaced] == [
        f"meeting {number} of the series would come after 2027-03-21, the last day"
        for number in (4, 5, 6)
    ]
    assert place([attrs.evolve(one, last=first - days(1))], always(first, "a", "b")).slots == ()


@pytest.mark.parametrize(
    ("last", "where"),
    [
        (9, "from 2027-03-01 to 2027-03-07"),
        (5, "from 2027-03-01 to 2027-03-05"),
        (1, "on 2027-03-01"),
    ],
)
def test_somebody_without_free_time_leaves_every_meeting_unplaced(last, where):
    first = datetime.date(2027, 3, 1)
    one = wish(first, "UTC", count=1, last=datetime.date(2027, 3, last))
    placed = place([one], always(first, "a"))
    assert placed.slots == ()
    (held,) = placed.unplaced
    assert str(held.cause) == f"no time {where} is free for everyone for 60 minutes"


def test_a_meeting_that_does_not_suit_moves_to_the_nearest_time():
    monday = datetime.date(2027, 3, 1)
    ten, three, tuesday = Window(0, 600, 660), Window(0, 900, 960), Window(1, 480, 540)
    ann = Participant(person=Person(id="a"), availability=[ten, three, tuesday])
    one = wish(monday, "UTC", people=("a",), count=4)
    at = [
        [wall_clock(monday + days(7 * week), minutes, "UTC") for minutes in (600, 900)]
        for week in range(4)
    ]
    first_afternoon, first_tuesday, second_morning = at[0][1], at[0][0] + 22 * 3600, at[1][0]
    busy = [(start, start + 3600) for start in (first_afternoon, first_tuesday, second_morning)]
    free = free_times([ann], monday, one.last, busy={"a": busy})
    starts = [slot.start for slot in place([one], free).slots]
    assert starts == [at[0][0], at[1][1], at[2][0], at[3][0]]


@pytest.mark.parametrize(
    ("taken", "moved_to"),
    [((10,), 9), ((9, 10), 11), ((9, 10, 11), 8), ((8, 9, 10), 11)],
)
def test_a_meeting_moves_to_the_nearest_time_and_of_two_to_the_earlier(taken, moved_to):
    """Mondays from 8 to 12: at 10 three of four suit, at other times at most two."""
    monday = datetime.date(2027, 3, 1)
    ann = Participant(person=Person(id="a"), availability=[Window(0, 480, 720)])
    one = wish(monday, "UTC", people=("a",), count=4)
    hours = [(0, 8), (0, 9), (0, 11), (14, 8), (14, 9), (14, 11), *((7, hour) for hour in taken)]
    starts = [wall_clock(monday + days(number), hour * 60, "UTC") for number, hour in hours]
    busy = {"a": [(start, start + 3600) for start in starts]}
    slots = place([one], free_times([ann], monday, one.last, busy=busy), step=60).slots
    assert [shown(slot.start, "UTC").hour for slot in slots] == [10, moved_to, 10, 10]


def test_meetings_that_move_do_not_overlap_each_other():
    monday = datetime.date(2027, 3, 1)
    night = Window(0, 22 * 60, 27 * 60)
    ann = Participant(
        person=Person(id="a"), availability=[night, Window(2, 600, 780), Window(3, 600, 780)]
    )
    one = wish(monday, "UTC", people=("a",), cadence=1, count=4, minutes=180)
    placed = place([one], free_times([ann], monday, one.last))
    starts = {slot.number: shown(slot.start, "UTC").strftime("%a %H:%M") for slot in placed.slots}
    assert starts == {1: "Mon 22:00", 3: "Wed 10:00", 4: "Thu 10:00"}


@pytest.mark.parametrize("step", [4, 241, 0, -30])
def test_the_grid_is_neither_finer_nor_wider_than_is_useful(step):
    with pytest.raises(Invalid, match="step"):
        place([], Free(times={}), step)
    assert place([], Free(times={})) == Placement(slots=())
