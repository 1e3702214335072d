"""Office hours cut into slots, and which of these are still open."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from mentorkit.models import Free, Interval, Offer, Participant, Person, Window
from mentorkit.scheduling.free_time import AROUND, free_times, on_day
from mentorkit.scheduling.intervals import difference, intersection, merged
from mentorkit.scheduling.public_holidays import public_holidays
from mentorkit.scheduling.spacing import Room, Spacing

DAY = 24 * 3600
ALWAYS = tuple(Window(weekday, 0, 24 * 60) for weekday in range(7))
"""The hours of an offer are stated in itself, and no weekly windows bound them."""


def slots(offer: Offer, opens: int, closes: int) -> Iterator[Interval]:
    """The slots of an offer that begin from `opens` on and before `closes`, in order.

    They are cut from where each window begins; windows that touch are one. A window past
    midnight belongs to the day on which it begins.
    """
    length, every = offer.minutes * 60, (offer.every or offer.minutes) * 60
    for start, end in merged(_windows(offer, opens, closes)):
        for at in range(start, end - length + 1, every):
            if opens <= at < closes:
                yield at, at + length


def _windows(offer: Offer, opens: int, closes: int) -> Iterator[Interval]:
    first = max(offer.first, _date(opens) - AROUND)
    last = min(offer.last, _date(closes) + AROUND)
    for number in range((last - first).days + 1):
        day = first + datetime.timedelta(days=number)
        for window in offer.windows:
            if window.weekday == day.weekday():
                yield on_day(window, day, offer.timezone)


def _date(at: int) -> datetime.date:
    return datetime.date(1970, 1, 1) + datetime.timedelta(days=at // DAY)


def still_open(
    offer: Offer,
    host: Participant,
    *,
    booked: Counter[Interval],
    busy: Collection[Interval],
    holidays: Iterable[str],
    now: int,
    until: int,
) -> Iterator[tuple[Interval, int]]:
    """The slots that can be booked now and begin before `until`, each with the seats left.

    `booked` says how many seats of each slot are taken, `busy` is when the host has other
    meetings. `holidays` are the places whose public holidays are left free, as are the days on
    which the host is not there. Nothing else decides: what is open here can be booked.
    """
    soonest = now + offer.notice * 60
    latest = until if offer.ahead is None else min(until, now + offer.ahead * DAY + 1)
    found = list(slots(offer, soonest, latest))
    if not found:
        return
    first, last = _date(found[0][0]) - AROUND, _date(found[-1][1]) + AROUND
    there = _there(offer, host, first, last, public_holidays(holidays, first, last))
    free = Free(
        times={host.id: difference(there, (*booked, *busy))},
        meetings={host.id: tuple(sorted(booked))},
        busy={host.id: tuple(sorted(busy))},
        zones={host.id: offer.timezone},
    )
    room = Room(
        free,
        Spacing(before=offer.before, after=offer.after, daily=offer.daily, weekly=offer.weekly),
    )
    for slot in found:
        seats = offer.seats - booked[slot]
        # One that is booked already takes no more of the host's time.
        fits = slot in intersection([slot], there) if booked[slot] else room.fits([host.id], slot)
        if seats > 0 and fits:
            yield slot, seats


def _there(
    offer: Offer,
    host: Participant,
    first: datetime.date,
    last: datetime.date,
    holidays: Collection[datetime.date],
) -> tuple[Interval, ...]:
    """When the host is there at all, on these days."""
    held = Participant(
        person=Person(id=host.id, timezone=host.person.timezone or offer.timezone),
        availability=ALWAYS,
        exceptions=host.exceptions,
        travel=host.travel,
    )
    return free_times([held], first, last, holidays=holidays).of(host.id)
