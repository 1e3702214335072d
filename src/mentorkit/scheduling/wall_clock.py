"""What a clock on the wall shows, as an instant."""

from __future__ import annotations

import datetime
import zoneinfo
from bisect import bisect_left
from functools import lru_cache

EPOCH = datetime.datetime(1970, 1, 1)
SECOND = datetime.timedelta(seconds=1)


def wall_clock(day: datetime.date, minutes: int, timezone: str, *, fold: int = 0) -> int:
    """When clocks in `timezone` show `minutes` after the midnight that begins `day`.

    In seconds since 1970 in UTC. `minutes` may pass 1440, into the next day. A time that
    the clocks skip becomes the first instant after it; of a time that they show twice,
    `fold` 0 is the first and 1 the second. A later time never comes out earlier.
    """
    zone = zoneinfo.ZoneInfo(timezone)
    local = datetime.datetime.combine(day, datetime.time()) + datetime.timedelta(minutes=minutes)
    shown = (local - EPOCH) // SECOND
    before, after = (_ahead(local.replace(tzinfo=zone, fold=number)) for number in (0, 1))
    if before < after:
        skipped = range(shown - after + 1, shown - before + 1)
        return skipped[bisect_left(skipped, True, key=lambda at: _offset(at, zone) != before)]
    return shown - (after if fold else before)


@lru_cache(maxsize=8192)
def midnight(day: datetime.date, timezone: str) -> int:
    """When a day begins in `timezone`."""
    return wall_clock(day, 0, timezone)


def _offset(at: int, zone: zoneinfo.ZoneInfo) -> int:
    utc = EPOCH.replace(tzinfo=datetime.UTC) + at * SECOND
    return _ahead(utc.astimezone(zone))


def _ahead(local: datetime.datetime) -> int:
    """Seconds ahead of UTC."""
    ahead = local.utcoffset()
    assert ahead is not None
    return ahead // SECOND
