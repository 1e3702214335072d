"""Criteria on time: time zones and weekly availability."""

from __future__ import annotations

import datetime
import math
import zoneinfo
from collections.abc import Iterable, Sequence
from typing import Any

import attrs
import numpy as np

import mentorkit
from mentorkit.interfaces import BoolArray, IntArray, Kind, Pool
from mentorkit.matching.columns import (
    CountedPoints,
    Counts,
    Factors,
    ValuePoints,
    absent,
    column_of,
    counts,
    unless,
)
from mentorkit.models import POINT, Message, Participant, Window
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
class TimeZones(ValuePoints):
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

    def values_of(self, pool: Pool) -> Sequence[int | None]:
        """Minutes ahead of UTC."""
        zones = [None if zone is None else str(zone) for zone in pool.values("timezone")]
        known = {zone: offset(zone, pool.on) for zone in set(zones) if zone is not None}
        return [None if zone is None else known[zone] for zone in zones]

    def points_of(self, left: int, right: int) -> int:
        """By the minutes in which both are at work."""
        return POINT * min(self._shared(left, right), self.hours * 60) // (self.hours * 60)

    def _shared(self, left: int, right: int) -> int:
        """Minutes of a day in which both are at work."""
        apart = abs(left - right) % DAY
        work = (self.day_ends - self.day_starts) * 60
        return max(0, work - apart) + max(0, work - (DAY - apart))

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
class Availability(CountedPoints):
    """Time of the week when both are free: 1000 for `enough` minutes, less in proportion.

    Counts the quarters of an hour that lie whole in both. Each person's windows are in
    their own zone; where neither gives a zone, both are taken to be in the same.
    """

    enough: int = attrs.field(default=60, validator=attrs.validators.ge(SLOT))
    missing: int = attrs.field(default=0, validator=points_range)

    def counted(self, left: Pool, right: Pool) -> Counts:
        """A column for each stretch of the week that is free or not as a whole for everybody."""
        free = counts(
            _stretches(_weeks(left), _weeks(right)),
            lambda slots: POINT * np.minimum(SLOT * slots, self.enough) // self.enough,
        )
        lefts, rights = _zoned(left), _zoned(right)
        differ = np.stack([lefts, 1 - lefts], axis=1), np.stack([1 - rights, rights], axis=1)
        unknown = absent(_windows(left), _windows(right))
        apart = np.hstack([unknown[0], differ[0]]), np.hstack([unknown[1], differ[1]])
        return unless(free, apart, self.missing)

    def say(self, left: Participant, right: Participant, points: int) -> Message:
        """How much of the wish is met."""
        if not left.availability or not right.availability:
            return Message("availability-unknown", "free time not given")
        values = {"percent": points // 10, "minutes": self.enough}
        return Message("availability", "{percent} % of {minutes} shared free minutes", values)


Windows = tuple[Window, ...]


def _zoned(pool: Pool) -> IntArray:
    return np.array([zone is not None for zone in pool.values("timezone")], dtype=np.int64)


def _windows(pool: Pool) -> Sequence[Windows]:
    return column_of(pool, "availability")


def _weeks(pool: Pool) -> BoolArray:
    """Where somebody is free throughout each quarter of an hour of the UTC week."""
    keys = list(zip(pool.values("timezone"), _windows(pool), strict=True))
    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    ahead = {
        zone: 0 if zone is None else offset(str(zone), pool.on)
        for zone in {zone for zone, windows in places if windows}
    }
    different = dict.fromkeys((zone, window) for zone, windows in places for window in windows)
    # Quarters where all times are on the quarter, else parts of which each time is a multiple.
    edges = (edge for _, window in different for edge in (window.start, window.end))
    grain = math.gcd(SLOT, *ahead.values(), *edges)
    free = {key: _free(key[1], ahead[key[0]], grain) for key in different}
    weeks = np.zeros((len(places), WEEK // SLOT), dtype=bool)
    for (zone, windows), place in places.items():
        week = np.zeros(WEEK // grain, dtype=bool)
        for window in windows:
            week |= free[zone, window]
        weeks[place] = week.reshape(-1, SLOT // grain).all(axis=1)
    return weeks[[places[key] for key in keys]]


def _free(window: Window, ahead: int, grain: int) -> BoolArray:
    """Where in the UTC week a window lies, in steps of `grain` minutes."""
    week = np.zeros(WEEK // grain, dtype=bool)
    start = (window.weekday * DAY + window.start - ahead) % WEEK
    end = start + window.end - window.start
    week[start // grain : end // grain] = True
    week[: max(0, end - WEEK) // grain] = True
    return week


def _stretches(left: BoolArray, right: BoolArray) -> Factors:
    """Two sides' weeks, in which quarters that are alike for everybody are one column.

    How many they are stands on the left, so that the product counts quarters all the same.
    """
    both = np.concatenate([left, right])
    starts = np.flatnonzero(np.any(np.diff(both, axis=1, prepend=False), axis=0))
    lengths = np.diff(starts, append=WEEK // SLOT)
    kept = left[:, starts].any(axis=0) & right[:, starts].any(axis=0)
    starts, lengths = starts[kept], lengths[kept]
    lefts = left[:, starts].astype(np.int32) * lengths.astype(np.int32)
    return lefts, right[:, starts].astype(np.int32)


@mentorkit.hookimpl
def mentorkit_criteria() -> Iterable[Kind[Any, Any]]:
    """Criteria on when people can meet."""
    return [mentorkit.kind("time-zones", TimeZones), mentorkit.kind("availability", Availability)]
