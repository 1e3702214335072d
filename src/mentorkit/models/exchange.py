"""What members exchange between meetings: questions with their answers, and resources."""

from __future__ import annotations

import datetime

import attrs

from mentorkit.errors import Invalid
from mentorkit.models.plain import https, not_blank, not_empty


@attrs.frozen(kw_only=True)
class Reply:
    """One member's answer to another's query, as it stands since `at`."""

    by: str
    words: str = attrs.field(validator=not_empty)
    at: datetime.datetime


@attrs.frozen(kw_only=True)
class Query:
    """A question that one member asks the others between meetings.

    It has at most one of the `replies` from each of the others, in the order in which they
    first answered.
    """

    id: str
    version: int = 0
    programme: str
    relationship: str
    asker: str
    words: str = attrs.field(validator=not_empty)
    asked: datetime.datetime
    replies: tuple[Reply, ...] = ()


@attrs.frozen(kw_only=True)
class Resource:
    """Something worth reading or using that a member shares: behind a link, or in words."""

    id: str
    version: int = 0
    programme: str
    relationship: str
    by: str
    title: str = attrs.field(validator=not_blank)
    link: str | None = attrs.field(default=None, validator=https)
    words: str = ""
    shared: datetime.datetime

    def __attrs_post_init__(self) -> None:
        if self.link is None and not self.words.strip():
            raise Invalid("link", "is missing; give a link, or words instead of it")
