"""Zones whose clocks change, and days next to the change."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

CHANGES = [
    ("Europe/Berlin", datetime.date(2027, 3, 28)),
    ("Europe/Berlin", datetime.date(2027, 10, 31)),
    ("America/New_York", datetime.date(2027, 3, 14)),
    ("America/New_York", datetime.date(2027, 11, 7)),
    ("Australia/Lord_Howe", datetime.date(2027, 4, 4)),  # by half an hour
    ("Australia/Lord_Howe", datetime.date(2027, 10, 3)),
    ("America/Havana", datetime.date(2027, 3, 14)),  # at midnight
    ("America/Havana", datetime.date(2027, 11, 7)),
    ("America/Sao_Paulo", datetime.date(2018, 11, 4)),  # the day begins at 01:00
    ("America/Sao_Paulo", datetime.date(2018, 2, 18)),  # the day before ends twice
    ("Pacific/Apia", datetime.date(2011, 12, 30)),  # there was no such day
    ("Asia/Kolkata", datetime.date(2027, 3, 28)),  # never
]


def shown(at: int, zone: str) -> datetime.datetime:
    """What clocks in a zone show at an instant."""
    return datetime.datetime.fromtimestamp(at, ZoneInfo(zone)).replace(tzinfo=None, fold=0)
