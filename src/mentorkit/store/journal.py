"""The journal of events, and the timers."""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import attrs
from sqlalchemy import Executable, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from mentorkit import codec
from mentorkit.errors import NotFound
from mentorkit.models import Event
from mentorkit.store.connections import Connection
from mentorkit.store.schema import delivery, event, relationship, timer
from mentorkit.store.shelves import Rows, micros, packed


def record(rows: Rows, step: int, happened: Iterable[tuple[Event, Iterable[str]]]) -> None:
    """Keep events in their order, the first as that step of its instant, and what they owe.

    Each comes with the names of the subscribers who are owed it.
    """
    kept, owed = [], []
    for at, (one, subscribers) in enumerate(happened, step):
        kept.append(_row(rows.tenant, at, one))
        owed += [_owed(rows.tenant, at, one, name) for name in subscribers]
    for table, found in ((event, kept), (delivery, owed)):
        if found:
            rows.connection.execute(insert(table), found)


def _row(tenant: str, step: int, happened: Event) -> dict[str, Any]:
    return {
        "tenant": tenant,
        "id": happened.id,
        "at": micros(happened.at),
        "kind": happened.kind,
        "programme": happened.programme,
        "relationship": happened.relationship,
        "step": step,
        "data": packed(codec.unstructure(happened)),
    }


def _owed(tenant: str, step: int, happened: Event, subscriber: str) -> dict[str, Any]:
    return {
        "tenant": tenant,
        "event": happened.id,
        "subscriber": subscriber,
        "state": "waiting",
        "due": micros(happened.at),
        "step": step,
        "attempts": 0,
        "lease": 0,
        "claim": "",
        "error": "",
    }


def events(
    rows: Rows,
    *,
    programme: str | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> list[Event]:
    """What happened, in the order of time; `after` is the id of the last event seen."""
    order = (event.c.at, event.c.step, event.c.id)
    found = select(event.c.data).where(event.c.tenant == rows.tenant).order_by(*order)
    if programme is not None:
        found = found.where(event.c.programme == programme)
    if after is not None:
        found = found.where(_later(rows, after))
    if limit is not None:
        found = found.limit(limit)
    return [event_of(row[0]) for row in rows.connection.execute(found).rows]


def _later(rows: Rows, after: str) -> Any:
    """The condition that an event comes after another."""
    place = select(event.c.at, event.c.step).where(
        event.c.tenant == rows.tenant, event.c.id == after
    )
    seen = rows.connection.execute(place).rows
    if not seen:
        raise NotFound(f"there is no event {after!r}")
    at, step = seen[0]
    later_step = (event.c.step > step) | ((event.c.step == step) & (event.c.id > after))
    return (event.c.at > at) | ((event.c.at == at) & later_step)


def event_of(data: str) -> Event:
    """The event of a row."""
    return codec.restore(Event, json.loads(data))


@attrs.frozen
class Timer:
    """A thing that is to be looked at by an instant."""

    tenant: str
    kind: str
    thing: str
    due: int
    attempts: int


def due_timers(
    connection: Connection,
    now: datetime.datetime,
    *,
    most: int | None = None,
    tenant: str | None = None,
    things: Collection[str] | None = None,
) -> list[Timer]:
    """Timers that are due, over all tenants, or of some things of one."""
    found = (
        select(timer.c.tenant, timer.c.kind, timer.c.thing, timer.c.due, timer.c.attempts)
        .where(timer.c.due <= micros(now))
        .order_by(timer.c.due, timer.c.tenant, timer.c.kind, timer.c.thing)
    )
    if most is not None:
        found = found.limit(most)
    if tenant is not None:
        found = found.where(timer.c.tenant == tenant)
    if things is not None:
        found = found.where(timer.c.thing.in_(sorted(things)))
    return [Timer(*row) for row in connection.execute(found).rows]


def set_timers(rows: Rows, kind: str, things: Iterable[str], due: datetime.datetime) -> None:
    """Have things looked at by an instant, whatever was set before."""
    _set(rows, [(kind, thing, due) for thing in things])


def set_again(rows: Rows, looked_at: Mapping[Timer, datetime.datetime | None]) -> None:
    """Have what was looked at looked at again by its instant; never, where it has none."""
    _set(rows, [(held.kind, held.thing, due) for held, due in looked_at.items() if due])
    over = [
        {"its_tenant": held.tenant, "its_kind": held.kind, "its_thing": held.thing}
        for held, due in looked_at.items()
        if due is None
    ]
    if over:
        rows.connection.execute(delete(timer).where(*_TIMER), over)


_TIMER = (
    timer.c.tenant == bindparam("its_tenant"),
    timer.c.kind == bindparam("its_kind"),
    timer.c.thing == bindparam("its_thing"),
)


def _set(rows: Rows, timers: Iterable[tuple[str, str, datetime.datetime]]) -> None:
    held = [
        {
            "tenant": rows.tenant,
            "kind": kind,
            "thing": thing,
            "due": micros(due),
            "attempts": 0,
            "error": "",
        }
        for kind, thing, due in timers
    ]
    if held:
        rows.connection.execute(_upsert(rows.connection), held)


def _upsert(connection: Connection) -> Executable:
    made: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[connection.dialect](
        timer
    )
    statement: Executable = made.on_conflict_do_update(
        index_elements=["tenant", "kind", "thing"],
        set_={name: made.excluded[name] for name in ("due", "attempts", "error")},
    )
    return statement


def postpone(connection: Connection, held: Timer, due: datetime.datetime, error: str) -> None:
    """Look again later at what could not be dealt with, and say why."""
    connection.execute(
        update(timer)
        .where(_this(held))
        .values(due=micros(due), attempts=held.attempts + 1, error=error)
    )


def _this(held: Timer) -> Any:
    return (
        (timer.c.tenant == held.tenant)
        & (timer.c.kind == held.kind)
        & (timer.c.thing == held.thing)
    )


def troubled(rows: Rows, programme: str) -> dict[str, str]:
    """The relationships of a programme that could not be dealt with, by id, and why."""
    same = (relationship.c.tenant == timer.c.tenant) & (relationship.c.id == timer.c.thing)
    found = (
        select(timer.c.thing, timer.c.error)
        .join(relationship, same)
        .where(
            timer.c.tenant == rows.tenant,
            timer.c.attempts > 0,
            relationship.c.programme == programme,
        )
        .order_by(timer.c.thing)
    )
    return {row[0]: row[1] for row in rows.connection.execute(found).rows}


def steps(rows: Rows, at: datetime.datetime) -> int:
    """The next free step among the events of an instant."""
    found = select(func.max(event.c.step)).where(
        event.c.tenant == rows.tenant, event.c.at == micros(at)
    )
    last = rows.connection.execute(found).rows[0][0]
    return 0 if last is None else int(last) + 1


def counted(
    rows: Rows, table: Table, column: str, programme: str, **where: str | int
) -> dict[str, int]:
    """How many of a programme's things, of those for which `where` holds, have each value."""
    value = table.c[column]
    found = (
        select(value, func.count())
        .where(table.c.tenant == rows.tenant, table.c.programme == programme)
        .where(*(table.c[name] == held for name, held in where.items()))
        .group_by(value)
        .order_by(value)
    )
    return {row[0]: int(row[1]) for row in rows.connection.execute(found).rows}
