"""Criteria on time: time zones and weekly availability."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterable
from typing import Any

import attrs
import numpy as np

import mentorkit
from mentorkit.interfaces import BoolArray, IntArray, Kind, Pool
from mentorkit.matching.columns import Tabulated, product, tabulate
from mentorkit.models import POINT, Message, Participant
from mentorkit.plugins.attributes import points_range

DAY = 24 * 60
WEEK = 7 * DAY
SLOT = 15
"""Availability is compared in quarters of an hour."""


def offset(zone: str, on: datetime.date | None) -> int:
    """Minutes ahead of UTC in a zone at noon UTC of a day; Invalid without the day."""
    if on is None:
        raise mentorkit.Invalid(
            "starts", "is missing; time zones are compared on the programme's first day"
        )
    noon = datetime.datetime.combine(on, datetime.time(12), tzinfo=datetime.UTC)
    ahead = noon.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset()
    return 0 if ahead is None else round(ahead.total_seconds() / 60)


@attrs.frozen
class TimeZones:
    """Working hours that two people share: 1000 for `hours` of them, less in proportion.

    Everyone is taken to work from `day_starts` to `day_ends` (hours) by their own clock,
    with the zones' offsets on the programme's first day.
    """

    hours: int = attrs.field(default=4, validator=attrs.validators.ge(1))
    day_starts: int = attrs.field(default=9, validator=attrs.validators.ge(0))
    day_ends: int = attrs.field(default=17, validator=attrs.validators.le(24))
    missing: int = attrs.field(default=0, validator=points_range)

    def __attrs_post_init__(self) -> None:
        if self.day_ends - self.day_starts < self.hours:
            raise ValueError(f"day_ends must come at least {self.hours} hours after day_starts")

    def points(self, left: Pool, right: Pool) -> IntArray:
        """By the minutes in which both are at work."""
        return self._tabulated(left, right).points()

    def factors(self, left: Pool, right: Pool) -> tuple[IntArray, IntArray]:
        """One column for each offset on the left."""
        return self._tabulated(left, right).factors()

    def _tabulated(self, left: Pool, right: Pool) -> Tabulated:
        def offsets(pool: Pool) -> list[int | None]:
            zones = [None if zone is None else str(zone) for zone in pool.values("timezone")]
            known = {zone: offset(zone, pool.on) for zone in set(zones) if zone is not None}
            return [None if zone is None else known[zone] for zone in zones]

        return tabulate(offsets(left), offsets(right), self._points, self.missing)

    def _shared(self, left: int, right: int) -> int:
        """Minutes of a day in which both are at work."""
        apart = abs(left - right) % DAY
        work = (self.day_ends - self.day_starts) * 60
        return max(0, work - apart) + max(0, work - (DAY - apart))

    def _points(self, left: Any, right: Any) -> int:
        return POINT * min(self._shared(left, right), self.hours * 60) // (self.hours * 60)

    def say(self, left: Participant, right: Participant, points: int) -> Message:
        """Both time zones, and how far the wish is met."""
        mine, theirs = left.person.timezone, right.person.timezone
        if mine is None or theirs is None:
            return Message("zone-unknown", "time zone not given")
        values = {"left": mine, "right": theirs, "percent": points // 10, "hours": self.hours}
        if mine == theirs:
            return Message("same-zone", "same time zone: {left}", values)
        said = "{left} and {right}: {percent} % of {hours} shared working hours"
        return Message("zones", said, values)


@attrs.frozen
class Availability:
    """Time of the week when both are free: 1000 for `enough` minutes, less in proportion.

    Counts the quarters of an hour that lie whole in both. Each person's windows are in
    their own zone; where neither gives a zone, both are taken to be in the same.
    """

    enough: int = attrs.field(default=60, validator=attrs.validators.ge(SLOT))
    missing: int = attrs.field(default=0, validator=points_range)

    def points(self, left: Pool, right: Pool) -> IntArray:
        """By common free minutes a week."""
        lefts, rights = _weeks(left), _weeks(right)
        minutes = SLOT * product(lefts, rights)
        points = POINT * np.minimum(minutes, self.enough) // self.enough
        known = np.logical_and.outer(_given(left), _given(right))
        comparable = np.equal.outer(_zoned(left), _zoned(right))
        return np.where(known & comparable, points, self.missing)

    def say(self, left: Participant, right: Participant, points: int) -> Message:
        """How much of the wish is met."""
        if not left.availability or not right.availability:
            return Message("availability-unknown", "free time not given")
        values = {"percent": points // 10, "minutes": self.enough}
        return Message("availability", "{percent} % of {minutes} shared free minutes", values)


def _zoned(pool: Pool) -> BoolArray:
    return np.array([zone is not None for zone in pool.values("timezone")], dtype=bool)


def _given(pool: Pool) -> BoolArray:
    return np.array([bool(pool.row(row).availability) for row in range(len(pool))], dtype=bool)


def _weeks(pool: Pool) -> IntArray:
    """1 for each quarter of the UTC week in which a person is free throughout."""
    weeks = np.zeros((len(pool), WEEK // SLOT), dtype=np.int64)
    for row in range(len(pool)):
        participant = pool.row(row)
        zone = participant.person.timezone
        ahead = 0 if zone is None or not participant.availability else offset(zone, pool.on)
        minutes = np.zeros(WEEK, dtype=bool)
        for window in participant.availability:
            start = window.weekday * DAY - ahead
            minutes[np.arange(start + window.start, start + window.end) % WEEK] = True
        weeks[row] = minutes.reshape(-1, SLOT).all(axis=1)
    return weeks


@mentorkit.hookimpl
def mentorkit_criteria() -> Iterable[Kind[Any, Any]]:
    """Criteria on when people can meet."""
    return [mentorkit.kind("time-zones", TimeZones), mentorkit.kind("availability", Availability)]
