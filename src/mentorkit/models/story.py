"""What members tell others of their mentoring, once all of them consent."""

from __future__ import annotations

import datetime
from typing import Literal

import attrs

from mentorkit.models.plain import MOST, not_blank, not_empty, sorted_unique, whole


@attrs.frozen(kw_only=True)
class Story:
    """What the `author` tells of a relationship; published exactly while every member consents.

    `consented` are those who consent to these very words, `withdrawn` those who took that back
    or would not give it. Each time that it is rewritten, at `written`, the `edition` counts on.
    """

    id: str
    version: int = 0
    programme: str
    relationship: str
    author: str
    title: str = attrs.field(validator=not_blank)
    words: str = attrs.field(validator=not_empty)
    written: datetime.datetime
    edition: int = attrs.field(default=1, validator=whole(1, MOST))
    consented: tuple[str, ...] = attrs.field(default=(), converter=sorted_unique)
    withdrawn: tuple[str, ...] = attrs.field(default=(), converter=sorted_unique)
    state: Literal["draft", "published"] = "draft"
