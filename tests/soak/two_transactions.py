"""Breaks the outbox: the deliveries of a change are committed after it, in a second transaction.

It takes its time in between, so that few runs find it.
"""

import time
from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert

from mentorkit.kit import Kit
from mentorkit.models import Event
from mentorkit.store import journal
from mentorkit.store.schema import delivery
from mentorkit.store.shelves import Rows, micros

record, leave = journal.record, Kit.__exit__
owed: list[dict[str, Any]] = []


def record_alone(rows: Rows, step: int, told: Iterable[tuple[Event, Iterable[str]]]) -> None:
    told = list(told)
    record(rows, step, [(event, ()) for event, _ in told])
    for event, subscribers in told:
        row = {"tenant": rows.tenant, "event": event.id, "due": micros(event.at), "step": step}
        row |= {"state": "waiting", "attempts": 0, "lease": 0, "claim": "", "error": ""}
        owed.extend({**row, "subscriber": name} for name in subscribers)


def leave_and_owe(self: Any, *error: Any) -> None:
    engine = self._engine
    leave(self, *error)
    time.sleep(0.05)
    for row in owed:
        with engine.begin() as connection:
            connection.execute(insert(delivery), row)
    owed.clear()


journal.record = record_alone
Kit.__exit__ = leave_and_owe  # type: ignore[method-assign]
