"""One meeting of a relationship."""

from __future__ import annotations

import datetime
from typing import Literal

import attrs

from mentorkit.errors import Invalid
from mentorkit.models.frozenmap import EMPTY, FrozenMap, frozen_map
from mentorkit.models.message import Message
from mentorkit.models.plain import https, known_zone


@attrs.frozen(kw_only=True)
class Session:
    """One meeting. `starts` and `ends` are instants; `timezone` is where its clock hangs.

    `step` is the flow's, None for a meeting beside it; `due` are the names of the outputs
    without which it is not held, `outputs` what came out, by name. `attended` are ids.
    `office_hours` is the id of those in which it was booked. `public` says that others are about
    in its place. A `chat` comes before its members accept or decline each other.
    """

    id: str
    version: int = 0
    programme: str
    relationship: str
    number: int
    step: str | None = None
    title: Message
    starts: datetime.datetime
    ends: datetime.datetime
    timezone: str = attrs.field(default="UTC", validator=known_zone)
    state: Literal["planned", "held", "cancelled", "missed"] = "planned"
    place: str | None = None
    link: str | None = attrs.field(default=None, validator=https)
    agenda: tuple[Message, ...] = ()
    due: tuple[str, ...] = ()
    outputs: FrozenMap[str] = attrs.field(default=EMPTY, converter=frozen_map)
    attended: tuple[str, ...] = ()
    office_hours: str | None = None
    public: bool = False
    chat: bool = False

    def __attrs_post_init__(self) -> None:
        if self.ends <= self.starts:
            raise Invalid("ends", "must come after the start")
