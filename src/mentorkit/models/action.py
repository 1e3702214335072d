"""What somebody will do until they meet again."""

from __future__ import annotations

import datetime
from typing import Literal

import attrs

from mentorkit.errors import Invalid
from mentorkit.models.plain import not_blank, shown

Priority = Literal["low", "normal", "high"]
PRIORITIES: tuple[Priority, ...] = ("high", "normal", "low")
"""In the order in which actions are shown."""


def _known_priority(_: object, field: attrs.Attribute[str], value: str) -> None:
    if value not in PRIORITIES:
        raise Invalid(field.name, f"must be high, normal or low, not {shown(value)}")


@attrs.frozen(kw_only=True)
class Action:
    """An action item of a relationship: what its `owner` will do, by the day `due` if there is one.

    `by` is the member who added it, at `made`, and `session` the meeting that it came from.
    It was done or dropped at `closed`.
    """

    id: str
    version: int = 0
    programme: str
    relationship: str
    owner: str
    by: str
    title: str = attrs.field(validator=not_blank)
    due: datetime.date | None = None
    priority: Priority = attrs.field(default="normal", validator=_known_priority)
    session: str | None = None
    state: Literal["open", "done", "dropped"] = "open"
    made: datetime.datetime
    closed: datetime.datetime | None = None

    @property
    def order(self) -> tuple[datetime.date, int, datetime.datetime, str]:
        """What actions are sorted by: due first, then the more urgent, then the older."""
        due = self.due or datetime.date.max
        return due, PRIORITIES.index(self.priority), self.made, self.id
