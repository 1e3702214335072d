"""How meetings keep their distance, and the time that they leave to others."""

from __future__ import annotations

import datetime
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import reduce
from zoneinfo import ZoneInfo

import attrs

from mentorkit.models import Free, Interval, Wish
from mentorkit.models.plain import whole
from mentorkit.scheduling.intervals import difference, intersection
from mentorkit.scheduling.wall_clock import midnight

DAY = 24 * 60
BEGINNING = -(2**62)
"""Before everything."""

_minutes = whole(0, 7 * DAY)
_most = attrs.validators.optional(whole(1, 1000))


@attrs.frozen
class Spacing:
    """What a scheduler's settings ask of every meeting; a scheduler's own settings go on from it.

    Each person has nothing else, neither a meeting nor another appointment, for `before`
    minutes before it and `after` minutes after it. It begins `notice` minutes from now or
    later. A person has at most so many meetings `daily`, `weekly` (from Monday) and `monthly`,
    in the days of their own zone, whether they are planned or held already: a meeting counts
    wherever it touches.
    """

    before: int = attrs.field(default=0, kw_only=True, validator=_minutes)
    after: int = attrs.field(default=0, kw_only=True, validator=_minutes)
    notice: int = attrs.field(default=0, kw_only=True, validator=whole(0, 365 * DAY))
    daily: int | None = attrs.field(default=None, kw_only=True, validator=_most)
    weekly: int | None = attrs.field(default=None, kw_only=True, validator=_most)
    monthly: int | None = attrs.field(default=None, kw_only=True, validator=_most)

    @property
    def gap(self) -> int:
        """Seconds between two meetings of a person, at least."""
        return max(self.before, self.after) * 60

    @property
    def limits(self) -> tuple[tuple[str, int], ...]:
        """The limits that there are: the period's name, and how many meetings."""
        held = {"daily": self.daily, "weekly": self.weekly, "monthly": self.monthly}
        return tuple((name, most) for name, most in held.items() if most is not None)


Period = tuple[int, int]
"""A day, a week or a month of somebody's: when it begins, and when it ends."""


def periods(name: str, slot: Interval, zone: str) -> Iterator[Period]:
    """The days, weeks or months, by the name of their limit, that a meeting touches."""
    first, last = (_day(at, zone) for at in (slot[0], slot[1] - 1))
    day = _begins(name, first)
    while day <= last:
        after = _begins(name, day + datetime.timedelta(days=_LONGEST[name]))
        yield midnight(day, zone), midnight(after, zone)
        day = after


_LONGEST = {"daily": 1, "weekly": 7, "monthly": 31}


def _begins(name: str, day: datetime.date) -> datetime.date:
    """The first day of the period in which a day is."""
    if name == "weekly":
        return day - datetime.timedelta(days=day.weekday())
    return day.replace(day=1) if name == "monthly" else day


def _day(at: int, zone: str) -> datetime.date:
    return datetime.datetime.fromtimestamp(at, ZoneInfo(zone)).date()


class Room:
    """What is left of people's time for meetings, while these are placed one by one.

    Whatever lies in it keeps the spacing: around what is there already, and within the limits.
    """

    def __init__(self, free: Free, spacing: Spacing) -> None:
        self._free = free
        self._spacing = spacing
        self._left: dict[str, list[Interval]] = {}
        self._counts: dict[str, Counter[Period]] = {}

    def of(self, person: str) -> list[Interval]:
        """When a person may be in one meeting more: disjoint intervals in order."""
        if person not in self._left:
            self._left[person] = list(self._at_first(person))
        return self._left[person]

    def common(self, wish: Wish) -> tuple[Interval, ...]:
        """When all of a wish's people may meet, on its days."""
        opens = midnight(wish.first, wish.timezone)
        closes = midnight(wish.last + datetime.timedelta(days=1), wish.timezone)
        if not wish.people:
            return ((opens, closes),)
        return tuple(_within(reduce(intersection, map(self.of, wish.people)), opens, closes))

    def fits(self, people: Iterable[str], slot: Interval) -> bool:
        """Whether all of them may meet then."""
        return all(_lies_in(slot, self.of(person)) for person in people)

    def take(self, people: Iterable[str], slot: Interval) -> None:
        """A meeting of these people is placed there."""
        gap = self._spacing.gap
        for person in people:
            _cut(self.of(person), (slot[0] - gap, slot[1] + gap))
            for period in self._count(person, [slot]):
                _cut(self.of(person), period)

    def periods(self, person: str, slot: Interval) -> list[tuple[tuple[str, Interval], int]]:
        """The periods with a limit in which a meeting counts, and how many more each can hold."""
        load, zone = self._load(person), self._free.zones.get(person, "UTC")
        return [
            ((person, period), most - load[period])
            for name, most in self._spacing.limits
            for period in periods(name, slot, zone)
        ]

    def _load(self, person: str) -> Counter[Period]:
        return self._counts.setdefault(person, Counter())

    def _at_first(self, person: str) -> tuple[Interval, ...]:
        left = self._free.of(person)
        spacing, meetings = self._spacing, self._free.meetings.get(person, ())
        after, before = spacing.after * 60, spacing.before * 60
        others = [(start - after, end + before) for start, end in self._free.busy.get(person, ())]
        others += [(start - spacing.gap, end + spacing.gap) for start, end in meetings]
        if self._free.now is not None:
            others.append((BEGINNING, self._free.now + spacing.notice * 60))
        others += self._count(person, meetings)
        return difference(left, others)

    def _count(self, person: str, slots: Iterable[Interval]) -> list[Period]:
        """Count meetings; gives the periods in which there can be no more."""
        load, zone = self._load(person), self._free.zones.get(person, "UTC")
        full = []
        for name, most in self._spacing.limits:
            for slot in slots:
                for period in periods(name, slot, zone):
                    load[period] += 1
                    if load[period] >= most:
                        full.append(period)
        return full


def _lies_in(slot: Interval, intervals: list[Interval]) -> bool:
    place = bisect_right(intervals, (slot[0], 2**62)) - 1
    return place >= 0 and slot[1] <= intervals[place][1]


def _within(intervals: Iterable[Interval], opens: int, closes: int) -> Iterator[Interval]:
    clipped = ((max(start, opens), min(end, closes)) for start, end in intervals)
    return (interval for interval in clipped if interval[0] < interval[1])


def _cut(intervals: list[Interval], taken: Interval) -> None:
    """Take an interval out of disjoint ones in order."""
    start, end = taken
    low = bisect_left(intervals, (start, start))
    if low and intervals[low - 1][1] > start:
        low -= 1
    high = bisect_left(intervals, (end, end), lo=low)
    rest = [
        (opens, closes)
        for opens, closes in (
            (intervals[low][0], start) if low < high else (0, 0),
            (end, intervals[high - 1][1]) if low < high else (0, 0),
        )
        if opens < closes
    ]
    intervals[low:high] = rest
