"""What a certificate says, to be printed for a person."""

from __future__ import annotations

import datetime

import attrs

from mentorkit.models.message import Message


@attrs.frozen(kw_only=True)
class Diploma:
    """What a person achieved: an award, or a relationship that was completed.

    `record` is the id of the award or the relationship, by which whoever runs the programme
    finds it again. `evidence` is in counts: it names nobody else, and tells nothing that was
    said. Days are days where the relationship's clocks hang.
    """

    record: str
    person: str
    name: str
    programme: str
    role: str
    title: Message
    begun: datetime.date
    on: datetime.date
    evidence: tuple[Message, ...] = ()
