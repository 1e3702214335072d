"""The scheduler of a regular series."""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

import attrs

from mentorkit.models import Free, Interval, Message, Placement, Slot, Unplaced, Wish
from mentorkit.scheduling import Room, Spacing, wall_clock

DAY = 24 * 60
WEEK = 7


@attrs.frozen
class Series(Spacing):
    """Meetings on the same day at the same time, as far as everyone is free.

    Times of day are multiples of `step` minutes after midnight. Each wish takes the weekday
    and the time at which most of its meetings suit everyone (the earliest of several), and
    gives each of the others the nearest time that does, before the next one's day begins.
    Wishes are served in the order of their ids.
    """

    step: int = attrs.field(
        default=30, validator=[attrs.validators.ge(5), attrs.validators.le(240)]
    )

    def place(self, wishes: Sequence[Wish], free: Free, seed: int) -> Placement:
        """Leaves nothing to chance: every seed gives the same placement."""
        room = Room(free, self)
        slots: list[Slot] = []
        unplaced: list[Unplaced] = []
        for wish in sorted(wishes, key=lambda wish: wish.id):
            days, found = _Search(wish, self.step, room).found()
            for number in range(1, wish.count + 1):
                if number in found:
                    slots.append(Slot(wish.id, number, *found[number]))
                else:
                    unplaced.append(Unplaced(wish.id, number, _cause(wish, number, days)))
        return Placement(slots=tuple(slots), unplaced=tuple(unplaced))


def _ends(wish: Wish, day: datetime.date) -> int:
    return wall_clock(day, DAY, wish.timezone)


@lru_cache(maxsize=8192)
def _grid(day: datetime.date, timezone: str, step: int) -> tuple[int, ...]:
    """The instants of a day's grid; where clocks skip a time, some of them are the same."""
    return tuple(wall_clock(day, minutes, timezone) for minutes in range(0, DAY, step))


@attrs.frozen
class _Search:
    """Looks for one wish's times in the room that is left, and takes them."""

    wish: Wish
    step: int
    room: Room

    def found(self) -> tuple[list[datetime.date], dict[int, Interval]]:
        """The days on which the series falls, and the meetings found, by number."""
        first_days = range(min(WEEK, (self.wish.last - self.wish.first).days + 1))
        common = self.room.common(self.wish)
        series = [self._best(self._days(number), common) for number in first_days]
        if not series:
            return [], {}
        _, index, days = max(series, key=lambda one: one[0])
        regular = self._regular(days, index)
        return days, regular | self._moved(days, index, regular.keys())

    def _days(self, skipped: int) -> list[datetime.date]:
        first = self.wish.first.toordinal() + skipped
        every = range(first, self.wish.last.toordinal() + 1, self.wish.cadence)
        return [datetime.date.fromordinal(day) for day in every[: self.wish.count]]

    def _best(
        self, days: list[datetime.date], common: tuple[Interval, ...]
    ) -> tuple[int, int, list[datetime.date]]:
        """How many meetings suit at the best time of day, and that time's place in the grid."""
        changes = [0] * (len(range(0, DAY, self.step)) + 1)
        for day in days:
            for low, high in self._fitting(day, self._closes(day), common):
                changes[low] += 1
                changes[high] -= 1
        suited = list(accumulate(changes))
        most = max(suited)
        return most, suited.index(most), days

    def _regular(self, days: list[datetime.date], index: int) -> dict[int, Interval]:
        found: dict[int, Interval] = {}
        ends = _ends(self.wish, self.wish.last)
        for number, day in enumerate(days, 1):
            slot = self._slot(self._starts(day)[index])
            on_its_days = slot[0] < self._closes(day) and slot[1] <= ends
            if on_its_days and self.room.fits(self.wish.people, slot):
                found[number] = slot
                self.room.take(self.wish.people, slot)
        return found

    def _moved(
        self, days: list[datetime.date], index: int, regular: Collection[int]
    ) -> dict[int, Interval]:
        """Meetings at another time than the regular one, each as near to it as can be."""
        found: dict[int, Interval] = {}
        room = self.room.common(self.wish)
        for number, day in enumerate(days, 1):
            if number in regular:
                continue
            wanted = self._starts(day)[index]
            starts = self._near(day, wanted, room)
            start = min(starts, key=lambda start: (abs(start - wanted), start), default=None)
            if start is not None:
                found[number] = self._slot(start)
                self.room.take(self.wish.people, found[number])
                room = self.room.common(self.wish)
        return found

    def _near(self, first: datetime.date, wanted: int, room: tuple[Interval, ...]) -> Iterator[int]:
        """Of each stretch of starts until the next meeting's day the one nearest to `wanted`,
        which lies in none of them."""
        closes = self._closes(first)
        for number in range(_span(self.wish, first)):
            day = first + datetime.timedelta(days=number)
            starts = self._starts(day)
            after = bisect_left(starts, wanted)
            for low, high in self._fitting(day, closes, room):
                yield starts[min(max(after, low), high - 1)]

    def _fitting(
        self, day: datetime.date, closes: int, room: tuple[Interval, ...]
    ) -> Iterator[tuple[int, int]]:
        """Half-open ranges of places in the day's grid at which a meeting fits into `room`
        and begins before `closes`."""
        starts = self._starts(day)
        length = self.wish.minutes * 60
        place = max(bisect_left(room, (starts[0],)) - 1, 0)
        while place < len(room) and room[place][0] <= starts[-1]:
            opens, ends = room[place]
            low = bisect_left(starts, opens)
            high = bisect_left(starts, min(ends - length + 1, closes))
            if low < high:
                yield low, high
            place += 1

    def _closes(self, day: datetime.date) -> int:
        """When the days of the meeting of `day` are over."""
        last = day + datetime.timedelta(days=_span(self.wish, day) - 1)
        return _ends(self.wish, last)

    def _starts(self, day: datetime.date) -> tuple[int, ...]:
        return _grid(day, self.wish.timezone, self.step)

    def _slot(self, start: int) -> Interval:
        return start, start + self.wish.minutes * 60


def _span(wish: Wish, day: datetime.date) -> int:
    """How many days the meeting of `day` may move over, that day included."""
    return min(wish.cadence, (wish.last - day).days + 1)


def _cause(wish: Wish, number: int, days: list[datetime.date]) -> Message:
    if number > len(days):
        return Message(
            "series-too-long",
            "meeting {number} of the series would come after {last}, the last day",
            {"number": number, "last": wish.last.isoformat()},
        )
    day = days[number - 1]
    last = day + datetime.timedelta(days=_span(wish, day) - 1)
    values = {"minutes": wish.minutes, "first": day.isoformat(), "last": last.isoformat()}
    if day == last:
        said = "no time on {first} is free for everyone for {minutes} minutes"
        return Message("series-no-time-on-day", said, values)
    said = "no time from {first} to {last} is free for everyone for {minutes} minutes"
    return Message("series-no-time", said, values)
