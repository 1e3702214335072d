"""When people have time: their weekly windows on the days of a calendar, less what is busy."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import chain

from mentorkit.models import Free, FrozenMap, Interval, Participant, Window
from mentorkit.scheduling.intervals import difference, intersection
from mentorkit.scheduling.wall_clock import wall_clock

WORKING_HOURS = tuple(Window(weekday, 9 * 60, 17 * 60) for weekday in range(5))
"""The windows of people who state none: Monday to Friday, 09:00 to 17:00."""

DAY = 24 * 60
REACH = 3
"""Days by which zones and windows past midnight can carry a window over a boundary."""
NOTHING: FrozenMap[Iterable[Interval]] = FrozenMap({})


def free_times(
    people: Iterable[Participant],
    first: datetime.date,
    last: datetime.date,
    *,
    timezone: str = "UTC",
    busy: Mapping[str, Iterable[Interval]] = NOTHING,
) -> Free:
    """When each of `people` is free from the start of `first` to the end of `last`.

    Those days are `timezone`'s, and so are the windows of people who name no zone.
    Everyone's windows hang on the clocks of their own zone: 09:00 to 17:00 stays so all
    year. On nights when clocks change, a window lasts from the first instant at which they
    show its start or more to the last at which they show less than its end. Who states no
    availability has `WORKING_HOURS`. `busy` is taken out, by the person's id, in any order.
    """
    bounds = (wall_clock(first, 0, timezone), wall_clock(last, DAY, timezone))
    days = [
        first + datetime.timedelta(days=number)
        for number in range(-REACH, (last - first).days + REACH + 1)
    ]

    # Most people share their windows with others, whose every day is then reckoned once.
    @cache
    def occurrences(window: Window, zone: str) -> tuple[Interval, ...]:
        return tuple(
            (wall_clock(day, window.start, zone), _end(day, window.end, zone))
            for day in days
            if day.weekday() == window.weekday
        )

    @cache
    def stated(windows: tuple[Window, ...], zone: str) -> tuple[Interval, ...]:
        every = chain.from_iterable(occurrences(window, zone) for window in windows)
        return intersection(every, [bounds])

    def of(participant: Participant) -> tuple[Interval, ...]:
        windows = participant.availability or WORKING_HOURS
        free = stated(windows, participant.person.timezone or timezone)
        taken = busy.get(participant.id)
        return free if taken is None else difference(free, taken)

    return Free(times=FrozenMap({participant.id: of(participant) for participant in people}))


def _end(day: datetime.date, minutes: int, zone: str) -> int:
    """Where clocks show 02:00 to 03:00 twice, 02:00 is the first, and 02:30 the second."""
    last_minute = wall_clock(day, minutes - 1, zone, fold=1) + 60
    return min(last_minute, wall_clock(day, minutes, zone, fold=1))
