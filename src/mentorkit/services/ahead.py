"""What is planned lies ahead: refuses days and times that are past."""

from __future__ import annotations

import datetime
import zoneinfo

from mentorkit.errors import Invalid


def check_day(name: str, day: datetime.date, timezone: str, now: datetime.datetime) -> None:
    """Invalid, if a day is over where clocks are those of `timezone`."""
    today = now.astimezone(zoneinfo.ZoneInfo(timezone)).date()
    if day < today:
        raise Invalid(name, f"must be today, {today} in {timezone}, or later, not {day}")


def check_begins(
    name: str, at: datetime.datetime, timezone: str, now: datetime.datetime, instead: str = ""
) -> None:
    """Invalid, if what begins `at` has begun already; `instead` says what would be right.

    Whoever plans it for this very minute is not late.
    """
    if at >= now.replace(second=0, microsecond=0):
        return
    zone = zoneinfo.ZoneInfo(timezone)
    then, today = (f"{one.astimezone(zone):%Y-%m-%d %H:%M}" for one in (at, now))
    raise Invalid(name, f"must lie ahead of {today} {timezone}, not at {then}{instead}")
