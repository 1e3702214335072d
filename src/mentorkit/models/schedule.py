"""What schedulers are asked, and what they answer.

Instants are whole seconds since 1970 in UTC; intervals are half open.
"""

from __future__ import annotations

import datetime

import attrs

from mentorkit.models.frozenmap import EMPTY, FrozenMap, frozen_map
from mentorkit.models.message import Message
from mentorkit.models.plain import known_zone, whole

Interval = tuple[int, int]
"""A start and an end: seconds since 1970 in UTC, half open."""


@attrs.frozen(kw_only=True)
class Wish:
    """Meetings that people want: `count` of them, every `cadence` days, `minutes` long.

    The first day is `first`, the last `last`, both in `timezone`, in which the meeting
    keeps its time of day.
    """

    id: str
    people: tuple[str, ...]
    count: int = attrs.field(validator=whole(1, 10_000))
    cadence: int = attrs.field(validator=whole(1, 3650))
    minutes: int = attrs.field(validator=whole(1, 24 * 60))
    timezone: str = attrs.field(validator=known_zone)
    first: datetime.date
    last: datetime.date


@attrs.frozen(kw_only=True)
class Free:
    """When each person has time: disjoint intervals in order; who is not named has none.

    What is in `meetings`, planned or held already, and in `busy`, which is any other
    appointment, is taken out of `times`; both are there for the sake of what lies next to them,
    and to be counted. `zones` are where people's days begin, in UTC without one, and `now` is
    the instant of asking.
    """

    times: FrozenMap[tuple[Interval, ...]] = attrs.field(converter=frozen_map)
    meetings: FrozenMap[tuple[Interval, ...]] = attrs.field(default=EMPTY, converter=frozen_map)
    busy: FrozenMap[tuple[Interval, ...]] = attrs.field(default=EMPTY, converter=frozen_map)
    zones: FrozenMap[str] = attrs.field(default=EMPTY, converter=frozen_map)
    now: int | None = None

    def of(self, person: str) -> tuple[Interval, ...]:
        """A person's free time."""
        return self.times.get(person, ())


@attrs.frozen(order=True)
class Slot:
    """The place of a wish's meeting number `number`, which counts from 1."""

    wish: str
    number: int
    start: int
    end: int


@attrs.frozen(order=True)
class Unplaced:
    """A meeting for which no place was found, and why."""

    wish: str
    number: int
    cause: Message = attrs.field(order=False)


@attrs.frozen(kw_only=True)
class Placement:
    """What a scheduler found: every meeting wished for is in one of the two."""

    slots: tuple[Slot, ...]
    unplaced: tuple[Unplaced, ...] = ()
