"""What happened, and its journey to each subscriber."""

from __future__ import annotations

import datetime
from typing import Literal

import attrs

from mentorkit.models.frozenmap import EMPTY, FrozenMap, frozen_map


@attrs.frozen(kw_only=True)
class Event:
    """Something that happened: ids and facts, never personal data.

    `kind` is such as "session.held", `subject` the id of the thing that it happened to,
    `people` the ids of those concerned. Subscribers read what else they need when they
    deliver, so that a person can still be erased.
    """

    id: str
    at: datetime.datetime
    kind: str
    subject: str
    programme: str | None = None
    relationship: str | None = None
    people: tuple[str, ...] = ()
    facts: FrozenMap[str | int] = attrs.field(default=EMPTY, converter=frozen_map)


@attrs.frozen(kw_only=True)
class Delivery:
    """One event's journey to one subscriber: at least once, under a key that never changes."""

    event: Event
    subscriber: str
    state: Literal["waiting", "done", "dead"] = "waiting"
    due: datetime.datetime
    attempts: int = 0
    error: str = ""

    @property
    def key(self) -> str:
        """The idempotency key: the same for every attempt."""
        return f"{self.event.id}:{self.subscriber}"
