"""When people meet already, in whatever programme."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from mentorkit.models import (
    Gathering,
    Interval,
    OfficeHours,
    Opening,
    Participant,
    ProgrammeRun,
    Session,
)
from mentorkit.scheduling import still_open
from mentorkit.store import members
from mentorkit.store.shelves import EPOCH, GATHERINGS, RELATIONSHIPS, SEATS, SESSIONS, Rows

COUNTED = ("planned", "held")
"""The states of sessions that take people's time."""


def seconds(at: datetime.datetime) -> int:
    """An instant as schedules hold it; of a part of a second, the second it is in."""
    return (at - EPOCH) // datetime.timedelta(seconds=1)


def instant(count: int) -> datetime.datetime:
    """What `seconds` was made of, in UTC."""
    return EPOCH + datetime.timedelta(seconds=count)


def interval(held: Session | Gathering) -> Interval:
    """When a session or gathering is, to the whole seconds around it."""
    return seconds(held.starts), -seconds(EPOCH - (held.ends - EPOCH))


def sessions_with(rows: Rows, people: Collection[str]) -> Iterator[tuple[Session, frozenset[str]]]:
    """The sessions, planned or held, in which any of these people are, with their members."""
    shared = members.relationships_of(rows, *people)
    known = {held.id: frozenset(held.people) for held in rows.find(RELATIONSHIPS, id=shared)}
    for session in rows.find(SESSIONS, relationship=shared, state=COUNTED):
        yield session, known[session.relationship]


def meetings(rows: Rows, people: Iterable[str]) -> dict[str, list[Interval]]:
    """When people meet or have met, by person."""
    found: dict[str, list[Interval]] = {person: [] for person in people}
    for session, together in sessions_with(rows, found):
        for person in together & found.keys():
            found[person].append(interval(session))
    return found


def gatherings(rows: Rows, people: Iterable[str]) -> dict[str, list[Interval]]:
    """When people have a seat in a gathering, by person."""
    found: dict[str, list[Interval]] = {person: [] for person in people}
    seats = [one for one in rows.find(SEATS, person=list(found)) if one.state == "coming"]
    there = rows.find(GATHERINGS, id={one.gathering for one in seats}, state="planned")
    when = {held.id: interval(held) for held in there}
    for seat in seats:
        if seat.gathering in when:
            found[seat.person].append(when[seat.gathering])
    return found


def taken(rows: Rows, people: Collection[str]) -> dict[str, list[Interval]]:
    """When people are in a meeting or a gathering, by person."""
    elsewhere = gatherings(rows, people)
    return {who: [*held, *elsewhere[who]] for who, held in meetings(rows, people).items()}


def openings(
    rows: Rows,
    run: ProgrammeRun,
    held: OfficeHours,
    host: Participant,
    *,
    now: datetime.datetime,
    until: datetime.datetime,
    without: str | None = None,
) -> tuple[Opening, ...]:
    """What can be booked of office hours now, as if the session `without` were not there."""
    booked: Counter[Interval] = Counter()
    busy = gatherings(rows, [held.person])[held.person]
    for session, _ in sessions_with(rows, [held.person]):
        if session.id == without:
            continue
        if session.office_hours == held.id:
            booked[interval(session)] += 1
        else:
            busy.append(interval(session))
    found = still_open(
        held.offer,
        host,
        booked=booked,
        busy=busy,
        holidays=run.blueprint.policies.holidays or (),
        now=-seconds(EPOCH - (now - EPOCH)),
        until=seconds(until),
    )
    return tuple(
        Opening(
            office_hours=held.id,
            person=held.person,
            starts=instant(start),
            ends=instant(end),
            timezone=held.offer.timezone,
            seats=seats,
        )
        for (start, end), seats in found
    )
