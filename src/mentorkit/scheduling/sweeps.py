"""The most of some meetings that can be placed, by a sweep over time.

Dynamic programming over the starts in the order of time. Of two ways to come as far, of which
the same meetings are still to be placed and the same people are still busy, only the better
goes on. What cannot beat the board as it is goes no further, so that a proof that nothing is
better is short.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from mentorkit.scheduling.board import Board

State = tuple[int, tuple[int, ...], tuple[int, ...]]
"""Which meetings are placed that could still be, as bits, until when people are busy, and how
many meetings are in each period that is not over."""
Way = tuple[int, int, Any]
"""How many are left over, how late the others come in all, and the way as a chain of pairs."""


def sweep(board: Board, meetings: Sequence[int], ways: int) -> Mapping[int, int]:
    """Starts for more of these meetings than are on the board now; nothing if there are none.

    Among those it gives the earliest in all. `meetings` are all that could be in one another's
    way. Nothing, too, where more than so many ways would have to be looked at.
    """
    left = sum(1 for one in meetings if board.at[one] is None)
    able = [one for one in meetings if board.asked[one].starts]
    most = left - 1 - (len(meetings) - len(able))
    return _Sweep.over(board, able).best(most, ways) if most >= 0 else {}


@attrs.frozen
class _Event:
    """A start of one of the meetings, which are known by their places."""

    start: int
    which: int
    ends: int
    """When its people are free again."""
    late: int
    """Seconds after the meeting's first start."""
    last: bool
    """Whether the meeting has no other start after it."""
    people: tuple[int, ...]
    """Those whom other meetings need too."""
    periods: tuple[int, ...]
    """Those that it counts in, of which there could be too many."""
    over: tuple[int, ...]
    """The periods in which no start comes after this one."""


@attrs.frozen
class _Sweep:
    """The starts of some meetings in the order of time."""

    names: Sequence[int]
    events: Sequence[_Event]
    people: int
    room: Sequence[int]
    """How many meetings each period can hold."""

    @classmethod
    def over(cls, board: Board, meetings: Sequence[int]) -> _Sweep:
        asked = [board.asked[one] for one in meetings]
        often = Counter(person for one in asked for person in one.people)
        shared = {person: n for n, person in enumerate(p for p in often if often[p] > 1)}
        order = sorted((start, which) for which, one in enumerate(asked) for start in one.starts)
        inside = [dict(board.counted(meetings[which], start)) for start, which in order]
        room = {period: most for held in inside for period, most in held.items()}
        numbers = {period: n for n, period in enumerate(room)}
        ends = {period: place for place, held in enumerate(inside) for period in held}
        over: dict[int, list[int]] = {}
        for period, place in ends.items():
            over.setdefault(place, []).append(numbers[period])
        events = [
            _Event(
                start=start,
                which=which,
                ends=start + asked[which].length + board.gap,
                late=start - asked[which].starts[0],
                last=start == asked[which].starts[-1],
                people=tuple(shared[one] for one in asked[which].people if one in shared),
                periods=tuple(numbers[period] for period in held),
                over=tuple(over.get(place, ())),
            )
            for place, ((start, which), held) in enumerate(zip(order, inside, strict=True))
        ]
        return cls(meetings, events, len(shared), list(room.values()))

    def best(self, most: int, limit: int) -> dict[int, int]:
        """The best way that leaves at most so many over, if it is found in time."""
        begun: State = (0, (0,) * self.people, (0,) * len(self.room))
        ways: dict[State, Way] = {begun: (0, 0, None)}
        looked_at = 0
        for event in self.events:
            ways = self._after(event, ways, most)
            looked_at += len(ways)
            if not ways or looked_at > limit:
                return {}
        _, _, way = min(ways.values(), key=lambda way: way[:2])
        found = {}
        while way is not None:
            (which, start), way = way
            found[self.names[which]] = start
        return found

    def _after(self, event: _Event, ways: dict[State, Way], most: int) -> dict[State, Way]:
        """The ways after one start more, which is taken or not."""
        bit = 1 << event.which
        found: dict[State, Way] = {}
        for (placed, busy, counts), (lost, late, way) in ways.items():
            there = bool(placed & bit)
            busy = tuple(0 if until <= event.start else until for until in busy)
            left = lost + (event.last and not there)
            if left <= most:
                _keep(found, self._state(event, placed, busy, counts), (left, late, way))
            if not there and self._open(event, busy, counts):
                after = _with(busy, event.people, lambda _: event.ends)
                more = _with(counts, event.periods, lambda count: count + 1)
                state = self._state(event, placed | bit, after, more)
                _keep(found, state, (lost, late + event.late, ((event.which, event.start), way)))
        return found

    def _open(self, event: _Event, busy: Sequence[int], counts: Sequence[int]) -> bool:
        return not any(busy[one] for one in event.people) and all(
            counts[period] < self.room[period] for period in event.periods
        )

    def _state(
        self, event: _Event, placed: int, busy: tuple[int, ...], counts: tuple[int, ...]
    ) -> State:
        """What matters after an event: what is over, matters no more."""
        kept = placed & ~(1 << event.which) if event.last else placed
        return kept, busy, _with(counts, event.over, lambda _: 0)


def _with(
    held: tuple[int, ...], places: Sequence[int], change: Callable[[int], int]
) -> tuple[int, ...]:
    if not places:
        return held
    changed = list(held)
    for place in places:
        changed[place] = change(changed[place])
    return tuple(changed)


def _keep(ways: dict[State, Way], state: State, way: Way) -> None:
    known = ways.get(state)
    if known is None or way[:2] < known[:2]:
        ways[state] = way
