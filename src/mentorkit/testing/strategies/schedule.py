"""Wishes for meetings, and the time that people have."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import hypothesis.strategies as st

from mentorkit.models import Free, Interval, Wish
from mentorkit.scheduling import difference
from mentorkit.testing.strategies.picks import Picks, written
from mentorkit.testing.strategies.vocabulary import ZONES

FIRST = datetime.date(2026, 3, 23)
"""A Monday; clocks change on the Sunday after it in Berlin, and on the one after that in Auckland,
and elsewhere not at all."""

_PEOPLE = ("p00", "p01", "p02", "p03")
_START = int(datetime.datetime.combine(FIRST, datetime.time(), datetime.UTC).timestamp())
_STARTS = (0, 9, 6, 14, 23)
_HOURS = (24, 8, 2, 1)


def timetables() -> st.SearchStrategy[tuple[tuple[Wish, ...], Free]]:
    """Up to four wishes for meetings of up to three people each, and when these have time.

    Some wishes are impossible: for want of days, of common time, or of any time at all.
    """
    return written(96, timetable_from)


def timetable_from(picks: Picks) -> tuple[tuple[Wish, ...], Free]:
    """The wishes and the free time that these picks write down."""
    wishes = tuple(_wish(f"w{number}", picks) for number in range(picks.one((2, 1, 3, 4, 0))))
    taken = {person: _hours(picks) for person in _PEOPLE if picks.upto(2)}
    busy = {person: held for person, held in taken.items() if picks.upto(1)}
    meetings = {person: held for person, held in taken.items() if person not in busy}
    zones = {person: "Pacific/Auckland" for person in _PEOPLE if picks.upto(1)}
    now = picks.one((_START, None, _START + 30 * 3600))
    # What takes most of the picks comes last: these may end.
    shared = _times(picks)
    times = {person: picks.one((shared, shared, shared, _times(picks))) for person in _PEOPLE}
    left = {
        person: difference(held, taken[person]) if person in taken else held
        for person, held in times.items()
        if held
    }
    return wishes, Free(times=left, meetings=meetings, busy=busy, zones=zones, now=now)


_LIMITS = ("daily", "weekly", "monthly")


def spacings() -> st.SearchStrategy[dict[str, int]]:
    """Settings of a `Spacing`: most ask for nothing, and some for more than can be."""
    minutes = st.sampled_from([0, 15, 60, 120])
    most = st.sampled_from([1, 2])
    asked = {"before": minutes, "after": minutes, "notice": st.sampled_from([600, 6000])}
    return st.fixed_dictionaries({}, optional={**asked, **dict.fromkeys(_LIMITS, most)})


def wishes() -> st.SearchStrategy[Wish]:
    """A wish, which may be impossible."""
    return written(16, lambda picks: _wish("w0", picks))


def free_times() -> st.SearchStrategy[Free]:
    """When up to four people have time."""
    return timetables().map(lambda held: held[1])


def _wish(own: str, picks: Picks) -> Wish:
    size = picks.one((2, 2, 3, 1))
    at = picks.one((0, 1, 3))
    first = FIRST + datetime.timedelta(days=picks.upto(5))
    return Wish(
        id=own,
        people=tuple(sorted((_PEOPLE * 2)[at : at + size])),
        count=1 + picks.upto(3),
        cadence=picks.one((7, 1, 2, 3, 14)),
        minutes=picks.one((60, 30, 60, 90, 15, 600)),
        timezone=picks.one(ZONES),
        first=first,
        last=first + datetime.timedelta(days=picks.one((28, 3, 14, 0, 1))),
    )


def _hours(picks: Picks) -> tuple[Interval, ...]:
    """One or two hours that are taken, in the first days."""
    hours = {24 * picks.upto(3) + picks.one((9, 10, 14, 6)) for _ in range(2)}
    starts = {_START + 3600 * hour for hour in hours}
    return tuple((start, start + 3600) for start in sorted(starts))


def _times(picks: Picks) -> tuple[Interval, ...]:
    """The same hours of one time zone every few days, for some weeks; spans may touch."""
    hour, hours = picks.one(_STARTS), picks.one(_HOURS)
    every, zone = picks.one((1, 1, 2, 7)), ZoneInfo(picks.one(("UTC", "Europe/Berlin")))
    found: list[Interval] = []
    for day in range(picks.upto(3), picks.one((35, 35, 14, 35, 0)), every):
        opens = datetime.datetime.combine(
            FIRST + datetime.timedelta(days=day), datetime.time(hour), zone
        )
        start = max(int(opens.timestamp()), found[-1][1] if found else 0)
        found.append((start, start + 3600 * hours))
        if hours < 8 and picks.upto(3) == 3:
            found.append((start + 3600 * hours, start + 3600 * (hours + 1)))
    return tuple(found)
