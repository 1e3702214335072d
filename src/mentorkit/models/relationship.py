"""People mentoring together: their relationship, what they agreed, and their notes."""

from __future__ import annotations

import datetime
import zoneinfo
from typing import Literal

import attrs

from mentorkit.errors import Invalid
from mentorkit.models.agreement import Confidentiality, confidential, point_texts
from mentorkit.models.frozenmap import EMPTY, FrozenMap, frozen_map
from mentorkit.models.message import Message
from mentorkit.models.plain import known_zone, shown, whole
from mentorkit.models.plan import Member

Outcome = Literal["completed", "ended", "declined", "expired", "withdrawn", "handed-over"]
"""As it was meant to; early; turned down; never answered; taken back; passed on to another."""
LONGEST = 3650
"""Days that an agreement lasts at most."""


@attrs.frozen(kw_only=True)
class Agreement:
    """What its members agreed. Days are days in `timezone`; `ends` is the last one.

    They meet every `cadence` days for `minutes`. `channels` is how they reach each other,
    `boundaries` what is no part of it; `confidentiality` says who reads the notes that they
    share. `points` are settled, by name; `terms` are theirs, in their own words.
    """

    starts: datetime.date
    ends: datetime.date
    cadence: int = attrs.field(default=14, validator=whole(1, 3650))
    minutes: int = attrs.field(default=60, validator=whole(5, 24 * 60))
    timezone: str = attrs.field(default="UTC", validator=known_zone)
    terms: str = ""
    channels: str = ""
    boundaries: str = ""
    confidentiality: Confidentiality = attrs.field(default="members", validator=confidential)
    points: FrozenMap[str] = attrs.field(default=EMPTY, converter=frozen_map, validator=point_texts)

    def __attrs_post_init__(self) -> None:
        if self.ends < self.starts:
            raise Invalid("ends", f"must not come before the start, not on {shown(self.ends)}")
        if (self.ends - self.starts).days >= LONGEST:
            raise Invalid("ends", f"must come within {LONGEST} days after the start")

    @property
    def wordless(self) -> Agreement:
        """Days, lengths and who reads notes, without what anybody put into words."""
        if not (self.terms or self.channels or self.boundaries or self.points):
            return self
        return attrs.evolve(self, terms="", channels="", boundaries="", points={})


@attrs.frozen(kw_only=True)
class Former:
    """Terms that held until other ones took their place at an instant."""

    agreement: Agreement
    until: datetime.datetime


@attrs.frozen(kw_only=True)
class Proposal:
    """Other terms for an agreement that is in force, which holds until all have signed these.

    The days of the agreement stay what they are; only an extension changes the last one.
    """

    agreement: Agreement
    signed: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Pause:
    """A time in which nothing is expected of a relationship.

    It was paused at `begun`, goes on by itself when the day `until` begins, in the
    agreement's time zone, and did so, or closed, at `ended`.
    """

    begun: datetime.datetime
    until: datetime.date
    ended: datetime.datetime | None = None


@attrs.frozen(kw_only=True)
class Extension:
    """A later last day for an agreement, for the sake of a new goal.

    `agreed` are the members who did; with the last of them, at `made`, it takes effect.
    """

    ends: datetime.date
    goal: str
    agreed: tuple[str, ...]
    made: datetime.datetime | None = None


@attrs.frozen(kw_only=True)
class Relationship:
    """A team in the programme, on its way along the path of its format.

    `since` holds the instant at which each stage was entered first, `outcome` how it ended.
    `accepted` and `signed` are the members who did. `reasons` say why they were matched.
    `follows` is the relationship that was handed over to this one. Of the `extensions` the
    last one may be a proposal as yet. `proposal` holds terms that are to replace those of the
    agreement, `former` the terms that were replaced, in the order of time. Those who `give_back`
    were mentored to the end before, in the role that their partners have here.
    """

    id: str
    version: int = 0
    programme: str
    members: tuple[Member, ...]
    path: tuple[str, ...]
    stage: str
    since: FrozenMap[datetime.datetime] = attrs.field(default=EMPTY, converter=frozen_map)
    outcome: Outcome | None = None
    accepted: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()
    agreement: Agreement | None = None
    reasons: tuple[Message, ...] = ()
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    follows: str | None = None
    proposal: Proposal | None = None
    former: tuple[Former, ...] = ()
    give_back: tuple[str, ...] = ()

    def day(self, at: datetime.datetime) -> datetime.date:
        """The day that an instant falls on, where the days of its agreement are."""
        return at.astimezone(self._zone).date()

    def begins(self, day: datetime.date) -> datetime.datetime:
        """The instant at which a day begins, where the days of its agreement do."""
        midnight = datetime.datetime.combine(day, datetime.time(), self._zone)
        return midnight.astimezone(datetime.UTC)

    @property
    def timezone(self) -> str:
        """Where its days and clocks are."""
        return self.agreement.timezone if self.agreement else "UTC"

    @property
    def _zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)

    @property
    def over(self) -> datetime.datetime | None:
        """The instant after the last day that was agreed; None while there is no agreement."""
        if self.agreement is None:
            return None
        return self.begins(self.agreement.ends + datetime.timedelta(days=1))

    @property
    def people(self) -> tuple[str, ...]:
        """The members' ids."""
        return tuple(member.person for member in self.members)


@attrs.frozen(kw_only=True)
class Note:
    """Words about a relationship: for its author alone or, if `shared`, for others as well.

    For whom, at most, is the `confidentiality` that held when it was written. What is to go
    `along` is for those too to whom it is handed over, once they have accepted.
    """

    id: str
    version: int = 0
    programme: str
    relationship: str
    author: str
    text: str
    shared: bool = False
    confidentiality: Confidentiality = attrs.field(default="members", validator=confidential)
    session: str | None = None
    written: datetime.datetime
    along: bool = False

    def __attrs_post_init__(self) -> None:
        if self.along and not self.shared:
            raise Invalid("along", "is for notes that are shared; a private one stays its author's")
