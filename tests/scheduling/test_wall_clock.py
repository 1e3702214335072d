"""Wall clocks against a search through all instants at which they could show a time."""

from __future__ import annotations

import datetime

import hypothesis.strategies as st
import pytest
from clock_changes import CHANGES, shown
from hypothesis import given, settings

from mentorkit.scheduling import wall_clock

QUARTER = 15 * 60
EPOCH = datetime.datetime(1970, 1, 1)


@st.composite
def times(draw) -> tuple[datetime.date, int, str]:
    zone, day = draw(st.sampled_from(CHANGES))
    day += datetime.timedelta(days=draw(st.integers(-2, 2)))
    return day, draw(st.integers(0, 2879)), zone


@given(times())
@settings(max_examples=300)
def test_a_time_that_clocks_show_is_when_they_show_it(time):
    day, minutes, zone = time
    local = datetime.datetime.combine(day, datetime.time()) + datetime.timedelta(minutes=minutes)
    as_if_utc = round((local - EPOCH).total_seconds())
    instants = range(as_if_utc - 26 * 3600, as_if_utc + 26 * 3600, QUARTER)
    found = [at for at in instants if shown(at, zone) == local]
    first, second = (wall_clock(day, minutes, zone, fold=fold) for fold in (0, 1))
    if found:
        assert (first, second) == (found[0], found[-1])
    else:
        assert first == second
        assert shown(first - 1, zone) < local < shown(first, zone)


@given(times(), st.integers(0, 2879), st.sampled_from([0, 1]))
def test_a_later_time_never_comes_earlier(time, other, fold):
    day, minutes, zone = time
    earlier, later = sorted([minutes, other])
    assert wall_clock(day, earlier, zone, fold=fold) <= wall_clock(day, later, zone, fold=fold)


@pytest.mark.parametrize(
    ("day", "minutes", "zone", "fold", "utc"),
    [
        ("2027-03-28", 150, "Europe/Berlin", 0, "2027-03-28T01:00"),  # skipped: 03:00 there
        ("2027-03-28", 120, "Europe/Berlin", 0, "2027-03-28T01:00"),
        ("2027-03-28", 179, "Europe/Berlin", 1, "2027-03-28T01:00"),
        ("2027-10-31", 150, "Europe/Berlin", 0, "2027-10-31T00:30"),
        ("2027-10-31", 150, "Europe/Berlin", 1, "2027-10-31T01:30"),
        ("2011-12-30", 600, "Pacific/Apia", 0, "2011-12-30T10:00"),  # 31 December there
        ("1969-12-31", 1439, "UTC", 0, "1969-12-31T23:59"),
    ],
)
def test_known_times(day, minutes, zone, fold, utc):
    at = wall_clock(datetime.date.fromisoformat(day), minutes, zone, fold=fold)
    assert EPOCH + datetime.timedelta(seconds=at) == datetime.datetime.fromisoformat(utc)
