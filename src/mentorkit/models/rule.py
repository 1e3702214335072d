"""What rules over history find: signals that need attention, awards that were earned."""

from __future__ import annotations

import datetime
from typing import Literal

import attrs

from mentorkit.models.message import Message

Effect = Literal["hold", "nudge", "flag", "review", "award"]
"""Keeps the stage; asks the people; tells the coordinator; opens a review; recognises."""


@attrs.frozen(kw_only=True)
class Verdict:
    """What a rule says of a relationship's history; acted on once under its key.

    `at` is when it begins to hold, None for at once. One in the future is what will hold if
    nothing changes: the core looks again then, and after each change. `people` are those
    whom it concerns (all members, if empty), `evidence` the ids of what it rests on.
    """

    key: str
    effect: Effect
    message: Message
    at: datetime.datetime | None = None
    people: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Signal:
    """Something that needs attention, and whether it has been settled.

    `by` is set where a person asked for it.
    """

    id: str
    version: int = 0
    programme: str
    relationship: str
    rule: str
    key: str
    effect: Effect
    message: Message
    people: tuple[str, ...]
    raised: datetime.datetime
    by: str | None = None
    state: Literal["raised", "settled"] = "raised"


@attrs.frozen(kw_only=True)
class Award:
    """Recognition earned, with its evidence. `giver` is set where a person gave it.

    It has lapsed where a meeting that it rests on was not as it had been written down; it is
    granted again once it is earned. One that was revoked never is.
    """

    id: str
    version: int = 0
    programme: str
    relationship: str
    person: str
    rule: str
    key: str
    title: Message
    granted: datetime.datetime
    evidence: tuple[str, ...] = ()
    giver: str | None = None
    state: Literal["granted", "revoked", "lapsed"] = "granted"
