"""When people have time: the windows that hold on the days of a calendar, less what is busy."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import TypeVar

import attrs

from mentorkit.models import Free, FrozenMap, Instead, Interval, Participant, Travel, Window
from mentorkit.scheduling.intervals import difference, intersection
from mentorkit.scheduling.wall_clock import wall_clock

WORKING_HOURS = tuple(Window(weekday, 9 * 60, 17 * 60) for weekday in range(5))
"""The windows of people who state none: Monday to Friday, 09:00 to 17:00."""

DAY = 24 * 60
REACH = 3
"""Days by which zones and windows past midnight can carry a window over a boundary."""
AROUND = datetime.timedelta(days=REACH)
NOTHING: FrozenMap[Iterable[Interval]] = FrozenMap({})
NEVER: frozenset[datetime.date] = frozenset()
D = TypeVar("D", Instead, Travel)


def free_times(
    people: Iterable[Participant],
    first: datetime.date,
    last: datetime.date,
    *,
    timezone: str = "UTC",
    busy: Mapping[str, Iterable[Interval]] = NOTHING,
    holidays: Collection[datetime.date] = NEVER,
) -> Free:
    """When each of `people` is free from the start of `first` to the end of `last`.

    Those days are `timezone`'s, and so are the windows of people who name no zone.
    Everyone's windows hang on the clocks of the zone in which they are on the day: 09:00 to
    17:00 stays so all year. On nights when clocks change, a window lasts from the first
    instant at which they show its start or more to the last at which they show less than its
    end. Who states no availability has `WORKING_HOURS`. On the days of an exception its
    windows hold alone, on `holidays` none, whatever somebody states; what begins the day
    before then ends at midnight. `busy` is taken out, by the person's id, in any order.
    """
    bounds = (wall_clock(first, 0, timezone), wall_clock(last, DAY, timezone))
    days = [
        first + datetime.timedelta(days=number)
        for number in range(-REACH, (last - first).days + REACH + 1)
    ]
    closed = frozenset(holidays)

    # Most people share their windows with others, whose every day is then reckoned once.
    @cache
    def occurrences(window: Window, zone: str) -> tuple[Interval, ...]:
        return tuple(on_day(window, day, zone) for day in days if day.weekday() == window.weekday)

    @cache
    def weekly(windows: tuple[Window, ...], zone: str) -> tuple[Interval, ...]:
        every = chain.from_iterable(occurrences(window, zone) for window in windows)
        return intersection(every, [bounds])

    @cache
    def dated(hours: _Hours) -> tuple[Interval, ...]:
        return intersection(hours.on(days, closed), [bounds])

    def of(participant: Participant) -> tuple[Interval, ...]:
        hours = _Hours.of(participant, timezone)
        plain = not (hours.exceptions or hours.travel or closed)
        free = weekly(hours.windows, hours.zone) if plain else dated(hours)
        taken = busy.get(participant.id)
        return free if taken is None else difference(free, taken)

    return Free(times=FrozenMap({participant.id: of(participant) for participant in people}))


@attrs.frozen
class _Hours:
    """What somebody states of their time."""

    windows: tuple[Window, ...]
    exceptions: tuple[Instead, ...]
    travel: tuple[Travel, ...]
    zone: str

    @classmethod
    def of(cls, participant: Participant, timezone: str) -> _Hours:
        return cls(
            participant.availability or WORKING_HOURS,
            participant.exceptions,
            participant.travel,
            participant.person.timezone or timezone,
        )

    def on(
        self, days: Sequence[datetime.date], holidays: Collection[datetime.date]
    ) -> Iterator[Interval]:
        """The windows that begin on each of these days, in the zone of the day."""
        exceptions, journeys = _by_day(self.exceptions, days), _by_day(self.travel, days)
        held = {day: _HOLIDAY if day in holidays else exceptions.get(day) for day in days}
        for day in days:
            rule, journey = held[day], journeys.get(day)
            after = held.get(day + datetime.timedelta(days=1))
            longest = 2 * DAY if after is None or after is rule else DAY
            zone = self.zone if journey is None else journey.timezone
            for window in self.windows if rule is None else rule.windows:
                if window.weekday == day.weekday():
                    yield on_day(window, day, zone, longest)


_HOLIDAY = Instead(datetime.date.min, datetime.date.max)


def _by_day(spans: Iterable[D], days: Collection[datetime.date]) -> dict[datetime.date, D]:
    return {day: span for span in spans for day in days if span.first <= day <= span.last}


def on_day(window: Window, day: datetime.date, zone: str, latest: int = 2 * DAY) -> Interval:
    """A window as it falls on a day, up to so many minutes after that day's midnight."""
    return wall_clock(day, window.start, zone), _end(day, min(window.end, latest), zone)


def _end(day: datetime.date, minutes: int, zone: str) -> int:
    """Where clocks show 02:00 to 03:00 twice, 02:00 is the first, and 02:30 the second."""
    last_minute = wall_clock(day, minutes - 1, zone, fold=1) + 60
    return min(last_minute, wall_clock(day, minutes, zone, fold=1))
