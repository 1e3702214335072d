"""Meetings on a board: where each stands, and what has to make way for another."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

import attrs

from mentorkit.models import Interval

Periods = Callable[[str, Interval], Sequence[tuple[tuple[str, Interval], int]]]
"""The periods of a person's that a meeting counts in, each with how many more it can hold."""


@attrs.frozen
class Asked:
    """A meeting to be placed: whose it is, how many seconds it lasts, and when it may begin.

    `starts` are in the order of time, each once; the earlier the better.
    """

    people: tuple[str, ...]
    length: int
    starts: Sequence[int]


class Board:
    """Meetings by number, some of them placed. Two of a person's are `gap` seconds apart."""

    def __init__(
        self, asked: Sequence[Asked], gap: int = 0, periods: Periods | None = None
    ) -> None:
        self.asked = asked
        self.at: list[int | None] = [None] * len(asked)
        self.gap = gap
        self._periods = periods
        self._reach = max((one.length for one in asked), default=0) + gap
        # Of somebody who is in one meeting alone, no other can be in the way.
        often = Counter(person for one in asked for person in one.people)
        self._shared = [
            tuple(person for person in one.people if often[person] > 1) for one in asked
        ]
        self._placed: dict[str, list[tuple[int, ...]]] = {person: [] for person in often}
        self._within: dict[tuple[str, Interval], list[int]] = {}

    def put(self, meeting: int, start: int) -> None:
        """Place a meeting; whatever is in its way has made way."""
        self.at[meeting] = start
        for person in self._shared[meeting]:
            insort(self._placed[person], (start, meeting))
        for period, _ in self.counted(meeting, start):
            self._within.setdefault(period, []).append(meeting)

    def take(self, meeting: int) -> int:
        """Take a meeting off the board; gives where it was."""
        start = self.at[meeting]
        assert start is not None
        self.at[meeting] = None
        for person in self._shared[meeting]:
            placed = self._placed[person]
            del placed[bisect_left(placed, (start, meeting))]
        for period, _ in self.counted(meeting, start):
            self._within[period].remove(meeting)
        return start

    def in_the_way(self, meeting: int, start: int) -> list[int]:
        """The placed meetings that have to make way for one to begin then."""
        found: list[int] = []
        begins, ends = start - self.gap, start + self.asked[meeting].length + self.gap
        for person in self._shared[meeting]:
            placed = self._placed[person]
            place = bisect_left(placed, (ends,))
            while place and placed[place - 1][0] > start - self._reach:
                place -= 1
                at, other = placed[place]
                if at + self.asked[other].length > begins and other not in found:
                    found.append(other)
        if self._periods is not None:
            self._over_limits(meeting, start, found)
        return found

    def _over_limits(self, meeting: int, start: int, found: list[int]) -> None:
        """Add the meetings that have to make way because a person has too many in a period."""
        for period, most in self.counted(meeting, start):
            inside = self._within.get(period, [])
            staying = [other for other in inside if other not in found]
            found += staying[: max(0, len(staying) + 1 - most)]

    def counted(self, meeting: int, start: int) -> Iterator[tuple[tuple[str, Interval], int]]:
        """The periods in which it would count then, and how many more each can hold."""
        if self._periods is not None:
            one = self.asked[meeting]
            for person in one.people:
                yield from self._periods(person, (start, start + one.length))

    def related(self, meetings: Iterable[int]) -> list[int]:
        """These meetings, and all that could ever be in their way or in the way of those."""
        found = set(meetings)
        left = sorted(found)
        while left:
            one = left.pop()
            if not self.asked[one].starts:
                continue
            begins, ends = self._span(one)
            for person in self._shared[one]:
                for other in self._of[person]:
                    low, high = self._span(other)
                    near = self._periods is not None or (low < ends and begins < high)
                    if near and other not in found:
                        found.add(other)
                        left.append(other)
        return sorted(found)

    def _span(self, meeting: int) -> Interval:
        """When it could be, with the time after it that belongs to no other."""
        one = self.asked[meeting]
        if not one.starts:
            return 0, 0
        return one.starts[0], one.starts[-1] + one.length + self.gap

    @cached_property
    def _of(self) -> dict[str, list[int]]:
        """The meetings of each person."""
        found: dict[str, list[int]] = {}
        for meeting, one in enumerate(self.asked):
            for person in one.people:
                found.setdefault(person, []).append(meeting)
        return found
