"""The journal of events, the outbox of deliveries, and the timers."""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Iterable
from typing import Any

import attrs
from sqlalchemy import Executable, Table, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from mentorkit import codec
from mentorkit.errors import NotFound
from mentorkit.models import Delivery, Event
from mentorkit.store.connections import Connection
from mentorkit.store.schema import delivery, event, relationship, timer
from mentorkit.store.shelves import Rows, instant, micros, packed


def record(rows: Rows, step: int, happened: Event, subscribers: Iterable[str]) -> None:
    """Keep an event and the deliveries that it owes."""
    rows.connection.execute(
        insert(event),
        {
            "tenant": rows.tenant,
            "id": happened.id,
            "at": micros(happened.at),
            "kind": happened.kind,
            "programme": happened.programme,
            "relationship": happened.relationship,
            "step": step,
            "data": packed(codec.unstructure(happened)),
        },
    )
    owed = [
        {
            "tenant": rows.tenant,
            "event": happened.id,
            "subscriber": name,
            "state": "waiting",
            "due": micros(happened.at),
            "step": step,
            "attempts": 0,
            "lease": 0,
            "claim": "",
            "error": "",
        }
        for name in subscribers
    ]
    if owed:
        rows.connection.execute(insert(delivery), owed)


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
    return [_event(row[0]) for row in rows.connection.execute(found).rows]


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


def _event(data: str) -> Event:
    return codec.restore(Event, json.loads(data))


def deliveries(rows: Rows, *, state: str | None = None, limit: int | None = None) -> list[Delivery]:
    """Deliveries with their events, in the order of time."""
    found = (
        select(
            event.c.data,
            delivery.c.subscriber,
            delivery.c.state,
            delivery.c.due,
            delivery.c.attempts,
            delivery.c.error,
        )
        .join(event, (event.c.tenant == delivery.c.tenant) & (event.c.id == delivery.c.event))
        .where(delivery.c.tenant == rows.tenant)
        .order_by(event.c.at, event.c.step, event.c.id, delivery.c.subscriber)
    )
    if state is not None:
        found = found.where(delivery.c.state == state)
    if limit is not None:
        found = found.limit(limit)
    return [_delivery(*row) for row in rows.connection.execute(found).rows]


def _delivery(data: str, name: str, state: Any, due: int, attempts: int, error: str) -> Delivery:
    return Delivery(
        event=_event(data),
        subscriber=name,
        state=state,
        due=instant(due),
        attempts=attempts,
        error=error,
    )


def revive(rows: Rows, happened: str, subscriber: str, now: datetime.datetime) -> None:
    """Let a dead delivery be tried again; NotFound where there is none."""
    again = (
        update(delivery)
        .where(
            delivery.c.tenant == rows.tenant,
            delivery.c.event == happened,
            delivery.c.subscriber == subscriber,
            delivery.c.state == "dead",
        )
        .values(state="waiting", due=micros(now), attempts=0, lease=0, claim="", error="")
    )
    if not rows.connection.execute(again).count:
        raise NotFound(f"there is no dead delivery of event {happened!r} to {subscriber!r}")


def forget(rows: Rows, whom: str) -> None:
    """Drop what subscribers said of deliveries that concern a person; their state stays."""
    concerned = select(event.c.id).where(
        event.c.tenant == rows.tenant, event.c.data.contains(packed(whom), autoescape=True)
    )
    rows.connection.execute(
        update(delivery)
        .where(
            delivery.c.tenant == rows.tenant,
            delivery.c.error != "",
            delivery.c.event.in_(concerned),
        )
        .values(error="(erased)")
    )


@attrs.frozen(kw_only=True)
class Claimed:
    """A delivery that this process has taken on until its lease ends."""

    tenant: str
    claim: str
    delivery: Delivery


def claim(
    connection: Connection,
    subscribers: Collection[str],
    now: datetime.datetime,
    *,
    lease: datetime.timedelta,
    token: str,
    most: int,
) -> list[Claimed]:
    """Take on deliveries that are due and nobody else's, over all tenants."""
    at = micros(now)
    free = (
        select(delivery.c.tenant, delivery.c.event, delivery.c.subscriber)
        .where(
            delivery.c.state == "waiting",
            delivery.c.due <= at,
            delivery.c.lease <= at,
            delivery.c.subscriber.in_(sorted(subscribers)),
        )
        .order_by(
            delivery.c.due,
            delivery.c.step,
            delivery.c.tenant,
            delivery.c.event,
            delivery.c.subscriber,
        )
        .limit(most)
    )
    if connection.dialect == "postgresql":
        # What another process is about to claim is passed over. SQLite has one writer only.
        free = free.with_for_update(skip_locked=True)
    taken = [tuple(row) for row in connection.execute(free).rows]
    for tenant, happened, subscriber in taken:
        connection.execute(
            update(delivery)
            .where(
                delivery.c.tenant == tenant,
                delivery.c.event == happened,
                delivery.c.subscriber == subscriber,
            )
            .values(lease=micros(now + lease), claim=token, attempts=delivery.c.attempts + 1)
        )
    return [_claimed(connection, token, *row) for row in taken]


def _claimed(
    connection: Connection, token: str, tenant: str, happened: str, subscriber: str
) -> Claimed:
    found = (
        select(event.c.data, delivery.c.due, delivery.c.attempts)
        .join(event, (event.c.tenant == delivery.c.tenant) & (event.c.id == delivery.c.event))
        .where(
            delivery.c.tenant == tenant,
            delivery.c.event == happened,
            delivery.c.subscriber == subscriber,
        )
    )
    data, due, attempts = connection.execute(found).rows[0]
    held = _delivery(data, subscriber, "waiting", due, attempts, "")
    return Claimed(tenant=tenant, claim=token, delivery=held)


def settle(connection: Connection, taken: Claimed, changed: Delivery) -> None:
    """Write down how it went, unless the lease ended and another has taken it on since."""
    connection.execute(
        update(delivery)
        .where(
            delivery.c.tenant == taken.tenant,
            delivery.c.event == taken.delivery.event.id,
            delivery.c.subscriber == taken.delivery.subscriber,
            delivery.c.claim == taken.claim,
            delivery.c.state == "waiting",
        )
        .values(
            state=changed.state,
            due=micros(changed.due),
            attempts=changed.attempts,
            error=changed.error,
            lease=0,
            claim="",
        )
    )


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


def set_timers(rows: Rows, kind: str, things: Collection[str], due: datetime.datetime) -> None:
    """Have things looked at by an instant, whatever was set before."""
    held = [
        {
            "tenant": rows.tenant,
            "kind": kind,
            "thing": thing,
            "due": micros(due),
            "attempts": 0,
            "error": "",
        }
        for thing in things
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


def clear(connection: Connection, held: Timer) -> None:
    """There is nothing more to look at."""
    connection.execute(delete(timer).where(_this(held)))


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


def counted(rows: Rows, table: Table, column: str, programme: str) -> dict[str, int]:
    """How many of a programme's things have each value of a column."""
    value = table.c[column]
    found = (
        select(value, func.count())
        .where(table.c.tenant == rows.tenant, table.c.programme == programme)
        .group_by(value)
        .order_by(value)
    )
    return {row[0]: int(row[1]) for row in rows.connection.execute(found).rows}
