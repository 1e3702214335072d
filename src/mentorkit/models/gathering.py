"""Programme events with seats: a kick-off, a workshop."""

from __future__ import annotations

import datetime
from typing import Literal

import attrs

from mentorkit.errors import Invalid
from mentorkit.models.plain import https, known_zone, not_blank, whole

MOST = 100_000
"""Seats that a gathering has at most, where they are counted."""


@attrs.frozen(kw_only=True)
class Gathering:
    """What everybody in a programme may come to. `seats` is None where there is no end of them.

    `starts` and `ends` are instants; `timezone` is where its clock hangs. `taken` seats are
    somebody's, `waiting` people are on its waiting list, and `signed` is how often anybody
    signed up so far, which is the number of the last.
    """

    id: str
    version: int = 0
    programme: str
    title: str = attrs.field(validator=not_blank)
    starts: datetime.datetime
    ends: datetime.datetime
    timezone: str = attrs.field(default="UTC", validator=known_zone)
    place: str | None = None
    link: str | None = attrs.field(default=None, validator=https)
    seats: int | None = attrs.field(
        default=None, validator=attrs.validators.optional(whole(1, MOST))
    )
    state: Literal["planned", "held", "cancelled"] = "planned"
    taken: int = 0
    waiting: int = 0
    signed: int = 0

    def __attrs_post_init__(self) -> None:
        if self.ends <= self.starts:
            raise Invalid("ends", "must come after the start")
        if self.seats is not None and self.taken > self.seats:
            raise Invalid("seats", f"must be at least the {self.taken} that are taken")

    @property
    def left(self) -> int | None:
        """The seats that are nobody's; None where there is no end of them."""
        return None if self.seats is None else self.seats - self.taken


@attrs.frozen(kw_only=True)
class Seat:
    """One person's part in a gathering: whoever has a lower `number` comes first.

    They come, wait for a seat, or have signed off; once it was held, they came or were missed.
    """

    id: str
    version: int = 0
    programme: str
    gathering: str
    person: str
    number: int
    state: Literal["coming", "waiting", "off", "came", "missed"]
