"""Free time against clocks that are read every quarter of an hour."""

from __future__ import annotations

import datetime
from itertools import pairwise
from typing import Any

import attrs
import hypothesis.strategies as st
import pytest
from clock_changes import CHANGES, shown
from hypothesis import given, settings

from mentorkit import Participant, Person, Window
from mentorkit.models import Instead, Interval, Travel
from mentorkit.scheduling import WORKING_HOURS, free_times, wall_clock

QUARTER = 15 * 60
DAY = 24 * 3600
ZONES = sorted({zone for zone, _ in CHANGES} | {"UTC"})


def windows() -> st.SearchStrategy[Window]:
    return st.builds(
        lambda day, start, length: Window(day, 15 * start, 15 * (start + length)),
        st.integers(0, 6),
        st.one_of(st.integers(0, 95), st.integers(0, 12)),
        st.integers(1, 96),
    )


def someone(name: str, zone: str | None, *stated: Window, **more: Any) -> Participant:
    return Participant(person=Person(id=name, timezone=zone), availability=stated, **more)


@st.composite
def people(draw) -> Participant:
    zone = draw(st.none() | st.sampled_from(ZONES))
    return someone(draw(st.sampled_from("abc")), zone, *draw(st.lists(windows(), max_size=3)))


@st.composite
def spans_near(draw, day: datetime.date) -> list[tuple[datetime.date, datetime.date]]:
    """Up to three spans of days, the second soon after the first or right after it."""
    found = []
    day += datetime.timedelta(days=draw(st.integers(-5, 2)))
    for gap, length in draw(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4)), max_size=3)):
        first = day + datetime.timedelta(days=gap)
        found.append((first, first + datetime.timedelta(days=length - 1)))
        day = first + datetime.timedelta(days=length)
    return found


@st.composite
def travellers(draw, day: datetime.date) -> Participant:
    """Somebody whose days differ: other windows, none, or those of another zone."""
    exceptions = []
    for first, last in draw(spans_near(day)):
        held = [first + datetime.timedelta(days=n) for n in range((last - first).days + 1)]
        some = draw(st.lists(windows(), max_size=3))
        fitting = [one for one in some if one.weekday in {on.weekday() for on in held}]
        exceptions.append(Instead(first, last, fitting))
    travel = [
        Travel(first, last, draw(st.sampled_from(ZONES))) for first, last in draw(spans_near(day))
    ]
    return attrs.evolve(draw(people()), exceptions=exceptions, travel=travel)


@st.composite
def spans(draw) -> tuple[datetime.date, datetime.date, str]:
    zone, day = draw(st.sampled_from(CHANGES))
    first = day + datetime.timedelta(days=draw(st.integers(-3, 1)))
    return first, first + datetime.timedelta(days=draw(st.integers(0, 4))), zone


def midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time())


def quarters(first: datetime.date, last: datetime.date) -> list[int]:
    """Every quarter of an hour near the days, by the instant at which it begins."""
    begin, end = ((day - datetime.date(1970, 1, 1)).days * DAY for day in (first, last))
    return list(range(begin - 5 * DAY, end + 6 * DAY, QUARTER))


def oracle(
    participant: Participant, first: datetime.date, last: datetime.date, timezone: str
) -> set[int]:
    """The quarters in which the person has time: the clock is read in each of them."""
    every = quarters(first, last)
    within = bounds(first, last, timezone)
    zone = participant.person.timezone or timezone
    clock = [(at, shown(at, zone)) for at in every]
    free: set[int] = set()
    days = [first + datetime.timedelta(days=n) for n in range(-4, (last - first).days + 4)]
    for window in participant.availability or WORKING_HOURS:
        for day in (day for day in days if day.weekday() == window.weekday):
            begins = midnight(day) + datetime.timedelta(minutes=window.start)
            ends = midnight(day) + datetime.timedelta(minutes=window.end)
            start = next(at for at, now in clock if now >= begins)
            end = max(at for at, now in clock if now < ends)
            free.update(range(max(start, within.start), min(end + QUARTER, within.stop), QUARTER))
    return free


def dated_oracle(
    participant: Participant,
    first: datetime.date,
    last: datetime.date,
    timezone: str,
    holidays: set[datetime.date],
) -> set[int]:
    """As `oracle`: what holds on a day, told one day at a time, each in its own zone."""

    def on(day: datetime.date) -> tuple[object, tuple[Window, ...]]:
        if day in holidays:
            return "holiday", ()
        for held in participant.exceptions:
            if held.first <= day <= held.last:
                return held, held.windows
        return "weekly", participant.availability or WORKING_HOURS

    free: set[int] = set()
    for number in range(-4, (last - first).days + 4):
        day = first + datetime.timedelta(days=number)
        rule, held = on(day)
        tomorrow = on(day + datetime.timedelta(days=1))[0]
        zone = participant.person.timezone
        for journey in participant.travel:
            zone = journey.timezone if journey.first <= day <= journey.last else zone
        cut = 1440 if tomorrow not in ("weekly", rule) else 2880
        clock = [(at, shown(at, zone or timezone)) for at in quarters(day, day)]
        for window in (one for one in held if one.weekday == day.weekday()):
            begins = midnight(day) + datetime.timedelta(minutes=window.start)
            ends = midnight(day) + datetime.timedelta(minutes=min(window.end, cut))
            start = next(at for at, now in clock if now >= begins)
            end = max(at for at, now in clock if now < ends)
            free.update(range(start, end + QUARTER, QUARTER))
    within = bounds(first, last, timezone)
    return {at for at in free if at in within}


def bounds(first: datetime.date, last: datetime.date, timezone: str) -> range:
    every = quarters(first, last)
    after = midnight(last) + datetime.timedelta(days=1)
    opens = next(at for at in every if shown(at, timezone) >= midnight(first))
    return range(opens, next(at for at in every if shown(at, timezone) >= after))


def in_quarters(intervals: tuple[Interval, ...]) -> set[int]:
    return {at for start, end in intervals for at in range(start, end, QUARTER)}


@given(people(), spans())
@settings(max_examples=150)
def test_people_are_free_when_their_clock_says_so(participant, span):
    first, last, timezone = span
    free = free_times([participant], first, last, timezone=timezone).of(participant.id)
    assert all(end % QUARTER == start % QUARTER == 0 for start, end in free)
    assert in_quarters(free) == oracle(participant, first, last, timezone)
    assert all(before[1] < after[0] for before, after in pairwise(free))


@given(spans(), st.data())
def test_days_that_differ_are_what_is_stated_of_them(span, data):
    first, last, timezone = span
    participant = data.draw(travellers(first))
    near = st.integers(-1, 5).map(lambda number: first + datetime.timedelta(days=number))
    holidays = data.draw(st.sets(near, max_size=2))
    free = free_times([participant], first, last, timezone=timezone, holidays=holidays)
    held = free.of(participant.id)
    assert in_quarters(held) == dated_oracle(participant, first, last, timezone, holidays)
    assert all(before[1] < after[0] for before, after in pairwise(held))


@given(people(), spans(), st.data())
def test_what_is_busy_is_not_free(participant, span, data):
    first, last, timezone = span
    every = st.sampled_from(quarters(first, last))
    busy = data.draw(st.lists(st.tuples(every, every), max_size=4))
    whole = free_times([participant], first, last, timezone=timezone).of(participant.id)
    held = free_times(
        [participant], first, last, timezone=timezone, busy={participant.id: busy, "x": [(0, 9)]}
    ).of(participant.id)
    assert in_quarters(held) == in_quarters(whole) - in_quarters(tuple(busy))


@given(st.lists(people(), unique_by=lambda one: one.id, max_size=3), spans())
def test_nobody_changes_anothers_free_time(several, span):
    first, last, timezone = span
    together = free_times(several, first, last, timezone=timezone)
    assert set(together.times) == {one.id for one in several}
    for one in several:
        assert together.of(one.id) == free_times([one], first, last, timezone=timezone).of(one.id)


@pytest.mark.parametrize("zone", ZONES)
def test_a_window_keeps_its_hours_all_year(zone):
    first, last = datetime.date(2027, 1, 1), datetime.date(2027, 12, 31)
    free = free_times([someone("ann", zone)], first, last, timezone=zone).of("ann")
    assert len(free) == 261  # the working days of 2027
    for start, end in free:
        assert shown(start, zone).weekday() < 5
        assert [shown(at, zone).strftime("%H:%M") for at in (start, end)] == ["09:00", "17:00"]


@pytest.mark.parametrize(
    ("day", "start", "end", "hours"),
    [
        ("2027-03-27", 22, 26, 4.0),  # to 02:00, when the clocks go forward
        ("2027-03-27", 22, 27, 4.0),
        ("2027-03-28", 2.5, 4, 1.0),  # 02:30 is skipped
        ("2027-10-30", 22, 26, 4.0),  # to 02:00, which comes again an hour later
        ("2027-10-30", 22, 26.5, 5.5),
        ("2027-10-30", 22, 27, 6.0),
        ("2027-10-31", 2.5, 4, 2.5),
    ],
)
def test_nights_when_the_clocks_change_in_berlin(day, start, end, hours):
    first = datetime.date.fromisoformat(day)
    window = Window(first.weekday(), round(start * 60), round(end * 60))
    ann = someone("ann", None, window)
    last = first + datetime.timedelta(days=1)
    ((begins, ends),) = free_times([ann], first, last, timezone="Europe/Berlin").of("ann")
    assert (ends - begins) / 3600 == hours


MONDAY = datetime.date(2027, 3, 22)


def hours(person: Participant, zone: str = "Europe/Berlin", **more: Any) -> list[str]:
    """When somebody is free in the week of that Monday, on the clocks of a zone."""
    sunday = MONDAY + datetime.timedelta(days=6)
    held = free_times([person], MONDAY, sunday, timezone=zone, **more).of(person.id)
    return [f"{shown(start, zone):%a %H:%M} to {shown(end, zone):%a %H:%M}" for start, end in held]


def test_out_of_office_begins_at_midnight_and_other_hours_may_end_after_it():
    nights = [Window(day, 22 * 60, 26 * 60) for day in range(3)]
    tuesday = MONDAY + datetime.timedelta(days=1)
    away = someone("ann", None, *nights, exceptions=[Instead(tuesday, tuesday)])
    assert hours(away) == ["Mon 22:00 to Tue 00:00", "Wed 22:00 to Thu 02:00"]
    late = Instead(tuesday, tuesday, [Window(1, 23 * 60, 25 * 60)])
    assert hours(someone("ann", None, *nights, exceptions=[late])) == [
        "Mon 22:00 to Tue 00:00",
        "Tue 23:00 to Wed 01:00",
        "Wed 22:00 to Thu 02:00",
    ]


def test_a_traveller_s_hours_hang_on_the_clocks_of_the_day_in_the_other_zone():
    mornings = [Window(day, 9 * 60, 12 * 60) for day in range(5)]
    away = Travel(MONDAY, MONDAY + datetime.timedelta(days=1), "America/New_York")
    person = someone("ann", "Europe/Berlin", *mornings, travel=[away])
    assert hours(person)[:3] == [
        "Mon 14:00 to Mon 17:00",  # five hours ahead: only New York has summer time already
        "Tue 14:00 to Tue 17:00",
        "Wed 09:00 to Wed 12:00",
    ]


def test_on_holidays_nobody_is_free_whatever_they_state():
    friday = MONDAY + datetime.timedelta(days=4)
    stated = Instead(friday, friday, [Window(4, 9 * 60, 17 * 60)])
    person = someone("ann", None, Window(4, 540, 600), Window(3, 1320, 1500), exceptions=[stated])
    good_friday = datetime.date(2027, 3, 26)
    assert hours(person) == ["Thu 22:00 to Fri 00:00", "Fri 09:00 to Fri 17:00"]
    assert hours(person, holidays=[good_friday]) == ["Thu 22:00 to Fri 00:00"]


def test_working_hours_are_what_people_have_who_state_none():
    first, last = datetime.date(2027, 3, 22), datetime.date(2027, 4, 4)
    stated, silent = someone("ann", "Asia/Kolkata", *WORKING_HOURS), someone("bo", "Asia/Kolkata")
    free = free_times([stated, silent], first, last)
    assert free.of("ann") == free.of("bo") != ()
    assert free.of("nobody") == ()


def test_windows_are_cut_at_the_first_and_the_last_day():
    night = Window(0, 22 * 60, 26 * 60)
    monday, tuesday = datetime.date(2027, 3, 22), datetime.date(2027, 3, 23)
    start = (monday - datetime.date(1970, 1, 1)).days * DAY
    ann = someone("ann", "UTC", night)
    assert free_times([ann], monday, monday).of("ann") == ((start + 22 * 3600, start + DAY),)
    assert free_times([ann], tuesday, tuesday).of("ann") == ((start + DAY, start + DAY + 7200),)
    assert free_times([ann], tuesday, monday).of("ann") == ()


@pytest.mark.parametrize("start", [0, 1, 720, 1439])
@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Pacific/Kiritimati", "Pacific/Pago_Pago"),
        ("Pacific/Pago_Pago", "Pacific/Kiritimati"),
        ("Pacific/Apia", "Pacific/Kiritimati"),
        ("Pacific/Kiritimati", "Pacific/Apia"),
    ],
)
@pytest.mark.parametrize("first", [datetime.date(2027, 3, 22), datetime.date(2011, 12, 31)])
def test_who_is_always_free_is_free_all_the_time(theirs, ours, start, first):
    """However far apart the zones are."""
    always = [Window(day, start, start + 1440) for day in range(7)]
    last = first + datetime.timedelta(days=1)
    free = free_times([someone("ann", theirs, *always)], first, last, timezone=ours).of("ann")
    assert free == ((wall_clock(first, 0, ours), wall_clock(last, 1440, ours)),)
