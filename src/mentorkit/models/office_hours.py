"""Office hours: when somebody can be met by whoever books, and what is still open."""

from __future__ import annotations

import datetime
from typing import Literal

import attrs

from mentorkit.errors import Invalid
from mentorkit.models.participant import DAY, Window, windows_of
from mentorkit.models.plain import https, known_zone, whole

LONGEST = 366
"""Days that office hours last at most."""

_minutes = whole(0, 7 * DAY)
_step = attrs.validators.optional(whole(5, DAY))
_most = attrs.validators.optional(whole(1, 1000))


@attrs.frozen(kw_only=True)
class Offer:
    """When and how somebody can be met by whoever books.

    From `first` to `last`, the `windows` of those days, on the clocks of `timezone`, are cut
    into slots of `minutes`, one every `every` minutes (as long as they are, when None). Whoever
    offers has nothing else for `before` minutes before a slot and `after` minutes after it. A
    slot is booked at least `notice` minutes ahead, at most `ahead` days. At most `daily` and
    `weekly` slots are booked on a day and in a week, from Monday; each has so many `seats`.
    `public` says that others are about in its place.
    """

    first: datetime.date
    last: datetime.date
    windows: tuple[Window, ...] = attrs.field(converter=windows_of)
    timezone: str = attrs.field(validator=known_zone)
    minutes: int = attrs.field(default=30, validator=whole(5, DAY))
    every: int | None = attrs.field(default=None, validator=_step)
    before: int = attrs.field(default=0, validator=_minutes)
    after: int = attrs.field(default=0, validator=_minutes)
    notice: int = attrs.field(default=0, validator=whole(0, 365 * DAY))
    ahead: int | None = attrs.field(
        default=None, validator=attrs.validators.optional(whole(1, LONGEST))
    )
    daily: int | None = attrs.field(default=None, validator=_most)
    weekly: int | None = attrs.field(default=None, validator=_most)
    seats: int = attrs.field(default=1, validator=whole(1, 1000))
    place: str | None = None
    link: str | None = attrs.field(default=None, validator=https)
    public: bool = False

    def __attrs_post_init__(self) -> None:
        if not self.windows:
            raise Invalid("windows", "are missing; office hours have one at least")
        if self.last < self.first:
            raise Invalid("last", f"must not come before {self.first}, not on {self.last}")
        if (self.last - self.first).days >= LONGEST:
            raise Invalid("last", f"must come within {LONGEST} days after the first")


@attrs.frozen(kw_only=True)
class OfficeHours:
    """What somebody offers in a programme. What is withdrawn stays, but cannot be booked."""

    id: str
    version: int = 0
    programme: str
    person: str
    offer: Offer
    state: Literal["open", "withdrawn"] = "open"


@attrs.frozen(kw_only=True)
class Opening:
    """A slot of office hours that can be booked now, with the seats that are left."""

    office_hours: str
    person: str
    starts: datetime.datetime
    ends: datetime.datetime
    timezone: str
    seats: int
