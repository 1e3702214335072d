"""Breaks delivering: a delivery is written down as done before the subscriber has it.

It takes its time in between, so that few runs find it.
"""

import datetime
import time

import attrs

from mentorkit.house import House
from mentorkit.models import Delivery
from mentorkit.store import outbox

attempt = House._attempt


def settle_and_attempt(self: House, claimed: outbox.Claimed, now: datetime.datetime) -> Delivery:
    done = attrs.evolve(claimed.delivery, state="done")
    with self._transaction() as connection:
        outbox.settle(connection, [(claimed, done)])
    time.sleep(0.05)
    return attempt(self, claimed, now)


House._attempt = settle_and_attempt  # type: ignore[method-assign]
