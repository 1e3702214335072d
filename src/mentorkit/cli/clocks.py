"""Times as they are typed: with their offset, or as clocks in a programme's zone show them."""

from __future__ import annotations

import datetime
import zoneinfo
from typing import TYPE_CHECKING

import click

from mentorkit.errors import Invalid

if TYPE_CHECKING:
    from mentorkit.kit import Kit


def time_of_day(
    _: click.Context, __: click.Parameter, text: str | None
) -> datetime.datetime | None:
    """A day and a time of it; `placed` says in which zone it is, where it states no offset."""
    if text is None:
        return None
    try:
        at = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no time such as '2026-09-01 08:00'") from None
    if ":" not in text and "T" not in text.upper():
        raise click.BadParameter(f"{text!r} lacks its time of day, such as '{text} 08:00'")
    return at


def zone_of(kit: Kit, programme: str) -> str:
    """Where the clocks of a programme hang."""
    return kit.programmes.get(programme).blueprint.policies.timezone or "UTC"


def placed(at: datetime.datetime, timezone: str, place: str) -> datetime.datetime:
    """An instant; one that lacks its offset is read in the zone, which is told.

    Invalid, with both that may be meant, where clocks there skip it or show it twice.
    """
    from mentorkit.cli.inputs import say

    if at.tzinfo is not None:
        return at
    try:
        zone = zoneinfo.ZoneInfo(timezone)
        readings = [at.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
        clocks = [one.astimezone(datetime.UTC).astimezone(zone) for one in readings]
    except OverflowError:
        raise Invalid(place, f"{at} is too far away") from None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(place, f"there is no time zone {timezone!r} to read it in") from None
    first, second = (one.isoformat(timespec="minutes") for one in sorted(clocks))
    if first != second:
        skipped = clocks[0].replace(tzinfo=None) != at
        what = "is skipped by clocks in" if skipped else "comes twice in"
        raise Invalid(place, f"{at:%Y-%m-%d %H:%M} {what} {timezone}; say {first} or {second}")
    say(f"{at:%Y-%m-%d %H:%M} is read in {timezone}: {first}")
    return clocks[0]
