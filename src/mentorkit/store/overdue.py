"""What was planned or sent, and has come to nothing as yet."""

from __future__ import annotations

import datetime

from sqlalchemy import func, select

from mentorkit.models import Session
from mentorkit.store.schema import delivery, event, session
from mentorkit.store.shelves import SESSIONS, Rows, instant, micros


def unrecorded(rows: Rows, programme: str, now: datetime.datetime) -> list[Session]:
    """The planned meetings of a programme that are over, in the order of their ids."""
    found = (
        select(session.c.version, session.c.data)
        .where(
            session.c.tenant == rows.tenant,
            session.c.programme == programme,
            session.c.state == "planned",
            session.c.ends <= micros(now),
        )
        .order_by(session.c.id)
    )
    return [SESSIONS.thing(*row) for row in rows.connection.execute(found).rows]


def given_up(rows: Rows, programme: str) -> list[tuple[str, int, datetime.datetime]]:
    """Of each subscriber to whom deliveries of a programme were given up: how many, since when."""
    same = (event.c.tenant == delivery.c.tenant) & (event.c.id == delivery.c.event)
    found = (
        select(delivery.c.subscriber, func.count(), func.min(event.c.at))
        .join(event, same)
        .where(
            delivery.c.tenant == rows.tenant,
            delivery.c.state == "dead",
            event.c.programme == programme,
        )
        .group_by(delivery.c.subscriber)
        .order_by(delivery.c.subscriber)
    )
    rows_found = rows.connection.execute(found).rows
    return [(name, int(number), instant(int(at))) for name, number, at in rows_found]
