"""The scheduler of meetings that come at whatever time leaves room for all the others."""

from __future__ import annotations

import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain

import attrs

from mentorkit.models import Free, Interval, Message, Placement, Slot, Unplaced, Wish
from mentorkit.scheduling import Asked, Board, Room, Spacing, fill, midnight, wall_clock

DAY = 24 * 60


@attrs.frozen
class Flexible(Spacing):
    """One meeting in each window of the cadence, as early in it as all the others leave room.

    The first window begins with the wish's first day, each of the others a cadence later.
    Times of day are multiples of `step` minutes after midnight. All wishes are served at once:
    as many meetings are placed as can be found, whosever they are.
    """

    step: int = attrs.field(
        default=30, validator=[attrs.validators.ge(5), attrs.validators.le(240)]
    )

    def place(self, wishes: Sequence[Wish], free: Free, seed: int) -> Placement:
        """Leaves nothing to chance: every seed gives the same placement."""
        room = Room(free, self)
        wanted = [
            one
            for wish in sorted(wishes, key=lambda wish: wish.id)
            for one in self._asked(wish, room)
        ]
        periods = room.periods if self.limits else None
        board = Board([one.asked for one in wanted], self.gap, periods)
        fill(board, range(len(wanted)))
        slots, unplaced = [], []
        for one, start in zip(wanted, board.at, strict=True):
            if start is None:
                unplaced.append(Unplaced(one.wish.id, one.number, one.cause()))
            else:
                slots.append(Slot(one.wish.id, one.number, start, start + one.asked.length))
        return Placement(slots=tuple(slots), unplaced=tuple(unplaced))

    def _asked(self, wish: Wish, room: Room) -> Iterator[_Wanted]:
        """Each meeting of a wish, with the starts at which it suits everyone."""
        grid = _grid(wish.first, wish.last, wish.timezone, self.step)
        common, length = room.common(wish), wish.minutes * 60
        for number in range(1, wish.count + 1):
            first = wish.first + datetime.timedelta(days=(number - 1) * wish.cadence)
            last = min(first + datetime.timedelta(days=wish.cadence - 1), wish.last)
            starts: tuple[int, ...] = ()
            if first <= last:
                after = last + datetime.timedelta(days=1)
                window = midnight(first, wish.timezone), midnight(after, wish.timezone)
                starts = tuple(_starts(grid, common, window, length))
            yield _Wanted(wish, number, first, last, Asked(wish.people, length, starts))


@attrs.frozen
class _Wanted:
    """One meeting of a wish, on one of its days."""

    wish: Wish
    number: int
    first: datetime.date
    last: datetime.date
    asked: Asked

    def cause(self) -> Message:
        """Why there is no place for it."""
        if self.first > self.last:
            return Message(
                "flexible-too-long",
                "meeting {number} would come after {last}, the last day",
                {"number": self.number, "last": self.wish.last.isoformat()},
            )
        values = {"first": self.first.isoformat(), "last": self.last.isoformat()}
        if self.asked.starts:
            said = "all times from {first} to {last} that suit everyone are taken by other meetings"
            return Message("flexible-taken", said, values)
        said = "no time from {first} to {last} is free for everyone for {minutes} minutes"
        return Message("flexible-no-time", said, {**values, "minutes": self.wish.minutes})


@lru_cache(maxsize=64)
def _grid(first: datetime.date, last: datetime.date, timezone: str, step: int) -> tuple[int, ...]:
    """The instants of the grid of all these days, each once."""
    days = (first + datetime.timedelta(days=n) for n in range((last - first).days + 1))
    every = chain.from_iterable(
        (wall_clock(day, minutes, timezone) for minutes in range(0, DAY, step)) for day in days
    )
    return tuple(dict.fromkeys(every))


def _starts(
    grid: Sequence[int], common: Sequence[Interval], window: Interval, length: int
) -> Iterator[int]:
    """The instants of the grid in a window at which so many seconds lie in `common`."""
    place = max(bisect_left(common, window) - 1, 0)
    while place < len(common) and common[place][0] < window[1]:
        opens, closes = common[place]
        low = bisect_left(grid, max(opens, window[0]))
        high = min(bisect_right(grid, closes - length), bisect_left(grid, window[1]))
        yield from grid[low:high]
        place += 1
