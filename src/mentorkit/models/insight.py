"""What somebody carries over into their own work."""

from __future__ import annotations

import datetime
from typing import Literal, get_args

import attrs

from mentorkit.models.frozenmap import EMPTY, FrozenMap, frozen_map
from mentorkit.models.plain import not_empty

InsightState = Literal["heard", "tried", "adopted"]
INSIGHT_STATES: tuple[InsightState, ...] = get_args(InsightState)
"""In the order in which an insight goes through them; it may leave out the second."""


@attrs.frozen(kw_only=True)
class Insight:
    """Something that its `owner` heard from others and may carry over into their own work.

    `source` is the field that it comes from, such as an industry or a department; coordinators
    read it, and not the `words`. `since` holds the instant at which each state was reached.
    """

    id: str
    version: int = 0
    programme: str
    relationship: str
    owner: str
    words: str = attrs.field(validator=not_empty)
    source: str = ""
    state: InsightState = "heard"
    since: FrozenMap[datetime.datetime] = attrs.field(default=EMPTY, converter=frozen_map)
