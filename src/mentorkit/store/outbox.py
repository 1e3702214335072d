"""The outbox: deliveries, each claimed by one process at a time, and settled."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from typing import Any

import attrs
from sqlalchemy import bindparam, select, update

from mentorkit.errors import NotFound
from mentorkit.models import Delivery
from mentorkit.store.connections import Connection
from mentorkit.store.journal import event_of
from mentorkit.store.schema import delivery, event
from mentorkit.store.shelves import Rows, instant, micros, packed


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
        event=event_of(data),
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
        select(
            delivery.c.tenant,
            event.c.data,
            delivery.c.subscriber,
            delivery.c.state,
            delivery.c.due,
            delivery.c.attempts + 1,
        )
        .join(event, (event.c.tenant == delivery.c.tenant) & (event.c.id == delivery.c.event))
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
        free = free.with_for_update(of=delivery, skip_locked=True)
    taken = [
        Claimed(
            tenant=tenant,
            claim=token,
            delivery=_delivery(data, name, state, due, attempts, error=""),
        )
        for tenant, data, name, state, due, attempts in connection.execute(free).rows
    ]
    mine = update(delivery).where(*_KEY)
    mine = mine.values(lease=bindparam("its_lease"), claim=token, attempts=delivery.c.attempts + 1)
    if taken:
        until = micros(now + lease)
        connection.execute(mine, [{**_named(one), "its_lease": until} for one in taken])
    return taken


_KEY = (
    delivery.c.tenant == bindparam("its_tenant"),
    delivery.c.event == bindparam("its_event"),
    delivery.c.subscriber == bindparam("its_subscriber"),
)
_HELD = (*_KEY, delivery.c.claim == bindparam("its_claim"), delivery.c.state == "waiting")
"""Of what a process claimed: nobody else has claimed it since, or dealt with it."""


def _named(taken: Claimed) -> dict[str, Any]:
    return {
        "its_tenant": taken.tenant,
        "its_event": taken.delivery.event.id,
        "its_subscriber": taken.delivery.subscriber,
    }


def settle(connection: Connection, outcomes: Iterable[tuple[Claimed, Delivery]]) -> None:
    """Write down how each went, unless its lease ended and another has taken it on since."""
    change = (
        update(delivery)
        .where(*_HELD)
        .values(
            state=bindparam("its_state"),
            due=bindparam("its_due"),
            attempts=bindparam("its_attempts"),
            error=bindparam("its_error"),
            lease=0,
            claim="",
        )
    )
    sets = [
        {
            **_named(taken),
            "its_claim": taken.claim,
            "its_state": changed.state,
            "its_due": micros(changed.due),
            "its_attempts": changed.attempts,
            "its_error": changed.error,
        }
        for taken, changed in outcomes
    ]
    if sets:
        connection.execute(change, sets)


def give_back(connection: Connection, unattempted: Iterable[Claimed]) -> None:
    """Leave to anybody what was claimed and never attempted, as it was before."""
    change = update(delivery).where(*_HELD)
    change = change.values(lease=0, claim="", attempts=delivery.c.attempts - 1)
    sets = [{**_named(one), "its_claim": one.claim} for one in unattempted]
    if sets:
        connection.execute(change, sets)
