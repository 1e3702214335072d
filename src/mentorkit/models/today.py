"""What is open on a day: who owes it, what it is, and until when."""

from __future__ import annotations

import datetime

import attrs

from mentorkit.models.message import Message


@attrs.frozen(kw_only=True)
class Duty:
    """Something that is open, and goes away when it is done.

    `people` owe it, each of them or, where one word is enough, any; if they are none, those who
    run the programme do. `about` are the people whom it concerns, `subject` is the id of what
    is to be acted on; `kind` says how. It is open since `since`, where that is known, and is
    to be done before `until`, if there is such an instant.
    """

    kind: str
    what: Message
    subject: str
    programme: str
    relationship: str | None = None
    people: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    since: datetime.datetime | None = None
    until: datetime.datetime | None = None
